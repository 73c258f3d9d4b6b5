//! Files as register data, with the way back from an entry to the row that it came from.
//!
//! Invariant: every entry has a place; a cell about which something has been said is not spoken of twice.

use std::collections::{HashMap, HashSet};

use super::problem::ImportProblem;
use super::sheet::{self, Found, Headings};
use super::{RegisterProblem, Severity, Upload};
use crate::service::register::file::{RegisterFile, TABLES, Table, table};
use crate::service::register::pages::READ_ME;
use crate::sheets::{self, Book, Row, SheetProblem, letters};

/// What was read from files.
#[derive(Default)]
pub struct Gathered {
    /// The register data.
    pub file: RegisterFile,
    problems: Vec<ImportProblem>,
    /// Whether the headings of every sheet are as they should be. While they are not, what could be said of their rows
    /// would only follow from that.
    misshapen: bool,
    /// The sheets that entries came from.
    sources: Vec<Source>,
    /// Where an entry came from: its source and the row there.
    places: HashMap<(&'static str, usize), (usize, Row)>,
    /// The cells of which something has been said.
    said: HashSet<(&'static str, usize, &'static str)>,
}

/// A sheet of a file.
struct Source {
    file: String,
    sheet: Option<String>,
    headings: Headings,
}

/// Reads all the files, whatever is wrong with one of them.
pub fn gather(uploads: Vec<Upload>) -> Gathered {
    let mut gathered = Gathered::default();
    for upload in uploads {
        match sheets::read(&upload.bytes, &upload.name) {
            Ok(book) => gathered.book(book, upload.table.as_deref()),
            Err(problems) => {
                gathered.misshapen = true;
                let said = problems.into_iter().map(|problem| of_sheet(&upload.name, problem));
                gathered.problems.extend(said);
            }
        }
    }
    gathered
}

impl Gathered {
    /// Whether a file or a sheet is not as it should be as a whole, so that its rows cannot be held against the register.
    pub fn is_misshapen(&self) -> bool {
        self.misshapen
    }

    /// Whether nothing that was found stands in the way.
    pub fn is_right(&self) -> bool {
        self.problems
            .iter()
            .all(|problem| problem.severity == Severity::Warning)
    }

    /// Everything that is wrong: what was found in reading, and these, each with its cell.
    pub fn problems(&self, found: Vec<RegisterProblem>) -> Vec<ImportProblem> {
        let mut problems = self.problems.clone();
        for problem in found {
            let cell = problem.column.map(|column| (problem.table, problem.entry, column));
            if cell.is_none_or(|cell| !self.said.contains(&cell)) {
                problems.push(self.at_its_cell(problem));
            }
        }
        let order: HashMap<(&str, Option<&str>), usize> = self
            .sources
            .iter()
            .enumerate()
            .map(|(nth, source)| ((source.file.as_str(), source.sheet.as_deref()), nth))
            .collect();
        problems.sort_by_key(|problem| {
            let source = order.get(&(problem.file.as_str(), problem.sheet.as_deref())).copied();
            let column = problem.column.clone().unwrap_or_default();
            (source, problem.row, column.len(), column)
        });
        problems
    }

    fn at_its_cell(&self, problem: RegisterProblem) -> ImportProblem {
        let also = problem.also.and_then(|other| self.places.get(&(problem.table, other)));
        let also = also.map(|(source, row)| {
            let sheet = self.sources.get(*source).map(Source::name).unwrap_or_default();
            format!(" The other is in row {} of {sheet}.", row.number)
        });
        let message = format!("{}{}", problem.message, also.unwrap_or_default());
        self.place(
            (problem.table, problem.entry),
            problem.column,
            problem.severity,
            message,
            problem.help,
        )
    }

