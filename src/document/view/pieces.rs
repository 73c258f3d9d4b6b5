//! Words and figures as the templates see them.
//!
//! Invariant: a mark is apart from the words around it, so that a page can say what it means. What a figure comes from is only
//! ever the end of an address.

use countersign_domain::document::{Cell, Run, Shown, Source};
use serde::Serialize;

use crate::wording::in_address;

/// A piece of words, or a figure among them.
#[derive(Debug, Serialize)]
#[serde(tag = "piece", rename_all = "kebab-case")]
pub enum Piece {
    Text {
        text: String,
    },
    Strong {
        text: String,
    },
    Emphasis {
        text: String,
    },
    Break,
    Figure {
        /// The exact number, where there is one.
        value: Option<String>,
        said: Vec<Said>,
        /// What follows an address to lead to the figures that it adds up.
        trail: Option<String>,
    },
}

/// A part of the words of a figure.
#[derive(Debug, Serialize)]
pub struct Said {
    text: String,
    /// What it means, where it is a mark.
    meaning: Option<&'static str>,
}

/// The pieces of a paragraph.
pub fn of_runs(runs: &[Run]) -> Vec<Piece> {
    runs.iter()
        .map(|run| match run {
            Run::Text { text } => Piece::Text { text: text.clone() },
            Run::Strong { text } => Piece::Strong { text: text.clone() },
            Run::Emphasis { text } => Piece::Emphasis { text: text.clone() },
            Run::Figure { figure } => of_figure(figure),
            Run::Break => Piece::Break,
        })
        .collect()
}

/// The pieces of a cell; none of one without words.
pub fn of_cell(cell: &Cell) -> Vec<Piece> {
    match cell {
        Cell::Text { text } => lines(text),
        Cell::Figure { figure } => vec![of_figure(figure)],
    }
}

/// Words with their line breaks; nothing for no words.
fn lines(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if at > 0 {
            pieces.push(Piece::Break);
        }
        pieces.push(Piece::Text { text: line.to_owned() });
    }
    pieces
}

fn of_figure(figure: &Shown) -> Piece {
    Piece::Figure {
        value: figure.exact.map(|exact| exact.number.to_string()),
        said: marks_apart(figure),
        trail: figure.from.as_ref().map(trail),
    }
}

/// The words of a figure, each of its marks apart.
fn marks_apart(figure: &Shown) -> Vec<Said> {
    let symbols: Vec<(&str, &'static str)> = figure
        .marks
        .iter()
        .filter_map(|mark| Some((mark.symbol()?, mark.meaning())))
        .collect();
    let (mut said, mut rest) = (Vec::new(), figure.text.as_str());
    let first = |text: &str| {
        let found = symbols
            .iter()
            .filter_map(|(symbol, meaning)| Some((text.find(symbol)?, *symbol, *meaning)));
        found.min_by_key(|(at, ..)| *at)
    };
    while let Some((at, symbol, meaning)) = first(rest) {
        let (before, after) = rest.split_at(at);
        if !before.is_empty() {
            said.push(Said {
                text: before.to_owned(),
                meaning: None,
            });
        }
        let (mark, after) = after.split_at(symbol.len());
        said.push(Said {
            text: mark.to_owned(),
            meaning: Some(meaning),
        });
        rest = after;
    }
    if !rest.is_empty() {
        said.push(Said {
            text: rest.to_owned(),
            meaning: None,
        });
    }
    said
}

/// Where a figure comes from, as what follows the `?` of an address. A fund and an allocation come once for each; what is not
/// narrowed down is left out.
pub fn trail(source: &Source) -> String {
    let mut pairs: Vec<(&str, String)> = source.funds().map(|id| ("fund", id.to_string())).collect();
    pairs.extend([
        ("form", source.form.clone()),
        ("measure", source.measure.clone()),
        ("within", format!("{}..{}", source.within.start(), source.within.end())),
    ]);
    pairs.extend(source.ret.map(|id| ("return", id.to_string())));
    pairs.extend(source.grant.map(|id| ("grant", id.to_string())));
    pairs.extend(source.allocations.iter().map(|id| ("allocation", id.to_string())));
    pairs.extend(source.provider.map(|id| ("provider", id.to_string())));
    pairs.extend(source.row.clone().map(|row| ("row", row)));
    let pairs: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={}", in_address(&value)))
        .collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use countersign_domain::document::Mark;
    use countersign_domain::ids::{AllocationId, FundId};
    use countersign_domain::period::Period;

    fn figure(text: &str, marks: &[Mark]) -> Shown {
        Shown {
            text: text.to_owned(),
            exact: None,
            marks: marks.to_vec(),
            from: None,
        }
    }

    #[test]
    fn a_mark_is_told_from_the_words_around_it() {
        let apart = |text, marks: &[Mark]| {
            let said = marks_apart(&figure(text, marks)).into_iter();
            said.map(|said| (said.text, said.meaning.is_some())).collect::<Vec<_>>()
        };
        let expected = |parts: &[(&str, bool)]| {
            let parts = parts.iter().map(|(text, mark)| ((*text).to_owned(), *mark));
            parts.collect::<Vec<_>>()
        };
        let both = [Mark::Restated, Mark::Approximate, Mark::Rounded];
        assert_eq!(
            apart("250 [e] [r]", &both),
            expected(&[("250 ", false), ("[e]", true), (" ", false), ("[r]", true)])
        );
        assert_eq!(apart("[c]", &[Mark::Hidden]), expected(&[("[c]", true)]));
        assert_eq!(apart("[c] of 7", &[]), expected(&[("[c] of 7", false)]));
        assert_eq!(apart("", &[Mark::Hidden]), expected(&[]));
    }

    #[test]
    fn the_way_to_a_figure_keeps_every_letter() {
        let day = |day| chrono::NaiveDate::from_ymd_opt(2018, 4, day).unwrap();
        let (one, two) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let source = Source {
            fund: FundId::from(one),
            other_funds: vec![FundId::from(two)],
            form: "quarterly".to_owned(),
            measure: "spend.total".to_owned(),
            within: Period::new(day(1), day(30)).unwrap(),
            ret: None,
            grant: None,
            allocations: vec![AllocationId::from(one), AllocationId::from(two)],
            provider: None,
            row: Some("tŷ & haf=1".to_owned()),
        };
        let expected = format!(
            "fund={one}&fund={two}&form=quarterly&measure=spend.total&within=2018-04-01..2018-04-30&allocation={one}\
             &allocation={two}&row=t%C5%B7%20%26%20haf%3D1"
        );
        assert_eq!(trail(&source), expected);
    }
}
