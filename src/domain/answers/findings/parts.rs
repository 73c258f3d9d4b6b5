//! Amounts and their parts: a plan against its grant, the parts of a row against it, budget lines against their allocation.
//!
//! Invariant: too much is a finding; too little is a figure that is named, and of a plan must be held back for something.

use super::super::board::{At, Board};
use super::super::figures::{available, unallocated};
use super::super::format;
use super::super::order::table_of;
use super::super::types::{Answer, Value};
use super::Raised;
use crate::form::schema::{Plan, Severity, TableRows};
use crate::money::Money;

const PLAN: &str = "~plan";
/// The money column of a table that holds the parts of a plan's row.
const PART: &str = "amount";

/// The section that proposes allocations, and how.
fn plan_of<'b>(board: &Board<'b>) -> Option<(usize, &'b Plan)> {
    let sections = board.form.sections.iter().enumerate();
    sections
        .into_iter()
        .find_map(|(at, section)| Some((at, section.plan.as_ref()?)))
}

/// Where the amount of each row of a plan stands, and what it is.
fn amounts(board: &Board<'_>, section: usize, plan: &Plan) -> Vec<(At, Option<Money>)> {
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
pub(in super::super) fn planned(board: &Board<'_>) -> Option<Option<Money>> {
    let (section, plan) = plan_of(board)?;
    let amounts: Option<Vec<Money>> = amounts(board, section, plan)
        .into_iter()
        .map(|(_, money)| money)
        .collect();
    Some(amounts.and_then(Money::checked_sum))
}

/// The plan against the grant and what was carried forward.
pub(super) fn plan(board: &Board<'_>) -> Option<Raised> {
    let (section, plan) = plan_of(board)?;
    let amounts = amounts(board, section, plan);
    let available = available(board.register)?;
    let together = Money::checked_sum(amounts.iter().filter_map(|(_, money)| *money))?;
    let over = together.checked_sub(available)?;
    if over > Money::ZERO {
        let message = format!(
            "The plan comes to {}. The grant and what was carried forward come to {}. That is {} too much.",
            format::money(together),
            format::money(available),
            format::money(over)
        );
        let at: Vec<At> = amounts
            .iter()
            .filter(|(_, money)| money.is_some())
            .map(|(at, _)| *at)
            .collect();
        let figures = format!("planned={}; available={}", together.in_pence(), available.in_pence());
        let raised = Raised::beside(board, PLAN, Severity::Error, message, &at).tied_to(figures);
        return Some(Raised {
            place: "return".to_owned(),
            ..raised
        });
    }
    held_back(board, plan).filter(|_| !amounts.is_empty())
}

/// What is left must be held back for something.
fn held_back(board: &Board<'_>, plan: &Plan) -> Option<Raised> {
    let left = unallocated(board).filter(|left| *left > Money::ZERO)?;
    let at = board.place(&board.whole().seat, plan.held_back_for.as_ref()?)?;
    let cell = board.cell(at);
    if !cell.visible || cell.answer != Answer::Blank || cell.problem.is_some() {
        return None;
    }
    let message = format!(
        "{} is not allocated. Say what it is held back for.",
        format::money(left)
    );
    Some(Raised::beside(board, PLAN, Severity::Error, message, &[at]))
}

/// An amount whose parts stand here: what it is, what its parts come to, and what both are called.
struct Whole {
    amount: Money,
    parts: Money,
    /// "allocated", "proposed".
    word: &'static str,
    /// "lines", "parts".
    called: &'static str,
}

fn whole(board: &Board<'_>, at: At) -> Option<Whole> {
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
pub(in super::super) fn parts_left(board: &Board<'_>, at: At) -> Option<Money> {
    let whole = whole(board, at)?;
    whole.amount.checked_sub(whole.parts)
}

/// What the parts leave, for people.
pub(in super::super) fn remainder(board: &Board<'_>, at: At) -> Option<String> {
    let whole = whole(board, at)?;
    let left = whole
        .amount
        .checked_sub(whole.parts)
        .filter(|left| *left > Money::ZERO)?;
    Some(format!(
        "The {} come to {} of the {} {}. {} is not assigned.",
        whole.called,
        format::money(whole.parts),
        format::money(whole.amount),
        whole.word,
        format::money(left)
    ))
}

/// The parts come to more than their whole. Lines are the commissioner's, so that a provider can only explain them.
pub(super) fn too_much(board: &Board<'_>, at: At) -> Option<Raised> {
    let whole = whole(board, at)?;
    let over = whole
        .parts
        .checked_sub(whole.amount)
        .filter(|over| *over > Money::ZERO)?;
    let (check, severity) = match whole.called {
        "lines" => ("~lines", Severity::Warning),
        _ => (PLAN, Severity::Error),
    };
    let message = format!(
        "The {} come to {}, which is {} more than the {} {}.",
        whole.called,
        format::money(whole.parts),
        format::money(over),
        format::money(whole.amount),
        whole.word
    );
    let figures = format!("parts={}; whole={}", whole.parts.in_pence(), whole.amount.in_pence());
    Some(Raised::beside(board, check, severity, message, &[at]).tied_to(figures))
}
