//! What is wrong with an import, with the cell that it is about.
//!
//! Invariant: one line of plain text, whatever stands in the file, and enough to find the cell by.

use std::fmt;

use super::Severity;
use crate::service::{ServiceError, one_line};

/// A problem of a file that somebody wants to import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportProblem {
    /// How grave it is.
    pub severity: Severity,
    /// The file.
    pub file: String,
    /// The sheet; a CSV file has none.
    pub sheet: Option<String>,
    /// The row, from 1; none: the sheet or the file as a whole.
    pub row: Option<u32>,
    /// The letter of the column; none: the row as a whole, or a column that the sheet has not.
    pub column: Option<String>,
    /// The heading of the column.
    pub heading: Option<String>,
    /// What stands in the cell.
    pub shows: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl ImportProblem {
    /// Where it is: `people.csv:7:C (email)`, `register.xlsx:people:7:C (email)`.
    pub fn place(&self) -> String {
        let mut place = self.file.clone();
        for part in [
            self.sheet.clone(),
            self.row.map(|row| row.to_string()),
            self.column.clone(),
        ] {
            place.extend(part.map(|part| format!(":{part}")));
        }
        place.extend(self.heading.as_ref().map(|heading| format!(" ({heading})")));
        one_line(&place)
    }
}

impl fmt::Display for ImportProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let warning = match self.severity {
            Severity::Error => "",
            Severity::Warning => "warning: ",
        };
        let shows = match &self.shows {
            Some(shows) if !self.message.contains(shows) => format!(" The cell says “{shows}”."),
            _ => String::new(),
        };
        let stop = if self.message.ends_with(['.', '?', '!']) {
            ""
        } else {
            "."
        };
        let said = one_line(&format!("{}{stop}{shows} {}", self.message, self.help));
        write!(f, "{}: {warning}{said}", self.place())
    }
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// What is wrong with the files, all of it.
    #[error("{} problems", .0.len())]
    Problems(Vec<ImportProblem>),
    /// Anything else.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_one_line_that_leads_to_its_cell() {
        let mut problem = ImportProblem {
            severity: Severity::Error,
            file: "people.csv".to_owned(),
            sheet: None,
            row: Some(7),
            column: Some("C".to_owned()),
            heading: Some("email".to_owned()),
            shows: Some("jo at work".to_owned()),
            message: "This is not an email address.".to_owned(),
            help: "Write it like jo@example.org.".to_owned(),
        };
        assert_eq!(
            problem.to_string(),
            "people.csv:7:C (email): This is not an email address. The cell says “jo at work”. Write it like jo@example.org."
        );
        problem.message = "“jo at work” is not an email address".to_owned();
        problem.severity = Severity::Warning;
        problem.sheet = Some("peo\u{202e}ple\u{1b}[31m".to_owned());
        assert_eq!(
            problem.to_string(),
            "people.csv:people[31m:7:C (email): warning: “jo at work” is not an email address. Write it like jo@example.org."
        );
    }
}
