//! The time that a paper speaks of, and the times that it is compared with.
//!
//! Invariant: the period before is as long as the paper's own; at the ends of the calendar there is none.

use chrono::{Days, Months, NaiveDate};
use countersign_domain::period::{Period, PeriodKind};

/// Which of a paper's times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// The paper's own.
    Now,
    /// The one before.
    Previous,
    /// The same a year earlier.
    YearBefore,
}

/// A paper's times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Windows {
    pub(crate) now: Period,
    previous: Option<Period>,
    year_before: Option<Period>,
}

impl Windows {
    pub(crate) fn new(now: Period) -> Self {
        Self {
            now,
            previous: before(now),
            year_before: a_year_before(now),
        }
    }

    pub(crate) fn of(&self, when: When) -> Option<Period> {
        match when {
            When::Now => Some(self.now),
            When::Previous => self.previous,
            When::YearBefore => self.year_before,
        }
    }
}

fn before(now: Period) -> Option<Period> {
    let last = now.start().pred_opt()?;
    match now.kind() {
        PeriodKind::Custom => {
            let days = u64::try_from(now.days()).ok()?;
            Period::new(now.start().checked_sub_days(Days::new(days))?, last).ok()
        }
        kind => Period::containing(kind, last),
    }
}

fn a_year_before(now: Period) -> Option<Period> {
    let year = Months::new(12);
    let start = now.start().checked_sub_months(year)?;
    let end = now.end().checked_sub_months(year)?;
    // A month that ends on the last day of February ended on another day a year before.
    let ends_month = |day: NaiveDate| day.succ_opt().is_some_and(|next| next.format("%d").to_string() == "01");
    let end = match (ends_month(now.end()), ends_month(end)) {
        (true, false) => end.succ_opt()?,
        _ => end,
    };
    Period::new(start, end).ok()
}

#[cfg(test)]
mod tests {
    use countersign_domain::period::Period;

    use super::{When, Windows};

    fn period(start: &str, end: &str) -> Period {
        Period::new(start.parse().unwrap(), end.parse().unwrap()).unwrap()
    }

    #[test]
    fn the_times_before_are_as_long_as_the_papers_own() {
        for (now, previous, year_before) in [
            (
                period("2017-04-01", "2018-03-31"),
                period("2016-04-01", "2017-03-31"),
                period("2016-04-01", "2017-03-31"),
            ),
            (
                period("2017-04-01", "2017-06-30"),
                period("2017-01-01", "2017-03-31"),
                period("2016-04-01", "2016-06-30"),
            ),
            (
                period("2017-02-01", "2017-02-28"),
                period("2017-01-01", "2017-01-31"),
                period("2016-02-01", "2016-02-29"),
            ),
            (
                period("2017-05-03", "2017-05-12"),
                period("2017-04-23", "2017-05-02"),
                period("2016-05-03", "2016-05-12"),
            ),
        ] {
            let windows = Windows::new(now);
            assert_eq!(windows.of(When::Now), Some(now));
            assert_eq!(windows.of(When::Previous), Some(previous));
            assert_eq!(windows.of(When::YearBefore), Some(year_before));
        }
    }
}
