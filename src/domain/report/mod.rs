//! A report file: what a paper is made by. Its head says what it is about and what of it a commissioner writes; its body is
//! Markdown with functions, which is kept here as text.
//!
//! Invariant: a value of [`Report`] has passed all of [`parse`], so that nothing that uses it fails for a fault in its head.

mod against;
mod names;
mod read;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::form::placeholder;
use crate::form::schema::Audience;
use crate::ledger::Digest;
use crate::measure::suppress::Policy;
use crate::period::PeriodKind;

pub use against::check_against;
pub use names::{Part, Wrong, find};
pub use read::{ENDING, MAX_BYTES, MAX_FIGURES, MAX_FORMS, MAX_PROSE, is_private, parse};

/// A report file, read.
#[derive(Debug, Clone)]
pub struct Report {
    /// Permanent id, and the name of its file.
    pub id: String,
    /// Counts from 1.
    pub version: u32,
    /// What a paper of it is called; may have `{fund.title}` and `{period}` in it.
    pub title: String,
    /// What one paper covers.
    pub covers: Covers,
    /// The widest that a paper of it may travel.
    pub audience: Audience,
    /// How small counts of people are held back; there is one wherever the audience is wider than internal.
    pub policy: Option<Policy>,
    /// The forms that it is about, by id; none means every form of the fund.
    pub forms: Vec<String>,
    /// Whether its forms are looked for in every fund of the same commissioner, and not in the paper's own alone.
    pub across: bool,
    /// A change of so many per cent on the period before asks for an explanation. 1 to 1,000.
    pub explain: Option<u32>,
    /// What a commissioner writes, in the order of the file.
    pub prose: Vec<Prose>,
    /// The figures that what is written may name.
    pub figures: Vec<NamedFigure>,
    /// The body: Markdown with functions.
    pub body: String,
    /// The line of the file that the body begins on, from 1.
    pub body_line: usize,
    /// SHA-256 of the file's bytes.
    pub digest: Digest,
    /// Where the audience is said.
    audience_at: At,
    /// Where each of `forms` is named.
    forms_at: Vec<At>,
}

impl Report {
    /// What a paper of it is called, for this fund and period.
    pub fn title_for(&self, fund: &str, period: &str) -> String {
        placeholder::fill(&self.title, |name| match name {
            "fund.title" => fund.to_owned(),
            "period" => period.to_owned(),
            other => other.to_owned(),
        })
    }

    /// A text that a commissioner writes, by its id.
    pub fn prose(&self, id: &str) -> Option<&Prose> {
        self.prose.iter().find(|prose| prose.id == id)
    }

    /// A figure that may be named in what is written, by its id.
    pub fn figure(&self, id: &str) -> Option<&NamedFigure> {
        self.figures.iter().find(|figure| figure.id == id)
    }
}

/// What one paper covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Covers {
    /// A calendar month.
    Month,
    /// Three months from April, July, October or January.
    Quarter,
    /// Four months from April, August or December.
    FourMonths,
    /// Six months from April or October.
    HalfYear,
    /// From 1 April to 31 March.
    FinancialYear,
    /// All that there is, once.
    Once,
}

impl Covers {
    /// Every one, with its word in a report file.
    pub const ALL: [(&'static str, Self); 6] = [
        ("month", Self::Month),
        ("quarter", Self::Quarter),
        ("four-months", Self::FourMonths),
        ("half-year", Self::HalfYear),
        ("financial-year", Self::FinancialYear),
        ("once", Self::Once),
    ];

    /// The kind of period that a paper is of; custom for all that there is.
    pub const fn kind(self) -> PeriodKind {
        match self {
            Self::Month => PeriodKind::Month,
            Self::Quarter => PeriodKind::Quarter,
            Self::FourMonths => PeriodKind::FourMonths,
            Self::HalfYear => PeriodKind::HalfYear,
            Self::FinancialYear => PeriodKind::FinancialYear,
            Self::Once => PeriodKind::Custom,
        }
    }
}

/// A text that a commissioner writes for each paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose {
    /// Permanent id.
    pub id: String,
    /// What it is called where it is written.
    pub label: String,
    /// What to say in it.
    pub hint: Option<String>,
    /// What stands there when a paper is begun; empty for nothing.
    pub start: String,
    /// Where `start` is given; the text's heading where it is not.
    pub start_at: At,
}

/// A figure that may be named in what a commissioner writes: `((id))`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFigure {
    /// Its id.
    pub id: String,
    /// `form.measure`.
    pub of: String,
    /// Where that is said.
    pub at: At,
}

/// A place in a report file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

/// Something wrong in a report file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReportProblem {
    /// Of the file, from 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl ReportProblem {
    fn new(at: At, message: impl Into<String>, help: impl Into<String>) -> Self {
        let help: String = help.into();
        Self {
            line: at.line,
            column: at.column,
            message: message.into(),
            help: (!help.is_empty()).then_some(help),
        }
    }
}

impl fmt::Display for ReportProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)?;
        self.help.iter().try_for_each(|help| write!(f, " {help}"))
    }
}
