//! What a commissioner writes: Markdown in which `((spent))` is a figure.
//!
//! Invariant: nothing else in it is read. A figure is named by its id between two pairs of brackets that stand together in
//! one line of text; everything that is wrong is told at once, with its place in the text.

use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::{Block, Raw, Told};
use countersign_domain::form::rule::nearest;
use countersign_domain::places::Places;
use countersign_domain::report::{At, NamedFigure, Report};

use super::markdown::{self, Piece, hidden, plain};
use super::{Problem, in_order, with_help};

/// The most words of one text.
pub const MAX_WORDS: usize = 20_000;
/// The most characters of one text.
pub const MAX_CHARACTERS: usize = 200_000;
/// So much of what was typed is said back.
const SAID: usize = 60;

/// Works out a figure, or says why it cannot be.
pub(super) type Figure<'f> = &'f mut dyn FnMut(&NamedFigure) -> Result<Raw, String>;

/// What is wrong with a text before it is kept: figures that there are not, brackets that are not closed, too many words,
/// characters that cannot be shown. Lines and columns are those of the text.
pub fn check_prose(report: &Report, text: &str) -> Vec<Problem> {
    written(report, text, &mut |_| Ok(nothing())).1
}

/// A figure in whose place another will stand.
pub(super) fn nothing() -> Raw {
    Raw {
        told: Told::Value(FigureValue::Count { count: 0 }),
        approximately: false,
        provisional: false,
        restated: false,
        over_money: false,
        people: None,
        from: None,
    }
}

/// A text as blocks, and what is wrong with it. Its headings stand beneath those of the report.
pub(super) fn written(report: &Report, text: &str, figure: Figure<'_>) -> (Vec<Block<Raw>>, Vec<Problem>) {
    let problems = beyond(text);
    if !problems.is_empty() {
        return (Vec::new(), problems);
    }
    let text = hidden(text);
    let places = Places::new(&text);
    let at = |byte: usize| {
        let place = places.at(byte);
        At {
            line: place.line,
            column: place.column,
        }
    };
    let mut problems = Vec::new();
    let mut fill = |words: &str, place: &dyn Fn(usize) -> usize| {
        let mut pieces = Vec::new();
        for part in parts(words) {
            match part {
                Part::Words(words) => pieces.push(Piece::Text(plain(words))),
                Part::Open(from) => problems.push(Problem::new(at(place(from)), OPEN)),
                Part::Named(id, from) => match named(report, &plain(id), figure) {
                    Ok(raw) => pieces.push(Piece::Figure(Box::new(raw), place(from))),
                    Err(message) => problems.push(Problem::new(at(place(from)), message)),
                },
            }
        }
        pieces
    };
    let level = |typed: u8| if typed < 3 { 3 } else { 4 };
    let (blocks, faults) = markdown::blocks(&text, level, &mut fill);
    for fault in faults {
        if let markdown::Fault::InHeading(byte) = fault {
            problems.push(Problem::new(at(byte), IN_HEADING));
        }
    }
    (blocks, in_order(problems))
}

const OPEN: &str =
    "The two brackets (( begin a figure and are not closed in this line. Write ((spent)), or one bracket alone.";
pub(super) const IN_HEADING: &str =
    "A figure cannot stand in a heading: it may have to be held back. Put it into the text beneath.";

fn named(report: &Report, id: &str, figure: Figure<'_>) -> Result<Raw, String> {
    match report.figure(id) {
        Some(known) => figure(known),
        None => {
            let said: String = id.chars().take(SAID).collect();
            let known = || report.figures.iter().map(|figure| figure.id.as_str());
            let help = match nearest(id, known()) {
                Some(near) => format!("Did you mean (({near}))?"),
                None if report.figures.is_empty() => "This report has no figures that a text could name.".to_owned(),
                None => {
                    let first: Vec<String> = known().take(8).map(|id| format!("(({id}))")).collect();
                    let more = if report.figures.len() > first.len() {
                        " and others"
                    } else {
                        ""
                    };
                    format!("There are {}{more}.", first.join(", "))
                }
            };
            Err(with_help(&format!("There is no figure (({said}))."), &help))
        }
    }
}

/// What keeps a text from being read at all.
fn beyond(text: &str) -> Vec<Problem> {
    let start = At { line: 1, column: 1 };
    let mut problems = Vec::new();
    let characters = text.chars().count();
    if characters > MAX_CHARACTERS {
        let message = format!("This text has {characters} characters, and may have {MAX_CHARACTERS}. Make it shorter.");
        return vec![Problem::new(start, message)];
    }
    let words = text.split_whitespace().count();
    if words > MAX_WORDS {
        let message = format!("This text has {words} words, and may have {MAX_WORDS}. Make it shorter.");
        problems.push(Problem::new(start, message));
    }
    let refused = |c: char| (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || c >= '\u{100000}';
    if let Some(byte) = text.find(refused) {
        let place = Places::new(text).at(byte);
        let at = At {
            line: place.line,
            column: place.column,
        };
        problems.push(Problem::new(
            at,
            "A character stands here that cannot be shown. Delete it and type the word again.",
        ));
    }
    problems
}

/// A part of a text that stands together.
#[derive(Debug, PartialEq)]
enum Part<'t> {
    Words(&'t str),
    /// What stands between the brackets, and where they begin.
    Named(&'t str, usize),
    /// Brackets that are not closed.
    Open(usize),
}

/// Cuts a text at its figures. Of three brackets or more the last two begin one.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut looked = 0;
    while let Some(first) = text[looked..].find("((").map(|at| looked + at) {
        let brackets = text[first..].bytes().take_while(|byte| *byte == b'(').count();
        let open = first + brackets - 2;
        let inside = open + 2;
        let close = text[inside..].find("))").map(|at| inside + at);
        let next = text[inside..].find("((").map(|at| inside + at);
        match close {
            Some(close) if next.is_none_or(|next| next > close) => {
                if from < open {
                    found.push(Part::Words(&text[from..open]));
                }
                found.push(Part::Named(text[inside..close].trim(), open));
                (from, looked) = (close + 2, close + 2);
            }
            Some(_) => {
                found.push(Part::Open(open));
                looked = inside;
            }
            None => {
                found.push(Part::Open(open));
                break;
            }
        }
    }
    if from < text.len() {
        found.push(Part::Words(&text[from..]));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::Part::{Named, Open, Words};
    use super::parts;

    #[test]
    fn a_figure_stands_between_two_pairs_of_brackets() {
        assert_eq!(parts("a ((b)) c"), [Words("a "), Named("b", 2), Words(" c")]);
        assert_eq!(parts("(((b)))"), [Words("("), Named("b", 1), Words(")")]);
        assert_eq!(parts("(( b ))((c))"), [Named("b", 0), Named("c", 7)]);
        assert_eq!(parts("(a) ( (b) )"), [Words("(a) ( (b) )")]);
        assert_eq!(parts("((())"), [Words("("), Named("", 1)]);
    }

    #[test]
    fn brackets_that_are_not_closed_are_told() {
        assert_eq!(parts("a ((b"), [Open(2), Words("a ((b")]);
        assert_eq!(parts("((a ((b))"), [Open(0), Words("((a "), Named("b", 4)]);
        assert_eq!(parts("((a) b)"), [Open(0), Words("((a) b)")]);
        assert_eq!(parts("(((("), [Open(2), Words("((((")]);
        assert_eq!(parts("((é (("), [Open(0), Words("((é ((")]);
    }
}
