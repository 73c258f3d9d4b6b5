//! What was signed last, beside what is asked now.
//!
//! Invariant: a figure is found by its measure and by what it is for, so that no other project's is shown.

use rust_decimal::Decimal;

use super::board::{At, Board, Seat};
use super::format;
use super::instances::Subject;
use super::scope::share;
use super::types::{Figure, FigureValue};
use crate::form::rule::RuleValue;

/// The allocation and the row that figures standing here have.
pub(super) fn keys(board: &Board<'_>, at: At) -> (Option<String>, Option<String>) {
    let instance = board.instance(at.instance);
    let allocation = instance
        .allocation()
        .map(|of| board.register.allocations[of].key.clone());
    let subject = match instance.subject {
        Subject::Whole | Subject::Allocation(_) => None,
        Subject::Project(_) | Subject::Cohort(_) | Subject::Row(_) => instance.subject_key(),
    };
    let row = at
        .row
        .and_then(|row| Some(board.grid(at.instance, at.question)?.rows.get(row)?.id.clone()));
    let row = match (subject, row) {
        (Some(subject), Some(row)) => Some(format!("{subject}/{row}")),
        (subject, row) => subject.or(row),
    };
    (allocation, row)
}

/// The name of the figure that stands here: a question's id, or `table.column`.
pub(super) fn measure_at(board: &Board<'_>, at: At) -> String {
    let question = &board.question(at.instance, at.question).id;
    match at.column {
        Some(_) => format!("{question}.{}", board.asked(at).id),
        None => question.clone(),
    }
}

/// The last signed figure of what stands here, for people: "214 (April to June 2026)".
pub(super) fn shown(board: &Board<'_>, at: At) -> Option<String> {
    if !board.asked(at).previous {
        return None;
    }
    let previous = board.register.previous.as_ref()?;
    let figure = find(board, &measure_at(board, at), keys(board, at))?;
    let text = format::figure_of(board.form, figure);
    (!text.is_empty()).then(|| format!("{text} ({})", previous.period.label()))
}

/// What `previous.<name>` is from a seat: the figure of a question, a measure or a column for the same subject.
pub(super) fn figure<'b>(board: &Board<'b>, seat: &Seat, id: &str) -> Option<&'b Figure> {
    let in_row = seat.row.filter(|row| {
        let question = board.question(row.instance, row.question);
        let columns = super::order::columns_of(question);
        let table_measure =
            |measure: &crate::form::schema::Measure| measure.id == id && measure.table.as_ref() == Some(&question.id);
        columns.iter().any(|column| column.id == id)
            || id.split_once('.').is_some_and(|(table, _)| table == question.id)
            || board.form.measures.iter().any(table_measure)
    });
    match in_row {
        Some(row) => {
            let question = board.question(row.instance, row.question);
            let is_column = super::order::columns_of(question).iter().any(|column| column.id == id);
            let measure = if is_column {
                format!("{}.{id}", question.id)
            } else {
                id.to_owned()
            };
            find(
                board,
                &measure,
                keys(board, At::question(row.instance, row.question).row(row.row)),
            )
        }
        None => of_question(board, seat, id),
    }
}

fn of_question<'b>(board: &Board<'b>, seat: &Seat, id: &str) -> Option<&'b Figure> {
    // A measure stands where its questions do.
    let asked = board
        .form
        .measures
        .iter()
        .find(|measure| measure.id == id)
        .map_or(id, |measure| measure.of.as_str());
    let at = board.place(seat, asked)?;
    find(board, id, keys(board, at))
}

fn find<'b>(board: &Board<'b>, measure: &str, keys: (Option<String>, Option<String>)) -> Option<&'b Figure> {
    let (allocation, row) = keys;
    let index = &board.state.beneath;
    index.signed_before(board.register, measure.to_owned(), allocation, row)
}

/// A figure as rules read it.
pub(super) fn as_rule(value: &FigureValue) -> RuleValue {
    match *value {
        FigureValue::Money { pence } => RuleValue::Money(Decimal::from(pence)),
        FigureValue::Count { count } => RuleValue::Number(Decimal::from(count)),
        FigureValue::Number { scaled, places, .. } => {
            Decimal::try_from_i128_with_scale(i128::from(scaled), places).map_or(RuleValue::Blank, RuleValue::Number)
        }
        FigureValue::Ratio { of, per, .. } => share(Decimal::from(of), Decimal::from(per)),
        FigureValue::NotApplicable => RuleValue::NotApplicable,
        FigureValue::Range { .. } | FigureValue::NotKnown | FigureValue::Blank => RuleValue::Blank,
    }
}
