//! A paper of a system's returns, as words and figures that a test can hold against the real paper's.
//!
//! Invariant: a figure is shown by the value that it has before anything is held back; `~` stands before an approximate one.

use std::collections::BTreeMap;

use countersign::service::report::composed::{Asking, Cleared, ComposeError, Composed, compose};
use countersign::store::register;
use countersign_domain::answers::format;
use countersign_domain::document::{Block, Cell, Document, Fact, Raw, Run, Table, Told};
use countersign_domain::form::schema::Audience;
use countersign_domain::period::Period;
use countersign_domain::report::{Report, parse};

use crate::outside::server::TestServer;

/// Which version of a paper.
#[derive(Clone, Copy)]
pub struct Version {
    pub provisional: bool,
    pub audience: Audience,
}

impl Default for Version {
    fn default() -> Self {
        Version {
            provisional: false,
            audience: Audience::Panel,
        }
    }
}

/// A report file, which must be right.
pub fn report(source: &str) -> Report {
    parse(source, "told").unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// A paper of a fund, for the audience of its report.
pub async fn paper(server: &TestServer, report: &Report, fund: &str, period: Period, cleared: &[Cleared]) -> Composed {
    match composed(server, report, fund, period, cleared, Version::default()).await {
        Ok(composed) => composed,
        Err(ComposeError::Report(problems)) => panic!("{problems:#?}"),
        Err(error) => panic!("{error}"),
    }
}

pub async fn composed(
    server: &TestServer,
    report: &Report,
    fund: &str,
    period: Period,
    cleared: &[Cleared],
    version: Version,
) -> Result<Composed, ComposeError> {
    let deps = &server.app.deps;
    let fund = register::fund_by_key(&deps.store.read(), fund).await.unwrap().unwrap();
    let prose = BTreeMap::new();
    let asking = Asking {
        fund: fund.id,
        report,
        period,
        prose: &prose,
        cleared,
        provisional: version.provisional,
        audience: version.audience,
        today: server.now().date_naive(),
    };
    compose(deps, asking).await
}

/// A table by its caption: its headings, then its rows.
pub fn table(document: &Document<Raw>, caption: &str) -> Vec<Vec<String>> {
    let found = find(document, caption);
    let headings = found.columns.iter().map(|column| column.title.clone()).collect();
    let rows = found.rows.iter().map(|row| row.cells.iter().map(cell).collect());
    std::iter::once(headings).chain(rows).collect()
}

/// The table or chart with this caption.
pub fn find<'d>(document: &'d Document<Raw>, caption: &str) -> &'d Table<Raw> {
    let tables = || {
        document.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Chart(chart) => Some(&chart.table),
            _ => None,
        })
    };
    let captions: Vec<&str> = tables().map(|table| table.caption.as_str()).collect();
    tables()
        .find(|table| table.caption == caption)
        .unwrap_or_else(|| panic!("no table {caption} among {captions:?}"))
}

/// The rows of a table that begin with this.
pub fn row(document: &Document<Raw>, caption: &str, first: &str) -> Vec<String> {
    let rows = table(document, caption);
    let found = rows.iter().find(|row| row[0] == first);
    found.unwrap_or_else(|| panic!("no row {first} in {rows:#?}")).clone()
}

fn cell(cell: &Cell<Raw>) -> String {
    match cell {
        Cell::Text { text } => text.clone(),
        Cell::Figure { figure: raw } => figure(raw),
    }
}

pub fn figure(raw: &Raw) -> String {
    let shown = match &raw.told {
        Told::Value(value) => format::figure(value),
        Told::Listed(many) => format!("{many} listed"),
    };
    let marks = [(raw.approximately, "~"), (raw.restated, "r"), (raw.provisional, "p")];
    let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
    format!("{marks}{shown}")
}

/// A whole document as text, for whoever looks at what a test got.
pub fn text(document: &Document<Raw>) -> String {
    let runs = |runs: &[Run<Raw>]| -> String {
        runs.iter()
            .map(|run| match run {
                Run::Text { text } | Run::Strong { text } | Run::Emphasis { text } => text.clone(),
                Run::Figure { figure: raw } => figure(raw),
                Run::Break => "\n".to_owned(),
            })
            .collect()
    };
    let of_table = |table: &Table<Raw>| {
        let mut lines = vec![format!("[{}]", table.caption)];
        let headings: Vec<&str> = table.columns.iter().map(|column| column.title.as_str()).collect();
        lines.push(headings.join(" | "));
        lines.extend(
            table
                .rows
                .iter()
                .map(|row| row.cells.iter().map(cell).collect::<Vec<_>>().join(" | ")),
        );
        lines.extend(table.coverage.iter().map(|coverage| format!("{coverage:?}")));
        lines.extend(table.notes.iter().map(|note| format!("* {note}")));
        lines.join("\n")
    };
    let blocks = document.blocks.iter().map(|block| match block {
        Block::Heading { level, text } => format!("{} {text}", "#".repeat(usize::from(*level))),
        Block::Paragraph { runs: all } => runs(all),
        Block::List { items, .. } => items
            .iter()
            .map(|item| format!("- {}", runs(item)))
            .collect::<Vec<_>>()
            .join("\n"),
        Block::Story { title, text, source } => format!("“{title}” {text} ({source})"),
        Block::Facts { facts } => facts
            .iter()
            .map(|Fact { name, value }| format!("{name}: {}", cell(value)))
            .collect::<Vec<_>>()
            .join("\n"),
        Block::Table(table) => of_table(table),
        Block::Chart(chart) => format!("chart {}", of_table(&chart.table)),
    });
    blocks.collect::<Vec<_>>().join("\n\n")
}

pub fn year(from: i32) -> Period {
    Period::financial_year(from).expect("a year")
}
