//! Excel workbooks (.xlsx), read cell by cell.
//!
//! Invariant: no cell is placed by more than where it says it stands, so that one far away costs no more than one near.
//! A number is kept as the digits that a spreadsheet program shows of it, fifteen at most, and never as a float.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx, XlsxError};
use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::packed::{damaged, measure};
use super::{Budget, Cell, Fault, Kind, MAX_ROWS, Row, Sheet, SheetProblem, letters, text_cell, too_many_rows};

/// The most sheets of a workbook.
const MAX_SHEETS: usize = 100;
/// The most merged ranges of a sheet that are named.
const MAX_MERGED: usize = 20;

type Open<'a> = Xlsx<Cursor<&'a [u8]>>;

/// The sheets of a workbook, hidden ones and hidden rows too.
pub fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Vec<SheetProblem>> {
    measure(bytes).map_err(|problem| vec![problem])?;
    let mut open = match Open::new(Cursor::new(bytes)) {
        Ok(open) => open,
        Err(XlsxError::Password) => return Err(vec![password()]),
        Err(_) => return Err(vec![damaged()]),
    };
    let names: Vec<String> = open
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    if names.len() > MAX_SHEETS {
        let help = "Keep one sheet for each table of the register.";
        return Err(vec![SheetProblem::error("There are more than 100 sheets.", help)]);
    }
    let (mut sheets, mut problems, mut budget) = (Vec::new(), Vec::new(), Budget::default());
    for name in names {
        match sheet(&mut open, &name, &mut budget) {
            Ok(sheet) => sheets.push(sheet),
            Err(problem) => problems.push(problem.on(Some(&name), None)),
        }
    }
    if problems.is_empty() { Ok(sheets) } else { Err(problems) }
}

fn password() -> SheetProblem {
    SheetProblem::error(
        "The workbook has a password.",
        "Take it off and save the workbook again.",
    )
}

fn sheet(open: &mut Open, name: &str, budget: &mut Budget) -> Result<Sheet, SheetProblem> {
    let merged = open.merge_cells_by_sheet_name(name).map_err(|_| damaged())?;
    let merged = merged.iter().take(MAX_MERGED).map(|range| {
        let corner = |(row, column): (u32, u32)| format!("{}{}", letters(column), u64::from(row) + 1);
        let (from, to) = (corner(range.start), corner(range.end));
        (range.start.0.saturating_add(1), format!("{from}:{to}"))
    });
    let merged = merged.collect();
    let mut reader = open.worksheet_cells_reader(name).map_err(|_| damaged())?;
    let mut rows: Vec<Row> = Vec::new();
    // With what is known of a formula and without its text: the text of a shared one is worked out into memory.
    while let Some(found) = reader.next_cell_with_formula_metadata().map_err(|_| damaged())? {
        let (row, column) = found.pos;
        let Some(cell) = cell(column, &found.value, found.formula.is_some()) else {
            continue;
        };
        budget.take(&cell)?;
        let number = row.saturating_add(1);
        match rows.last_mut() {
            Some(last) if last.number == number => last.cells.push(cell),
            _ => rows.push(Row {
                number,
                cells: vec![cell],
            }),
        }
        if rows.len() > MAX_ROWS {
            return Err(too_many_rows());
        }
    }
    // Any spreadsheet program writes cells in order. A file that does not is not one that is guessed at.
    let in_order = rows.is_sorted_by(|a, b| a.number < b.number)
        && rows
            .iter()
            .all(|row| row.cells.is_sorted_by(|a, b| a.column < b.column));
    if !in_order {
        return Err(damaged());
    }
    Ok(Sheet {
        name: Some(name.to_owned()),
        rows,
        merged,
    })
}

/// What stands in a cell; none when it is blank.
fn cell(column: u32, value: &DataRef<'_>, is_formula: bool) -> Option<Cell> {
    let of = |kind: Kind, text: String| Some(Cell { column, kind, text });
    match value {
        DataRef::Empty if is_formula => of(Kind::Fault(Fault::NotWorkedOut), "a formula".to_owned()),
        DataRef::Empty => None,
        DataRef::String(text) => text_cell(column, text),
        DataRef::SharedString(text) => text_cell(column, text),
        DataRef::Int(number) => of(Kind::Number, number.to_string()),
        DataRef::Float(number) => match Decimal::try_from(*number) {
            Ok(exact) => of(Kind::Number, exact.normalize().to_string()),
            Err(_) => of(Kind::Fault(Fault::NotANumber), number.to_string()),
        },
        DataRef::Bool(truth) => of(Kind::YesNo, if *truth { "yes" } else { "no" }.to_owned()),
        DataRef::DateTime(at) => Some(day(column, *at)),
        DataRef::DateTimeIso(text) => {
            let (day, time) = text.split_once('T').unwrap_or((text, ""));
            let midnight = time.chars().all(|c| matches!(c, '0' | ':' | '.' | 'Z'));
            let whole = midnight && day.parse::<NaiveDate>().is_ok();
            let kind = if whole { Kind::Day } else { Kind::Fault(Fault::Time) };
            of(kind, if whole { day } else { text }.to_owned())
        }
        DataRef::DurationIso(text) => of(Kind::Fault(Fault::Time), text.clone()),
        DataRef::Error(error) => of(Kind::Fault(Fault::Error), error.to_string()),
    }
}

