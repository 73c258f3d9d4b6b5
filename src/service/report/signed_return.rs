//! A return as it was signed, as data: what its document is drawn from.
//!
//! Invariant: an amount that was given as approximate says so, in every sum that it is part of.

use countersign_domain::answers::types::FigureValue;
use countersign_domain::money::Money;
use countersign_domain::returns::Signature;

use super::plan::Planned;
use super::stated::{Amount, Line, Stated};

/// A return as it was signed, as data.
#[derive(Debug, Clone)]
pub struct SignedReturn {
    /// The form's title.
    pub title: String,
    /// The grant's title.
    pub grant_title: String,
    /// The grant's reference.
    pub grant_reference: String,
    /// The project, of a return that is owed for one allocation.
    pub project: Option<String>,
    /// Who was awarded the grant.
    pub awarded_to: String,
    /// Who owes the return.
    pub provider: String,
    /// The fund's title.
    pub fund_title: String,
    /// The period, as a label.
    pub period: String,
    /// What it says of money, where its form asks for any that is planned, spent or committed.
    pub spending: Option<Spending>,
    /// What it plans, where its form is a plan.
    pub planned: Option<Planned>,
    /// Measures beside target and benchmark.
    pub measures: Vec<MeasureLine>,
    /// What the checks said, with the explanations.
    pub findings: Vec<FindingLine>,
    /// Approved virements of the grant.
    pub virements: Vec<VirementLine>,
    /// Who signed what.
    pub signatures: Vec<Signature>,
    /// The revision that the figures come from.
    pub revision: u32,
    /// Its digest, hex.
    pub digest: String,
    /// Whether a correction is under way that has not been signed.
    pub correction_under_way: bool,
}

/// What a return says of money.
#[derive(Debug, Clone)]
pub struct Spending {
    /// Award, carried forward, planned or allocated, spent and what is left, in order, as far as they were asked for.
    pub reconciliation: Vec<Line>,
    /// Each project, where the form asks for each.
    pub lines: Vec<MoneyLine>,
    /// Each budget line, row or cohort of which the form asks.
    pub parts: Vec<MoneyLine>,
    /// Whether the form asks what was spent.
    pub spent: bool,
    /// Whether it asks what is committed.
    pub committed: bool,
    /// Whether it can be said what is left: the return tells all that was ever spent.
    pub left: bool,
    /// Whether other periods' spending comes on top of this one's.
    pub only_this_period: bool,
}

/// The money of one project, or of a part of one.
#[derive(Debug, Clone)]
pub struct MoneyLine {
    /// Title.
    pub title: String,
    /// Of a project, who delivers it; of a part, what it is a part of.
    pub of: String,
    /// Allocated, virements included; none where nothing is allocated to it as such.
    pub allocated: Option<Money>,
    /// Spent.
    pub spent: Amount,
    /// Committed and not yet spent.
    pub committed: Amount,
    /// Allocated less spent and committed, where that can be said.
    pub left: Option<Stated>,
}

/// One measure.
#[derive(Debug, Clone)]
pub struct MeasureLine {
    /// The project, cohort or row, or the whole.
    pub subject: String,
    /// What it is.
    pub label: String,
    /// The figure as shown.
    pub shown: String,
    /// The figure itself.
    pub value: FigureValue,
    /// "At least 75%", where there is a target.
    pub target: Option<String>,
    /// Whether it was reached.
    pub on_target: Option<bool>,
    /// "National average 21.9%", where there is one.
    pub benchmark: Option<String>,
}

/// One finding with its explanation.
#[derive(Debug, Clone)]
pub struct FindingLine {
    /// The project, cohort or row, or the whole.
    pub subject: String,
    /// What the check says.
    pub message: String,
    /// What was explained.
    pub explanation: Option<String>,
}

/// One approved virement.
#[derive(Debug, Clone)]
pub struct VirementLine {
    /// Gives.
    pub from: String,
    /// Receives.
    pub to: String,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: String,
}
