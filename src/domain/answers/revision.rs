//! A revision: everything that was submitted, as one document, and its figures read back from it.
//!
//! Invariant: text, whole numbers, truths and nothing else, so that its canonical form (RFC 8785) is one sequence of
//! bytes; decimals are text. What is not in the document was not submitted.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

use super::types::{
    Answer, Draft, DraftAnswer, Evaluated, Figure, FileRef, QuestionView, Register, SectionView, TableView, Value,
};
use crate::form::schema::{Form, Kind, Table, TableKind};
use crate::ids::{PersonId, ReturnId};

/// The form of the document; another way of writing it needs the next number.
const WRITTEN_AS: u32 = 1;

/// What is known of a submission beside its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionMeta {
    /// The return.
    pub return_id: ReturnId,
    /// Counts from 1.
    pub number: u32,
    /// Who submitted it.
    pub submitted_by: PersonId,
    /// When.
    pub submitted_at: DateTime<Utc>,
    /// Why there is another revision, from the second on.
    pub reason: Option<String>,
}

/// A document is not a revision, or one that was written in another way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a revision that can be read: {0}")]
pub struct NotARevision(String);

/// The document of a submission. `evaluated` must be what [`super::evaluate()`] made of the same form, register and draft.
#[must_use]
pub fn document(form: &Form, register: &Register, draft: &Draft, evaluated: &Evaluated, meta: &RevisionMeta) -> Json {
    let sections: Vec<Json> = evaluated
        .sections
        .iter()
        .map(|view| section(form, register, view))
        .collect();
    json!({
        "revision": WRITTEN_AS,
        "return": {
            "id": meta.return_id,
            "number": meta.number,
            "submitted_by": meta.submitted_by,
            "submitted_at": meta.submitted_at,
            "reason": meta.reason,
        },
        "form": {
            "id": form.id,
            "version": form.version,
            "digest": form.digest.to_string(),
            "title": form.title.en,
        },
        "register": as_json(register),
        "sections": sections,
        "findings": as_json(&evaluated.findings),
        "figures": as_json(&evaluated.figures),
        "attachments": attachments(evaluated),
        "preparers": preparers(draft, evaluated),
    })
}

/// The figures of a document.
///
/// # Errors
/// When it is not a revision, or holds a figure that cannot be read.
pub fn figures_of(document: &Json) -> Result<Vec<Figure>, NotARevision> {
    if document.get("revision").and_then(Json::as_u64) != Some(u64::from(WRITTEN_AS)) {
        return Err(NotARevision(format!("its “revision” is not {WRITTEN_AS}")));
    }
    let figures = document
        .get("figures")
        .ok_or_else(|| NotARevision("it has no “figures”".to_owned()))?;
    serde::Deserialize::deserialize(figures).map_err(|error: serde_json::Error| NotARevision(error.to_string()))
}

/// These types hold text, whole numbers and maps keyed by text, all of which JSON has.
fn as_json<T: serde::Serialize>(value: &T) -> Json {
    serde_json::to_value(value).unwrap_or(Json::Null)
}

fn section(form: &Form, register: &Register, view: &SectionView) -> Json {
    let of = &form.sections[view.section];
    let answers: Vec<Json> = view
        .questions
        .iter()
        .filter(|question| question.visible)
        .map(|question| answer(question, &of.questions[question.question].kind))
        .collect();
    json!({
        "key": view.key,
        "section": of.id,
        "allocation": view.allocation.map(|at| &register.allocations[at].key),
        "title": view.title,
        "answers": answers,
    })
}

fn answer(view: &QuestionView, kind: &Kind) -> Json {
    let mut answer = json!({
        "question": view.id,
        "label": view.label,
        "type": kind_name(kind),
        "typed": view.draft.as_ref().map(as_json),
        "read": read(&view.answer),
        "shown": view.shown,
        "statement": match kind {
            Kind::Declaration { statement } => Some(&statement.en),
            _ => None,
        },
    });
    if let (Kind::Table(table), Some(view), Some(answer)) = (kind, &view.table, answer.as_object_mut()) {
        answer.insert("table".to_owned(), table_of(table, view));
    }
    answer
}

/// A table as it was shown: its columns, and in each row what each cell was read as and how it was shown.
fn table_of(table: &Table, view: &TableView) -> Json {
    let columns: Vec<Json> = table
        .columns
        .iter()
        .zip(&view.totals)
        .map(|(column, total)| json!({ "column": column.id, "label": column.label.en, "total": total }))
        .collect();
    let rows: Vec<Json> = view
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<Json> = table
                .columns
                .iter()
                .zip(&row.cells)
                .filter(|(_, cell)| cell.visible)
                .map(|(column, cell)| json!({ "column": column.id, "read": read(&cell.answer), "shown": cell.shown }))
                .collect();
            json!({ "row": row.id, "label": row.label, "cells": cells })
        })
        .collect();
    json!({ "columns": columns, "rows": rows })
}

fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text { .. } => "text",
        Kind::Narrative { .. } => "narrative",
        Kind::Money { .. } => "money",
        Kind::Count { .. } => "count",
        Kind::Percent { .. } => "percent",
        Kind::Ratio { .. } => "ratio",
        Kind::Date => "date",
        Kind::YesNo => "yes_no",
        Kind::Choice { .. } => "choice",
        Kind::Decimal { .. } => "decimal",
        Kind::Range { .. } => "range",
        Kind::Choices { .. } => "choices",
        Kind::Priority { .. } => "priority",
        Kind::Contact => "contact",
        Kind::Table(table) => match table.made_as {
            TableKind::Matrix => "matrix",
            TableKind::Funnel => "funnel",
            TableKind::Checklist => "checklist",
            TableKind::Risk => "risk",
        },
        Kind::Split { .. } => "split",
        Kind::File { .. } => "file",
        Kind::Declaration { .. } => "declaration",
        Kind::Calculated { .. } => "calculated",
    }
}

fn read(answer: &Answer) -> Json {
    let value = match answer {
        Answer::Blank => return json!({ "is": "blank" }),
        Answer::NotKnown => return json!({ "is": "not-known" }),
        Answer::NotApplicable => return json!({ "is": "not-applicable" }),
        Answer::Given(value) => value,
    };
    match value {
        Value::Text(text) => json!({ "is": "text", "text": text }),
        Value::Money(money) => json!({ "is": "money", "pence": money.in_pence() }),
        Value::Count(count) => json!({ "is": "count", "count": count }),
        Value::Number(number) => json!({ "is": "number", "number": number.to_string() }),
        Value::Percent(number) => json!({ "is": "percent", "number": number.to_string() }),
        Value::Ratio { of, per } => json!({ "is": "ratio", "of": of, "per": per }),
        Value::Date(date) => json!({ "is": "date", "date": date.to_string() }),
        Value::YesNo(truth) => json!({ "is": "yes-no", "yes": truth }),
        Value::Choice(id) => json!({ "is": "choice", "option": id }),
        Value::Choices(ids) => json!({ "is": "choices", "options": ids }),
        Value::Range { low, high, text } => json!({ "is": "range", "low": low, "high": high, "text": text }),
        Value::Contact { name, email, phone } => {
            json!({ "is": "contact", "name": name, "email": email, "phone": phone })
        }
        Value::Table(rows) => {
            let rows: Vec<Json> = rows
                .iter()
                .map(|row| {
                    let cells: Vec<Json> = row.cells.iter().map(read).collect();
                    json!({ "row": row.id, "label": row.label, "cells": cells })
                })
                .collect();
            json!({ "is": "table", "rows": rows })
        }
        Value::Split(rows) => {
            let rows: Vec<Json> = rows
                .iter()
                .map(|(item, amount)| json!({ "item": item, "pence": amount.in_pence() }))
                .collect();
            json!({ "is": "split", "rows": rows })
        }
        Value::Files(files) => {
            let digests: Vec<&str> = files.iter().map(|file| file.digest.as_str()).collect();
            json!({ "is": "files", "digests": digests })
        }
    }
}

/// Each document once, by its digest, of answers that are shown.
fn attachments(evaluated: &Evaluated) -> Json {
    let mut files: BTreeMap<&str, &FileRef> = BTreeMap::new();
    for question in shown_questions(evaluated) {
        if let Answer::Given(Value::Files(given)) = &question.answer {
            files.extend(given.iter().map(|file| (file.digest.as_str(), file)));
        }
    }
    files.into_values().map(as_json).collect()
}

/// Everybody whose answers or explanations are in the revision, in the order of their identities.
fn preparers(draft: &Draft, evaluated: &Evaluated) -> Json {
    let answered = shown_questions(evaluated)
        .filter_map(|question| question.draft.as_ref())
        .map(by);
    let explained = evaluated
        .findings
        .iter()
        .filter_map(|finding| draft.explanations.get(&finding.key))
        .map(|explanation| explanation.by);
    let people: std::collections::BTreeSet<PersonId> = answered.chain(explained).collect();
    people.iter().map(as_json).collect()
}

fn shown_questions(evaluated: &Evaluated) -> impl Iterator<Item = &QuestionView> {
    evaluated
        .sections
        .iter()
        .flat_map(|section| &section.questions)
        .filter(|question| question.visible)
}

fn by(answer: &DraftAnswer) -> PersonId {
    answer.by
}
