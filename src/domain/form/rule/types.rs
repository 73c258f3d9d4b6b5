//! Gives every part of a rule its type and every name its meaning.
//!
//! Invariant: collects all that is wrong; a part whose fault is already reported raises no second problem.

use std::ops::Range;

use super::eval::Expr;
use super::syntax::{Node, NodeKind, Operator};
use super::{Name, Names, RuleProblem, RuleType, RuleValue, Where, problem};

/// A checked rule.
pub(super) struct Typed {
    pub kind: RuleType,
    pub reads: Vec<Name>,
    pub sections: Vec<String>,
    pub expr: Expr,
}

/// A part's type; [`Ty::Faulty`] agrees with everything, so that one fault is reported once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ty {
    Known(RuleType),
    /// The word `blank`.
    Blank,
    Faulty,
}

pub(super) const NUMBER: Ty = Ty::Known(RuleType::Number);
pub(super) const MONEY: Ty = Ty::Known(RuleType::Money);
pub(super) const TRUTH: Ty = Ty::Known(RuleType::Truth);

impl Ty {
    pub fn words(self) -> &'static str {
        match self {
            Self::Known(kind) => kind.words(),
            Self::Blank | Self::Faulty => "blank",
        }
    }

    /// Whether it may stand where `wanted` is wanted.
    pub fn fits(self, wanted: Self) -> bool {
        self == wanted || matches!(self, Self::Blank | Self::Faulty)
    }

    pub fn is_figure(self) -> bool {
        self.fits(NUMBER) || self == MONEY
    }
}

pub(super) type Checked = (Ty, Expr);

/// Checks a whole rule.
pub(super) fn check<'a>(node: &Node, names: &'a Names, place: Where<'a>) -> Result<Typed, Vec<RuleProblem>> {
    let mut checker = Checker {
        names,
        place,
        row: None,
        reads: Vec::new(),
        sections: Vec::new(),
        problems: Vec::new(),
        tainted: false,
    };
    let (ty, expr) = checker.node(node);
    if ty == Ty::Blank {
        checker.report(node.span.clone(), "This rule is always blank.", "");
    }
    let Checker {
        reads,
        sections,
        problems,
        tainted,
        ..
    } = checker;
    match ty {
        Ty::Known(kind) if problems.is_empty() && !tainted => Ok(Typed {
            kind,
            reads,
            sections,
            expr,
        }),
        _ => Err(problems),
    }
}

pub(super) struct Checker<'a> {
    pub names: &'a Names,
    pub place: Where<'a>,
    /// What is gone through, inside `sum` and its like.
    pub row: Option<Where<'a>>,
    reads: Vec<Name>,
    pub sections: Vec<String>,
    problems: Vec<RuleProblem>,
    /// A name was read whose own fault is reported elsewhere.
    pub tainted: bool,
}

