//! A document as the templates see it: for a page of the office, and for the file.
//!
//! Invariant: it arranges what the document says and adds none of its own. A mark is apart from the words around it, so that
//! a page can say what it means; what a figure comes from is only ever the end of an address.

use std::fmt::Write as _;

use countersign_domain::answers::format;
use countersign_domain::document::{Block, Cell, Column, Definition, Document, Fact, Mark, Run, Shown, Source, Table};
use countersign_domain::form::schema::Audience;
use serde::Serialize;

use super::{chart, figures};

/// With more columns than these a table is wider than a page.
const WIDE: usize = 7;

/// A document.
#[derive(Debug, Serialize)]
pub struct View {
    title: String,
    subtitle: String,
    readers: &'static str,
    internal: bool,
    watermark: Option<String>,
    dated: String,
    contents: Vec<Entry>,
    blocks: Vec<Part>,
    definitions: Option<Grid>,
    marks: Vec<Legend>,
}

#[derive(Debug, Serialize)]
struct Entry {
    id: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct Legend {
    symbol: &'static str,
    meaning: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Part {
    Heading {
        id: String,
        level: u8,
        text: String,
    },
    Paragraph {
        pieces: Vec<Piece>,
    },
    List {
        ordered: bool,
        items: Vec<Vec<Piece>>,
    },
    Story {
        title: String,
        text: String,
        source: String,
    },
    Facts {
        facts: Vec<Named>,
    },
    Table {
        table: Grid,
    },
    Chart {
        title: String,
        svg: String,
        table: Grid,
    },
}

#[derive(Debug, Serialize)]
struct Named {
    name: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Serialize)]
struct Grid {
    caption: String,
    /// The same words stand above it already.
    said_above: bool,
    wide: bool,
    columns: Vec<Column>,
    rows: Vec<Line>,
    coverage: String,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Line {
    cells: Vec<Vec<Piece>>,
    total: bool,
}

#[derive(Debug, Serialize)]
#[serde(tag = "piece", rename_all = "kebab-case")]
enum Piece {
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

#[derive(Debug, Serialize)]
struct Said {
    text: String,
    /// What it means, where it is a mark.
    meaning: Option<&'static str>,
}

/// The document for templates.
#[must_use]
pub fn view(document: &Document) -> View {
    let blocks: Vec<Part> = document
        .blocks
        .iter()
        .zip(1_usize..)
        .map(|(block, at)| part(block, at))
        .collect();
    let contents = blocks.iter().filter_map(|part| match part {
        Part::Heading { id, level: 2, text } => Some(Entry {
            id: id.clone(),
            text: text.clone(),
        }),
        _ => None,
    });
    View {
        title: document.title.clone(),
        subtitle: document.subtitle.clone(),
        readers: document.audience.readers(),
        internal: document.audience == Audience::Internal,
        watermark: document.watermark.clone(),
        dated: format::date(document.dated),
        contents: contents.collect(),
        definitions: (!document.definitions.is_empty()).then(|| definitions(&document.definitions)),
        marks: legend(document),
        blocks,
    }
}

/// The marks that are to be seen. Some figures say the same in words.
fn legend(document: &Document) -> Vec<Legend> {
    let figures = figures::all(document);
    let seen = |mark: Mark| {
        mark.symbol()
            .is_none_or(|it| figures.iter().any(|figure| figure.text.contains(it)))
    };
    let legend = figures::legend(document).into_iter().filter(|(mark, ..)| seen(*mark));
    legend.map(|(_, symbol, meaning)| Legend { symbol, meaning }).collect()
}

fn part(block: &Block, at: usize) -> Part {
    match block {
        Block::Heading { level, text } => Part::Heading {
            id: format!("part-{at}"),
            level: (*level).clamp(2, 4),
            text: text.clone(),
        },
        Block::Paragraph { runs } => Part::Paragraph { pieces: of_runs(runs) },
        Block::List { ordered, items } => Part::List {
            ordered: *ordered,
            items: items.iter().map(|runs| of_runs(runs)).collect(),
        },
        Block::Story { title, text, source } => Part::Story {
            title: title.clone(),
            text: text.clone(),
            source: source.clone(),
        },
        Block::Facts { facts } => Part::Facts {
            facts: facts.iter().map(named).collect(),
        },
        Block::Table(table) => Part::Table {
            table: grid(table, None),
        },
        Block::Chart(drawn) => Part::Chart {
            title: drawn.title.clone(),
            svg: chart::svg(drawn),
            table: grid(&drawn.table, Some(&drawn.title)),
        },
    }
}

fn named(fact: &Fact) -> Named {
    Named {
        name: fact.name.clone(),
        pieces: of_cell(&fact.value),
    }
}

fn grid(table: &Table, above: Option<&String>) -> Grid {
    Grid {
        caption: table.caption.clone(),
        said_above: above == Some(&table.caption),
        wide: table.columns.len() > WIDE,
        columns: table.columns.clone(),
        rows: table
            .rows
            .iter()
            .map(|row| Line {
                cells: row.cells.iter().map(of_cell).collect(),
                total: row.total,
            })
            .collect(),
        coverage: table
            .coverage
            .as_ref()
            .map(|of| of.words().join(" "))
            .unwrap_or_default(),
        notes: table.notes.clone(),
    }
}

fn definitions(definitions: &[Definition]) -> Grid {
    let columns = ["Figure", "Unit", "How it is added up", "Comes from", "Compared with"];
    let line = |of: &Definition| Line {
        cells: [&of.name, &of.unit, &of.adds, &of.from, &of.beside]
            .into_iter()
            .map(|text| lines(text))
            .collect(),
        total: false,
    };
    Grid {
        caption: "What the figures are".to_owned(),
        said_above: false,
        wide: false,
        columns: columns
            .into_iter()
            .map(|title| Column {
                title: title.to_owned(),
                numeric: false,
            })
            .collect(),
        rows: definitions.iter().map(line).collect(),
        coverage: String::new(),
        notes: Vec::new(),
    }
}

fn of_runs(runs: &[Run]) -> Vec<Piece> {
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

fn of_cell(cell: &Cell) -> Vec<Piece> {
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

/// Where a figure comes from, as what follows the `?` of an address. An allocation comes once for each; what is not narrowed
/// down is left out.
fn trail(source: &Source) -> String {
    let mut pairs = vec![
        ("fund", source.fund.to_string()),
        ("form", source.form.clone()),
        ("measure", source.measure.clone()),
        ("start", source.within.start().to_string()),
        ("end", source.within.end().to_string()),
    ];
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

/// Text as a value in an address (RFC 3986, section 2.1).
fn in_address(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a text does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
