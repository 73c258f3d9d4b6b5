//! The figures of a return, one for each measure and subject.
//!
//! Invariant: a figure is what was answered or calculated, exactly, or says why there is none; a hidden answer is no
//! figure, and a ratio over nobody is not applicable.

use rust_decimal::Decimal;

use super::board::{At, Board};
use super::order::columns_of;
use super::planned::{parts_left, planned};
use super::previous::{keys, measure_at};
use super::scope::View;
use super::types::{Answer, Figure, FigureValue, Register, Value};
use crate::form::rule::RuleValue;
use crate::form::schema::{Kind, Measure, OwedBy, Section, Target, Than};
use crate::money::Money;

/// The figure for what a grant and what was carried forward have left when the allocations are taken off.
pub const UNALLOCATED: &str = "~unallocated";

/// The figure for what the budget lines leave of an allocation, or the parts of what a plan proposes.
pub const UNASSIGNED: &str = "~unassigned";

/// What canonical JSON can carry as a number (RFC 8785: no more than a double holds exactly).
const MOST: i64 = (1 << 53) - 1;

/// The figures in the order of the form: for each section's instance its questions and the cells of its tables, then its
/// measures; last what is left to allocate.
pub(super) fn figures(board: &Board<'_>) -> Vec<Figure> {
    let mut out: Vec<Figure> = (0..board.len()).flat_map(|at| figures_in(board, at)).collect();
    out.extend(left(board));
    out
}

/// The figures of one instance.
pub(super) fn figures_in(board: &Board<'_>, instance: usize) -> Vec<Figure> {
    let section = &board.form.sections[board.instance(instance).section];
    let mut out = Vec::new();
    for (q, question) in section.questions.iter().enumerate() {
        let rows = board.grid(instance, q).map_or(0, |grid| grid.rows.len());
        let at = At::question(instance, q);
        out.extend(figure_at(board, at));
        for row in 0..rows {
            out.extend((0..columns_of(question).len()).filter_map(|column| figure_at(board, at.cell(row, column))));
        }
        out.extend(unassigned(board, at));
    }
    let measures = board.form.measures.iter();
    for measure in measures.filter(|measure| measure.section == section.id) {
        out.extend(measured_in(board, instance, section, measure));
    }
    out
}

fn figure_at(board: &Board<'_>, at: At) -> Option<Figure> {
    let cell = board.cell(at);
    let value = figure_value(&board.asked(at).kind, &cell.answer).filter(|_| cell.visible)?;
    let (allocation, row) = keys(board, at);
    Some(Figure {
        measure: measure_at(board, at),
        allocation,
        row,
        value,
        approximately: cell.approximate,
    })
}

/// What the lines of an allocation, or the parts of a row, leave of it.
fn unassigned(board: &Board<'_>, at: At) -> Option<Figure> {
    let (allocation, row) = keys(board, at);
    let left = parts_left(board, at).filter(|left| *left >= Money::ZERO)?;
    Some(Figure {
        measure: UNASSIGNED.to_owned(),
        allocation,
        row,
        value: pence(Some(left)),
        approximately: false,
    })
}

/// What is left to allocate, where that is not less than nought.
pub(super) fn left(board: &Board<'_>) -> Option<Figure> {
    let left = unallocated(board).filter(|left| !left.is_negative())?;
    Some(Figure {
        measure: UNALLOCATED.to_owned(),
        allocation: None,
        row: None,
        value: pence(Some(left)),
        approximately: false,
    })
}

/// What is left to allocate, negative when too much was; only of a return that is owed for a whole grant. Where the
/// return proposes the allocations, they are what it proposes.
pub(super) fn unallocated(board: &Board<'_>) -> Option<Money> {
    if board.form.owed_by != OwedBy::Grant {
        return None;
    }
    let allocated = match planned(board) {
        Some(planned) => planned?,
        None => board.state.allocated?,
    };
    available(board.register)?.checked_sub(allocated)
}

/// The grant and what was carried forward.
pub(super) fn available(register: &Register) -> Option<Money> {
    register.grant.amount.checked_add(register.grant.carried_forward)
}

/// A measure of one instance, or of each row of its table there.
fn measured_in(board: &Board<'_>, instance: usize, section: &Section, measure: &Measure) -> Vec<Figure> {
    let Some(table) = &measure.table else {
        let keys = keys(board, At::question(instance, 0));
        return measured(&board.view(instance), measure, keys).into_iter().collect();
    };
    let Some(question) = section.questions.iter().position(|question| question.id == *table) else {
        return Vec::new();
    };
    let rows = board.grid(instance, question).map_or(0, |grid| grid.rows.len());
    (0..rows)
        .filter_map(|row| {
            let keys = keys(board, At::question(instance, question).row(row));
            measured(&board.view_in_row(instance, question, row), measure, keys)
        })
        .collect()
}

/// A measure seen from one place; none when both of its questions are hidden there.
fn measured(view: &View<'_>, measure: &Measure, keys: (Option<String>, Option<String>)) -> Option<Figure> {
    let (of, per) = (view.cell(&measure.of), view.cell(&measure.per));
    if of.is_none() && per.is_none() {
        return None;
    }
    let answers = [of, per].map(|cell| cell.map_or(&Answer::Blank, |cell| &cell.answer));
    let value = if answers.contains(&&Answer::Blank) {
        FigureValue::Blank
    } else if answers.contains(&&Answer::NotKnown) {
        FigureValue::NotKnown
    } else {
        match view.parts(measure) {
            (RuleValue::Number(of), RuleValue::Number(per)) | (RuleValue::Money(of), RuleValue::Money(per)) => {
                ratio(of, per, measure.places)
            }
            _ => FigureValue::NotApplicable,
        }
    };
    let flagged = [of, per].into_iter().flatten().any(|cell| cell.approximate);
    Some(Figure {
        measure: measure.id.clone(),
        allocation: keys.0,
        row: keys.1,
        value,
        approximately: flagged && is_figure(&value),
    })
}

