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
        Self::containing(
            PeriodKind::FinancialYear,
            NaiveDate::from_ymd_opt(from, 4, 1)?,
        )
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(start: &str, end: &str) -> Period {
        Period::new(date(start), date(end)).unwrap()
    }

    #[test]
    fn labels_are_what_people_say() {
        for (start, end, label, kind) in [
            (
                "2017-04-01",
                "2018-03-31",
                "2017-18",
                PeriodKind::FinancialYear,
            ),
            (
                "1999-04-01",
                "2000-03-31",
                "1999-00",
                PeriodKind::FinancialYear,
            ),
            (
                "2017-04-01",
                "2017-09-30",
                "April to September 2017",
                PeriodKind::HalfYear,
            ),
            (
                "2017-10-01",
                "2018-03-31",
                "October 2017 to March 2018",
                PeriodKind::HalfYear,
            ),
            (
                "2013-12-01",
                "2014-03-31",
                "December 2013 to March 2014",
                PeriodKind::FourMonths,
            ),
            (
                "2017-04-01",
                "2017-06-30",
                "April to June 2017",
                PeriodKind::Quarter,
            ),
            (
                "2020-02-01",
                "2020-02-29",
                "February 2020",
                PeriodKind::Month,
            ),
            (
                "2020-02-01",
                "2020-02-28",
                "1 to 28 February 2020",
                PeriodKind::Custom,
            ),
            (
                "2017-05-01",
                "2017-07-31",
                "May to July 2017",
                PeriodKind::Custom,
            ),
            (
                "2010-04-01",
                "2012-03-31",
                "April 2010 to March 2012",
                PeriodKind::Custom,
            ),
            (
                "2017-04-03",
                "2017-04-03",
                "3 April 2017",
                PeriodKind::Custom,
            ),
            (
                "2017-04-03",
                "2017-05-09",
                "3 April to 9 May 2017",
                PeriodKind::Custom,
            ),
            (
                "2017-12-03",
                "2018-01-09",
                "3 December 2017 to 9 January 2018",
                PeriodKind::Custom,
            ),
        ] {
            assert_eq!(period(start, end).label(), label);
            assert_eq!(period(start, end).kind(), kind, "{label}");
        }
    }

    #[test]
    fn a_grant_from_may_still_owes_its_first_quarter() {
        let grant = period("2017-05-15", "2018-03-31");
        let quarters: Vec<_> = Period::each(PeriodKind::Quarter, grant).collect();
        assert_eq!(quarters.len(), 4);
        assert_eq!(quarters[0], period("2017-04-01", "2017-06-30"));
        assert_eq!(
            quarters[0].common(&grant),
            Some(period("2017-05-15", "2017-06-30"))
        );
        assert_eq!(quarters[3], period("2018-01-01", "2018-03-31"));
        assert_eq!(
            Period::each(PeriodKind::Custom, grant).collect::<Vec<_>>(),
            [grant]
        );
        assert_eq!(Period::each(PeriodKind::FourMonths, grant).count(), 3);
        assert_eq!(Period::each(PeriodKind::Month, grant).count(), 11);
    }

    #[test]
    fn a_period_never_ends_before_it_starts() {
        assert!(Period::new(date("2018-04-01"), date("2018-03-31")).is_err());
        let json = r#"{"start":"2018-04-01","end":"2018-03-31"}"#;
        assert!(serde_json::from_str::<Period>(json).is_err());
        let year = Period::financial_year(2017).unwrap();
        let json = serde_json::to_string(&year).unwrap();
        assert_eq!(json, r#"{"start":"2017-04-01","end":"2018-03-31"}"#);
        assert_eq!(serde_json::from_str::<Period>(&json).unwrap(), year);
    }

    #[test]
    fn overlap_counts_both_ends() {
        let april = period("2017-04-01", "2017-04-30");
        assert!(april.overlaps(&period("2017-04-30", "2017-05-01")));
        assert!(!april.overlaps(&period("2017-05-01", "2017-05-31")));
        assert_eq!(april.common(&period("2017-05-01", "2017-05-31")), None);
        assert_eq!(april.days(), 30);
    }

    proptest! {
        #[test]
        fn periods_of_a_kind_tile_the_calendar(day in 0_u64..20_000, length in 0_u64..1_500) {
            let start = date("2000-01-01") + Days::new(day);
            let range = Period::new(start, start + Days::new(length)).unwrap();
            for kind in [
                PeriodKind::Month, PeriodKind::Quarter, PeriodKind::FourMonths,
                PeriodKind::HalfYear, PeriodKind::FinancialYear,
            ] {
                let all: Vec<_> = Period::each(kind, range).collect();
                prop_assert!(all.first().unwrap().contains(range.start()));
                prop_assert!(all.last().unwrap().contains(range.end()));
                for pair in all.windows(2) {
                    prop_assert_eq!(pair[0].end().succ_opt(), Some(pair[1].start()));
                }
                for period in all {
                    prop_assert_eq!(period.kind(), kind);
                }
            }
        }
    }
}
