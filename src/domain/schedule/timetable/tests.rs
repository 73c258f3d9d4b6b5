//! Timetables as people read them, and held against the functions by which mails are sent.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::form::parse::parse;
use crate::form::schema::Escalation;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn form(schedule: &str) -> Form {
    let source = format!(
        r#"form = "small"
version = 2
title = "Small return"
owed_by = "grant"
audience = "panel"
[schedule]
{schedule}
[[section]]
id = "whole"
title = "Whole"
[[section.question]]
id = "status"
type = "text"
label = "Status"
"#
    );
    parse(&source).unwrap()
}

fn asked(from: &str, most: usize, nation: Nation) -> Asked {
    Asked {
        from: date(from),
        to: None,
        most,
        grant: None,
        nation,
    }
}

fn said(schedule: &str, asked: Asked) -> String {
    timetable(&form(schedule), &asked).unwrap().to_string()
}

const FOUR_MONTHS: &str = r#"every = "four-months"
opens = "end + 1d"
due = "end + 20wd"
closes = "due + 60d"
remind = ["opens", "due - 10wd", "due - 2wd", "due + 1wd", "due + 5wd"]
escalate = [{ at = "due + 5wd", to = "provider.lead" }, { at = "due + 15wd", to = "commissioner" }]"#;

#[test]
fn a_year_of_four_monthly_returns() {
    insta::assert_snapshot!(said(FOUR_MONTHS, asked("2026-04-01", 3, Nation::EnglandAndWales)));
}

#[test]
fn half_years_in_scotland() {
    let schedule = r#"every = "half-year"
opens = "start + 5w"
due = "last working day of the month after end"
closes = "30 November after end - 1wd"
remind = ["start", "end + 1d", "due - 1wd", "due + 1wd"]
escalate = [{ at = "due", to = "provider.lead" }, { at = "due + 1wd", to = "partnership.chair" }]"#;
    insta::assert_snapshot!(said(schedule, asked("2026-04-01", 2, Nation::Scotland)));
}

#[test]
fn once_over_a_grant() {
    let schedule = r#"every = "once"
opens = "end - 2w"
due = "30 November after end"
closes = "due + 60d"
remind = ["due - 10wd"]"#;
    let mut once = asked("2026-04-01", 6, Nation::NorthernIreland);
    assert_eq!(timetable(&form(schedule), &once).unwrap_err(), NoTimetable::GrantNeeded);
    once.grant = Period::new(date("2026-05-18"), date("2028-02-29")).ok();
    insta::assert_snapshot!(said(schedule, once));
}

const DATES: &str = r#"dates = [
    { from = 2026-04-01, to = 2026-06-30 },
    { from = 2026-07-15, to = 2026-12-24, due = 2027-01-15, label = "Summer to Christmas" },
    { from = 2027-01-01, to = 2027-02-28, opens = "end + 2d", closes = "due + 2w" },
]
opens = "end + 1wd"
due = "end + 5wd"
closes = "due + 60d"
remind = ["due - 2wd", "due - 5d"]"#;

#[test]
fn periods_by_their_dates() {
    insta::assert_snapshot!(said(DATES, asked("2026-07-01", 6, Nation::EnglandAndWales)));
}

#[test]
fn what_is_not_known_is_said() {
    let far = asked("2040-12-01", 1, Nation::EnglandAndWales);
    let said = said(FOUR_MONTHS, far);
    assert!(
        said.contains("\nNote: Working days were counted in years whose bank holidays are not all known: after 2040")
    );
    let plain = r#"every = "month"
opens = "end + 1d"
due = "end + 20d"
closes = "due + 60d""#;
    let table = timetable(&form(plain), &far).unwrap();
    assert_eq!(table.notes, [""; 0], "days are counted the same in any year");
    // Only a mail is counted in working days of 2041.
    let table = timetable(&form(&format!("{plain}\nremind = [\"due + 1wd\"]")), &far).unwrap();
    assert_eq!(table.notes.len(), 1);
}

#[test]
fn says_when_there_is_nothing_and_when_there_is_more() {
    let table = |schedule: &str, asked: Asked| timetable(&form(schedule), &asked).unwrap();
    let after = table(DATES, asked("2027-03-01", 6, Nation::Scotland));
    assert!(after.periods.is_empty());
    assert_eq!(after.notes, ["There is no period between these dates."]);
    let mut until = asked("2026-04-01", MOST_PERIODS, Nation::Scotland);
    until.to = Some(date("2027-03-31"));
    assert_eq!(table(FOUR_MONTHS, until).periods.len(), 3);
    until.to = Some(date("2027-04-01"));
    assert_eq!(table(FOUR_MONTHS, until).periods.len(), 4);
    until.most = 2;
    let cut = table(FOUR_MONTHS, until);
    assert_eq!(cut.periods.len(), 2);
    assert_eq!(
        cut.notes,
        ["There are 4 periods between these dates, and these are the first 2."]
    );
    until.grant = Period::new(date("2026-09-01"), date("2026-11-30")).ok();
    let labels: Vec<String> = table(FOUR_MONTHS, until)
        .periods
        .into_iter()
        .map(|row| row.label)
        .collect();
    assert_eq!(labels, ["August to November 2026"]);
    assert_eq!(
        table(FOUR_MONTHS, asked("2026-04-01", usize::MAX, Nation::Scotland))
            .periods
            .len(),
        MOST_PERIODS
    );
}

