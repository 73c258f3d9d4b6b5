//! Reads the schedule of a form: its periods, the dates of each return, and what is sent about them.
//!
//! Invariant: periods given by their dates stand in order and have no day in common; every date is counted from one that
//! is known before it.

use std::ops::Range;

use chrono::NaiveDate;
use toml::de::DeValue;

use super::ids::office;
use super::reader::{Reader, Thing, mistyped};
use super::text::Text;
use super::unwise::{self, Places};
use crate::form::schema::{CustomPeriod, Escalation, Every, Schedule};
use crate::period::Period;
use crate::schedule_dates::{self, Base, DateRule};

/// The most periods that a form may give by their dates.
const MOST_PERIODS: usize = 400;
/// The most reminders, and the most steps of escalation, of one return.
const MOST_SENT: usize = 50;

/// The dates of a return in their order, and from which each may be counted.
const DATES: [(&str, &[&str]); 3] = [
    ("opens", &["start", "end"]),
    ("due", &["start", "end", "opens"]),
    ("closes", &["start", "end", "opens", "due"]),
];
const ANY: &[&str] = &["start", "end", "opens", "due", "closes"];

pub(super) fn schedule(mut thing: Thing, ahead: bool, reader: &mut Reader) -> Option<Schedule> {
    let mut places = Places {
        ahead,
        due: thing.place("due"),
        closes: thing.place("closes"),
        ..Places::default()
    };
    let every = every(&mut thing, reader, &mut places);
    let [opens, due, closes] = DATES.map(|(key, anchors)| {
        thing.need(reader, key);
        let text = written(&mut thing, reader, key)?;
        symbolic(&text, anchors, reader)
    });
    let mut remind = Vec::new();
    for text in few(thing.texts(reader, "remind"), "reminders", |text| &text.span, reader) {
        if let Some(rule) = symbolic(&text, ANY, reader) {
            remind.push(rule);
            places.remind.push(text.span);
        }
    }
    let mut escalate = Vec::new();
    let steps = thing.things(reader, "escalate", "step of escalation");
    for mut step in few(steps, "steps of escalation", |step| &step.span, reader) {
        step.need(reader, "at");
        let at = written(&mut step, reader, "at").and_then(|text| symbolic(&text, ANY, reader));
        let to = office(&mut step, reader, "to");
        if let Some(at) = at {
            escalate.push(Escalation { at, to });
            places.escalate.push(step.place("at"));
        }
        step.finish(reader, &[], "");
    }
    thing.finish(reader, &[], "");
    let schedule = Schedule {
        every: every?,
        opens: opens?,
        due: due?,
        closes: closes?,
        remind,
        escalate,
    };
    unwise::schedule(&schedule, &places, reader);
    Some(schedule)
}

/// No more of them than are taken.
fn few<T>(mut things: Vec<T>, what: &str, span: impl Fn(&T) -> &Range<usize>, reader: &mut Reader) -> Vec<T> {
    if let Some(extra) = things.get(MOST_SENT) {
        let message = format!("There are more than {MOST_SENT} {what}.");
        reader.error(span(extra).clone(), message, "Leave some of them out.");
        things.truncate(MOST_SENT);
    }
    things
}

/// How often the return comes round, or for which periods: one of the two.
fn every(thing: &mut Thing, reader: &mut Reader, places: &mut Places) -> Option<Every> {
    let every = thing
        .one_of(
            reader,
            "every",
            &[
                ("month", &Every::Month),
                ("quarter", &Every::Quarter),
                ("four-months", &Every::FourMonths),
                ("half-year", &Every::HalfYear),
                ("financial-year", &Every::FinancialYear),
                ("once", &Every::Once),
            ],
        )
        .cloned();
    let custom = custom(thing, reader, places);
    match (thing.has("every"), thing.has("dates")) {
        (true, false) => every,
        (false, true) => custom.map(Every::Dates),
        (true, true) => {
            let message = "A schedule has either `every` or `dates`, and this one has both.";
            reader.error(thing.place("dates"), message, "Keep one of them.");
            None
        }
        (false, false) => {
            let message = "This schedule has neither `every` nor `dates`.";
            let help = "Add every = \"quarter\", or dates = [{ from = 2026-04-01, to = 2026-06-30 }].";
            reader.error(thing.span.clone(), message, help);
            None
        }
    }
}

