//! Schedules: periods by their dates, what is wrong with them, and what is legal and unwise.

use chrono::NaiveDate;

use crate::calendar::Nation;
use crate::form::parse::{Parsed, read};
use crate::form::schema::{Every, Schedule, Severity};
use crate::period::Period;
use crate::schedule::{self, dates};

/// A form with this schedule.
fn form(schedule: &str) -> String {
    format!(
        r#"form = "small"
version = 1
title = "Small"
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

[[stage]]
id = "certify"
kind = "sign-off"
by = "partnership.chair"
statement = "I confirm it."
"#
    )
}

const EVERY: &str = r#"every = "quarter"
opens = "end + 1d"
due = "end + 20wd"
closes = "due + 60d"
remind = ["opens", "due - 2wd", "due + 1wd"]
escalate = [{ at = "due + 5wd", to = "provider.lead" }, { at = "due + 5wd", to = "commissioner" }]"#;

const DATES: &str = r#"dates = [
    { from = "2026-04-01", to = "2026-06-30" },
    { from = 2026-07-15, to = 2026-09-30, due = 2026-10-31, closes = "due + 10d", label = "Summer and after" },
    { from = 2026-10-01, to = 2027-02-28, opens = "end + 2d", label = { en = "Winter", cy = "Gaeaf" } },
]
opens = "end + 1d"
due = "end + 20wd"
closes = "due + 60d""#;

fn good(schedule: &str) -> Schedule {
    let Parsed { form, problems } = read(&form(schedule));
    assert_eq!(problems, []);
    form.unwrap().schedule
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn reads_periods_by_their_dates() {
    let schedule = good(DATES);
    let Every::Dates(custom) = &schedule.every else {
        panic!("{:?}", schedule.every);
    };
    assert_eq!(custom.len(), 3);
    let periods = schedule::periods(&schedule.every, date("2026-06-30"), date("2026-09-30"));
    let second = Period::new(date("2026-07-15"), date("2026-09-30")).unwrap();
    assert_eq!(
        periods,
        [Period::new(date("2026-04-01"), date("2026-06-30")).unwrap(), second]
    );
    let all = |from, to| schedule::periods(&schedule.every, date(from), date(to)).len();
    assert_eq!(
        (all("2026-01-01", "2030-01-01"), all("2026-07-01", "2026-07-14")),
        (3, 0)
    );
    assert_eq!(all("2027-01-01", "2026-01-01"), 0);

    let labels: Vec<String> = custom
        .iter()
        .map(|custom| schedule.period_label(custom.period))
        .collect();
    assert_eq!(labels, ["April to June 2026", "Summer and after", "Winter"]);
    assert_eq!(custom[2].label.as_ref().unwrap().cy.as_deref(), Some("Gaeaf"));

    let of = |index: usize| {
        let dates = dates(&schedule, custom[index].period, Nation::EnglandAndWales).unwrap();
        [dates.opens_on, dates.due_on, dates.closes_on].map(|date| date.to_string())
    };
    assert_eq!(of(0), ["2026-07-01", "2026-07-28", "2026-09-26"]);
    // Its own due day, a Saturday, and a close that is counted from it.
    assert_eq!(of(1), ["2026-10-01", "2026-10-31", "2026-11-10"]);
    // Good Friday is on 26 March, Easter Monday on the 29th.
    assert_eq!(of(2), ["2027-03-02", "2027-03-30", "2027-05-29"]);
}

#[test]
fn a_period_by_its_dates_is_only_that_period() {
    let schedule = good(DATES);
    let year = Period::financial_year(2026).unwrap();
    assert_eq!(schedule.custom(year), None);
    assert_eq!(schedule.period_label(year), "2026-27");
    assert_eq!(good(EVERY).own_label(year), None);
}

#[test]
fn four_hundred_periods_are_read_and_no_more() {
    let periods = |number: usize| {
        let days = date("2026-04-01").iter_days().take(number);
        let entries: Vec<String> = days.map(|day| format!("{{ from = {day}, to = {day} }}")).collect();
        let dates = format!("dates = [{}]", entries.join(", "));
        form(&EVERY.replace("every = \"quarter\"", &dates))
    };
    assert_eq!(read(&periods(400)).problems, []);
    let source = periods(401);
    let problems = read(&source).problems;
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].message, "There are more than 400 periods.");
    assert_eq!(
        &source[problems[0].span.clone()],
        "{ from = 2027-05-06, to = 2027-05-06 }"
    );
    // Far more of them are no slower to refuse.
    assert_eq!(read(&periods(3_000)).problems.len(), 1);
}

