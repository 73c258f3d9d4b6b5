//! The time that a return reports on. Its invariant: a period has at least one day, and both of its
//! dates are in it. Months, quarters and the rest are those of the financial year from 1 April.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How often a period comes round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PeriodKind {
    /// A calendar month.
    Month,
    /// Three months from April, July, October or January.
    Quarter,
    /// Four months from April, August or December.
    FourMonths,
    /// Six months from April or October.
    HalfYear,
    /// From 1 April to 31 March.
    FinancialYear,
    /// Any two dates: a grant's own length, or one return at the end.
    Custom,
}

impl PeriodKind {
    /// How many months a period of this kind has; none is fixed for a custom one.
    #[must_use]
    pub const fn months(self) -> Option<u32> {
        match self {
            Self::Month => Some(1),
            Self::Quarter => Some(3),
            Self::FourMonths => Some(4),
            Self::HalfYear => Some(6),
            Self::FinancialYear => Some(12),
            Self::Custom => None,
        }
    }
}

/// The period ends before it starts.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a period that starts on {start} cannot end on {end}")]
pub struct EndsBeforeItStarts {
    start: NaiveDate,
    end: NaiveDate,
}

/// A range of dates, both of them inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Period {
    start: NaiveDate,
    end: NaiveDate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unchecked {
    start: NaiveDate,
    end: NaiveDate,
}

impl TryFrom<Unchecked> for Period {
    type Error = EndsBeforeItStarts;

    fn try_from(dates: Unchecked) -> Result<Self, Self::Error> {
        Self::new(dates.start, dates.end)
    }
}

impl Period {
    /// The period from `start` to `end`, both inclusive.
    ///
    /// # Errors
    /// When it would end before it starts.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Result<Self, EndsBeforeItStarts> {
        if end < start {
            return Err(EndsBeforeItStarts { start, end });
        }
        Ok(Self { start, end })
    }

    /// The period of this kind that holds the date. None for a custom one, which no date decides,
    /// nor at the ends of the calendar.
    #[must_use]
    pub fn containing(kind: PeriodKind, date: NaiveDate) -> Option<Self> {
        let months = kind.months()?;
        let since_april = (date.month() + 8) % 12;
        let start = date
            .with_day(1)?
            .checked_sub_months(Months::new(since_april % months))?;
        let end = start
            .checked_add_months(Months::new(months))?
            .checked_sub_days(Days::new(1))?;
        Some(Self { start, end })
    }

    /// The financial year that begins on 1 April of this year.
    #[must_use]
    pub fn financial_year(from: i32) -> Option<Self> {
        Self::containing(PeriodKind::FinancialYear, NaiveDate::from_ymd_opt(from, 4, 1)?)
    }

    /// The first day.
    #[must_use]
    pub const fn start(&self) -> NaiveDate {
        self.start
    }

    /// The last day.
    #[must_use]
    pub const fn end(&self) -> NaiveDate {
        self.end
    }

    /// How many days it has, at least one.
    #[must_use]
    pub fn days(&self) -> i64 {
        (self.end - self.start).num_days() + 1
    }

    /// Whether the date is in it.
    #[must_use]
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.start <= date && date <= self.end
    }

    /// Whether any day is in both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }

    /// The days that are in both, if there are any.
    #[must_use]
    pub fn common(&self, other: &Self) -> Option<Self> {
        self.overlaps(other).then(|| Self {
            start: self.start.max(other.start),
            end: self.end.min(other.end),
        })
    }

    /// The kind that its dates make it: the financial year when they are one, and so on down.
    #[must_use]
    pub fn kind(&self) -> PeriodKind {
        [
            PeriodKind::FinancialYear,
            PeriodKind::HalfYear,
            PeriodKind::FourMonths,
            PeriodKind::Quarter,
            PeriodKind::Month,
        ]
        .into_iter()
        .find(|kind| Self::containing(*kind, self.start) == Some(*self))
        .unwrap_or(PeriodKind::Custom)
    }

    /// Every period of this kind with a day in the range, in order. The first and last may reach
    /// outside it, because a grant that begins in May still owes its return for the quarter from
    /// April; [`Period::common`] gives the part inside. A custom period comes once, as the range.
    pub fn each(kind: PeriodKind, range: Self) -> impl Iterator<Item = Self> {
        let first = match kind {
            PeriodKind::Custom => Some(range),
            _ => Self::containing(kind, range.start),
        };
        std::iter::successors(first, move |period| {
            let next = period.end.succ_opt()?;
            Self::containing(kind, next).filter(|next| next.start <= range.end)
        })
    }

    /// The period in words: `2017-18`, `April 2017`, `April to June 2017`, `3 to 9 April 2017`.
    #[must_use]
    pub fn label(&self) -> String {
        let (start, end) = (self.start, self.end);
        let same_year = start.year() == end.year();
        if self.kind() == PeriodKind::FinancialYear {
            return format!("{}-{:02}", start.year(), end.year().rem_euclid(100));
        }
        let whole_months = start.day() == 1 && end.succ_opt().is_none_or(|next| next.day() == 1);
        if whole_months {
            return match (same_year, start.month() == end.month()) {
                (true, true) => start.format("%B %Y").to_string(),
                (true, false) => format!("{} to {}", start.format("%B"), end.format("%B %Y")),
                (false, _) => format!("{} to {}", start.format("%B %Y"), end.format("%B %Y")),
            };
        }
        let last = end.format("%-d %B %Y");
        match (same_year, start.month() == end.month()) {
            (true, true) if start == end => last.to_string(),
            (true, true) => format!("{} to {last}", start.day()),
            (true, false) => format!("{} to {last}", start.format("%-d %B")),
            (false, _) => format!("{} to {last}", start.format("%-d %B %Y")),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.label())
    }
}

#[cfg(test)]
mod tests;
