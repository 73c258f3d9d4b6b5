//! What a form's schedule comes to: for each period its dates, the bank holidays that were stepped over, and every mail.
//!
//! Invariant: a mail stands here on a day if and only if the functions by which mails are sent have it due on that day,
//! for a return that nobody submits and a server that is never off.

mod text;

use chrono::{Months, NaiveDate};
use serde::Serialize;
use thiserror::Error;

use super::{COMMISSIONER, Dates, dates, falls_on, late_news, periods, reminder_due, rules};
use crate::calendar::Nation;
use crate::calendar::bank_holidays::{BankHoliday, LAST_YEAR};
use crate::form::schema::{Every, Form, Schedule};
use crate::period::Period;
use crate::schedule_dates::{Anchors, DateRule, trace};

/// The most periods of one timetable.
pub const MOST_PERIODS: usize = 400;

/// Which periods are asked about.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// A period that has ended before this day is left out.
    pub from: NaiveDate,
    /// So is one that begins after this day.
    pub to: Option<NaiveDate>,
    /// How many at most; no more than [`MOST_PERIODS`].
    pub most: usize,
    /// The first and last day of the grant, when they are known.
    pub grant: Option<Period>,
    /// Whose bank holidays apply.
    pub nation: Nation,
}

/// Why there is no timetable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoTimetable {
    /// The return is owed once, over dates that only a grant has.
    #[error("this return is owed once, over the grant’s own dates, which were not given")]
    GrantNeeded,
}

/// What a schedule comes to.
#[derive(Debug, Clone, Serialize)]
pub struct Timetable {
    /// The form's id.
    pub form: String,
    /// Its version.
    pub version: u32,
    /// Its title, in English.
    pub title: String,
    /// Whose bank holidays apply.
    pub nation: Nation,
    /// In the order of time.
    pub periods: Vec<Planned>,
    /// What else has to be said.
    pub notes: Vec<String>,
}

/// The return for one period.
#[derive(Debug, Clone, Serialize)]
pub struct Planned {
    /// What people call the period.
    pub label: String,
    /// Its days.
    pub period: Period,
    /// Opens at the start of this day.
    pub opens: Day,
    /// The last day on which it is on time.
    pub due: Day,
    /// The last day on which it can be submitted.
    pub closes: Day,
    /// Why there will be no such return, in words, when its dates contradict each other.
    pub cannot_be_planned: Option<&'static str>,
    /// What is sent until it is submitted, in order.
    pub mails: Vec<Mail>,
    /// What the schedule names and nobody gets.
    pub not_sent: Vec<NotSent>,
}

/// A date, and how it came about.
#[derive(Debug, Clone, Serialize)]
pub struct Day {
    /// The day.
    pub on: NaiveDate,
    /// Its name.
    pub weekday: String,
    /// The rule of the form.
    pub rule: String,
    /// The bank holidays that were stepped over when working days were counted.
    pub stepped_over: Vec<BankHoliday>,
}

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// The return is open; with the link.
    Opening,
    /// The return is due.
    Reminder,
    /// The return is late.
    Overdue,
    /// Somebody else is told that it is late.
    Escalation,
}

/// A mail to one addressee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// The day on which it is sent.
    pub on: NaiveDate,
    /// Its name.
    pub weekday: String,
    /// `contacts`, `provider.lead`, `commissioner`, or the key of an office.
    pub to: String,
    /// What it is about.
    pub about: About,
    /// The rules that fall on this day; none for an opening that is not among the reminders.
    pub rules: Vec<String>,
}

/// A mail that the schedule names and nobody gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotSent {
    /// The day on which it would fall.
    pub on: NaiveDate,
    /// Its name.
    pub weekday: String,
    /// As for [`Mail::to`].
    pub to: String,
    /// The rule.
    pub rule: String,
    /// Why, in words.
    pub because: &'static str,
}

