//! What an officer decides on the rows of a table: the boxes for it, and what was decided.
//!
//! Invariant: a decision that could not be taken comes back with every word that was typed.

use countersign_domain::returns::{Decision, RowDecision};
use serde::Serialize;

use super::beside::Beside;
use super::forms::Attempt;
use super::reading::Answered;
use super::words::Said;
use crate::service::decisions::{RowToDecide, to_decide};
use crate::service::office::OfficePage;

/// A decision that was taken.
#[derive(Debug, Serialize)]
pub struct DecidedView {
    row: String,
    decision: &'static str,
    said: Said,
}

/// A table whose rows are to be decided on.
#[derive(Debug, Serialize)]
pub struct ToDecideView {
    label: String,
    rows: Vec<RowView>,
}

#[derive(Debug, Serialize)]
struct RowView {
    label: String,
    about: Vec<(String, String)>,
    decision: Field,
    options: Vec<Choice>,
    words: Field,
}

#[derive(Debug, Serialize)]
struct Field {
    id: String,
    name: String,
    value: String,
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct Choice {
    value: &'static str,
    text: &'static str,
    checked: bool,
}

/// What was decided on a table's rows.
pub fn decided(answer: &Answered, section: &str, beside: &Beside<'_>) -> Vec<DecidedView> {
    let Some(table) = &answer.table else { return Vec::new() };
    let here = |known: &&RowDecision| known.section.0 == section && known.question == answer.question;
    beside
        .decisions
        .iter()
        .filter(here)
        .map(|known| {
            let row = table.rows.iter().find(|row| row.row == known.row);
            DecidedView {
                row: row.map_or_else(|| known.row.clone(), |row| row.label.clone()),
                decision: known.decision.words(),
                said: Said::new(&known.words, known.by, known.at, beside.people),
            }
        })
        .collect()
}

/// The tables on whose rows this return's officer decides in the stage where it stands. `id` makes a field's id of its
/// name, as the page's summary of problems leads to it.
pub fn waiting(page: &OfficePage, attempt: &Attempt, act: &str, id: impl Fn(&str) -> String) -> Vec<ToDecideView> {
    let Some(stage) = &page.stage else { return Vec::new() };
    let tried = attempt.act == act;
    let field = |name: &str| Field {
        id: id(name),
        name: name.to_owned(),
        value: if tried {
            attempt.value(name).to_owned()
        } else {
            String::new()
        },
        error: attempt.error(name).filter(|_| tried),
    };
    let row = |row: RowToDecide| {
        let decision = field(&row.decision_field);
        RowView {
            label: row.label,
            about: row.about,
            options: Decision::ALL
                .into_iter()
                .map(|offered| Choice {
                    value: offered.name(),
                    text: offered.words(),
                    checked: decision.value == offered.name(),
                })
                .collect(),
            words: field(&row.words_field),
            decision,
        }
    };
    to_decide(&page.form, &page.evaluated, &stage.id)
        .into_iter()
        .map(|table| ToDecideView {
            label: format!("{}: {}", table.section_title, table.label),
            rows: table.rows.into_iter().map(row).collect(),
        })
        .collect()
}
