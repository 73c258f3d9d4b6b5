//! Puts the tokens of a rule together.
//!
//! Invariant: the tree is never deeper than [`MAX_DEPTH`] nestings and [`MAX_OPERATORS`] operators, so that whatever
//! walks it by recursion cannot exhaust the stack.

use std::ops::Range;

use rust_decimal::Decimal;

use super::lexer::{Token, tokens};
use super::{RuleProblem, problem};

/// The deepest nesting of brackets, functions and conditions.
pub const MAX_DEPTH: u32 = 48;
/// The most operators in one rule.
pub const MAX_OPERATORS: u32 = 200;

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Plus,
    Minus,
    Times,
    Over,
}

impl Operator {
    fn of(token: &Token) -> Option<Self> {
        Some(match token {
            Token::Word(word) if word == "or" => Self::Or,
            Token::Word(word) if word == "and" => Self::And,
            Token::Sign(sign) => match *sign {
                "=" => Self::Equal,
                "!=" => Self::NotEqual,
                "<" => Self::Less,
                "<=" => Self::AtMost,
                ">" => Self::Greater,
                ">=" => Self::AtLeast,
                "+" => Self::Plus,
                "-" => Self::Minus,
                "*" => Self::Times,
                "/" => Self::Over,
                _ => return None,
            },
            _ => return None,
        })
    }

    /// How tightly it binds; `not` stands between `and` and the comparisons, a sign before a value above all.
    fn strength(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Plus | Self::Minus => 5,
            Self::Times | Self::Over => 6,
            _ => COMPARISON,
        }
    }
}

const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const SIGN: u8 = 7;

/// A piece of a rule, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub kind: NodeKind,
    pub span: Range<usize>,
}

/// What a piece is.
#[derive(Debug, Clone)]
pub(super) enum NodeKind {
    Number(Decimal),
    Pounds(Decimal),
    Text(String),
    Truth(bool),
    Blank,
    /// A name, with fields after dots.
    Path(Vec<(String, Range<usize>)>),
    Negate(Box<Node>),
    Not(Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
    Call(String, Range<usize>, Vec<Node>),
}

/// Reads a whole rule.
pub(super) fn parse(source: &str) -> Result<Node, RuleProblem> {
    let mut parser = Parser {
        tokens: tokens(source)?,
        at: 0,
        depth: 0,
        operators: 0,
    };
    if *parser.peek() == Token::End {
        return Err(problem(0..source.len(), "Enter a rule: this one is empty.", ""));
    }
    let node = parser.expression(0)?;
    match parser.next() {
        (Token::End, _) => Ok(node),
        (token, span) => Err(unexpected(&token, span)),
    }
}

fn unexpected(token: &Token, span: Range<usize>) -> RuleProblem {
    match token {
        Token::End => problem(span, "The rule ends too soon.", ""),
        Token::Sign(sign) => problem(span, format!("`{sign}` cannot stand here."), ""),
        Token::Word(word) => problem(
            span,
            format!("`{word}` cannot stand here."),
            "Put an operator (+ - * / = and or …) between two values.",
        ),
        _ => problem(
            span,
            "A value cannot stand here.",
            "Put an operator (+ - * / = and or …) between two values.",
        ),
    }
}

struct Parser {
    tokens: Vec<(Token, Range<usize>)>,
    at: usize,
    depth: u32,
    operators: u32,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    fn here(&self) -> Range<usize> {
        self.tokens[self.at].1.clone()
    }

