//! Days of the year beside a date of the schedule, held against the calendar itself; and what a rule steps over.

use chrono::{Datelike, Days};
use proptest::prelude::*;

use super::{date, year_2017_18};
use crate::calendar::{Nation, is_working_day};
use crate::schedule_dates::*;

const MONTH_NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Every day of every month that a rule may name, and the two last days of each, as they are written.
fn days_of_the_year() -> Vec<String> {
    let mut days = vec![
        "last day of the month".to_owned(),
        "last working day of the month".to_owned(),
    ];
    for (month, name) in (1..).zip(MONTH_NAMES) {
        days.extend([format!("last day of {name}"), format!("last working day of {name}")]);
        // 2027 is no leap year: what it has, every year has.
        let numbered = (1..=31).filter(|day| NaiveDate::from_ymd_opt(2027, month, *day).is_some());
        days.extend(numbered.map(|day| format!("{day} {name}")));
    }
    days
}

#[test]
fn a_rule_is_written_as_it_is_read() {
    assert_eq!(days_of_the_year().len(), 2 + 12 * 2 + 365);
    let ends = ["", " - 10wd", " + 1d", " + 2w"];
    for base in ["start", "end", "opens", "due", "closes", "2026-07-31"] {
        for end in ends {
            let text = format!("{base}{end}");
            assert_eq!(parse(&text).unwrap().to_string(), text);
        }
    }
    for day in days_of_the_year() {
        for side in ["after", "before"] {
            for (anchor, end) in ["start", "end", "opens", "due"].into_iter().zip(ends) {
                let text = format!("{day} {side} {anchor}{end}");
                assert_eq!(parse(&text).unwrap().to_string(), text);
            }
        }
    }
    assert_eq!(
        parse(" 30  november after   end+5wd ").unwrap().to_string(),
        "30 November after end + 5wd"
    );
    assert_eq!(
        parse("last day of month before start").unwrap().to_string(),
        "last day of the month before start"
    );
}

/// Whether this date is the day that the words name, by looking at the calendar alone.
fn is_the_day(date: NaiveDate, day: &str, nation: Nation) -> bool {
    let (which, month) = day
        .strip_prefix("last ")
        .and_then(|rest| rest.split_once("day of "))
        .unwrap_or_else(|| day.split_once(' ').unwrap());
    let name = MONTH_NAMES[usize::try_from(date.month0()).unwrap()];
    let later = || {
        let rest = date.iter_days().skip(1);
        rest.take_while(|other| other.month() == date.month())
    };
    let right = match which {
        "" => later().next().is_none(),
        "working " => is_working_day(date, nation) && !later().any(|other| is_working_day(other, nation)),
        number => number == date.day().to_string(),
    };
    right && (month == "the month" || month == name)
}

/// From an anchor on every day of years with and without a 29 February, the first such day later and the last earlier.
#[test]
fn a_day_of_the_year_is_the_nearest_on_its_side() {
    let nations = Nation::ALL;
    let anchors: Vec<NaiveDate> = date("2027-01-01").iter_days().take(800).collect();
    for (index, day) in days_of_the_year().into_iter().enumerate() {
        if day.ends_with("the month") {
            continue;
        }
        let nation = nations[index % 3];
        let [after, before] = ["after", "before"].map(|side| parse(&format!("{day} {side} end")).unwrap());
        // Every eleventh anchor, and another one for each rule, so that all are used.
        for anchor in anchors.iter().skip(index % 11).step_by(11) {
            let from = Anchors {
                end: Some(*anchor),
                ..Anchors::default()
            };
            let later = resolve(&after, from, nation).unwrap();
            let earlier = resolve(&before, from, nation).unwrap();
            let first = anchor.iter_days().skip(1).find(|date| is_the_day(*date, &day, nation));
            let mut back = std::iter::successors(anchor.pred_opt(), NaiveDate::pred_opt);
            let last = back.find(|date| is_the_day(*date, &day, nation));
            assert_eq!(
                (Some(later), Some(earlier)),
                (first, last),
                "{day}, {anchor}, {nation:?}"
            );
        }
    }
}

