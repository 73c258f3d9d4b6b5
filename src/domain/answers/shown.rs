//! An answer as people read it on a page.
//!
//! Invariant: a blank is the empty text, and nothing else is.

use super::format;
use super::types::{Answer, Register, Value};
use crate::form::schema::Kind;
use crate::money::Money;

/// "£16,486.00", "25.0% (308 of 1,231)", "Not applicable", the words of the option that was chosen.
pub(super) fn shown(kind: &Kind, answer: &Answer, register: &Register) -> String {
    let value = match answer {
        Answer::Blank => return String::new(),
        Answer::NotKnown => return format::NOT_KNOWN.to_owned(),
        Answer::NotApplicable => return format::NOT_APPLICABLE.to_owned(),
        Answer::Given(value) => value,
    };
    match value {
        Value::Text(text) => text.clone(),
        Value::Money(money) => format::money(*money),
        Value::Count(count) => format::count(*count),
        Value::Number(number) => format::number(*number),
        Value::Percent(percent) => format::percent(*percent, percent.scale()),
        Value::Ratio { per: 0, .. } => format::NOT_APPLICABLE.to_owned(),
        Value::Ratio { of, per } => {
            let places = match kind {
                Kind::Ratio { places, .. } | Kind::Calculated { places, .. } => *places,
                _ => 0,
            };
            format!(
                "{} ({} of {})",
                format::percent_of(*of, *per, places),
                format::count(*of),
                format::count(*per)
            )
        }
        Value::Date(date) => format::date(*date),
        Value::YesNo(truth) => match (kind, truth) {
            (Kind::Declaration { .. }, true) => "Declared".to_owned(),
            (_, true) => "Yes".to_owned(),
            (_, false) => "No".to_owned(),
        },
        Value::Choice(id) => match kind {
            Kind::Choice { options } => options
                .iter()
                .find(|(option, _)| option == id)
                .map_or_else(|| id.clone(), |(_, words)| words.en.clone()),
            _ => id.clone(),
        },
        Value::Range { text, .. } => text.clone(),
        Value::Choices(ids) => {
            let words: Vec<&str> = ids.iter().map(|id| chosen(kind, id, register)).collect();
            words.join("; ")
        }
        Value::Contact { name, email, phone } => {
            let parts = [name, email, phone].into_iter().filter(|part| !part.is_empty());
            parts.map(String::as_str).collect::<Vec<_>>().join(", ")
        }
        // A table is shown cell by cell, each as its column says.
        Value::Table(_) => String::new(),
        Value::Split(rows) => {
            let sum = Money::checked_sum(rows.iter().map(|(_, amount)| *amount)).map(format::money);
            let items: Vec<String> = rows
                .iter()
                .map(|(item, amount)| format!("{item}: {}", format::money(*amount)))
                .collect();
            format!("{}; together {}", items.join("; "), sum.unwrap_or_default())
        }
        Value::Files(files) => files
            .iter()
            .map(|file| file.name.as_str())
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// The words of an option, or the title of a priority.
fn chosen<'w>(kind: &'w Kind, id: &'w str, register: &'w Register) -> &'w str {
    let found = match kind {
        Kind::Choices { options, .. } => options
            .iter()
            .find(|(option, _)| option == id)
            .map(|(_, words)| words.en.as_str()),
        Kind::Priority { .. } => register
            .fund
            .priorities
            .iter()
            .find(|(key, _)| key == id)
            .map(|(_, title)| title.as_str()),
        _ => None,
    };
    found.unwrap_or(id)
}
