//! A document as a workbook: what it says, then a sheet for each table, then what its figures are.
//!
//! Invariant: a figure is a number with its unit as the format, and the marks of a number are part of that format; words
//! are never a formula; nothing is cut off, and the same document is the same bytes.

mod cells;
mod lines;
mod names;
mod said;
mod tables;

use chrono::Datelike;
use countersign_domain::document::Document;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

/// What its first sheet is called.
const FIRST: &str = "Document";
/// What its last sheet is called.
const LAST: &str = "Definitions and coverage";
/// A4, as workbooks number sizes of paper.
const A4: u8 = 9;
/// The most characters of what is printed on every page.
const MOST_OF_HEADER: usize = 200;

/// The document as an Excel workbook.
///
/// # Errors
/// When a workbook cannot hold it: more rows than a sheet has.
pub fn xlsx(document: &Document) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(document)?);
    let named: Vec<(String, _)> = document
        .tables()
        .zip(1_usize..)
        .map(|(table, number)| (names::of_table(number, &table.caption), table))
        .collect();
    let mut sheets = named.iter().map(|(name, _)| name.as_str());
    said::write(sheet(&mut workbook, document, FIRST)?, document, &mut sheets)?;
    for (name, table) in &named {
        tables::write(sheet(&mut workbook, document, name)?, document, table)?;
    }
    tables::write_definitions(sheet(&mut workbook, document, LAST)?, document, &named)?;
    workbook.save_to_buffer()
}

fn properties(document: &Document) -> Result<DocProperties, XlsxError> {
    // Otherwise the moment of writing stands in the file, and no two of the same document are the same.
    let day = document.dated;
    let year = u16::try_from(day.year()).unwrap_or_default();
    let month = u8::try_from(day.month()).unwrap_or_default();
    let dated = ExcelDateTime::from_ymd(year, month, u8::try_from(day.day()).unwrap_or_default())?;
    Ok(DocProperties::new()
        .set_title(&document.title)
        .set_subject(&document.subtitle)
        .set_comment(document.watermark.as_deref().unwrap_or_default())
        .set_creation_datetime(&dated))
}

/// A sheet that prints on A4, as wide as one page, with the watermark on each.
fn sheet<'a>(workbook: &'a mut Workbook, document: &Document, name: &str) -> Result<&'a mut Worksheet, XlsxError> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?.set_paper_size(A4).set_print_fit_to_pages(1, 0);
    if let Some(watermark) = &document.watermark {
        let short: String = watermark.chars().take(MOST_OF_HEADER / 2).collect();
        // What follows an ampersand is an instruction.
        sheet.set_header(format!("&C{}", short.replace('&', "&&")));
    }
    sheet.set_footer("&L&A&RPage &P of &N");
    Ok(sheet)
}
