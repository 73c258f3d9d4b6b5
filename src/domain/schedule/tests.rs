//! The schedule through whole years: outages, both clock changes, and due days that end at midnight in London.

mod words;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::*;
use crate::calendar::{add_working_days, local_date};
use crate::form::schema::Escalation;

const NATIONS: [Nation; 3] = [Nation::EnglandAndWales, Nation::Scotland, Nation::NorthernIreland];

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rule(text: &str) -> DateRule {
    text.parse().unwrap()
}

/// The schedule of the evaluation.
fn evaluation() -> Schedule {
    schedule(
        "end + 20wd",
        &["opens", "due - 10wd", "due - 2wd", "due + 1wd", "due + 5wd"],
    )
}

fn schedule(due: &str, remind: &[&str]) -> Schedule {
    let escalation = |at: &str, to: &str| Escalation {
        at: rule(at),
        to: to.to_owned(),
    };
    Schedule {
        every: Every::FinancialYear,
        opens: rule("end + 1d"),
        due: rule(due),
        closes: rule("due + 60d"),
        remind: remind.iter().map(|text| rule(text)).collect(),
        escalate: vec![
            escalation("due + 5wd", "provider.lead"),
            escalation("due + 10wd", "provider.lead"),
            escalation("due + 15wd", "commissioner"),
        ],
    }
}

/// The return for the period that ends on this day.
fn ending(schedule: &Schedule, end: NaiveDate, nation: Nation) -> Dates {
    dates(schedule, Period::new(end - TimeDelta::days(89), end).unwrap(), nation).unwrap()
}

/// A last day between 2024 and 2040, and a nation.
fn cases() -> impl Strategy<Value = (NaiveDate, Nation)> {
    (0_i64..6_200, 0..NATIONS.len())
        .prop_map(|(day, nation)| (date("2024-01-01") + TimeDelta::days(day), NATIONS[nation]))
}

/// The days from the week before a return opens to well after everything about it has been sent.
fn days_around(dates: &Dates) -> impl Iterator<Item = NaiveDate> {
    (dates.opens_on - TimeDelta::days(7)).iter_days().take(150)
}

#[test]
fn the_evaluation_of_2017_18_has_its_dates() {
    let schedule = evaluation();
    let periods = periods(&schedule.every, date("2017-04-01"), date("2018-03-31"));
    assert_eq!(periods.len(), 1);
    let dates = dates(&schedule, periods[0], Nation::EnglandAndWales).unwrap();
    assert_eq!(dates.opens_on, date("2018-04-01"));
    assert_eq!(dates.due_on, date("2018-04-30"));
    assert_eq!(dates.closes_on, date("2018-06-29"));
    let events: Vec<NaiveDate> = std::iter::successors(Some(date("2018-03-31")), |day| {
        next_event(&schedule, &dates, Nation::EnglandAndWales, *day)
    })
    .skip(1)
    .collect();
    // 7 May was a bank holiday.
    let expected = [
        "2018-04-01",
        "2018-04-16",
        "2018-04-26",
        "2018-05-01",
        "2018-05-08",
        "2018-05-15",
        "2018-05-22",
    ];
    assert_eq!(events, expected.map(date));
}

#[test]
fn one_return_covers_the_whole_grant_when_it_is_owed_once() {
    let found = periods(&Every::Once, date("2017-06-15"), date("2018-01-10"));
    assert_eq!(found, [Period::new(date("2017-06-15"), date("2018-01-10")).unwrap()]);
    assert!(periods(&Every::Once, date("2018-01-10"), date("2017-06-15")).is_empty());
    assert_eq!(
        periods(&Every::FourMonths, date("2013-04-01"), date("2014-03-31")).len(),
        3
    );
}

#[test]
fn a_reminder_before_the_opening_is_left_out() {
    let schedule = schedule("end + 3wd", &["opens", "due - 10wd", "due - 1wd"]);
    let dates = ending(&schedule, date("2026-06-30"), Nation::EnglandAndWales);
    assert_eq!((dates.opens_on, dates.due_on), (date("2026-07-01"), date("2026-07-03")));
    assert!(days_around(&dates).take(7).all(|day| {
        day < dates.opens_on && reminder_due(&schedule, &dates, Nation::EnglandAndWales, day).is_none()
    }));
    assert_eq!(
        next_event(&schedule, &dates, Nation::EnglandAndWales, date("2026-06-01")),
        Some(dates.opens_on)
    );
}

