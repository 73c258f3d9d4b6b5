//! A question, or the column of a table, and what its figure means.
//!
//! Invariant: what a kind of question cannot have is none or false, so that nobody has to ask its kind first.

use super::{Kind, Severity, Words};
use crate::form::rule::Rule;

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
