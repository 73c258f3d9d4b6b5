//! What of counts of people may be told, so that nobody is given away.
//!
//! Invariant: pure and exact, and the same for the same counts. A count that the policy holds back cannot be worked out from
//! anything that is told, nor from that together with what was told before; where earlier publications alone give it away,
//! nothing is added to them and it is said.

mod protect;
mod reach;
mod shape;
mod simplex;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use protect::Protection;
use shape::{Shape, State};

/// Which small counts are held back, and how the others are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// 1 to 4 are held back, 0 is told, and as many others are held back as it takes that a small count could, from all that
    /// is told, be anything from 1 to 5: the threshold and the secondary suppression of the Government Statistical Service's
    /// guidance for tables from administrative sources.
    LessThanFive,
    /// 0 is told, 1 to 7 are held back, everything else is rounded to the nearest 5: the rule of NHS England for counts below
    /// national level (Hospital Episode Statistics disclosure control, from September 2018). Where that would leave a small
    /// count fewer than 3 possible values, more is held back.
    RoundToFive,
}

/// A sum of counts that a document tells, or that could be worked out from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The counts that are added, as places in the list of counts.
    pub atoms: Vec<usize>,
    /// The counts that are taken off: those that are in the numerator of a ratio, from those of its denominator, or those
    /// that a calculation takes off. What is left is taken to be known not to be less than nobody.
    pub less: Vec<usize>,
    /// Whether the document tells it; if not, it is what could be worked out, and is protected like what is told.
    pub shown: bool,
}

/// What an earlier publication told of a sum of counts: it was between the two, the ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// The counts that are added, as places in the list of counts.
    pub atoms: Vec<usize>,
    /// The counts that are taken off, as in [`Told::less`].
    pub less: Vec<usize>,
    /// At least.
    pub low: i64,
    /// At most; the same as `low` when the figure was told as it is.
    pub high: i64,
}

/// What becomes of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Told as it is.
    Shown,
    /// Told as this multiple of 5.
    Rounded(i64),
    /// Held back.
    Hidden,
}

/// What becomes of each figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// One for each figure that was asked about, in order. What is not shown is always [`Fate::Hidden`].
    pub fates: Vec<Fate>,
    /// How many small counts earlier publications alone give away, more or less; this document adds nothing to what they tell.
    pub exposed: usize,
}

impl Policy {
    /// The largest count that is held back as too small.
    #[must_use]
    pub const fn largest_small(self) -> i64 {
        match self {
            Self::LessThanFive => 4,
            Self::RoundToFive => 7,
        }
    }

    /// Whether a count is held back whatever else is told.
    #[must_use]
    pub const fn is_small(self, count: i64) -> bool {
        count < 0 || (count > 0 && count <= self.largest_small())
    }

    /// As what a count that is not small is told, and what that says of it: from so many to so many.
    #[must_use]
    pub const fn tells(self, count: i64) -> (i64, i64, i64) {
        match self {
            Self::RoundToFive if count > 0 => {
                let nearest = count.saturating_add(2) / 5 * 5;
                // Of 10 it is known that it is not 7 or less, which would be held back.
                let least = if nearest == 10 { 8 } else { nearest - 2 };
                (nearest, least, nearest.saturating_add(2))
            }
            Self::RoundToFive | Self::LessThanFive => (count, count, count),
        }
    }

    const fn at_first(self, count: i64) -> State {
        if self.is_small(count) {
            return State::Hidden;
        }
        let (_, low, high) = self.tells(count);
        State::Told(low, high)
    }

    /// How many further values must be possible for a small count, out of those from 1 to the first that is not small.
    const fn leeway(self) -> i64 {
        match self {
            Self::LessThanFive => 4,
            Self::RoundToFive => 2,
        }
    }
}

/// Decides on all figures of a document together.
///
/// `counts` are the counts that figures are made of, each 0 or more. What is told twice of the same counts shares its fate.
/// A small count is protected when, as far as can be worked out from what is told, it could be anything from 1 to 5
/// (less than 5), or at least 3 of the values from 1 to 8 (round to 5). It is assumed that readers know the policy, hence that
/// what is held back is not 0, and not which of the counts that are held back are the small ones.
#[must_use]
pub fn decide(policy: Policy, counts: &[i64], told: &[Told], earlier: &[Earlier]) -> Decided {
    let shape = Shape::new(policy, counts, told, earlier);
    let (shape, exposed) = Protection::new(policy, shape).run();
    let fates = told.iter().zip(&shape.of_told).map(|(told, at)| {
        let sum = &shape.sums[*at];
        match (sum.state, policy) {
            (State::Told(..), Policy::RoundToFive) if told.shown && sum.count > 0 => {
                Fate::Rounded(policy.tells(sum.count).0)
            }
            (State::Told(..), _) if told.shown => Fate::Shown,
            _ => Fate::Hidden,
        }
    });
    Decided {
        fates: fates.collect(),
        exposed,
    }
}
