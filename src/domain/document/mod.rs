//! A paper as a neutral document: what it says, without how it looks.
//!
//! Invariant: every renderer says the same things in the same order. A document whose figures are [`Raw`] has not been
//! looked through for what would give people away, and nothing but [`Shown`] can be rendered. A figure is an exact number
//! beside the words that show it, so that no renderer reads a number back out of words; all else is text.

pub mod chart;
mod decided;
mod figure;
mod look;
mod map;
mod named;
mod show;
#[cfg(test)]
mod tests;
mod words;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::form::schema::Audience;
use crate::money::Money;

pub use figure::{Atom, Exact, Mark, People, Raw, Shown, Source, Told, Unit};
pub use map::Place;
pub use show::{INTERNAL, Released, Showed, show};

/// A whole document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document<F = Shown> {
    /// What it is.
    pub title: String,
    /// For what and when, in one line; may be empty.
    pub subtitle: String,
    /// How far it may travel.
    pub audience: Audience,
    /// Said on every page and sheet: `Internal: not for publication`, `Draft`. None on what is published.
    pub watermark: Option<String>,
    /// The day it speaks of: that of publication, or of the preview.
    pub dated: NaiveDate,
    /// Its parts, in reading order.
    pub blocks: Vec<Block<F>>,
    /// What the figures in it are, each once.
    pub definitions: Vec<Definition>,
}

/// What a figure of the document is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// What it is called in the document.
    pub name: String,
    /// Its unit, in words: `pounds`, `people`, `percentage of 2 counts`.
    pub unit: String,
    /// How it is added up over providers and over time, in words.
    pub adds: String,
    /// The form and question that it comes from, by title and id.
    pub from: String,
    /// Target, benchmark and baseline, in words; empty without any.
    pub beside: String,
}

impl Definition {
    /// What [`Definition::words`] are, in their order.
    pub const HEADINGS: [&'static str; 5] = ["Figure", "Unit", "Adding up", "Comes from", "Compared with"];

    /// What it says, in the order of [`Definition::HEADINGS`].
    #[must_use]
    pub fn words(&self) -> [&str; 5] {
        [&self.name, &self.unit, &self.adds, &self.from, &self.beside]
    }

    /// The table of these, for who reads the document from its beginning: without the last column where no figure is
    /// compared with anything.
    #[must_use]
    pub fn table(all: &[Self]) -> Table {
        let compared = all.iter().any(|of| !of.beside.is_empty());
        let shown = Self::HEADINGS.len() - usize::from(!compared);
        let column = |title: &&str| Column {
            title: (*title).to_owned(),
            numeric: false,
        };
        let row = |of: &Self| Row {
            cells: of.words()[..shown]
                .iter()
                .map(|text| Cell::Text {
                    text: (*text).to_owned(),
                })
                .collect(),
            total: false,
        };
        Table {
            caption: "What the figures are".to_owned(),
            columns: Self::HEADINGS[..shown].iter().map(column).collect(),
            rows: all.iter().map(row).collect(),
            coverage: None,
            notes: Vec::new(),
        }
    }
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Block<F = Shown> {
    /// A heading within the document.
    Heading {
        /// From 2, the title being 1, to 4.
        level: u8,
        /// The words.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// Its pieces, in order.
        runs: Vec<Run<F>>,
    },
    /// A list.
    List {
        /// Whether it is numbered.
        ordered: bool,
        /// The items, in order.
        items: Vec<Vec<Run<F>>>,
    },
    /// What a provider told in their own words: text, never markup.
    Story {
        /// For what it was told: a project, a question.
        title: String,
        /// As typed; a line break is kept.
        text: String,
        /// Who told it, and that it was cleared for this paper.
        source: String,
    },
    /// Names and what they come to.
    Facts {
        /// In order.
        facts: Vec<Fact<F>>,
    },
    /// A table.
    Table(Table<F>),
    /// A chart, with the table that it is drawn from.
    Chart(Chart<F>),
}

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "run", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Run<F = Shown> {
    /// Plain words.
    Text {
        /// The words.
        text: String,
    },
    /// Words that matter more.
    Strong {
        /// The words.
        text: String,
    },
    /// Words with stress.
    Emphasis {
        /// The words.
        text: String,
    },
    /// A figure within a sentence.
    Figure {
        /// The figure.
        figure: F,
    },
    /// A line break.
    Break,
}

/// One name and what it comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact<F = Shown> {
    /// What is told.
    pub name: String,
    /// What it is.
    pub value: Cell<F>,
}

/// A table: each row has a cell for each column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table<F = Shown> {
    /// What it shows.
    pub caption: String,
    /// The columns; the first one names the row.
    pub columns: Vec<Column>,
    /// The rows, in order.
    pub rows: Vec<Row<F>>,
    /// Of which returns its figures are; none where it holds none that were returned.
    pub coverage: Option<Coverage>,
    /// Said beneath it.
    pub notes: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Whether its cells are figures.
    pub numeric: bool,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row<F = Shown> {
    /// One for each column.
    pub cells: Vec<Cell<F>>,
    /// Whether it adds up the rows above.
    pub total: bool,
}

/// What stands in one place of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "cell", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Cell<F = Shown> {
    /// Words; empty for nothing.
    Text {
        /// The words; a line break is kept.
        text: String,
    },
    /// A figure.
    Figure {
        /// The figure.
        figure: F,
    },
}

/// A chart. Its table says the same, for those who would rather read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart<F = Shown> {
    /// How it is drawn.
    pub drawn: Drawn,
    /// Its title.
    pub title: String,
    /// What is drawn: the first column names the points, and each series is another column.
    pub series: Vec<Series>,
    /// What it is drawn from; stands beside it in every format.
    pub table: Table<F>,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Drawn {
    /// A bar for each point and series, side by side, from nought.
    Bars,
    /// A line for each series, point by point: a measure over periods.
    Lines,
    /// One bar for each point, its series one after another: on time, late, missing, excused.
    Stacked,
}

/// A column of a chart's table that is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Series {
    /// Counts from 0; never the first.
    pub column: usize,
    /// What it is.
    pub role: Role,
}

/// What a series is, and so how it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// What was returned.
    Figures,
    /// What was promised: a dashed line.
    Target,
    /// What others reach: a dotted line.
    Benchmark,
}

/// Of which returns a table's figures are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Returns that are signed.
    pub signed: u64,
    /// Returns that are owed, without those that were excused.
    pub expected: u64,
    /// Allocated to what the signed ones are of; none where the returns are not of money.
    pub money: Option<(Money, Money)>,
    /// Who or what is missing, in words, as far as they are named.
    pub missing: Vec<String>,
    /// Who was excused, in words.
    pub excused: Vec<String>,
    /// The caption of a table above that names the same ones, so that this one need not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named_under: Option<String>,
    /// How many of the figures' returns are submitted and not signed, where the document shows them.
    pub provisional: u64,
}