/// Works out the timetable of a form.
///
/// # Errors
/// When the return is owed once and no grant is given.
pub fn timetable(form: &Form, asked: &Asked) -> Result<Timetable, NoTimetable> {
    let schedule = &form.schedule;
    let mut found = asked_for(schedule, asked)?;
    let mut notes = Vec::new();
    let most = asked.most.min(MOST_PERIODS);
    if found.is_empty() {
        notes.push("There is no period between these dates.".to_owned());
    }
    if asked.to.is_some() && found.len() > most {
        notes.push(format!(
            "There are {} periods between these dates, and these are the first {most}.",
            found.len()
        ));
    }
    found.truncate(most);
    let (mut planned, mut beyond) = (Vec::new(), false);
    for period in found {
        match planned_for(schedule, period, asked.nation) {
            Some((row, unknown)) => {
                beyond |= unknown;
                notes.extend(
                    row.cannot_be_planned
                        .map(|why| format!("{}: this return cannot be planned, because {why}.", row.label)),
                );
                planned.push(row);
            }
            None => {
                let label = schedule.period_label(period);
                notes.push(format!("{label}: a date is past the end of the calendar."));
            }
        }
    }
    if beyond {
        notes.push(format!(
            "Working days were counted in years whose bank holidays are not all known: after {LAST_YEAR}, and before \
             the calendar begins, only those that come every year are counted. A day that is proclaimed for one year \
             would move these dates."
        ));
    }
    Ok(Timetable {
        form: form.id.clone(),
        version: form.version,
        title: form.title.en.clone(),
        nation: asked.nation,
        periods: planned,
        notes,
    })
}

/// The periods between the days that were asked about.
fn asked_for(schedule: &Schedule, asked: &Asked) -> Result<Vec<Period>, NoTimetable> {
    let (from, to) = match (asked.grant, &schedule.every) {
        (None, Every::Once) => return Err(NoTimetable::GrantNeeded),
        (Some(grant), Every::Once) => (grant.start(), grant.end()),
        (grant, every) => {
            // What comes round has no last period: a year for each of them is enough for the longest.
            let years = u32::try_from(asked.most.min(MOST_PERIODS)).unwrap_or(0);
            let enough = match every {
                Every::Dates(_) => None,
                _ => asked.from.checked_add_months(Months::new(12 * years)),
            };
            let to = asked.to.or(enough).unwrap_or(NaiveDate::MAX);
            (
                grant.map_or(asked.from, |grant| grant.start().max(asked.from)),
                grant.map_or(to, |grant| grant.end().min(to)),
            )
        }
    };
    let asked_about = |period: &Period| period.end() >= asked.from && asked.to.is_none_or(|to| period.start() <= to);
    Ok(periods(&schedule.every, from, to)
        .into_iter()
        .filter(asked_about)
        .collect())
}

/// The return for one period, and whether working days were counted in a year whose bank holidays are not all known.
fn planned_for(schedule: &Schedule, period: Period, nation: Nation) -> Option<(Planned, bool)> {
    let dates = dates(schedule, period, nation)?;
    let mut anchors = Anchors {
        start: Some(period.start()),
        end: Some(period.end()),
        ..Anchors::default()
    };
    let mut beyond = false;
    let mut day = |rule: &DateRule, anchors: Anchors| {
        let traced = trace(rule, anchors, nation).ok()?;
        beyond |= traced.beyond_known;
        Some(Day {
            on: traced.on,
            weekday: weekday(traced.on),
            rule: rule.to_string(),
            stepped_over: traced.stepped_over,
        })
    };
    let [opens, due, closes] = rules(schedule, period);
    let opens = day(&opens, anchors)?;
    anchors.opens = Some(opens.on);
    let due = day(&due, anchors)?;
    anchors.due = Some(due.on);
    let closes = day(&closes, anchors)?;
    anchors.closes = Some(closes.on);
    for rule in schedule
        .remind
        .iter()
        .chain(schedule.escalate.iter().map(|step| &step.at))
    {
        day(rule, anchors)?;
    }
    let row = Planned {
        label: schedule.period_label(period),
        period,
        cannot_be_planned: dates.contradiction(),
        mails: mails(schedule, &dates, nation),
        not_sent: not_sent(schedule, &dates, nation),
        opens,
        due,
        closes,
    };
    Some((row, beyond))
}

