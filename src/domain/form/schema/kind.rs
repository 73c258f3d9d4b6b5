//! What kind of answer a question takes.
//!
//! Invariant: a kind holds all that is needed to read an answer of it, and nothing of where it is asked.

use super::{Question, Severity, Words};
use crate::form::rule::Rule;

/// What kind of answer a question takes.
#[derive(Debug, Clone)]
pub enum Kind {
    /// One line.
    Text {
        /// Longest, in characters.
        max_chars: u32,
    },
    /// Several paragraphs.
    Narrative {
        /// Longest, in words.
        max_words: Option<u32>,
        /// Whether it is looked through for personal data (a warning).
        personal_data_warn: bool,
    },
    /// Pounds and pence.
    Money {
        /// Whether less than nought makes sense.
        negative: bool,
    },
    /// A whole number.
    Count {
        /// True when it counts people: suppression applies.
        people: bool,
    },
    /// A percentage typed by hand.
    Percent {
        /// Decimal places kept, 0 to 4.
        places: u32,
        /// Whether less than nought makes sense.
        negative: bool,
        /// What it is checked against, as a percentage (29.0, not 0.29).
        check: Option<Rule>,
        /// What a difference is.
        severity: Severity,
    },
    /// A plain number with decimal places.
    Decimal {
        /// Decimal places kept, 1 to 4.
        places: u32,
        /// Whether less than nought makes sense.
        negative: bool,
    },
    /// From so many to so many, shown as given.
    Range {
        /// True when it counts people.
        people: bool,
    },
    /// Two counts: so many of so many.
    Ratio {
        /// What the numerator counts.
        of_label: Words,
        /// What the denominator counts.
        per_label: Words,
        /// Shown and reported as a percentage with this many places.
        places: u32,
        /// True when it counts people.
        people: bool,
    },
    /// A calendar date.
    Date,
    /// Yes or no.
    YesNo,
    /// One of several.
    Choice {
        /// Id and words of each.
        options: Vec<(String, Words)>,
    },
    /// Any of several.
    Choices {
        /// Id and words of each.
        options: Vec<(String, Words)>,
        /// The fewest, when it is answered at all.
        min: u32,
        /// The most.
        max: Option<u32>,
    },
    /// Any of the priorities of the fund's plan.
    Priority {
        /// The most; one: exactly one is chosen.
        max: Option<u32>,
    },
    /// A person to ask: name, address and telephone number.
    Contact,
    /// Rows and columns.
    Table(Table),
    /// Items with amounts, beside a total asked for elsewhere.
    Split {
        /// The money question that the items should come to.
        of: String,
        /// What a difference is.
        severity: Severity,
        /// Most rows, 1 to 200.
        max_rows: u32,
    },
    /// Uploaded documents.
    File {
        /// Extensions allowed, lower case, a subset of the server's list.
        accept: Vec<String>,
        /// Most files.
        max_files: u32,
    },
    /// A statement that the preparer ticks.
    Declaration {
        /// The exact words.
        statement: Words,
    },
    /// Never typed.
    Calculated {
        /// What it is.
        value: Rule,
        /// Decimal places when it is a plain number or a percentage.
        places: u32,
        /// Shown with a % sign.
        percent: bool,
    },
}

/// A table: rows of cells, each column a question of its own.
#[derive(Debug, Clone)]
pub struct Table {
    /// As what it was written.
    pub made_as: TableKind,
    /// Where its rows come from.
    pub rows: TableRows,
    /// The columns; of kinds that fit a cell.
    pub columns: Vec<Question>,
    /// Shown with its rows across and its columns down.
    pub turned: bool,
}

impl Table {
    /// The columns that say what a part of an amount is called and what it comes to: the first of text, and the one of
    /// money that is called `amount`.
    pub fn part_columns(&self) -> Option<(usize, usize)> {
        let title = self
            .columns
            .iter()
            .position(|column| matches!(column.kind, Kind::Text { .. }))?;
        let amount = self
            .columns
            .iter()
            .position(|column| column.id == "amount" && matches!(column.kind, Kind::Money { .. }))?;
        Some((title, amount))
    }
}

/// As what a table is written in a form; each kind has checks of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    /// Rows and columns as the form says.
    Matrix,
    /// Counts, none larger than the one before: columns `number` and `share` (of the stage before).
    Funnel,
    /// Yes or no for each item: columns `answer` and `comment`.
    Checklist,
    /// Risks: columns `theme`, `concern`, `budget` and `recommendation`.
    Risk,
}

/// Where the rows of a table come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableRows {
    /// Given by the form.
    Fixed(Vec<TableRow>),
    /// The cohorts of the form.
    Cohorts,
    /// The allocations of the grant.
    Allocations,
    /// The budget lines of the section's allocation.
    Lines,
    /// The priorities of the fund's plan.
    Priorities,
    /// Added by the provider, numbered from 0.
    Added {
        /// The fewest, before the return can be submitted.
        min: u32,
        /// The most, 1 to 200.
        max: u32,
    },
}

/// A row that a form gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// Permanent id.
    pub id: String,
    /// What it is called.
    pub label: Words,
    /// Of a checklist's item: the answer, yes or no, for which it wants a comment.
    pub comment_when: Option<bool>,
}
