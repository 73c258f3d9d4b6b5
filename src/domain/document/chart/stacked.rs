//! One bar for each point, its series one after another.
//!
//! Invariant: a bar in which a figure is missing ends in a gap, so that its length is not taken for the whole. Only noughts
//! are left to the table.

use rust_decimal::Decimal;

use super::bars::undrawn;
use super::look;
use super::plot::Plot;
use super::scale::Scale;
use super::sheet::{Anchor, INK, LINE, Sheet, width};

const BAR: i64 = 220;
const BETWEEN: i64 = 110;
/// The width of what stands for a missing part.
const GAP: i64 = 120;
/// Room beside a figure within its part.
const ROUND: i64 = 30;

/// Draws bar after bar, as many as there is room for.
pub(super) fn draw(plot: &Plot, sheet: &mut Sheet) {
    look::patterns(sheet, plot.series.len());
    look::legend(sheet, plot, false);
    let ends: Vec<(Decimal, Decimal)> = (0..plot.names.len()).map(|point| sums(plot, point)).collect();
    let missing = plot
        .series
        .iter()
        .map(|series| series.values.iter().filter(|value| value.number.is_none()).count());
    let gaps = if missing.sum::<usize>() > 0 {
        (GAP + 20) * i64::try_from(plot.series.len()).unwrap_or(1)
    } else {
        0
    };
    let room = (sheet.width - gaps.min(sheet.width / 2) - 10).max(sheet.width / 2);
    let scale = Scale::over(ends.into_iter().flat_map(<[Decimal; 2]>::from), room);
    for (point, name) in plot.names.iter().enumerate() {
        if point > 0 && sheet.down + BAR + 4 * LINE + BETWEEN > sheet.most {
            return undrawn(sheet, plot, point);
        }
        sheet.label(if name.is_empty() { "–" } else { name });
        one(plot, sheet, &scale, point);
        sheet.down += BETWEEN;
    }
}

/// The sums below and above nought. A sum that does not fit stays as far as it came.
fn sums(plot: &Plot, point: usize) -> (Decimal, Decimal) {
    let mut ends = (Decimal::ZERO, Decimal::ZERO);
    for number in plot.series.iter().filter_map(|series| series.values.get(point)?.number) {
        let end = if number.is_sign_negative() {
            &mut ends.0
        } else {
            &mut ends.1
        };
        *end = end.checked_add(number).unwrap_or(*end);
    }
    ends
}

fn one(plot: &Plot, sheet: &mut Sheet, scale: &Scale, point: usize) {
    let (top, nought) = (sheet.down + 20, scale.at(Decimal::ZERO));
    let (mut below, mut above) = (Decimal::ZERO, Decimal::ZERO);
    // What has no room within its part is told beneath the bar.
    let mut beneath: Vec<String> = Vec::new();
    let mut gaps = 0;
    let mut numbers = plot.series.iter().filter_map(|series| series.values.get(point)?.number);
    let empty = numbers.all(|number| number.is_zero());
    for series in &plot.series {
        let Some(value) = series.values.get(point) else {
            continue;
        };
        let Some(number) = value.number else {
            beneath.push(format!("{}: {}", series.title, value.gap()));
            gaps += 1;
            continue;
        };
        let end = if number.is_sign_negative() {
            &mut below
        } else {
            &mut above
        };
        let from = scale.at(*end);
        *end = end.checked_add(number).unwrap_or(*end);
        let (from, to) = (from.min(scale.at(*end)), from.max(scale.at(*end)));
        if to > from {
            let paint = look::bar(sheet, series.look);
            sheet.rect((from, top), (to - from, BAR), &paint);
        }
        let wide = width(&value.text);
        if wide + 2 * ROUND + 40 <= to - from {
            let middle = i64::midpoint(from, to);
            look::plate(
                sheet,
                (middle - wide / 2 - ROUND, top + 30),
                (wide + 2 * ROUND, BAR - 60),
            );
            sheet.text((middle, top + BAR / 2 + 45), Anchor::Middle, &value.text);
        } else if !number.is_zero() || empty {
            beneath.push(format!("{}: {}", series.title, value.text));
        }
    }
    for nth in 0..gaps {
        look::gap(
            sheet,
            (scale.at(above) + 20 + nth * (GAP + 20), top + 10),
            (GAP, BAR - 20),
        );
    }
    sheet.line(
        (nought, top - 20),
        (nought, top + BAR + 20),
        &format!(r#"stroke="{INK}""#),
    );
    sheet.down = top + BAR + 40;
    if !beneath.is_empty() {
        sheet.note(&beneath.join("; "));
    }
}