/// What is sent about a return that nobody submits.
fn mails(schedule: &Schedule, dates: &Dates, nation: Nation) -> Vec<Mail> {
    let on_day = |rule: &DateRule, day: NaiveDate| falls_on(rule, dates, nation) == Some(day);
    let reminders = |day: NaiveDate| -> Vec<String> {
        let rules = schedule.remind.iter().filter(|rule| on_day(rule, day));
        rules.map(ToString::to_string).collect()
    };
    let mail = |on: NaiveDate, to: &str, about: About, rules: Vec<String>| Mail {
        on,
        weekday: weekday(on),
        to: to.to_owned(),
        about,
        rules,
    };
    let opens = dates.opens_on;
    let mut mails = vec![mail(opens, CONTACTS, About::Opening, reminders(opens))];
    for day in days(schedule, dates, nation) {
        let late = day > dates.due_on;
        if day > opens && reminder_due(schedule, dates, nation, day) == Some(day) {
            let about = if late { About::Overdue } else { About::Reminder };
            mails.push(mail(day, CONTACTS, about, reminders(day)));
        }
        let news = late_news(schedule, dates, nation, day).into_iter();
        for (to, _) in news.filter(|(_, fell_on)| late && *fell_on == day) {
            let own = schedule
                .escalate
                .iter()
                .filter(|step| step.to == to && on_day(&step.at, day));
            let own: Vec<String> = own.map(|step| step.at.to_string()).collect();
            // The commissioner hears of it with a reminder where the form itself does not say so.
            let by_reminder = to == COMMISSIONER && own.is_empty();
            let rules = if by_reminder { reminders(day) } else { own };
            mails.push(mail(day, &to, About::Escalation, rules));
        }
    }
    mails
}

/// What the schedule names and nobody gets, as [`mails`] has it.
fn not_sent(schedule: &Schedule, dates: &Dates, nation: Nation) -> Vec<NotSent> {
    let not_sent = |on: NaiveDate, to: &str, rule: &DateRule, because| NotSent {
        on,
        weekday: weekday(on),
        to: to.to_owned(),
        rule: rule.to_string(),
        because,
    };
    let reminders = schedule.remind.iter().filter_map(|rule| {
        let on = falls_on(rule, dates, nation)?;
        (on < dates.opens_on).then(|| not_sent(on, CONTACTS, rule, "the return is not open yet"))
    });
    let escalations = schedule.escalate.iter().filter_map(|step| {
        let on = falls_on(&step.at, dates, nation)?;
        let early = on <= dates.due_on || on < dates.opens_on;
        early.then(|| not_sent(on, &step.to, &step.at, "nobody is late yet"))
    });
    let mut found: Vec<NotSent> = reminders.chain(escalations).collect();
    found.sort_by_key(|not_sent| not_sent.on);
    found
}

/// The days from the opening on which a rule falls, each once, in order.
fn days(schedule: &Schedule, dates: &Dates, nation: Nation) -> Vec<NaiveDate> {
    let mut days: Vec<NaiveDate> = schedule
        .remind
        .iter()
        .chain(schedule.escalate.iter().map(|step| &step.at))
        .filter_map(|rule| falls_on(rule, dates, nation))
        .filter(|day| *day >= dates.opens_on)
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// The addressee of openings and reminders: every contact of the provider.
const CONTACTS: &str = "contacts";

fn weekday(day: NaiveDate) -> String {
    day.format("%A").to_string()
}

#[cfg(test)]
mod tests;
