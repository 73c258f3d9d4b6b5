//! The bank holidays of each nation, from the rules of the Banking and Financial Dealings Act 1971
//! (its first schedule, and the royal proclamations under its first section), with Christmas Day
//! and Good Friday, which are holidays by custom where the Act does not name them.
//!
//! The rules hold for every year; the single days that were added or moved are known from
//! [`FIRST_YEAR`] to [`LAST_YEAR`] as far as they had been proclaimed. Only weekdays are listed: a
//! holiday that falls on a weekend is taken on the next weekday that is not one already.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Serialize;

use super::Nation;

/// The first year for which the single days are listed.
pub const FIRST_YEAR: i32 = 2010;
/// The last year for which this calendar is meant.
pub const LAST_YEAR: i32 = 2040;

/// A bank holiday on a weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct BankHoliday {
    /// The day.
    pub on: NaiveDate,
    /// What it is called, without the nation or the year.
    pub name: &'static str,
}

/// Single days proclaimed: year, month, day, the nation when it was not all of them, and what for.
const ADDED: [(i32, u32, u32, Option<Nation>, &str); 6] = [
    (2011, 4, 29, None, "Wedding of Prince William"),
    (2012, 6, 5, None, "Diamond Jubilee"),
    (2022, 6, 3, None, "Platinum Jubilee"),
    (2022, 9, 19, None, "Funeral of Queen Elizabeth II"),
    (2023, 5, 8, None, "Coronation of King Charles III"),
    (2026, 6, 15, Some(Nation::Scotland), "Scotland in the World Cup"),
];

/// The bank holidays of the nation in the year, in order, each a weekday. Empty outside the years
/// that a date can have.
#[must_use]
pub fn of_year(nation: Nation, year: i32) -> Vec<NaiveDate> {
    named_of_year(nation, year).iter().map(|holiday| holiday.on).collect()
}

/// As [`of_year`], with their names.
#[must_use]
pub fn named_of_year(nation: Nation, year: i32) -> Vec<BankHoliday> {
    let mut days = Vec::with_capacity(12);
    let on = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let mut add = |name, on: Option<NaiveDate>| days.extend(on.map(|on| BankHoliday { on, name }));
    let easter = easter_sunday(year);

    add(
        "Good Friday",
        easter.and_then(|sunday| sunday.checked_sub_days(Days::new(2))),
    );
    if nation != Nation::Scotland {
        let monday = easter.and_then(|sunday| sunday.checked_add_days(Days::new(1)));
        add("Easter Monday", monday);
    }
    let early_may = match year {
        2020 => on(5, 8), // moved to the 75th anniversary of VE Day
        _ => first_monday(year, 5),
    };
    add("Early May bank holiday", early_may);
    let spring = match year {
        2012 => on(6, 4), // moved beside the Diamond Jubilee
        2022 => on(6, 2), // moved beside the Platinum Jubilee
        _ => last_monday(year, 5),
    };
    add("Spring bank holiday", spring);
    let summer = match nation {
        Nation::Scotland => first_monday(year, 8),
        Nation::EnglandAndWales | Nation::NorthernIreland => last_monday(year, 8),
    };
    add("Summer bank holiday", summer);
    for (added_in, month, day, to, name) in ADDED {
        if added_in == year && to.is_none_or(|to| to == nation) {
            add(name, on(month, day));
        }
    }
    add_fixed(nation, year, &mut days);
    days.sort_unstable();
    days
}

/// The holidays that have a date, and the weekdays on which they are taken when that is a weekend.
fn add_fixed(nation: Nation, year: i32, days: &mut Vec<BankHoliday>) {
    const NEW_YEAR: (u32, u32, &str) = (1, 1, "New Year’s Day");
    const CHRISTMAS: (u32, u32, &str) = (12, 25, "Christmas Day");
    const BOXING: (u32, u32, &str) = (12, 26, "Boxing Day");
    let fixed: &[(u32, u32, &'static str)] = match nation {
        Nation::EnglandAndWales => &[NEW_YEAR, CHRISTMAS, BOXING],
        Nation::Scotland => &[
            NEW_YEAR,
            (1, 2, "2 January"),
            (11, 30, "St Andrew’s Day"),
            CHRISTMAS,
            BOXING,
        ],
        Nation::NorthernIreland => &[
            NEW_YEAR,
            (3, 17, "St Patrick’s Day"),
            (7, 12, "Battle of the Boyne"),
            CHRISTMAS,
            BOXING,
        ],
    };
    let (weekdays, weekends): (Vec<BankHoliday>, Vec<BankHoliday>) = fixed
        .iter()
        .filter_map(|&(month, day, name)| {
            let on = NaiveDate::from_ymd_opt(year, month, day)?;
            Some(BankHoliday { on, name })
        })
        .partition(|holiday| !is_weekend(holiday.on));
    // Those on weekdays first: when Christmas Day is a Sunday, Boxing Day keeps its Monday and
    // Christmas is taken on the Tuesday.
    days.extend(weekdays);
    for holiday in weekends {
        let substitute = holiday
            .on
            .iter_days()
            .find(|other| !is_weekend(*other) && days.iter().all(|taken| taken.on != *other));
        days.extend(substitute.map(|on| BankHoliday { on, ..holiday }));
    }
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

fn first_monday(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, 1)
}

fn last_monday(year: i32, month: u32) -> Option<NaiveDate> {
    NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, 5)
        .or_else(|| NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Mon, 4))
}

