//! A chart as a picture (SVG).
//!
//! Invariant: what is drawn is a shown number. What has none is left out of the picture, and stands in the table beside it.

use std::fmt::Write as _;

use countersign_domain::document::{Cell, Chart, Shown};
use rust_decimal::Decimal;

const WIDTH: u32 = 600;
const LINE: u32 = 44;

/// The chart, a bar for each point and series, from nought.
pub fn svg(chart: &Chart<Shown>) -> String {
    let bars: Vec<(String, &Shown, Decimal)> = chart
        .table
        .rows
        .iter()
        .flat_map(|row| chart.series.iter().map(move |series| (row, series.column)))
        .filter_map(|(row, column)| match (row.cells.first()?, row.cells.get(column)?) {
            (Cell::Text { text }, Cell::Figure { figure }) => {
                let title = &chart.table.columns.get(column)?.title;
                Some((format!("{text}: {title}"), figure, figure.exact?.number))
            }
            _ => None,
        })
        .collect();
    let longest = bars.iter().map(|(.., number)| number.abs()).max().unwrap_or_default();
    let height = LINE * u32::try_from(bars.len().max(1)).unwrap_or(1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {WIDTH} {height}\" width=\"100%\"><title>{}</title>",
        escaped(&chart.title)
    );
    for ((said, figure, number), at) in bars.iter().zip((0..).step_by(44)) {
        let share = number.abs().checked_div(longest).unwrap_or_default() * Decimal::from(WIDTH);
        let (said, shown) = (escaped(said), escaped(&figure.text));
        // Writing into a text does not fail.
        let _ = write!(
            out,
            "<text x=\"0\" y=\"{}\" font-size=\"16\">{said}: {shown}</text><rect x=\"0\" y=\"{}\" width=\"{}\" height=\"14\" fill=\"#1f6f78\"/>",
            at + 16,
            at + 22,
            share.round_dp(1)
        );
    }
    out.push_str("</svg>");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
