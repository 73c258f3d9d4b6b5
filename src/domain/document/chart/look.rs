//! How series are told apart: by pattern, mark and dash before colour, so that it can be read in grey.
//!
//! The colours are of the Government Analysis Function's categorical palette (charts: colour palettes), which have a
//! contrast of at least 3 to 1 with white, but for the orange and the violet, which are bounded by ink here.

use super::super::Role;
use super::plot::Plot;
use super::sheet::{Anchor, INK, LINE, Sheet, px, shortened, width};

/// The patterns of bars, in the order of their series.
const PATTERNS: usize = 6;

/// The colours of lines, in the order of their series.
const LINES: [&str; 5] = ["#12436D", "#801650", "#1f7a72", "#3D3D3D", "#b34a12"];

/// The side of a legend's square.
const SWATCH: i64 = 120;

/// Defines the patterns that so many series need.
pub(super) fn patterns(sheet: &mut Sheet, series: usize) {
    let drawn = [
        (
            "#28A197",
            r##"<path d="M0 8 L8 0 M-2 2 L2 -2 M6 10 L10 6" stroke="#12436D" stroke-width="2"/>"##,
        ),
        ("#ffffff", r##"<circle cx="4" cy="4" r="1.8" fill="#801650"/>"##),
        (
            "#F46A25",
            r##"<path d="M0 0 L8 8 M-2 6 L2 10 M6 -2 L10 2" stroke="#ffffff" stroke-width="2"/>"##,
        ),
        (
            "#ffffff",
            r##"<path d="M0 2 L8 2 M0 6 L8 6" stroke="#3D3D3D" stroke-width="1.5"/>"##,
        ),
        (
            "#A285D1",
            r##"<path d="M2 0 L2 8 M6 0 L6 8" stroke="#3D3D3D" stroke-width="1"/>"##,
        ),
    ];
    for (nth, (ground, lines)) in drawn.iter().enumerate().take(series.saturating_sub(1)) {
        let id = sheet.id().to_owned();
        sheet.define(&format!(
            r#"<pattern id="{id}-p{}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="{ground}"/>{lines}</pattern>"#,
            nth + 1
        ));
    }
}

/// How the bars of a series are painted.
pub(super) fn bar(sheet: &Sheet, look: usize) -> String {
    match look % PATTERNS {
        0 => format!(r##"fill="#12436D" stroke="{INK}""##),
        nth => format!(r#"fill="url(#{}-p{nth})" stroke="{INK}""#, sheet.id()),
    }
}

/// How the line of a series is painted.
pub(super) fn line(role: Role, look: usize) -> String {
    match role {
        Role::Figures => format!(r#"stroke="{}" stroke-width="2.5""#, colour(look)),
        Role::Target => format!(r#"stroke="{INK}" stroke-width="2" stroke-dasharray="9 5""#),
        Role::Benchmark => format!(r#"stroke="{INK}" stroke-width="2" stroke-dasharray="2 4""#),
    }
}

fn colour(look: usize) -> &'static str {
    LINES.get(look % LINES.len()).copied().unwrap_or(INK)
}

/// The mark of a point on a line: one shape for each series.
pub(super) fn mark(sheet: &mut Sheet, (x, y): (i64, i64), look: usize) {
    let filled = format!(r##"fill="{}" stroke="#ffffff""##, colour(look));
    let open = format!(r##"fill="#ffffff" stroke="{}" stroke-width="2""##, colour(look));
    match look % 5 {
        0 => sheet.circle((x, y), 45, &filled),
        1 => sheet.rect((x - 40, y - 40), (80, 80), &open),
        2 => sheet.polygon(&[(x, y - 55), (x + 50, y + 40), (x - 50, y + 40)], &filled),
        3 => sheet.polygon(&[(x, y - 55), (x + 55, y), (x, y + 55), (x - 55, y)], &open),
        _ => sheet.circle((x, y), 42, &open),
    }
}

/// What each look means, above the drawing, when there is more than one or it is not a plain one.
pub(super) fn legend(sheet: &mut Sheet, plot: &Plot, as_lines: bool) {
    if plot.series.len() == 1 && plot.series.iter().all(|series| series.role == Role::Figures) {
        return;
    }
    let (mut x, mut y) = (0, sheet.down);
    for series in &plot.series {
        let lined = as_lines || series.role != Role::Figures;
        let sample = if lined { 300 } else { SWATCH };
        let title = shortened(&series.title, sheet.width - sample - 60);
        let wide = sample + 60 + width(&title) + 140;
        if x > 0 && x + wide - 140 > sheet.width {
            (x, y) = (0, y + LINE + 20);
        }
        let middle = y + LINE / 2;
        if lined {
            sheet.line((x, middle), (x + sample, middle), &line(series.role, series.look));
            if series.role == Role::Figures {
                mark(sheet, (x + sample / 2, middle), series.look);
            }
        } else {
            let paint = bar(sheet, series.look);
            sheet.rect((x + 5, middle - SWATCH / 2), (SWATCH, SWATCH), &paint);
        }
        sheet.text((x + sample + 60, middle + 45), Anchor::Start, &title);
        x += wide;
    }
    sheet.down = y + LINE + 80;
}

/// A place where a figure is missing: an open, dashed shape, so that it is not taken for nought.
pub(super) fn gap(sheet: &mut Sheet, place: (i64, i64), size: (i64, i64)) {
    sheet.rect(
        place,
        size,
        r##"fill="#ffffff" stroke="#505a5f" stroke-dasharray="3 3""##,
    );
}

/// A white ground behind text that stands on a pattern.
pub(super) fn plate(sheet: &mut Sheet, (x, y): (i64, i64), (wide, high): (i64, i64)) {
    let paint = format!(r##"fill="#ffffff" rx="{}""##, px(20));
    sheet.rect((x, y), (wide, high), &paint);
}