fn ratio(of: Decimal, per: Decimal, places: u32) -> FigureValue {
    let whole = |number: Decimal| {
        let number = super::format::rounded(number, 0);
        i64::try_from(number.mantissa())
            .ok()
            .filter(|number| number.abs() <= MOST)
    };
    match (whole(of), whole(per)) {
        (Some(_), Some(0)) => FigureValue::NotApplicable,
        (Some(of), Some(per)) => FigureValue::Ratio { of, per, places },
        _ => FigureValue::Blank,
    }
}

/// The figure of an answer; none when its question is not one for a figure.
pub(super) fn figure_value(kind: &Kind, answer: &Answer) -> Option<FigureValue> {
    let quantity = match kind {
        Kind::Money { .. }
        | Kind::Count { .. }
        | Kind::Percent { .. }
        | Kind::Decimal { .. }
        | Kind::Range { .. }
        | Kind::Ratio { .. }
        | Kind::Split { .. } => true,
        Kind::Calculated { value, .. } => {
            use crate::form::rule::RuleType;
            matches!(value.kind(), RuleType::Number | RuleType::Money)
        }
        Kind::Text { .. }
        | Kind::Narrative { .. }
        | Kind::Date
        | Kind::YesNo
        | Kind::Choice { .. }
        | Kind::Choices { .. }
        | Kind::Priority { .. }
        | Kind::Contact
        | Kind::Table(_)
        | Kind::File { .. }
        | Kind::Declaration { .. } => false,
    };
    if !quantity {
        return None;
    }
    Some(match answer {
        Answer::Blank => FigureValue::Blank,
        Answer::NotKnown => FigureValue::NotKnown,
        Answer::NotApplicable => FigureValue::NotApplicable,
        Answer::Given(value) => value_of(kind, value),
    })
}

fn value_of(kind: &Kind, value: &Value) -> FigureValue {
    let number = |number: &Decimal, percent| {
        i64::try_from(number.mantissa())
            .ok()
            .filter(|scaled| scaled.abs() <= MOST)
            .map_or(FigureValue::Blank, |scaled| FigureValue::Number {
                scaled,
                places: number.scale(),
                percent,
            })
    };
    match value {
        Value::Money(money) => pence(Some(*money)),
        Value::Count(count) => FigureValue::Count { count: *count },
        Value::Number(value) => number(value, false),
        Value::Percent(value) => number(value, true),
        Value::Ratio { per: 0, .. } => FigureValue::NotApplicable,
        Value::Ratio { of, per } => {
            let places = match kind {
                Kind::Ratio { places, .. } | Kind::Calculated { places, .. } => *places,
                _ => 0,
            };
            FigureValue::Ratio {
                of: *of,
                per: *per,
                places,
            }
        }
        Value::Split(rows) => pence(Money::checked_sum(rows.iter().map(|(_, amount)| *amount))),
        Value::Range { low, high, .. } => FigureValue::Range { low: *low, high: *high },
        Value::Text(_)
        | Value::Date(_)
        | Value::YesNo(_)
        | Value::Choice(_)
        | Value::Choices(_)
        | Value::Contact { .. }
        | Value::Table(_)
        | Value::Files(_) => FigureValue::Blank,
    }
}

fn pence(amount: Option<Money>) -> FigureValue {
    amount
        .map(Money::in_pence)
        .filter(|pence| pence.abs() <= MOST)
        .map_or(FigureValue::Blank, |pence| FigureValue::Money { pence })
}

/// Whether there is a number, and not a reason why there is none.
pub(super) fn is_figure(value: &FigureValue) -> bool {
    match value {
        FigureValue::Money { .. }
        | FigureValue::Count { .. }
        | FigureValue::Number { .. }
        | FigureValue::Range { .. }
        | FigureValue::Ratio { .. } => true,
        FigureValue::NotApplicable | FigureValue::NotKnown | FigureValue::Blank => false,
    }
}

/// Whether a figure reaches its target, in the figure's own unit: pounds, a count, a percentage. A ratio is compared
/// exactly, not as rounded. None when there is no figure.
#[must_use]
pub fn target_reached(target: &Target, value: &FigureValue) -> Option<bool> {
    let (figure, goal) = match *value {
        FigureValue::Money { pence } => (Decimal::new(pence, 2), target.value),
        FigureValue::Count { count } => (Decimal::from(count), target.value),
        FigureValue::Number { scaled, places, .. } => (
            Decimal::try_from_i128_with_scale(i128::from(scaled), places).ok()?,
            target.value,
        ),
        FigureValue::Ratio { per: 0, .. } => return None,
        FigureValue::Ratio { of, per, .. } => {
            let sign = Decimal::from(per.signum());
            let of = Decimal::from(of).checked_mul(Decimal::ONE_HUNDRED)?.checked_mul(sign)?;
            (of, target.value.checked_mul(Decimal::from(per.abs()))?)
        }
        FigureValue::Range { .. } | FigureValue::NotApplicable | FigureValue::NotKnown | FigureValue::Blank => {
            return None;
        }
    };
    Some(match target.than {
        Than::AtLeast => figure >= goal,
        Than::AtMost => figure <= goal,
        Than::Below => figure < goal,
        Than::Above => figure > goal,
        Than::Exactly => figure == goal,
    })
}
