//! What a person typed, and what it was read as.
//!
//! Invariant: the text is kept exactly as typed, whatever it was read as; blank, nought, not known yet and
//! not applicable are four answers.

mod register;
mod views;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::form::schema::Severity;
use crate::ids::PersonId;
use crate::money::Money;

pub use register::{
    AllocationFacts, Beneath, BeneathFigure, FundFacts, GrantFacts, LineFacts, Previous, ProviderFacts, Register,
};
pub use views::{CellView, Evaluated, QuestionView, RowView, SectionView, TableView, TaskStatus};

/// Where an answer stands: a section, or a section for one allocation (`money`, `project/asb`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SectionKey(pub String);

/// One section's draft: one document, answers by question id. Also holds explanations, under the
/// reserved key `~explanations` of the return.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftSection {
    /// By question id.
    pub answers: BTreeMap<String, DraftAnswer>,
    /// Of a row that was added: it was taken out again. What was typed is kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// What was typed for one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftAnswer {
    /// As typed. A simple question has one field, `value`; a ratio has `of` and `per`; a date `day`, `month`, `year`;
    /// a contact `name`, `email`, `phone`; a split `0.item`, `0.amount`, `1.item`, …; yes_no, choice and declaration put
    /// the option's id in `value`; choices and priority have a field for each chosen option, with `yes`. A table's cell is
    /// `row.column`, or `row.column.day` and so on where its kind has several fields; beside it `row.column~approximately`
    /// with `yes` and `row.column~mark` with `not-known` or `not-applicable`.
    pub fields: BTreeMap<String, String>,
    /// Whether a figure was given.
    #[serde(default)]
    pub mark: Mark,
    /// "Approximately" was ticked.
    #[serde(default)]
    pub approximately: bool,
    /// Documents, for a file question.
    #[serde(default)]
    pub files: Vec<FileRef>,
    /// Who typed it.
    pub by: PersonId,
    /// When it was saved.
    pub at: DateTime<Utc>,
    /// Counts the changes of this answer, from 1.
    pub version: u32,
}

/// What a person said instead of a figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// A figure, or nothing yet.
    #[default]
    Given,
    /// Not known yet.
    NotKnown,
    /// Not applicable.
    NotApplicable,
}

/// A document kept by its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRef {
    /// SHA-256 of the bytes, hex.
    pub digest: String,
    /// As uploaded, cleaned.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Media type as found from the content.
    pub media: String,
}

/// An answer as read.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Nothing was typed, or what was typed cannot be read.
    Blank,
    /// Not known yet.
    NotKnown,
    /// Not applicable.
    NotApplicable,
    /// Read.
    Given(Value),
}

/// A value as read.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text and narrative.
    Text(String),
    /// Money.
    Money(Money),
    /// A whole number.
    Count(i64),
    /// A number.
    Number(Decimal),
    /// A percentage (29.0 for 29.0%).
    Percent(Decimal),
    /// So many of so many.
    Ratio {
        /// Numerator.
        of: i64,
        /// Denominator.
        per: i64,
    },
    /// A date.
    Date(NaiveDate),
    /// Yes or no; a declaration ticked.
    YesNo(bool),
    /// The option's id.
    Choice(String),
    /// The options' ids, in the order of the form or of the plan.
    Choices(Vec<String>),
    /// From so many to so many.
    Range {
        /// The smaller.
        low: i64,
        /// The larger.
        high: i64,
        /// As it was given.
        text: String,
    },
    /// A person to ask.
    Contact {
        /// Name.
        name: String,
        /// Address, or nothing.
        email: String,
        /// Telephone number, or nothing.
        phone: String,
    },
    /// The cells of a table, by row.
    Table(Vec<RowValue>),
    /// Items and amounts.
    Split(Vec<(String, Money)>),
    /// Documents.
    Files(Vec<FileRef>),
}

/// A row of a table as read.
#[derive(Debug, Clone, PartialEq)]
pub struct RowValue {
    /// The row's id: as the form, the register or the cohort has it, or its number.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// One answer for each column.
    pub cells: Vec<Answer>,
}

/// An explanation of a warning, tied to the figures that raised it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// As typed.
    pub text: String,
    /// The finding's `figures` when it was explained; another value means that it is asked again.
    pub figures: String,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: DateTime<Utc>,
}

/// All that was typed for a return.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// By section.
    pub sections: BTreeMap<SectionKey, DraftSection>,
    /// By finding key.
    pub explanations: BTreeMap<String, Explanation>,
}

/// What a check says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable key: check id and where, e.g. `within_allocation@project/asb`.
    pub key: String,
    /// The check's id; built-in ones begin with `~`: `~required`, `~reading`, `~percent`, `~split`, `~words`, …
    pub check: String,
    /// Error or warning.
    pub severity: Severity,
    /// In the user's words, with the figures.
    pub message: String,
    /// The questions beside which it is shown; the first is where its link goes.
    pub at: Vec<Place>,
    /// The values that raised it, as one line; ties an explanation to them.
    pub figures: String,
    /// The explanation that still fits the figures.
    pub explanation: Option<Explanation>,
    /// What was explained before the figures changed.
    pub earlier: Option<Explanation>,
}

/// A question in a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The section.
    pub section: SectionKey,
    /// The question's id.
    pub question: String,
    /// The cell, of a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<CellPlace>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellPlace {
    /// The row's id.
    pub row: String,
    /// The column's id; none: the row as a whole.
    pub column: Option<String>,
}

/// A figure, as it goes into reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Question id, measure id, or `table.column`.
    pub measure: String,
    /// The allocation's key, or none for the return as a whole.
    pub allocation: Option<String>,
    /// The project, cohort or row within that; a row of a table within a section that repeats is `subject/row`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// Exact value or why there is none.
    pub value: FigureValue,
    /// "Approximately".
    pub approximately: bool,
}

/// A figure's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum FigureValue {
    /// Pence.
    Money {
        /// Pence.
        pence: i64,
    },
    /// A whole number.
    Count {
        /// The number.
        count: i64,
    },
    /// A scaled number: 52 with one place is 5.2.
    Number {
        /// Scaled by ten to the power of `places`.
        scaled: i64,
        /// Decimal places.
        places: u32,
        /// Shown with a % sign.
        percent: bool,
    },
    /// Kept as two numbers, divided when shown.
    Ratio {
        /// Numerator: a count, or pence.
        of: i64,
        /// Denominator.
        per: i64,
        /// Decimal places of the percentage.
        places: u32,
    },
    /// From so many to so many.
    Range {
        /// The smaller.
        low: i64,
        /// The larger.
        high: i64,
    },
    /// A ratio over nobody, or so marked.
    NotApplicable,
    /// Not known yet.
    NotKnown,
    /// Not answered.
    Blank,
}
