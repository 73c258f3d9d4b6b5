//! Reading figures as people type them. Its invariant: a figure is read only when it can mean one
//! thing; what can mean two is asked about, what means none is refused, and nothing is rounded.
//!
//! The marks "not known yet" and "not applicable" are answers of their own and are not read here.

mod body;
mod figure;
mod typed;

#[cfg(test)]
mod tests;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::money::Money;
use figure::Figure;

/// The most decimal places that a decimal or a percentage may be declared with.
pub const MOST_PLACES: u32 = 9;

/// What came of reading a typed figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading<T> {
    /// Nothing was typed. Blank is not nought.
    Blank,
    /// It means one thing.
    Read {
        /// The figure.
        value: T,
        /// How it was read, when that is not plain from what was typed: `12k` as £12,000.00.
        note: Option<String>,
    },
    /// It can mean more than one thing, or was not typed the way that it is written here.
    Ask {
        /// The question to put beside the box, quoting what was typed.
        question: String,
        /// What it may mean, likeliest first; never empty.
        candidates: Vec<Candidate<T>>,
    },
    /// It is not a figure of this kind.
    Refused {
        /// What is wrong and what to type instead, beginning with the label.
        message: String,
    },
}

/// One of the things that a typed figure may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<T> {
    /// The figure.
    pub value: T,
    /// The figure as it is written here; typed back, this text is read as `value`.
    pub text: String,
}

impl<T> Reading<T> {
    /// The figure, when it was read.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Read { value, .. } => Some(value),
            Self::Blank | Self::Ask { .. } | Self::Refused { .. } => None,
        }
    }

    /// The same outcome with every figure in it turned into another type.
    pub fn map<U>(self, mut turn: impl FnMut(T) -> U) -> Reading<U> {
        match self {
            Self::Blank => Reading::Blank,
            Self::Read { value, note } => Reading::Read {
                value: turn(value),
                note,
            },
            Self::Ask { question, candidates } => Reading::Ask {
                question,
                candidates: candidates
                    .into_iter()
                    .map(|candidate| Candidate {
                        value: turn(candidate.value),
                        text: candidate.text,
                    })
                    .collect(),
            },
            Self::Refused { message } => Reading::Refused { message },
        }
    }
}

/// Whether a figure may be below nought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Negative figures make sense: a variance, a change on the year before.
    Any,
    /// They do not: what was spent, who was helped.
    NonNegative,
}

/// Reads an amount of money in pounds, to at most two places and within ±£100 billion.
/// `label` is the question's label and begins every refusal.
#[must_use]
pub fn read_money(label: &str, typed: &str, sign: Sign) -> Reading<Money> {
    let figure = Figure::money(label, sign);
    figure
        .read(typed)
        .map(|pounds| Money::from_decimal(pounds).expect("two places and the range make it whole pence that fit"))
}

/// Reads a count of people or things: a whole number from nought to 10¹².
/// `label` is the question's label and begins every refusal.
#[must_use]
pub fn read_count(label: &str, typed: &str) -> Reading<i64> {
    Figure::count(label).read(typed).map(|count| {
        count
            .to_i64()
            .expect("no places and the range make it a whole number that fits")
    })
}

/// Reads a number with at most `places` decimal places (no more than [`MOST_PLACES`]), within ±10¹².
/// `label` is the question's label and begins every refusal.
#[must_use]
pub fn read_decimal(label: &str, typed: &str, places: u32, sign: Sign) -> Reading<Decimal> {
    Figure::decimal(label, places.min(MOST_PLACES), sign).read(typed)
}

/// Reads a percentage with or without its sign: `28%`, `28` and `28 per cent` are all 28. At most
/// `places` decimal places (no more than [`MOST_PLACES`]), within ±1,000,000.
/// `label` is the question's label and begins every refusal.
#[must_use]
pub fn read_percent(label: &str, typed: &str, places: u32, sign: Sign) -> Reading<Decimal> {
    Figure::percent(label, places.min(MOST_PLACES), sign).read(typed)
}
