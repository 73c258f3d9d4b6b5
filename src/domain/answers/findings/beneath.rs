//! Figures that are made from signed returns: which returns they lack, and whether they are what the returns come to.
//!
//! Invariant: a return that is missing is named; a table names each once.

use super::super::beneath::{Rolled, rolled, shortened};
use super::super::board::{At, Board};
use super::super::order::columns_of;
use super::super::shown::shown;
use super::super::types::Answer;
use super::super::work_out::as_answer;
use super::Raised;
use super::checks::one_line;
use crate::form::schema::Severity;

const BENEATH: &str = "~beneath";

/// The warning of a question or a cell, or of a table for all its cells.
pub(super) fn raised(board: &Board<'_>, at: At) -> Option<Raised> {
    let question = board.asked(at);
    if at.row.is_none() && !columns_of(question).is_empty() {
        return of_table(board, at);
    }
    let roll_up = question.roll_up.as_ref()?;
    let answer = &board.cell(at).answer;
    if *answer == Answer::Blank {
        return None;
    }
    let rolled = rolled(board, at, roll_up);
    let mut said = Vec::new();
    // The missing returns of a cell are named once, with its table.
    if at.row.is_none() && !rolled.missing.is_empty() {
        said.push(without(&rolled));
    }
    let made = rolled
        .value
        .map_or(Answer::Blank, |value| as_answer(&question.kind, &value));
    let [typed, together] = [answer, &made].map(|answer| shown(&question.kind, answer, board.register));
    // A range is the same whatever words stand around it.
    let same = match (answer, &made) {
        (
            Answer::Given(super::super::types::Value::Range { low, high, .. }),
            Answer::Given(super::super::types::Value::Range { low: l, high: h, .. }),
        ) => (low, high) == (l, h),
        (answer, made) => answer == made,
    };
    if made != Answer::Blank && !same && typed != together {
        said.push(format!("You entered {typed}. The signed returns come to {together}."));
    }
    if said.is_empty() {
        return None;
    }
    let figures = format!("{typed}; {together}; {}", rolled.missing.join("; "));
    let raised = Raised::beside(board, BENEATH, Severity::Warning, said.join(" "), &[at]);
    Some(raised.tied_to(one_line(figures)))
}

fn of_table(board: &Board<'_>, at: At) -> Option<Raised> {
    let columns = columns_of(board.asked(at));
    let rows = board.grid(at.instance, at.question)?.rows.len();
    let mut missing: Vec<String> = Vec::new();
    for (column, question) in columns.iter().enumerate() {
        let Some(roll_up) = &question.roll_up else {
            continue;
        };
        for at in (0..rows).map(|row| at.cell(row, column)) {
            let cell = board.cell(at);
            if cell.visible && cell.answer != Answer::Blank {
                missing.extend(rolled(board, at, roll_up).missing);
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    missing.retain(|name| seen.insert(name.clone()));
    if missing.is_empty() {
        return None;
    }
    let message = format!(
        "These figures are made without returns that are missing: {}.",
        shortened(&missing)
    );
    let raised = Raised::beside(board, BENEATH, Severity::Warning, message, &[at]);
    Some(raised.tied_to(one_line(missing.join("; "))))
}

fn without(rolled: &Rolled) -> String {
    let returns = if rolled.returns == 1 { "return" } else { "returns" };
    format!(
        "This is made without {} of {} {returns}: {}.",
        rolled.missing.len(),
        rolled.returns,
        shortened(&rolled.missing)
    )
}
