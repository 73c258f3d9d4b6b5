//! Which periods a paper can be about.
//!
//! Invariant: only periods that have begun and in which a return of the report's forms lies whole.

use chrono::NaiveDate;
use countersign_domain::period::{Period, PeriodKind};
use countersign_domain::report::Covers;

/// The periods that can be chosen, the latest first. `returns` are those of the report's forms.
pub(super) fn offered(covers: Covers, returns: &[Period], today: NaiveDate) -> Vec<Period> {
    let mut found: Vec<Period> = match covers {
        Covers::Once => whole(returns).into_iter().collect(),
        _ => returns
            .iter()
            .filter_map(|period| {
                let within = Period::containing(covers.kind(), period.start())?;
                within.contains(period.end()).then_some(within)
            })
            .collect(),
    };
    found.retain(|period| period.start() <= today);
    found.sort_by_key(|period| std::cmp::Reverse(period.start()));
    found.dedup();
    found
}

/// A period as it is typed: `2017-18`, `2018-Q1` (the first quarter of the financial year 2018-19), `2018-04`, or two days
/// like `2017-04-01..2018-03-31`.
///
/// # Errors
/// In words, with what can be typed.
pub fn read_period(text: &str) -> Result<Period, String> {
    let text = text.trim();
    let read = match text.split_once("..") {
        Some((from, to)) => dates(from, to),
        None => named(text),
    };
    read.ok_or_else(|| {
        format!("‘{text}’ is not a period: give 2017-18, 2018-Q1, 2018-04, or two days like 2017-04-01..2018-03-31")
    })
}

fn dates(from: &str, to: &str) -> Option<Period> {
    Period::new(from.trim().parse().ok()?, to.trim().parse().ok()?).ok()
}

fn named(text: &str) -> Option<Period> {
    let (year, rest) = text.split_once('-')?;
    let year: i32 = year.parse().ok().filter(|year| (1900..=2200).contains(year))?;
    let whole = Period::financial_year(year)?;
    if let Some(quarter) = rest.strip_prefix('Q') {
        let nth: usize = quarter.parse().ok()?;
        return Period::each(PeriodKind::Quarter, whole).nth(nth.checked_sub(1)?);
    }
    if rest == format!("{:02}", (year + 1).rem_euclid(100)) {
        return Some(whole);
    }
    let month: u32 = rest.parse().ok().filter(|_| rest.len() == 2)?;
    Period::containing(PeriodKind::Month, NaiveDate::from_ymd_opt(year, month, 1)?)
}

/// From the first day of the first return to the last day of the last.
fn whole(returns: &[Period]) -> Option<Period> {
    let first = returns.iter().map(Period::start).min()?;
    let last = returns.iter().map(Period::end).max()?;
    Period::new(first, last).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(from: &str, to: &str) -> Period {
        Period::new(day(from), day(to)).unwrap()
    }

    fn labels(covers: Covers, returns: &[Period], today: &str) -> Vec<String> {
        offered(covers, returns, day(today)).iter().map(Period::label).collect()
    }

    #[test]
    fn only_what_has_begun_and_holds_a_whole_return_is_offered_and_each_once() {
        let quarters = [
            period("2017-04-01", "2017-06-30"),
            period("2017-04-01", "2017-06-30"),
            period("2017-07-01", "2017-09-30"),
            period("2018-04-01", "2018-06-30"),
            period("2018-07-01", "2018-09-30"),
        ];
        assert_eq!(
            labels(Covers::Quarter, &quarters, "2018-04-01"),
            ["April to June 2018", "July to September 2017", "April to June 2017"]
        );
        assert_eq!(labels(Covers::FinancialYear, &quarters, "2018-03-31"), ["2017-18"]);
        assert_eq!(labels(Covers::Month, &quarters, "2019-01-01"), Vec::<String>::new());
        assert_eq!(labels(Covers::Quarter, &[], "2019-01-01"), Vec::<String>::new());
    }

    #[test]
    fn a_paper_that_is_made_once_covers_all_that_there_is() {
        let odd = [period("2017-05-03", "2017-06-30"), period("2016-11-01", "2017-01-15")];
        assert_eq!(
            offered(Covers::Once, &odd, day("2017-01-01")),
            [period("2016-11-01", "2017-06-30")]
        );
        assert_eq!(offered(Covers::Once, &odd, day("2016-10-31")), []);
    }

    #[test]
    fn a_period_is_read_as_people_write_it() {
        for (text, label) in [
            ("2017-18", "2017-18"),
            ("1999-00", "1999-00"),
            ("2018-Q1", "April to June 2018"),
            ("2018-Q4", "January to March 2019"),
            ("2018-04", "April 2018"),
            (" 2017-04-03..2017-04-09 ", "3 to 9 April 2017"),
        ] {
            assert_eq!(
                read_period(text).map(|period| period.label()).as_deref(),
                Ok(label),
                "{text}"
            );
        }
        for wrong in [
            "",
            "2018",
            "2017-19",
            "2018-Q0",
            "2018-Q5",
            "2018-Qx",
            "2018-4",
            "2018-00",
            "2018-13",
            "2018-04-31..2018-05-01",
            "2018-05-02..2018-05-01",
            "99999-00",
        ] {
            let why = read_period(wrong).unwrap_err();
            assert!(why.contains("2018-Q1"), "{wrong}: {why}");
        }
    }
}
