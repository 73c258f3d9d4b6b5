//! Amounts that are in parts: a plan by its rows, a row by its parts, an allocation by its budget lines.
//!
//! Invariant: only sums, and only of what was given; whether they are too much is a finding's to say.

use super::board::{At, Board};
use super::order::table_of;
use super::types::{Answer, Value};
use crate::form::schema::{Plan, TableRows};
use crate::money::Money;

/// The money column of a table that holds the parts of a plan's row.
const PART: &str = "amount";

/// The section that proposes allocations, and how.
pub(super) fn plan_of<'b>(board: &Board<'b>) -> Option<(usize, &'b Plan)> {
    let sections = board.form.sections.iter().enumerate();
    sections
        .into_iter()
        .find_map(|(at, section)| Some((at, section.plan.as_ref()?)))
}

/// Where the amount of each row of a plan stands, and what it is.
pub(super) fn amounts(board: &Board<'_>, section: usize, plan: &Plan) -> Vec<(At, Option<Money>)> {
    let questions = &board.form.sections[section].questions;
    let Some(question) = questions.iter().position(|question| question.id == plan.amount) else {
        return Vec::new();
    };
    board
        .instances_of(section)
        .map(|instance| At::question(instance, question))
        .map(|at| (at, money_at(board, at)))
        .collect()
}

fn money_at(board: &Board<'_>, at: At) -> Option<Money> {
    let cell = board.cell(at);
    match &cell.answer {
        Answer::Given(Value::Money(money)) if cell.visible => Some(*money),
        _ => None,
    }
}

/// What a plan comes to: none when the form has no plan; within that, none while a row has no amount.
pub(super) fn planned(board: &Board<'_>) -> Option<Option<Money>> {
    let (section, plan) = plan_of(board)?;
    let amounts: Option<Vec<Money>> = amounts(board, section, plan)
        .into_iter()
        .map(|(_, money)| money)
        .collect();
    Some(amounts.and_then(Money::checked_sum))
}

/// An amount whose parts stand here: what it is, what its parts come to, and what both are called.
pub(super) struct Whole {
    /// What it is.
    pub amount: Money,
    /// What its parts come to.
    pub parts: Money,
    /// "allocated", "proposed".
    pub word: &'static str,
    /// "lines", "parts".
    pub called: &'static str,
}

/// The amount whose parts stand at this place; none where no parts stand.
pub(super) fn whole(board: &Board<'_>, at: At) -> Option<Whole> {
    if at.row.is_some() || !board.cell(at).visible {
        return None;
    }
    let question = board.asked(at);
    let instance = board.instance(at.instance);
    let table = table_of(question)?;
    if table.rows == TableRows::Lines {
        let allocation = board
            .register
            .allocations
            .get(instance.allocation().or_else(|| board.only_allocation())?)?;
        let lines: Vec<Money> = allocation.lines.iter().filter_map(|line| line.amount).collect();
        return (!lines.is_empty()).then_some(Whole {
            amount: allocation.amount,
            parts: Money::checked_sum(lines)?,
            word: "allocated",
            called: "lines",
        });
    }
    let (section, plan) = plan_of(board)?;
    let is_parts = section == instance.section && plan.parts.as_ref() == Some(&question.id);
    let column = table
        .columns
        .iter()
        .position(|column| column.id == PART)
        .filter(|_| is_parts)?;
    let amount = money_at(board, board.place(&board.view(at.instance).seat, &plan.amount)?)?;
    let rows = board.grid(at.instance, at.question)?.rows.len();
    let parts: Vec<Money> = (0..rows)
        .filter_map(|row| money_at(board, at.cell(row, column)))
        .collect();
    (!parts.is_empty()).then_some(Whole {
        amount,
        parts: Money::checked_sum(parts)?,
        word: "proposed",
        called: "parts",
    })
}

/// What the parts that stand here leave of their whole, negative when they are more.
pub(super) fn parts_left(board: &Board<'_>, at: At) -> Option<Money> {
    let whole = whole(board, at)?;
    whole.amount.checked_sub(whole.parts)
}
