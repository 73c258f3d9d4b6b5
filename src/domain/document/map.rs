//! The same document with other figures.
//!
//! Invariant: every figure is visited once, in reading order, and nothing else changes.

use super::{Block, Cell, Chart, Document, Fact, Row, Run, Table};

/// Where a figure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Within words.
    Sentence,
    /// Alone, in a table or beside a name.
    Cell,
}

impl<F> Document<F> {
    /// Puts something in the place of each figure.
    pub fn map<G>(self, to: &mut impl FnMut(F, Place) -> G) -> Document<G> {
        Document {
            title: self.title,
            subtitle: self.subtitle,
            audience: self.audience,
            watermark: self.watermark,
            dated: self.dated,
            blocks: self.blocks.into_iter().map(|block| block.map(to)).collect(),
            definitions: self.definitions,
        }
    }
}

impl<F> Block<F> {
    fn map<G>(self, to: &mut impl FnMut(F, Place) -> G) -> Block<G> {
        match self {
            Self::Heading { level, text } => Block::Heading { level, text },
            Self::Paragraph { runs } => Block::Paragraph {
                runs: all_runs(runs, to),
            },
            Self::List { ordered, items } => Block::List {
                ordered,
                items: items.into_iter().map(|runs| all_runs(runs, to)).collect(),
            },
            Self::Story { title, text, source } => Block::Story { title, text, source },
            Self::Facts { facts } => Block::Facts {
                facts: facts
                    .into_iter()
                    .map(|fact| Fact {
                        name: fact.name,
                        value: fact.value.map(to),
                    })
                    .collect(),
            },
            Self::Table(table) => Block::Table(table.map(to)),
            Self::Chart(chart) => Block::Chart(Chart {
                drawn: chart.drawn,
                title: chart.title,
                series: chart.series,
                table: chart.table.map(to),
            }),
        }
    }
}

impl<F> Table<F> {
    fn map<G>(self, to: &mut impl FnMut(F, Place) -> G) -> Table<G> {
        let mut row = |row: Row<F>| Row {
            cells: row.cells.into_iter().map(|cell| cell.map(to)).collect(),
            total: row.total,
        };
        Table {
            caption: self.caption,
            columns: self.columns,
            rows: self.rows.into_iter().map(&mut row).collect(),
            coverage: self.coverage,
            notes: self.notes,
        }
    }
}

impl<F> Cell<F> {
    fn map<G>(self, to: &mut impl FnMut(F, Place) -> G) -> Cell<G> {
        match self {
            Self::Text { text } => Cell::Text { text },
            Self::Figure { figure } => Cell::Figure {
                figure: to(figure, Place::Cell),
            },
        }
    }
}

fn all_runs<F, G>(runs: Vec<Run<F>>, to: &mut impl FnMut(F, Place) -> G) -> Vec<Run<G>> {
    let one = |run| match run {
        Run::Text { text } => Run::Text { text },
        Run::Strong { text } => Run::Strong { text },
        Run::Emphasis { text } => Run::Emphasis { text },
        Run::Figure { figure } => Run::Figure {
            figure: to(figure, Place::Sentence),
        },
        Run::Break => Run::Break,
    };
    runs.into_iter().map(one).collect()
}
