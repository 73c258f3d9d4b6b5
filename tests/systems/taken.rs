//! A shipped paper of a system as it is taken away: printed in every format, and read back out of each.
//!
//! Invariant: what is asserted was read out of the web page, and every other format was held against the document first.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign::service::paper::print::Format;
use countersign::service::report::composed::{Asking, ComposeError, compose};
use countersign::sheets::guarded;
use countersign::store::register;
use countersign_domain::document::{Block, Cell, Chart, Document, INTERNAL, Run, Table, Unit, show};
use countersign_domain::form::schema::Audience;
use countersign_domain::period::Period;
use countersign_domain::report::Report;
use rust_decimal::Decimal;

use crate::outside::server::TestServer;
use crate::reading::{self, Read};

/// A paper with its five files.
pub struct Taken {
    document: Document,
    page: Vec<Read>,
    /// The words of each file, by its extension.
    words: BTreeMap<&'static str, String>,
}

/// The paper of a shipped report as it stands, with the texts that it starts with.
pub async fn taken(server: &TestServer, report: &str, fund: &str, period: Period, audience: Audience) -> Taken {
    let deps = &server.app.deps;
    let report = deps
        .reports
        .get(report)
        .unwrap_or_else(|| panic!("{report} is shipped"));
    let document = Arc::new(shown(server, &report, fund, period, audience).await);
    let mut files = BTreeMap::new();
    for format in Format::ALL {
        let bytes = deps.printer.print(&document, format).await.expect("it is printed");
        if let Ok(folder) = std::env::var("COUNTERSIGN_TEST_PAPERS") {
            let name = format!("{}-{audience:?}.{}", report.id, format.extension());
            std::fs::write(std::path::Path::new(&folder).join(name), &bytes).expect("the folder is there");
        }
        files.insert(format, bytes);
    }
    all_say_the_same(&document, &files);
    let mut page = reading::html(&files[&Format::Html]);
    page.pop();
    let words = files
        .iter()
        .map(|(format, bytes)| (format.extension(), words(*format, bytes)));
    Taken {
        page,
        words: words.collect(),
        document: Arc::unwrap_or_clone(document),
    }
}

async fn shown(server: &TestServer, report: &Report, fund: &str, period: Period, audience: Audience) -> Document {
    let deps = &server.app.deps;
    let fund = register::fund_by_key(&deps.store.read(), fund).await.unwrap().unwrap();
    let starts = report.prose.iter().map(|prose| (prose.id.clone(), prose.start.clone()));
    let prose: BTreeMap<String, String> = starts.collect();
    let asking = Asking {
        fund: fund.id,
        report,
        period,
        prose: &prose,
        cleared: &[],
        provisional: false,
        audience,
        today: server.now().date_naive(),
    };
    let composed = match compose(deps, asking).await {
        Ok(composed) => composed,
        Err(ComposeError::Report(problems)) => panic!("{problems:#?}"),
        Err(error) => panic!("{error}"),
    };
    let internal = audience == Audience::Internal;
    let policy = report.policy.filter(|_| !internal);
    let watermark = if internal { INTERNAL } else { "Preview: not published" };
    let watermark = Some(watermark.to_owned());
    show(composed.document, audience, policy, &[], watermark).document
}

fn tables(document: &Document) -> Vec<&Table> {
    let tables = document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) | Block::Chart(Chart { table, .. }) => Some(table),
        _ => None,
    });
    tables.collect()
}

