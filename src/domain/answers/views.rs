//! What pages are shown of a return: its tasks with their questions, tables and how far each is.
//!
//! Invariant: reads the board and the findings and decides nothing.

use std::collections::HashMap;

use super::board::{At, Board};
use super::figures::{figure_value, target_reached};
use super::instances::{Subject, has_something};
use super::order::columns_of;
use super::shown::shown;
use super::types::{
    Answer, CellView, Finding, QuestionView, RowValue, RowView, SectionKey, SectionView, TableView, TaskStatus, Value,
};
use super::{format, previous};
use crate::form::schema::{Kind, Severity};
use crate::measure;

#[derive(Default)]
pub(super) struct Standing {
    errors: bool,
    missing: bool,
}

/// What findings say of each section.
pub(super) fn standings(findings: &[Finding]) -> HashMap<&SectionKey, Standing> {
    let mut standings: HashMap<&SectionKey, Standing> = HashMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
        for place in &finding.at {
            let standing = standings.entry(&place.section).or_default();
            if super::findings::is_missing(&finding.check) {
                standing.missing = true;
            } else {
                standing.errors = true;
            }
        }
    }
    standings
}

pub(super) fn section_views(board: &Board<'_>, findings: &[Finding]) -> Vec<SectionView> {
    let standings = standings(findings);
    (0..board.len())
        .map(|at| {
            let mut view = section_view(board, at);
            view.status = status(board, &view, standings.get(&view.key));
            view
        })
        .collect()
}

/// A task, whose status is not known yet.
pub(super) fn section_view(board: &Board<'_>, at: usize) -> SectionView {
    let instance = board.instance(at);
    let section = &board.form.sections[instance.section];
    SectionView {
        key: instance.key.clone(),
        section: instance.section,
        allocation: instance.allocation(),
        subject: instance.subject_key(),
        title: title(board, at),
        questions: (0..section.questions.len())
            .map(|question| question_view(board, At::question(at, question)))
            .collect(),
        status: TaskStatus::NotStarted,
    }
}

/// The title; a row that was added is called what its provider calls it.
pub(super) fn title(board: &Board<'_>, at: usize) -> String {
    let instance = board.instance(at);
    let section = &board.form.sections[instance.section];
    if let (Subject::Row(_), Some(rows)) = (instance.subject, &section.rows)
        && let Some(question) = section.questions.iter().position(|of| of.id == rows.named_by)
        && let Answer::Given(Value::Text(name)) = &board.cell(At::question(at, question)).answer
    {
        return name.clone();
    }
    board.filled(&section.title.en, &board.view(at).seat)
}

/// How far a task is.
pub(super) fn status(board: &Board<'_>, view: &SectionView, standing: Option<&Standing>) -> TaskStatus {
    let section = &board.form.sections[view.section];
    let typeable = |view: &&QuestionView| {
        let question = &section.questions[view.question];
        view.visible && !question.locked && !matches!(question.kind, Kind::Calculated { .. })
    };
    let to_type = view.questions.iter().any(|view| typeable(&view));
    let typed = view
        .questions
        .iter()
        .filter(typeable)
        .any(|view| view.draft.as_ref().is_some_and(has_something));
    match standing {
        Some(standing) if standing.errors => TaskStatus::HasErrors,
        _ if to_type && !typed => TaskStatus::NotStarted,
        Some(standing) if standing.missing => TaskStatus::InProgress,
        _ => TaskStatus::Complete,
    }
}

fn question_view(board: &Board<'_>, at: At) -> QuestionView {
    let question = board.asked(at);
    let cell = board.cell(at);
    let answer = table_answer(board, at).unwrap_or_else(|| cell.answer.clone());
    let text = match &answer {
        Answer::Given(Value::Table(_)) => table_shown(board, at),
        answer => shown(&question.kind, answer, board.register),
    };
    QuestionView {
        question: at.question,
        id: question.id.clone(),
        label: board.label(at),
        visible: cell.visible,
        draft: board.drafted(at.instance, at.question).cloned(),
        shown: format::approximately(text, cell.approximate),
        answer,
        note: cell.note.clone().or_else(|| super::findings::remainder(board, at)),
        on_target: on_target(board, at),
        previous: previous::shown(board, at),
        // A hidden table too: its boxes go with its page, so that what was typed in them comes back.
        table: table_view(board, at),
    }
}