    /// A problem at the cell of an entry.
    fn place(
        &self,
        entry: (&'static str, usize),
        column: Option<&'static str>,
        severity: Severity,
        message: String,
        help: String,
    ) -> ImportProblem {
        let place = self
            .places
            .get(&entry)
            .and_then(|(source, row)| Some((self.sources.get(*source)?, row)));
        let (source, row) = match place {
            Some((source, row)) => (Some(source), Some(row)),
            None => (None, None),
        };
        let number = column.and_then(|column| source?.headings.number(column));
        let cell = number.and_then(|number| row?.cell(number));
        ImportProblem {
            severity,
            file: source.map(|source| source.file.clone()).unwrap_or_default(),
            sheet: source.and_then(|source| source.sheet.clone()),
            row: row.map(|row| row.number),
            column: number.map(letters),
            heading: column.map(str::to_owned),
            shows: cell.map(|cell| cell.text.clone()),
            message,
            help,
        }
    }

    fn book(&mut self, book: Book, told: Option<&str>) {
        for remark in book.remarks.iter().cloned() {
            self.problems.push(of_sheet(&book.file, remark));
        }
        let told = match told.map(|name| (name, table(name))) {
            Some((name, None)) => return self.misshapen(&book.file, None, no_such_table(name)),
            Some((_, found)) => found,
            None => None,
        };
        let is_workbook = book.sheets.iter().any(|sheet| sheet.name.is_some());
        let filled = book.sheets.iter().filter(|sheet| !sheet.rows.is_empty()).count();
        let mut tables = 0;
        for sheet in book.sheets.into_iter().filter(|sheet| !sheet.rows.is_empty()) {
            let name = sheet.name.as_deref();
            let own = match name {
                Some(name) => table(name),
                None => table_of_file(&book.file),
            };
            match told.filter(|_| filled == 1).or(own) {
                Some(known) if told.is_none_or(|told| told == known) => {
                    tables += 1;
                    self.sheet(&book.file, known, sheet);
                }
                Some(_) => {}
                None if name.is_some_and(|name| name.trim().eq_ignore_ascii_case(READ_ME)) => {}
                None if is_workbook => self.not_a_table(&book.file, name.unwrap_or_default()),
                None => self.misshapen(&book.file, None, unnamed(&book.file)),
            }
        }
        if tables == 0 && !self.misshapen {
            self.misshapen(&book.file, None, no_table_in_it());
        }
    }

    /// A sheet that is named like no table: it may be somebody's notes, or a slip.
    fn not_a_table(&mut self, file: &str, name: &str) {
        let near = sheet::nearest(name, TABLES.iter().map(|table| table.name));
        let help = match near {
            Some(near) => format!("If it is the table `{near}`, name it so."),
            None => format!("If it is one, name it after its table: {}.", table_names()),
        };
        let severity = if near.is_some() {
            Severity::Error
        } else {
            Severity::Warning
        };
        self.misshapen |= near.is_some();
        self.problems.push(ImportProblem {
            severity,
            message: format!("The sheet “{name}” is named like no table of the register, so it is not read."),
            help,
            ..about(file, Some(name))
        });
    }

    fn misshapen(&mut self, file: &str, sheet: Option<&str>, (message, help): (String, String)) {
        self.misshapen = true;
        self.problems.push(ImportProblem {
            message,
            help,
            ..about(file, sheet)
        });
    }

    fn sheet(&mut self, file: &str, table: &'static Table, sheet: sheets::Sheet) {
        let Found {
            headings,
            shape,
            entries,
        } = sheet::read(table, &sheet);
        self.misshapen |= shape.iter().any(|fault| fault.severity == Severity::Error);
        for fault in shape {
            self.problems.push(ImportProblem {
                severity: fault.severity,
                row: fault.row,
                column: fault.column.map(letters),
                heading: fault.heading,
                message: fault.message,
                help: fault.help,
                ..about(file, sheet.name.as_deref())
            });
        }
        let source = self.sources.len();
        self.sources.push(Source {
            file: file.to_owned(),
            sheet: sheet.name,
            headings,
        });
        for (row, entry) in entries {
            let Some(nth) = self.file.add(table.name, entry.cells) else {
                continue;
            };
            let key = (table.name, nth);
            self.places.insert(key, (source, row));
            for (column, message, help) in entry.faults {
                self.said.insert((table.name, nth, column));
                let problem = self.place(key, Some(column), Severity::Error, message, help);
                self.problems.push(problem);
            }
        }
    }
}

impl Source {
    /// The sheet, or the file that is one.
    fn name(&self) -> String {
        self.sheet.clone().unwrap_or_else(|| self.file.clone())
    }
}

/// A problem of a sheet as a whole.
fn about(file: &str, sheet: Option<&str>) -> ImportProblem {
    ImportProblem {
        severity: Severity::Error,
        file: file.to_owned(),
        sheet: sheet.map(str::to_owned),
        row: None,
        column: None,
        heading: None,
        shows: None,
        message: String::new(),
        help: String::new(),
    }
}

fn of_sheet(file: &str, problem: SheetProblem) -> ImportProblem {
    ImportProblem {
        severity: match problem.severity {
            sheets::Severity::Error => Severity::Error,
            sheets::Severity::Warning => Severity::Warning,
        },
        row: problem.row,
        message: problem.message,
        help: problem.help,
        ..about(file, problem.sheet.as_deref())
    }
}

/// The table that the name of a file says it holds: `people.csv`, `grants 2018.csv`.
fn table_of_file(file: &str) -> Option<&'static Table> {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let first = stem.split(|c: char| !c.is_alphabetic()).find(|word| !word.is_empty());
    table(stem).or_else(|| table(first?))
}

fn table_names() -> String {
    TABLES.iter().map(|table| table.name).collect::<Vec<_>>().join(", ")
}

fn no_such_table(name: &str) -> (String, String) {
    (
        format!("There is no table “{name}” in a register."),
        format!("The tables are {}.", table_names()),
    )
}

fn unnamed(file: &str) -> (String, String) {
    (
        format!("The name of “{file}” does not say which table of the register it holds."),
        format!(
            "Name it after one, like people.csv, or say which it is. The tables are {}.",
            table_names()
        ),
    )
}

fn no_table_in_it() -> (String, String) {
    (
        "There is no table of the register in the file.".to_owned(),
        format!("Name each sheet after its table: {}.", table_names()),
    )
}