/// The periods that are given by their dates; none when there are none or too many.
fn custom(thing: &mut Thing, reader: &mut Reader, places: &mut Places) -> Option<Vec<CustomPeriod>> {
    const SPELLING: &str = "Write dates = [{ from = 2026-04-01, to = 2026-06-30 }], with as many as there are.";
    let value = thing.get("dates")?;
    let Some(list) = value.get_ref().as_array() else {
        mistyped(value, "dates", "a list of periods", SPELLING, reader);
        return None;
    };
    if let Some(extra) = list.get(MOST_PERIODS) {
        let message = format!("There are more than {MOST_PERIODS} periods.");
        let help = "Use `every`, or end this form and begin another.";
        reader.error(extra.span(), message, help);
        return None;
    }
    if list.is_empty() {
        reader.error(value.span(), "`dates` names no period.", SPELLING);
    }
    let mut found: Vec<CustomPeriod> = Vec::new();
    for mut entry in thing.things(reader, "dates", "period") {
        let [from, to] = ["from", "to"].map(|key| {
            entry.need(reader, key);
            day(&mut entry, key, reader)
        });
        let [opens, due, closes] = DATES.map(|(key, anchors)| {
            let text = written(&mut entry, reader, key)?;
            date(&text, anchors, reader)
        });
        let label = entry.plain_words(reader, "label");
        let (place, end) = (entry.span.clone(), entry.place("to"));
        let own = ["due", "closes"].map(|key| entry.place(key));
        entry.finish(reader, &[], "");
        let (Some(from), Some(to)) = (from, to) else { continue };
        let Ok(period) = Period::new(from, to) else {
            let message = format!(
                "This period ends on {}, before it begins on {}.",
                words(to),
                words(from)
            );
            reader.error(end, message, "Put the first day in `from` and the last in `to`.");
            continue;
        };
        in_order(&found, period, place, reader);
        places.periods.push(own);
        found.push(CustomPeriod {
            period,
            label,
            opens,
            due,
            closes,
        });
    }
    Some(found)
}

/// Reports a period that overlaps one above it, or comes before it.
fn in_order(above: &[CustomPeriod], period: Period, place: Range<usize>, reader: &mut Reader) {
    if let Some(other) = above.iter().find(|other| other.period.overlaps(&period)) {
        let message = format!(
            "The period {period} has days in common with {}, which stands above it.",
            other.period
        );
        let help = other
            .period
            .end()
            .succ_opt()
            .filter(|next| *next <= period.end() && other.period.start() <= period.start())
            .map(|next| format!("Let it begin on {} or later.", words(next)));
        reader.error(
            place,
            message,
            help.unwrap_or_else(|| "Let each day be in one period only.".to_owned()),
        );
    } else if let Some(other) = above.iter().find(|other| other.period.start() > period.start()) {
        let message = format!(
            "The period {period} comes before {}, which stands above it.",
            other.period
        );
        reader.error(place, message, "Put the periods in the order of time.");
    }
}

fn words(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// Text, or a date of TOML as it is written without quotation marks.
fn written(thing: &mut Thing, reader: &mut Reader, key: &'static str) -> Option<Text> {
    let value = thing.get(key)?;
    match value.get_ref() {
        DeValue::Datetime(date) => Some(Text {
            value: date.to_string(),
            span: value.span(),
        }),
        _ => thing.text(reader, key),
    }
}

/// A day that is given as it is.
fn day(thing: &mut Thing, key: &'static str, reader: &mut Reader) -> Option<NaiveDate> {
    const HELP: &str = "Write the year, the month and a day that the month has.";
    let value = thing.get(key)?;
    if !matches!(value.get_ref(), DeValue::String(_) | DeValue::Datetime(_)) {
        mistyped(value, key, "a date, like 2026-04-01", HELP, reader);
        return None;
    }
    let text = written(thing, reader, key)?;
    match schedule_dates::parse(&text.value) {
        Ok(DateRule {
            base: Base::On(date),
            by: 0,
            ..
        }) => Some(date),
        Ok(_) | Err(_) => {
            let message = format!("`{key}` must be a date, like 2026-04-01, and is `{}`.", text.value);
            reader.error(text.span, message, HELP);
            None
        }
    }
}

/// A rule for a date of every period: a date that is the same for all of them is none.
fn symbolic(text: &Text, anchors: &[&str], reader: &mut Reader) -> Option<DateRule> {
    let rule = date(text, anchors, reader)?;
    if matches!(rule.base, Base::On(_)) {
        let message = "This date would be the same for every period.";
        let help = format!(
            "Count from {}, or give the date to one period of `dates`.",
            anchors.join(" or ")
        );
        reader.error(text.span.clone(), message, help);
        return None;
    }
    Some(rule)
}

/// A rule for a date; `anchors` are the dates that are known before it.
fn date(text: &Text, anchors: &[&str], reader: &mut Reader) -> Option<DateRule> {
    match schedule_dates::parse(&text.value) {
        Ok(rule) => {
            let word = rule.base.anchor().map(|anchor| anchor.word());
            if let Some(word) = word.filter(|word| !anchors.contains(word)) {
                let message = format!("This date cannot be counted from `{word}`.");
                reader.error(
                    text.span.clone(),
                    message,
                    format!("Count from {}.", anchors.join(" or ")),
                );
                return None;
            }
            Some(rule)
        }
        Err((span, message)) => {
            let span = text.place(reader.source, &span);
            reader.error(span, message, "");
            None
        }
    }
}
