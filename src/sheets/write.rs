//! Sheets as a workbook or as CSV.
//!
//! Invariant: words are never a formula, figures are written to the last digit, and what is written is read back the same.

use std::io;

use chrono::{Datelike, NaiveDate};
use csv::{QuoteStyle, Terminator, WriterBuilder};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::delimited::guarded;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How wide columns are, in characters.
const NARROWEST: usize = 10;
const WIDEST: usize = 60;

/// A sheet to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What is on its tab; up to 31 characters.
    pub name: String,
    /// The headings, each with what the cells under it are formatted for, those typed later too.
    pub columns: Vec<(String, Shape)>,
    /// As many cells in each as there are headings.
    pub rows: Vec<Vec<Value>>,
}

/// What a column is formatted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Text, so that `1-2` does not become the first of February and `007` not 7.
    Words,
    /// Pounds and pence.
    Money,
    /// A plain number.
    Number,
    /// A day.
    Day,
}

/// What is written into a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Blank,
    /// Text.
    Words(String),
    /// A figure.
    Figure(Decimal),
    /// A day.
    Day(NaiveDate),
}

impl Value {
    /// Text; nothing when there is none.
    pub fn words(text: impl Into<String>) -> Value {
        let text = text.into();
        if text.is_empty() {
            Value::Blank
        } else {
            Value::Words(text)
        }
    }
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The workbook cannot hold it: a text of more than 32,767 characters, for one.
    #[error("the workbook cannot be written: {0}")]
    Workbook(#[from] XlsxError),
    /// Only when memory cannot be written to.
    #[error("the sheet cannot be written: {0}")]
    Csv(#[from] io::Error),
}

/// The pages as an Excel workbook, one sheet each.
///
/// # Errors
/// When a workbook cannot hold what is to be written.
pub fn write_workbook(pages: &[Page]) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    for page in pages {
        write_sheet(workbook.add_worksheet(), page)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn write_sheet(sheet: &mut Worksheet, page: &Page) -> Result<(), XlsxError> {
    let heading = Format::new().set_bold().set_text_wrap();
    sheet.set_name(&page.name)?.set_freeze_panes(1, 0)?;
    for (column, (title, shape)) in (0..).zip(&page.columns) {
        let widest = page
            .rows
            .iter()
            .filter_map(|row| row.get(usize::from(column)).map(length))
            .chain([title.chars().count()])
            .max();
        let width = widest.unwrap_or_default().clamp(NARROWEST, WIDEST) + 2;
        sheet.set_column_format(column, &format_of(*shape))?;
        sheet.set_column_width(column, u32::try_from(width).unwrap_or_default())?;
        sheet.write_string_with_format(0, column, title, &heading)?;
    }
    for (row, cells) in (1..).zip(&page.rows) {
        for ((column, (_, shape)), cell) in (0..).zip(&page.columns).zip(cells) {
            write_cell(sheet, (row, column), *shape, cell)?;
        }
    }
    Ok(())
}

fn write_cell(sheet: &mut Worksheet, (row, column): (u32, u16), shape: Shape, value: &Value) -> Result<(), XlsxError> {
    let format = format_of(shape);
    match value {
        Value::Blank => {}
        Value::Words(text) => {
            // Without the mark, a text that begins with “=” would become a formula when somebody edits its cell.
            let format = if guarded(text) == *text {
                format
            } else {
                format.set_quote_prefix()
            };
            sheet.write_string_with_format(row, column, text, &format)?;
        }
        Value::Figure(figure) => match figure
            .to_f64()
            .filter(|near| Decimal::try_from(*near).is_ok_and(|is| is == *figure))
        {
            Some(near) => sheet.write_number_with_format(row, column, near, &format).map(drop)?,
            // More digits than a workbook keeps of a number.
            None => sheet
                .write_string_with_format(row, column, figure.to_string(), &format)
                .map(drop)?,
        },
        Value::Day(day) => {
            let at = ExcelDateTime::from_ymd(
                u16::try_from(day.year()).unwrap_or_default(),
                u8::try_from(day.month()).unwrap_or_default(),
                u8::try_from(day.day()).unwrap_or_default(),
            );
            match at {
                Ok(at) => sheet.write_datetime_with_format(row, column, &at, &format).map(drop)?,
                // Before 1900 a workbook knows no days.
                Err(_) => sheet
                    .write_string_with_format(row, column, day.to_string(), &format)
                    .map(drop)?,
            }
        }
    }
    Ok(())
}

fn format_of(shape: Shape) -> Format {
    match shape {
        Shape::Words => Format::new()
            .set_num_format("@")
            .set_text_wrap()
            .set_align(FormatAlign::Top),
        Shape::Money => Format::new().set_num_format("£#,##0.00").set_align(FormatAlign::Top),
        Shape::Number => Format::new().set_align(FormatAlign::Top),
        Shape::Day => Format::new().set_num_format("dd/mm/yyyy").set_align(FormatAlign::Top),
    }
}

fn length(value: &Value) -> usize {
    match value {
        Value::Blank => 0,
        Value::Words(text) => text.lines().map(|line| line.chars().count()).max().unwrap_or_default(),
        Value::Figure(figure) => figure.to_string().len() + 4,
        Value::Day(_) => 10,
    }
}

/// The page as CSV: UTF-8 with a byte order mark and CRLF, which spreadsheet programs open without asking.
///
/// # Errors
/// Only when memory cannot be written to.
pub fn write_csv(page: &Page) -> Result<Vec<u8>, WriteError> {
    // Words are quoted, figures are not: a semicolon within words would part them where a spreadsheet program takes it
    // for the end of a cell too.
    let mut lines = WriterBuilder::new()
        .quote_style(QuoteStyle::NonNumeric)
        .terminator(Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.to_vec());
    let headings = page.columns.iter().map(|(title, _)| title.as_str());
    lines.write_record(headings).map_err(io::Error::from)?;
    for row in &page.rows {
        lines.write_record(row.iter().map(plain)).map_err(io::Error::from)?;
    }
    Ok(lines.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

fn plain(value: &Value) -> String {
    match value {
        Value::Blank => String::new(),
        Value::Words(text) => guarded(text),
        Value::Figure(figure) => figure.to_string(),
        Value::Day(day) => day.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Kind, read};
    use super::*;

    fn page(values: Vec<Value>, shape: Shape) -> Page {
        Page {
            name: "grant".to_owned(),
            columns: vec![("what".to_owned(), shape)],
            rows: values.into_iter().map(|value| vec![value]).collect(),
        }
    }

    fn back(bytes: &[u8]) -> Vec<(Kind, String)> {
        let book = read(bytes, "a").expect("it is read");
        let rows = book.sheets[0].rows[1..].iter();
        rows.map(|row| (row.cells[0].kind, row.cells[0].text.clone())).collect()
    }

    #[test]
    fn words_that_look_like_formulas_stay_words() {
        let words = [
            "=1+1", "+44 20", "-", "@home", "'=x", "''", "1-2", "007", "a\nb", "_x0041_", "a  b",
        ];
        let written = page(words.iter().map(|text| Value::words(*text)).collect(), Shape::Words);
        let expected: Vec<(Kind, String)> = words.iter().map(|text| (Kind::Text, (*text).to_owned())).collect();
        assert_eq!(back(&write_workbook(std::slice::from_ref(&written)).unwrap()), expected);
        assert_eq!(back(&write_csv(&written).unwrap()), expected);
    }

    #[test]
    fn figures_and_days_come_back_to_the_last_digit() {
        let figures = [
            "44152.60",
            "99999999999.99",
            "-440.00",
            "0.000000001",
            "1234567890123456.78",
        ];
        let figures = figures.map(|text| text.parse::<Decimal>().unwrap());
        let written = page(
            figures.iter().map(|figure| Value::Figure(*figure)).collect(),
            Shape::Number,
        );
        for bytes in [
            write_workbook(std::slice::from_ref(&written)).unwrap(),
            write_csv(&written).unwrap(),
        ] {
            let read: Vec<Decimal> = back(&bytes).iter().map(|(_, text)| text.parse().unwrap()).collect();
            assert_eq!(read, figures);
        }
        let days = ["2018-03-31", "1900-03-01", "1850-01-01", "9999-12-31"];
        let written = page(
            days.iter().map(|day| Value::Day(day.parse().unwrap())).collect(),
            Shape::Day,
        );
        for bytes in [
            write_workbook(std::slice::from_ref(&written)).unwrap(),
            write_csv(&written).unwrap(),
        ] {
            let read: Vec<String> = back(&bytes).into_iter().map(|(_, text)| text).collect();
            assert_eq!(read, days);
        }
    }
}
