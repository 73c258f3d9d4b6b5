//! What a person typed, and what it was read as.
//!
//! Invariant: the text is kept exactly as typed, whatever it was read as; blank, nought, not known yet and
//! not applicable are four answers.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::form::schema::{AddUp, Severity};
use crate::ids::PersonId;
use crate::money::Money;
use crate::period::Period;

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

/// What the register says, as far as a form may read it. Frozen into the revision at submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Register {
    /// The fund.
    pub fund: FundFacts,
    /// The grant.
    pub grant: GrantFacts,
    /// The organisation that owes the return.
    pub provider: ProviderFacts,
    /// The grant's allocations in their order.
    pub allocations: Vec<AllocationFacts>,
    /// The period reported on.
    pub period: Period,
    /// What the form calls it, when it has a word of its own for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_label: Option<String>,
    /// The figures of the last signed return of this form for the same subject.
    #[serde(default)]
    pub previous: Option<Previous>,
    /// The returns beneath this one, of the forms that its questions name.
    #[serde(default)]
    pub beneath: Vec<Beneath>,
}

impl Register {
    /// The period in words: the form's own, else those of its dates.
    #[must_use]
    pub fn period_words(&self) -> String {
        self.period_label.clone().unwrap_or_else(|| self.period.label())
    }
}

/// What was signed last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Previous {
    /// The return's reference.
    pub reference: String,
    /// Its period.
    pub period: Period,
    /// Its figures.
    pub figures: Vec<Figure>,
}

/// A return beneath: of a provider, for an allocation of the same grant, within the period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beneath {
    /// Its form.
    pub form: String,
    /// Its reference.
    pub reference: String,
    /// Who owes it.
    pub provider: String,
    /// The allocation it is owed for, where it is.
    pub allocation: Option<String>,
    /// Its period.
    pub period: Period,
    /// Its signed figures that are asked for; none when it is not signed.
    pub figures: Option<Vec<BeneathFigure>>,
}

/// A signed figure of a return beneath, and how its measure adds up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BeneathFigure {
    /// The figure.
    pub figure: Figure,
    /// Across providers.
    pub over_providers: Option<AddUp>,
    /// Over time.
    pub over_time: Option<AddUp>,
}

/// A fund.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FundFacts {
    /// Short permanent key.
    pub key: String,
    /// Title.
    pub title: String,
    /// The priorities of its plan: key and title, in order.
    #[serde(default)]
    pub priorities: Vec<(String, String)>,
    /// The smallest award that the round, else the fund, gives.
    #[serde(default)]
    pub smallest_award: Option<Money>,
    /// The largest.
    #[serde(default)]
    pub largest_award: Option<Money>,
}

/// A grant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GrantFacts {
    /// The reference that people quote.
    pub reference: String,
    /// Title.
    pub title: String,
    /// Awarded, pence.
    pub amount: Money,
    /// Carried in from the year before, pence.
    pub carried_forward: Money,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// What the grant was given on condition of.
    #[serde(default)]
    pub conditions: Option<String>,
    /// The part that is held back, pence.
    #[serde(default)]
    pub held_back: Option<Money>,
    /// For what.
    #[serde(default)]
    pub held_back_for: Option<String>,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProviderFacts {
    /// Name.
    pub name: String,
}

/// An allocation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AllocationFacts {
    /// Permanent key within the grant, e.g. `asb`.
    pub key: String,
    /// The project's title.
    pub title: String,
    /// Who delivers it.
    pub provider: String,
    /// What it now comes to: what was approved, virements, and any increase not yet covered.
    pub amount: Money,
    /// The part of `amount` that was entered as an increase without naming where it comes from.
    pub uncovered: Money,
    /// Of what contract it is a share.
    pub contract_total: Option<Money>,
    /// The priorities it serves.
    pub priorities: Vec<String>,
    /// The project that it pays for: the allocation's own key unless the register says otherwise.
    #[serde(default)]
    pub project: String,
    /// The project's title.
    #[serde(default)]
    pub project_title: String,
    /// The contract's last day.
    #[serde(default)]
    pub contract_ends_on: Option<NaiveDate>,
    /// Other money that the project has.
    #[serde(default)]
    pub other_funding: Option<Money>,
    /// Its budget lines.
    #[serde(default)]
    pub lines: Vec<LineFacts>,
}

/// A budget line, or part, of an allocation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LineFacts {
    /// Permanent key within the allocation.
    pub key: String,
    /// Title.
    pub title: String,
    /// What it comes to, where that is known.
    pub amount: Option<Money>,
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

/// Everything that follows from a draft: readings, calculations, findings, figures.
#[derive(Debug, Clone)]
pub struct Evaluated {
    /// The tasks in order.
    pub sections: Vec<SectionView>,
    /// Errors and warnings, in the order of the form.
    pub findings: Vec<Finding>,
    /// The figures, one for each measure and subject.
    pub figures: Vec<Figure>,
}

/// One task.
#[derive(Debug, Clone)]
pub struct SectionView {
    /// Its key.
    pub key: SectionKey,
    /// The section of the form: an index into `form.sections`.
    pub section: usize,
    /// The allocation: an index into `register.allocations`.
    pub allocation: Option<usize>,
    /// What it is for: the key of an allocation, a project, a cohort or a row; none for a section that does not repeat.
    pub subject: Option<String>,
    /// Title with placeholders filled in.
    pub title: String,
    /// Questions in order; hidden ones too.
    pub questions: Vec<QuestionView>,
    /// How far it is.
    pub status: TaskStatus,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskStatus {
    /// Nothing typed.
    NotStarted,
    /// Something typed; something required is missing.
    InProgress,
    /// An error stands in it.
    HasErrors,
    /// All required answers given and no error stands.
    Complete,
}

/// One question as it stands.
#[derive(Debug, Clone)]
pub struct QuestionView {
    /// The question: an index into the section's questions.
    pub question: usize,
    /// Its id.
    pub id: String,
    /// Label with placeholders filled in.
    pub label: String,
    /// Whether it is shown now.
    pub visible: bool,
    /// What was typed.
    pub draft: Option<DraftAnswer>,
    /// What it was read as (prefilled and calculated values too).
    pub answer: Answer,
    /// For people: "£16,486.00", "25.0% (308 of 1,231)", "Not applicable", "" when blank.
    pub shown: String,
    /// How something unusual was read, e.g. "Read as £1,042,000.00".
    pub note: Option<String>,
    /// Whether the target was reached, where there is one and a figure.
    pub on_target: Option<bool>,
    /// The last signed figure of it, for people, where the form shows that: "214 (April to June 2026)".
    pub previous: Option<String>,
    /// The rows and cells of a table.
    pub table: Option<TableView>,
}

/// A table as it stands.
#[derive(Debug, Clone)]
pub struct TableView {
    /// The rows in order.
    pub rows: Vec<RowView>,
    /// The sum under each column that has one, for people.
    pub totals: Vec<Option<String>>,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub struct RowView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// One for each column.
    pub cells: Vec<CellView>,
}

/// A cell of a table.
#[derive(Debug, Clone)]
pub struct CellView {
    /// Whether it is shown now.
    pub visible: bool,
    /// What it was read as.
    pub answer: Answer,
    /// For people.
    pub shown: String,
    /// How something unusual was read.
    pub note: Option<String>,
    /// Whether the target was reached.
    pub on_target: Option<bool>,
    /// The last signed figure of it.
    pub previous: Option<String>,
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
