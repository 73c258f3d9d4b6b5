//! What is wrong with register data, and what it would change: in words, with the entry and the column.
//!
//! Invariant: an entry is told by its table and its place in it, from 0; who read it knows the line or the cell.

use std::fmt;

use countersign_domain::ledger::Digest;
use countersign_domain::quantity::{Reading, Sign, read_money};

use super::file::{Column, Kind, RegisterFile, TABLES};
use crate::service::ServiceError;
use crate::store::StoreError;

/// How grave a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Nothing is loaded while it is there.
    Error,
    /// Worth a look; it stands in the way of nothing.
    Warning,
}

/// Something that is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterProblem {
    /// The table.
    pub table: &'static str,
    /// The entry, from 0, in its table.
    pub entry: usize,
    /// The column; none: the entry as a whole.
    pub column: Option<&'static str>,
    /// Another entry of the same table that it has to do with: the other of two that are the same.
    pub also: Option<usize>,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl RegisterProblem {
    /// The problem with its place in the text that the file was read from, or in its table.
    pub fn words(&self, file: &RegisterFile) -> String {
        let place = match file.line(self.table, self.entry, self.column) {
            Some(line) => format!("line {line}"),
            None => format!("{} {}", self.table, self.entry + 1),
        };
        let also = self.also.map(|other| match file.line(self.table, other, self.column) {
            Some(line) => format!(" The other is in line {line}."),
            None => format!(" The other is {} {}.", self.table, other + 1),
        });
        let column = self.column.map(|column| format!(" ({column})")).unwrap_or_default();
        let warning = match self.severity {
            Severity::Error => "",
            Severity::Warning => "warning: ",
        };
        let help = if self.help.is_empty() {
            String::new()
        } else {
            format!(" {}", self.help)
        };
        format!(
            "{place}{column}: {warning}{}{}{help}",
            self.message,
            also.unwrap_or_default()
        )
    }
}

/// What a file makes of one entry of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The table.
    pub table: &'static str,
    /// The entry of the file, from 0.
    pub entry: usize,
    /// Which entry of the register, as people know it.
    pub key: String,
    /// Each column that says something else than before, or for a new entry says anything.
    pub values: Vec<ChangedValue>,
}

/// One value that changes, in words: money as `£1,200.00`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedValue {
    /// The column.
    pub column: &'static str,
    /// What it said; empty: nothing.
    pub was: String,
    /// What it will say.
    pub becomes: String,
}

impl fmt::Display for ChangedValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |text: &str| {
            if text.is_empty() {
                "nothing".to_owned()
            } else {
                text.to_owned()
            }
        };
        write!(f, "{}: {} → {}", self.column, words(&self.was), words(&self.becomes))
    }
}

/// What a file would change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Entries that are new.
    pub added: Vec<Changed>,
    /// Entries that say something else than before.
    pub changed: Vec<Changed>,
    /// How many entries say what the register says already.
    pub unchanged: usize,
}

impl Changes {
    /// What tells these changes from any others: of entries, columns, and what they said and will say.
    pub fn digest(&self) -> Digest {
        let mut told = String::new();
        for (kind, all) in [("added", &self.added), ("changed", &self.changed)] {
            for one in all {
                told.extend([kind, "\u{1f}", one.table, "\u{1f}", &one.key, "\u{1e}"]);
                for value in &one.values {
                    told.extend([value.column, "\u{1f}", &value.was, "\u{1f}", &value.becomes, "\u{1e}"]);
                }
            }
        }
        Digest::of(told.as_bytes())
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.added.is_empty() && self.changed.is_empty() {
            return write!(
                f,
                "nothing to change: the register says all {} entries already",
                self.unchanged
            );
        }
        let (added, changed) = (self.added.len(), self.changed.len());
        write!(f, "{added} added, {changed} changed, {} as they were", self.unchanged)
    }
}

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// What is wrong with the data, all of it.
    #[error("{}", all(.0))]
    Problems(Vec<RegisterProblem>),
    /// Anything else.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<StoreError> for LoadError {
    fn from(error: StoreError) -> Self {
        LoadError::Service(error.into())
    }
}

impl From<LoadError> for ServiceError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Service(error) => error,
            problems @ LoadError::Problems(_) => ServiceError::Refused(problems.to_string()),
        }
    }
}

fn all(problems: &[RegisterProblem]) -> String {
    let nowhere = RegisterFile::default();
    problems
        .iter()
        .map(|problem| problem.words(&nowhere))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The columns of a table.
pub(super) fn columns(table: &str) -> &'static [Column] {
    TABLES
        .iter()
        .find(|known| known.name == table)
        .map_or(&[], |table| table.columns)
}

/// The values in which two rows of a table differ; of a new one, all that it says.
pub(super) fn differences(table: &str, was: Option<&[String]>, becomes: &[String]) -> Vec<ChangedValue> {
    let value =
        |cells: Option<&[String]>, at: usize| cells.and_then(|cells| cells.get(at)).cloned().unwrap_or_default();
    let columns = columns(table).iter().enumerate();
    columns
        .filter_map(|(at, column)| {
            let (was, becomes) = (value(was, at), value(Some(becomes), at));
            (was != becomes).then(|| ChangedValue {
                column: column.name,
                was: shown(column.kind, was),
                becomes: shown(column.kind, becomes),
            })
        })
        .collect()
}

/// A cell as people read it.
fn shown(kind: Kind, cell: String) -> String {
    match (kind, read_money("", &cell, Sign::Any)) {
        (Kind::Money, Reading::Read { value, .. }) => value.to_string(),
        _ => cell,
    }
}
