//! CSV: cells parted by commas, semicolons or tabs.
//!
//! Invariant: what is written is read back the same, and nothing that is written begins a formula. Rows are counted as a
//! spreadsheet program counts them, empty ones too.

use csv::{ReaderBuilder, StringRecord};

use super::text::decode;
use super::{Budget, MAX_ROWS, Row, Sheet, SheetProblem, text_cell, too_many_rows};

/// What a spreadsheet takes for the beginning of a formula, full-width forms included.
const BEGINS_A_FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Stands alone after the last row: when it is not read back alone, a quotation mark before it was never closed.
const END: &str = "\u{1a}";

/// Words that no spreadsheet runs: an apostrophe goes before what would begin a formula. It goes before apostrophes that
/// stand before such words too, so that what was there can always be told when it is read again.
pub fn guarded(text: &str) -> String {
    if text.trim_start_matches('\'').starts_with(BEGINS_A_FORMULA) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The words that were guarded.
fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(words) if words.trim_start_matches('\'').starts_with(BEGINS_A_FORMULA) => words,
        _ => text,
    }
}

/// The one sheet of a CSV file, and what should be known about how it was read.
pub fn sheets(bytes: &[u8]) -> Result<(Vec<Sheet>, Vec<SheetProblem>), Vec<SheetProblem>> {
    let (text, remark) = decode(bytes).map_err(|problem| vec![problem])?;
    let (text, separator, skipped) = separated(&text);
    let rows = rows(text, separator, skipped).map_err(|problem| vec![problem])?;
    let sheet = Sheet {
        name: None,
        rows,
        merged: vec![],
    };
    Ok((vec![sheet], remark.into_iter().collect()))
}

/// The text, what parts its cells, and how many lines were passed over: a first line may say it (`sep=;`).
fn separated(text: &str) -> (&str, u8, u32) {
    let line = text.split(['\n', '\r']).next().unwrap_or_default();
    if let Some(said) = line.strip_prefix("sep=")
        && let [separator @ (b',' | b';' | b'\t' | b'|')] = said.as_bytes()
    {
        let after = &text[line.len()..];
        let after = after.strip_prefix('\r').unwrap_or(after);
        return (after.strip_prefix('\n').unwrap_or(after), *separator, 1);
    }
    // Otherwise the headings tell: what is most frequent there outside quotation marks.
    let headings = text.split(['\n', '\r']).find(|line| !line.trim().is_empty());
    let mut quoted = false;
    let mut found = [(b'\t', 0_usize), (b';', 0), (b',', 0)];
    for byte in headings.unwrap_or_default().bytes() {
        quoted ^= byte == b'"';
        for (separator, count) in &mut found {
            *count += usize::from(!quoted && byte == *separator);
        }
    }
    let most = found.iter().max_by_key(|(_, count)| *count);
    (text, most.map_or(b',', |(separator, _)| *separator), 0)
}

fn rows(text: &str, separator: u8, skipped: u32) -> Result<Vec<Row>, SheetProblem> {
    let ended = format!("{text}\n{END}");
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(ended.as_bytes());
    let mut record = StringRecord::new();
    let (mut rows, mut budget, mut number) = (Vec::new(), Budget::default(), skipped);
    loop {
        let from = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        let more = reader.read_record(&mut record).map_err(|_| unclosed(number))?;
        number = number.saturating_add(1).saturating_add(empty_lines(&ended, from));
        if !more
            || record
                .iter()
                .any(|field| field.len() > END.len() && field.ends_with(END))
        {
            return Err(unclosed(number));
        }
        if record.len() == 1 && record.get(0) == Some(END) {
            return Ok(rows);
        }
        let mut cells = Vec::new();
        for (column, field) in (0..).zip(&record) {
            cells.extend(text_cell(column, unguarded(field)));
        }
        cells.iter().try_for_each(|cell| budget.take(cell))?;
        if !cells.is_empty() {
            rows.push(Row { number, cells });
        }
        if rows.len() > MAX_ROWS {
            return Err(too_many_rows());
        }
    }
}

