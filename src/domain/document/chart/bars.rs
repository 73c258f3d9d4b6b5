//! Bars from nought, one below the other, with their figures at their ends: they need no axis, and fit a phone.

use rust_decimal::Decimal;

use super::super::Role;
use super::look;
use super::plot::{Drawing, Plot, Value};
use super::scale::Scale;
use super::sheet::{Anchor, INK, LINE, Sheet, shortened, width};

/// The height of a bar.
const BAR: i64 = 180;
/// From a bar to its figure.
const NEAR: i64 = 50;
/// Between two points.
const BETWEEN: i64 = 110;
/// The width of what stands for a missing bar.
const GAP: i64 = 240;

/// Draws point after point, as many as there is room for.
pub(super) fn draw(plot: &Plot, sheet: &mut Sheet) {
    look::patterns(sheet, plot.series.len());
    look::legend(sheet, plot, false);
    let values = || plot.series.iter().flat_map(|series| &series.values);
    let room = |negative: bool| {
        let written = values().filter(|value| value.number.is_some_and(|number| is_below(number) == negative));
        written.map(|value| width(&value.text) + NEAR).max().unwrap_or_default()
    };
    let left = room(true).min(sheet.width * 3 / 10);
    let right = room(false).min(sheet.width * 6 / 10 - left);
    let scale = Scale::over(plot.numbers(), sheet.width - left - right);
    let each = BETWEEN + 2 * LINE + i64::try_from(plot.series.len()).unwrap_or_default() * (BAR + 40);
    for (point, name) in plot.names.iter().enumerate() {
        if point > 0 && sheet.down + each > sheet.most {
            return undrawn(sheet, plot, point);
        }
        sheet.label(if name.is_empty() { "–" } else { name });
        let top = sheet.down;
        for series in &plot.series {
            if let Some(value) = series.values.get(point) {
                row(sheet, series, value, &scale, left);
            }
        }
        let nought = left + scale.at(0.into());
        sheet.line((nought, top), (nought, sheet.down), &format!(r#"stroke="{INK}""#));
        sheet.down += BETWEEN;
    }
}

/// Says how many points there was no room for.
pub(super) fn undrawn(sheet: &mut Sheet, plot: &Plot, drawn: usize) {
    let all = plot.names.len();
    sheet.note(&format!(
        "{} of {all} are not drawn here; they are in the table.",
        all - drawn
    ));
}

/// A bar, or a thinner line for what is not a figure, with what it comes to.
fn row(sheet: &mut Sheet, series: &Drawing, value: &Value, scale: &Scale, left: i64) {
    let (nought, top) = (left + scale.at(0.into()), sheet.down + 20);
    let base = top + BAR / 2 + 45;
    sheet.down += BAR + 40;
    let Some(number) = value.number else {
        look::gap(sheet, (nought, top + 10), (GAP, BAR - 20));
        let from = nought + GAP + NEAR;
        let why = shortened(&value.gap(), sheet.width - from);
        sheet.text((from, base), Anchor::Start, &why);
        return;
    };
    let end = left + scale.at(number);
    let negative = is_below(number);
    // What is not nought can be seen, however small it is.
    let length = (end - nought).abs().max(if number.is_zero() { 0 } else { 15 });
    let (from, to) = if negative {
        (nought - length, nought - length)
    } else {
        (nought, nought + length)
    };
    if series.role == Role::Figures {
        if length > 0 {
            let paint = look::bar(sheet, series.look);
            sheet.rect((from, top), (length, BAR), &paint);
        }
    } else {
        let middle = top + BAR / 2;
        sheet.line((nought, middle), (to, middle), &look::line(series.role, series.look));
        sheet.line(
            (to, top + 20),
            (to, top + BAR - 20),
            &format!(r#"stroke="{INK}" stroke-width="2""#),
        );
    }
    if negative {
        let text = shortened(&value.text, to - NEAR);
        sheet.text((to - NEAR, base), Anchor::End, &text);
    } else {
        let text = shortened(&value.text, sheet.width - to - NEAR);
        sheet.text((to + NEAR, base), Anchor::Start, &text);
    }
}

/// Whether a bar goes to the left.
fn is_below(number: Decimal) -> bool {
    number.is_sign_negative() && !number.is_zero()
}
