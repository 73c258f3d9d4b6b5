//! What a person typed, and what it was read as.
//!
//! Invariant: the text is kept exactly as typed, whatever it was read as; blank, nought, not known yet and
//! not applicable are four answers.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::form::schema::Severity;
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
}

/// What was typed for one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftAnswer {
    /// As typed. A simple question has one field, `value`; a ratio has `of` and `per`; a date `day`, `month`, `year`;
    /// a split `0.item`, `0.amount`, `1.item`, …; yes_no, choice and declaration put the option's id in `value`.
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
    /// Items and amounts.
    Split(Vec<(String, Money)>),
    /// Documents.
    Files(Vec<FileRef>),
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
}

impl Register {
    /// The period in words: the form's own, else those of its dates.
    #[must_use]
    pub fn period_words(&self) -> String {
        self.period_label.clone().unwrap_or_else(|| self.period.label())
    }
}

/// A fund.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FundFacts {
    /// Short permanent key.
    pub key: String,
    /// Title.
    pub title: String,
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
}

/// A figure, as it goes into reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Question id or measure id.
    pub measure: String,
    /// The allocation's key, or none for the return as a whole.
    pub allocation: Option<String>,
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
    /// A ratio over nobody, or so marked.
    NotApplicable,
    /// Not known yet.
    NotKnown,
    /// Not answered.
    Blank,
}
