//! Random rules that mean something: every operator, function and kind of value, as often with no more brackets than are
//! needed as with some.
//!
//! Invariant: what is generated is well typed, so that a rule that is refused is a fault of one side or the other.

use countersign_domain::form::rule::{RuleType, Where};
use rust_decimal::Decimal;

use super::given::{OPTIONS, REPEATED, SECTIONS, WHOLE, figure, text};
use super::lots::Lots;

/// How tightly the loosest part of a text binds: from `else …`, which takes all that follows, to what stands alone.
const ELSE: u8 = 0;
const OR: u8 = 1;
const AND: u8 = 2;
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const SUM: u8 = 5;
const PRODUCT: u8 = 6;
const SIGN: u8 = 7;
const ALONE: u8 = 8;

const ALL: [RuleType; 5] = [
    RuleType::Number,
    RuleType::Money,
    RuleType::Truth,
    RuleType::Text,
    RuleType::Date,
];

/// A piece of a rule.
struct Piece {
    text: String,
    strength: u8,
    /// Begins with `not` or `if`, and so may stand to the right of anything without brackets.
    prefix: bool,
}

fn alone(text: impl Into<String>) -> Piece {
    Piece {
        text: text.into(),
        strength: ALONE,
        prefix: false,
    }
}

struct Generator<'a> {
    lots: &'a mut Lots,
    /// Whether questions of sections that repeat are in reach.
    repeated: bool,
    /// Whether the rows of a section are being gone through.
    in_row: bool,
}

/// A rule that stands at `place`.
pub fn rule(lots: &mut Lots, place: Where) -> String {
    // Text and dates are seldom worked with, and so seldom drawn.
    let kind = match lots.below(10) {
        0..=2 => RuleType::Number,
        3..=5 => RuleType::Money,
        6..=8 => RuleType::Truth,
        _ => lots.one(&ALL),
    };
    let depth = lots.below(7);
    let mut generator = Generator {
        lots,
        repeated: place == Where::Allocation,
        in_row: false,
    };
    generator.piece(kind, depth).text
}

