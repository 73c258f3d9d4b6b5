//! What was spent and committed against what it came out of.
//!
//! Invariant: at most one finding for each section's instance, and one for each row of a table of lines or allocations.

use super::super::board::{At, Board};
use super::super::figures::available;
use super::super::format;
use super::super::instances::{RowOf, Subject};
use super::super::order::columns_of;
use super::super::types::{Answer, Value};
use super::Raised;
use crate::form::schema::{MoneyIs, Question, Severity};
use crate::money::Money;

/// The findings of a question: its own when it is the first of its section that is in the books, and its rows'.
pub(super) fn look(board: &Board<'_>, at: At, out: &mut Vec<Raised>) {
    let section = &board.form.sections[board.instance(at.instance).section];
    let in_books = places(&section.questions, |question| At::question(at.instance, question));
    let in_books: Vec<At> = in_books.into_iter().filter(|at| board.cell(*at).visible).collect();
    if in_books.first().is_some_and(|first| first.question == at.question) {
        out.extend(limit(board, at.instance).and_then(|limit| over(board, &in_books, limit)));
    }
    let rows = board.grid(at.instance, at.question).map_or(&[][..], |grid| &grid.rows);
    for (row, of) in rows.iter().enumerate() {
        let limit = match of.of {
            RowOf::Line(allocation, line) => {
                let line = &board.register.allocations[allocation].lines[line];
                line.amount
                    .map(|amount| (amount, format!("allocated to “{}”", line.title)))
            }
            RowOf::Allocation(allocation) => Some(of_allocation(board, allocation)),
            RowOf::Fixed(_) | RowOf::Cohort(_) | RowOf::Priority | RowOf::Added(_) => None,
        };
        let columns = places(columns_of(board.asked(at)), |column| at.cell(row, column));
        out.extend(limit.and_then(|limit| over(board, &columns, limit)));
    }
}

fn places(questions: &[Question], at: impl Fn(usize) -> At) -> Vec<At> {
    let questions = questions.iter().enumerate();
    questions
        .filter(|(_, question)| question.money_is.is_some())
        .map(|(index, _)| at(index))
        .collect()
}

fn of_allocation(board: &Board<'_>, at: usize) -> (Money, String) {
    let allocation = &board.register.allocations[at];
    (allocation.amount, format!("allocated to “{}”", allocation.title))
}

/// What money of an instance comes out of.
fn limit(board: &Board<'_>, instance: usize) -> Option<(Money, String)> {
    match board.instance(instance).subject {
        Subject::Allocation(at) => Some(of_allocation(board, at)),
        Subject::Project(at) => {
            let project = &board.state.projects[at];
            Some((project.amount?, format!("allocated to “{}”", project.title)))
        }
        Subject::Whole => match board.only_allocation() {
            Some(at) => Some(of_allocation(board, at)),
            None => Some((
                available(board.register)?,
                "of the grant and what was carried forward".to_owned(),
            )),
        },
        Subject::Cohort(_) | Subject::Row(_) => None,
    }
}

fn over(board: &Board<'_>, places: &[At], (limit, of_what): (Money, String)) -> Option<Raised> {
    let amount = |wanted: MoneyIs| {
        places.iter().find_map(|at| {
            let cell = board.cell(*at);
            match &cell.answer {
                Answer::Given(Value::Money(money)) if cell.visible && board.asked(*at).money_is == Some(wanted) => {
                    Some((*at, *money))
                }
                _ => None,
            }
        })
    };
    let (spent, committed) = (amount(MoneyIs::Spent), amount(MoneyIs::Committed));
    let given: Vec<(At, Money)> = [spent, committed].into_iter().flatten().collect();
    let together = Money::checked_sum(given.iter().map(|(_, money)| *money))?;
    let excess = together.checked_sub(limit).filter(|excess| *excess > Money::ZERO)?;
    let [together_said, excess, limit_said] = [together, excess, limit].map(format::money);
    let message = match (spent, committed) {
        (Some((_, spent)), Some((_, committed))) => format!(
            "{} spent and {} committed come to {together_said}, which is {excess} more than the {limit_said} {of_what}.",
            format::money(spent),
            format::money(committed)
        ),
        (Some(_), None) => format!("{together_said} spent is {excess} more than the {limit_said} {of_what}."),
        (None, _) => format!("{together_said} committed is {excess} more than the {limit_said} {of_what}."),
    };
    let at: Vec<At> = given.iter().map(|(at, _)| *at).collect();
    let figures = format!("together={}; limit={}", together.in_pence(), limit.in_pence());
    let raised = Raised::beside(board, "~over_allocation", Severity::Warning, message, &at);
    Some(raised.tied_to(figures))
}
