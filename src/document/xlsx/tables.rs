//! The sheets of tables, and the last one, which says what the figures are.
//!
//! Invariant: what a table is called stands above it, whose figures they are and what is to be known of them beneath it. Its
//! headings stay in sight, and are printed on every page.

use countersign_domain::answers::format;
use countersign_domain::document::{Cell, Coverage, Definition, Document, Table};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::cells::{self, plain, strong};
use super::lines::{Across, fit, never_run};

/// How wide columns are, in characters.
const NARROWEST: usize = 10;
const WIDEST: usize = 60;
/// With more columns than these a sheet is printed across.
const UPRIGHT: usize = 5;
/// The columns of the last sheet.
const WIDTHS: [u32; 7] = [32, 32, 36, 46, 30, 30, 24];
const LAST_ACROSS: Across = Across { width: 120, last: 4 };

/// Writes the sheet of a table.
pub fn write(sheet: &mut Worksheet, document: &Document, table: &Table) -> Result<(), XlsxError> {
    let columns = u16::try_from(table.columns.len()).unwrap_or(u16::MAX);
    let (mut width, mut widths) = (0, Vec::new());
    for (column, at) in (0..).zip(0..table.columns.len()) {
        let wide = widest(table, at).clamp(NARROWEST, WIDEST) + 2;
        width += wide;
        widths.push(wide);
        sheet.set_column_width(column, u32::try_from(wide).unwrap_or_default())?;
    }
    let across = Across {
        width,
        last: columns.saturating_sub(1),
    };
    let mut at = across.write(sheet, 0, &table.caption, &strong().set_font_size(13))?;
    if let Some(watermark) = &document.watermark {
        at = across.write(sheet, at, watermark, &strong())?;
    }
    for (column, heading) in (0..).zip(&table.columns) {
        let format = heading_format();
        let format = if heading.numeric {
            format.set_align(FormatAlign::Right)
        } else {
            format
        };
        let format = never_run(&heading.title, format);
        sheet.write_string_with_format(at, column, &heading.title, &format)?;
    }
    sheet.set_freeze_panes(at + 1, 1)?.set_repeat_rows(at, at)?;
    if table.columns.len() > UPRIGHT {
        sheet.set_landscape();
    }
    at += 1;
    for row in &table.rows {
        let mut high = 1;
        for (column, cell) in (0..).zip(&row.cells) {
            high = high.max(cells::write(sheet, (at, column), cell, row.total)?);
        }
        fit(sheet, at, row.cells.iter().map(said).zip(widths.iter().copied()))?;
        at += high;
    }
    at += 1;
    let coverage = table.coverage.as_ref().map(|coverage| coverage.words().join(" "));
    for note in coverage.iter().chain(&table.notes) {
        at = across.write(sheet, at, note, &plain())?;
    }
    Ok(())
}

fn heading_format() -> Format {
    strong()
        .set_text_wrap()
        .set_align(FormatAlign::Bottom)
        .set_border_bottom(FormatBorder::Medium)
}

/// What a cell says.
fn said(cell: &Cell) -> &str {
    match cell {
        Cell::Text { text } => text,
        Cell::Figure { figure } => &figure.text,
    }
}

/// The longest line of a column.
fn widest(table: &Table, column: usize) -> usize {
    let lines = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap_or_default();
    let cells = table.rows.iter().filter_map(|row| row.cells.get(column));
    let widths = cells.map(|cell| lines(said(cell)));
    let heading = table.columns.get(column).map(|column| lines(&column.title));
    widths.chain(heading).max().unwrap_or_default()
}

/// Writes the last sheet: definitions, of which returns each table is, and what the marks mean.
pub fn write_definitions(
    sheet: &mut Worksheet,
    document: &Document,
    named: &[(String, &Table)],
) -> Result<(), XlsxError> {
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_landscape();
    let mut at = LAST_ACROSS.write(sheet, 0, super::LAST, &strong().set_font_size(14))?;
    if let Some(watermark) = &document.watermark {
        at = LAST_ACROSS.write(sheet, at, watermark, &strong())?;
    }
    let definitions = document.definitions.iter();
    let definitions = definitions.map(|of| of.words().map(str::to_owned).to_vec());
    at = list(sheet, at + 1, &Definition::HEADINGS, definitions)?;
    let headings = [
        "Sheet",
        "Table",
        "Returns signed",
        "Allocated to those signed",
        "Not signed",
        "Excused",
        "Submitted and not signed",
    ];
    at = list(sheet, at + 1, &headings, named.iter().filter_map(covered))?;
    let marks = document.marks().into_iter();
    let marks = marks.map(|mark| vec![mark.name().to_owned(), mark.meaning().to_owned()]);
    list(sheet, at + 1, &["Mark", "Meaning"], marks)?;
    Ok(())
}

fn covered((name, table): &(String, &Table)) -> Option<Vec<String>> {
    let of = table.coverage.as_ref()?;
    let money = of
        .money
        .map(|(signed, all)| format!("{} of {}", format::money(signed), format::money(all)));
    Some(vec![
        name.clone(),
        table.caption.clone(),
        format!("{} of {}", of.signed, of.expected),
        money.unwrap_or_default(),
        names(of, &of.missing),
        names(of, &of.excused),
        of.provisional.to_string(),
    ])
}

/// Those that a table is without, or where they are named.
fn names(of: &Coverage, all: &[String]) -> String {
    match &of.named_under {
        Some(caption) if !all.is_empty() => format!("As under “{caption}”"),
        _ => all.join("; "),
    }
}

/// Rows of words under their headings; nothing at all without rows. Gives the row after them.
fn list(
    sheet: &mut Worksheet,
    mut at: u32,
    headings: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> Result<u32, XlsxError> {
    let mut rows = rows.peekable();
    if rows.peek().is_none() {
        return Ok(at);
    }
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(at, column, *heading, &heading_format())?;
    }
    at += 1;
    for row in rows {
        let mut high = 1;
        for (column, text) in (0..).zip(&row) {
            high = high.max(cells::write_words(sheet, (at, column), text, &plain())?);
        }
        let widths = WIDTHS.iter().map(|width| usize::try_from(*width).unwrap_or_default());
        fit(sheet, at, row.iter().map(String::as_str).zip(widths))?;
        at += high;
    }
    Ok(at)
}
