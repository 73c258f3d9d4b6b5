//! Looking through a document: its figures and tables wherever they stand, and the marks that it has to explain.
//!
//! Invariant: a block that can hold figures is looked through here, so that none is forgotten by a renderer.

use super::{Block, Cell, Document, Mark, Run, Shown, Table};
use crate::ids::FundId;

impl<F> Document<F> {
    /// Every figure, in reading order.
    #[must_use]
    pub fn figures(&self) -> Vec<&F> {
        let mut found = Vec::new();
        for block in &self.blocks {
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

    /// The tables, those of charts among them, in reading order.
    pub fn tables(&self) -> impl Iterator<Item = &Table<F>> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Chart(chart) => Some(&chart.table),
            _ => None,
        })
    }
}

impl Document<Shown> {
    /// The marks that its figures carry, each once, in the order in which they are explained.
    #[must_use]
    pub fn marks(&self) -> Vec<Mark> {
        self.marked(|mark, figure| figure.marks.contains(&mark))
    }

    /// Those that are to be seen: in a sentence a figure says the same in words.
    #[must_use]
    pub fn marks_seen(&self) -> Vec<Mark> {
        self.marked(|mark, figure| {
            let symbol = mark.symbol();
            figure.marks.contains(&mark) && symbol.is_none_or(|symbol| figure.text.contains(symbol))
        })
    }

    fn marked(&self, carries: impl Fn(Mark, &Shown) -> bool) -> Vec<Mark> {
        let figures = self.figures();
        let mut all = Mark::ALL.to_vec();
        all.retain(|mark| figures.iter().any(|figure| carries(*mark, figure)));
        all
    }

    /// The document as it may leave the server: nothing in it says where a figure comes from.
    #[must_use]
    pub fn without_sources(&self) -> Self {
        self.clone().map(&mut |figure, _| Shown { from: None, ..figure })
    }

    /// The same, saying where a figure comes from only where every fund that it is of is open to the reader.
    #[must_use]
    pub fn with_sources_of(self, open: impl Fn(FundId) -> bool) -> Self {
        self.map(&mut |figure, _| Shown {
            from: figure.from.filter(|source| source.funds().all(&open)),
            ..figure
        })
    }
}

impl Run<Shown> {
    /// Its words, the marks of a figure included.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Text { text } | Self::Strong { text } | Self::Emphasis { text } => text,
            Self::Figure { figure } => &figure.text,
            Self::Break => "\n",
        }
    }
}

fn of_table<F>(table: &Table<F>) -> impl Iterator<Item = &F> {
    table.rows.iter().flat_map(|row| &row.cells).filter_map(of_cell)
}

fn of_run<F>(run: &Run<F>) -> Option<&F> {
    match run {
        Run::Figure { figure } => Some(figure),
        Run::Text { .. } | Run::Strong { .. } | Run::Emphasis { .. } | Run::Break => None,
    }
}

fn of_cell<F>(cell: &Cell<F>) -> Option<&F> {
    match cell {
        Cell::Figure { figure } => Some(figure),
        Cell::Text { .. } => None,
    }
}
