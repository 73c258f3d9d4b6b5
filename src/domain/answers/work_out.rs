//! One question, or one cell of a table, from what was typed and what it reads.
//!
//! Invariant: looks only at what comes before it in the order. Hidden answers stay in the draft and out of everything else.

use rust_decimal::Decimal;

use super::beneath::rolled;
use super::board::{At, Board, Cell, to_money};
use super::figures::{figure_value, is_figure};
use super::format::rounded;
use super::order::{Node, shares};
use super::read::read;
use super::reading::READING;
use super::scope::{Seen, View};
use super::types::{Answer, DraftAnswer, FigureValue, Value};
use crate::form::rule::{Rule, RuleValue};
use crate::form::schema::{Kind, Question};
use crate::money::Money;

impl Board<'_> {
    /// Works a node out in every place that it has; says in how many.
    pub fn work_out_everywhere(&mut self, node: Node) -> u64 {
        let mut places = 0;
        for at in self.places_of(node) {
            let cell = work_out(self, at);
            self.put(at, cell);
            places += 1;
        }
        places
    }

    /// Puts a cell into its place; says whether it differs from what stood there.
    pub fn put(&mut self, at: At, cell: Cell) -> bool {
        let place = match (at.row, at.column, self.state.grids.get_mut(&(at.instance, at.question))) {
            (Some(row), Some(column), Some(grid)) => &mut grid.cells[row][column],
            _ => &mut self.state.cells[at.instance][at.question],
        };
        let differs = *place != cell;
        *place = cell;
        differs
    }

    fn typed(&self, at: At) -> Option<&DraftAnswer> {
        match (at.row, at.column) {
            (Some(row), Some(column)) => self.grid(at.instance, at.question)?.rows.get(row)?.typed[column].as_ref(),
            _ => self.drafted(at.instance, at.question),
        }
    }
}

fn untyped(exact: RuleValue, answer: Answer) -> Cell {
    Cell {
        visible: true,
        exact,
        answer,
        ..Cell::hidden()
    }
}

/// What stands in one place.
pub(super) fn work_out(board: &Board<'_>, at: At) -> Cell {
    let question = board.asked(at);
    let view = board.view_at(at);
    let table_hidden = at.column.is_some() && !board.state.cells[at.instance][at.question].visible;
    let hides = |question: &Question| {
        question
            .show_if
            .as_ref()
            .is_some_and(|rule| rule.eval(&view) != RuleValue::Truth(true))
    };
    if table_hidden || hides(question) {
        return Cell::hidden();
    }
    if let (Some((shares, numbers)), Some(row)) = (shares(board.question(at.instance, at.question)), at.row)
        && at.column == Some(shares)
    {
        return share_of_stage(board, at, row, numbers);
    }
    match &question.kind {
        Kind::Calculated { value, places, percent } => {
            let seen = Seen::default();
            let exact = value.eval(&view.watched(&seen));
            let answer = match exact {
                RuleValue::Blank => undetermined(value, &view, &seen),
                _ => calculation(&exact, *places, *percent),
            };
            let figure = figure_value(&question.kind, &answer).is_some_and(|value| is_figure(&value));
            return Cell {
                approximate: seen.approximate.get() && figure,
                ..untyped(exact, answer)
            };
        }
        Kind::Table(_) => return of_table(board, at),
        _ => {}
    }
    match board.typed(at).filter(|_| !question.locked) {
        Some(draft) if at.column.is_none() || super::instances::has_something(draft) => {
            typed(board, at, question, draft)
        }
        _ => prefilled(board, at, question, &view),
    }
}

fn typed(board: &Board<'_>, at: At, question: &Question, draft: &DraftAnswer) -> Cell {
    let read = read(question, &board.label(at), draft, board.register);
    let figure = figure_value(&question.kind, &read.answer).is_some_and(|value| is_figure(&value));
    Cell {
        visible: true,
        exact: exact_of(question, &read.answer),
        answer: read.answer,
        note: read.note,
        problem: read.problem,
        check: read.check,
        approximate: draft.approximately && question.may_be_approximate && figure,
    }
}

