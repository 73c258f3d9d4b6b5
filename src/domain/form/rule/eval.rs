//! Works out a rule.
//!
//! Invariant: total. Nothing here can panic or loop; an overflow, or a scope that gives a value of another type than the
//! name's, is blank.

use std::cmp::Ordering;

use rust_decimal::{Decimal, RoundingStrategy};

use super::syntax::Operator;
use super::{Name, RuleType, RuleValue, Scope};

/// A typed rule.
#[derive(Debug, Clone)]
pub(super) enum Expr {
    /// As written.
    Value(RuleValue),
    /// A name; from the row of the section that is gone through, or from the rule's own place.
    Read {
        name: Name,
        kind: RuleType,
        in_row: bool,
    },
    Negate(Box<Expr>),
    Not(Box<Expr>),
    Both(Box<Expr>, Box<Expr>),
    Either(Box<Expr>, Box<Expr>),
    /// `+ - * /`; whether it comes to money.
    Arithmetic {
        operator: Operator,
        left: Box<Expr>,
        right: Box<Expr>,
        money: bool,
    },
    Compare(Operator, Box<Expr>, Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Over the rows of a section.
    Gather {
        how: Gather,
        section: String,
        of: Option<Box<Expr>>,
        money: bool,
    },
    Abs(Box<Expr>),
    /// To so many places; of pounds, when it is money.
    Round(Box<Expr>, u32),
    IsBlank(Box<Expr>),
}

/// What to do with the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gather {
    Sum,
    Count,
    Min,
    Max,
    Any,
    All,
}

/// The value; `row` is the row being gone through, inside `sum` and its like.
pub(super) fn eval(expr: &Expr, scope: &dyn Scope, row: Option<&dyn Scope>) -> RuleValue {
    let of = |inner: &Expr| eval(inner, scope, row);
    match expr {
        Expr::Value(value) => value.clone(),
        Expr::Read { name, kind, in_row } => {
            let place = row.filter(|_| *in_row).unwrap_or(scope);
            expected(place.value(name), *kind)
        }
        Expr::Negate(inner) => figure(of(inner), |amount| Some(-amount)),
        Expr::Abs(inner) => figure(of(inner), |amount| Some(amount.abs())),
        Expr::Round(inner, places) => round(of(inner), *places),
        Expr::IsBlank(inner) => RuleValue::Truth(of(inner) == RuleValue::Blank),
        Expr::Not(inner) => truth(truth_of(&of(inner)).map(|yes| !yes)),
        Expr::Both(left, right) => truth(settled_by(false, [left, right].map(|side| truth_of(&of(side))))),
        Expr::Either(left, right) => truth(settled_by(true, [left, right].map(|side| truth_of(&of(side))))),
        Expr::Arithmetic {
            operator,
            left,
            right,
            money,
        } => arithmetic(*operator, &of(left), &of(right), *money),
        Expr::Compare(operator, left, right) => truth(compare(*operator, &of(left), &of(right))),
        Expr::If(condition, yes, no) => match truth_of(&of(condition)) {
            Some(true) => of(yes),
            Some(false) => of(no),
            None => RuleValue::Blank,
        },
        Expr::Gather {
            how,
            section,
            of,
            money,
        } => gather(*how, section, of.as_deref(), *money, scope),
    }
}

/// The value, when it is of the type that its name has.
fn expected(value: RuleValue, kind: RuleType) -> RuleValue {
    let fits = match &value {
        RuleValue::Blank | RuleValue::NotApplicable => true,
        RuleValue::Number(_) => kind == RuleType::Number,
        RuleValue::Money(_) => kind == RuleType::Money,
        RuleValue::Truth(_) => kind == RuleType::Truth,
        RuleValue::Text(_) => kind == RuleType::Text,
        RuleValue::Date(_) => kind == RuleType::Date,
    };
    if fits { value } else { RuleValue::Blank }
}

fn truth(value: Option<bool>) -> RuleValue {
    value.map_or(RuleValue::Blank, RuleValue::Truth)
}

fn truth_of(value: &RuleValue) -> Option<bool> {
    match value {
        RuleValue::Truth(yes) => Some(*yes),
        _ => None,
    }
}

/// One value equal to `decisive` settles it, whatever is blank; otherwise a blank leaves it open.
fn settled_by(decisive: bool, values: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut open = false;
    for value in values {
        match value {
            Some(value) if value == decisive => return Some(decisive),
            Some(_) => {}
            None => open = true,
        }
    }
    (!open).then_some(!decisive)
}

fn amount(value: &RuleValue) -> Option<Decimal> {
    match value {
        RuleValue::Number(amount) | RuleValue::Money(amount) => Some(*amount),
        _ => None,
    }
}

/// The value with its figure changed; blank and not applicable stay as they are.
fn figure(value: RuleValue, change: impl Fn(Decimal) -> Option<Decimal>) -> RuleValue {
    match value {
        RuleValue::Number(amount) => wrap(change(amount), false),
        RuleValue::Money(amount) => wrap(change(amount), true),
        RuleValue::NotApplicable => RuleValue::NotApplicable,
        _ => RuleValue::Blank,
    }
}

