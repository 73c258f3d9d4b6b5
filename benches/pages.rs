//! What it costs to set a paper as a PDF file, against how many pages it has.
//!
//! Invariant: says ratios beside times, because those hold on any machine: a page should cost the same in a paper of any
//! length, and the first paper of a process little more than the next. Run with
//! `cargo bench -p countersign-typeset --bench pages`.

use std::time::{Duration, Instant};

use countersign_domain::document::{Block, Cell, Document, Table};
use countersign_typeset::pdf;

#[path = "../src/typeset/tests/sample.rs"]
mod sample;
mod timing;

use timing::{ms, peak, ratio};

/// How often each is set; the quickest counts.
const TIMES: usize = 5;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let (large, before, begun) = (paper(PARTS), peak(true)?, Instant::now());
    let bytes = pdf(&large)?;
    let (first, more) = (begun.elapsed(), peak(false)?.saturating_sub(before));
    let mut costs: Vec<(u32, Duration)> = Vec::new();
    for paper in [&paper(0), &large, &paper(4 * PARTS)] {
        let pages = u32::try_from(lopdf::Document::load_mem(&pdf(paper)?)?.get_pages().len())?;
        let took = quickest(paper)?;
        costs.push((pages, took));
        println!(
            "{pages} pages: {}, {} times the shortest paper, {} a page",
            ms(took),
            ratio(took, costs[0].1),
            ms(took / pages)
        );
    }
    assert!(costs[0].0 == 1 && costs[1].0 >= 24, "as many pages as are promised");
    println!(
        "a page of the longest costs {} times a page of the one before",
        ratio(costs[2].1 / costs[2].0, costs[1].1 / costs[1].0)
    );
    println!(
        "the second as the first paper of its process: {}, {} times the next; a file of {} kB, {} MB of memory at most",
        ms(first),
        ratio(first, costs[1].1),
        bytes.len() / 1_000,
        more / 1_000
    );
    Ok(())
}

/// Parts of the paper that is promised within a second: 24 pages and a little.
const PARTS: usize = 6;

/// A paper of so many parts, each with a block of every kind, three charts among them, and a long table. No part says
/// what another says, so that nothing of it can be remembered; without any it is a page.
fn paper(parts: usize) -> Document {
    let mut blocks = vec![sample::paragraph("What the fund paid for, and what came of it.")];
    for nth in 1..=parts {
        let part = sample::every_block().blocks.into_iter().chain(sample::long(1).blocks);
        blocks.extend(part.map(|block| told_apart(block, nth)));
    }
    sample::document(blocks)
}

fn told_apart(mut block: Block, nth: usize) -> Block {
    let own = |table: &mut Table| {
        table.caption = format!("{} in part {nth}", table.caption);
        let cells = table.rows.iter_mut().flat_map(|row| &mut row.cells);
        for (at, cell) in cells.enumerate() {
            match cell {
                Cell::Text { text } => *text = format!("{text} {nth}"),
                Cell::Figure { figure } if figure.exact.is_some() => {
                    *figure = sample::pounds(i64::try_from(at * 7_919 + nth * 104_729).unwrap_or_default());
                }
                Cell::Figure { .. } => {}
            }
        }
    };
    match &mut block {
        Block::Heading { text, .. } => *text = format!("{text} {nth}"),
        Block::Paragraph { runs } => runs.push(sample::words(&format!(" So much for part {nth}."))),
        Block::List { items, .. } => items
            .iter_mut()
            .for_each(|item| item.push(sample::words(&format!(" {nth}")))),
        Block::Story { text, .. } => *text = format!("{text} {nth}"),
        Block::Facts { facts } => facts
            .iter_mut()
            .for_each(|fact| fact.name = format!("{} {nth}", fact.name)),
        Block::Table(table) => own(table),
        Block::Chart(chart) => {
            chart.title = format!("{} in part {nth}", chart.title);
            own(&mut chart.table);
        }
    }
    block
}

fn quickest(paper: &Document) -> Outcome<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..TIMES {
        let begun = Instant::now();
        pdf(paper)?;
        best = best.min(begun.elapsed());
    }
    Ok(best)
}
