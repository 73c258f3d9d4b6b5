//! What there is to choose from in the boxes of a register entry.
//!
//! Invariant: nothing of a fund that the reader does not look after is offered; what is chosen already is, whatever it is.

use chrono::NaiveDate;
use countersign_domain::answers::format;
use serde::Serialize;

use super::specs::{Input, Of};
use crate::service::register::view::FundRegister;

/// One choice.
#[derive(Debug, Serialize)]
pub struct Item {
    /// What is sent.
    pub value: String,
    text: String,
    selected: bool,
    checked: bool,
}

/// The choices, with what is chosen; of a choice of one, the first is none.
pub fn items(from: Of, of: &FundRegister, grant: Option<&str>, chosen: &[String]) -> Vec<Item> {
    let mut offered = offered(from, of, grant);
    for value in chosen.iter().filter(|value| !value.is_empty()) {
        if !offered.iter().any(|(known, _)| known == value) {
            offered.push((value.clone(), value.clone()));
        }
    }
    if from != Of::YesNo {
        offered.insert(0, (String::new(), "None chosen".to_owned()));
    }
    offered
        .into_iter()
        .map(|(value, text)| {
            let is = chosen.contains(&value);
            Item {
                selected: is,
                checked: is,
                value,
                text,
            }
        })
        .collect()
}

fn offered(from: Of, of: &FundRegister, grant: Option<&str>) -> Vec<(String, String)> {
    let pair = |value: &str, text: &str| (value.to_owned(), text.to_owned());
    match from {
        Of::Organisations => of.organisations.iter().map(|of| pair(&of.key, &of.name)).collect(),
        Of::People => {
            let words = |name: &str, email: &str| format!("{name}, {email}");
            of.people
                .iter()
                .map(|of| (of.email.clone(), words(&of.name, &of.email)))
                .collect()
        }
        Of::Offices => of.offices.iter().map(|of| pair(&of.key, &of.title)).collect(),
        Of::Rounds => of.rounds.iter().map(|of| pair(&of.key, &of.title)).collect(),
        Of::Priorities => of.fund.priorities.iter().map(|(key, title)| pair(key, title)).collect(),
        Of::Forms => of.forms.iter().map(|(id, title)| pair(id, title)).collect(),
        Of::Allocations => {
            let within = of.grants.iter().find(|known| Some(known.reference.as_str()) == grant);
            let ours = of
                .allocations
                .iter()
                .filter(|of| within.is_some_and(|grant| of.grant == grant.id));
            ours.map(|of| pair(&of.key, &of.title)).collect()
        }
        Of::Nations => vec![
            pair("england-and-wales", "England and Wales"),
            pair("scotland", "Scotland"),
            pair("northern-ireland", "Northern Ireland"),
        ],
        Of::YesNo => vec![pair("", "No"), pair("yes", "Yes")],
    }
}

/// A column's value as people read it.
pub fn shown(input: Input, of: &FundRegister, grant: Option<&str>, values: &[String]) -> String {
    let word = |value: &String| match input {
        Input::One(from) | Input::Any(from) => offered(from, of, grant)
            .into_iter()
            .find(|(known, _)| known == value)
            .map_or_else(|| value.clone(), |(_, text)| text),
        Input::Day => value.parse::<NaiveDate>().map_or_else(|_| value.clone(), format::date),
        Input::Money if !value.is_empty() => format!("£{value}"),
        _ => value.clone(),
    };
    values
        .iter()
        .map(word)
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}
