//! Every format says the same figures and words, which are those of the document.

use countersign::service::paper::print::Format;
use countersign_domain::document::{Cell as Told, Document, Mark, Table, Unit};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::reading::{self, Cell, Read};
use crate::sample::{day, document, many_words, printed, tables};

/// What the document has in a cell: its words, its number, the unit.
fn told(cell: &Told) -> (&str, Option<(Decimal, Unit)>) {
    match cell {
        Told::Text { text } => (text, None),
        Told::Figure { figure } => (&figure.text, figure.exact.map(|exact| (exact.number, exact.unit))),
    }
}

/// Holds each cell against the document.
#[track_caller]
fn holds(read: &[Read], expected: &[&Table], said: fn(&str) -> String, same: impl Fn(&Told, &Cell) -> bool) {
    assert_eq!(read.len(), expected.len());
    for (read, table) in read.iter().zip(expected) {
        assert_eq!(read.caption, said(&table.caption));
        let titles: Vec<String> = table.columns.iter().map(|column| said(&column.title)).collect();
        assert_eq!(read.columns, titles);
        assert_eq!(read.rows.len(), table.rows.len(), "{}", table.caption);
        for (read, row) in read.rows.iter().zip(&table.rows) {
            assert_eq!(read.len(), row.cells.len());
            for (read, cell) in read.iter().zip(&row.cells) {
                assert!(same(cell, read), "{cell:?} was read as {read:?}");
            }
        }
    }
}

/// Of formats that tell words and number apart.
fn both(cell: &Told, read: &Cell) -> bool {
    let (text, exact) = told(cell);
    read.text == text && read.number == exact.map(|(number, _)| number)
}

#[test]
fn the_page_says_what_the_document_says() {
    let document = document();
    let mut read = reading::html(&printed(&document, Format::Html));
    let definitions = read.pop().expect("definitions");
    assert_eq!(definitions.rows[0][0].text, "Spent <all>");
    holds(&read, &tables(&document), str::to_owned, both);
}

#[test]
fn json_says_what_the_document_says() {
    let document = document();
    let bytes = printed(&document, Format::Json);
    holds(&reading::json(&bytes), &tables(&document), str::to_owned, both);
    let file: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(
        (&file["format"], &file["version"]),
        (&"countersign-document".into(), &1.into())
    );
    assert_eq!(file["dated"], "2018-04-03");
    let marks = file["marks"].as_array().unwrap();
    assert_eq!(marks.len(), Mark::ALL.len());
    assert_eq!(marks[0]["mark"], "hidden");
    assert_eq!(marks[0]["symbol"], "[c]");
    let canonical = countersign_domain::ledger::canonical::canonical(&file).unwrap();
    assert_eq!(canonical.as_bytes(), bytes);
}

#[test]
fn the_workbook_says_what_the_document_says() {
    let document = document();
    let bytes = printed(&document, Format::Xlsx);
    let read = reading::workbook(&bytes, &tables(&document));
    let mut too_long = 0;
    let count = std::cell::RefCell::new(&mut too_long);
    holds(&read, &tables(&document), str::to_owned, |cell, read| {
        match (told(cell), read.number) {
            ((_, Some((number, Unit::Percent))), Some(read)) => read * Decimal::ONE_HUNDRED == number,
            ((_, Some((number, _))), Some(read)) => read == number,
            // Only what has more digits than a workbook keeps of a number is written as words.
            ((text, Some(_)), None) => {
                **count.borrow_mut() += 1;
                read.text == text
            }
            ((text, None), number) => read.text == text && number.is_none(),
        }
    });
    assert_eq!(too_long, 1);
}

#[test]
fn the_spreadsheet_says_what_the_document_says() {
    let document = document();
    let read = reading::csv_tables(&printed(&document, Format::Csv), &tables(&document));
    holds(
        &read,
        &tables(&document),
        countersign::sheets::guarded,
        |cell, read| match told(cell) {
            (_, Some((number, _))) => read.text == number.to_string(),
            (text, None) => read.text == countersign::sheets::guarded(text),
        },
    );
}