#[test]
fn a_return_that_could_not_be_planned_is_named() {
    let schedule = FOUR_MONTHS.replace("\"due + 60d\"", "\"end + 29d\"");
    let table = timetable(&form(&schedule), &asked("2026-12-01", 1, Nation::Scotland)).unwrap();
    assert_eq!(table.notes, [""; 0]);
    let table = timetable(&form(&schedule), &asked("2033-12-01", 1, Nation::EnglandAndWales)).unwrap();
    assert_eq!(
        table.notes,
        ["December 2033 to March 2034: this return cannot be planned, because it would close before it is due."]
    );
}

#[test]
fn is_the_same_in_json() {
    let table = timetable(&form(DATES), &asked("2027-01-01", 1, Nation::EnglandAndWales)).unwrap();
    let json = serde_json::to_value(&table).unwrap();
    assert_eq!(json["nation"], "england-and-wales");
    let row = &json["periods"][0];
    assert_eq!(row["period"]["start"], "2027-01-01");
    assert_eq!(row["due"]["on"], "2027-03-05");
    assert_eq!(row["due"]["weekday"], "Friday");
    assert_eq!(row["due"]["rule"], "end + 5wd");
    assert_eq!(row["mails"][1]["about"], "reminder");
    assert_eq!(row["mails"][1]["rules"][0], "due - 2wd");
    assert_eq!(row["not_sent"][0]["because"], "the return is not open yet");
}

/// What a scheduler sends that ticks each day and remembers what it wrote, as the services do: to whom, and when.
fn ticked(schedule: &Schedule, dates: &Dates, nation: Nation) -> Vec<(NaiveDate, String)> {
    let mut written: BTreeSet<(String, NaiveDate)> = BTreeSet::new();
    let mut sent = vec![(dates.opens_on, CONTACTS.to_owned())];
    for today in dates.opens_on.iter_days().take(200) {
        let reminder = reminder_due(schedule, dates, nation, today).filter(|day| *day > dates.opens_on);
        if let Some(day) = reminder
            && written.insert((CONTACTS.to_owned(), day))
        {
            sent.push((today, CONTACTS.to_owned()));
        }
        for (to, day) in late_news(schedule, dates, nation, today) {
            // What is written before anybody is late is withdrawn before it is sent.
            if written.insert((to.clone(), day)) && today > dates.due_on {
                sent.push((today, to));
            }
        }
    }
    sent.sort();
    sent
}

proptest! {
    #[test]
    fn the_mails_are_those_that_are_sent(
        remind in prop::collection::vec((-15_i32..30, any::<bool>()), 0..6),
        escalate in prop::collection::vec((-5_i32..30, 0_usize..3), 0..5),
        day in 0_i64..3_000, which in 0_usize..3,
    ) {
        let rule = |by: i32, working: bool| -> DateRule {
            let (sign, unit) = (if by < 0 { '-' } else { '+' }, if working { "wd" } else { "d" });
            format!("due {sign} {}{unit}", by.abs()).parse().unwrap()
        };
        let mut schedule = form(FOUR_MONTHS).schedule;
        schedule.remind = remind.iter().map(|(by, working)| rule(*by, *working)).collect();
        schedule.escalate = escalate
            .iter()
            .map(|(by, to)| Escalation { at: rule(*by, true), to: ["provider.lead", "commissioner", "board.chair"][*to].to_owned() })
            .collect();
        let (end, nation) = (date("2024-01-01") + TimeDelta::days(day), Nation::ALL[which]);
        let period = Period::new(end - TimeDelta::days(89), end).unwrap();
        let (planned, _) = planned_for(&schedule, period, nation).unwrap();
        let dates = dates(&schedule, period, nation).unwrap();
        prop_assert_eq!((planned.opens.on, planned.due.on, planned.closes.on), (dates.opens_on, dates.due_on, dates.closes_on));
        prop_assert!(planned.mails.windows(2).all(|pair| pair[0].on <= pair[1].on));
        prop_assert!(planned.mails.iter().skip(1).all(|mail| !mail.rules.is_empty()));
        let mut mails: Vec<(NaiveDate, String)> = planned.mails.into_iter().map(|mail| (mail.on, mail.to)).collect();
        mails.sort();
        prop_assert_eq!(mails, ticked(&schedule, &dates, nation));
    }
}