impl Generator<'_> {
    fn piece(&mut self, kind: RuleType, depth: usize) -> Piece {
        let piece = if depth == 0 {
            self.leaf(kind)
        } else {
            self.branch(kind, depth - 1)
        };
        if self.lots.chance(6) {
            return alone(format!("({})", piece.text));
        }
        piece
    }

    fn branch(&mut self, kind: RuleType, depth: usize) -> Piece {
        if self.lots.chance(9) {
            return self.condition(kind, depth);
        }
        match kind {
            RuleType::Number | RuleType::Money => self.figure(kind, depth),
            RuleType::Truth => self.truth(depth),
            RuleType::Date if !self.in_row && self.lots.chance(40) => self.extreme(kind, depth),
            RuleType::Text | RuleType::Date => self.leaf(kind),
        }
    }

    fn figure(&mut self, kind: RuleType, depth: usize) -> Piece {
        use RuleType::{Money, Number};
        match self.lots.below(24) {
            0..=4 => self.joined(SUM, "+", kind, kind, depth),
            5..=9 => self.joined(SUM, "-", kind, kind, depth),
            10..=12 if kind == Money && self.lots.chance(50) => self.joined(PRODUCT, "*", Number, Money, depth),
            10..=12 => self.joined(PRODUCT, "*", kind, Number, depth),
            13 | 14 if kind == Number => self.joined(PRODUCT, "/", Money, Money, depth),
            13..=16 => self.joined(PRODUCT, "/", kind, Number, depth),
            17 => {
                let inner = self.piece(kind, depth);
                let inner = self.fits(inner, SIGN, true);
                Piece {
                    text: format!("-{}", inner.text),
                    strength: inner.strength.min(SIGN),
                    prefix: false,
                }
            }
            18 => alone(format!("abs({})", self.piece(kind, depth).text)),
            19 | 20 => {
                let places = self.lots.below(11);
                alone(format!("round({}, {places})", self.piece(kind, depth).text))
            }
            _ if self.in_row => self.leaf(kind),
            21 if kind == Number => self.gather("count", RuleType::Truth, depth),
            22 => self.extreme(kind, depth),
            _ => self.gather("sum", kind, depth),
        }
    }

    fn truth(&mut self, depth: usize) -> Piece {
        let truth = RuleType::Truth;
        match self.lots.below(20) {
            0..=3 => self.joined(AND, "and", truth, truth, depth),
            4..=7 => self.joined(OR, "or", truth, truth, depth),
            8 | 9 => {
                let inner = self.piece(truth, depth);
                let inner = self.fits(inner, NOT, true);
                Piece {
                    text: format!("not {}", inner.text),
                    strength: inner.strength.min(NOT),
                    prefix: true,
                }
            }
            10 => {
                let kind = self.lots.one(&ALL);
                alone(format!("is_blank({})", self.piece(kind, depth).text))
            }
            11 | 12 if !self.in_row => {
                let how = self.lots.one(&["any", "all"]);
                self.gather(how, truth, depth)
            }
            13 => self.choice(),
            14 | 15 => {
                let kind = self.lots.one(&[truth, RuleType::Text]);
                let sign = self.lots.one(&["=", "!="]);
                self.joined(COMPARISON, sign, kind, kind, depth)
            }
            _ => {
                let kind = self.lots.one(&[RuleType::Number, RuleType::Money, RuleType::Date]);
                let sign = self.lots.one(&["=", "!=", "<", "<=", ">", ">="]);
                self.joined(COMPARISON, sign, kind, kind, depth)
            }
        }
    }

    /// The choice against one of its options, on either side.
    fn choice(&mut self) -> Piece {
        let option = self.lots.one(&OPTIONS);
        let quote = self.lots.one(&["'", "\""]);
        let text = if self.lots.chance(50) {
            format!("status = {quote}{option}{quote}")
        } else {
            format!("{quote}{option}{quote} != status")
        };
        Piece {
            text,
            strength: COMPARISON,
            prefix: false,
        }
    }

    /// Two sides and what is between them.
    fn joined(&mut self, strength: u8, sign: &str, left: RuleType, right: RuleType, depth: usize) -> Piece {
        let left = self.piece(left, depth);
        let kind = right;
        let less = self.lots.below(depth + 1);
        let mut right = self.piece(kind, less);
        // A division by a nought that is written out is refused.
        while sign == "/" && is_nought(&right.text) {
            right = alone(self.literal(kind));
        }
        let left = self.fits(left, if strength == COMPARISON { SUM } else { strength }, false);
        let right = self.fits(right, strength + 1, true);
        let close = !sign.starts_with(char::is_alphabetic) && self.lots.chance(25);
        let space = if close { "" } else { " " };
        Piece {
            text: format!("{}{space}{sign}{space}{}", left.text, right.text),
            // A `not` or `if` that stands to the right without brackets reaches past the whole.
            strength: strength.min(right.strength),
            prefix: false,
        }
    }

    /// With brackets, unless it binds tightly enough without.
    fn fits(&mut self, piece: Piece, least: u8, on_the_right: bool) -> Piece {
        let bare = on_the_right && piece.prefix && self.lots.chance(50);
        if piece.strength >= least || bare {
            return piece;
        }
        alone(format!("({})", piece.text))
    }

    fn condition(&mut self, kind: RuleType, depth: usize) -> Piece {
        let condition = self.piece(RuleType::Truth, depth).text;
        let (yes, no) = (self.piece(kind, depth).text, self.piece(kind, depth).text);
        let (yes, no) = match self.lots.below(8) {
            0 => ("blank".to_owned(), no),
            1 => (yes, "blank".to_owned()),
            _ => (yes, no),
        };
        Piece {
            text: format!("if {condition} then {yes} else {no}"),
            strength: ELSE,
            prefix: true,
        }
    }

    fn extreme(&mut self, of: RuleType, depth: usize) -> Piece {
        let how = self.lots.one(&["min", "max"]);
        self.gather(how, of, depth)
    }

    fn gather(&mut self, how: &str, of: RuleType, depth: usize) -> Piece {
        let section = self.lots.one(&SECTIONS);
        if how == "count" && self.lots.chance(30) {
            return alone(format!("count({section})"));
        }
        let before = (self.in_row, self.repeated);
        (self.in_row, self.repeated) = (true, true);
        let inner = self.piece(of, depth).text;
        (self.in_row, self.repeated) = before;
        alone(format!("{how}({section}, {inner})"))
    }

    fn leaf(&mut self, kind: RuleType) -> Piece {
        // A date cannot be written out, only named.
        if kind != RuleType::Date && self.lots.chance(35) {
            return alone(self.literal(kind));
        }
        let known: Vec<&str> = WHOLE
            .iter()
            .chain(REPEATED.iter().filter(|_| self.repeated))
            // The choice is compared with its own options alone.
            .filter(|(id, of)| *of == kind && *id != "status")
            .map(|(id, _)| *id)
            .collect();
        alone(self.lots.one(&known))
    }

    fn literal(&mut self, kind: RuleType) -> String {
        match kind {
            RuleType::Truth => (self.lots.one(&["true", "false"])).to_owned(),
            RuleType::Text | RuleType::Date => {
                let text = text(self.lots);
                let quote = if text.contains('\'') || self.lots.chance(50) {
                    '"'
                } else {
                    '\''
                };
                format!("{quote}{text}{quote}")
            }
            RuleType::Money => {
                let pence = Decimal::new(self.lots.below(5_000_000) as i64, 2);
                let pounds = if self.lots.chance(60) { pence.trunc() } else { pence };
                format!("£{pounds}")
            }
            RuleType::Number => figure(self.lots).abs().to_string(),
        }
    }
}

fn is_nought(text: &str) -> bool {
    let bare = text.trim_matches(['(', ')', '£']);
    bare.parse::<Decimal>().is_ok_and(|figure| figure.is_zero())
}