fn on_target(board: &Board<'_>, at: At) -> Option<bool> {
    let question = board.asked(at);
    let value = figure_value(&question.kind, &board.cell(at).answer)?;
    target_reached(question.target.as_ref()?, &value)
}

/// The answer that a table is: blank when nothing stands in any of its cells.
fn table_answer(board: &Board<'_>, at: At) -> Option<Answer> {
    let grid = board.grid(at.instance, at.question)?;
    let visible = board.cell(at).visible;
    let given = grid
        .cells
        .iter()
        .flatten()
        .any(|cell| cell.visible && cell.answer != Answer::Blank);
    if !visible || !given {
        return Some(Answer::Blank);
    }
    let rows = grid.rows.iter().zip(&grid.cells).map(|(row, cells)| RowValue {
        id: row.id.clone(),
        label: row.label.clone(),
        cells: cells.iter().map(|cell| cell.answer.clone()).collect(),
    });
    Some(Answer::Given(Value::Table(rows.collect())))
}

fn cell_shown(board: &Board<'_>, at: At) -> String {
    let cell = board.cell(at);
    let text = shown(&board.asked(at).kind, &cell.answer, board.register);
    format::approximately(text, cell.approximate)
}

/// Each row with what stands in it: "First cohort: 88, 35, 53".
fn table_shown(board: &Board<'_>, at: At) -> String {
    let columns = columns_of(board.question(at.instance, at.question)).len();
    let rows = board.grid(at.instance, at.question).map_or(&[][..], |grid| &grid.rows);
    let lines: Vec<String> = rows
        .iter()
        .enumerate()
        .filter_map(|(r, row)| {
            let cells = (0..columns).map(|column| cell_shown(board, at.cell(r, column)));
            let cells: Vec<String> = cells.filter(|text| !text.is_empty()).collect();
            (!cells.is_empty()).then(|| format!("{}: {}", row.label, cells.join(", ")))
        })
        .collect();
    lines.join("; ")
}

fn table_view(board: &Board<'_>, at: At) -> Option<TableView> {
    let grid = board.grid(at.instance, at.question)?;
    let columns = columns_of(board.question(at.instance, at.question));
    let rows = grid.rows.iter().enumerate().map(|(r, row)| RowView {
        id: row.id.clone(),
        label: row.label.clone(),
        cells: (0..columns.len())
            .map(|column| {
                let at = at.cell(r, column);
                let cell = board.cell(at);
                CellView {
                    visible: cell.visible,
                    answer: cell.answer.clone(),
                    shown: cell_shown(board, at),
                    note: cell.note.clone(),
                    on_target: on_target(board, at),
                    previous: previous::shown(board, at),
                }
            })
            .collect(),
    });
    Some(TableView {
        rows: rows.collect(),
        totals: (0..columns.len()).map(|column| total(board, at, column)).collect(),
    })
}

/// The sum under a column; figures that are missing from it are said.
fn total(board: &Board<'_>, at: At, column: usize) -> Option<String> {
    let question = &columns_of(board.question(at.instance, at.question))[column];
    if !question.total {
        return None;
    }
    let grid = board.grid(at.instance, at.question)?;
    let cells: Vec<_> = grid
        .cells
        .iter()
        .map(|row| &row[column])
        .filter(|cell| cell.visible)
        .collect();
    let values: Vec<_> = cells
        .iter()
        .filter_map(|cell| figure_value(&question.kind, &cell.answer))
        .collect();
    let missing = values.iter().filter(|value| !super::figures::is_figure(value)).count();
    let sum = measure::sum(&values)
        .map(|sum| format::figure(&sum))
        .unwrap_or_default();
    let sum = format::approximately(sum, cells.iter().any(|cell| cell.approximate));
    Some(match missing {
        0 => sum,
        _ if missing == values.len() => String::new(),
        1 => format!("{sum} (without 1 row)"),
        missing => format!("{sum} (without {missing} rows)"),
    })
}
