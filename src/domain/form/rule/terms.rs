//! Rules that only add and take off: of which figures, so that whoever is told the result and the parts is told an equation.
//!
//! Invariant: a rule that has terms is their sum, whatever they come to; one that does anything else has none.

use super::eval::{Expr, Gather};
use super::syntax::Operator;
use super::{Name, Rule, RuleValue};

/// A figure that a rule adds or takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term<'r> {
    /// The figure.
    pub name: &'r Name,
    /// The section or table over whose rows it is added up, where it is.
    pub gathered: Option<&'r str>,
    /// Whether it is taken off.
    pub taken: bool,
}

impl Rule {
    /// The figures that it adds and takes off; none when it does anything else with them. Where it asks whether a figure
    /// is blank, `is_blank` says so; where that does not know, there is no telling which way the rule goes.
    pub fn terms(&self, is_blank: &dyn Fn(&Name) -> Option<bool>) -> Option<Vec<Term<'_>>> {
        let mut terms = Vec::new();
        add(&self.expr, None, false, is_blank, &mut terms)?;
        Some(terms)
    }
}

fn add<'r>(
    expr: &'r Expr,
    gathered: Option<&'r str>,
    taken: bool,
    is_blank: &dyn Fn(&Name) -> Option<bool>,
    terms: &mut Vec<Term<'r>>,
) -> Option<()> {
    match expr {
        // Over rows, a figure that is read from elsewhere would be added as often as there are rows.
        Expr::Read { in_row, .. } if gathered.is_some() && !in_row => return None,
        Expr::Read { name, .. } => terms.push(Term { name, gathered, taken }),
        Expr::Value(RuleValue::Number(number)) if number.is_zero() => {}
        Expr::Negate(inner) => add(inner, gathered, !taken, is_blank, terms)?,
        Expr::Arithmetic {
            operator, left, right, ..
        } => {
            let right_taken = match operator {
                Operator::Plus => taken,
                Operator::Minus => !taken,
                _ => return None,
            };
            add(left, gathered, taken, is_blank, terms)?;
            add(right, gathered, right_taken, is_blank, terms)?;
        }
        Expr::If(condition, yes, no) if gathered.is_none() => {
            let way = if goes(condition, is_blank)? { yes } else { no };
            add(way, gathered, taken, is_blank, terms)?;
        }
        Expr::Gather {
            how: Gather::Sum,
            section,
            of: Some(of),
            ..
        } if gathered.is_none() => add(of, Some(section), taken, is_blank, terms)?,
        _ => return None,
    }
    Some(())
}

/// Whether a condition holds that asks for nothing but blanks.
fn goes(condition: &Expr, is_blank: &dyn Fn(&Name) -> Option<bool>) -> Option<bool> {
    match condition {
        Expr::IsBlank(inner) => match inner.as_ref() {
            Expr::Read { name, .. } => is_blank(name),
            _ => None,
        },
        Expr::Not(inner) => goes(inner, is_blank).map(|yes| !yes),
        _ => None,
    }
}
