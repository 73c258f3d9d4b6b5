//! The evaluation paper as data: what a document is drawn from.

use countersign_domain::answers::types::FigureValue;
use countersign_domain::money::Money;
use countersign_domain::returns::Signature;

/// The evaluation paper of one grant, as data.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The form's title.
    pub title: String,
    /// The grant's title.
    pub grant_title: String,
    /// The grant's reference.
    pub grant_reference: String,
    /// Who was awarded it.
    pub provider: String,
    /// The fund's title.
    pub fund_title: String,
    /// The period, as a label.
    pub period: String,
    /// How many returns of this form are signed, of how many expected, and which are missing.
    pub coverage: Coverage,
    /// Award, carried forward, allocated, spent and what is left, in order.
    pub reconciliation: Vec<(String, Money)>,
    /// Each project.
    pub projects: Vec<ProjectLine>,
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

/// Which returns the figures come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Signed.
    pub signed: usize,
    /// Expected: not excused.
    pub expected: usize,
    /// References of those missing.
    pub missing: Vec<String>,
}

/// One project's money.
#[derive(Debug, Clone)]
pub struct ProjectLine {
    /// Title.
    pub title: String,
    /// Who delivers it.
    pub provider: String,
    /// Allocated, virements included.
    pub allocated: Money,
    /// Spent, and whether it was given as approximate; none when it was not given as a figure.
    pub spent: Option<(Money, bool)>,
    /// Allocated less spent.
    pub left: Option<Money>,
}

/// One measure.
#[derive(Debug, Clone)]
pub struct MeasureLine {
    /// The project, or the whole.
    pub project: String,
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
    /// The project, or the whole.
    pub project: String,
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
