//! One sheet as entries of a table: its headings found, its cells put as the register writes them.
//!
//! Invariant: a cell is passed on as it stands or as one thing that it can mean; what it may be in its column is for
//! whoever loads it, unless the cell itself cannot be read.

use std::collections::HashSet;

use countersign_domain::calendar::read_day;
use countersign_domain::form::rule;

use super::Severity;
use crate::service::register::file::{Column, Kind, Table};
use crate::sheets::{self, Cell, Row, Sheet, letters};

/// The headings stand within this many rows from the top.
const HEADINGS_WITHIN: usize = 20;

/// What a sheet comes to.
pub struct Found {
    /// Which column is which.
    pub headings: Headings,
    /// What is wrong with its shape.
    pub shape: Vec<ShapeFault>,
    /// Its rows below the headings.
    pub entries: Vec<(Row, Entry)>,
}

/// The columns of a sheet that are columns of its table.
#[derive(Default)]
pub struct Headings(Vec<(u32, &'static Column)>);

impl Headings {
    /// Which column of the sheet has this name.
    pub fn number(&self, name: &str) -> Option<u32> {
        let found = self.0.iter().find(|(_, column)| column.name == name);
        found.map(|(number, _)| *number)
    }
}

/// Something wrong with a sheet that no cell of an entry is to blame for.
pub struct ShapeFault {
    pub severity: Severity,
    pub row: Option<u32>,
    pub column: Option<u32>,
    pub heading: Option<String>,
    pub message: String,
    pub help: String,
}

/// A row as an entry of its table.
#[derive(Default)]
pub struct Entry {
    /// The values by the names of their columns.
    pub cells: Vec<(String, Vec<String>)>,
    /// The cells that cannot be read: the column, what is wrong, and what to do.
    pub faults: Vec<(&'static str, String, String)>,
}

/// The name nearest to one that is not known.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    rule::nearest(typed, names)
}

/// Reads a sheet that holds this table.
pub fn read(table: &'static Table, sheet: &Sheet) -> Found {
    let first = sheet.rows.iter().take(HEADINGS_WITHIN).enumerate();
    let best = first
        .map(|(nth, row)| {
            (
                row.cells
                    .iter()
                    .filter(|cell| column_of(table, &cell.text).is_some())
                    .count(),
                nth,
            )
        })
        .max_by_key(|(matched, nth)| (*matched, std::cmp::Reverse(*nth)));
    let Some((above, row)) = best
        .filter(|(matched, _)| *matched > 0)
        .and_then(|(_, nth)| Some((nth, sheet.rows.get(nth)?)))
    else {
        return Found {
            headings: Headings::default(),
            shape: vec![no_headings(table)],
            entries: vec![],
        };
    };
    let (headings, mut shape) = headings(table, row);
    shape.extend(sheet.merged.iter().filter(|(from, _)| *from >= row.number).map(merged));
    let below = sheet.rows.get(above + 1..).unwrap_or_default();
    shape.extend(stray_cells(row, below));
    let entries = below.iter().map(|row| (row.clone(), entry(&headings, row)));
    Found {
        entries: entries.collect(),
        headings,
        shape,
    }
}

/// A heading is the name of a column, however it is spaced and written: `Starts on`, `AMOUNT (£)`.
fn column_of(table: &'static Table, heading: &str) -> Option<&'static Column> {
    let words = heading
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("_").to_lowercase();
    table.columns.iter().find(|column| column.name == name)
}

fn headings(table: &'static Table, row: &Row) -> (Headings, Vec<ShapeFault>) {
    let (mut known, mut faults): (Vec<(u32, &'static Column)>, _) = (Vec::new(), Vec::new());
    let mut fault = |number: Option<u32>, heading: Option<&str>, message: String, help: String| {
        faults.push(ShapeFault {
            severity: Severity::Error,
            row: Some(row.number),
            column: number,
            heading: heading.map(str::to_owned),
            message,
            help,
        });
    };
    for cell in &row.cells {
        match column_of(table, &cell.text) {
            Some(column) if known.iter().any(|(_, other)| other.name == column.name) => fault(
                Some(cell.column),
                Some(column.name),
                format!("Two columns are headed `{}`.", column.name),
                "Take one of them out.".to_owned(),
            ),
            Some(column) => known.push((cell.column, column)),
            None => {
                let near = nearest(&cell.text, table.columns.iter().map(|column| column.name));
                let help = match near {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => format!("Take it out. The columns of `{}` are {}.", table.name, names(table)),
                };
                let message = format!("`{}` has no column “{}”.", table.name, cell.text);
                fault(Some(cell.column), None, message, help);
            }
        }
    }
    for column in table.columns.iter().filter(|column| column.needed) {
        if !known.iter().any(|(_, found)| found.name == column.name) {
            let help = format!("Add a column headed `{}`: {}.", column.name, column.words);
            fault(
                None,
                Some(column.name),
                format!("The column `{}` is missing.", column.name),
                help,
            );
        }
    }
    (Headings(known), faults)
}

fn names(table: &Table) -> String {
    table
        .columns
        .iter()
        .map(|column| column.name)
        .collect::<Vec<_>>()
        .join(", ")
}

fn no_headings(table: &Table) -> ShapeFault {
    ShapeFault {
        severity: Severity::Error,
        row: None,
        column: None,
        heading: None,
        message: format!(
            "There is no row of headings for `{}` among the first {HEADINGS_WITHIN}.",
            table.name
        ),
        help: format!("Head the columns {}.", names(table)),
    }
}

fn merged((row, range): &(u32, String)) -> ShapeFault {
    ShapeFault {
        severity: Severity::Error,
        row: Some(*row),
        column: None,
        heading: None,
        message: format!("The cells {range} are merged into one, so it cannot be told which rows it is for."),
        help: "Unmerge them and fill in each row.".to_owned(),
    }
}

/// Cells in a column without a heading: the first of each column.
fn stray_cells(headings: &Row, below: &[Row]) -> Vec<ShapeFault> {
    let headed: HashSet<u32> = headings.cells.iter().map(|cell| cell.column).collect();
    let mut seen = HashSet::new();
    let cells = below
        .iter()
        .flat_map(|row| row.cells.iter().map(move |cell| (row.number, cell)));
    cells
        .filter(|(_, cell)| !headed.contains(&cell.column) && seen.insert(cell.column))
        .map(|(row, cell)| ShapeFault {
            severity: Severity::Error,
            row: Some(row),
            column: Some(cell.column),
            heading: None,
            message: format!(
                "“{}” stands in column {}, which has no heading.",
                cell.text,
                letters(cell.column)
            ),
            help: "Head the column or clear it.".to_owned(),
        })
        .collect()
}

fn entry(headings: &Headings, row: &Row) -> Entry {
    let mut entry = Entry::default();
    for (number, column) in &headings.0 {
        let Some(cell) = row.cell(*number) else { continue };
        match values(column, cell) {
            Ok(values) => entry.cells.push((column.name.to_owned(), values)),
            Err((message, help)) => {
                // What stands there is passed on, so that a needed value is not called missing as well.
                entry.cells.push((column.name.to_owned(), vec![cell.text.clone()]));
                entry.faults.push((column.name, message, help));
            }
        }
    }
    entry
}

/// What a cell says in this column, as the register writes it.
fn values(column: &Column, cell: &Cell) -> Result<Vec<String>, (String, String)> {
    let text = cell.text.as_str();
    let wrong = |why: &str, help: &str| Err((format!("“{text}” {why}."), help.to_owned()));
    match (column.kind, cell.kind) {
        (_, sheets::Kind::Fault(fault)) => {
            let (why, help) = fault.words();
            wrong(why, help)
        }
        (Kind::Day, sheets::Kind::Day) => Ok(vec![text.to_owned()]),
        (Kind::Day, sheets::Kind::Number) => wrong(
            "is a number, where a date belongs",
            "Format the cell as a date, or write it like 31/03/2018.",
        ),
        (Kind::Day, _) => match read_day(text) {
            Ok(day) => Ok(vec![day.to_string()]),
            Err(message) => Err((message, String::new())),
        },
        // Spreadsheet programs make dates of keys like 1-2 as they are typed.
        (_, sheets::Kind::Day) => wrong(
            "is a date, which does not belong here",
            "If the program made a date of what was typed, format the cell as text and type it again.",
        ),
        (Kind::YesNo, _) => match text.to_lowercase().as_str() {
            "yes" | "y" | "true" | "1" => Ok(vec!["yes".to_owned()]),
            "no" | "n" | "false" | "0" => Ok(vec!["no".to_owned()]),
            _ => wrong(
                "is neither yes nor no",
                "Write yes or no, or leave the cell empty for no.",
            ),
        },
        (Kind::List, _) => Ok(text.split([';', '\n']).map(|part| part.trim().to_owned()).collect()),
        (Kind::Text | Kind::Money | Kind::Weight, _) => Ok(vec![text.to_owned()]),
    }
}
