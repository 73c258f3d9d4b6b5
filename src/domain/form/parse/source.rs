//! The TOML of a form file: its syntax errors in plain words.
//!
//! Invariant: a document comes out only when the whole file was read without a syntax error.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeTable;

use super::reader::Reader;
use super::text::clamp;

/// More errors of syntax than this help nobody: the first is usually the cause.
const MOST_ERRORS: usize = 20;

pub(crate) fn document<'a>(source: &'a str, reader: &mut Reader) -> Option<Spanned<DeTable<'a>>> {
    let (document, errors) = DeTable::parse_recoverable(source);
    if errors.is_empty() {
        return Some(document);
    }
    let curly = curly_quotes(source);
    say_curly(source, &curly, reader);
    let mut lines: Vec<Range<usize>> = Vec::new();
    for error in errors {
        if lines.len() == MOST_ERRORS {
            break;
        }
        let span = clamp(source, error.span().unwrap_or(0..0));
        let on = |line: &Range<usize>| (line.start..=line.end).contains(&span.start);
        // Those of a line with curly quotes come of them.
        let after = curly.partition_point(|(line, _)| line.end < span.start);
        if curly.get(after).is_some_and(|(line, _)| on(line)) {
            continue;
        }
        // One error of a line is said; finding a line's ends takes time, and there may be an error for each byte.
        if lines.iter().any(on) {
            continue;
        }
        lines.push(around(source, &span));
        let (message, help) = plain(error.message());
        reader.error(span, message, help);
    }
    None
}

/// The line of the file that the span begins in.
fn around(source: &str, span: &Range<usize>) -> Range<usize> {
    let start = source[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let end = source[span.start..]
        .find('\n')
        .map_or(source.len(), |at| span.start + at);
    start..end
}

/// The lines on which a word processor's quotes stand outside of text and notes, where they were meant to be straight; and
/// the place of the first on each.
fn curly_quotes(source: &str) -> Vec<(Range<usize>, usize)> {
    let mut found: Vec<(Range<usize>, usize)> = Vec::new();
    let mut at = 0;
    while let Some(letter) = source[at..].chars().next() {
        let rest = &source[at..];
        at += match letter {
            '“' | '”' | '‘' | '’' => {
                if found.last().is_none_or(|(line, _)| line.end < at) {
                    found.push((around(source, &(at..at)), at));
                }
                letter.len_utf8()
            }
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => quoted(rest, letter),
            _ => letter.len_utf8(),
        };
    }
    found
}

/// The length of a text in straight quotes; a text on one line ends with the line at the latest.
fn quoted(rest: &str, quote: char) -> usize {
    let three = [quote; 3].iter().collect::<String>();
    let many = rest.starts_with(&three);
    let (opening, end) = if many { (3, three.as_str()) } else { (1, &three[..1]) };
    let mut at = opening;
    while let Some(letter) = rest[at..].chars().next() {
        if rest[at..].starts_with(end) {
            return at + opening;
        }
        if letter == '\n' && !many {
            return at;
        }
        at += letter.len_utf8();
        if letter == '\\' && quote == '"' {
            at += rest[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    at
}

/// Says of all of them at once.
fn say_curly(source: &str, curly: &[(Range<usize>, usize)], reader: &mut Reader) {
    let Some((_, first)) = curly.first() else {
        return;
    };
    let mut numbers: Vec<String> = Vec::new();
    let (mut line, mut seen) = (1, 0);
    for (_, place) in curly.iter().take(MOST_ERRORS) {
        line += source[seen..*place].matches('\n').count();
        seen = *place;
        numbers.push(line.to_string());
    }
    if curly.len() > MOST_ERRORS {
        numbers.push(format!("{} more", curly.len() - MOST_ERRORS));
    }
    let on = match numbers.as_slice() {
        [most @ .., last] if !most.is_empty() => format!("lines {} and {last}", most.join(", ")),
        numbers => format!("line {}", numbers.concat()),
    };
    let length = source[*first..].chars().next().map_or(0, char::len_utf8);
    let message = format!("A word processor has put its curly quotes here: on {on}.");
    let help = "Use a plain text editor, and put text in straight quotation marks: \"…\".";
    reader.error(*first..first + length, message, help);
}

fn plain(message: &str) -> (String, String) {
    let (message, help) = match message {
        "duplicate key" => ("This key is given twice.", "Keep one of them."),
        "string values must be quoted, expected literal string" => {
            ("Text must be in quotation marks.", "Write key = \"text\".")
        }
        "key with no value, expected `=`" => ("A key must be followed by = and a value.", "Write key = \"text\"."),
        "invalid basic string, expected `\"`" => ("This text has no closing quotation mark.", ""),
        "recursion limit" | "cannot recurse further; max recursion depth met" => ("This is nested too deep.", ""),
        _ => return (format!("This is not TOML: {message}."), String::new()),
    };
    (message.to_owned(), help.to_owned())
}