fn words(format: Format, bytes: &[u8]) -> String {
    match format {
        Format::Pdf => crate::pdf::text(bytes),
        Format::Xlsx => reading::unpacked(bytes).into_iter().map(|(_, text)| text).collect(),
        Format::Html => {
            let page = scraper::Html::parse_document(std::str::from_utf8(bytes).unwrap());
            reading::words(page.root_element())
        }
        Format::Csv | Format::Json => String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

/// Letters and digits alone: a line of a PDF ends where its column does.
fn bare(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Every table of the document is read back out of each format, cell by cell.
fn all_say_the_same(document: &Document, files: &BTreeMap<Format, Vec<u8>>) {
    let tables = tables(document);
    let mut page = reading::html(&files[&Format::Html]);
    page.pop();
    let json = reading::json(&files[&Format::Json]);
    let book = reading::workbook(&files[&Format::Xlsx], &tables);
    let csv = reading::csv_tables(&files[&Format::Csv], &tables);
    let pdf = bare(&words(Format::Pdf, &files[&Format::Pdf]));
    assert_eq!((page.len(), json.len()), (tables.len(), tables.len()));
    for (at, table) in tables.iter().enumerate() {
        assert!(pdf.contains(&bare(&table.caption)), "the PDF lacks {}", table.caption);
        for (row, cells) in table.rows.iter().enumerate() {
            for (column, cell) in cells.cells.iter().enumerate() {
                let (text, exact) = match cell {
                    Cell::Text { text } => (text.as_str(), None),
                    Cell::Figure { figure } => (figure.text.as_str(), figure.exact),
                };
                let place = format!("{}, row {row}, column {column}: {text}", table.caption);
                let number = exact.map(|exact| exact.number);
                for read in [&page[at].rows[row][column], &json[at].rows[row][column]] {
                    assert_eq!((read.text.as_str(), read.number), (text, number), "{place}");
                }
                let of_csv = number.map_or_else(|| guarded(text), |number| number.to_string());
                assert_eq!(csv[at].rows[row][column].text, of_csv, "{place}");
                let of_book = &book[at].rows[row][column];
                match exact.map(|exact| exact.unit) {
                    None => assert_eq!(of_book.text, text, "{place}"),
                    Some(unit) => {
                        let parts = if unit == Unit::Percent {
                            Decimal::ONE_HUNDRED
                        } else {
                            Decimal::ONE
                        };
                        assert_eq!(of_book.number.map(|read| read * parts), number, "{place}");
                    }
                }
                assert!(pdf.contains(&bare(text)), "the PDF lacks {place}");
            }
        }
    }
}

impl Taken {
    /// The row of a table that begins with this, as the page shows it.
    #[track_caller]
    pub fn row(&self, caption: &str, first: &str) -> Vec<&str> {
        let rows = self.table(caption);
        let found = rows.iter().find(|row| row[0] == first);
        found.unwrap_or_else(|| panic!("no row {first} in {rows:#?}")).clone()
    }

    /// The rows of a table, as the page shows them.
    #[track_caller]
    pub fn table(&self, caption: &str) -> Vec<Vec<&str>> {
        let captions: Vec<&str> = self.page.iter().map(|table| table.caption.as_str()).collect();
        let table = self.page.iter().find(|table| table.caption == caption);
        let table = table.unwrap_or_else(|| panic!("no table {caption} among {captions:#?}"));
        let rows = table.rows.iter();
        rows.map(|row| row.iter().map(|cell| cell.text.as_str()).collect())
            .collect()
    }

    /// Whether every format says this, in whatever lines; the workbook in its shared strings.
    #[track_caller]
    pub fn says(&self, words: &str) {
        for (format, text) in &self.words {
            assert!(bare(text).contains(&bare(words)), "{format} lacks {words}");
        }
    }

    /// Whether no format says this.
    #[track_caller]
    pub fn never_says(&self, words: &str) {
        for (format, text) in &self.words {
            assert!(!text.contains(words), "{format} says {words}");
        }
    }

    /// No heading stands over nothing, and no table is empty without a word.
    pub fn has_nothing_empty(&self) {
        let blocks = &self.document.blocks;
        for (at, block) in blocks.iter().enumerate() {
            if let Block::Heading { level, text } = block {
                let under = match blocks.get(at + 1) {
                    Some(Block::Heading { level: next, .. }) => next > level,
                    Some(_) => true,
                    None => false,
                };
                assert!(under, "nothing stands under {text}");
            }
        }
        for table in tables(&self.document) {
            assert!(
                !table.rows.is_empty() || !table.notes.is_empty(),
                "{} is empty without a word",
                table.caption
            );
        }
    }

    /// The figures of its sentences, as they are shown.
    pub fn sentences(&self) -> String {
        let runs = self.document.blocks.iter().filter_map(|block| match block {
            Block::Paragraph { runs } => Some(runs),
            _ => None,
        });
        let words = runs.flatten().map(|run| match run {
            Run::Text { text } | Run::Strong { text } | Run::Emphasis { text } => text.as_str(),
            Run::Figure { figure } => figure.text.as_str(),
            Run::Break => "\n",
        });
        words.collect()
    }
}
