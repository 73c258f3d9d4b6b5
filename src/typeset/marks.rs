//! The marks that are to be seen in a paper, which its last section explains.

use countersign_domain::document::{Block, Cell, Document, Mark, Run, Shown, Table};

/// Those that a figure carries, and that stand in its words where they have a symbol.
pub(crate) fn seen(document: &Document<Shown>) -> Vec<Mark> {
    let figures: Vec<&Shown> = document.blocks.iter().flat_map(figures).collect();
    let stands = |mark: Mark, figure: &Shown| {
        let symbol = mark.symbol();
        figure.marks.contains(&mark) && symbol.is_none_or(|symbol| figure.text.contains(symbol))
    };
    let all = Mark::ALL.into_iter();
    all.filter(|mark| figures.iter().any(|figure| stands(*mark, figure)))
        .collect()
}

fn figures(block: &Block) -> Vec<&Shown> {
    match block {
        Block::Heading { .. } | Block::Story { .. } => vec![],
        Block::Paragraph { runs } => runs.iter().filter_map(of_run).collect(),
        Block::List { items, .. } => items.iter().flatten().filter_map(of_run).collect(),
        Block::Facts { facts } => facts.iter().filter_map(|fact| of_cell(&fact.value)).collect(),
        Block::Table(table) => of_table(table),
        Block::Chart(chart) => of_table(&chart.table),
    }
}

fn of_table(table: &Table) -> Vec<&Shown> {
    table
        .rows
        .iter()
        .flat_map(|row| &row.cells)
        .filter_map(of_cell)
        .collect()
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