impl Checker<'_> {
    pub fn report(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(problem(span, message, help));
    }

    /// Reports, and gives the type that raises no second problem.
    pub fn refuse(&mut self, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Checked {
        self.report(span, message, help);
        (Ty::Faulty, Expr::Value(RuleValue::Blank))
    }

    /// Notes a name as read.
    pub fn read(&mut self, name: Name, kind: RuleType, in_row: bool) -> Checked {
        if !self.reads.contains(&name) {
            self.reads.push(name.clone());
        }
        (Ty::Known(kind), Expr::Read { name, kind, in_row })
    }

    /// A part that must be of one type.
    pub fn wanted(&mut self, node: &Node, wanted: Ty) -> Expr {
        let (ty, expr) = self.node(node);
        if !ty.fits(wanted) {
            let message = format!("This must be {}, and is {}.", wanted.words(), ty.words());
            self.report(node.span.clone(), message, "");
        }
        expr
    }

    /// A part that must be a number or pounds.
    pub fn figure(&mut self, node: &Node) -> Checked {
        let (ty, expr) = self.node(node);
        if ty.is_figure() {
            return (ty, expr);
        }
        let message = format!("This must be a number or pounds, and is {}.", ty.words());
        let help = if ty == Ty::Known(RuleType::Date) {
            "Dates are only compared. `period.days` says how many days the period has."
        } else {
            ""
        };
        self.refuse(node.span.clone(), message, help)
    }

    pub fn node(&mut self, node: &Node) -> Checked {
        match &node.kind {
            NodeKind::Number(number) => (NUMBER, Expr::Value(RuleValue::Number(*number))),
            NodeKind::Pounds(pence) => (MONEY, Expr::Value(RuleValue::Money(*pence))),
            NodeKind::Text(text) => (Ty::Known(RuleType::Text), Expr::Value(RuleValue::Text(text.clone()))),
            NodeKind::Truth(yes) => (TRUTH, Expr::Value(RuleValue::Truth(*yes))),
            NodeKind::Blank => (Ty::Blank, Expr::Value(RuleValue::Blank)),
            NodeKind::Path(path) => self.path(path),
            NodeKind::Negate(inner) => {
                let (ty, expr) = self.figure(inner);
                (ty, Expr::Negate(Box::new(expr)))
            }
            NodeKind::Not(inner) => (TRUTH, Expr::Not(Box::new(self.wanted(inner, TRUTH)))),
            NodeKind::Binary(operator, left, right) => self.binary(*operator, left, right, node),
            NodeKind::If(condition, yes, no) => self.condition(condition, yes, no),
            NodeKind::Call(name, span, arguments) => self.call(name, span, arguments, node),
        }
    }

    fn condition(&mut self, condition: &Node, yes: &Node, no: &Node) -> Checked {
        let condition = self.wanted(condition, TRUTH);
        let (yes_ty, yes) = self.node(yes);
        let (no_ty, no_expr) = self.node(no);
        let ty = match (yes_ty, no_ty) {
            (Ty::Faulty, _) | (_, Ty::Faulty) => Ty::Faulty,
            (Ty::Blank, other) => other,
            (known, other) if other.fits(known) => known,
            _ => {
                let message = format!(
                    "`then` gives {} and `else` gives {}: both must be of one kind.",
                    yes_ty.words(),
                    no_ty.words()
                );
                return self.refuse(no.span.clone(), message, "");
            }
        };
        (ty, Expr::If(Box::new(condition), Box::new(yes), Box::new(no_expr)))
    }

    fn binary(&mut self, operator: Operator, left: &Node, right: &Node, whole: &Node) -> Checked {
        match operator {
            Operator::And => {
                let sides = (self.wanted(left, TRUTH), self.wanted(right, TRUTH));
                (TRUTH, Expr::Both(Box::new(sides.0), Box::new(sides.1)))
            }
            Operator::Or => {
                let sides = (self.wanted(left, TRUTH), self.wanted(right, TRUTH));
                (TRUTH, Expr::Either(Box::new(sides.0), Box::new(sides.1)))
            }
            Operator::Plus | Operator::Minus | Operator::Times | Operator::Over => {
                self.arithmetic(operator, left, right, whole)
            }
            _ => self.comparison(operator, left, right, whole),
        }
    }

    fn arithmetic(&mut self, operator: Operator, left: &Node, right: &Node, whole: &Node) -> Checked {
        let (a, left_expr) = self.figure(left);
        let (b, right_expr) = self.figure(right);
        if operator == Operator::Over && is_nought(right) {
            return self.refuse(right.span.clone(), "A division by nought has no result.", "");
        }
        let span = whole.span.clone();
        let ty = match (a, operator, b) {
            (Ty::Faulty, ..) | (.., Ty::Faulty) => Ty::Faulty,
            (Ty::Blank, ..) | (.., Ty::Blank) => {
                return self.refuse(span, "A figure and `blank` always come to blank.", "");
            }
            (MONEY, Operator::Plus | Operator::Minus, MONEY) => MONEY,
            (MONEY, Operator::Over, MONEY) => NUMBER,
            (MONEY, Operator::Times | Operator::Over, NUMBER) => MONEY,
            (NUMBER, Operator::Times, MONEY) => MONEY,
            (NUMBER, _, NUMBER) => NUMBER,
            _ => {
                let (verb, help) = match operator {
                    Operator::Plus => ("plus", "Write amounts with a pound sign: £100."),
                    Operator::Minus => ("minus", "Write amounts with a pound sign: £100."),
                    Operator::Times => ("times", "Multiply pounds by a plain number."),
                    _ => ("divided by", "Divide pounds by pounds, or pounds by a number."),
                };
                let message = format!("{} {verb} {} has no meaning.", sentence(a.words()), b.words());
                return self.refuse(span, message, help);
            }
        };
        let (left, right) = (Box::new(left_expr), Box::new(right_expr));
        (
            ty,
            Expr::Arithmetic {
                operator,
                left,
                right,
                money: ty == MONEY,
            },
        )
    }

    fn comparison(&mut self, operator: Operator, left: &Node, right: &Node, whole: &Node) -> Checked {
        let (a, left_expr) = self.node(left);
        let (b, right_expr) = self.node(right);
        let span = whole.span.clone();
        let ordered = !matches!(operator, Operator::Equal | Operator::NotEqual);
        let text_or_truth = matches!(a, Ty::Known(RuleType::Text | RuleType::Truth));
        match (a, b) {
            (Ty::Faulty, _) | (_, Ty::Faulty) => {}
            (Ty::Blank, _) | (_, Ty::Blank) => {
                let help = "Write is_blank(…), or not is_blank(…).";
                return self.refuse(span, "A comparison with `blank` always comes to blank.", help);
            }
            _ if a != b => {
                let help = if [a, b].contains(&MONEY) && [a, b].contains(&NUMBER) {
                    "Write amounts with a pound sign: £100."
                } else {
                    ""
                };
                let message = format!("{} cannot be compared with {}.", sentence(a.words()), b.words());
                return self.refuse(span, message, help);
            }
            _ if ordered && text_or_truth => {
                let message = format!("{} has no order.", sentence(a.words()));
                return self.refuse(span, message, "Compare with = or !=.");
            }
            _ => self.known_option(left, right),
        }
        (
            TRUTH,
            Expr::Compare(operator, Box::new(left_expr), Box::new(right_expr)),
        )
    }
}

fn is_nought(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Number(figure) | NodeKind::Pounds(figure) if figure.is_zero())
}

/// With a capital at the start.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
