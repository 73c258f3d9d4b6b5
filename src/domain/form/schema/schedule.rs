//! The schedule of a form: its periods, the dates of each return, and what is sent about them.
//!
//! Invariant: as for the whole form, a value has passed all of `form::parse`.

use super::Words;
use crate::period::Period;
use crate::schedule_dates::DateRule;

/// How often a return falls due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Every {
    /// Calendar month.
    Month,
    /// Three months from April.
    Quarter,
    /// Four months from April.
    FourMonths,
    /// Six months from April.
    HalfYear,
    /// From 1 April.
    FinancialYear,
    /// Once, over the grant's own dates.
    Once,
    /// For these periods and no others: in order, at least one, none overlapping another.
    Dates(Vec<CustomPeriod>),
}

/// A period that a form gives by its dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomPeriod {
    /// Its first and last day.
    pub period: Period,
    /// What people call it; its dates when there is none.
    pub label: Option<Words>,
    /// When this return opens, where the schedule says otherwise of the rest.
    pub opens: Option<DateRule>,
    /// Its own last day on which it is on time.
    pub due: Option<DateRule>,
    /// Its own last day on which it can be submitted.
    pub closes: Option<DateRule>,
}

/// The dates of a return and what is sent about them.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// The kind of period.
    pub every: Every,
    /// When the return opens (anchors: start, end).
    pub opens: DateRule,
    /// The last day on which it is on time, inclusive.
    pub due: DateRule,
    /// The last day on which it can be submitted, inclusive.
    pub closes: DateRule,
    /// When the contact is written to, beginning with the opening.
    pub remind: Vec<DateRule>,
    /// Who else is told, and when.
    pub escalate: Vec<Escalation>,
}

/// One escalation of an overdue return.
#[derive(Debug, Clone)]
pub struct Escalation {
    /// When.
    pub at: DateRule,
    /// `provider.lead`, `commissioner`, or an office's key.
    pub to: String,
}