#[test]
fn days_of_the_year_beside_an_evaluation() {
    let anchors = year_2017_18();
    for (text, expected) in [
        ("30 November after end", "2018-11-30"),
        ("30 November before end", "2017-11-30"),
        ("1 October after start", "2017-10-01"),
        ("1 April after start", "2018-04-01"),
        ("31 March after end", "2019-03-31"),
        ("31 March before end", "2017-03-31"),
        ("30 November after end + 3d", "2018-12-03"),
        ("30 November after end - 1wd", "2018-11-29"),
        ("last day of February after start", "2018-02-28"),
        ("last day of February after end + 52w", "2020-02-27"),
        // 30 June 2018 was a Saturday, and 31 March too, with Good Friday before it.
        ("last working day of June after end", "2018-06-29"),
        ("last working day of March before end", "2018-03-29"),
        ("last working day of March after end", "2019-03-29"),
        ("last day of the month after end", "2018-04-30"),
        ("last day of the month before start", "2017-03-31"),
        ("last working day of the month before due", "2018-03-29"),
        ("2018-07-31", "2018-07-31"),
        ("2018-07-31 + 1w", "2018-08-07"),
    ] {
        let found = resolve(&parse(text).unwrap(), anchors, Nation::EnglandAndWales);
        assert_eq!(found, Ok(date(expected)), "{text}");
    }
    // From 29 February, and to the last day of one.
    let leap = Anchors {
        end: Some(date("2028-02-29")),
        ..Anchors::default()
    };
    for (text, expected) in [
        ("last day of February after end", "2029-02-28"),
        ("last day of February before end", "2027-02-28"),
        ("28 February after end", "2029-02-28"),
        ("28 February before end", "2028-02-28"),
        ("last day of the month after end", "2028-03-31"),
        ("last day of the month before end", "2028-01-31"),
    ] {
        let found = resolve(&parse(text).unwrap(), leap, Nation::EnglandAndWales);
        assert_eq!(found, Ok(date(expected)), "{text}");
    }
    let before = Anchors {
        end: Some(date("2028-01-15")),
        ..Anchors::default()
    };
    let rule = parse("last day of February after end").unwrap();
    assert_eq!(resolve(&rule, before, Nation::Scotland), Ok(date("2028-02-29")));
}

/// The clocks of London change in the night before the last Sundays of March and October: a date is a date all the same.
#[test]
fn a_rule_that_lands_on_a_clock_change_is_that_day_in_london() {
    for (rule, london) in [
        (
            "29 March after end",
            ["2026-03-28T23:59:59Z", "2026-03-29T00:00:00Z", "2026-03-29T22:59:59Z"],
        ),
        (
            "25 October after end",
            ["2026-10-24T22:59:59Z", "2026-10-24T23:00:00Z", "2026-10-25T23:59:59Z"],
        ),
    ] {
        let anchors = Anchors {
            end: Some(date("2026-01-31")),
            ..Anchors::default()
        };
        let due = resolve(&parse(rule).unwrap(), anchors, Nation::EnglandAndWales).unwrap();
        let there = london.map(|utc| crate::calendar::local_date(utc.parse().unwrap()) == due);
        assert_eq!(there, [false, true, true], "{rule}");
    }
}

