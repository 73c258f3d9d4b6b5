//! Cuts a rule into tokens, each with its place.
//!
//! Invariant: total over any text; a rule longer than [`MAX_BYTES`] is refused before it is read.

use std::ops::Range;

use rust_decimal::Decimal;

use super::{RuleProblem, problem};

/// The longest rule, in bytes.
pub const MAX_BYTES: usize = 4_000;

/// One token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A plain number.
    Number(Decimal),
    /// An amount written with a pound sign, in pence.
    Pounds(Decimal),
    /// Text between quotes.
    Text(String),
    /// A name or a keyword.
    Word(String),
    /// A sign.
    Sign(&'static str),
    /// After the last token.
    End,
}

const SIGNS: [&str; 14] = ["<=", ">=", "!=", "<", ">", "=", "+", "-", "*", "/", "(", ")", ",", "."];

/// Signs that people write and that mean something else here, longest first.
const FOREIGN: [(&str, &str); 14] = [
    ("==", "Write `=` once."),
    ("&&", "Write `and`."),
    ("||", "Write `or`."),
    ("<>", "Write `!=`."),
    ("=>", "Write `>=`."),
    ("=<", "Write `<=`."),
    ("≤", "Write `<=`."),
    ("≥", "Write `>=`."),
    ("≠", "Write `!=`."),
    ("×", "Write `*`."),
    ("÷", "Write `/`."),
    ("−", "Write the minus sign of the keyboard: `-`."),
    ("–", "Write the minus sign of the keyboard: `-`."),
    ("%", "Write a percentage as a plain number: 29 for 29%."),
];

pub(super) fn tokens(source: &str) -> Result<Vec<(Token, Range<usize>)>, RuleProblem> {
    if source.len() > MAX_BYTES {
        return Err(problem(
            0..source.len(),
            "A rule must be 4,000 bytes or shorter.",
            "Put parts of it in calculated questions.",
        ));
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (token, length) = token(&source[at..], at)?;
        found.push((token, at..at + length));
        at += length;
    }
    found.push((Token::End, source.len()..source.len()));
    Ok(found)
}

/// The token at the start of `rest`, and its length in bytes; `at` is its place in the rule.
fn token(rest: &str, at: usize) -> Result<(Token, usize), RuleProblem> {
    let first = rest.chars().next().unwrap_or(' ');
    if first.is_ascii_digit() {
        let length = number_length(rest);
        return Ok((Token::Number(number(&rest[..length], rest, at)?), length));
    }
    if first == '£' {
        return pounds(rest, at);
    }
    if first == '"' || first == '\'' {
        let Some(end) = rest[1..].find(first) else {
            return Err(problem(at..at + rest.len(), "This text has no closing quote.", ""));
        };
        return Ok((Token::Text(rest[1..=end].to_owned()), end + 2));
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let length = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        return Ok((Token::Word(rest[..length].to_owned()), length));
    }
    if matches!(first, '“' | '”' | '‘' | '’') {
        return Err(problem(
            at..at + first.len_utf8(),
            "This is a curly quote, as a word processor makes it.",
            "Write a straight quote: ' or \".",
        ));
    }
    if let Some((wrong, help)) = FOREIGN.iter().find(|(wrong, _)| rest.starts_with(wrong)) {
        let message = format!("Rules do not know `{wrong}`.");
        return Err(problem(at..at + wrong.len(), message, *help));
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => Ok((Token::Sign(sign), sign.len())),
        None => {
            let message = format!("Rules do not know the character `{}`.", first.escape_debug());
            Err(problem(at..at + first.len_utf8(), message, ""))
        }
    }
}

/// The bytes of `rest` that belong to a number: digits, and a point with a digit after it.
fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(0);
    let decimals = match bytes.get(whole) {
        Some(b'.') => digits(whole + 1),
        _ => 0,
    };
    if decimals == 0 { whole } else { whole + 1 + decimals }
}

fn number(text: &str, rest: &str, at: usize) -> Result<Decimal, RuleProblem> {
    let after = &rest.as_bytes()[text.len()..];
    let three = after.len() >= 4 && after[1..4].iter().all(u8::is_ascii_digit);
    if after.first() == Some(&b',') && three {
        return Err(problem(
            at..at + text.len() + 4,
            "Figures in rules have no commas.",
            "Write 16486, not 16,486.",
        ));
    }
    Decimal::from_str_exact(text).map_err(|_| problem(at..at + text.len(), "This number has too many digits.", ""))
}

fn pounds(rest: &str, at: usize) -> Result<(Token, usize), RuleProblem> {
    let sign = '£'.len_utf8();
    let length = number_length(&rest[sign..]);
    let span = at..at + sign + length;
    if length == 0 {
        return Err(problem(
            span,
            "An amount must follow the pound sign.",
            "For example £100 or £99.50.",
        ));
    }
    let amount = number(&rest[sign..sign + length], &rest[sign..], at + sign)?;
    if amount.normalize().scale() > 2 {
        return Err(problem(
            span,
            "An amount must have no more than two decimal places.",
            "",
        ));
    }
    match amount.checked_mul(Decimal::ONE_HUNDRED) {
        Some(pence) => Ok((Token::Pounds(pence), sign + length)),
        None => Err(problem(span, "This amount is too large.", "")),
    }
}
