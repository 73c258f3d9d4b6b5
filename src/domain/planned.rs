//! What the rows of a plan propose, read from a return as it was agreed, and the keys that its allocations get.
//!
//! Invariant: read from what the answers were read as, never from their text again; a key is made once, and is unlike every
//! other in its grant.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::answers::types::{Answer, Evaluated, SectionView, Value};
use crate::form::schema::{Form, Kind, Plan, Section};
use crate::form::uses::columns;
use crate::money::Money;

/// The longest key made from a title, in characters, before a number is put after it.
const LONGEST: usize = 40;
/// The money column of a table that holds a row's parts.
const PART: &str = "amount";

/// One row of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Its number, as text: what it is known by for ever.
    pub row: String,
    /// The project's title.
    pub title: String,
    /// Pence; nought where no amount was given.
    pub amount: Money,
    /// Who delivers it, as named.
    pub provider: Option<String>,
    /// Keys of the priorities it serves.
    pub priorities: Vec<String>,
    /// Its parts: what each is called, and pence where it has a figure.
    pub parts: Vec<(String, Option<Money>)>,
    /// The whole contract's value, pence.
    pub contract_total: Option<Money>,
    /// The contract's last day.
    pub contract_ends_on: Option<NaiveDate>,
    /// Other money that the project has, pence.
    pub other_funding: Option<Money>,
}

/// A plan as it was agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The id of the section whose rows it has.
    pub section: String,
    /// The rows in order.
    pub rows: Vec<Proposed>,
    /// Whether the form asks what the rest is held back for.
    pub asks_what_is_held_back: bool,
    /// What it is held back for.
    pub held_back_for: Option<String>,
}

/// The plan of a form as it was filled in; none when the form has no plan.
#[must_use]
pub fn agreed(form: &Form, evaluated: &Evaluated) -> Option<Agreed> {
    let (at, section, plan) = form
        .sections
        .iter()
        .enumerate()
        .find_map(|(at, section)| Some((at, section, section.plan.as_ref()?)))?;
    let rows = evaluated.sections.iter().filter(|view| view.section == at);
    let held_back_for = plan.held_back_for.as_ref().and_then(|id| {
        let all = evaluated.sections.iter();
        all.filter(|view| view.subject.is_none())
            .find_map(|view| text(view, id))
    });
    Some(Agreed {
        section: section.id.clone(),
        rows: rows.filter_map(|view| row(section, plan, view)).collect(),
        asks_what_is_held_back: plan.held_back_for.is_some(),
        held_back_for,
    })
}

fn row(section: &Section, plan: &Plan, view: &SectionView) -> Option<Proposed> {
    let of = |id: &Option<String>| id.as_ref().and_then(|id| given(view, id));
    let money = |id: &Option<String>| match of(id) {
        Some(Value::Money(money)) => Some(*money),
        _ => None,
    };
    let number = view.subject.clone()?;
    Some(Proposed {
        title: text(view, &plan.title).unwrap_or_else(|| format!("Row {number}")),
        amount: money(&Some(plan.amount.clone())).unwrap_or(Money::ZERO),
        provider: plan.provider.as_ref().and_then(|id| text(view, id)),
        priorities: match of(&plan.priorities) {
            Some(Value::Choices(keys)) => keys.clone(),
            _ => Vec::new(),
        },
        parts: plan.parts.as_ref().map_or_else(Vec::new, |id| parts(section, view, id)),
        contract_total: money(&plan.contract_total),
        contract_ends_on: match of(&plan.contract_ends_on) {
            Some(Value::Date(day)) => Some(*day),
            _ => None,
        },
        other_funding: money(&plan.other_funding),
        row: number,
    })
}

/// What was given to a question that is shown.
fn given<'a>(view: &'a SectionView, id: &str) -> Option<&'a Value> {
    let question = view.questions.iter().find(|question| question.id == id)?;
    match &question.answer {
        Answer::Given(value) if question.visible => Some(value),
        _ => None,
    }
}

fn text(view: &SectionView, id: &str) -> Option<String> {
    match given(view, id)? {
        Value::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        _ => None,
    }
}

/// The parts of a row: the items of a split, or the rows of a table by its first column of text.
fn parts(section: &Section, view: &SectionView, id: &str) -> Vec<(String, Option<Money>)> {
    let columns = section
        .questions
        .iter()
        .find(|question| question.id == id)
        .map_or(&[][..], columns);
    let named_by = columns
        .iter()
        .position(|column| matches!(column.kind, Kind::Text { .. }));
    let amount = columns.iter().position(|column| column.id == PART);
    match given(view, id) {
        Some(Value::Split(items)) => items.iter().map(|(item, money)| (item.clone(), Some(*money))).collect(),
        Some(Value::Table(rows)) => rows
            .iter()
            .map(|row| {
                let cell = |at: Option<usize>| at.and_then(|at| row.cells.get(at));
                let title = match cell(named_by) {
                    Some(Answer::Given(Value::Text(text))) => text.trim().to_owned(),
                    _ => row.label.clone(),
                };
                let money = match cell(amount) {
                    Some(Answer::Given(Value::Money(money))) => Some(*money),
                    _ => None,
                };
                (title, money)
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// A key made from a title, unlike every one that is taken: `sexual-violence-support`, then `sexual-violence-support-2`.
#[must_use]
pub fn key_for(title: &str, taken: &BTreeSet<String>) -> String {
    let mut key = String::new();
    for letter in title.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() {
            key.push(letter);
        } else if !key.is_empty() && !key.ends_with('-') && !matches!(letter, '\'' | '’') {
            key.push('-');
        }
        if key.len() >= LONGEST {
            break;
        }
    }
    let key = match key.trim_end_matches('-') {
        "" => "part",
        key => key,
    };
    let numbered = (2_u32..).map(|number| format!("{key}-{number}"));
    std::iter::once(key.to_owned())
        .chain(numbered)
        .find(|key| !taken.contains(key))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
