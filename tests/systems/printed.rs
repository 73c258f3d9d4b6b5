//! A paper by a shipped report, printed in every format and read back out of each.
//!
//! Invariant: a figure is given to a test only when every format has it, in the same row and column where it has tables.

use std::path::PathBuf;

use countersign::document::Printer;
use countersign::service::paper::print::{Format, Print};
use countersign::wording::Wording;
use countersign::wording::report::Library;
use countersign_domain::document::{Block, Cell, Document, Run, Shown, Table, Unit, show};
use countersign_domain::form::schema::Audience;
use countersign_domain::period::Period;
use rust_decimal::Decimal;

use crate::outside::server::TestServer;
use crate::reading::{self, Read};
use crate::told::{Version, composed};

/// A paper and its files.
pub struct Printed {
    pub document: Document,
    pub hidden: usize,
    html: Vec<Read>,
    pdf: String,
}

/// The paper of this report, whose formats all say the same.
pub async fn printed(server: &TestServer, report: &str, fund: &str, period: Period, audience: Audience) -> Printed {
    let library = Library::new(None).unwrap_or_else(|problems| panic!("{problems:?}"));
    let report = library.get(report).expect("a report that the program comes with");
    let version = Version {
        provisional: false,
        audience,
    };
    let composed = composed(server, &report, fund, period, &[], version).await;
    let composed = composed.unwrap_or_else(|error| panic!("{error:?}"));
    let preview = Some("Preview: not published".to_owned());
    let showed = show(composed.document, audience, report.policy, &[], preview);
    held_together(showed.document, showed.hidden)
}

fn held_together(document: Document, hidden: usize) -> Printed {
    let printer = Printer::new(Wording::new().unwrap());
    let file = |format| printer.print(&document, format).unwrap();
    let tables = tables(&document);
    let (page, book, sheet) = (file(Format::Html), file(Format::Xlsx), file(Format::Csv));
    let (json, pdf) = (file(Format::Json), file(Format::Pdf));
    let mut html = reading::html(&page);
    html.truncate(tables.len());
    let read = [
        (Format::Html, html),
        (Format::Json, reading::json(&json)),
        (Format::Xlsx, reading::workbook(&book, &tables)),
        (Format::Csv, reading::csv_tables(&sheet, &tables)),
    ];
    for (format, read) in &read {
        says_the_same(*format, read, &tables);
    }
    let pdf = bare(&crate::pdf::text(&pdf));
    for (table, cell) in tables
        .iter()
        .flat_map(|table| cells(table).map(move |cell| (table, cell)))
    {
        let Cell::Figure { figure } = cell else { continue };
        assert!(
            pdf.contains(&bare(&figure.text)),
            "{} of {}",
            figure.text,
            table.caption
        );
    }
    let words = [
        (Format::Html, bare(&reading::page_words(&page))),
        (Format::Pdf, pdf.clone()),
        (Format::Xlsx, bare(&reading::sheet(&book, "Document").concat().concat())),
        (Format::Csv, bare(&reading::lines(&sheet).concat().concat())),
        (Format::Json, bare(&String::from_utf8(json).unwrap())),
    ];
    for figure in beside_tables(&document) {
        let number = figure.exact.map(|exact| exact.number.normalize().to_string());
        for (format, words) in &words {
            let told = words.contains(&bare(&figure.text)) || number.as_ref().is_some_and(|of| words.contains(of));
            assert!(told, "{format:?} lacks {}", figure.text);
        }
    }
    let [(_, html), ..] = read;
    leave(&document, &printer);
    Printed {
        document,
        hidden,
        html,
        pdf,
    }
}

impl Printed {
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

    /// Fails unless the file that is printed has these words, wherever its lines are broken.
    #[track_caller]
    pub fn must_say(&self, words: &str) {
        assert!(self.pdf.contains(&bare(words)), "{words}");
    }

    /// No heading has nothing under it, no table is without rows, and none has a note twice.
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
            }
        }
        for table in tables(&self.document) {
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

fn tables(document: &Document) -> Vec<&Table> {
    let tables = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Chart(chart) => Some(&chart.table),
        _ => None,
    });
    tables.collect()
}

fn cells(table: &Table) -> impl Iterator<Item = &Cell> {
    table.rows.iter().flat_map(|row| &row.cells)
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

/// For whoever wants to look at what was printed: into the folder that COUNTERSIGN_TEST_PAPERS names.
fn leave(document: &Document, printer: &Printer) {
    let Some(folder) = std::env::var_os("COUNTERSIGN_TEST_PAPERS").map(PathBuf::from) else {
        return;
    };
    for (format, ending) in [(Format::Html, "html"), (Format::Pdf, "pdf"), (Format::Xlsx, "xlsx")] {
        let name = format!("{}, {:?}.{ending}", document.title, document.audience);
        std::fs::write(folder.join(name), printer.print(document, format).unwrap()).unwrap();
    }
}
