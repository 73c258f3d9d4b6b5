//! A paper in its five files, read back out of each.
//!
//! Invariant: a figure is given to a test only when every format has it, in the same row and column where it has tables.

use std::collections::BTreeMap;

use countersign::service::paper::print::Format;
use countersign::sheets::guarded;
use countersign_domain::document::{Block, Cell, Document, Fact, Run, Shown, Table, Unit};
use rust_decimal::Decimal;

use crate::reading::{self, Read};

/// A paper and its files.
pub struct Printed {
    pub document: Document,
    html: Vec<Read>,
    /// What each file says.
    words: BTreeMap<Format, String>,
}

/// Every table cell by cell, and every other figure wherever it is said; the tables as the page has them.
fn held_together(document: &Document, files: &BTreeMap<Format, Vec<u8>>) -> Vec<Read> {
    let tables: Vec<&Table> = document.tables().collect();
    let mut html = reading::html(&files[&Format::Html]);
    // The last one says what the figures are.
    html.truncate(tables.len());
    let read = [
        (Format::Json, reading::json(&files[&Format::Json])),
        (Format::Xlsx, reading::workbook(&files[&Format::Xlsx], &tables)),
        (Format::Csv, reading::csv_tables(&files[&Format::Csv], &tables)),
    ];
    says_the_same(Format::Html, &html, &tables);
    for (format, read) in &read {
        says_the_same(*format, read, &tables);
    }
    let pdf = crate::pdf::text(&files[&Format::Pdf]);
    let (lines, letters_of_it) = (bare(&pdf), letters(&pdf));
    for table in &tables {
        assert!(
            letters_of_it.contains(&letters(&table.caption)),
            "the PDF lacks {}",
            table.caption
        );
        for cell in table.rows.iter().flat_map(|row| &row.cells) {
            let there = match cell {
                Cell::Figure { figure } => lines.contains(&bare(&figure.text)),
                Cell::Text { text } => letters_of_it.contains(&letters(text)),
            };
            assert!(there, "the PDF lacks {cell:?} of {}", table.caption);
        }
    }
    for figure in beside_tables(document) {
        for format in Format::ALL {
            let number = figure.exact.map(|exact| match (format, exact.unit) {
                (Format::Xlsx, Unit::Percent) => exact.number / Decimal::ONE_HUNDRED,
                _ => exact.number,
            });
            let number = number.map(|number| number.normalize().to_string());
            let words = bare(&match format {
                Format::Xlsx => reading::sheet(&files[&format], "Document").concat().concat(),
                _ => words(format, &files[&format]),
            });
            let told = words.contains(&bare(&figure.text)) || number.as_ref().is_some_and(|of| words.contains(of));
            assert!(told, "{format:?} lacks {}", figure.text);
        }
    }
    html
}