/// Easter Sunday by the Gregorian computus, in the form printed anonymously in Nature in 1876.
fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let (leaps, rest) = (century / 4, century % 4);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let moon = (19 * golden + century - leaps - correction + 15).rem_euclid(30);
    let weekday = (32 + 2 * rest + 2 * (of_century / 4) - moon - of_century % 4).rem_euclid(7);
    let late = (golden + 11 * moon + 22 * weekday) / 451;
    let day = moon + weekday - 7 * late + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(day / 31).ok()?, u32::try_from(day % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The days as they were published, a line for each nation and year.
    #[test]
    fn agrees_with_the_days_as_published() {
        let mut lines = 0;
        for line in include_str!("published.txt").lines() {
            if line.starts_with('#') {
                continue;
            }
            let mut words = line.split(' ');
            let nation = match words.next() {
                Some("EW") => Nation::EnglandAndWales,
                Some("S") => Nation::Scotland,
                Some("NI") => Nation::NorthernIreland,
                other => panic!("no nation called {other:?}"),
            };
            let year: i32 = words.next().unwrap().parse().unwrap();
            let found: Vec<String> = of_year(nation, year)
                .iter()
                .map(|day| day.format("%m%d").to_string())
                .collect();
            let published: Vec<&str> = words.collect();
            assert_eq!(found, published, "{nation:?} {year}");
            lines += 1;
        }
        assert_eq!(lines, 3 * 24, "three nations, 2012 to 2035");
    }

    #[test]
    fn the_days_before_and_after_the_table_follow_the_rules() {
        let days = |nation, year| -> Vec<String> {
            of_year(nation, year)
                .iter()
                .map(|day| day.format("%m%d").to_string())
                .collect()
        };
        assert_eq!(
            days(Nation::EnglandAndWales, 2010),
            ["0101", "0402", "0405", "0503", "0531", "0830", "1227", "1228"]
        );
        assert_eq!(
            days(Nation::Scotland, 2011),
            [
                "0103", "0104", "0422", "0429", "0502", "0530", "0801", "1130", "1226", "1227"
            ]
        );
    }

    #[test]
    fn a_holiday_has_its_name_on_the_day_it_is_taken() {
        let names = |nation, year| -> Vec<String> {
            named_of_year(nation, year)
                .iter()
                .map(|holiday| format!("{} {}", holiday.on.format("%m%d"), holiday.name))
                .collect()
        };
        let scotland = names(Nation::Scotland, 2022);
        // New Year's Day was a Saturday, 2 January a Sunday, Christmas Day a Sunday.
        for day in [
            "0103 New Year’s Day",
            "0104 2 January",
            "0415 Good Friday",
            "0502 Early May bank holiday",
            "0602 Spring bank holiday",
            "0603 Platinum Jubilee",
            "0801 Summer bank holiday",
            "0919 Funeral of Queen Elizabeth II",
            "1130 St Andrew’s Day",
            "1226 Boxing Day",
            "1227 Christmas Day",
        ] {
            assert!(scotland.iter().any(|found| found == day), "{day} in {scotland:?}");
        }
        assert_eq!(scotland.len(), 11);
        let northern = names(Nation::NorthernIreland, 2025);
        assert_eq!(
            northern[1..4],
            ["0317 St Patrick’s Day", "0418 Good Friday", "0421 Easter Monday"]
        );
        assert!(northern.contains(&"0714 Battle of the Boyne".to_owned()));
    }

    /// The earliest and latest that Easter can be, and the years in which the moon is put back.
    #[test]
    fn easter_is_when_it_was_and_will_be() {
        for easter in [
            "1818-03-22",
            "1943-04-25",
            "1954-04-18",
            "1981-04-19",
            "2000-04-23",
            "2008-03-23",
            "2038-04-25",
            "2049-04-18",
            "2076-04-19",
        ] {
            let easter: NaiveDate = easter.parse().unwrap();
            assert_eq!(easter_sunday(easter.year()), Some(easter));
        }
    }

    #[test]
    fn every_day_is_a_weekday_and_comes_once() {
        for nation in [Nation::EnglandAndWales, Nation::Scotland, Nation::NorthernIreland] {
            for year in FIRST_YEAR..=LAST_YEAR {
                let days = of_year(nation, year);
                assert!((8..=12).contains(&days.len()), "{nation:?} {year}: {days:?}");
                assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
                assert!(!days.iter().any(|day| is_weekend(*day)));
            }
            let _ = of_year(nation, i32::MAX);
            let _ = of_year(nation, i32::MIN);
        }
    }
}
