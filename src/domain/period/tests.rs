//! Labels, kinds, overlaps and the tiling of the calendar.

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
        ("2017-04-01", "2018-03-31", "2017-18", PeriodKind::FinancialYear),
        ("1999-04-01", "2000-03-31", "1999-00", PeriodKind::FinancialYear),
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
        ("2017-04-01", "2017-06-30", "April to June 2017", PeriodKind::Quarter),
        ("2020-02-01", "2020-02-29", "February 2020", PeriodKind::Month),
        ("2020-02-01", "2020-02-28", "1 to 28 February 2020", PeriodKind::Custom),
        ("2017-05-01", "2017-07-31", "May to July 2017", PeriodKind::Custom),
        (
            "2010-04-01",
            "2012-03-31",
            "April 2010 to March 2012",
            PeriodKind::Custom,
        ),
        ("2017-04-03", "2017-04-03", "3 April 2017", PeriodKind::Custom),
        ("2017-04-03", "2017-05-09", "3 April to 9 May 2017", PeriodKind::Custom),
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
    assert_eq!(quarters[0].common(&grant), Some(period("2017-05-15", "2017-06-30")));
    assert_eq!(quarters[3], period("2018-01-01", "2018-03-31"));
    assert_eq!(Period::each(PeriodKind::Custom, grant).collect::<Vec<_>>(), [grant]);
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
