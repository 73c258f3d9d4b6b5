//! What opens, is due, is late and is to be sent, asked of dates.
//!
//! Invariant: every question is "due by `today`", never "inside this window": an outage delays, it loses nothing,
//! and it sends no more than the latest of what was missed. Nothing is due before the return opens.

pub mod timetable;

use chrono::NaiveDate;

use crate::calendar::{Nation, is_working_day, working_days_between};
use crate::form::schema::{CustomPeriod, Every, Schedule};
use crate::period::{Period, PeriodKind};
use crate::schedule_dates::{Anchors, DateRule, resolve};

/// The addressee of an escalation that is whoever answers for the fund.
pub const COMMISSIONER: &str = "commissioner";
/// The addressee of an escalation that is the first among the provider's contacts.
pub const LEAD: &str = "provider.lead";

/// The frozen dates of one return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// What it reports on.
    pub period: Period,
    /// Opens at the start of this day.
    pub opens_on: NaiveDate,
    /// The last day on which it is on time.
    pub due_on: NaiveDate,
    /// The last day on which it can be submitted.
    pub closes_on: NaiveDate,
}

impl Dates {
    /// What is wrong with the order of the dates, in words that follow “because”. No return is planned with such dates.
    #[must_use]
    pub fn contradiction(&self) -> Option<&'static str> {
        if self.due_on < self.opens_on {
            Some("it would be due before it opens")
        } else if self.closes_on < self.due_on {
            Some("it would close before it is due")
        } else {
            None
        }
    }
}

impl Schedule {
    /// What the form says of this period by its dates.
    #[must_use]
    pub fn custom(&self, period: Period) -> Option<&CustomPeriod> {
        match &self.every {
            Every::Dates(custom) => custom.iter().find(|custom| custom.period == period),
            Every::Month
            | Every::Quarter
            | Every::FourMonths
            | Every::HalfYear
            | Every::FinancialYear
            | Every::Once => None,
        }
    }

    /// What the form calls this period, in English, when it has a word of its own for it.
    #[must_use]
    pub fn own_label(&self, period: Period) -> Option<&str> {
        let label = self.custom(period)?.label.as_ref()?;
        Some(&label.en)
    }

    /// The period in words: the form's own, else those of its dates.
    #[must_use]
    pub fn period_label(&self, period: Period) -> String {
        self.own_label(period).map_or_else(|| period.label(), str::to_owned)
    }
}

/// The periods that a form asks about within a grant's dates: each that has a day in common with them.
pub fn periods(every: &Every, starts_on: NaiveDate, ends_on: NaiveDate) -> Vec<Period> {
    let Ok(range) = Period::new(starts_on, ends_on) else {
        return Vec::new();
    };
    let kind = match every {
        Every::Month => PeriodKind::Month,
        Every::Quarter => PeriodKind::Quarter,
        Every::FourMonths => PeriodKind::FourMonths,
        Every::HalfYear => PeriodKind::HalfYear,
        Every::FinancialYear => PeriodKind::FinancialYear,
        Every::Once => PeriodKind::Custom,
        Every::Dates(custom) => {
            let all = custom.iter().map(|custom| custom.period);
            return all.filter(|period| period.overlaps(&range)).collect();
        }
    };
    Period::each(kind, range).collect()
}

/// The rules by which the return for one period opens, is due and closes: the period's own, else those of all.
pub(crate) fn rules(schedule: &Schedule, period: Period) -> [DateRule; 3] {
    let own = schedule.custom(period);
    [
        own.and_then(|own| own.opens).unwrap_or(schedule.opens),
        own.and_then(|own| own.due).unwrap_or(schedule.due),
        own.and_then(|own| own.closes).unwrap_or(schedule.closes),
    ]
}

/// The dates of the return for one period. None when a rule leads outside the calendar.
pub fn dates(schedule: &Schedule, period: Period, nation: Nation) -> Option<Dates> {
    let [opens, due, closes] = rules(schedule, period);
    let mut anchors = Anchors {
        start: Some(period.start()),
        end: Some(period.end()),
        ..Anchors::default()
    };
    let opens_on = resolve(&opens, anchors, nation).ok()?;
    anchors.opens = Some(opens_on);
    let due_on = resolve(&due, anchors, nation).ok()?;
    anchors.due = Some(due_on);
    let closes_on = resolve(&closes, anchors, nation).ok()?;
    Some(Dates {
        period,
        opens_on,
        due_on,
        closes_on,
    })
}