/// The empty lines from here on, which the reader passes over but a spreadsheet program counts.
fn empty_lines(text: &str, from: usize) -> u32 {
    let (before, mut rest) = text.split_at_checked(from).unwrap_or((text, ""));
    // The end of the row before may be half read.
    if before.ends_with('\r') {
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    let mut empty = 0;
    while let Some(after) = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])) {
        (empty, rest) = (empty + 1, after);
    }
    empty
}

fn unclosed(row: u32) -> SheetProblem {
    let message = format!("A quotation mark in row {row} is opened and never closed.");
    SheetProblem::error(message, "Close it, or write it twice where it belongs to the text.").on(None, Some(row))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Page, Shape, Value, write_csv};
    use super::*;

    fn read(text: &str) -> Vec<(u32, Vec<String>)> {
        let (sheets, _) = sheets(text.as_bytes()).expect("it is read");
        let rows = sheets[0].rows.iter();
        rows.map(|row| (row.number, row.cells.iter().map(|cell| cell.text.clone()).collect()))
            .collect()
    }

    fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
        (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn finds_what_parts_the_cells() {
        for text in [
            "key,name\na,b",
            "key;name\r\na;b\r\n",
            "key\tname\na\tb\n",
            "\"key\";\"na,,,me\"\na;b",
            "sep=;\nkey;name\na;b",
            "sep=|\r\nkey|name\r\na|b",
        ] {
            let rows = read(text);
            assert_eq!(rows.len(), 2, "{text:?}");
            assert_eq!(rows[1].1, ["a", "b"], "{text:?}");
            assert_eq!(rows[1].0, if text.starts_with("sep") { 3 } else { 2 }, "{text:?}");
        }
        assert_eq!(read("key\nopcc\n"), [row(1, &["key"]), row(2, &["opcc"])]);
        assert_eq!(read("key\na,b;c\n")[1], row(2, &["a", "b;c"]));
    }

    #[test]
    fn counts_rows_as_a_spreadsheet_does() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["", "key,name", "", "", "a,\"x\ny\"", ",,", "b,c", "", "", "d"].join(end);
            let expected = [
                row(2, &["key", "name"]),
                row(5, &["a", "x\ny"]),
                row(7, &["b", "c"]),
                row(10, &["d"]),
            ];
            assert_eq!(read(&text), expected, "{end:?}");
            assert_eq!(read(&format!("{text}{end}")), expected, "{end:?}");
        }
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_found() {
        for text in ["key,name\na,\"b\nc,d\n", "key,name\na,\"b", "key\na\n\""] {
            let problems = sheets(text.as_bytes()).expect_err("refused");
            assert!(problems[0].message.contains("never closed"), "{problems:?}");
        }
        assert_eq!(sheets(b"key,name\na,b\nc,\"d\n").unwrap_err()[0].row, Some(3));
        assert_eq!(
            read("key\n12\" pipe\n\"a \"\"b\"\"\""),
            [row(1, &["key"]), row(2, &["12\" pipe"]), row(3, &["a \"b\""])]
        );
    }

    #[test]
    fn too_many_rows_are_refused() {
        assert_eq!(read(&"a\n".repeat(MAX_ROWS)).len(), MAX_ROWS);
        let more = "a\n".repeat(MAX_ROWS + 1);
        assert_eq!(sheets(more.as_bytes()), Err(vec![too_many_rows()]));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(cells in prop::collection::vec("['=+@\"; ,a\n-]{0,6}", 1..4)) {
            let page = Page {
                name: "t".to_owned(),
                columns: (0..=cells.len()).map(|nth| (format!("c{nth}"), Shape::Words)).collect(),
                rows: vec![std::iter::once("x").chain(cells.iter().map(String::as_str)).map(Value::words).collect()],
            };
            let written = write_csv(&page).expect("it is written");
            let (read, _) = sheets(&written).expect("it is read");
            let row = &read[0].rows[1];
            for (column, cell) in (1..).zip(&cells) {
                prop_assert_eq!(row.cell(column).map_or("", |cell| cell.text.as_str()), cell.trim());
            }
        }
    }
}
