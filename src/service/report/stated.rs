//! Amounts as they were stated: exactly, approximately, or not at all.
//!
//! Invariant: a sum is approximate when one of its parts is.

use countersign_domain::money::Money;

/// An amount with its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub label: String,
    /// How much.
    pub stated: Stated,
}

/// An amount, exact or approximate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stated {
    /// How much.
    pub amount: Money,
    /// Whether it, or a part of it, was given as approximate.
    pub approximately: bool,
}

/// An amount that a form may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// It was not asked for here.
    NotAsked,
    /// It was asked for, and not given as a figure.
    NotGiven,
    /// It was given.
    Given(Stated),
}

impl Line {
    pub(super) fn exact(label: impl Into<String>, amount: Money) -> Self {
        Line {
            label: label.into(),
            stated: Stated {
                amount,
                approximately: false,
            },
        }
    }

    /// A sum, which names what it is without.
    pub(super) fn of(label: &str, stated: Stated, missing: &[String]) -> Self {
        let label = match missing {
            [] => label.to_owned(),
            missing => format!("{label}, without what is not known of {}", missing.join(", ")),
        };
        Line { label, stated }
    }
}

impl Stated {
    pub(super) const NOTHING: Self = Stated {
        amount: Money::ZERO,
        approximately: false,
    };

    pub(super) fn plus(self, other: Self) -> Option<Self> {
        Some(Stated {
            amount: self.amount.checked_add(other.amount)?,
            approximately: self.approximately || other.approximately,
        })
    }

    /// All of them together; none when that is more than can be counted.
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        all.into_iter().try_fold(Self::NOTHING, Self::plus)
    }
}

impl Amount {
    pub(super) fn given(self) -> Option<Stated> {
        match self {
            Amount::Given(stated) => Some(stated),
            Amount::NotAsked | Amount::NotGiven => None,
        }
    }
}
