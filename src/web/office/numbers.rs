//! A table of numbers that lead somewhere, as `office/numbers.html` shows it.

use countersign_domain::answers::format;
use serde::Serialize;

/// A table.
#[derive(Debug, Serialize)]
pub struct Numbers {
    /// What it shows.
    pub caption: String,
    /// Its columns, the name of the row among them.
    pub heads: Vec<Head>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Said beneath it.
    pub notes: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, Serialize)]
pub struct Head {
    text: &'static str,
    numeric: bool,
}

impl Head {
    /// A column of words.
    pub fn words(text: &'static str) -> Head {
        Head { text, numeric: false }
    }

    /// A column of numbers.
    pub fn number(text: &'static str) -> Head {
        Head { text, numeric: true }
    }
}

/// A row.
#[derive(Debug, Serialize)]
pub struct Row {
    name: Cell,
    cells: Vec<Cell>,
    total: bool,
}

impl Row {
    /// A row with its name and a cell for each other column.
    pub fn of(name: Cell, cells: Vec<Cell>) -> Row {
        Row {
            name,
            cells,
            total: false,
        }
    }

    /// The row of what all others come to.
    #[must_use]
    pub fn total(self) -> Row {
        Row { total: true, ..self }
    }
}

/// A cell.
#[derive(Debug, Default, Serialize)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Said after the number, within its link.
    pub said: String,
    href: Option<String>,
    /// Said after it to those who hear the page.
    hidden: String,
    /// Beneath it.
    note: Option<String>,
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell {
            text: text.into(),
            ..Cell::default()
        }
    }

    /// A count.
    pub fn number(count: u64) -> Cell {
        Cell::text(format::count(i64::try_from(count).unwrap_or(i64::MAX)))
    }

    /// The same, leading somewhere.
    #[must_use]
    pub fn to(self, href: String, hidden: String) -> Cell {
        Cell {
            href: Some(href),
            hidden,
            ..self
        }
    }

    /// The same, with a note beneath it.
    #[must_use]
    pub fn noted(self, note: Option<String>) -> Cell {
        Cell { note, ..self }
    }
}
