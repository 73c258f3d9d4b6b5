//! The allocations against the grant and what was carried forward.
//!
//! Invariant: built in, once for the return of a whole grant. Too much allocated is an error, in those numbers; too
//! little is a figure that is named and no error.

use super::super::board::Board;
use super::super::figures::{available, unallocated};
use super::super::format;
use super::Raised;
use super::checks::first_shown;
use crate::form::rule::Name;
use crate::form::schema::{Kind, Question, Severity};
use crate::money::Money;

/// The finding, when more was allocated than there is.
pub(super) fn raised(board: &Board<'_>) -> Option<Raised> {
    let over = unallocated(board)?.checked_neg().filter(|over| *over > Money::ZERO)?;
    let (allocated, available) = (board.allocated?, available(board)?);
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
    let mut at: Vec<(usize, usize)> = where_money_is(board).into_iter().collect();
    at.extend(increased.into_iter().filter_map(|of| where_allocation_is(board, of)));
    Some(Raised {
        check: "~uncovered".to_owned(),
        place: "return".to_owned(),
        severity: Severity::Error,
        message,
        at,
        figures: format!("allocated={}; available={}", allocated.in_pence(), available.in_pence()),
    })
}

/// The first question that shows what is allocated, what was carried forward or what was granted; or the first of all.
fn where_money_is(board: &Board<'_>) -> Option<(usize, usize)> {
    ["allocated", "carried_forward", "amount"]
        .into_iter()
        .find_map(|field| {
            let wanted = Name::Grant(field.to_owned());
            (0..board.instances.len()).find_map(|instance| reading(board, instance, &wanted))
        })
        .or_else(|| (0..board.instances.len()).find_map(|instance| first_shown(board, instance)))
}

/// The question that shows the amount of this allocation.
fn where_allocation_is(board: &Board<'_>, allocation: usize) -> Option<(usize, usize)> {
    let wanted = Name::Allocation("amount".to_owned());
    (0..board.instances.len())
        .filter(|instance| board.instances[*instance].allocation == Some(allocation))
        .find_map(|instance| reading(board, instance, &wanted))
}

fn reading(board: &Board<'_>, instance: usize, wanted: &Name) -> Option<(usize, usize)> {
    let shows = |question: &Question| match &question.kind {
        Kind::Calculated { value, .. } => value.reads().contains(wanted),
        _ => question.from.as_ref().is_some_and(|from| from.reads().contains(wanted)),
    };
    let section = &board.form.sections[board.instances[instance].section];
    let question = section
        .questions
        .iter()
        .enumerate()
        .position(|(q, question)| board.cells[instance][q].visible && shows(question))?;
    Some((instance, question))
}
