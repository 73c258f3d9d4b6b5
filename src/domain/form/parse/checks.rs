//! Reads measures and checks.
//!
//! Invariant: the questions and sections that they name exist, and a measure divides like by like.

use std::collections::BTreeSet;

use super::head::Spelling;
use super::kind::{needed_severity, places};
use super::question::{aims, find};
use super::reader::{Reader, Thing};
use super::source::Text;
use super::words::message;
use crate::form::rule::{RuleType, Where, did_you_mean};
use crate::form::schema::{Check, Kind, Measure, Message, Section};

/// A measure; none when a part of it is missing.
pub(super) fn measure(mut thing: Thing, sections: &[Section], reader: &mut Reader) -> Option<Measure> {
    let id = thing.id(reader, "id", Spelling::Rule);
    let title = thing.needed_words(reader, "title", Where::Whole);
    let section = thing
        .needed_text(reader, "in")
        .filter(|text| known_section(text, reader));
    let of = thing.needed_text(reader, "of");
    let per = thing.needed_text(reader, "per");
    thing.one_of(reader, "as", &[("percent", ())]);
    let places = places(&mut thing, reader).unwrap_or(1);
    let (target, benchmark) = aims(&mut thing, reader);
    thing.finish(reader, &[], "");
    let (section, of, per) = (section?, of?, per?);
    let kinds = [&of, &per].map(|text| part(text, &section, sections, reader));
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
        section: section.value,
        table: None,
        of: of.value,
        per: per.value,
        places,
        target,
        benchmark,
        baseline: None,
    })
}

fn known_section(text: &Text, reader: &mut Reader) -> bool {
    let known = reader.names.sections.contains_key(&text.value);
    if !known {
        let help = did_you_mean(&text.value, reader.names.sections.keys().map(String::as_str));
        reader.error(
            text.span.clone(),
            format!("There is no section called `{}`.", text.value),
            help,
        );
    }
    known
}

/// What a part of a measure counts in; none when it cannot be told, and then that has been reported.
fn part(text: &Text, section: &Text, sections: &[Section], reader: &mut Reader) -> Option<RuleType> {
    let known = reader.names.questions.get(&text.value);
    if known.is_none_or(|known| known.section != section.value) {
        let here = reader
            .names
            .questions
            .iter()
            .filter(|(_, known)| known.section == section.value);
        let help = did_you_mean(&text.value, here.map(|(id, _)| id.as_str()));
        let message = format!("Section `{}` has no question called `{}`.", section.value, text.value);
        reader.error(text.span.clone(), message, help);
        return None;
    }
    // A question with a fault of its own is not among those that were read.
    match &find(sections, &section.value, &text.value)?.kind {
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
    let section = thing.text(reader, "in");
    let known = section.as_ref().is_none_or(|text| known_section(text, reader));
    let repeats = section
        .as_ref()
        .and_then(|text| reader.names.sections.get(&text.value))
        .copied();
    let place = if repeats.unwrap_or(false) {
        Where::Allocation
    } else {
        Where::Whole
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
    if !known {
        return None;
    }
    for text in &at {
        beside(text, place, reader);
    }
    let rule = rule.and_then(|text| reader.rule_of(&text, place, &[RuleType::Truth]));
    let message = text.map(|text| said(&text, place, reader));
    Some(Check {
        id,
        section: section.map(|text| text.value),
        table: None,
        rule: rule?,
        severity,
        at: at.into_iter().map(|text| text.value).collect(),
        message: message?,
    })
}

fn said(text: &Text, place: Where, reader: &mut Reader) -> Message {
    if text.value.trim().is_empty() {
        reader.error(
            text.span.clone(),
            "`message` is empty.",
            "Say what is wrong and what to do.",
        );
    }
    message(text, place, reader)
}

/// A check is shown beside a question that exists where the check stands.
fn beside(text: &Text, place: Where, reader: &mut Reader) {
    let Some(known) = reader.names.questions.get(&text.value) else {
        let help = did_you_mean(&text.value, reader.names.questions.keys().map(String::as_str));
        reader.error(
            text.span.clone(),
            format!("There is no question called `{}`.", text.value),
            help,
        );
        return;
    };
    let section = known.section.clone();
    if place == Where::Whole && reader.names.sections.get(&section) == Some(&true) {
        let message = format!(
            "`{}` is asked once for each allocation, and this check stands once for the return.",
            text.value
        );
        reader.error(
            text.span.clone(),
            message,
            format!("Add in = \"{section}\", or name a question that is asked once."),
        );
    }
}
