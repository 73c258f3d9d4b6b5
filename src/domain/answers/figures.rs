//! The figures of a return, one for each measure and subject.
//!
//! Invariant: a figure is what was answered or calculated, exactly, or says why there is none; a hidden answer is no
//! figure, and a ratio over nobody is not applicable.

use rust_decimal::Decimal;

use super::board::Board;
use super::types::{Answer, Figure, FigureValue, Value};
use crate::form::rule::RuleValue;
use crate::form::schema::{Kind, Measure, OwedBy, Target, Than};
use crate::money::Money;

/// The figure for what a grant and what was carried forward have left when the allocations are taken off.
pub const UNALLOCATED: &str = "~unallocated";

/// What canonical JSON can carry as a number (RFC 8785: no more than a double holds exactly).
const MOST: i64 = (1 << 53) - 1;

/// The figures in the order of the form: for each section's instance its questions, then its measures.
pub(super) fn figures(board: &Board<'_>) -> Vec<Figure> {
    let mut out = Vec::new();
    for (at, instance) in board.instances.iter().enumerate() {
        let section = &board.form.sections[instance.section];
        let allocation = instance.allocation.map(|a| board.register.allocations[a].key.clone());
        for (q, question) in section.questions.iter().enumerate() {
            let cell = &board.cells[at][q];
            if let (true, Some(value)) = (cell.visible, figure_value(&question.kind, &cell.answer)) {
                out.push(Figure {
                    measure: question.id.clone(),
                    allocation: allocation.clone(),
                    row: None,
                    value,
                    approximately: cell.approximate,
                });
            }
        }
        for measure in board
            .form
            .measures
            .iter()
            .filter(|measure| measure.section == section.id)
        {
            out.extend(measured(board, at, measure, allocation.clone()));
        }
    }
    if let Some(pence) = unallocated(board).filter(|left| !left.is_negative()) {
        out.push(Figure {
            measure: UNALLOCATED.to_owned(),
            allocation: None,
            row: None,
            value: FigureValue::Money {
                pence: pence.in_pence(),
            },
            approximately: false,
        });
    }
    out
}

/// What is left to allocate, negative when too much was; only of a return that is owed for a whole grant.
pub(super) fn unallocated(board: &Board<'_>) -> Option<Money> {
    if board.form.owed_by != OwedBy::Grant {
        return None;
    }
    available(board)?.checked_sub(board.allocated?)
}

/// The grant and what was carried forward.
pub(super) fn available(board: &Board<'_>) -> Option<Money> {
    board
        .register
        .grant
        .amount
        .checked_add(board.register.grant.carried_forward)
}

/// A measure of one instance; none when both of its questions are hidden there.
fn measured(board: &Board<'_>, at: usize, measure: &Measure, allocation: Option<String>) -> Option<Figure> {
    let view = board.view(at);
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
        allocation,
        row: None,
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
            let places = if let Kind::Ratio { places, .. } = kind {
                *places
            } else {
                0
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
