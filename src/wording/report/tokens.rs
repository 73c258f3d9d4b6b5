//! The words of a template's tags.
//!
//! Invariant: total over any text, and in proportion to it.

use super::Argument;

/// A word, a text in quotation marks (without them), digits, or a sign.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Text(String),
    Number(String),
    Sign(char),
}

/// A token, and the byte of the template that it begins on; of a text, its first letter.
pub(super) type Placed = (Token, usize);

/// Whether tokens begin with this sign.
pub(super) fn begins(tokens: &[Placed], sign: char) -> bool {
    matches!(tokens.first(), Some((Token::Sign(first), _)) if *first == sign)
}

/// What stands between the commas until the bracket closes.
pub(super) fn arguments(tokens: &[Placed]) -> Vec<&[Placed]> {
    let mut found = Vec::new();
    let (mut depth, mut from) = (0_usize, 0);
    for (number, (token, _)) in tokens.iter().enumerate() {
        match token {
            Token::Sign('(' | '[') => depth += 1,
            Token::Sign(')') if depth == 0 => {
                found.push(&tokens[from..number]);
                break;
            }
            Token::Sign(')' | ']') => depth = depth.saturating_sub(1),
            Token::Sign(',') if depth == 0 => {
                found.push(&tokens[from..number]);
                from = number + 1;
            }
            _ => {}
        }
    }
    found.retain(|part| !part.is_empty());
    found
}

/// The value that stands there, unless it is worked out.
pub(super) fn literal(tokens: &[Placed]) -> Option<Argument> {
    match tokens {
        [(Token::Text(text), _)] => Some(Argument::Text(text.clone())),
        [(Token::Number(digits), _)] => digits.parse().ok().map(Argument::Number),
        [(Token::Name(word), _)] => match word.as_str() {
            "true" | "True" => Some(Argument::Flag(true)),
            "false" | "False" => Some(Argument::Flag(false)),
            _ => None,
        },
        [(Token::Sign('['), _), inner @ .., (Token::Sign(']'), _)] => {
            let mut items = Vec::new();
            for part in inner.split(|(token, _)| *token == Token::Sign(',')) {
                match part {
                    [] => {}
                    [(Token::Sign(_), _), ..] => return None,
                    part => items.push(literal(part)?),
                }
            }
            Some(Argument::List(items))
        }
        _ => None,
    }
}

/// A text in quotation marks, and its length with them.
pub(super) fn quoted(rest: &str, quote: char) -> (String, usize) {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, letter)) => text.push(letter),
                None => {}
            },
            letter if letter == quote => return (text, at + 1),
            letter => text.push(letter),
        }
    }
    (text, rest.len())
}
