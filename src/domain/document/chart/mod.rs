//! A chart as SVG, and in words.
//!
//! Invariant: what is drawn is what its table shows, point for point, and nothing else: a figure that is held back has a
//! marked gap and no length. No text is smaller than 12 px at the width of a phone, and nothing is told by colour alone.
//! The chart's title is not drawn, because it stands above it as text.

mod bars;
mod lines;
mod look;
mod plot;
mod scale;
mod sheet;
mod stacked;
mod words;

use super::{Chart, Drawn, Shown};
use plot::Plot;
use sheet::{Sheet, TENTHS};

/// Said in place of a chart that has no point yet.
pub const NOTHING: &str = "There is nothing to draw yet";

/// What a chart is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canvas {
    /// 360 px wide, so that its text stays legible on a phone; to be shown at most twice as large.
    Screen,
    /// 600 px wide, for the 17 cm of a printed page; never higher than fits on one.
    Page,
}

impl Canvas {
    /// In pixels.
    const fn width(self) -> i64 {
        match self {
            Self::Screen => 360,
            Self::Page => 600,
        }
    }

    /// The height past which no further point is drawn, in pixels.
    const fn height(self) -> i64 {
        match self {
            Self::Screen => 3_000,
            Self::Page => 700,
        }
    }
}

/// The chart as an SVG element with a title and a description of its own. `id` begins the identifiers in it, so that
/// several can stand in one page: letters, digits and hyphens; anything else is left out of it.
#[must_use]
pub fn svg(chart: &Chart<Shown>, canvas: Canvas, id: &str) -> String {
    let id: String = id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let plot = Plot::of(chart);
    let mut sheet = Sheet::new(canvas.width() * TENTHS, canvas.height() * TENTHS, &id);
    if plot.is_empty() {
        sheet.nothing(NOTHING);
    } else {
        match chart.drawn {
            Drawn::Bars => bars::draw(&plot, &mut sheet),
            Drawn::Stacked => stacked::draw(&plot, &mut sheet),
            Drawn::Lines => lines::draw(&plot, &mut sheet),
        }
    }
    sheet.finish(&chart.title, &description(chart))
}

/// What the chart shows, in words, for those who cannot see it: its kind, each series from its lowest to its highest
/// figure, and what is missing.
#[must_use]
pub fn description(chart: &Chart<Shown>) -> String {
    words::description(chart.drawn, &Plot::of(chart))
}

#[cfg(test)]
mod tests;
