//! Turns a GOV.UK Frontend Nunjucks template into a minijinja one.
//!
//! Upstream writes its components in Nunjucks, whose expressions are nearly JavaScript's. The text of a template is
//! left alone, character for character; only what stands between `{%` and `%}` or `{{` and `}}` is respelt. The build
//! script and `tests/components.rs` share this file, and the test renders every fixture that upstream ships, so a new
//! release that uses something this does not know fails there.

mod read;

use read::{Piece, Token, join, keyword, next_word, piece_keyword, split, words};
use std::collections::BTreeSet;

/// The minijinja spelling of a Nunjucks template.
///
/// Imports are dropped: every component is a global function here.
///
/// # Errors
/// When a `{{`, `{%` or `{#` is never closed.
pub fn transform(source: &str) -> Result<String, String> {
    let mut pieces = split(source)?;
    let mut respelt = Vec::with_capacity(pieces.len());
    for piece in pieces.drain(..) {
        respelt.push(match piece {
            Piece::Code {
                statement,
                open,
                tokens,
                close,
            } => respell(statement, open, tokens, close),
            text => text,
        });
    }
    Ok(join(carry_loop_assignments(respelt)))
}

/// Respells one statement or expression.
fn respell(statement: bool, open: String, tokens: Vec<Token>, close: String) -> Piece {
    if statement && keyword(&tokens) == Some("from") {
        // The whitespace marks stay, since what stands around an import depends on them.
        let (left, right) = (&open[2..], &close[..close.len() - 2]);
        return Piece::Text(format!("{{#{left} {right}#}}"));
    }
    let pairs = statement && keyword(&tokens) == Some("for") && has_two_names(&tokens);
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut brackets: Vec<String> = Vec::new();
    let mut skip_to = 0;
    for (at, token) in tokens.iter().enumerate() {
        if at < skip_to {
            continue;
        }
        let next = next_word(&tokens, at);
        match token {
            Token::Name(name) => match name.as_str() {
                "elseif" => out.push(Token::Name("elif".to_owned())),
                "null" => out.push(Token::Name("none".to_owned())),
                // Within braces a bare name before a colon is a key.
                _ if brackets.last().is_some_and(|b| b == "{") && next.is_some_and(|(_, t)| t.is(":")) => {
                    out.push(Token::Other(format!("\"{name}\"")));
                }
                _ => out.push(token.clone()),
            },
            Token::Other(text) => {
                match text.as_str() {
                    "{" | "(" | "[" => brackets.push(text.clone()),
                    "}" | ")" | "]" => drop(brackets.pop()),
                    _ => {}
                }
                match (text.as_str(), next) {
                    ("===" | "!==", Some((index, word))) if word.is("undefined") => {
                        let test = if text == "===" { "is undefined" } else { "is defined" };
                        out.push(Token::Other(test.to_owned()));
                        skip_to = index + 1;
                    }
                    ("===", _) => out.push(Token::Other("==".to_owned())),
                    ("!==", _) => out.push(Token::Other("!=".to_owned())),
                    // JavaScript's + joins text whatever is on either side; nothing here adds numbers.
                    ("+", _) => out.push(Token::Other("~".to_owned())),
                    (".", Some((index, word))) if word.is("length") => {
                        out.push(Token::Other("|length".to_owned()));
                        skip_to = index + 1;
                    }
                    _ => out.push(token.clone()),
                }
            }
            Token::Space(_) => out.push(token.clone()),
        }
    }
    if pairs {
        out.push(Token::Other("|items ".to_owned()));
    }
    Piece::Code {
        statement,
        open,
        tokens: out,
        close,
    }
}

/// Whether a loop is `for key, value in …`, which Nunjucks reads as the pairs of an object.
fn has_two_names(tokens: &[Token]) -> bool {
    words(tokens).nth(2).is_some_and(|token| token.is(","))
}

/// The name that a `set` assigns.
fn assigned(piece: &Piece) -> Option<&str> {
    match piece {
        Piece::Code {
            statement: true,
            tokens,
            ..
        } if keyword(tokens) == Some("set") => words(tokens).nth(1).map(Token::text),
        _ => None,
    }
}

/// A loop in Nunjucks may assign to a name that was set before it; in minijinja that assignment ends with the turn.
/// Such a name is carried through the loop in a namespace of its own.
fn carry_loop_assignments(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out = Vec::with_capacity(pieces.len());
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut at = 0;
    while at < pieces.len() {
        let piece = &pieces[at];
        if piece_keyword(piece) != Some("for") {
            known.extend(assigned(piece).map(str::to_owned));
            out.push(piece.clone());
            at += 1;
            continue;
        }
        let end = end_of_loop(&pieces, at);
        let carried: BTreeSet<String> = pieces[at..end]
            .iter()
            .filter_map(assigned)
            .filter(|name| known.contains(*name))
            .map(str::to_owned)
            .collect();
        for name in &carried {
            out.push(Piece::Text(format!(
                "{{%- set {name}_kept = namespace(value={name}) -%}}"
            )));
        }
        out.extend(pieces[at..end].iter().map(|inner| rename(inner, &carried)));
        for name in &carried {
            out.push(Piece::Text(format!("{{%- set {name} = {name}_kept.value -%}}")));
        }
        at = end;
    }
    out
}

/// The index after the `endfor` that closes the loop at `start`.
fn end_of_loop(pieces: &[Piece], start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, piece) in pieces.iter().enumerate().skip(start) {
        match piece_keyword(piece) {
            Some("for") => depth += 1,
            Some("endfor") => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    pieces.len()
}

/// Names the kept value instead of the name, but for attributes of the same name.
fn rename(piece: &Piece, carried: &BTreeSet<String>) -> Piece {
    let Piece::Code {
        statement,
        open,
        tokens,
        close,
    } = piece
    else {
        return piece.clone();
    };
    let mut after_dot = false;
    let tokens = tokens
        .iter()
        .map(|token| {
            let renamed = match token {
                Token::Name(name) if carried.contains(name) && !after_dot => Token::Name(format!("{name}_kept.value")),
                other => other.clone(),
            };
            after_dot = token.is(".");
            renamed
        })
        .collect();
    Piece::Code {
        statement: *statement,
        open: open.clone(),
        tokens,
        close: close.clone(),
    }
}
