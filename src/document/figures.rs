//! The figures of a document, wherever they stand in it.
//!
//! Invariant: a block that can hold figures is looked through here, so that none is forgotten.

use countersign_domain::document::{Block, Cell, Document, Mark, Run, Shown, Table};

/// Every figure, in reading order.
pub fn all(document: &Document) -> Vec<&Shown> {
    let mut found = Vec::new();
    for block in &document.blocks {
        match block {
            Block::Heading { .. } | Block::Story { .. } => {}
            Block::Paragraph { runs } => found.extend(runs.iter().filter_map(of_run)),
            Block::List { items, .. } => found.extend(items.iter().flatten().filter_map(of_run)),
            Block::Facts { facts } => found.extend(facts.iter().filter_map(|fact| of_cell(&fact.value))),
            Block::Table(table) => found.extend(of_table(table)),
            Block::Chart(chart) => found.extend(of_table(&chart.table)),
        }
    }
    found
}

/// The document as it may leave the server: nothing in it says where a figure comes from.
pub fn without_sources(document: &Document) -> Document {
    let mut bare = document.clone();
    for block in &mut bare.blocks {
        match block {
            Block::Heading { .. } | Block::Story { .. } => {}
            Block::Paragraph { runs } => runs.iter_mut().for_each(bare_run),
            Block::List { items, .. } => items.iter_mut().flatten().for_each(bare_run),
            Block::Facts { facts } => facts.iter_mut().for_each(|fact| bare_cell(&mut fact.value)),
            Block::Table(table) => bare_table(table),
            Block::Chart(chart) => bare_table(&mut chart.table),
        }
    }
    bare
}

/// The marks that its figures carry, each once: what stands for it, and what it means.
pub fn legend(document: &Document) -> Vec<(Mark, &'static str, &'static str)> {
    let figures = all(document);
    Mark::ALL
        .into_iter()
        .filter(|mark| figures.iter().any(|figure| figure.marks.contains(mark)))
        // What is rounded carries no symbol; it is always a count of people.
        .map(|mark| (mark, mark.symbol().unwrap_or("Counts of people"), mark.meaning()))
        .collect()
}

/// A table's figures.
pub fn of_table(table: &Table) -> impl Iterator<Item = &Shown> {
    table.rows.iter().flat_map(|row| &row.cells).filter_map(of_cell)
}

/// The words of a piece of a paragraph, its figure's marks included.
pub fn words_of_runs(runs: &[Run]) -> String {
    runs.iter()
        .map(|run| match run {
            Run::Text { text } | Run::Strong { text } | Run::Emphasis { text } => text,
            Run::Figure { figure } => figure.text.as_str(),
            Run::Break => "\n",
        })
        .collect()
}

/// The tables, those of charts among them, each with its coverage.
pub fn tables(document: &Document) -> impl Iterator<Item = &Table> {
    document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Chart(chart) => Some(&chart.table),
        _ => None,
    })
}

fn of_run(run: &Run) -> Option<&Shown> {
    match run {
        Run::Figure { figure } => Some(figure),
        Run::Text { .. } | Run::Strong { .. } | Run::Emphasis { .. } | Run::Break => None,
    }
}

fn of_cell(cell: &Cell) -> Option<&Shown> {
    match cell {
        Cell::Figure { figure } => Some(figure),
        Cell::Text { .. } => None,
    }
}

fn bare_run(run: &mut Run) {
    if let Run::Figure { figure } = run {
        figure.from = None;
    }
}

fn bare_cell(cell: &mut Cell) {
    if let Cell::Figure { figure } = cell {
        figure.from = None;
    }
}

fn bare_table(table: &mut Table) {
    table.rows.iter_mut().flat_map(|row| &mut row.cells).for_each(bare_cell);
}
