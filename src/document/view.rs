//! A document as the templates see it: for a page of the office, and for the file.
//!
//! Invariant: it arranges what the document says and adds none of its own.

mod pieces;

use countersign_domain::answers::format;
use countersign_domain::document::chart::{Canvas, svg};
use countersign_domain::document::{Block, Cell, Column, Definition, Document, Fact, Mark, Table};
use serde::Serialize;

pub use self::pieces::trail;
use self::pieces::{Piece, of_cell, of_runs};

/// With more columns than these a table is wider than a page.
const WIDE: usize = 7;
/// With more characters than these, words in a cell do not fit beside its heading on a phone.
const LONG: usize = 40;

/// A document.
#[derive(Debug, Serialize)]
pub struct View {
    title: String,
    subtitle: String,
    readers: &'static str,
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
    /// A name and a figure in each row: narrow enough for a phone.
    pair: bool,
    columns: Vec<Column>,
    rows: Vec<Line>,
    coverage: String,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Line {
    cells: Vec<Place>,
    total: bool,
}

#[derive(Debug, Serialize)]
struct Place {
    pieces: Vec<Piece>,
    /// Words that are read line by line, and so from the left on a phone too.
    long: bool,
}

impl Place {
    fn of(cell: &Cell) -> Self {
        let words = match cell {
            Cell::Text { text } => text.as_str(),
            Cell::Figure { .. } => "",
        };
        Place {
            pieces: of_cell(cell),
            long: words.contains('\n') || words.chars().count() > LONG,
        }
    }
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
        watermark: document.watermark.clone(),
        dated: format::date(document.dated),
        contents: contents.collect(),
        definitions: (!document.definitions.is_empty()).then(|| grid(&Definition::table(&document.definitions), None)),
        marks: legend(document),
        blocks,
    }
}

/// The marks that are to be seen. Some figures say the same in words.
fn legend(document: &Document) -> Vec<Legend> {
    let explained = |mark: Mark| Legend {
        symbol: mark.name(),
        meaning: mark.meaning(),
    };
    document.marks_seen().into_iter().map(explained).collect()
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
            svg: svg(drawn, Canvas::Screen, &format!("chart-{at}")),
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
        pair: matches!(table.columns.as_slice(), [_, second] if second.numeric),
        columns: table.columns.clone(),
        rows: table
            .rows
            .iter()
            .map(|row| Line {
                cells: row.cells.iter().map(Place::of).collect(),
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
