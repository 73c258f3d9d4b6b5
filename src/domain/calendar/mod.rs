//! Working days, bank holidays and the local date. Its invariant: a working day is neither a
//! Saturday, a Sunday nor a bank holiday of the nation that is asked about.

pub mod bank_holidays;
mod typed;

use bank_holidays::BankHoliday;
use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use chrono_tz::Europe::London;
use serde::{Deserialize, Serialize};

pub use typed::read_day;

/// Whose bank holidays apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nation {
    /// England and Wales share a calendar.
    EnglandAndWales,
    /// Scotland.
    Scotland,
    /// Northern Ireland.
    NorthernIreland,
}

impl Nation {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::EnglandAndWales, Self::Scotland, Self::NorthernIreland];

    /// As files and commands spell it: `england-and-wales`.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::EnglandAndWales => "england-and-wales",
            Self::Scotland => "scotland",
            Self::NorthernIreland => "northern-ireland",
        }
    }

    /// Its name in words: `England and Wales`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::EnglandAndWales => "England and Wales",
            Self::Scotland => "Scotland",
            Self::NorthernIreland => "Northern Ireland",
        }
    }
}

/// More working days than this, about forty years, are not counted.
pub const MOST_WORKING_DAYS: u32 = 10_000;

/// The date in London at this moment. Due days begin and end by it, summer and winter.
#[must_use]
pub fn local_date(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&London).date_naive()
}

/// Whether people are at work on this date in this nation.
#[must_use]
pub fn is_working_day(date: NaiveDate, nation: Nation) -> bool {
    Days::of(nation).is_working(date)
}

/// The `working_days`th working day after the date, or before it when negative. Nought is the date
/// itself, whatever day it is. None beyond [`MOST_WORKING_DAYS`] or the end of the calendar.
#[must_use]
pub fn add_working_days(date: NaiveDate, working_days: i32, nation: Nation) -> Option<NaiveDate> {
    if working_days.unsigned_abs() > MOST_WORKING_DAYS {
        return None;
    }
    let mut days = Days::of(nation);
    let mut date = date;
    let mut left = working_days.unsigned_abs();
    while left > 0 {
        date = if working_days > 0 {
            date.succ_opt()?
        } else {
            date.pred_opt()?
        };
        left -= u32::from(days.is_working(date));
    }
    Some(date)
}

/// The nation's bank holidays after `from`, up to and including `to`: what a count of working days
/// between them steps over.
#[must_use]
pub fn bank_holidays_between(from: NaiveDate, to: NaiveDate, nation: Nation) -> Vec<BankHoliday> {
    (from.year()..=to.year())
        .flat_map(|year| bank_holidays::named_of_year(nation, year))
        .filter(|holiday| from < holiday.on && holiday.on <= to)
        .collect()
}

/// Whether the single bank holidays of the date's year are listed here. Outside these years only those that come
/// every year are known, so that a count of working days may be out by a day that was proclaimed.
#[must_use]
pub fn is_known(date: NaiveDate) -> bool {
    (bank_holidays::FIRST_YEAR..=bank_holidays::LAST_YEAR).contains(&date.year())
}

/// How many working days lie after `from`, up to and including `to`; negative, counting from `to`
/// up to but not including `from`, when `to` is earlier. The opposite of [`add_working_days`]
/// whenever `to` is a working day.
#[must_use]
pub fn working_days_between(from: NaiveDate, to: NaiveDate, nation: Nation) -> i64 {
    let mut days = Days::of(nation);
    let mut count = |first: Option<NaiveDate>, last: Option<NaiveDate>| -> i64 {
        let (Some(first), Some(last)) = (first, last) else {
            return 0;
        };
        first
            .iter_days()
            .take_while(|date| *date <= last)
            .map(|date| i64::from(days.is_working(date)))
            .sum()
    };
    if from <= to {
        count(from.succ_opt(), Some(to))
    } else {
        -count(Some(to), from.pred_opt())
    }
}

/// One nation's days, with the bank holidays of the year last asked about at hand, because a count
/// asks about the same year hundreds of times.
struct Days {
    nation: Nation,
    year: Option<i32>,
    holidays: Vec<NaiveDate>,
}

impl Days {
    const fn of(nation: Nation) -> Self {
        Self {
            nation,
            year: None,
            holidays: Vec::new(),
        }
    }

