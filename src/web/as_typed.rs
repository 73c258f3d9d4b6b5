//! What was typed for a question, in words: for whoever is to see it though it could not be read or was not kept.
//!
//! Invariant: nothing that was typed is left out.

use std::collections::BTreeMap;

use countersign_domain::answers::types::{QuestionView, Register};
use countersign_domain::form::schema::{Kind, Question, Table};

/// What was typed into a question's boxes.
pub fn words(
    register: &Register,
    question: &Question,
    view: &QuestionView,
    fields: &BTreeMap<String, String>,
) -> String {
    let option = |id: &str| {
        let found = match &question.kind {
            Kind::Choice { options } | Kind::Choices { options, .. } => {
                let found = options.iter().find(|(known, _)| known == id);
                found.map(|(_, words)| words.en.clone())
            }
            Kind::Priority { .. } => {
                let found = register.fund.priorities.iter().find(|(known, _)| known == id);
                found.map(|(_, title)| title.clone())
            }
            _ => None,
        };
        found.unwrap_or_else(|| id.to_owned())
    };
    let typed = fields.iter().filter(|(_, text)| !text.trim().is_empty());
    let texts: Vec<String> = match &question.kind {
        Kind::Table(table) => return of_table(table, view, fields),
        Kind::Choices { .. } | Kind::Priority { .. } => typed.map(|(id, _)| option(id)).collect(),
        Kind::Choice { .. } => typed.map(|(_, id)| option(id)).collect(),
        _ => typed.map(|(_, text)| text.trim().to_owned()).collect(),
    };
    texts.join("; ")
}

/// What was typed into a table, a line for each row, for somebody who sees it beside their own.
fn of_table(table: &Table, view: &QuestionView, fields: &BTreeMap<String, String>) -> String {
    let mut lines: Vec<(&str, Vec<String>)> = Vec::new();
    for (field, text) in fields.iter().filter(|(_, text)| !text.trim().is_empty()) {
        let mut parts = field.split(['.', '~']);
        let (row, column) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let label = table.columns.iter().find(|known| known.id == column);
        let said = format!("{} {text}", label.map_or(column, |known| &known.label.en));
        match lines.iter_mut().find(|(known, _)| *known == row) {
            Some((_, cells)) => cells.push(said),
            None => lines.push((row, vec![said])),
        }
    }
    let named = |id: &str| {
        let rows = view.table.as_ref().map_or(&[][..], |table| &table.rows);
        let found = rows.iter().find(|row| row.id == id);
        found.map_or_else(|| id.to_owned(), |row| row.label.clone())
    };
    let lines: Vec<String> = lines
        .into_iter()
        .map(|(row, cells)| format!("{}: {}", named(row), cells.join("; ")))
        .collect();
    lines.join("\n")
}
