//! Comparisons that come out the same whatever is answered, such as a count below nought.
//!
//! Invariant: says so only of what is certain; a rule that cannot be told is not foregone.

use std::ops::Range;

use rust_decimal::Decimal;

use super::syntax::{self, Node, NodeKind as Kind, Operator};
use super::{Names, Where};

/// A part of a rule that always comes out the same, when it comes out at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foregone {
    /// Bytes of the rule's text.
    pub span: Range<usize>,
    /// How it comes out.
    pub always: bool,
    /// Whether it is the whole rule.
    pub whole: bool,
}

/// The comparisons of a rule that are settled before anything is answered.
pub fn foregone(source: &str, names: &Names, place: Where<'_>) -> Vec<Foregone> {
    let Ok(node) = syntax::parse(source) else {
        return Vec::new();
    };
    let mut search = Search {
        names,
        place,
        found: Vec::new(),
    };
    let settled = search.settled(&node);
    if let Some(always) = settled {
        return vec![Foregone {
            span: node.span.clone(),
            always,
            whole: true,
        }];
    }
    search.found
}

struct Search<'a> {
    names: &'a Names,
    place: Where<'a>,
    found: Vec<Foregone>,
}

impl Search<'_> {
    /// How a part comes out, where that is certain; notes the comparisons in it that are.
    fn settled(&mut self, node: &Node) -> Option<bool> {
        match &node.kind {
            Kind::Truth(yes) => Some(*yes),
            Kind::Not(inner) => self.settled(inner).map(|yes| !yes),
            Kind::Binary(operator @ (Operator::And | Operator::Or), left, right) => {
                let decisive = *operator == Operator::Or;
                let sides = [self.settled(left), self.settled(right)];
                if sides.contains(&Some(decisive)) {
                    return Some(decisive);
                }
                (sides == [Some(!decisive); 2]).then_some(!decisive)
            }
            Kind::Binary(operator, left, right) => {
                let always = self.compared(*operator, left, right)?;
                self.found.push(Foregone {
                    span: node.span.clone(),
                    always,
                    whole: false,
                });
                Some(always)
            }
            _ => None,
        }
    }

    fn compared(&self, operator: Operator, left: &Node, right: &Node) -> Option<bool> {
        if same(left, right) && !matches!(left.kind, Kind::Blank) {
            return match operator {
                Operator::Equal | Operator::AtMost | Operator::AtLeast => Some(true),
                Operator::NotEqual | Operator::Less | Operator::Greater => Some(false),
                _ => None,
            };
        }
        match (constant(left), constant(right)) {
            (Some(a), Some(b)) => ordered(operator, a, b),
            (None, Some(bound)) if self.not_negative(left) => against(operator, bound),
            (Some(bound), None) if self.not_negative(right) => against(turned(operator), bound),
            _ => None,
        }
    }

    /// Whether this is never below nought.
    fn not_negative(&self, node: &Node) -> bool {
        let known = match &node.kind {
            Kind::Path(path) => match path.as_slice() {
                [(id, _)] => self.column(id).or_else(|| self.names.questions.get(id)),
                [(id, _), (field, _)] => {
                    let of = self.column(id).or_else(|| self.names.questions.get(id));
                    return of.is_some_and(|known| {
                        (known.ratio && ["of", "per"].contains(&field.as_str()))
                            || (known.range && ["low", "high"].contains(&field.as_str()))
                    });
                }
                _ => None,
            },
            Kind::Call(function, _, _) => return matches!(function.as_str(), "count" | "abs"),
            _ => None,
        };
        known.is_some_and(|known| known.not_negative)
    }

    fn column(&self, id: &str) -> Option<&super::Known> {
        match self.place {
            Where::Table(table) => self.names.tables.get(table)?.columns.get(id),
            _ => None,
        }
    }
}

/// A figure as written, whatever its unit: both sides are of one unit, or the rule is refused for that.
fn constant(node: &Node) -> Option<Decimal> {
    match &node.kind {
        Kind::Number(number) => Some(*number),
        Kind::Pounds(pence) => Some(*pence),
        Kind::Negate(inner) => constant(inner).map(|figure| -figure),
        _ => None,
    }
}

fn ordered(operator: Operator, a: Decimal, b: Decimal) -> Option<bool> {
    Some(match operator {
        Operator::Equal => a == b,
        Operator::NotEqual => a != b,
        Operator::Less => a < b,
        Operator::AtMost => a <= b,
        Operator::Greater => a > b,
        Operator::AtLeast => a >= b,
        _ => return None,
    })
}

/// A figure that is never below nought, against a bound.
fn against(operator: Operator, bound: Decimal) -> Option<bool> {
    let below = bound < Decimal::ZERO;
    match operator {
        Operator::Less if bound <= Decimal::ZERO => Some(false),
        Operator::AtLeast if bound <= Decimal::ZERO => Some(true),
        Operator::AtMost | Operator::Equal if below => Some(false),
        Operator::Greater | Operator::NotEqual if below => Some(true),
        _ => None,
    }
}

/// The operator with its sides changed over.
fn turned(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::Greater,
        Operator::AtMost => Operator::AtLeast,
        Operator::Greater => Operator::Less,
        Operator::AtLeast => Operator::AtMost,
        other => other,
    }
}

/// Whether two parts are written alike, spaces aside.
fn same(a: &Node, b: &Node) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Number(a), Kind::Number(b)) | (Kind::Pounds(a), Kind::Pounds(b)) => a == b,
        (Kind::Text(a), Kind::Text(b)) => a == b,
        (Kind::Truth(a), Kind::Truth(b)) => a == b,
        (Kind::Blank, Kind::Blank) => true,
        (Kind::Path(a), Kind::Path(b)) => a.iter().map(|(word, _)| word).eq(b.iter().map(|(word, _)| word)),
        (Kind::Negate(a), Kind::Negate(b)) | (Kind::Not(a), Kind::Not(b)) => same(a, b),
        (Kind::Binary(x, a, b), Kind::Binary(y, c, d)) => x == y && same(a, c) && same(b, d),
        (Kind::If(a, b, c), Kind::If(x, y, z)) => same(a, x) && same(b, y) && same(c, z),
        (Kind::Call(f, _, a), Kind::Call(g, _, b)) => {
            f == g && a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        _ => false,
    }
}