    fn is_working(&mut self, date: NaiveDate) -> bool {
        if matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
            return false;
        }
        if self.year != Some(date.year()) {
            self.year = Some(date.year());
            self.holidays = bank_holidays::of_year(self.nation, date.year());
        }
        !self.holidays.contains(&date)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    const NATIONS: [Nation; 3] = [Nation::EnglandAndWales, Nation::Scotland, Nation::NorthernIreland];

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_evaluation_of_2017_18_is_due_twenty_working_days_on() {
        // Good Friday was 30 March; Easter Monday, 2 April, is no holiday in Scotland.
        let end = date("2018-03-31");
        for (nation, due) in [
            (Nation::EnglandAndWales, "2018-04-30"),
            (Nation::Scotland, "2018-04-27"),
            (Nation::NorthernIreland, "2018-04-30"),
        ] {
            assert_eq!(add_working_days(end, 20, nation), Some(date(due)));
        }
    }

    #[test]
    fn nought_stays_and_a_minus_goes_back() {
        let saturday = date("2026-11-21");
        let nation = Nation::EnglandAndWales;
        assert_eq!(add_working_days(saturday, 0, nation), Some(saturday));
        assert_eq!(add_working_days(saturday, 1, nation), Some(date("2026-11-23")));
        assert_eq!(add_working_days(saturday, -1, nation), Some(date("2026-11-20")));
        assert_eq!(add_working_days(saturday, 10_001, nation), None);
        assert_eq!(add_working_days(saturday, i32::MAX, nation), None);
        assert_eq!(add_working_days(saturday, i32::MIN, nation), None);
        assert_eq!(add_working_days(NaiveDate::MAX, 1, nation), None);
        assert_eq!(add_working_days(NaiveDate::MIN, -1, nation), None);
    }

    #[test]
    fn what_a_count_steps_over_has_its_name() {
        let names = |from, to, nation| -> Vec<&str> {
            bank_holidays_between(date(from), date(to), nation)
                .iter()
                .map(|holiday| holiday.name)
                .collect()
        };
        let nation = Nation::EnglandAndWales;
        assert_eq!(
            names("2018-03-30", "2018-05-07", nation),
            ["Easter Monday", "Early May bank holiday"]
        );
        assert_eq!(names("2018-05-06", "2018-05-06", nation), [""; 0]);
        assert_eq!(
            names("2026-12-24", "2027-01-04", Nation::Scotland),
            ["Christmas Day", "Boxing Day", "New Year’s Day", "2 January"]
        );
        assert!(names("2026-12-31", "2026-12-01", nation).is_empty());
        assert!(is_known(date("2010-01-01")) && is_known(date("2040-12-31")));
        assert!(!is_known(date("2009-12-31")) && !is_known(date("2041-01-01")));
    }

    #[test]
    fn the_date_is_londons_across_both_clock_changes() {
        for (utc, local) in [
            ("2026-03-28T23:59:59Z", "2026-03-28"),
            ("2026-03-29T00:30:00Z", "2026-03-29"),
            ("2026-03-29T23:00:00Z", "2026-03-30"),
            ("2026-10-24T23:00:00Z", "2026-10-25"),
            ("2026-10-25T23:30:00Z", "2026-10-25"),
            ("2026-10-26T00:00:00Z", "2026-10-26"),
        ] {
            assert_eq!(local_date(utc.parse().unwrap()), date(local), "{utc}");
        }
    }

    proptest! {
        #[test]
        fn adding_and_counting_are_opposites(day in 0_i64..10_000, by in -300_i32..=300, which in 0_usize..3) {
            let nation = NATIONS[which];
            let from = date("2011-01-01") + TimeDelta::days(day);
            let to = add_working_days(from, by, nation).unwrap();
            prop_assert!(by == 0 || is_working_day(to, nation));
            prop_assert_eq!(working_days_between(from, to, nation), i64::from(by));
        }

        #[test]
        fn every_local_date_comes_once_and_in_order(hour in 0_i64..150_000) {
            let now: DateTime<Utc> = "2024-01-01T00:00:00Z".parse().unwrap();
            let now = now + TimeDelta::hours(hour);
            let step = local_date(now + TimeDelta::hours(1)) - local_date(now);
            prop_assert!((0..=1).contains(&step.num_days()));
        }
    }
}