/// The London date and whether a return that is due on `due_on` is late, at a moment in UTC.
fn late_at(due_on: NaiveDate, utc: &str) -> bool {
    local_date(utc.parse::<DateTime<Utc>>().unwrap()) > due_on
}

#[test]
fn a_return_due_on_29_march_2026_is_on_time_until_that_day_ends_in_london() {
    // The clocks go forward at 01:00: the day has 23 hours, and ends at 23:00 UTC.
    let due_on = date("2026-03-29");
    assert!(!late_at(due_on, "2026-03-29T00:59:59Z"));
    assert!(!late_at(due_on, "2026-03-29T01:00:00Z"));
    assert!(!late_at(due_on, "2026-03-29T22:59:59Z"));
    assert!(late_at(due_on, "2026-03-29T23:00:00Z"));
}

#[test]
fn a_return_due_on_25_october_2026_is_on_time_until_that_day_ends_in_london() {
    // The clocks go back at 01:00 UTC: the day has 25 hours, and ends at midnight UTC.
    let due_on = date("2026-10-25");
    assert!(!late_at(due_on, "2026-10-24T23:00:00Z"));
    assert!(!late_at(due_on, "2026-10-25T00:30:00Z"));
    assert!(!late_at(due_on, "2026-10-25T01:30:00Z"));
    assert!(!late_at(due_on, "2026-10-25T23:59:59Z"));
    assert!(late_at(due_on, "2026-10-26T00:00:00Z"));
}

/// What a scheduler that ticks at these moments sends: the day of each reminder, and the moment it went.
fn sent(
    schedule: &Schedule,
    dates: &Dates,
    nation: Nation,
    ticks: impl IntoIterator<Item = DateTime<Utc>>,
) -> BTreeMap<NaiveDate, DateTime<Utc>> {
    let mut sent = BTreeMap::new();
    for now in ticks {
        if let Some(day) = reminder_due(schedule, dates, nation, local_date(now)) {
            sent.entry(day).or_insert(now);
        }
    }
    sent
}

#[test]
fn ticks_every_quarter_of_an_hour_through_both_clock_changes_of_2026_send_once() {
    for (opens, day, goes_at) in [
        ("2026-03-28", "2026-03-29", "2026-03-29T00:00:00Z"),
        ("2026-03-29", "2026-03-30", "2026-03-29T23:00:00Z"),
        ("2026-10-24", "2026-10-25", "2026-10-24T23:00:00Z"),
        ("2026-10-25", "2026-10-26", "2026-10-26T00:00:00Z"),
    ] {
        let schedule = schedule("end + 20wd", &["opens + 1d"]);
        let dates = ending(&schedule, date(opens) - TimeDelta::days(1), Nation::EnglandAndWales);
        let first: DateTime<Utc> = format!("{opens}T00:00:00Z").parse().unwrap();
        let ticks = (-96..400).map(|quarter| first + TimeDelta::minutes(15 * quarter));
        let sent = sent(&schedule, &dates, Nation::EnglandAndWales, ticks);
        let goes_at: DateTime<Utc> = goes_at.parse().unwrap();
        assert_eq!(sent.into_iter().collect::<Vec<_>>(), [(date(day), goes_at)]);
    }
}

