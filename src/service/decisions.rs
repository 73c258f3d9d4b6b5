//! What a stage's officer decides on each row of a table: agreed, not agreed or noted, with words.
//!
//! Invariant: the officer of the stage that the form names decides on every row or the stage is not done; decisions are
//! written in the transaction of the acceptance or the signature, and are part of its leaf.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use countersign_domain::answers::types::{Evaluated, RowView, SectionKey};
use countersign_domain::form::schema::{Form, Kind, Question};
use countersign_domain::ids::ReturnId;
use countersign_domain::returns::{Decision, RowDecision};
use serde_json::{Value, json};

use super::case::Case;
use super::{Deps, FieldProblem, Officer, ServiceError, facts};
use crate::store::{Connection, StoreError, WriteTx, decisions};

/// Begins the name of the field that says what was decided on a row: `decision.<section>.<question>.<row>`.
const DECISION: &str = "decision";
/// Begins the name of the field with the words about it.
const WORDS: &str = "words";
/// The most characters of an officer's words about one row.
const LONGEST: usize = 4000;

/// What was sent about one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// Where the table stands.
    pub section: SectionKey,
    /// The table's id.
    pub question: String,
    /// The row's id.
    pub row: String,
    /// What was decided; none when nothing was chosen.
    pub decision: Option<Decision>,
    /// The officer's words, as typed.
    pub words: String,
}

/// A table that waits for decisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToDecide {
    /// Where it stands.
    pub section: SectionKey,
    /// The section's title.
    pub section_title: String,
    /// Its id.
    pub question: String,
    /// What it is called.
    pub label: String,
    /// Its rows, in order.
    pub rows: Vec<RowToDecide>,
}

/// A row that waits for a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowToDecide {
    /// Its id.
    pub row: String,
    /// What it is called.
    pub label: String,
    /// What stands in it: the label of each column that has an answer, and the answer.
    pub about: Vec<(String, String)>,
    /// The name of the field that says what was decided.
    pub decision_field: String,
    /// The name of the field with the words.
    pub words_field: String,
}

/// The tables on which this stage's officer decides, as they stand.
pub fn to_decide(form: &Form, evaluated: &Evaluated, stage: &str) -> Vec<ToDecide> {
    let waits = |section: usize, question: usize| {
        let asked = form.sections.get(section)?.questions.get(question)?;
        match &asked.kind {
            Kind::Table(table) if asked.decided_in.as_deref() == Some(stage) => Some(&table.columns),
            _ => None,
        }
    };
    let mut all = Vec::new();
    for view in &evaluated.sections {
        for asked in &view.questions {
            let Some((table, columns)) = asked.table.as_ref().zip(waits(view.section, asked.question)) else {
                continue;
            };
            if !asked.visible {
                continue;
            }
            let row = |row: &RowView| RowToDecide {
                row: row.id.clone(),
                label: row.label.clone(),
                about: about(row, columns),
                decision_field: field(DECISION, &view.key, &asked.id, &row.id),
                words_field: field(WORDS, &view.key, &asked.id, &row.id),
            };
            all.push(ToDecide {
                section: view.key.clone(),
                section_title: view.title.clone(),
                question: asked.id.clone(),
                label: asked.label.clone(),
                rows: table.rows.iter().map(row).collect(),
            });
        }
    }
    all
}

/// What stands in a row, as people read it. Without it a row that was added is only a number.
fn about(row: &RowView, columns: &[Question]) -> Vec<(String, String)> {
    let cells = row.cells.iter().zip(columns);
    cells
        .filter(|(cell, _)| cell.visible && !cell.shown.is_empty())
        .map(|(cell, column)| (column.label.en.clone(), cell.shown.clone()))
        .collect()
}

fn field(kind: &str, section: &SectionKey, question: &str, row: &str) -> String {
    format!("{kind}.{}.{question}.{row}", section.0)
}

/// Whether a form's field is one of a decision.
pub fn is_field(name: &str) -> bool {
    matches!(parts(name), Some((DECISION | WORDS, ..)))
}

fn parts(name: &str) -> Option<(&str, &str, &str, &str)> {
    let mut parts = name.splitn(4, '.');
    Some((parts.next()?, parts.next()?, parts.next()?, parts.next()?))
}

/// Reads what was sent about rows from a form's fields; what else the form has is passed over.
pub fn read(fields: &[(String, String)]) -> Vec<Decided> {
    let mut all: Vec<Decided> = Vec::new();
    for (name, value) in fields {
        let Some((kind @ (DECISION | WORDS), section, question, row)) = parts(name) else {
            continue;
        };
        let same = |known: &Decided| known.section.0 == section && known.question == question && known.row == row;
        let at = all.iter().position(same).unwrap_or_else(|| {
            all.push(Decided {
                section: SectionKey(section.to_owned()),
                question: question.to_owned(),
                row: row.to_owned(),
                decision: None,
                words: String::new(),
            });
            all.len() - 1
        });
        match kind {
            DECISION => all[at].decision = Decision::named(value),
            _ => all[at].words.clone_from(value),
        }
    }
    all
}

