//! From what was added up to what may be shown.
//!
//! Invariant: the only way to a document that can be rendered. Unless the document is internal, what is held back is in
//! neither its words, nor its numbers, nor where they come from; an internal one says on every page that it is.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::decided::decisions;
use super::figure::{Atom, Exact, Mark, Raw, Shown, Told, Unit};
use super::map::Place;
use super::{Block, Cell, Document, Run, Table, named};
use crate::answers::format;
use crate::answers::types::FigureValue;
use crate::form::schema::Audience;
use crate::measure::suppress::Policy;
use crate::money::Money;

/// What an internal document says on every page.
pub const INTERNAL: &str = "Internal: not for publication";

/// Stands for no upper end in what was released: the largest whole number that every reader of JSON keeps.
pub(super) const NO_END: i64 = (1 << 53) - 1;

/// What a publication told of a sum of counts, kept for the documents that follow it. Never shown to anybody: it holds the
/// counts themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Released {
    /// The counts that are added.
    pub atoms: Vec<Atom>,
    /// The counts that are taken off: those of a numerator, from those of its denominator, or those of a difference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub less: Vec<Atom>,
    /// At least so many; 1 for what was held back, 0 for what nobody told and could be worked out.
    pub low: i64,
    /// At most so many; the same as `low` for what was told as it is, 2^53 − 1 for what was held back.
    pub high: i64,
}

/// A document that may be rendered, and what it tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Showed {
    /// The document.
    pub document: Document<Shown>,
    /// What it tells of counts of people; nothing for an internal one, which is not published.
    pub released: Vec<Released>,
    /// How many of its figures are held back.
    pub hidden: usize,
    /// How many small counts what was published earlier gives away, more or less, whatever this document holds back.
    pub exposed: usize,
}

/// Decides what may be shown to an audience, of all figures together, and puts it into words. Without a policy, what is not
/// internal is held to [`Policy::LessThanFive`].
#[must_use]
pub fn show(
    document: Document<Raw>,
    audience: Audience,
    policy: Option<Policy>,
    earlier: &[Released],
    watermark: Option<String>,
) -> Showed {
    let mut figures = vec![];
    let places = document.map(&mut |figure, _| {
        figures.push(figure);
        figures.len() - 1
    });
    let (shown, released, exposed) = if audience == Audience::Internal {
        let as_it_is = figures.iter().map(|figure| Some((figure.told.clone(), false)));
        (as_it_is.collect(), vec![], 0)
    } else {
        let decided = decisions(&figures, policy.unwrap_or(Policy::LessThanFive), earlier);
        (decided.shown, decided.released, decided.exposed)
    };
    let mut document = places.map(&mut |at: usize, place| in_words(&figures[at], shown[at].as_ref(), place));
    document.blocks = document.blocks.into_iter().flat_map(explained).collect();
    named::once(&mut document);
    document.audience = audience;
    document.watermark = match audience {
        Audience::Internal => Some(INTERNAL.to_owned()),
        Audience::Panel | Audience::Public => watermark,
    };
    Showed {
        document,
        released,
        hidden: shown.iter().filter(|shown| shown.is_none()).count(),
        exposed,
    }
}

/// A figure in words, or that it is held back.
fn in_words(figure: &Raw, shown: Option<&(Told, bool)>, place: Place) -> Shown {
    let Some((told, rounded)) = shown else {
        return Shown {
            text: symbol(Mark::Hidden, place).to_owned(),
            exact: None,
            marks: vec![Mark::Hidden],
            from: None,
        };
    };
    let mut marks = vec![];
    let (mut text, exact) = match told {
        Told::Listed(many) => (format!("{many} figures"), None),
        Told::Value(value) => match absent(*value) {
            Some(mark) => {
                marks.push(mark);
                (symbol(mark, place).to_owned(), None)
            }
            None => (format::figure_over(value, figure.over_money), exact(*value)),
        },
    };
    let is_absent = !marks.is_empty();
    let flags = [
        (figure.approximately && !is_absent, Mark::Approximate),
        (figure.provisional, Mark::Provisional),
        (figure.restated, Mark::Restated),
    ];
    for (_, mark) in flags.into_iter().filter(|(flag, _)| *flag) {
        marks.push(mark);
        let said = symbol(mark, place);
        text = match (mark, place) {
            (Mark::Approximate, Place::Sentence) => format!("{said} {text}"),
            _ => format!("{text} {said}"),
        };
    }
    if *rounded {
        marks.push(Mark::Rounded);
    }
    Shown {
        text,
        exact,
        marks,
        from: figure.from.clone(),
    }
}