#[test]
fn days_of_the_year_stand_in_a_schedule() {
    let schedule = good(
        &EVERY
            .replace("quarter", "financial-year")
            .replace("end + 20wd", "30 November after end")
            .replace("due + 60d", "last working day of the month after due"),
    );
    let year = Period::financial_year(2015).unwrap();
    let dates = dates(&schedule, year, Nation::EnglandAndWales).unwrap();
    assert_eq!(
        (dates.due_on, dates.closes_on),
        (date("2016-11-30"), date("2016-12-30"))
    );
}

/// The schedule that is changed, what is replaced, and by what.
const FAULTS: [(&str, &str, &str); 47] = [
    // Wrong.
    (EVERY, "every = \"quarter\"\n", ""),
    (
        EVERY,
        "every = \"quarter\"",
        "every = \"quarter\"\ndates = [{ from = 2026-04-01, to = 2026-06-30 }]",
    ),
    (EVERY, "every = \"quarter\"", "dates = []"),
    (EVERY, "every = \"quarter\"", "dates = \"2026-04-01\""),
    (EVERY, "every = \"quarter\"", "dates = [2026-04-01]"),
    (EVERY, "end + 20wd", "31 November after end"),
    (EVERY, "end + 20wd", "30 Nov after end"),
    (EVERY, "end + 20wd", "30 November after closes"),
    (EVERY, "end + 20wd", "2026-07-31"),
    (EVERY, "\"end + 20wd\"", "2026-07-31"),
    (EVERY, "\"end + 20wd\"", "20"),
    (EVERY, "\"due - 2wd\"", "\"2026-07-31\""),
    (EVERY, "at = \"due + 5wd\"", "at = 2026-07-31"),
    (EVERY, "end + 20wd", "start + 20d"),
    (EVERY, "due + 60d", "end + 10d"),
    (EVERY, "due + 60d", "due - 1d"),
    (DATES, "to = \"2026-06-30\"", "to = \"2026-03-31\""),
    (DATES, "to = \"2026-06-30\"", "to = \"2026-07-20\""),
    (DATES, "to = \"2026-06-30\"", "to = \"2027-06-30\""),
    (
        DATES,
        "from = 2026-10-01, to = 2027-02-28",
        "from = 2026-01-01, to = 2026-02-28",
    ),
    (DATES, "from = 2026-07-15", "from = \"15/07/2026\""),
    (DATES, "from = 2026-07-15", "from = \"2026-07-32\""),
    (DATES, "from = 2026-07-15", "from = 2026-07-15T09:00:00"),
    (DATES, "from = 2026-07-15", "from = \"end\""),
    (DATES, "from = 2026-07-15", "from = 15"),
    (DATES, "from = 2026-07-15, ", ""),
    (DATES, "due = 2026-10-31", "dew = 2026-10-31"),
    (DATES, "due = 2026-10-31", "due = 2026-09-30"),
    (DATES, "due = 2026-10-31", "due = 2026-09-30, opens = 2026-09-01"),
    (DATES, "closes = \"due + 10d\"", "closes = 2026-10-30"),
    (DATES, "opens = \"end + 2d\"", "opens = \"due - 2d\""),
    (DATES, "label = \"Summer and after\"", "label = \"\""),
    (DATES, "label = \"Summer and after\"", "label = \"To {period.end}\""),
    (DATES, "due = \"end + 20wd\"", "due = \"end - 5d\""),
    // Legal and unwise.
    (EVERY, "end + 1d", "start"),
    (
        EVERY,
        "opens = \"end + 1d\"\ndue = \"end + 20wd\"",
        "opens = \"start\"\ndue = \"end - 5wd\"",
    ),
    (
        EVERY,
        "opens = \"end + 1d\"\ndue = \"end + 20wd\"",
        "opens = \"start\"\ndue = \"last working day of March after start\"",
    ),
    (EVERY, "\"due + 1wd\"", "\"closes + 1d\""),
    (EVERY, "\"due - 2wd\"", "\"due - 40wd\""),
    (EVERY, "\"due - 2wd\"", "\"due - 19wd\""),
    (EVERY, "\"due - 2wd\"", "\"end + 18wd\", \"due - 2wd\""),
    (EVERY, "\"due - 2wd\"", "\"due - 2d\", \"due - 2wd\""),
    (
        EVERY,
        "at = \"due + 5wd\", to = \"provider.lead\"",
        "at = \"due - 5wd\", to = \"provider.lead\"",
    ),
    (EVERY, "to = \"provider.lead\"", "to = \"commissioner\""),
    (EVERY, "due + 60d", "end + 29d"),
    (ONCE, "end + 2w", "last day of June after start"),
    (ONCE, "due + 60d", "start + 370d"),
];