/// A number that is shown as a day, or as a time.
fn day(column: u32, at: ExcelDateTime) -> Cell {
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    // What lies outside is given the first or the last day there is.
    let within = (1.0..2_958_466.0).contains(&at.as_f64());
    let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into()).filter(|_| within && at.is_datetime());
    let midnight = (hour, minute, second, milli) == (0, 0, 0, 0);
    let (kind, text) = match date {
        Some(date) if midnight => (Kind::Day, date.to_string()),
        Some(date) => (Kind::Fault(Fault::Time), format!("{date} {hour:02}:{minute:02}")),
        None => (Kind::Fault(Fault::Time), at.as_f64().to_string()),
    };
    Cell { column, kind, text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_xlsxwriter::{Format, Formula, Workbook, XlsxError as WriteError};

    use super::super::read;
    use super::*;

    fn written(write: impl FnOnce(&mut Workbook) -> Result<(), WriteError>) -> Vec<u8> {
        let mut workbook = Workbook::new();
        write(&mut workbook).unwrap();
        workbook.save_to_buffer().unwrap()
    }

    fn cells(write: impl FnOnce(&mut rust_xlsxwriter::Worksheet) -> Result<(), WriteError>) -> Vec<Row> {
        let bytes = written(|workbook| write(workbook.add_worksheet()));
        read(&bytes, "a.xlsx").unwrap().sheets.remove(0).rows
    }

    #[test]
    fn numbers_are_the_digits_that_were_typed() {
        let numbers = [
            44_152.6,
            0.1,
            428_246.0,
            22.60,
            1e-7,
            -440.0,
            99_999_999_999.99,
            16_046.43,
        ];
        let rows = cells(|sheet| {
            for (row, number) in (0..).zip(numbers) {
                sheet.write_number(row, 0, number)?;
            }
            Ok(())
        });
        let texts: Vec<&str> = rows.iter().map(|row| row.cells[0].text.as_str()).collect();
        let expected = [
            "44152.6",
            "0.1",
            "428246",
            "22.6",
            "0.0000001",
            "-440",
            "99999999999.99",
            "16046.43",
        ];
        assert_eq!(texts, expected);
        assert!(rows.iter().all(|row| row.cells[0].kind == Kind::Number));
    }

    #[test]
    fn days_are_days_and_times_are_faults() {
        let rows = cells(|sheet| {
            let day = Format::new().set_num_format("dd/mm/yyyy");
            let time = Format::new().set_num_format("hh:mm");
            let length = Format::new().set_num_format("[h]:mm");
            for (row, number) in (0..).zip([43_190.0, 43_190.5, 60.0, 61.0, 0.0, -3.0]) {
                sheet.write_number_with_format(row, 0, number, &day)?;
            }
            sheet.write_number_with_format(6, 0, 0.5, &time)?;
            sheet.write_number_with_format(7, 0, 1.0, &length)?;
            Ok(())
        });
        let kinds: Vec<(Kind, &str)> = rows
            .iter()
            .map(|row| (row.cells[0].kind, row.cells[0].text.as_str()))
            .collect();
        let fault = Kind::Fault(Fault::Time);
        let expected = [
            (Kind::Day, "2018-03-31"),
            (fault, "2018-03-31 12:00"),
            // The day that spreadsheet programs have and the calendar has not.
            (fault, "60"),
            (Kind::Day, "1900-03-01"),
            (fault, "0"),
            (fault, "-3"),
            (fault, "0.5"),
            (fault, "1"),
        ];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn a_formula_is_its_result_or_a_fault() {
        let rows = cells(|sheet| {
            sheet.write_formula(0, 0, Formula::new("=1+1").set_result("2"))?;
            sheet.write_formula(1, 0, Formula::new("=\"a\"&\"b\"").set_result("ab"))?;
            sheet.write_formula(2, 0, Formula::new("=1/0").set_result("#DIV/0!"))?;
            sheet.write_boolean(3, 0, true)?;
            Ok(())
        });
        let found: Vec<(Kind, &str)> = rows
            .iter()
            .map(|row| (row.cells[0].kind, row.cells[0].text.as_str()))
            .collect();
        let expected = [
            (Kind::Number, "2"),
            (Kind::Text, "ab"),
            (Kind::Fault(Fault::Error), "#DIV/0!"),
            (Kind::YesNo, "yes"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_formula_that_was_never_worked_out_is_a_fault() {
        let bytes = written(|workbook| {
            let sheet = workbook.add_worksheet();
            sheet
                .write_formula(0, 0, Formula::new("=1+1").set_result("2"))
                .map(drop)
        });
        let unworked = rewritten(&bytes, "<v>2</v>", "");
        let cell = &read(&unworked, "a.xlsx").unwrap().sheets[0].rows[0].cells[0];
        assert_eq!(cell.kind, Kind::Fault(Fault::NotWorkedOut));
        // A formula whose result is no text at all is blank.
        let blank = rewritten(
            &bytes,
            "<c r=\"A1\"><f>1+1</f><v>2</v>",
            "<c r=\"A1\" t=\"str\"><f>B1</f><v></v>",
        );
        assert!(
            read(&blank, "a.xlsx").unwrap_err()[0]
                .message
                .contains("nothing in the file")
        );
    }

    #[test]
    fn cells_out_of_order_and_texts_without_end_are_refused() {
        let bytes = written(|workbook| {
            let sheet = workbook.add_worksheet();
            sheet.write_string(0, 0, "a")?.write_string(1, 0, "b").map(drop)
        });
        assert!(read(&rewritten(&bytes, "r=\"A2\"", "r=\"A3\""), "a.xlsx").is_ok());
        assert!(read(&rewritten(&bytes, "r=\"A2\"", "r=\"A1\""), "a.xlsx").is_err());
        assert!(read(&rewritten(&bytes, "r=\"A1\"", "r=\"A3\""), "a.xlsx").is_err());
        let long = "x".repeat(30_000);
        let many = written(|workbook| {
            let sheet = workbook.add_worksheet();
            (0..2_000).try_for_each(|row| sheet.write_string(row, 0, &long).map(drop))
        });
        assert!(many.len() < 200_000, "{}", many.len());
        let problems = read(&many, "a.xlsx").expect_err("sixty million letters");
        assert!(problems[0].message.contains("more text"), "{problems:?}");
    }

    /// The workbook with its first sheet changed.
    fn rewritten(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
        parts_changed(bytes, |_, name, text| {
            if !name.ends_with("sheet1.xml") {
                return text;
            }
            let text = String::from_utf8(text).unwrap();
            assert!(text.contains(from), "{text}");
            text.replace(from, to).into_bytes()
        })
    }

    /// The workbook with its parts changed, each by its place and its name.
    fn parts_changed(bytes: &[u8], change: impl Fn(usize, &str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
        use std::io::{Read, Write};
        let mut packed = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for nth in 0..packed.len() {
            let mut part = packed.by_index(nth).unwrap();
            let name = part.name().unwrap().into_owned();
            let mut text = Vec::new();
            part.read_to_end(&mut text).unwrap();
            out.start_file(&name, zip::write::SimpleFileOptions::default()).unwrap();
            out.write_all(&change(nth, &name, text)).unwrap();
        }
        out.finish().unwrap().into_inner()
    }

    proptest! {
        #[test]
        fn a_workbook_that_was_tampered_with_is_read_or_refused(
            part in 0_usize..12, at in 0_usize..4_000, to in "[0-9<>/\"=&A-Za-z:.-]{0,12}", taken in 0_usize..12,
        ) {
            let bytes = written(|workbook| {
                let sheet = workbook.add_worksheet();
                sheet.merge_range(5, 0, 6, 1, "wide", &Format::new())?;
                sheet.write_number_with_format(1, 0, 43_190.0, &Format::new().set_num_format("dd/mm/yyyy"))?;
                sheet.write_string(0, 0, "key")?.write_formula(2, 0, Formula::new("=1+1").set_result("2")).map(drop)
            });
            // A panic is what would fail here.
            let tampered = parts_changed(&bytes, |nth, _, mut text| {
                if nth == part {
                    let at = at % (text.len() + 1);
                    let end = (at + taken).min(text.len());
                    text.splice(at..end, to.bytes());
                }
                text
            });
            drop(read(&tampered, "a.xlsx"));
        }
    }

    #[test]
    fn a_cell_far_away_costs_no_more_than_one_near() {
        let rows = cells(|sheet| {
            sheet.write_string(0, 0, "near")?;
            sheet.write_string(1_048_575, 16_383, "far")?;
            sheet.set_row_hidden(1_048_575)?;
            Ok(())
        });
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[1].number, rows[1].cells[0].column), (1_048_576, 16_383));
        assert_eq!(rows[1].cell(16_383).unwrap().text, "far");
        assert_eq!(rows[1].cell(0), None);
    }

    #[test]
    fn merged_ranges_are_named() {
        let bytes = written(|workbook| {
            let sheet = workbook.add_worksheet();
            sheet.merge_range(2, 1, 4, 1, "three rows", &Format::new())?;
            Ok(())
        });
        let book = read(&bytes, "C:\\register\\a.xlsx").unwrap();
        assert_eq!(book.file, "a.xlsx");
        assert_eq!(book.sheets[0].merged, [(3, "B3:B5".to_owned())]);
    }

    #[test]
    fn another_kind_of_file_in_a_zip_is_damaged() {
        let bytes = written(|workbook| workbook.add_worksheet().write_string(0, 0, "a").map(|_| ()));
        let mut broken = bytes.clone();
        let middle = broken.len() / 3;
        broken[middle] ^= 0xff;
        assert!(read(&broken, "a.xlsx").is_err());
        assert!(read(&bytes[..bytes.len() / 2], "a.xlsx").is_err());
        assert!(read(&bytes, "a.xlsx").is_ok());
    }
}