#[test]
fn every_format_has_the_same_numbers_in_the_same_places() {
    let document = document();
    let tables = tables(&document);
    let page = reading::html(&printed(&document, Format::Html));
    let json = reading::json(&printed(&document, Format::Json));
    let book = reading::workbook(&printed(&document, Format::Xlsx), &tables);
    let csv = reading::csv_tables(&printed(&document, Format::Csv), &tables);
    let mut compared = 0;
    for (at, table) in tables.iter().enumerate() {
        for (row, cells) in table.rows.iter().enumerate() {
            for (column, cell) in cells.cells.iter().enumerate() {
                let of = |read: &[Read]| read[at].rows[row][column].clone();
                let Some(number) = of(&page).number else { continue };
                assert_eq!(of(&json).number, Some(number));
                assert_eq!(of(&csv).text.parse(), Ok(number));
                let (_, exact) = told(cell);
                let parts = if matches!(exact, Some((_, Unit::Percent))) {
                    Decimal::ONE_HUNDRED
                } else {
                    Decimal::ONE
                };
                assert!(of(&book).number.is_none_or(|read| read * parts == number));
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 12 + 40 * 12 + 3);
}

#[test]
fn what_stands_outside_tables_is_in_every_format() {
    let document = document();
    let bytes = |format| printed(&document, format);
    let page = reading::page_words(&bytes(Format::Html));
    let book = bytes(Format::Xlsx);
    let mut first = reading::sheet(&book, "Document").concat().concat();
    first.push_str(&reading::sheet(&book, "Definitions and coverage").concat().concat());
    let csv = reading::lines(&bytes(Format::Csv)).concat().join("\n");
    let json = String::from_utf8(bytes(Format::Json)).unwrap();
    let words = many_words();
    for said in [
        &document.title,
        document.watermark.as_ref().unwrap(),
        &words,
        "Of the grant £16,486.00 [e] was spent <i>now</i>\n=as promised.",
        "Spent <all>",
        "Added up over providers and periods",
        "Held back, because it could tell of single people",
        "Hope & Home, Ltd",
        "3 April 2018",
        "A panel or board",
    ] {
        assert!(page.contains(said), "the page lacks {said}");
        assert!(first.contains(said), "the workbook lacks {said}");
        assert!(csv.contains(said), "the spreadsheet lacks {said}");
    }
    for said in [
        words.as_str(),
        "Held back, because it could tell of single people",
        "Hope & Home, Ltd",
    ] {
        assert!(json.contains(said), "JSON lacks {said}");
    }
    let covered = "Returns signed: 5 of 7. They account for £16,046.00 of the £428,246.00 allocated. Not signed: Hope & \
                   Home, Ltd. Excused: =Quay Centre. 1 return in these figures is submitted and not signed.";
    assert!(page.contains(covered) && csv.contains(covered));
    let led = "Returns signed: 6 of 8. Those not signed and those excused are named under “Everything, project by project: \
               [all] of it?”.";
    assert!(page.contains(led) && csv.contains(led));
    assert!(
        first.contains("As under “Everything, project by project: [all] of it?”"),
        "{first}"
    );
}

#[test]
fn the_marks_of_numbers_stay_with_them() {
    let document = document();
    let bytes = printed(&document, Format::Xlsx);
    let (_, styles) = reading::unpacked(&bytes)
        .into_iter()
        .find(|(name, _)| name == "xl/styles.xml")
        .unwrap();
    for format in [
        "£#,##0.00&quot; [e]&quot;",
        "#,##0&quot; [e] [r]&quot;",
        "#,##0.0%",
        "£#,##0.00&quot; [p]&quot;",
    ] {
        assert!(styles.contains(format), "{format}: {styles}");
    }
    let csv = reading::lines(&printed(&document, Format::Csv));
    let line = csv.iter().find(|line| line[0] == "Family support").unwrap();
    assert_eq!(line.last().unwrap(), "Spent [e]; Reached [e] [r]");
    let page = String::from_utf8(printed(&document, Format::Html)).unwrap();
    assert!(page.contains(
        r#"<data value="16486.00">£16,486.00 <abbr title="Approximate, or with an approximate figure in it">[e]</abbr></data>"#
    ));
}

#[test]
fn the_same_document_is_the_same_bytes() {
    let document = document();
    let formats = [Format::Html, Format::Xlsx, Format::Csv, Format::Json];
    for format in formats {
        let bytes = printed(&document, format);
        assert!(bytes == printed(&document, format), "{format:?}");
        let mut later = document.clone();
        later.dated = day().succ_opt().unwrap();
        assert!(bytes != printed(&later, format), "{format:?} does not say its date");
    }
    let core = reading::unpacked(&printed(&document, Format::Xlsx));
    let (_, core) = core.into_iter().find(|(name, _)| name == "docProps/core.xml").unwrap();
    assert!(core.contains("2018-04-03T00:00:00Z"), "{core}");
}

#[test]
fn an_empty_document_has_every_format() {
    let empty = Document {
        blocks: vec![],
        definitions: vec![],
        watermark: None,
        subtitle: String::new(),
        ..document()
    };
    for format in Format::ALL {
        assert!(!printed(&empty, format).is_empty(), "{format:?}");
    }
}