/// What the returns beneath come to, else what the register says.
fn prefilled(board: &Board<'_>, at: At, question: &Question, view: &View<'_>) -> Cell {
    let from_register = || {
        let from = question.from.as_ref();
        from.map_or(Answer::Blank, |from| prefill(&question.kind, &from.eval(view)))
    };
    let Some(roll_up) = &question.roll_up else {
        let answer = from_register();
        return untyped(exact_of(question, &answer), answer);
    };
    let rolled = rolled(board, at, roll_up);
    let answer = match rolled.value.map(|value| as_answer(&question.kind, &value)) {
        None | Some(Answer::Blank) => from_register(),
        Some(answer) => answer,
    };
    let figure = figure_value(&question.kind, &answer).is_some_and(|value| is_figure(&value));
    // Where nobody owes a return beneath, a box that can be typed in is a box like any other.
    let note = (rolled.returns > 0 || question.locked).then_some(rolled.note);
    Cell {
        note,
        approximate: rolled.approximately && figure,
        ..untyped(exact_of(question, &answer), answer)
    }
}

/// The table itself: whether it is shown, and whether it has more rows than it may.
fn of_table(board: &Board<'_>, at: At) -> Cell {
    let mut cell = untyped(RuleValue::Blank, Answer::Blank);
    if let (Some(grid), Kind::Table(table)) = (board.grid(at.instance, at.question), &board.asked(at).kind)
        && let crate::form::schema::TableRows::Added { max, .. } = table.rows
        && grid.too_many
    {
        cell.problem = Some(format!(
            "{} must have no more than {max} rows. You have {}.",
            board.label(at),
            grid.rows.len()
        ));
        cell.check = READING;
    }
    cell
}

/// A funnel's stage as a share of the stage before it; the first has none.
fn share_of_stage(board: &Board<'_>, at: At, row: usize, numbers: usize) -> Cell {
    let number = |row: usize| &board.cell(at.cell(row, numbers)).answer;
    let Some(before) = row.checked_sub(1) else {
        return untyped(RuleValue::NotApplicable, Answer::NotApplicable);
    };
    let answer = match (number(row), number(before)) {
        (Answer::Given(Value::Count(of)), Answer::Given(Value::Count(per))) => {
            Answer::Given(Value::Ratio { of: *of, per: *per })
        }
        (Answer::NotApplicable, _) | (_, Answer::NotApplicable) => Answer::NotApplicable,
        (Answer::NotKnown, _) | (_, Answer::NotKnown) => Answer::NotKnown,
        _ => Answer::Blank,
    };
    untyped(exact_of(board.asked(at), &answer), answer)
}

/// Why a calculation comes to nothing: what it waits for is not known yet, or all that it reads is not applicable, or an
/// answer is missing. What is missing and makes no difference once the rest is known is not why.
fn undetermined(rule: &Rule, view: &View<'_>, seen: &Seen) -> Answer {
    let (not_known, missing) = (seen.not_known.get(), seen.missing.get());
    if not_known && (!missing || rule.eval(&view.supposing()) != RuleValue::Blank) {
        Answer::NotKnown
    } else if seen.not_applicable.get() && !not_known && !missing && !seen.given.get() {
        Answer::NotApplicable
    } else {
        Answer::Blank
    }
}

/// A calculated value as an answer, rounded as it is shown.
fn calculation(exact: &RuleValue, places: u32, percent: bool) -> Answer {
    match exact {
        RuleValue::Blank => Answer::Blank,
        RuleValue::NotApplicable => Answer::NotApplicable,
        RuleValue::Number(number) => {
            let rounded = rounded(*number, places);
            Answer::Given(if percent {
                Value::Percent(rounded)
            } else {
                Value::Number(rounded)
            })
        }
        RuleValue::Money(pence) => to_money(*pence).map_or(Answer::Blank, |money| Answer::Given(Value::Money(money))),
        RuleValue::Truth(truth) => Answer::Given(Value::YesNo(*truth)),
        RuleValue::Text(text) => Answer::Given(Value::Text(text.clone())),
        RuleValue::Date(date) => Answer::Given(Value::Date(*date)),
    }
}

