//! The parts of a paper as the template reads them: each field here is one that `paper.typ` names.

use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Spread {
    pub on_its_side: bool,
    pub parts: Vec<Part>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Part {
    Heading {
        level: u8,
        text: String,
    },
    Paragraph {
        runs: Vec<Piece>,
    },
    List {
        ordered: bool,
        items: Vec<Vec<Piece>>,
    },
    Story {
        title: String,
        lines: Vec<String>,
        source: String,
    },
    Facts {
        facts: Vec<Named>,
    },
    Chart {
        title: String,
        file: String,
        alt: String,
    },
    Table(Grid),
}

/// A piece of a paragraph: a line break ends it.
#[derive(Serialize)]
pub(crate) struct Piece {
    pub how: &'static str,
    pub text: String,
}

#[derive(Serialize)]
pub(crate) struct Named {
    pub name: String,
    pub lines: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct Grid {
    pub caption: String,
    /// In tenths of a point.
    pub size: u64,
    /// The table, or its parts where no page is wide enough.
    pub parts: Vec<GridPart>,
    pub beneath: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct GridPart {
    /// Which part it is; empty for the whole.
    pub which: String,
    /// It stays on one page, with what is beneath it.
    pub together: bool,
    pub columns: Vec<GridColumn>,
    pub rows: Vec<GridRow>,
}

#[derive(Serialize)]
pub(crate) struct GridColumn {
    pub title: String,
    pub numeric: bool,
    /// In tenths of a point.
    pub width: u64,
}

#[derive(Serialize)]
pub(crate) struct GridRow {
    pub total: bool,
    pub tall: bool,
    /// The lines of each cell.
    pub cells: Vec<Vec<String>>,
}