/// When a rule of the schedule falls for a return with these dates.
pub fn falls_on(rule: &DateRule, dates: &Dates, nation: Nation) -> Option<NaiveDate> {
    let anchors = Anchors {
        start: Some(dates.period.start()),
        end: Some(dates.period.end()),
        opens: Some(dates.opens_on),
        due: Some(dates.due_on),
        closes: Some(dates.closes_on),
    };
    resolve(rule, anchors, nation).ok()
}

/// When a rule of the schedule has something sent: as [`falls_on`], but never before the return opens. A long lead
/// before a due day that comes soon after the opening is simply left out.
fn sends_on(rule: &DateRule, dates: &Dates, nation: Nation) -> Option<NaiveDate> {
    falls_on(rule, dates, nation).filter(|day| *day >= dates.opens_on)
}

/// The latest reminder that is due by `today`, with its day. Earlier ones are not made up for.
pub fn reminder_due(schedule: &Schedule, dates: &Dates, nation: Nation, today: NaiveDate) -> Option<NaiveDate> {
    schedule
        .remind
        .iter()
        .filter_map(|rule| sends_on(rule, dates, nation))
        .filter(|day| *day <= today)
        .max()
}

/// The escalations due by `today`: to whom, and the day; for each addressee the latest only.
pub fn escalations_due<'a>(
    schedule: &'a Schedule,
    dates: &Dates,
    nation: Nation,
    today: NaiveDate,
) -> Vec<(&'a str, NaiveDate)> {
    let mut latest: Vec<(&str, NaiveDate)> = Vec::new();
    for rule in &schedule.escalate {
        let Some(day) = sends_on(&rule.at, dates, nation).filter(|day| *day <= today) else {
            continue;
        };
        match latest.iter_mut().find(|(to, _)| *to == rule.to) {
            Some(found) => found.1 = found.1.max(day),
            None => latest.push((&rule.to, day)),
        }
    }
    latest
}

/// Who is to hear that a return is late, by `today`: to whom, and by the rule of which day.
///
/// Those of the form's escalations; and whoever answers for the fund with each reminder after the due day, until an
/// escalation of the form has told them, whether or not it has one.
pub fn late_news(schedule: &Schedule, dates: &Dates, nation: Nation, today: NaiveDate) -> Vec<(String, NaiveDate)> {
    let mut news: Vec<(String, NaiveDate)> = escalations_due(schedule, dates, nation, today)
        .into_iter()
        .map(|(to, day)| (to.to_owned(), day))
        .collect();
    let late = reminder_due(schedule, dates, nation, today).filter(|day| *day > dates.due_on);
    if let Some(day) = late
        && !news.iter().any(|(to, _)| to == COMMISSIONER)
    {
        news.push((COMMISSIONER.to_owned(), day));
    }
    news
}

/// The next day after `today` on which the schedule does something for a return with these dates.
pub fn next_event(schedule: &Schedule, dates: &Dates, nation: Nation, today: NaiveDate) -> Option<NaiveDate> {
    schedule
        .remind
        .iter()
        .chain(schedule.escalate.iter().map(|escalation| &escalation.at))
        .filter_map(|rule| sends_on(rule, dates, nation))
        .chain([dates.opens_on])
        .filter(|day| *day > today)
        .min()
}

/// How far a due day is, in words that follow "due": "today", "tomorrow", "in 3 working days",
/// "1 working day late".
///
/// Counted in calendar days where working days would mislead: to a due day on which nobody works, and from one when
/// no working day has passed since.
pub fn working_days_words(due_on: NaiveDate, today: NaiveDate, nation: Nation) -> String {
    let words = |number: i64, unit: &str| format!("{number} {unit}{}", if number == 1 { "" } else { "s" });
    let apart = (due_on - today).num_days();
    match apart {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        2.. if is_working_day(due_on, nation) => {
            format!(
                "in {}",
                words(working_days_between(today, due_on, nation), "working day")
            )
        }
        2.. => format!("in {}", words(apart, "day")),
        ..=-1 => match working_days_between(due_on, today, nation) {
            0 => format!("{} late", words(-apart, "day")),
            passed => format!("{} late", words(passed, "working day")),
        },
    }
}

#[cfg(test)]
mod tests;