/// What an officer decided in the stage in which the return stands; or what is missing, row by row.
///
/// # Errors
/// [`ServiceError::Conflict`] when a row was decided on that the revision does not have.
pub(super) async fn taken(
    deps: &Deps,
    tx: &WriteTx,
    case: &Case,
    stage: Option<&str>,
    given: &[Decided],
) -> Result<(Vec<(Decided, Decision)>, Vec<FieldProblem>), ServiceError> {
    let stage = stage.unwrap_or_default();
    if case.form.decided_in(stage).next().is_none() && given.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let answered = facts::answered(deps, tx, case.ret.id).await?;
    let mut given: HashMap<String, &Decided> = given
        .iter()
        .map(|one| (field(DECISION, &one.section, &one.question, &one.row), one))
        .collect();
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    for table in to_decide(&case.form, &answered.evaluated, stage) {
        for row in table.rows {
            match judged(&row, given.remove(&row.decision_field)) {
                Err(problem) => problems.push(problem),
                Ok((decision, words)) => {
                    let decided = Decided {
                        section: table.section.clone(),
                        question: table.question.clone(),
                        row: row.row,
                        decision: Some(decision),
                        words,
                    };
                    all.push((decided, decision));
                }
            }
        }
    }
    if given.is_empty() {
        Ok((all, problems))
    } else {
        Err(ServiceError::Conflict(
            "You decided on a row that this revision does not have. Read it again before you go on.".to_owned(),
        ))
    }
}

/// What was decided on one row, with its words cleaned; or what is missing.
fn judged(row: &RowToDecide, sent: Option<&Decided>) -> Result<(Decision, String), FieldProblem> {
    let problem = |field: &str, message: String| FieldProblem {
        field: field.to_owned(),
        message,
    };
    let words = sent.map_or("", |sent| sent.words.trim()).replace("\r\n", "\n");
    let Some(decision) = sent.and_then(|sent| sent.decision) else {
        let message = format!("Select what you decide on “{}”", row.label);
        return Err(problem(&row.decision_field, message));
    };
    if decision == Decision::NotAgreed && words.is_empty() {
        let message = format!("Say why you do not agree to “{}”", row.label);
        return Err(problem(&row.words_field, message));
    }
    if words.chars().count() > LONGEST {
        return Err(problem(&row.words_field, "Use 4,000 characters or fewer".to_owned()));
    }
    let kept = words.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    Ok((decision, kept))
}

/// Writes what was decided; answers it as it goes into the leaf of the acceptance or the signature.
pub(super) async fn write(
    tx: &WriteTx,
    case: &Case,
    stage: Option<&str>,
    officer: &Officer,
    taken: Vec<(Decided, Decision)>,
    now: DateTime<Utc>,
) -> Result<Vec<Value>, ServiceError> {
    let rows: Vec<RowDecision> = taken
        .into_iter()
        .map(|(decided, decision)| RowDecision {
            return_id: case.ret.id,
            revision: case.ret.revision,
            stage: stage.unwrap_or_default().to_owned(),
            section: decided.section,
            question: decided.question,
            row: decided.row,
            decision,
            words: decided.words,
            by: officer.person.id,
            at: now,
        })
        .collect();
    match decisions::insert_decisions(tx, &rows).await {
        Ok(()) => Ok(rows.iter().map(told).collect()),
        Err(StoreError::Duplicate { .. }) => Err(ServiceError::Conflict(
            "These rows have been decided on already.".to_owned(),
        )),
        Err(other) => Err(other.into()),
    }
}

/// A decision as the ledger tells it.
pub(super) fn told(of: &RowDecision) -> Value {
    json!({
        "section": of.section.0,
        "question": of.question,
        "row": of.row,
        "decision": of.decision.name(),
        "words": of.words,
    })
}

/// What was decided on the rows of one revision of a return, in the order in which it was.
pub async fn of(conn: &impl Connection, ret: ReturnId, revision: u32) -> Result<Vec<RowDecision>, ServiceError> {
    let all = decisions::decisions_of(conn, ret).await?;
    Ok(all.into_iter().filter(|known| known.revision == revision).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_row_by_row_what_was_decided() {
        let sent = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let section = SectionKey("project/asb".to_owned());
        let all = read(&[
            sent("revision", "1"),
            sent(&field(DECISION, &section, "risks", "0"), "not-agreed"),
            sent(&field(WORDS, &section, "risks", "0"), "Too dear.\nAsk again."),
            sent(&field(DECISION, &section, "risks", "a.b"), "perhaps"),
        ]);
        let decided = |row: &str, decision, words: &str| Decided {
            section: section.clone(),
            question: "risks".to_owned(),
            row: row.to_owned(),
            decision,
            words: words.to_owned(),
        };
        let expected = [
            decided("0", Some(Decision::NotAgreed), "Too dear.\nAsk again."),
            decided("a.b", None, ""),
        ];
        assert_eq!(all, expected);
        assert!(is_field("words.money.risks.0") && !is_field("words.money") && !is_field("revision"));
    }
}