/// Half away from nought, as the field rounds.
fn round(value: RuleValue, places: u32) -> RuleValue {
    let to =
        |amount: Decimal, places: u32| amount.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    match value {
        // Places are counted in pounds, while the value is pence.
        RuleValue::Money(_) if places == 0 => figure(value, |pence| nearest(pence, Decimal::from(50))),
        RuleValue::Money(_) if places == 1 => figure(value, |pence| nearest(pence, Decimal::from(5))),
        RuleValue::Money(_) => figure(value, |pence| Some(to(pence, places - 2))),
        other => figure(other, |number| Some(to(number, places))),
    }
}

/// The nearest multiple of twice `half`, a half away from nought. Nothing is divided: that could round before this does.
fn nearest(amount: Decimal, half: Decimal) -> Option<Decimal> {
    let (whole, unit) = (amount.trunc(), half + half);
    let below = whole.checked_sub(whole.checked_rem(unit)?)?;
    if amount.checked_sub(below)?.abs() < half {
        return Some(below);
    }
    below.checked_add(if amount.is_sign_negative() { -unit } else { unit })
}

fn arithmetic(operator: Operator, left: &RuleValue, right: &RuleValue, money: bool) -> RuleValue {
    use RuleValue::{Blank, NotApplicable};
    if *left == Blank || *right == Blank {
        return Blank;
    }
    if *left == NotApplicable || *right == NotApplicable {
        return NotApplicable;
    }
    let (Some(a), Some(b)) = (amount(left), amount(right)) else {
        return Blank;
    };
    let result = match operator {
        Operator::Plus => a.checked_add(b),
        Operator::Minus => a.checked_sub(b),
        Operator::Times => a.checked_mul(b),
        _ if b.is_zero() => return NotApplicable,
        _ => a.checked_div(b),
    };
    wrap(result, money)
}

fn wrap(amount: Option<Decimal>, money: bool) -> RuleValue {
    // Nought has no sign: people would read "-0".
    match amount.map(|amount| if amount.is_zero() { amount.abs() } else { amount }) {
        None => RuleValue::Blank,
        Some(amount) if money => RuleValue::Money(amount),
        Some(amount) => RuleValue::Number(amount),
    }
}

fn order(left: &RuleValue, right: &RuleValue) -> Option<Ordering> {
    match (left, right) {
        (RuleValue::Number(a), RuleValue::Number(b)) | (RuleValue::Money(a), RuleValue::Money(b)) => Some(a.cmp(b)),
        (RuleValue::Text(a), RuleValue::Text(b)) => Some(a.cmp(b)),
        (RuleValue::Truth(a), RuleValue::Truth(b)) => Some(a.cmp(b)),
        (RuleValue::Date(a), RuleValue::Date(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn compare(operator: Operator, left: &RuleValue, right: &RuleValue) -> Option<bool> {
    let order = order(left, right)?;
    match operator {
        Operator::Equal => Some(order.is_eq()),
        Operator::NotEqual => Some(order.is_ne()),
        Operator::Less => Some(order.is_lt()),
        Operator::AtMost => Some(order.is_le()),
        Operator::Greater => Some(order.is_gt()),
        Operator::AtLeast => Some(order.is_ge()),
        _ => None,
    }
}

/// Rows that are not applicable are left out; a blank row leaves the whole undetermined.
fn gather(how: Gather, section: &str, of: Option<&Expr>, money: bool, scope: &dyn Scope) -> RuleValue {
    let rows = scope.rows(section);
    let Some(of) = of else {
        return RuleValue::Number(Decimal::from(rows.len()));
    };
    let any_rows = !rows.is_empty();
    let values: Vec<RuleValue> = rows
        .iter()
        .map(|row| eval(of, scope, Some(row.as_ref())))
        .filter(|value| *value != RuleValue::NotApplicable)
        .collect();
    match how {
        Gather::Any => truth(settled_by(true, values.iter().map(truth_of))),
        Gather::All => truth(settled_by(false, values.iter().map(truth_of))),
        Gather::Count => match values.iter().map(truth_of).collect::<Option<Vec<bool>>>() {
            Some(truths) => RuleValue::Number(Decimal::from(truths.iter().filter(|yes| **yes).count())),
            None => RuleValue::Blank,
        },
        Gather::Sum if values.is_empty() && any_rows => RuleValue::NotApplicable,
        Gather::Sum => {
            let total = values
                .iter()
                .try_fold(Decimal::ZERO, |total, value| total.checked_add(amount(value)?));
            wrap(total, money)
        }
        Gather::Min => extreme(values, Ordering::Less),
        Gather::Max => extreme(values, Ordering::Greater),
    }
}

/// The smallest or the largest; over nobody it is not applicable.
fn extreme(values: Vec<RuleValue>, wanted: Ordering) -> RuleValue {
    if values.contains(&RuleValue::Blank) {
        return RuleValue::Blank;
    }
    let chosen = values.into_iter().reduce(|best, value| {
        if order(&value, &best) == Some(wanted) {
            value
        } else {
            best
        }
    });
    chosen.unwrap_or(RuleValue::NotApplicable)
}
