//! One cell of a workbook.
//!
//! Invariant: a number is written only where the workbook keeps it to its last digit.

use countersign_domain::document::{Cell, Exact, Mark, Shown, Unit};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::lines::{self, never_run};

/// Words as they stand in a sheet.
pub fn plain() -> Format {
    Format::new().set_align(FormatAlign::Top)
}

/// Words that matter more.
pub fn strong() -> Format {
    plain().set_bold()
}

/// Writes a cell, in as many rows as its words need, and gives how many those are.
pub fn write(sheet: &mut Worksheet, at: (u32, u16), cell: &Cell, total: bool) -> Result<u32, XlsxError> {
    match cell {
        Cell::Text { text } => write_words(sheet, at, text, &dressed(plain(), total)),
        Cell::Figure { figure } => write_figure(sheet, at, figure, total),
    }
}

/// Writes words, never a formula.
pub fn write_words(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<u32, XlsxError> {
    let format = format.clone().set_num_format("@").set_text_wrap();
    let mut rows = 0;
    for part in lines::parts(text) {
        let format = never_run(part, format.clone());
        if part.is_empty() {
            sheet.write_blank(row + rows, column, &format)?;
        } else {
            sheet.write_string_with_format(row + rows, column, part, &format)?;
        }
        rows += 1;
    }
    Ok(rows)
}

fn write_figure(sheet: &mut Worksheet, at: (u32, u16), figure: &Shown, total: bool) -> Result<u32, XlsxError> {
    let number = figure.exact.and_then(|exact| Some((exact, kept(&exact)?)));
    let Some((exact, kept)) = number else {
        let format = dressed(plain().set_align(FormatAlign::Right), total);
        return write_words(sheet, at, &figure.text, &format);
    };
    let format = dressed(plain().set_num_format(number_format(&exact, &figure.marks)), total);
    sheet.write_number_with_format(at.0, at.1, kept, &format)?;
    Ok(1)
}

/// The number as a workbook keeps it: 75.0% is 0.75. None where digits would be lost.
fn kept(exact: &Exact) -> Option<f64> {
    let number = match exact.unit {
        Unit::Percent => exact.number.checked_div(Decimal::ONE_HUNDRED)?,
        Unit::Pounds | Unit::Count | Unit::Number => exact.number,
    };
    number
        .to_f64()
        .filter(|near| Decimal::try_from(*near).is_ok_and(|is| is == number))
}

/// As the number is shown, with its marks: `£#,##0.00" [e]"`.
fn number_format(exact: &Exact, marks: &[Mark]) -> String {
    let places = usize::try_from(exact.number.scale()).unwrap_or_default();
    let fraction = if places == 0 {
        String::new()
    } else {
        format!(".{}", "0".repeat(places))
    };
    let number = match exact.unit {
        Unit::Pounds | Unit::Count | Unit::Number => format!("#,##0{fraction}"),
        Unit::Percent => format!("#,##0{fraction}%"),
    };
    let pounds = if exact.unit == Unit::Pounds { "£" } else { "" };
    let said: String = marks
        .iter()
        .filter_map(|mark| mark.symbol())
        .map(|symbol| format!(" {symbol}"))
        .collect();
    let said = if said.is_empty() { said } else { format!("\"{said}\"") };
    format!("{pounds}{number}{said};-{pounds}{number}{said}")
}

fn dressed(format: Format, total: bool) -> Format {
    if total {
        format.set_bold().set_border_top(FormatBorder::Thin)
    } else {
        format
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(number: &str, unit: Unit) -> Exact {
        Exact {
            number: number.parse().unwrap(),
            unit,
        }
    }

    #[test]
    fn a_number_is_shown_with_its_unit_and_its_marks() {
        for (number, unit, marks, format) in [
            ("16486.00", Unit::Pounds, vec![], "£#,##0.00;-£#,##0.00"),
            (
                "250",
                Unit::Count,
                vec![Mark::Approximate, Mark::Rounded],
                "#,##0\" [e]\";-#,##0\" [e]\"",
            ),
            ("75.0", Unit::Percent, vec![], "#,##0.0%;-#,##0.0%"),
            ("1.25", Unit::Number, vec![], "#,##0.00;-#,##0.00"),
        ] {
            assert_eq!(number_format(&exact(number, unit), &marks), format);
        }
    }

    #[test]
    fn a_number_of_too_many_digits_is_not_written_as_one() {
        assert_eq!(kept(&exact("75.0", Unit::Percent)), Some(0.75));
        assert!(kept(&exact("99999999999.99", Unit::Pounds)).is_some());
        assert_eq!(kept(&exact("12345678901234567.89", Unit::Pounds)), None);
    }
}