    /// The token here; the end is never passed.
    fn next(&mut self) -> (Token, Range<usize>) {
        let token = self.tokens[self.at].clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn takes(&mut self, wanted: &str) -> bool {
        let here = match self.peek() {
            Token::Sign(sign) => *sign == wanted,
            Token::Word(word) => word == wanted,
            _ => false,
        };
        if here {
            self.next();
        }
        here
    }

    fn expect(&mut self, wanted: &str) -> Result<(), RuleProblem> {
        let span = self.here();
        if self.takes(wanted) {
            return Ok(());
        }
        Err(problem(span, format!("Expected `{wanted}` here."), ""))
    }

    fn counted(&mut self) -> Result<(), RuleProblem> {
        self.operators += 1;
        if self.operators > MAX_OPERATORS {
            return Err(problem(
                self.here(),
                "A rule must have 200 operators or fewer.",
                "Put parts of it in calculated questions.",
            ));
        }
        Ok(())
    }

    fn expression(&mut self, least: u8) -> Result<Node, RuleProblem> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(problem(
                self.here(),
                "A rule must not be nested more than 48 deep.",
                "Put parts of it in calculated questions.",
            ));
        }
        let mut left = self.value()?;
        while let Some(operator) = Operator::of(self.peek()) {
            let strength = operator.strength();
            if strength < least {
                break;
            }
            self.counted()?;
            self.next();
            let right = self.expression(strength + 1)?;
            let again = Operator::of(self.peek()).map(Operator::strength);
            if strength == COMPARISON && again == Some(COMPARISON) {
                return Err(problem(
                    self.here(),
                    "Comparisons cannot follow one another.",
                    "Write `a < b and b < c`.",
                ));
            }
            let span = left.span.start..right.span.end;
            let kind = NodeKind::Binary(operator, Box::new(left), Box::new(right));
            left = Node { kind, span };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn value(&mut self) -> Result<Node, RuleProblem> {
        let (token, span) = self.next();
        let kind = match token {
            Token::Number(number) => NodeKind::Number(number),
            Token::Pounds(pence) => NodeKind::Pounds(pence),
            Token::Text(text) => NodeKind::Text(text),
            Token::Sign("-") => {
                self.counted()?;
                let inner = self.expression(SIGN)?;
                let span = span.start..inner.span.end;
                return Ok(Node {
                    kind: NodeKind::Negate(Box::new(inner)),
                    span,
                });
            }
            Token::Sign("(") => {
                let inner = self.expression(0)?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Word(word) => return self.word(word, span),
            Token::End | Token::Sign(_) => return Err(unexpected(&token, span)),
        };
        Ok(Node { kind, span })
    }

    fn word(&mut self, word: String, span: Range<usize>) -> Result<Node, RuleProblem> {
        let kind = match word.as_str() {
            "true" => NodeKind::Truth(true),
            "false" => NodeKind::Truth(false),
            "blank" => NodeKind::Blank,
            "not" => {
                self.counted()?;
                let inner = self.expression(NOT)?;
                let span = span.start..inner.span.end;
                return Ok(Node {
                    kind: NodeKind::Not(Box::new(inner)),
                    span,
                });
            }
            "if" => return self.condition(span),
            "and" | "or" | "then" | "else" => return Err(unexpected(&Token::Word(word), span)),
            _ if self.takes("(") => return self.call(word, span),
            _ => return self.path(word, span),
        };
        Ok(Node { kind, span })
    }

    fn condition(&mut self, span: Range<usize>) -> Result<Node, RuleProblem> {
        self.counted()?;
        let condition = self.expression(0)?;
        self.expect("then")?;
        let yes = self.expression(0)?;
        self.expect("else")?;
        let no = self.expression(0)?;
        let span = span.start..no.span.end;
        let kind = NodeKind::If(Box::new(condition), Box::new(yes), Box::new(no));
        Ok(Node { kind, span })
    }

    fn call(&mut self, name: String, span: Range<usize>) -> Result<Node, RuleProblem> {
        self.counted()?;
        let mut arguments = Vec::new();
        if !self.takes(")") {
            arguments.push(self.expression(0)?);
            while self.takes(",") {
                arguments.push(self.expression(0)?);
            }
            self.expect(")")?;
        }
        let end = self.tokens[self.at.saturating_sub(1)].1.end.max(span.end);
        let kind = NodeKind::Call(name, span.clone(), arguments);
        Ok(Node {
            kind,
            span: span.start..end,
        })
    }

    fn path(&mut self, first: String, span: Range<usize>) -> Result<Node, RuleProblem> {
        let mut end = span.end;
        let start = span.start;
        let mut path = vec![(first, span)];
        while self.takes(".") {
            match self.next() {
                (Token::Word(word), span) => {
                    end = span.end;
                    path.push((word, span));
                }
                (_, span) => return Err(problem(span, "Expected a name after the dot.", "")),
            }
        }
        Ok(Node {
            kind: NodeKind::Path(path),
            span: start..end,
        })
    }
}
