//! What is looked for in tables without a rule being written: each cell as the question that it is, funnels that widen,
//! comments that an answer asks for, and rows that are missing.
//!
//! Invariant: at most one finding of a kind for a cell.

use super::super::board::{At, Board};
use super::super::format;
use super::super::order::{shares, table_of};
use super::super::types::{Answer, Place, SectionKey, Value};
use super::{COMMENT, MIN_ROWS, Raised, built_in};
use crate::form::schema::{Severity, Table, TableKind, TableRows};

/// The findings of a table's cells, and of the table for its kind.
pub(super) fn look(board: &Board<'_>, at: At, out: &mut Vec<Raised>) {
    let (Some(table), Some(grid)) = (table_of(board.asked(at)), board.grid(at.instance, at.question)) else {
        return;
    };
    for row in 0..grid.rows.len() {
        for column in 0..table.columns.len() {
            built_in::look(board, at.cell(row, column), out);
        }
    }
    match table.made_as {
        TableKind::Funnel => widening(board, at, out),
        TableKind::Checklist => comments(board, at, table, out),
        TableKind::Matrix | TableKind::Risk => {}
    }
    if let TableRows::Added { min, .. } = table.rows
        && grid.rows.len() < min as usize
    {
        let message = too_few(min, &board.label(at), grid.rows.len());
        out.push(Raised::beside(board, MIN_ROWS, Severity::Error, message, &[at]));
    }
}

fn too_few(min: u32, label: &str, there: usize) -> String {
    let rows = if min == 1 { "row" } else { "rows" };
    format!("Add at least {min} {rows} to “{label}”. You have {there}.")
}

/// A stage of a funnel is never larger than one before it.
fn widening(board: &Board<'_>, at: At, out: &mut Vec<Raised>) {
    let Some((_, numbers)) = shares(board.asked(at)) else {
        return;
    };
    let rows = board.grid(at.instance, at.question).map_or(0, |grid| grid.rows.len());
    let mut smallest: Option<(At, i64)> = None;
    for place in (0..rows).map(|row| at.cell(row, numbers)) {
        let cell = board.cell(place);
        let Answer::Given(Value::Count(count)) = cell.answer else {
            continue;
        };
        match smallest {
            Some((before, most)) if count > most => {
                let label = |at: At| board.row_label(at).unwrap_or_default().to_owned();
                let message = format!(
                    "“{}” is {}. It cannot be more than “{}”, which is {}.",
                    label(place),
                    format::count(count),
                    label(before),
                    format::count(most)
                );
                let raised = Raised::beside(board, "~funnel", Severity::Error, message, &[place, before]);
                out.push(raised.tied_to(format!("{count} of {most}")));
            }
            _ => smallest = Some((place, count)),
        }
    }
}

/// An item of a checklist whose answer wants a comment has one.
fn comments(board: &Board<'_>, at: At, table: &Table, out: &mut Vec<Raised>) {
    let column = |id: &str| table.columns.iter().position(|column| column.id == id);
    let (Some(answers), Some(comments), TableRows::Fixed(items)) = (column("answer"), column("comment"), &table.rows)
    else {
        return;
    };
    for (row, item) in items.iter().enumerate() {
        let Some(wanted) = item.comment_when else {
            continue;
        };
        let answer = &board.cell(at.cell(row, answers)).answer;
        let place = at.cell(row, comments);
        let comment = board.cell(place);
        if *answer == Answer::Given(Value::YesNo(wanted)) && comment.visible && comment.answer == Answer::Blank {
            let said = if wanted { "yes" } else { "no" };
            let message = format!("You answered {said} to “{}”. Add a comment.", item.label.en);
            out.push(Raised::beside(board, COMMENT, Severity::Error, message, &[place]));
        }
    }
}

/// Sections to which a provider adds rows, with fewer or more than they may have.
pub(super) fn rows_missing(board: &Board<'_>) -> Vec<Raised> {
    let sections = board.form.sections.iter().enumerate();
    let of = |(at, section): (usize, &crate::form::schema::Section)| {
        let rows = section.rows.as_ref()?;
        let there = board.instances_of(at).len();
        let title = board.filled(&section.title.en, &board.whole().seat);
        let title = title.trim();
        let (check, message) = if there < rows.min as usize {
            (MIN_ROWS, too_few(rows.min, title, there))
        } else if there > rows.max as usize {
            let message = format!("“{title}” must have no more than {} rows. You have {there}.", rows.max);
            ("~max_rows", message)
        } else {
            return None;
        };
        Some(Raised {
            check: check.to_owned(),
            place: section.id.clone(),
            severity: Severity::Error,
            message,
            at: vec![Place {
                section: SectionKey(section.id.clone()),
                question: "~rows".to_owned(),
                cell: None,
            }],
            first: Some(At::question(board.state.first[at], 0)),
            figures: String::new(),
        })
    };
    sections.filter_map(of).collect()
}
