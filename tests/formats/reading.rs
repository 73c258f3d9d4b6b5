//! Reads the tables back out of each format.
//!
//! Invariant: nothing of the renderers is used; each format is read as a stranger reads it.

use std::io::{Cursor, Read as _};

use calamine::{Data, Reader, Xlsx};
use rust_decimal::Decimal;
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;

/// A table as it was read.
#[derive(Debug, PartialEq)]
pub struct Read {
    pub caption: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// A cell as it was read: what stands there, and the number where the format knows one.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    pub text: String,
    pub number: Option<Decimal>,
}

fn cell(text: impl Into<String>) -> Cell {
    Cell {
        text: text.into(),
        number: None,
    }
}

pub fn selector(of: &str) -> Selector {
    Selector::parse(of).unwrap()
}

/// The words of an element, a line break kept.
pub fn words(element: ElementRef<'_>) -> String {
    element
        .descendants()
        .filter_map(|node| match node.value() {
            scraper::Node::Text(text) => Some(text.to_string()),
            scraper::Node::Element(element) if element.name() == "br" => Some("\n".to_owned()),
            _ => None,
        })
        .collect()
}

/// All the words of a page.
pub fn page_words(bytes: &[u8]) -> String {
    words(Html::parse_document(std::str::from_utf8(bytes).unwrap()).root_element())
}

/// The tables of a page; the last one is of definitions.
pub fn html(bytes: &[u8]) -> Vec<Read> {
    let page = Html::parse_document(std::str::from_utf8(bytes).unwrap());
    let (data, cells) = (selector("data"), selector("th, td"));
    let of = |table: ElementRef<'_>, part: &str| -> Vec<Vec<Cell>> {
        let rows = selector(&format!("{part} > tr"));
        let read = |element: ElementRef<'_>| Cell {
            text: words(element),
            number: element
                .select(&data)
                .next()
                .map(|data| data.attr("value").unwrap().parse().unwrap()),
        };
        table
            .select(&rows)
            .map(|row| row.select(&cells).map(read).collect())
            .collect()
    };
    let all = selector("table");
    let tables = page.select(&all).map(|table| Read {
        caption: words(table.select(&selector("caption")).next().unwrap()),
        columns: of(table, "thead").remove(0).into_iter().map(|cell| cell.text).collect(),
        rows: of(table, "tbody"),
    });
    tables.collect()
}

/// The tables of a workbook, from the sheets between the first and the last. They say below their caption the watermark,
/// where the document has one.
/// Percentages are given as they were: a quarter is 25.
pub fn workbook(bytes: &[u8], tables: &[&countersign_domain::document::Table]) -> Vec<Read> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let names = book.sheet_names();
    assert_eq!(names.len(), tables.len() + 2);
    let mut read = Vec::new();
    for (name, table) in names[1..].iter().zip(tables) {
        let range = book.worksheet_range(name).unwrap();
        let text = |data: &Data| match data {
            Data::Empty => String::new(),
            Data::String(text) => text.clone(),
            other => panic!("{name}: {other:?} is not words"),
        };
        let at = |row: usize| -> Vec<&Data> { range.rows().nth(row).unwrap().iter().collect() };
        let width = table.columns.len();
        let titled = |data: &Data, title: &str| matches!(data, Data::String(text) if text == title);
        let headed = |row| {
            at(row)
                .iter()
                .zip(&table.columns)
                .all(|(data, column)| titled(data, &column.title))
        };
        let headings = if headed(1) { 1 } else { 2 };
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for row in headings + 1..range.height() {
            let data = &at(row)[..width];
            // Words too long for a cell go on in the next row, where nothing else stands.
            let goes_on = data[0] == &Data::Empty && data.iter().any(|data| **data != Data::Empty);
            if goes_on {
                let last = rows.last_mut().unwrap();
                for (cell, data) in last.iter_mut().zip(data) {
                    cell.text.push_str(&text(data));
                }
                continue;
            }
            if rows.len() == table.rows.len() {
                break;
            }
            rows.push(data.iter().map(|data| in_workbook(data)).collect());
        }
        read.push(Read {
            caption: text(at(0)[0]),
            columns: at(headings)[..width].iter().map(|data| text(data)).collect(),
            rows,
        });
    }
    read
}

fn in_workbook(data: &Data) -> Cell {
    match data {
        Data::Empty => cell(""),
        Data::String(text) => cell(text),
        Data::Float(number) => Cell {
            text: String::new(),
            number: Some(Decimal::try_from(*number).unwrap()),
        },
        other => panic!("{other:?}"),
    }
}

/// All that stands in the sheet, row by row.
pub fn sheet(bytes: &[u8], name: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range(name).unwrap();
    let text = |data: &Data| match data {
        Data::Empty => String::new(),
        Data::String(text) => text.clone(),
        Data::Float(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    range.rows().map(|row| row.iter().map(text).collect()).collect()
}

/// The files that a workbook is made of.
pub fn unpacked(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.push((file.name().unwrap().into_owned(), text));
    }
    files
}

/// The lines of a CSV file.
pub fn lines(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text);
    let records = reader
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect());
    records.collect()
}

/// The tables of a CSV file: after each caption the headings, then as many rows as the table has. A last column of marks is
/// left out. Which cells are numbers a CSV file does not tell.
pub fn csv_tables(bytes: &[u8], tables: &[&countersign_domain::document::Table]) -> Vec<Read> {
    let lines = lines(bytes);
    let mut at = 0;
    let mut read = Vec::new();
    for table in tables {
        let headings = |line: &[String]| {
            let titles = table
                .columns
                .iter()
                .map(|column| countersign::sheets::guarded(&column.title));
            line.iter().zip(titles).filter(|(read, title)| *read == title).count() == table.columns.len()
        };
        at += lines[at..].iter().position(|line| headings(line)).unwrap();
        let width = table.columns.len();
        let rows = &lines[at + 1..=at + table.rows.len()];
        read.push(Read {
            caption: lines[at - 1][0].clone(),
            columns: lines[at][..width].to_vec(),
            rows: rows.iter().map(|row| row[..width].iter().map(cell).collect()).collect(),
        });
        at += table.rows.len();
    }
    read
}

/// The tables of JSON.
pub fn json(bytes: &[u8]) -> Vec<Read> {
    let file: Value = serde_json::from_slice(bytes).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let read = |value: &Value| match value["cell"].as_str().unwrap() {
        "text" => cell(text(&value["text"])),
        "figure" => Cell {
            text: text(&value["figure"]["text"]),
            number: value["figure"]["exact"]["number"]
                .as_str()
                .map(|number| number.parse().unwrap()),
        },
        other => panic!("{other}"),
    };
    let mut tables = Vec::new();
    for block in file["blocks"].as_array().unwrap() {
        let table = match block["kind"].as_str().unwrap() {
            "table" => block,
            "chart" => &block["table"],
            _ => continue,
        };
        let list = |value: &Value| value.as_array().unwrap().clone();
        tables.push(Read {
            caption: text(&table["caption"]),
            columns: list(&table["columns"])
                .iter()
                .map(|column| text(&column["title"]))
                .collect(),
            rows: list(&table["rows"])
                .iter()
                .map(|row| list(&row["cells"]).iter().map(read).collect())
                .collect(),
        });
    }
    tables
}
