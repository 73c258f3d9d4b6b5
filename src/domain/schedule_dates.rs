//! The dates of a form's schedule: `end + 20wd`, `30 November after end`, `opens`. Its invariant: a rule names
//! one date to count from, so that it has one answer or says which date is missing.

mod count;
mod read;

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

pub use count::{Traced, resolve, trace};
pub use read::parse;

/// The furthest that a rule may count, in its own unit.
pub const FURTHEST: u32 = 3_660;

/// The date that a rule counts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Anchor {
    /// The first day of the period.
    Start,
    /// The last day of the period.
    End,
    /// The day the return opens.
    Opens,
    /// The last day on which the return is on time.
    Due,
    /// The last day on which the return is taken.
    Closes,
}

impl Anchor {
    const ALL: [(&'static str, Self); 5] = [
        ("start", Self::Start),
        ("end", Self::End),
        ("opens", Self::Opens),
        ("due", Self::Due),
        ("closes", Self::Closes),
    ];

    /// The word that a form uses for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::End => "end",
            Self::Opens => "opens",
            Self::Due => "due",
            Self::Closes => "closes",
        }
    }
}

/// What a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Calendar days: `d`.
    Days,
    /// Weeks of seven calendar days: `w`.
    Weeks,
    /// Working days of the grant's nation: `wd`.
    WorkingDays,
}

/// On which side of an anchor a day of the year is looked for; the anchor itself is on neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The first such day that is later than the anchor.
    After,
    /// The last such day that is earlier than the anchor.
    Before,
}

/// A day of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayOfMonth {
    /// By its number; one that the month has in every year.
    Numbered(u32),
    /// The last of the month.
    Last,
    /// The last working day of the month, in the grant's nation.
    LastWorking,
}

/// A month on one side of an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MonthOf {
    /// The month of this number, 1 to 12, in whichever year puts the day on the anchor's side.
    Named(u32),
    /// The month after the anchor's own, or before it.
    Neighbour,
}

/// The date that a rule begins with, before it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Base {
    /// A date of the schedule: `end`.
    Anchor(Anchor),
    /// A day of the year on one side of such a date: `30 November after end`.
    Beside {
        /// Which day.
        day: DayOfMonth,
        /// Of which month.
        month: MonthOf,
        /// After or before.
        side: Side,
        /// What.
        anchor: Anchor,
    },
    /// One date and no other: `2026-07-31`. For a period that has dates of its own.
    On(NaiveDate),
}

impl Base {
    /// The date of the schedule that is counted from; none when the date is fixed.
    #[must_use]
    pub const fn anchor(self) -> Option<Anchor> {
        match self {
            Self::Anchor(anchor) | Self::Beside { anchor, .. } => Some(anchor),
            Self::On(_) => None,
        }
    }
}

/// A date counted from another: `due - 10wd`, `1 October after start + 2wd`. In JSON and TOML it is its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateRule {
    /// The date counted from.
    pub base: Base,
    /// How many, negative for before.
    pub by: i32,
    /// Of what.
    pub unit: Unit,
}

/// The dates of one return, as far as they are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Anchors {
    /// The first day of the period.
    pub start: Option<NaiveDate>,
    /// The last day of the period.
    pub end: Option<NaiveDate>,
    /// The day the return opens.
    pub opens: Option<NaiveDate>,
    /// The last day on which the return is on time.
    pub due: Option<NaiveDate>,
    /// The last day on which the return is taken.
    pub closes: Option<NaiveDate>,
}

impl Anchors {
    /// The date of this anchor, when it is known.
    #[must_use]
    pub const fn get(&self, anchor: Anchor) -> Option<NaiveDate> {
        match anchor {
            Anchor::Start => self.start,
            Anchor::End => self.end,
            Anchor::Opens => self.opens,
            Anchor::Due => self.due,
            Anchor::Closes => self.closes,
        }
    }
}

/// Why a rule has no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ResolveError {
    /// The rule counts from a date that this return does not have.
    #[error("“{rule}” counts from “{}”, and there is no such date", anchor.word())]
    Missing {
        /// The rule.
        rule: DateRule,
        /// The date that is not there.
        anchor: Anchor,
    },
    /// The date would be past the end of the calendar.
    #[error("“{rule}” is past the end of the calendar")]
    OutOfRange {
        /// The rule.
        rule: DateRule,
    },
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, month, side, anchor) = match self {
            Self::Anchor(anchor) => return f.write_str(anchor.word()),
            Self::On(date) => return write!(f, "{}", date.format("%Y-%m-%d")),
            Self::Beside {
                day,
                month,
                side,
                anchor,
            } => (day, month, side, anchor),
        };
        let month = match month {
            MonthOf::Named(number) => read::month_name(*number),
            MonthOf::Neighbour => "the month",
        };
        match day {
            DayOfMonth::Numbered(number) => write!(f, "{number} {month}"),
            DayOfMonth::Last => write!(f, "last day of {month}"),
            DayOfMonth::LastWorking => write!(f, "last working day of {month}"),
        }?;
        let side = match side {
            Side::After => "after",
            Side::Before => "before",
        };
        write!(f, " {side} {}", anchor.word())
    }
}

impl fmt::Display for DateRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.base)?;
        if self.by == 0 {
            return Ok(());
        }
        let sign = if self.by < 0 { '-' } else { '+' };
        let unit = match self.unit {
            Unit::Days => "d",
            Unit::Weeks => "w",
            Unit::WorkingDays => "wd",
        };
        write!(f, " {sign} {}{unit}", self.by.unsigned_abs())
    }
}

/// What is wrong with the text of a rule, without its place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct NotADateRule(String);

impl FromStr for DateRule {
    type Err = NotADateRule;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).map_err(|(_, message)| NotADateRule(message))
    }
}

impl Serialize for DateRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DateRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
