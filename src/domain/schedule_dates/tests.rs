//! The spellings of schedule dates, what is said of wrong ones, and the dates they give.

mod beside;

use proptest::prelude::*;

use super::*;
use crate::calendar::Nation;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn year_2017_18() -> Anchors {
    Anchors {
        start: Some(date("2017-04-01")),
        end: Some(date("2018-03-31")),
        opens: Some(date("2018-04-01")),
        due: Some(date("2018-04-30")),
        closes: None,
    }
}

#[test]
fn the_schedule_of_an_evaluation() {
    for (text, expected) in [
        ("start", "2017-04-01"),
        ("end + 1d", "2018-04-01"),
        ("end + 20wd", "2018-04-30"),
        ("due + 60d", "2018-06-29"),
        ("opens", "2018-04-01"),
        ("due - 10wd", "2018-04-16"),
        ("due-2wd", "2018-04-26"),
        ("  due +  1 wd ", "2018-05-01"),
        ("due + 5wd", "2018-05-08"),
        ("end + 2w", "2018-04-14"),
        ("end - 0wd", "2018-03-31"),
    ] {
        let rule = parse(text).unwrap();
        let found = resolve(&rule, year_2017_18(), Nation::EnglandAndWales).unwrap();
        assert_eq!(found, date(expected), "{text}");
    }
}

#[test]
fn says_where_and_what_is_wrong() {
    for (text, at, part) in [
        ("", 0..0, "Write a date. Use start, end, opens, due or closes"),
        ("ends + 20wd", 0..4, "“ends” is not a date of the schedule"),
        ("  + 20wd", 2..8, "is not a date of the schedule"),
        ("end 20wd", 4..8, "Write + or -"),
        ("end +", 5..5, "Write a whole number"),
        ("end + wd", 6..8, "Write a whole number"),
        ("end + 20", 8..8, "Write what is counted"),
        ("end + 20m", 8..9, "“m” is not counted here"),
        ("end + 20wd + 1d", 8..15, "is not counted here"),
        ("end + 3661d", 6..10, "too far"),
        ("end + 99999999999d", 6..17, "too far"),
        ("End + 1d", 0..3, "“End” is not"),
        ("ende\u{301} + 1d", 0..4, "is not a date"),
        ("end of month after end", 4..22, "Write last day of the month after end"),
        (
            "31 November after end",
            0..11,
            "There is no 31 November. Write 30 November",
        ),
        (
            "0 May after end",
            0..5,
            "There is no 0 May. Write 31 May, or last day of May",
        ),
        (
            "30 February after end",
            0..11,
            "Write 28 February, or last day of February",
        ),
        (
            "29 February after end",
            0..11,
            "leap years only. Write last day of February",
        ),
        ("99999999999 May after end", 0..15, "Write 31 May"),
        (
            "30th November after end",
            0..4,
            "Write the day without letters: 30 November",
        ),
        ("30 Nov after end", 3..6, "“Nov” is not a month. Write November"),
        ("30 Novembre after end", 3..11, "Write November"),
        ("30 after end", 3..8, "Write the name of a month after 30"),
        ("30", 2..2, "Write the name of a month after 30"),
        ("20wd", 0..4, "“20wd” is not a date of the schedule"),
        ("30 November", 11..11, "Say which one is meant: 30 November after end"),
        ("30 November + 2wd", 12..17, "Say which one is meant"),
        ("30 November following end", 12..21, "Say which one is meant"),
        (
            "30 November after",
            17..17,
            "Write what it is counted from. Use start, end",
        ),
        (
            "30 November after  the end",
            19..22,
            "“the” is not a date of the schedule",
        ),
        (
            "30 November after end 2wd",
            22..25,
            "Write + or - and a number of days, like 30 November after end + 20wd",
        ),
        ("November 30 after end", 0..8, "Write the day before the month"),
        ("last June after end", 5..9, "Write last day of"),
        ("last working June after end", 13..17, "Write last day of"),
        ("last day of Jun after end", 12..15, "Write June"),
        ("last day of the month", 21..21, "last day of the month after end"),
        ("31/07/2026", 0..10, "year, month and day: 2026-07-31"),
        ("1.4.2026", 0..8, "year, month and day"),
        ("2026-7-31", 0..9, "year, month and day"),
        ("2026-02-29", 0..10, "There is no 2026-02-29"),
        ("2026-07-31T10:00", 10..16, "Write + or -"),
    ] {
        let (found, message) = parse(text).unwrap_err();
        assert_eq!(found, at, "{text}: {message}");
        assert!(message.contains(part), "{text}: {message}");
    }
}

#[test]
fn a_missing_date_is_an_error() {
    let rule = parse("closes - 1d").unwrap();
    let error = resolve(&rule, year_2017_18(), Nation::Scotland).unwrap_err();
    assert_eq!(
        error.to_string(),
        "“closes - 1d” counts from “closes”, and there is no such date"
    );
    let anchors = Anchors {
        end: Some(NaiveDate::MAX),
        ..Anchors::default()
    };
    let rule = parse("end + 1d").unwrap();
    assert!(matches!(
        resolve(&rule, anchors, Nation::Scotland),
        Err(ResolveError::OutOfRange { .. })
    ));
}

#[test]
fn is_its_text_in_json() {
    let rule: DateRule = serde_json::from_str("\"due  -2wd\"").unwrap();
    assert_eq!(serde_json::to_string(&rule).unwrap(), "\"due - 2wd\"");
    let error = serde_json::from_str::<DateRule>("\"dew\"").unwrap_err();
    assert!(error.to_string().contains("“dew” is not a date"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_its_fault_is_inside_it(text in "(start|due|[a-z]{0,4}|.{0,3}) ?[-+]? ?[0-9]{0,5} ?(d|w|wd|.{0,3})") {
        match parse(&text) {
            Ok(rule) => prop_assert_eq!(parse(&rule.to_string()), Ok(DateRule { unit: if rule.by == 0 { Unit::Days } else { rule.unit }, ..rule })),
            Err((at, _)) => prop_assert!(text.get(at).is_some()),
        }
    }
}
