//! What changed between two revisions of a return, in people's words.
//!
//! Invariant: read from the documents alone, so that what a reviewer is told is what was submitted.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use serde_json::Value as Json;

use super::format::mid_sentence;
use super::types::CellPlace;

/// One answer or explanation that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The section's key; empty for an explanation of a finding that stands nowhere.
    pub section: String,
    /// The question's id.
    pub question: String,
    /// The cell, of a table.
    pub cell: Option<CellPlace>,
    /// What was asked, or the finding that was explained; of a cell, the table's label with the row and the column.
    pub label: String,
    /// As it was shown before; empty when it was not answered or not asked.
    pub before: String,
    /// As it is shown now; empty likewise.
    pub after: String,
}

/// The differences, in the order of the newer document; what only the older one has comes last. A figure that was typed
/// in another way but reads the same has not changed.
#[must_use]
pub fn changes(old: &Json, new: &Json) -> Vec<Change> {
    let mut out = differing(&answers(old), &answers(new));
    out.extend(differing(&explanations(old), &explanations(new)));
    out
}

struct Line<'a> {
    /// Section and question, and for an explanation its finding, for a cell its row and column.
    key: (&'a str, &'a str, &'a str, &'a str),
    label: Cow<'a, str>,
    shown: &'a str,
    /// What tells two apart that are shown alike: two files of one name.
    exact: Option<&'a Json>,
}

fn differing(old: &[Line<'_>], new: &[Line<'_>]) -> Vec<Change> {
    let by_key: HashMap<_, _> = old.iter().map(|line| (line.key, line)).collect();
    let kept: BTreeSet<_> = new.iter().map(|line| line.key).collect();
    let change = |line: &Line<'_>, before: &str, after: &str| Change {
        section: line.key.0.to_owned(),
        question: line.key.1.to_owned(),
        cell: (!line.key.3.is_empty()).then(|| CellPlace {
            row: line.key.2.to_owned(),
            column: Some(line.key.3.to_owned()),
        }),
        label: line.label.clone().into_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
    };
    let changed = new.iter().filter_map(|line| match by_key.get(&line.key) {
        Some(was) if was.shown == line.shown && was.exact == line.exact => None,
        Some(was) => Some(change(line, was.shown, line.shown)),
        None => (!line.shown.is_empty()).then(|| change(line, "", line.shown)),
    });
    let gone = old
        .iter()
        .filter(|line| !kept.contains(&line.key) && !line.shown.is_empty())
        .map(|line| change(line, line.shown, ""));
    changed.chain(gone).collect()
}

fn answers(document: &Json) -> Vec<Line<'_>> {
    list(document, "sections")
        .flat_map(|section| list(section, "answers").flat_map(move |answer| lines_of(section, answer)))
        .collect()
}

/// An answer is one line; a table is one for each of its cells.
fn lines_of<'a>(section: &'a Json, answer: &'a Json) -> Vec<Line<'a>> {
    let (key, question, label) = (text(section, "key"), text(answer, "question"), text(answer, "label"));
    let Some(table) = answer.get("table") else {
        return vec![Line {
            key: (key, question, "", ""),
            label: Cow::Borrowed(label),
            shown: text(answer, "shown"),
            exact: answer.get("read"),
        }];
    };
    let columns: HashMap<&str, &str> = list(table, "columns")
        .map(|column| (text(column, "column"), text(column, "label")))
        .collect();
    let cells = list(table, "rows").flat_map(|row| list(row, "cells").map(move |cell| (row, cell)));
    cells
        .map(|(row, cell)| {
            let column = text(cell, "column");
            let called = columns.get(column).copied().unwrap_or(column);
            Line {
                key: (key, question, text(row, "row"), column),
                label: Cow::Owned(format!("{label}: {}, {}", text(row, "label"), mid_sentence(called))),
                shown: text(cell, "shown"),
                exact: cell.get("read"),
            }
        })
        .collect()
}

fn explanations(document: &Json) -> Vec<Line<'_>> {
    list(document, "findings")
        .filter_map(|finding| {
            let place = list(finding, "at").next();
            let at = |part| place.map_or("", |place| text(place, part));
            Some(Line {
                key: (at("section"), at("question"), text(finding, "key"), ""),
                label: Cow::Borrowed(text(finding, "message")),
                shown: text(finding.get("explanation")?, "text"),
                exact: None,
            })
        })
        .collect()
}

fn list<'a>(of: &'a Json, name: &str) -> impl Iterator<Item = &'a Json> {
    of.get(name).and_then(Json::as_array).into_iter().flatten()
}

fn text<'a>(of: &'a Json, name: &str) -> &'a str {
    of.get(name).and_then(Json::as_str).unwrap_or_default()
}
