//! The allocations against the grant and what was carried forward, and the grant against its fund.
//!
//! Invariant: built in, once for the return. Too much allocated is an error, in those numbers; too
//! little is a figure that is named and no error.

use super::super::board::{At, Board};
use super::super::figures::{available, unallocated};
use super::super::format;
use super::super::planned::planned;
use super::Raised;
use super::checks::first_shown;
use crate::form::rule::Name;
use crate::form::schema::{Kind, Question, Severity};
use crate::money::Money;

/// The finding, when more was allocated than there is.
pub(super) fn raised(board: &Board<'_>) -> Vec<Raised> {
    let too_much = match planned(board) {
        Some(_) => Vec::new(),
        None => over_allocated(board).into_iter().collect(),
    };
    too_much
        .into_iter()
        .chain(super::parts::plan(board))
        .chain(award(board))
        .collect()
}

/// More was allocated than there is.
fn over_allocated(board: &Board<'_>) -> Option<Raised> {
    let over = unallocated(board)?.checked_neg().filter(|over| *over > Money::ZERO)?;
    let (allocated, available) = (board.state.allocated?, available(board.register)?);
    let mut message = format!(
        "The allocations come to {}. The grant and what was carried forward come to {}. That is {} too much.",
        format::money(allocated),
        format::money(available),
        format::money(over)
    );
    let uncovered = |at: &usize| board.register.allocations[*at].uncovered > Money::ZERO;
    let increased: Vec<usize> = (0..board.register.allocations.len()).filter(uncovered).collect();
    for at in &increased {
        let allocation = &board.register.allocations[*at];
        let increase = format::money(allocation.uncovered);
        message += &format!(
            " “{}” has an increase of {increase} that no virement covers: ask the commissioner to record one.",
            allocation.title
        );
    }
    let mut at: Vec<At> = where_money_is(board).into_iter().collect();
    at.extend(increased.into_iter().filter_map(|of| where_allocation_is(board, of)));
    Some(of_return(
        Raised::beside(board, "~uncovered", Severity::Error, message, &at).tied_to(format!(
            "allocated={}; available={}",
            allocated.in_pence(),
            available.in_pence()
        )),
    ))
}

/// A finding of the return as a whole, wherever it is shown.
fn of_return(raised: Raised) -> Raised {
    Raised {
        place: "return".to_owned(),
        ..raised
    }
}

/// The grant is outside what its fund gives.
fn award(board: &Board<'_>) -> Option<Raised> {
    let (grant, fund) = (&board.register.grant, &board.register.fund);
    let (limit, than) = match (fund.smallest_award, fund.largest_award) {
        (Some(smallest), _) if grant.amount < smallest => (smallest, "less than the smallest"),
        (_, Some(largest)) if grant.amount > largest => (largest, "more than the largest"),
        _ => return None,
    };
    let message = format!(
        "The grant is {}. That is {than} award of “{}”, {}: ask the commissioner to put it right.",
        format::money(grant.amount),
        fund.title,
        format::money(limit)
    );
    let at: Vec<At> = where_money_is(board).into_iter().collect();
    let figures = format!("grant={}; limit={}", grant.amount.in_pence(), limit.in_pence());
    Some(of_return(
        Raised::beside(board, "~award", Severity::Error, message, &at).tied_to(figures),
    ))
}

/// The first question that shows what is allocated, what was carried forward or what was granted; or the first of all.
pub(super) fn where_money_is(board: &Board<'_>) -> Option<At> {
    ["allocated", "carried_forward", "amount"]
        .into_iter()
        .find_map(|field| {
            let wanted = Name::Grant(field.to_owned());
            (0..board.len()).find_map(|instance| reading(board, instance, &wanted))
        })
        .or_else(|| (0..board.len()).find_map(|instance| first_shown(board, instance)))
}

/// The question that shows the amount of this allocation.
fn where_allocation_is(board: &Board<'_>, allocation: usize) -> Option<At> {
    let wanted = Name::Allocation("amount".to_owned());
    (0..board.len())
        .filter(|instance| board.instance(*instance).allocation() == Some(allocation))
        .find_map(|instance| reading(board, instance, &wanted))
}

fn reading(board: &Board<'_>, instance: usize, wanted: &Name) -> Option<At> {
    let shows = |question: &Question| match &question.kind {
        Kind::Calculated { value, .. } => value.reads().contains(wanted),
        _ => question.from.as_ref().is_some_and(|from| from.reads().contains(wanted)),
    };
    let section = &board.form.sections[board.instance(instance).section];
    let question = section
        .questions
        .iter()
        .enumerate()
        .position(|(q, question)| board.state.cells[instance][q].visible && shows(question))?;
    Some(At::question(instance, question))
}