#[test]
fn what_was_stepped_over_is_told() {
    let traced = |text: &str, nation| {
        let traced = trace(&parse(text).unwrap(), year_2017_18(), nation).unwrap();
        let days = traced.stepped_over.iter();
        let days: Vec<String> = days
            .map(|holiday| format!("{} {}", holiday.on.format("%m-%d"), holiday.name))
            .collect();
        (traced.on.to_string(), days.join(", "), traced.beyond_known)
    };
    for (text, nation, on, days) in [
        (
            "end + 20wd",
            Nation::EnglandAndWales,
            "2018-04-30",
            "04-02 Easter Monday",
        ),
        ("end + 20wd", Nation::Scotland, "2018-04-27", ""),
        ("end - 1wd", Nation::NorthernIreland, "2018-03-29", "03-30 Good Friday"),
        ("end + 30d", Nation::EnglandAndWales, "2018-04-30", ""),
        ("2018-05-07 - 1wd", Nation::EnglandAndWales, "2018-05-04", ""),
        ("2018-05-07 + 1wd", Nation::EnglandAndWales, "2018-05-08", ""),
        (
            "last working day of March before end",
            Nation::Scotland,
            "2018-03-29",
            "03-30 Good Friday",
        ),
        (
            "last working day of May before start - 1wd",
            Nation::EnglandAndWales,
            "2016-05-27",
            "05-30 Spring bank holiday",
        ),
    ] {
        assert_eq!(traced(text, nation), (on.to_owned(), days.to_owned(), false), "{text}");
    }
    let far = |text: &str, nation| traced(text, nation).2;
    assert!(!far("2040-12-01 + 5wd", Nation::Scotland));
    assert!(far("2040-12-24 + 5wd", Nation::Scotland));
    assert!(far("2010-01-04 - 1wd", Nation::Scotland));
    assert!(!far("2041-01-01 + 5d", Nation::Scotland), "days are days in any year");
}

#[test]
fn the_ends_of_the_calendar_are_said() {
    let at = |end| Anchors {
        end: Some(end),
        ..Anchors::default()
    };
    for (text, end) in [
        ("30 November after end", NaiveDate::MAX),
        ("last day of the month after end", NaiveDate::MAX),
        ("30 November before end", NaiveDate::MIN),
        ("last working day of the month before end", NaiveDate::MIN),
    ] {
        let found = resolve(&parse(text).unwrap(), at(end), Nation::Scotland);
        assert!(
            matches!(found, Err(ResolveError::OutOfRange { .. })),
            "{text}: {found:?}"
        );
    }
    let missing = resolve(
        &parse("30 November after closes").unwrap(),
        at(date("2026-03-31")),
        Nation::Scotland,
    );
    assert_eq!(
        missing.unwrap_err().to_string(),
        "“30 November after closes” counts from “closes”, and there is no such date"
    );
}

/// Rules of every shape, as they are written.
fn rules() -> impl Strategy<Value = String> {
    let beside = (
        prop::sample::select(days_of_the_year()),
        "(after|before) (start|end|opens|due)",
    )
        .prop_map(|(day, rest)| format!("{day} {rest}"));
    let base = prop_oneof!["(start|end|opens|due)".boxed(), beside.boxed()];
    (base, "( [-+] [1-9][0-9]{0,2}(d|w|wd))?").prop_map(|(base, count)| base + &count)
}

proptest! {
    #[test]
    fn a_trace_comes_to_the_same_date_and_passes_only_holidays(text in rules(), day in 0_u64..10_000, which in 0_usize..3) {
        let (rule, nation) = (parse(&text).unwrap(), Nation::ALL[which]);
        let start = date("2011-01-01") + Days::new(day);
        let anchors = Anchors {
            start: Some(start), end: Some(start + Days::new(90)), opens: Some(start + Days::new(91)),
            due: Some(start + Days::new(120)), closes: None,
        };
        let traced = trace(&rule, anchors, nation).unwrap();
        prop_assert_eq!(resolve(&rule, anchors, nation), Ok(traced.on));
        for holiday in &traced.stepped_over {
            prop_assert!(!is_working_day(holiday.on, nation) && holiday.on != traced.on);
        }
        prop_assert!(traced.stepped_over.is_empty() || text.contains('w'));
    }

    #[test]
    fn a_rule_with_a_piece_changed_is_read_or_its_fault_is_inside_it(
        text in rules(), at in any::<prop::sample::Index>(), put in "[a-z0-9 é+/-]{0,3}",
    ) {
        let at = at.index(text.len());
        let changed = format!("{}{put}{}", &text[..at], &text[(at + 1).min(text.len())..]);
        match parse(&changed) {
            Ok(rule) => prop_assert_eq!(parse(&rule.to_string()).map(|again| again.to_string()), Ok(rule.to_string())),
            Err((place, message)) => prop_assert!(changed.get(place).is_some() && !message.is_empty()),
        }
    }
}
