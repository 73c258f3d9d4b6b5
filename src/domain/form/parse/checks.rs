//! Reads measures and checks.
//!
//! Invariant: the questions and sections that they name exist, and a measure divides like by like.

use std::collections::BTreeSet;

use super::figure::{aims, previous};
use super::ids::Spelling;
use super::kind::{needed_severity, places};
use super::question::find;
use super::reader::{Reader, Thing};
use super::text::Text;
use super::words::message;
use crate::form::rule::{RuleType, Where, did_you_mean};
use crate::form::schema::{Check, Kind, Measure, Message, Section};

/// A measure; none when a part of it is missing.
pub(super) fn measure(mut thing: Thing, sections: &[Section], reader: &mut Reader) -> Option<Measure> {
    let id = thing.id(reader, "id", Spelling::Rule);
    let title = thing.needed_words(reader, "title", Where::Whole);
    let place = thing.needed_text(reader, "in").and_then(|text| placed(&text, reader));
    let of = thing.needed_text(reader, "of");
    let per = thing.needed_text(reader, "per");
    thing.one_of(reader, "as", &[("percent", ())]);
    let places = places(&mut thing, reader).unwrap_or(1);
    let previous = previous(&mut thing, reader);
    let (target, benchmark, baseline) = aims(&mut thing, reader);
    thing.finish(reader, &[], "");
    let (place, of, per) = (place?, of?, per?);
    let kinds = [&of, &per].map(|text| part(text, &place, sections, reader));
    if let [Some(a), Some(b)] = kinds
        && a != b
    {
        let message = format!(
            "A measure divides like by like: `{}` is {}, `{}` is {}.",
            of.value,
            a.words(),
            per.value,
            b.words()
        );
        reader.error(per.span, message, "");
    }
    Some(Measure {
        id,
        title,
        section: place.section,
        table: place.table,
        of: of.value,
        per: per.value,
        places,
        previous,
        target,
        benchmark,
        baseline,
    })
}

/// The section that `in` names, or the table and its section.
struct Placed {
    section: String,
    table: Option<String>,
}

fn placed(text: &Text, reader: &mut Reader) -> Option<Placed> {
    let names = &reader.names;
    if let Some(table) = names.tables.get(&text.value) {
        return Some(Placed {
            section: table.section.clone(),
            table: Some(text.value.clone()),
        });
    }
    if names.sections.contains_key(&text.value) {
        return Some(Placed {
            section: text.value.clone(),
            table: None,
        });
    }
    let known = names.sections.keys().chain(names.tables.keys());
    let help = did_you_mean(&text.value, known.map(String::as_str));
    reader.error(
        text.span.clone(),
        format!("There is no section or table called `{}`.", text.value),
        help,
    );
    None
}

/// What a part of a measure counts in; none when it cannot be told, and then that has been reported.
fn part(text: &Text, place: &Placed, sections: &[Section], reader: &mut Reader) -> Option<RuleType> {
    let names = &reader.names;
    let here: Vec<&str> = match place.table.as_ref().and_then(|table| names.tables.get(table)) {
        Some(table) => table.columns.keys().map(String::as_str).collect(),
        None => names
            .questions
            .iter()
            .filter(|(_, known)| known.section == place.section)
            .map(|(id, _)| id.as_str())
            .collect(),
    };
    if !here.contains(&text.value.as_str()) {
        let help = did_you_mean(&text.value, here);
        let message = match &place.table {
            Some(table) => format!("Table `{table}` has no column called `{}`.", text.value),
            None => format!("Section `{}` has no question called `{}`.", place.section, text.value),
        };
        reader.error(text.span.clone(), message, help);
        return None;
    }
    // A question with a fault of its own is not among those that were read.
    match &find(sections, &place.section, place.table.as_deref(), &text.value)?.kind {
        Kind::Count { .. } => Some(RuleType::Number),
        Kind::Money { .. } | Kind::Split { .. } => Some(RuleType::Money),
        Kind::Calculated {
            value, percent: false, ..
        } if matches!(value.kind(), RuleType::Number | RuleType::Money) => Some(value.kind()),
        _ => {
            let message = format!(
                "A measure is made of counts or amounts, and `{}` is neither.",
                text.value
            );
            reader.error(text.span.clone(), message, "");
            None
        }
    }
}