proptest! {
    #[test]
    fn without_an_outage_each_reminder_goes_once_on_its_own_day((end, nation) in cases()) {
        let schedule = evaluation();
        let dates = ending(&schedule, end, nation);
        let wanted: BTreeSet<NaiveDate> =
            schedule.remind.iter().map(|rule| falls_on(rule, &dates, nation).unwrap()).collect();
        let mut sent = BTreeSet::new();
        for today in days_around(&dates) {
            if let Some(day) = reminder_due(&schedule, &dates, nation, today)
                && sent.insert(day)
            {
                prop_assert_eq!(day, today);
            }
        }
        prop_assert_eq!(sent, wanted);
    }

    #[test]
    fn an_outage_of_any_length_makes_one_mail_of_what_it_missed(
        (end, nation) in cases(), from in 0_usize..120, length in 1_usize..100,
    ) {
        let schedule = evaluation();
        let dates = ending(&schedule, end, nation);
        let days: Vec<NaiveDate> = days_around(&dates).collect();
        let back = (from + length).min(days.len() - 1);
        let mut sent = BTreeSet::new();
        let mut tick = |today: NaiveDate| {
            reminder_due(&schedule, &dates, nation, today).is_some_and(|day| sent.insert(day))
        };
        let before = days[..from].iter().filter(|day| tick(**day)).count();
        // Started five times on the day it is back.
        let after = (0..5).filter(|_| tick(days[back])).count();
        prop_assert!(after <= 1);
        let latest = reminder_due(&schedule, &dates, nation, days[back]);
        let known = from.checked_sub(1).and_then(|day| reminder_due(&schedule, &dates, nation, days[day]));
        prop_assert_eq!(after == 1, latest != known, "{} sent before", before);
        prop_assert!(latest.is_none_or(|day| sent.contains(&day)));
    }

    #[test]
    fn nothing_is_due_before_the_opening_nor_ahead_of_its_day(
        (end, nation) in cases(), lead in 1_u32..120, due in 1_u32..60,
    ) {
        let early = format!("due - {lead}wd");
        let mut schedule = schedule(&format!("end + {due}wd"), &[&early, "due"]);
        schedule.escalate.push(Escalation { at: rule(&early), to: "commissioner".to_owned() });
        let dates = ending(&schedule, end, nation);
        for today in days_around(&dates) {
            let reminder = reminder_due(&schedule, &dates, nation, today);
            let escalations = escalations_due(&schedule, &dates, nation, today);
            for day in reminder.into_iter().chain(escalations.into_iter().map(|(_, day)| day)) {
                prop_assert!(dates.opens_on <= day && day <= today);
            }
        }
    }

    #[test]
    fn what_is_due_only_moves_on((end, nation) in cases()) {
        let schedule = evaluation();
        let dates = ending(&schedule, end, nation);
        let mut before: (Option<NaiveDate>, BTreeMap<&str, NaiveDate>) = Default::default();
        for today in days_around(&dates) {
            let reminder = reminder_due(&schedule, &dates, nation, today);
            let due = escalations_due(&schedule, &dates, nation, today);
            let escalations: BTreeMap<&str, NaiveDate> = due.iter().copied().collect();
            prop_assert_eq!(due.len(), escalations.len(), "one for each addressee");
            prop_assert!(before.0 <= reminder);
            for (to, day) in &before.1 {
                prop_assert!(escalations.get(to).is_some_and(|now| now >= day));
            }
            before = (reminder, escalations);
        }
        let last = falls_on(&rule("due + 15wd"), &dates, nation);
        prop_assert_eq!(before.1.get("commissioner").copied(), last);
        prop_assert_eq!(before.1.get("provider.lead").copied(), falls_on(&rule("due + 10wd"), &dates, nation));
    }

    #[test]
    fn nothing_happens_between_one_event_and_the_next((end, nation) in cases()) {
        let schedule = evaluation();
        let dates = ending(&schedule, end, nation);
        let what = |today: NaiveDate| {
            let opened = today >= dates.opens_on;
            (opened, reminder_due(&schedule, &dates, nation, today), escalations_due(&schedule, &dates, nation, today))
        };
        for today in days_around(&dates) {
            let changed = today.succ_opt().is_some_and(|tomorrow| what(tomorrow) != what(today));
            let said = next_event(&schedule, &dates, nation, today) == today.succ_opt();
            prop_assert_eq!(changed, said, "{}", today);
        }
    }

    #[test]
    fn a_due_day_is_inclusive_and_a_return_never_closes_before_it((end, nation) in cases()) {
        let schedule = evaluation();
        let dates = ending(&schedule, end, nation);
        prop_assert!(dates.period.end() < dates.opens_on && dates.opens_on <= dates.due_on);
        prop_assert!(dates.due_on <= dates.closes_on);
        prop_assert_eq!(Some(dates.due_on), add_working_days(end, 20, nation));
        prop_assert!(is_working_day(dates.due_on, nation));
        prop_assert_eq!(working_days_words(dates.due_on, dates.due_on, nation), "today");
        let day_after = dates.due_on.succ_opt().unwrap();
        prop_assert!(working_days_words(dates.due_on, day_after, nation).ends_with(" late"));
    }
}
