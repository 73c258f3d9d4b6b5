//! Strings of a form file: where they and their pieces stand, and how words are named in messages.
//!
//! Invariant: a place lies within the file and between its characters.

use std::ops::Range;

/// A string of the file, and where it stands, its quotes included.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub value: String,
    pub span: Range<usize>,
}

impl Text {
    /// Where bytes of the value stand in the file; the whole string when that cannot be told.
    pub fn place(&self, source: &str, inner: &Range<usize>) -> Range<usize> {
        let raw = &source[self.span.clone()];
        let found = match raw.find(self.value.as_str()) {
            Some(start) => Some(start + inner.start..start + inner.end),
            None => {
                escaped(raw, &self.value).and_then(|places| Some(*places.get(inner.start)?..*places.get(inner.end)?))
            }
        };
        found.map_or(self.span.clone(), |found| {
            clamp(source, self.span.start + found.start..self.span.start + found.end)
        })
    }
}

/// For each byte of the value, and its end, the place in the raw text of a string with escapes.
fn escaped(raw: &str, value: &str) -> Option<Vec<usize>> {
    let quote = if raw.starts_with("\"\"\"") { 3 } else { 1 };
    let mut at = quote;
    if quote == 3 {
        let rest = raw.get(at..)?;
        let first = rest.strip_prefix("\r\n").or(rest.strip_prefix('\n')).unwrap_or(rest);
        at += rest.len() - first.len();
    }
    let mut places = Vec::with_capacity(value.len() + 1);
    for letter in value.chars() {
        let mut rest = raw.get(at..)?;
        // A backslash at the end of a line swallows the line's end and the space after it.
        while rest.starts_with('\\') && rest[1..].trim_start_matches([' ', '\t']).starts_with(['\r', '\n']) {
            let kept = rest[1..].trim_start();
            at += rest.len() - kept.len();
            rest = kept;
        }
        places.extend(std::iter::repeat_n(at, letter.len_utf8()));
        at += match rest.as_bytes() {
            [b'\\', b'u', ..] => 6,
            [b'\\', b'U', ..] => 10,
            [b'\\', b'x', ..] => 4,
            [b'\\', ..] => 2,
            [b'\r', b'\n', ..] if letter == '\n' => 2,
            _ if rest.starts_with(letter) => letter.len_utf8(),
            _ => return None,
        };
    }
    places.push(at);
    Some(places)
}

/// The span made to lie within the text and between characters.
pub(super) fn clamp(source: &str, span: Range<usize>) -> Range<usize> {
    let floor = |at: usize| source.floor_char_boundary(at.min(source.len()));
    let start = floor(span.start);
    start..floor(span.end).max(start)
}

/// "`a`, `b` or `c`".
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
