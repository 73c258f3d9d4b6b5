//! The register as sheets: what is exported, and the template that is filled in.
//!
//! Invariant: a sheet for every table with its columns in their order; what is written here is imported again without a
//! change.

use countersign_domain::quantity::{Reading, Sign, read_money};
use rust_decimal::Decimal;

use super::file::{Column, Kind, RegisterFile, TABLES, Table};
use crate::sheets::{Page, Shape, Value, WriteError, write_csv, write_workbook};

/// A sheet that explains and holds nothing.
pub const READ_ME: &str = "Read me";

/// What holds for every sheet.
const EVERYWHERE: [(&str, &str); 6] = [
    (
        "dates",
        "31/03/2018, 31 March 2018 or 2018-03-31; always the day before the month, and the year in full",
    ),
    ("money", "in pounds: 1200, 1,200.50 or £1,200.50"),
    ("yes or no", "yes or no; empty is no"),
    ("several", "with a semicolon between them: victims; young-people"),
    (
        "rows",
        "one entry each; no merged cells, no totals; empty rows and sheets are passed over",
    ),
    (
        "again",
        "an entry whose key is known is changed to what its row says; what no row names stays as it is",
    ),
];

/// What a column holds, in a word or two.
pub fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Money => "money",
        Kind::Day => "date",
        Kind::Weight => "number",
        Kind::YesNo => "yes or no",
        Kind::List => "several",
    }
}

/// The register data as an Excel workbook.
///
/// # Errors
/// When a workbook cannot hold it: a text of more than 32,767 characters.
pub fn workbook(file: &RegisterFile) -> Result<Vec<u8>, WriteError> {
    let pages: Vec<Page> = TABLES.iter().map(|table| page(file, table)).collect();
    write_workbook(&pages)
}

/// One table of the register data as CSV.
///
/// # Errors
/// Only when memory cannot be written to.
pub fn csv(file: &RegisterFile, table: &Table) -> Result<Vec<u8>, WriteError> {
    write_csv(&page(file, table))
}

/// An empty workbook to be filled in, with a sheet that says what belongs where.
///
/// # Errors
/// Only when memory cannot be written to.
pub fn template() -> Result<Vec<u8>, WriteError> {
    let nothing = RegisterFile::default();
    let pages: Vec<Page> = std::iter::once(read_me())
        .chain(TABLES.iter().map(|table| page(&nothing, table)))
        .collect();
    write_workbook(&pages)
}

fn read_me() -> Page {
    let row = |cells: [&str; 5]| cells.map(Value::words).to_vec();
    let everywhere = EVERYWHERE
        .iter()
        .map(|(what, words)| row(["every sheet", "", "", what, words]));
    let tables = TABLES.iter().flat_map(|table| {
        let columns = table.columns.iter().map(|column| {
            let needed = if column.needed { "yes" } else { "" };
            row([table.name, column.name, needed, kind_words(column.kind), column.words])
        });
        std::iter::once(row([table.name, "", "", "", table.words])).chain(columns)
    });
    Page {
        name: READ_ME.to_owned(),
        columns: ["sheet", "column", "needed", "what kind", "what it is"]
            .map(|title| (title.to_owned(), Shape::Words))
            .to_vec(),
        rows: everywhere.chain(tables).collect(),
    }
}

fn page(file: &RegisterFile, table: &Table) -> Page {
    let columns = table
        .columns
        .iter()
        .map(|column| (column.name.to_owned(), shape(column.kind)));
    let rows = file.rows(table.name).into_iter().map(|cells| {
        let cells = table.columns.iter().zip(cells);
        cells.map(|(column, cell)| value(column, cell)).collect()
    });
    Page {
        name: table.name.to_owned(),
        columns: columns.collect(),
        rows: rows.collect(),
    }
}

fn shape(kind: Kind) -> Shape {
    match kind {
        Kind::Text | Kind::YesNo | Kind::List => Shape::Words,
        Kind::Money => Shape::Money,
        Kind::Weight => Shape::Number,
        Kind::Day => Shape::Day,
    }
}

/// A cell by what its column holds; what is not that is written as it stands.
fn value(column: &Column, cell: String) -> Value {
    match column.kind {
        Kind::Money => match read_money(column.name, &cell, Sign::Any) {
            Reading::Read { value, .. } => Value::Figure(value.to_decimal()),
            Reading::Blank | Reading::Ask { .. } | Reading::Refused { .. } => Value::words(cell),
        },
        Kind::Weight => match cell.parse::<Decimal>() {
            Ok(weight) => Value::Figure(weight),
            Err(_) => Value::words(cell),
        },
        Kind::Day => match cell.parse() {
            Ok(day) => Value::Day(day),
            Err(_) => Value::words(cell),
        },
        Kind::Text | Kind::YesNo | Kind::List => Value::words(cell),
    }
}
