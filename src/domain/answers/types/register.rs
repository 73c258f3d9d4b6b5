//! What a form may read of the register, and of what was signed.
//!
//! Invariant: facts as they stood when a return was worked out; a revision keeps them with it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Figure;
use crate::form::schema::AddUp;
use crate::money::Money;
use crate::period::Period;

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
