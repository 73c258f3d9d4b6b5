//! The first sheet: what the document is and what it says, in reading order.
//!
//! Invariant: every block has its place here. A table stands on a sheet of its own and is named here, with the way to it.

use countersign_domain::answers::format;
use countersign_domain::document::{Block, Document, Fact, Run};
use rust_xlsxwriter::{Format, Url, Worksheet, XlsxError};

use super::cells::{self, plain, strong};
use super::lines::Across;

/// The two columns: names, and what they come to.
const WIDTHS: [u32; 2] = [36, 64];
const ACROSS: Across = Across { width: 96, last: 1 };

/// Writes the sheet. `sheets` are those of the tables, in their order.
pub fn write<'a>(
    sheet: &mut Worksheet,
    document: &Document,
    sheets: &mut impl Iterator<Item = &'a str>,
) -> Result<(), XlsxError> {
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let mut at = opening(sheet, document)?;
    for block in &document.blocks {
        at = write_block(sheet, at + 1, block, sheets)?;
    }
    Ok(())
}

fn opening(sheet: &mut Worksheet, document: &Document) -> Result<u32, XlsxError> {
    let mut at = ACROSS.write(sheet, 0, &document.title, &strong().set_font_size(14))?;
    if !document.subtitle.is_empty() {
        at = ACROSS.write(sheet, at, &document.subtitle, &plain())?;
    }
    if let Some(watermark) = &document.watermark {
        at = ACROSS.write(sheet, at, watermark, &strong())?;
    }
    let dated = format::date(document.dated);
    for (name, value) in [("For", document.audience.readers()), ("Date", &dated)] {
        cells::write_words(sheet, (at, 0), name, &strong())?;
        at += cells::write_words(sheet, (at, 1), value, &plain())?;
    }
    Ok(at)
}

fn write_block<'a>(
    sheet: &mut Worksheet,
    at: u32,
    block: &Block,
    sheets: &mut impl Iterator<Item = &'a str>,
) -> Result<u32, XlsxError> {
    match block {
        Block::Heading { level, text } => {
            let size = if *level <= 2 { 13 } else { 11 };
            ACROSS.write(sheet, at, text, &strong().set_font_size(size))
        }
        Block::Paragraph { runs } => {
            ACROSS.write(sheet, at, &runs.iter().map(Run::words).collect::<String>(), &plain())
        }
        Block::List { ordered, items } => items.iter().zip(1_usize..).try_fold(at, |at, (item, number)| {
            let words = item.iter().map(Run::words).collect::<String>();
            let said = if *ordered {
                format!("{number}. {words}")
            } else {
                format!("• {words}")
            };
            ACROSS.write(sheet, at, &said, &plain())
        }),
        Block::Story { title, text, source } => {
            let at = ACROSS.write(sheet, at, title, &strong())?;
            let at = ACROSS.write(sheet, at, text, &plain().set_indent(1))?;
            ACROSS.write(sheet, at, source, &plain().set_italic())
        }
        Block::Facts { facts } => facts.iter().try_fold(at, |at, fact| write_fact(sheet, at, fact)),
        Block::Table(table) => way_to(sheet, at, &table.caption, sheets.next()),
        Block::Chart(chart) => {
            let at = match chart.title == chart.table.caption {
                true => at,
                false => ACROSS.write(sheet, at, &chart.title, &strong())?,
            };
            way_to(sheet, at, &chart.table.caption, sheets.next())
        }
    }
}

fn write_fact(sheet: &mut Worksheet, at: u32, fact: &Fact) -> Result<u32, XlsxError> {
    let name = cells::write_words(sheet, (at, 0), &fact.name, &strong())?;
    let value = cells::write(sheet, (at, 1), &fact.value, false)?;
    Ok(at + name.max(value))
}

/// The caption of a table, and the sheet that it stands on.
fn way_to(sheet: &mut Worksheet, at: u32, caption: &str, to: Option<&str>) -> Result<u32, XlsxError> {
    let after = cells::write_words(sheet, (at, 0), caption, &plain())?;
    if let Some(to) = to {
        // The name has no apostrophe in it, which would end it here.
        let way = Url::new(format!("internal:'{to}'!A1")).set_text(format!("Sheet “{to}”"));
        sheet.write_url_with_format(at, 1, way, &Format::new().set_hyperlink())?;
    }
    Ok(at + after)
}
