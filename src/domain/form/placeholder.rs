//! `{…}` in titles, labels and messages.
//!
//! Invariant: what is between the pieces is exactly what was written; `{{` and `}}` are plain braces.

use std::ops::Range;

/// A piece of a text with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Plain text, double braces made single.
    Plain(String),
    /// What stands between braces, and its bytes in the text.
    Code(String, Range<usize>),
}

/// Cuts a text into its pieces; an error names the brace that has no partner.
pub fn pieces(text: &str) -> Result<Vec<Piece>, Range<usize>> {
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if rest.starts_with("{{") || rest.starts_with("}}") {
            plain.push(first);
            at += 2;
        } else if first == '{' {
            let end = rest.find('}').ok_or(at..at + 1)?;
            if !plain.is_empty() {
                found.push(Piece::Plain(std::mem::take(&mut plain)));
            }
            found.push(Piece::Code(rest[1..end].to_owned(), at + 1..at + end));
            at += end + 1;
        } else if first == '}' {
            return Err(at..at + 1);
        } else {
            plain.push(first);
            at += first.len_utf8();
        }
    }
    if !plain.is_empty() {
        found.push(Piece::Plain(plain));
    }
    Ok(found)
}

/// The text with each placeholder replaced by what `value` gives for it. A text that `form::parse` has passed always
/// has its braces in pairs; any other is given back as it is.
pub fn fill(text: &str, mut value: impl FnMut(&str) -> String) -> String {
    let Ok(pieces) = pieces(text) else {
        return text.to_owned();
    };
    pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(plain) => plain,
            Piece::Code(code, _) => value(code.trim()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{fill, pieces};

    #[test]
    fn fills_in_and_keeps_plain_braces() {
        let filled = fill("A {x} of {{y}} é{ z }", |name| name.to_uppercase());
        assert_eq!(filled, "A X of {y} éZ");
        assert_eq!(fill("plain", |_| String::new()), "plain");
        assert_eq!(pieces("a } b"), Err(2..3));
        assert_eq!(pieces("é {b"), Err(3..4));
    }
}