/// Why there is no figure; a ratio over nobody is one.
fn absent(value: FigureValue) -> Option<Mark> {
    match value {
        FigureValue::NotApplicable | FigureValue::Ratio { per: 0, .. } => Some(Mark::NotApplicable),
        FigureValue::NotKnown => Some(Mark::NotKnown),
        FigureValue::Blank => Some(Mark::Blank),
        _ => None,
    }
}

/// The number that the words say, rounded as they say it.
fn exact(value: FigureValue) -> Option<Exact> {
    let scaled = |scaled: i64, places: u32| Decimal::try_from_i128_with_scale(i128::from(scaled), places).ok();
    let (number, unit) = match value {
        FigureValue::Money { pence } => (Money::pence(pence).to_decimal(), Unit::Pounds),
        FigureValue::Count { count } => (Decimal::from(count), Unit::Count),
        FigureValue::Number {
            scaled: by,
            places,
            percent,
        } => {
            let unit = if percent { Unit::Percent } else { Unit::Number };
            (scaled(by, places)?, unit)
        }
        FigureValue::Ratio { of, per, places } => {
            (scaled(format::scaled_percent(of, per, places)?, places)?, Unit::Percent)
        }
        FigureValue::Range { low, high } if low == high => (Decimal::from(low), Unit::Count),
        FigureValue::Range { .. } | FigureValue::NotApplicable | FigureValue::NotKnown | FigureValue::Blank => {
            return None;
        }
    };
    Some(Exact { number, unit })
}

/// What stands for a mark: a symbol in a table, where it is explained beneath, and words in a sentence.
const fn symbol(mark: Mark, place: Place) -> &'static str {
    match (mark, place) {
        (Mark::NotApplicable, Place::Cell) => "[z]",
        (Mark::NotKnown, Place::Cell) => "[x]",
        (Mark::Blank, Place::Cell) => "[w]",
        (Mark::Hidden, Place::Cell) => "[c]",
        (Mark::Approximate, Place::Cell) => "[e]",
        (Mark::Provisional, Place::Cell) => "[p]",
        (Mark::Restated, Place::Cell) => "[r]",
        (Mark::NotApplicable, Place::Sentence) => "not applicable",
        (Mark::NotKnown, Place::Sentence) => "not known yet",
        (Mark::Blank, Place::Sentence) => "not answered",
        (Mark::Hidden, Place::Sentence) => "held back",
        (Mark::Approximate, Place::Sentence) => "approximately",
        (Mark::Provisional, Place::Sentence) => "(provisional)",
        (Mark::Restated, Place::Sentence) => "(restated)",
        (Mark::Rounded, _) => "",
    }
}

/// What is said beneath a table about a mark in it.
const fn note(mark: Mark) -> &'static str {
    match mark {
        Mark::NotApplicable => "[z] means not applicable.",
        Mark::NotKnown => "[x] means not known yet.",
        Mark::Blank => "[w] means that the question was not answered.",
        Mark::Hidden => "[c] means held back, so that nobody can be recognised from small numbers.",
        Mark::Approximate => "[e] means that a part of the figure was given as approximate.",
        Mark::Provisional => "[p] means provisional: a part of the figure is not signed yet.",
        Mark::Restated => "[r] means restated: an earlier paper had another figure.",
        Mark::Rounded => {
            "Counts of people are rounded to the nearest 5, and percentages are worked out from the rounded counts."
        }
    }
}

/// A block with its symbols explained beneath: within a table, or in a paragraph after facts.
fn explained(block: Block) -> Vec<Block> {
    match block {
        Block::Table(table) => vec![Block::Table(with_notes(table))],
        Block::Chart(mut chart) => {
            chart.table = with_notes(chart.table);
            vec![Block::Chart(chart)]
        }
        Block::Facts { facts } => {
            let notes = notes(facts.iter().map(|fact| &fact.value));
            let mut blocks = vec![Block::Facts { facts }];
            if !notes.is_empty() {
                let text = notes.join(" ");
                blocks.push(Block::Paragraph {
                    runs: vec![Run::Text { text }],
                });
            }
            blocks
        }
        other => vec![other],
    }
}

fn with_notes(mut table: Table) -> Table {
    let notes = notes(table.rows.iter().flat_map(|row| &row.cells));
    table.notes.extend(notes.into_iter().map(str::to_owned));
    table
}

/// The notes that these cells need, each once.
fn notes<'a>(cells: impl Iterator<Item = &'a Cell>) -> Vec<&'static str> {
    let marks: BTreeSet<Mark> = cells
        .flat_map(|cell| match cell {
            Cell::Figure { figure } => figure.marks.as_slice(),
            Cell::Text { .. } => &[],
        })
        .copied()
        .collect();
    marks.into_iter().map(note).collect()
}
