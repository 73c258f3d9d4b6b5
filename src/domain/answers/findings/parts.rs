//! Amounts and their parts: a plan against its grant, the parts of a row against it, budget lines against their allocation.
//!
//! Invariant: too much is a finding; too little is a figure that is named, and of a plan must be held back for something.

use super::super::board::{At, Board};
use super::super::figures::{available, unallocated};
use super::super::format;
use super::super::planned::{amounts, plan_of, whole};
use super::super::types::Answer;
use super::Raised;
use crate::form::schema::{Plan, Severity};
use crate::money::Money;

const PLAN: &str = "~plan";

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
