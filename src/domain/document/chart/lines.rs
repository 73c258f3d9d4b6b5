//! A line for each series over the points, with nought on the axis.
//!
//! Invariant: a line never crosses a point without a figure. It breaks there, and the place is marked.

use super::super::Role;
use super::look;
use super::plot::{Drawing, Plot};
use super::scale::{Scale, axis};
use super::sheet::{Anchor, INK, LINE, Sheet, shortened, width, wrapped};

/// From the top to the foot of the scale.
const HEIGHT: i64 = 1_900;
/// The height of a page's chart is the same on a screen, so that a line is as steep on both.
const TOP: i64 = 190;
/// As many points as can each have their figure written beside them.
const WRITTEN: usize = 6;
/// The most lines of a point's name.
const NAME_LINES: usize = 3;
/// What is left free between two names.
const BESIDE: i64 = 60;
/// Between the edge and the end of the axis, and from there to the first or last of several points.
const EDGE: i64 = 30;
const SIDE: i64 = 250;

/// Where the points stand.
struct Frame {
    left: i64,
    right: i64,
    top: i64,
    scale: Scale,
}

impl Frame {
    fn x(&self, point: usize, points: usize) -> i64 {
        let (point, gaps) = (
            i64::try_from(point).unwrap_or(0),
            i64::try_from(points).unwrap_or(1) - 1,
        );
        if gaps <= 0 {
            return i64::midpoint(self.left, self.right);
        }
        self.left + (self.right - self.left) * point / gaps
    }

    fn y(&self, number: rust_decimal::Decimal) -> i64 {
        self.top + HEIGHT - self.scale.at(number)
    }

    fn foot(&self) -> i64 {
        self.top + HEIGHT
    }
}