/// What the register says, as an answer of this kind; blank when it says nothing that fits.
fn prefill(kind: &Kind, value: &RuleValue) -> Answer {
    let given = match (kind, value) {
        (_, RuleValue::NotApplicable) => return Answer::NotApplicable,
        (Kind::Money { .. }, RuleValue::Money(pence)) => to_money(*pence).map(Value::Money),
        (Kind::Count { .. }, RuleValue::Number(number)) => whole(*number).map(Value::Count),
        (Kind::Percent { places, .. }, RuleValue::Number(number)) => Some(Value::Percent(rounded(*number, *places))),
        (Kind::Decimal { places, .. }, RuleValue::Number(number)) => Some(Value::Number(rounded(*number, *places))),
        (Kind::Text { .. } | Kind::Narrative { .. }, RuleValue::Text(text)) if !text.is_empty() => {
            Some(Value::Text(text.clone()))
        }
        (Kind::Choice { options }, RuleValue::Text(id)) if options.iter().any(|(option, _)| option == id) => {
            Some(Value::Choice(id.clone()))
        }
        (Kind::Date, RuleValue::Date(date)) => Some(Value::Date(*date)),
        (Kind::YesNo, RuleValue::Truth(truth)) => Some(Value::YesNo(*truth)),
        _ => None,
    };
    given.map_or(Answer::Blank, Answer::Given)
}

/// A figure put together from others, as an answer of this kind; blank when it is of another.
pub(super) fn as_answer(kind: &Kind, value: &FigureValue) -> Answer {
    let number =
        |scaled: i64, places: u32| Decimal::try_from_i128_with_scale(i128::from(scaled), places).map_err(|_| ());
    let given = match (kind, *value) {
        (_, FigureValue::NotApplicable) => return Answer::NotApplicable,
        (_, FigureValue::NotKnown) => return Answer::NotKnown,
        (Kind::Money { .. }, FigureValue::Money { pence }) => Some(Value::Money(Money::pence(pence))),
        (Kind::Count { .. }, FigureValue::Count { count }) => Some(Value::Count(count)),
        (
            Kind::Percent { .. },
            FigureValue::Number {
                scaled,
                places,
                percent: true,
            },
        ) => number(scaled, places).ok().map(Value::Percent),
        (
            Kind::Decimal { .. },
            FigureValue::Number {
                scaled,
                places,
                percent: false,
            },
        ) => number(scaled, places).ok().map(Value::Number),
        (Kind::Decimal { .. }, FigureValue::Count { count }) => Some(Value::Number(Decimal::from(count))),
        (Kind::Ratio { .. }, FigureValue::Ratio { of, per, .. }) => Some(Value::Ratio { of, per }),
        (Kind::Range { .. }, FigureValue::Range { low, high }) => Some(Value::Range {
            low,
            high,
            text: super::format::figure(value),
        }),
        _ => None,
    };
    given.map_or(Answer::Blank, Answer::Given)
}

fn whole(number: Decimal) -> Option<i64> {
    let number = number.normalize();
    (number.scale() == 0)
        .then(|| i64::try_from(number.mantissa()).ok())
        .flatten()
}

/// An answer as rules read it.
fn exact_of(question: &Question, answer: &Answer) -> RuleValue {
    let value = match answer {
        // "No files" is a count of files, not an absence of one.
        Answer::Blank if matches!(question.kind, Kind::File { .. }) => {
            return RuleValue::Number(Decimal::ZERO);
        }
        Answer::Blank | Answer::NotKnown => return RuleValue::Blank,
        Answer::NotApplicable => return RuleValue::NotApplicable,
        Answer::Given(value) => value,
    };
    match value {
        Value::Text(text) | Value::Choice(text) => RuleValue::Text(text.clone()),
        Value::Contact { name, .. } => RuleValue::Text(name.clone()),
        Value::Choices(chosen) => RuleValue::Number(Decimal::from(chosen.len())),
        // A range is read by its ends, a table by its cells.
        Value::Range { .. } | Value::Table(_) => RuleValue::Blank,
        Value::Money(money) => RuleValue::Money(Decimal::from(money.in_pence())),
        Value::Count(count) => RuleValue::Number(Decimal::from(*count)),
        Value::Number(number) | Value::Percent(number) => RuleValue::Number(*number),
        Value::Ratio { of, per } => super::scope::share(Decimal::from(*of), Decimal::from(*per)),
        Value::Date(date) => RuleValue::Date(*date),
        Value::YesNo(truth) => RuleValue::Truth(*truth),
        Value::Split(rows) => RuleValue::Money(rows.iter().map(|(_, row)| Decimal::from(row.in_pence())).sum()),
        Value::Files(files) => RuleValue::Number(Decimal::from(files.len())),
    }
}
