//! A form as it is after reading and checking: every name resolved, every rule typed.
//!
//! Invariant: a value of [`Form`] has passed all of `form::parse`, so that nothing below it fails for a fault in the file.

mod schedule;

use super::rule::Rule;
use crate::ledger::Digest;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    /// Its parts: a split, or a table with a money column called `amount`.
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

/// A question.
#[derive(Debug, Clone)]
pub struct Question {
    /// Permanent id, unique in the form.
    pub id: String,
    /// What is asked; placeholders filled in.
    pub label: Words,
    /// Help under the label.
    pub hint: Option<Words>,
    /// What kind of answer.
    pub kind: Kind,
    /// Must it be answered (when shown)?
    pub required: bool,
    /// Shown only while this holds; a rule over a blank hides it.
    pub show_if: Option<Rule>,
    /// Prefilled from the register.
    pub from: Option<Rule>,
    /// Prefilled and not to be changed.
    pub locked: bool,
    /// Whether "approximately" is offered (quantities only).
    pub may_be_approximate: bool,
    /// Whether "not known yet" is offered.
    pub may_be_unknown: bool,
    /// Whether "not applicable" is offered.
    pub may_be_inapplicable: bool,
    /// The same figure, stated elsewhere: a difference is said.
    pub same_as: Option<SameAs>,
    /// What the amount is in the books of its allocation.
    pub money_is: Option<MoneyIs>,
    /// Filled from the signed returns beneath this one.
    pub roll_up: Option<RollUp>,
    /// Whether the last signed figure is shown beside it.
    pub previous: bool,
    /// Of a table's column: whether its sum stands under it.
    pub total: bool,
    /// Of a table: the stage whose officer decides on each of its rows.
    pub decided_in: Option<String>,
    /// Adding up across providers, and over time; none means listed.
    pub over_providers: Option<AddUp>,
    /// Adding up over time.
    pub over_time: Option<AddUp>,
    /// Target for the figure.
    pub target: Option<Target>,
    /// What others reach.
    pub benchmark: Option<Benchmark>,
    /// Where it started.
    pub baseline: Option<Benchmark>,
}

/// A figure that is stated in two places.
#[derive(Debug, Clone)]
pub struct SameAs {
    /// The other place.
    pub rule: Rule,
    /// What a difference is.
    pub severity: Severity,
}

/// What an amount is in the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyIs {
    /// Spent in the period.
    Spent,
    /// Promised and not yet spent.
    Committed,
}

/// `returns.<form>.<measure>`: the signed figures of the returns beneath.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollUp {
    /// The form of those returns.
    pub form: String,
    /// The measure: a question's id, a measure's id, or `table.column`.
    pub measure: String,
}

/// How figures of one measure become one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddUp {
    /// Added.
    Sum,
    /// The latest.
    Last,
    /// The largest.
    Max,
    /// Listed, never added.
    List,
}

/// A figure to be reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// `>=`, `<=`, `<`, `>`, `=`.
    pub than: Than,
    /// In the measure's own unit (75 for 75%).
    pub value: rust_decimal::Decimal,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Than {
    /// At least.
    AtLeast,
    /// At most.
    AtMost,
    /// Below.
    Below,
    /// Above.
    Above,
    /// Exactly.
    Exactly,
}

/// What others reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Benchmark {
    /// In the measure's own unit.
    pub value: rust_decimal::Decimal,
    /// For example "National average".
    pub name: Words,
}

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