/// Draws the axis, the lines, and what the points are.
pub(super) fn draw(plot: &Plot, sheet: &mut Sheet) {
    look::legend(sheet, plot, true);
    let (scale, ticks) = Scale::over(plot.numbers(), HEIGHT).rounded(plot.unit);
    let ticks: Vec<_> = ticks.into_iter().map(|tick| (tick, axis(tick, plot.unit))).collect();
    let wide = ticks.iter().map(|(_, text)| width(text)).max().unwrap_or_default();
    let side = if plot.names.len() > 1 { SIDE } else { 0 };
    let frame = Frame {
        left: wide + 60 + side,
        right: sheet.width - EDGE - side,
        top: sheet.down + TOP,
        scale,
    };
    for (tick, text) in &ticks {
        let y = frame.y(*tick);
        let paint = if tick.is_zero() {
            format!(r#"stroke="{INK}""#)
        } else {
            r##"stroke="#b1b4b6""##.to_owned()
        };
        sheet.line((wide + 60, y), (sheet.width, y), &paint);
        sheet.text((wide + 20, y + 45), Anchor::End, text);
    }
    gaps(sheet, &frame, plot);
    for series in &plot.series {
        line(sheet, &frame, series);
    }
    // Nothing is written on the mark of a point.
    let marks = plot
        .series
        .iter()
        .filter(|series| series.role == Role::Figures)
        .flat_map(|series| {
            let places = series.values.iter().enumerate();
            places.filter_map(|(point, value)| Some((frame.x(point, series.values.len()), frame.y(value.number?))))
        });
    let mut written: Vec<Taken> = marks.map(|(x, y)| ((x - 50, x + 50), (y - 50, y + 50))).collect();
    for series in &plot.series {
        figures(sheet, &frame, series, plot, &mut written);
    }
    names(sheet, &frame, plot);
}

/// A series' line with its marks; one point alone has a mark, or a short dash where it is a target.
fn line(sheet: &mut Sheet, frame: &Frame, series: &Drawing) {
    let points = series.values.len();
    let mut way: Vec<(i64, i64)> = Vec::new();
    let paint = look::line(series.role, series.look);
    let ends = series.values.iter().map(Some).chain([None]);
    for (point, value) in ends.enumerate() {
        if let Some(number) = value.and_then(|value| value.number) {
            way.push((frame.x(point, points), frame.y(number)));
            continue;
        }
        match way.as_slice() {
            [(x, y)] if series.role != Role::Figures => sheet.line((x - 200, *y), (x + 200, *y), &paint),
            [] | [_] => {}
            way => sheet.path(way, &paint),
        }
        if series.role == Role::Figures {
            way.iter().for_each(|place| look::mark(sheet, *place, series.look));
        }
        way.clear();
    }
}

/// A place that is written on: from and to, in x and in y.
type Taken = ((i64, i64), (i64, i64));

/// The figures beside the points: all of a few, otherwise the last, the first, the highest and the lowest; of every series
/// when there are many, the last. Of a target or benchmark, the last that has room. What would stand on another is left to
/// the table.
fn figures(sheet: &mut Sheet, frame: &Frame, series: &Drawing, plot: &Plot, written: &mut Vec<Taken>) {
    let points = series.values.len();
    let drawn: Vec<usize> = (0..points)
        .filter(|point| series.values[*point].number.is_some())
        .collect();
    let of_figures = plot.series.iter().filter(|other| other.role == Role::Figures).count();
    let by_size = |point: &usize| series.values[*point].number;
    let mut chosen: Vec<usize> = drawn.last().copied().into_iter().collect();
    if series.role == Role::Figures && of_figures <= 2 {
        let (lowest, highest) = (
            drawn.iter().copied().min_by_key(by_size),
            drawn.iter().copied().max_by_key(by_size),
        );
        chosen.extend(drawn.first().copied().into_iter().chain(highest).chain(lowest));
        if points <= WRITTEN {
            chosen.extend(&drawn);
        }
    }
    if series.role != Role::Figures {
        chosen = drawn.iter().rev().copied().collect();
    }
    for (nth, point) in chosen.iter().copied().enumerate() {
        let value = &series.values[point];
        let Some(number) = value.number.filter(|_| !chosen[..nth].contains(&point)) else {
            continue;
        };
        let (x, y, half) = (frame.x(point, points), frame.y(number), width(&value.text) / 2);
        let middle = x.max(half).min(sheet.width - half);
        let places = [y - 85, y + 165].map(|base| {
            (
                base,
                ((middle - half - 10, middle + half + 10), (base - 105, base + 25)),
            )
        });
        let free = places
            .into_iter()
            .find(|(_, place)| !written.iter().any(|other| meet(*other, *place)));
        if let Some((base, place)) = free {
            let ((left, right), (top, foot)) = place;
            look::plate(sheet, (left.max(0), top), (right - left.max(0), foot - top));
            sheet.text((middle, base), Anchor::Middle, &value.text);
            written.push(place);
            if series.role != Role::Figures {
                break;
            }
        }
    }
}

/// Whether two places have ground in common.
fn meet(one: Taken, other: Taken) -> bool {
    let across = |(from, to): (i64, i64), (start, end): (i64, i64)| from < end && start < to;
    across(one.0, other.0) && across(one.1, other.1)
}

/// Marks each point at which a series of figures has none.
fn gaps(sheet: &mut Sheet, frame: &Frame, plot: &Plot) {
    let points = plot.names.len();
    for point in 0..points {
        let missing = plot.series.iter().filter(|series| series.role == Role::Figures);
        let Some(value) = missing
            .filter_map(|series| series.values.get(point))
            .find(|value| value.number.is_none())
        else {
            continue;
        };
        let x = frame.x(point, points);
        let step = (frame.right - frame.left) / i64::try_from(points).unwrap_or(1).max(1);
        let half = 100.min(step * 2 / 5);
        look::gap(sheet, (x - half, frame.top), (2 * half, HEIGHT));
        let why = if value.text.is_empty() { "–" } else { &value.text };
        let text = shortened(why, step.max(300));
        sheet.text((x, frame.foot() - 60), Anchor::Middle, &text);
    }
}

/// The points' names below the foot, each over a few lines: every one where they have room, or every second, and so on, as
/// long as the steps between them are the same; otherwise the first and the last.
fn names(sheet: &mut Sheet, frame: &Frame, plot: &Plot) {
    let points = plot.names.len();
    let last = points.saturating_sub(1);
    let step = frame.x(1, points) - frame.x(0, points);
    let fits = |stride: usize, room: i64| {
        let texts = plot.names.iter().step_by(stride);
        last.is_multiple_of(stride) && texts.into_iter().all(|name| whole_within(name, room))
    };
    // The last name is drawn in from the edge where it is wider than its side.
    let room = |stride: usize| {
        let step = step * i64::try_from(stride).unwrap_or(1);
        (step - BESIDE).min((step - BESIDE + EDGE + SIDE) * 2 / 3)
    };
    let (stride, room) = (1..last)
        .map(|stride| (stride, room(stride)))
        .find(|(stride, room)| fits(*stride, *room))
        .unwrap_or((last.max(1), (sheet.width - 200) / 2));
    let mut high = 1;
    for (point, name) in plot.names.iter().enumerate().step_by(stride) {
        let (lines, _) = wrapped(name, room, NAME_LINES);
        let half = lines.iter().map(|line| width(line)).max().unwrap_or_default() / 2;
        let x = frame.x(point, points);
        let middle = x.max(half).min(sheet.width - half);
        sheet.line((x, frame.foot()), (x, frame.foot() + 40), &format!(r#"stroke="{INK}""#));
        let mut down = frame.foot() + 190;
        for line in &lines {
            sheet.text((middle, down), Anchor::Middle, line);
            down += LINE;
        }
        high = high.max(i64::try_from(lines.len()).unwrap_or(1));
    }
    sheet.down = frame.foot() + high * LINE + 80;
}

/// Whether a name stands within this width, no word of it cut.
fn whole_within(name: &str, room: i64) -> bool {
    name.split_whitespace().all(|word| width(word) <= room) && wrapped(name, room, NAME_LINES).1
}
