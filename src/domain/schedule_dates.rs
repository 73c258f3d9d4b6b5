//! The dates of a form's schedule: `end + 20wd`, `due - 2wd`, `opens`. Its invariant: a rule names
//! one date to count from, so that it has one answer or says which date is missing.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::calendar::{Nation, add_working_days};

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

/// A date counted from another: `due - 10wd`. In JSON and TOML it is its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateRule {
    /// The date counted from.
    pub anchor: Anchor,
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
    #[error("“{rule}” counts from “{}”, and there is no such date", rule.anchor.word())]
    Missing {
        /// The rule.
        rule: DateRule,
    },
    /// The date would be past the end of the calendar.
    #[error("“{rule}” is past the end of the calendar")]
    OutOfRange {
        /// The rule.
        rule: DateRule,
    },
}

/// Reads a rule as a form spells it.
///
/// # Errors
/// The byte range of what was not understood, and what to write instead.
pub fn parse(text: &str) -> Result<DateRule, (Range<usize>, String)> {
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len().max(start);
    let rest = &text[start..end];
    if rest.is_empty() {
        return Err((0..text.len(), expected_anchor("Write a date")));
    }
    let word = leading(rest, |c| c.is_alphanumeric() || c == '_');
    let known = Anchor::ALL.iter().find(|(name, _)| *name == word);
    let Some((_, anchor)) = known else {
        let wrong = if word.is_empty() { rest } else { word };
        let problem = format!("“{wrong}” is not a date of the schedule");
        return Err((start..start + wrong.len(), expected_anchor(&problem)));
    };
    let (at, rest) = skip_spaces(text, start + word.len(), end);
    if rest.is_empty() {
        return Ok(DateRule {
            anchor: *anchor,
            by: 0,
            unit: Unit::Days,
        });
    }
    let before = match rest.as_bytes()[0] {
        b'+' => false,
        b'-' => true,
        _ => {
            let problem = format!("“{rest}” was not expected here. Write + or - and a number of days");
            return Err((at..end, format!("{problem}, like {} + 20wd", anchor.word())));
        }
    };
    let (at, rest) = skip_spaces(text, at + 1, end);
    let digits = leading(rest, |c| c.is_ascii_digit());
    if digits.is_empty() {
        let problem = "Write a whole number after the sign, like + 20wd".to_owned();
        return Err((at..end.max(at), problem));
    }
    let number = digits.parse::<u32>().ok().filter(|n| *n <= FURTHEST);
    let Some(by) = number.and_then(|n| i32::try_from(n).ok()) else {
        let problem = format!("“{digits}” is too far. The furthest is {FURTHEST}");
        return Err((at..at + digits.len(), problem));
    };
    let (at, rest) = skip_spaces(text, at + digits.len(), end);
    let unit = match rest {
        "d" => Unit::Days,
        "w" => Unit::Weeks,
        "wd" => Unit::WorkingDays,
        "" => {
            let problem = "Write what is counted: d for days, w for weeks, wd for working days";
            return Err((at..end, problem.to_owned()));
        }
        other => {
            let problem = format!("“{other}” is not counted here. Use d, w or wd (working days)");
            return Err((at..end, problem));
        }
    };
    Ok(DateRule {
        anchor: *anchor,
        by: if before { -by } else { by },
        unit,
    })
}

/// The date that the rule gives for a return with these dates, in this nation's working days.
///
/// # Errors
/// When the return lacks the date that the rule counts from, or the calendar ends before it.
pub fn resolve(rule: &DateRule, anchors: Anchors, nation: Nation) -> Result<NaiveDate, ResolveError> {
    let from = anchors.get(rule.anchor).ok_or(ResolveError::Missing { rule: *rule })?;
    let days = |days: u64| {
        if rule.by < 0 {
            from.checked_sub_days(Days::new(days))
        } else {
            from.checked_add_days(Days::new(days))
        }
    };
    let by = u64::from(rule.by.unsigned_abs());
    match rule.unit {
        Unit::Days => days(by),
        Unit::Weeks => days(by * 7),
        Unit::WorkingDays => add_working_days(from, rule.by, nation),
    }
    .ok_or(ResolveError::OutOfRange { rule: *rule })
}

fn expected_anchor(problem: &str) -> String {
    let words: Vec<&str> = Anchor::ALL.iter().map(|(word, _)| *word).collect();
    let (last, others) = words.split_last().unwrap_or((&"", &[]));
    format!("{problem}. Use {} or {last}", others.join(", "))
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    &text[..end]
}

fn skip_spaces(text: &str, from: usize, end: usize) -> (usize, &str) {
    let rest = text[from..end].trim_start();
    (end - rest.len(), rest)
}

impl fmt::Display for DateRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.anchor.word())?;
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
