//! A report as a neutral document: what it says, without how it looks.
//!
//! Invariant: every renderer says the same things in the same order. A figure is an exact number beside the words that
//! show it, so that no renderer has to read a number back out of words.

mod csv;
mod evaluation;

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

pub use self::csv::csv;
pub use self::evaluation::evaluation;

/// A whole document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// What it is.
    pub title: String,
    /// For what and when, in one line; may be empty.
    pub subtitle: String,
    /// Its parts, in reading order.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Block {
    /// A heading within the document.
    Heading {
        /// From 2, the title being 1, to 4.
        level: u8,
        /// The words.
        text: String,
    },
    /// A paragraph of plain text.
    Paragraph {
        /// The words; a line break in them is kept.
        text: String,
    },
    /// Names and what they come to.
    Facts {
        /// In order.
        facts: Vec<Fact>,
    },
    /// A table.
    Table(Table),
}

/// One name and what it comes to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fact {
    /// What is told.
    pub name: String,
    /// What it is.
    pub value: Cell,
}

/// A table: each row has a cell for each column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// The columns; the first one names the row.
    pub columns: Vec<Column>,
    /// The rows, in order.
    pub rows: Vec<Row>,
    /// Said beneath it.
    pub notes: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its heading.
    #[serde(rename = "text")]
    pub title: String,
    /// Whether its cells stand to the right.
    pub numeric: bool,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// One for each column.
    pub cells: Vec<Cell>,
    /// Whether it adds up the rows above.
    pub total: bool,
}

/// What stands in one place of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    shown: String,
    figure: Option<Decimal>,
}

impl Document {
    /// A document without parts yet.
    pub fn new(title: impl Into<String>, subtitle: impl Into<String>) -> Self {
        Document {
            title: title.into(),
            subtitle: subtitle.into(),
            blocks: Vec::new(),
        }
    }

    /// Adds a heading; the level is kept between 2 and 4.
    pub fn heading(&mut self, level: u8, text: impl Into<String>) {
        self.blocks.push(Block::Heading {
            level: level.clamp(2, 4),
            text: text.into(),
        });
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Paragraph { text: text.into() });
    }

    /// Adds names and what they come to.
    pub fn facts(&mut self, facts: impl IntoIterator<Item = (impl Into<String>, Cell)>) {
        let facts = facts
            .into_iter()
            .map(|(name, value)| Fact {
                name: name.into(),
                value,
            })
            .collect();
        self.blocks.push(Block::Facts { facts });
    }

    /// Adds a table.
    pub fn table(&mut self, table: Table) {
        self.blocks.push(Block::Table(table));
    }
}

impl Table {
    /// A table without rows yet. Each column is its heading and whether it holds figures.
    pub fn new(caption: impl Into<String>, columns: &[(&str, bool)]) -> Self {
        let columns = columns.iter().map(|(title, numeric)| Column {
            title: (*title).to_owned(),
            numeric: *numeric,
        });
        Table {
            caption: caption.into(),
            columns: columns.collect(),
            rows: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds a row, made as long as there are columns.
    pub fn row(&mut self, cells: Vec<Cell>) {
        self.push(cells, false);
    }

    /// Adds a row that adds up those above.
    pub fn total(&mut self, cells: Vec<Cell>) {
        self.push(cells, true);
    }

    /// Adds a note beneath.
    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    fn push(&mut self, mut cells: Vec<Cell>, total: bool) {
        cells.resize(self.columns.len(), Cell::text(""));
        self.rows.push(Row { cells, total });
    }
}

impl Cell {
    /// Words.
    pub fn text(words: impl Into<String>) -> Self {
        Cell {
            shown: words.into(),
            figure: None,
        }
    }

    /// A figure, and how people are shown it: `16486.00` as `£16,486.00`.
    pub fn figure(shown: impl Into<String>, figure: Decimal) -> Self {
        Cell {
            shown: shown.into(),
            figure: Some(figure),
        }
    }

    /// As people are shown it.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The exact figure, where it is one.
    pub fn exact(&self) -> Option<Decimal> {
        self.figure
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_as_long_as_the_table_is_wide() {
        let mut table = Table::new("Projects", &[("Project", false), ("Spent", true)]);
        table.row(vec![Cell::text("Short")]);
        table.total(vec![
            Cell::text("Long"),
            Cell::figure("£1", Decimal::ONE),
            Cell::text("too many"),
        ]);
        assert_eq!(table.rows.iter().map(|row| row.cells.len()).collect::<Vec<_>>(), [2, 2]);
        assert!(table.rows[1].total);
    }

    #[test]
    fn a_template_sees_kinds_and_what_people_are_shown() {
        let mut document = Document::new("Evaluation", "2017 to 2018");
        document.heading(1, "Money");
        document.facts([("Spent", Cell::figure("£428,246.00", Decimal::from(428_246)))]);
        let seen = serde_json::to_value(&document).unwrap();
        assert_eq!(
            seen["blocks"][0],
            serde_json::json!({"kind": "heading", "level": 2, "text": "Money"})
        );
        assert_eq!(seen["blocks"][1]["facts"][0]["value"], "£428,246.00");
    }
}
