//! A figure of a document: as it was added up, and as it may be shown.
//!
//! Invariant: what counts people carries the counts that it is made of, until it has been decided what of them is shown.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::answers::types::FigureValue;
use crate::ids::{AllocationId, FundId, GrantId, OrganisationId, ReturnId};
use crate::period::Period;

/// A figure before it has been decided whether it may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw {
    /// What it is.
    pub told: Told,
    /// Whether it, or a part of it, was given as approximate.
    pub approximately: bool,
    /// Whether a part of it is submitted and not signed.
    pub provisional: bool,
    /// Whether it was told otherwise in an earlier paper.
    pub restated: bool,
    /// Of a ratio: whether its two parts are money.
    pub over_money: bool,
    /// The counts of people that it is made of, where it tells of people.
    pub people: Option<People>,
    /// Where it comes from.
    pub from: Option<Source>,
}

/// What a figure is.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// A figure, or why there is none.
    Value(FigureValue),
    /// Several figures that are listed and never added: their number, at least 2.
    Listed(usize),
}

/// How a figure is made of counts of people. A count may be in several figures: what is told of one of them tells of the
/// others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum People {
    /// The sum of these counts.
    Count(Vec<Atom>),
    /// The first sum less the second.
    Less {
        /// The counts that are added.
        of: Vec<Atom>,
        /// The counts that are taken off.
        less: Vec<Atom>,
    },
    /// So many of so many: what the first sum is of the second, which it is a part of. Shown as a percentage.
    Ratio {
        /// The numerator.
        of: Vec<Atom>,
        /// The denominator.
        per: Vec<Atom>,
    },
    /// From the one sum to the other.
    Range {
        /// The smaller ends.
        low: Vec<Atom>,
        /// The larger ends.
        high: Vec<Atom>,
    },
    /// Worked out from these counts in some other way, so that it is hidden when one of them is.
    Worked(Vec<Atom>),
    /// A count that is a part of others, as a later stage is of the one before: what is left of them could be worked out.
    Part {
        /// How it is made.
        own: Box<People>,
        /// The counts that it is a part of.
        of: Vec<Atom>,
    },
    /// A figure that was typed where others come to nearly the same. Whoever knows by how much it differs is told those
    /// by it, so that it is shown only when they may be.
    Near {
        /// How it is made.
        own: Box<People>,
        /// What it is near to.
        near: Box<People>,
    },
}

/// A count as one return gives it, which documents add up. The same count in two revisions of a return is one: nothing
/// said that it changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Atom {
    /// The same wherever the same count is meant: return, measure, allocation and row.
    pub key: String,
    /// The count, 0 or more.
    pub count: i64,
}

/// A figure as it may be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// As people read it, its mark included: `£16,486.00`, `approximately 250`, `[c]`.
    pub text: String,
    /// The number, where there is one.
    pub exact: Option<Exact>,
    /// What is to be known of it.
    pub marks: Vec<Mark>,
    /// Where it comes from; never part of what is exported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Source>,
}

/// A number with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exact {
    /// In the unit: pounds with two places, 75.0 for 75.0%.
    #[serde(with = "rust_decimal::serde::str")]
    pub number: Decimal,
    /// The unit.
    pub unit: Unit,
}

/// The unit of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Pounds, two places.
    Pounds,
    /// Whole things.
    Count,
    /// A number with places.
    Number,
    /// Per cent: 75.0 is 75.0%.
    Percent,
}

/// What is to be known of a figure: the symbols that official statistics in the United Kingdom use for it (Government Analysis
/// Function, symbols in tables: definitions and help).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// `[z]`: not applicable.
    NotApplicable,
    /// `[x]`: not known yet.
    NotKnown,
    /// `[w]`: nothing was answered.
    Blank,
    /// `[c]`: held back, because it would tell of single people.
    Hidden,
    /// `[e]`: an approximate figure is in it.
    Approximate,
    /// `[p]`: provisional, a part of it is not signed.
    Provisional,
    /// `[r]`: restated, an earlier paper had it otherwise.
    Restated,
    /// Rounded to the nearest 5; said beneath the table and not beside each figure.
    Rounded,
}

/// Where a figure comes from: the signed figures that it adds up, as a question to the register of figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The fund; of several the first, by id.
    pub fund: FundId,
    /// The other funds whose figures it adds up too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_funds: Vec<FundId>,
    /// The form.
    pub form: String,
    /// The measure: a question's id, a measure's id, or `table.column`.
    pub measure: String,
    /// The returns whose period lies in this.
    pub within: Period,
    /// Of this return only.
    pub ret: Option<ReturnId>,
    /// Of this grant only.
    pub grant: Option<GrantId>,
    /// Of these allocations only; empty for all.
    pub allocations: Vec<AllocationId>,
    /// Of this provider only.
    pub provider: Option<OrganisationId>,
    /// Of this row only.
    pub row: Option<String>,
}

impl Source {
    /// Every fund whose figures it adds up.
    pub fn funds(&self) -> impl Iterator<Item = FundId> {
        std::iter::once(self.fund).chain(self.other_funds.iter().copied())
    }
}