const ONCE: &str = "every = \"once\"\nopens = \"end - 2w\"\ndue = \"end + 2w\"\ncloses = \"due + 60d\"";

#[test]
fn says_what_is_wrong_or_unwise_about_a_schedule() {
    let mut said = String::new();
    for (schedule, from, to) in FAULTS {
        assert!(schedule.contains(from), "{from}");
        let source = form(&schedule.replacen(from, to, 1));
        said += &format!("{} -> {}\n", from.trim_end(), to.trim_end());
        for problem in read(&source).problems {
            let sign = match problem.severity {
                Severity::Error => "",
                Severity::Warning => "(warning) ",
            };
            let line = source[..problem.span.start].matches('\n').count() + 1;
            let marked = &source[problem.span];
            let help = problem.help.map(|help| format!(" {help}")).unwrap_or_default();
            said += &format!("    {line} [{marked}] {sign}{}{help}\n", problem.message);
        }
    }
    insta::assert_snapshot!(said);
}

/// A return due while its period lasts.
const EARLY: &str = "every = \"financial-year\"\nopens = \"start\"\ndue = \"start + 20wd\"\ncloses = \"due + 60d\"";
/// A section whose rows are a plan.
const PLAN: &str = r#"
[[section]]
id = "project"
title = "Project {row.number}"
each = "row"
named_by = "name"
plan = { title = "name", amount = "proposed" }

[[section.question]]
id = "name"
type = "text"
label = "Name"

[[section.question]]
id = "proposed"
type = "money"
label = "Amount"
over_providers = "sum"
over_time = "last"
"#;

#[test]
fn a_plan_may_be_due_before_what_it_plans_is_over() {
    let said = |source: &str| -> Vec<String> {
        read(source)
            .problems
            .into_iter()
            .map(|problem| problem.message)
            .collect()
    };
    let early = said(&form(EARLY));
    assert!(
        early.len() == 1 && early[0].starts_with("The return is due before its period ends."),
        "{early:?}"
    );
    assert_eq!(said(&(form(EARLY) + PLAN)), [""; 0]);
}

#[test]
fn more_mails_than_anybody_reads_are_refused() {
    let days: Vec<String> = (1..=51).map(|day| format!("\"due + {day}d\"")).collect();
    let source = form(
        &EVERY
            .replace("\"due + 1wd\"", &days.join(", "))
            .replace("\"due - 2wd\", ", ""),
    );
    let problems = read(&source).problems;
    assert_eq!(problems[0].message, "There are more than 50 reminders.");
    assert_eq!(&source[problems[0].span.clone()], "\"due + 50d\"");
}

#[test]
fn what_was_not_tried_on_every_period_is_not_said_of_all() {
    let said = |number: usize| {
        let days = date("2026-04-01").iter_days().take(number);
        let entries: Vec<String> = days.map(|day| format!("{{ from = {day}, to = {day} }}")).collect();
        let source = EVERY
            .replace("every = \"quarter\"", &format!("dates = [{}]", entries.join(", ")))
            .replace("\"due - 2wd\"", "\"due - 40wd\", \"end + 22wd\"");
        let problems = read(&form(&source)).problems;
        let starts: Vec<String> = problems
            .into_iter()
            .map(|problem| problem.message.split(',').next().unwrap_or_default().to_owned())
            .collect();
        starts.join("; ")
    };
    assert_eq!(said(48), "This reminder is never sent");
    assert_eq!(said(49), "This reminder is not always sent");
}