/// All that a file says.
fn words(format: Format, bytes: &[u8]) -> String {
    match format {
        Format::Html => reading::page_words(bytes),
        Format::Pdf => crate::pdf::text(bytes),
        Format::Xlsx => reading::unpacked(bytes).into_iter().map(|(_, text)| text).collect(),
        Format::Csv | Format::Json => String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

impl Printed {
    /// Reads the files of a document, which must all say the same.
    pub fn read_back(document: Document, files: BTreeMap<Format, Vec<u8>>) -> Printed {
        let html = held_together(&document, &files);
        let words = files.into_iter().map(|(format, bytes)| (format, words(format, &bytes)));
        Printed {
            html,
            words: words.collect(),
            document,
        }
    }

    /// In how many cells a figure is held back.
    pub fn held_back(&self) -> usize {
        let cells = self.html.iter().flat_map(|table| table.rows.iter().flatten());
        cells.filter(|cell| cell.text.contains("[c]")).count()
    }

    /// A figure as every format has it, by its table, row and column.
    #[track_caller]
    pub fn figure(&self, caption: &str, row: &str, column: &str) -> String {
        let found = self.table(caption);
        let at = found.columns.iter().position(|title| title == column);
        let at = at.unwrap_or_else(|| panic!("no {column} among {:?}", found.columns));
        let line = found.rows.iter().find(|cells| cells[0].text == row);
        let line = line.unwrap_or_else(|| panic!("no {row} in {:#?}", found.rows));
        line[at].text.clone()
    }

    /// The rows of a table.
    #[track_caller]
    pub fn table(&self, caption: &str) -> &Read {
        let captions: Vec<&str> = self.html.iter().map(|table| table.caption.as_str()).collect();
        let found = self.html.iter().find(|table| table.caption == caption);
        found.unwrap_or_else(|| panic!("no {caption} among {captions:#?}"))
    }

    /// The row of a table that begins with this.
    #[track_caller]
    pub fn row(&self, caption: &str, first: &str) -> Vec<&str> {
        let rows = self.rows(caption);
        let found = rows.iter().find(|row| row[0] == first);
        found.unwrap_or_else(|| panic!("no {first} in {rows:#?}")).clone()
    }

    /// The rows of a table, as they are shown.
    #[track_caller]
    pub fn rows(&self, caption: &str) -> Vec<Vec<&str>> {
        let rows = self.table(caption).rows.iter();
        rows.map(|row| row.iter().map(|cell| cell.text.as_str()).collect())
            .collect()
    }

    /// Fails unless the file that is printed has these words and figures, wherever its lines are broken.
    #[track_caller]
    pub fn prints(&self, words: &str) {
        assert!(bare(&self.words[&Format::Pdf]).contains(&bare(words)), "{words}");
    }

    /// Fails unless every format has these words, wherever its lines are broken.
    #[track_caller]
    pub fn says(&self, words: &str) {
        for (format, text) in &self.words {
            assert!(letters(text).contains(&letters(words)), "{format:?} lacks {words}");
        }
    }

    /// Fails when a format has these words.
    #[track_caller]
    pub fn never_says(&self, words: &str) {
        for (format, text) in &self.words {
            assert!(!letters(text).contains(&letters(words)), "{format:?} says {words}");
        }
    }

    /// Its sentences, with their figures as they are shown.
    pub fn sentences(&self) -> String {
        let runs = self.document.blocks.iter().filter_map(|block| match block {
            Block::Paragraph { runs } => Some(runs),
            _ => None,
        });
        runs.flatten().map(Run::words).collect()
    }

    /// No heading has nothing under it or is said again by the fact below it, no table is without rows, and none has a note
    /// twice.
    pub fn is_fit_to_read(&self) {
        let blocks = &self.document.blocks;
        for (at, block) in blocks.iter().enumerate() {
            if let Block::Heading { level, text } = block {
                let next = blocks.get(at + 1);
                let empty = match next {
                    Some(Block::Heading { level: below, .. }) => below <= level,
                    other => other.is_none(),
                };
                assert!(!empty, "nothing stands under {text}");
                if let Some(Block::Facts { facts }) = next {
                    let again = |fact: &&Fact| matches!(&fact.value, Cell::Text { text: said } if said == text);
                    assert!(!facts.iter().any(|fact| again(&fact)), "{text} is said twice");
                }
            }
        }
        for table in self.document.tables() {
            assert!(!table.rows.is_empty(), "{} has no row", table.caption);
            let mut notes = table.notes.clone();
            notes.sort();
            notes.dedup();
            assert_eq!(notes.len(), table.notes.len(), "{}: {:?}", table.caption, table.notes);
        }
    }
}

/// Every cell: in words or as a number.
fn says_the_same(format: Format, read: &[Read], tables: &[&Table]) {
    assert_eq!(read.len(), tables.len(), "{format:?}");
    for (read, table) in read.iter().zip(tables) {
        assert_eq!(read.rows.len(), table.rows.len(), "{format:?}: {}", table.caption);
        for (cells, row) in read.rows.iter().zip(&table.rows) {
            for (read, cell) in cells.iter().zip(&row.cells) {
                let same = match (cell, read.number) {
                    (Cell::Text { text }, _) if format == Format::Csv => read.text == guarded(text),
                    (Cell::Text { text }, _) => read.text == *text,
                    (Cell::Figure { figure }, number) => same_figure(format, figure, &read.text, number),
                };
                assert!(same, "{format:?}: {} has {cell:?}, read as {read:?}", table.caption);
            }
        }
    }
}

fn same_figure(format: Format, figure: &Shown, text: &str, number: Option<Decimal>) -> bool {
    match (figure.exact, format) {
        (None, _) => number.is_none() && text == figure.text,
        (Some(exact), Format::Csv) => text.parse() == Ok(exact.number),
        (Some(exact), Format::Xlsx) if exact.unit == Unit::Percent => {
            number.map(|read| read * Decimal::ONE_HUNDRED) == Some(exact.number)
        }
        (Some(exact), Format::Xlsx) => number == Some(exact.number),
        (Some(exact), _) => text == figure.text && number == Some(exact.number),
    }
}

/// Figures in sentences and facts.
fn beside_tables(document: &Document) -> Vec<&Shown> {
    let mut all = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Paragraph { runs } => all.extend(figures(runs)),
            Block::List { items, .. } => all.extend(items.iter().flat_map(|item| figures(item))),
            Block::Facts { facts } => all.extend(facts.iter().filter_map(|fact| match &fact.value {
                Cell::Figure { figure } => Some(figure),
                Cell::Text { .. } => None,
            })),
            _ => {}
        }
    }
    all
}

fn figures(runs: &[Run]) -> impl Iterator<Item = &Shown> {
    runs.iter().filter_map(|run| match run {
        Run::Figure { figure } => Some(figure),
        _ => None,
    })
}

/// Without what breaks lines.
fn bare(words: &str) -> String {
    let breaks = |letter: &char| !letter.is_whitespace() && !['\u{200b}', '\u{2060}', '\u{ad}'].contains(letter);
    words.chars().filter(breaks).collect()
}

/// Letters and digits alone: a line of a PDF ends where its column does, with a hyphen if need be.
fn letters(words: &str) -> String {
    words.chars().filter(|letter| letter.is_alphanumeric()).collect()
}