/// All checks.
pub(super) fn checks(things: Vec<Thing>, reader: &mut Reader) -> Vec<Check> {
    let mut ids = BTreeSet::new();
    let mut found = Vec::new();
    for mut thing in things {
        let check = check(&mut thing, reader);
        let id = thing.text(reader, "id").map(|text| text.value).unwrap_or_default();
        if !id.is_empty() && !ids.insert(id.clone()) {
            reader.error(thing.place("id"), format!("The id `{id}` is used twice."), "");
        }
        thing.finish(reader, &[], "");
        found.extend(check);
    }
    found
}

fn check(thing: &mut Thing, reader: &mut Reader) -> Option<Check> {
    let id = thing.id(reader, "id", Spelling::Kebab);
    let written = thing.text(reader, "in");
    let stands = match &written {
        Some(text) => placed(text, reader).map(Some),
        None => Some(None),
    };
    let rule = thing.needed_text(reader, "rule");
    let severity = needed_severity(thing, reader);
    thing.need(reader, "at");
    let at = thing.texts(reader, "at");
    if thing.has("at") && at.is_empty() {
        reader.error(
            thing.place("at"),
            "`at` must name a question beside which the message is shown.",
            "",
        );
    }
    let text = thing.needed_text(reader, "message");
    // In an unknown section it cannot be told what the rules may read.
    let stands = stands?;
    let (section, table) = stands.map_or((None, None), |placed| (Some(placed.section), placed.table));
    let place = match (&table, &section) {
        (Some(table), _) => Where::Table(table),
        (None, Some(section)) => reader.names.place(section),
        (None, None) => Where::Whole,
    };
    for text in &at {
        beside(text, place, reader);
    }
    let rule = rule.and_then(|text| reader.rule_of(&text, place, &[RuleType::Truth]));
    let message = text.map(|text| said(&text, place, reader));
    Some(Check {
        id,
        section,
        table,
        rule: rule?,
        severity,
        at: at.into_iter().map(|text| text.value).collect(),
        message: message?,
    })
}

fn said(text: &Text, place: Where<'_>, reader: &mut Reader) -> Message {
    if text.value.trim().is_empty() {
        reader.error(
            text.span.clone(),
            "`message` is empty.",
            "Say what is wrong and what to do.",
        );
    }
    message(text, place, reader)
}

/// A check is shown beside a question, or in a column, that exists where the check stands.
fn beside(text: &Text, place: Where<'_>, reader: &mut Reader) {
    let names = &reader.names;
    let columns = match place {
        Where::Table(table) => names.tables.get(table).map(|table| &table.columns),
        _ => None,
    };
    if columns.is_some_and(|columns| columns.contains_key(&text.value)) {
        return;
    }
    let question = names.questions.get(&text.value).map(|known| &known.section);
    let section = question.or_else(|| names.tables.get(&text.value).map(|table| &table.section));
    let Some(section) = section.cloned() else {
        let columns = columns.into_iter().flat_map(|columns| columns.keys());
        let known = names.questions.keys().chain(names.tables.keys()).chain(columns);
        let help = did_you_mean(&text.value, known.map(String::as_str));
        reader.error(
            text.span.clone(),
            format!("There is no question called `{}`.", text.value),
            help,
        );
        return;
    };
    if !names.in_reach(place, &section) {
        let each = names.each_words(&section);
        let stands = if place == Where::Whole {
            "stands once for the return"
        } else {
            "stands in another section"
        };
        let message = format!("`{}` is asked once for {each}, and this check {stands}.", text.value);
        reader.error(
            text.span.clone(),
            message,
            format!("Add in = \"{section}\", or name a question that is asked once."),
        );
    }
}
