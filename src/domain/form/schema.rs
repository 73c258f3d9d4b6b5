//! A form as it is after reading and checking: every name resolved, every rule typed.
//!
//! Invariant: a value of [`Form`] has passed all of `form::parse`, so that nothing below it fails for a fault in the file.

mod kind;
mod question;
mod schedule;

use super::rule::Rule;
use crate::ledger::Digest;

pub use kind::{Kind, Table, TableKind, TableRow, TableRows};
pub use question::{AddUp, Benchmark, MoneyIs, Question, RollUp, SameAs, Target, Than};
pub use schedule::{CustomPeriod, Escalation, Every, Schedule};

/// A form definition, one version.
#[derive(Debug, Clone)]
pub struct Form {
    /// Permanent id, kebab-case.
    pub id: String,
    /// Counts from 1; a published version never changes.
    pub version: u32,
    /// What people call it.
    pub title: Words,
    /// What one return is owed for.
    pub owed_by: OwedBy,
    /// How far its figures may travel.
    pub audience: Audience,
    /// When it falls due.
    pub schedule: Schedule,
    /// What happens after submission, in order.
    pub stages: Vec<Stage>,
    /// The groups of people that are told apart: id and title.
    pub cohorts: Vec<(String, Words)>,
    /// The sections, in the order of the file.
    pub sections: Vec<Section>,
    /// Named figures computed from answers.
    pub measures: Vec<Measure>,
    /// Rules over answers.
    pub checks: Vec<Check>,
    /// SHA-256 of the file's bytes.
    pub digest: Digest,
}

/// Words in English and, where given, Welsh.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// English.
    pub en: String,
    /// Welsh.
    pub cy: Option<String>,
}

/// What one return is owed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwedBy {
    /// One return for a whole grant.
    Grant,
    /// One return for each allocation.
    Allocation,
    /// One return for each provider of a grant.
    Provider,
}

/// How far figures may travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// The commissioner's own staff.
    Internal,
    /// A panel or board.
    Panel,
    /// Anyone.
    Public,
}

/// What kind of stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageKind {
    /// A reviewer reads, queries, accepts or sends back.
    Review,
    /// A named officer signs.
    SignOff,
}

/// Who must not hold a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// Anyone who saved or submitted answers of the revision.
    Preparer,
    /// Whoever acted in the named stage.
    Stage(String),
}

/// A stage after submission.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Permanent id.
    pub id: String,
    /// Review or sign-off.
    pub kind: StageKind,
    /// The key of the office whose holder acts, e.g. `partnership.chair`.
    pub by: String,
    /// Who it must not be.
    pub not_also: Vec<Party>,
    /// The exact words agreed to; sign-off stages only.
    pub statement: Option<Words>,
}

/// For what a section repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Each {
    /// Once for the return.
    Whole,
    /// Once for each allocation of the grant.
    Allocation,
    /// Once for each project that the grant's allocations pay for.
    Project,
    /// Once for each cohort of the form.
    Cohort,
    /// Once for each row that the provider adds.
    Row,
}

/// The rows that a provider adds to a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// The text question whose answer names the row.
    pub named_by: String,
    /// The fewest, before the return can be submitted.
    pub min: u32,
    /// The most, 1 to 200.
    pub max: u32,
}

/// How the rows of a section become the grant's allocations, once every stage has agreed. Each field holds the id of a
/// question of the section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The project's title: a text question.
    pub title: String,
    /// What is proposed: a money question.
    pub amount: String,
    /// Who delivers it: a text question with the organisation's name.
    pub provider: Option<String>,
    /// Which priorities it serves.
    pub priorities: Option<String>,
    /// Its parts: a split, or a table whose [`Table::part_columns`] name them and say what they come to.
    pub parts: Option<String>,
    /// The whole contract's value.
    pub contract_total: Option<String>,
    /// The contract's last day.
    pub contract_ends_on: Option<String>,
    /// Other money that the project has.
    pub other_funding: Option<String>,
    /// What the part of the grant that is not allocated is held back for: a narrative or text question of any section
    /// that does not repeat.
    pub held_back_for: Option<String>,
}

/// A section: one task on the task list, or one for each allocation.
#[derive(Debug, Clone)]
pub struct Section {
    /// Permanent id.
    pub id: String,
    /// Title; `{allocation.title}` and the like are filled in.
    pub title: Words,
    /// Words above the questions.
    pub hint: Option<Words>,
    /// For what it repeats.
    pub each: Each,
    /// The rows, of a section that repeats for each row.
    pub rows: Option<Rows>,
    /// What its rows propose.
    pub plan: Option<Plan>,
    /// The questions in order.
    pub questions: Vec<Question>,
}

/// What a finding does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Blocks submission.
    Error,
    /// Must be explained.
    Warning,
}

/// A named figure made of two counts or amounts.
#[derive(Debug, Clone)]
pub struct Measure {
    /// Permanent id, unique among questions and measures.
    pub id: String,
    /// What it is called.
    pub title: Words,
    /// The section it belongs to.
    pub section: String,
    /// The table of that section whose every row has it.
    pub table: Option<String>,
    /// Numerator: a question id.
    pub of: String,
    /// Denominator: a question id.
    pub per: String,
    /// Decimal places of the percentage.
    pub places: u32,
    /// The last signed figure stands beside it.
    pub previous: bool,
    /// What was promised.
    pub target: Option<Target>,
    /// What others reach.
    pub benchmark: Option<Benchmark>,
    /// Where it started.
    pub baseline: Option<Benchmark>,
}

/// A rule over answers.
#[derive(Debug, Clone)]
pub struct Check {
    /// Permanent id.
    pub id: String,
    /// The section whose each instance is checked; none: once for the return.
    pub section: Option<String>,
    /// The table of that section whose every row is checked.
    pub table: Option<String>,
    /// What must hold.
    pub rule: Rule,
    /// What a breach does.
    pub severity: Severity,
    /// The questions beside which it is shown.
    pub at: Vec<String>,
    /// What is said; `{rule text}` placeholders hold rules and are shown in their own unit.
    pub message: Message,
}

/// A message with figures in it, e.g. `You spent {spent}, {spent - allocation.amount} more than …`.
#[derive(Debug, Clone)]
pub struct Message {
    /// Text and rules in turn.
    pub parts: Vec<MessagePart>,
}

/// A piece of a message.
#[derive(Debug, Clone)]
pub enum MessagePart {
    /// As written.
    Text(String),
    /// A rule whose value is put there.
    Value(Rule),
}
