//! The parts of a document, put together in few words.
//!
//! Invariant: a row is as long as its table is wide.

use chrono::NaiveDate;
use countersign_domain::answers::format;
use countersign_domain::document::{Block, Cell, Column, Document, Exact, Fact, Mark, Row, Run, Shown, Table, Unit};
use countersign_domain::form::schema::Audience;
use countersign_domain::money::Money;
use rust_decimal::Decimal;

/// A document for the commissioner's own staff, with everything in it as it is.
pub fn internal(
    title: impl Into<String>,
    subtitle: impl Into<String>,
    dated: NaiveDate,
    blocks: Vec<Block>,
) -> Document {
    Document {
        title: title.into(),
        subtitle: subtitle.into(),
        audience: Audience::Internal,
        watermark: Some("Internal: not for publication".to_owned()),
        dated,
        blocks,
        definitions: Vec::new(),
    }
}

/// A heading of a part of the document.
pub fn heading(text: impl Into<String>) -> Block {
    Block::Heading {
        level: 2,
        text: text.into(),
    }
}

/// A paragraph of plain words.
pub fn paragraph(text: impl Into<String>) -> Block {
    let runs = vec![Run::Text { text: text.into() }];
    Block::Paragraph { runs }
}

/// Names and what they come to.
pub fn facts(facts: impl IntoIterator<Item = (impl Into<String>, Cell)>) -> Block {
    let facts = facts.into_iter().map(|(name, value)| Fact {
        name: name.into(),
        value,
    });
    Block::Facts { facts: facts.collect() }
}

/// A table without rows yet. Each column is its heading and whether it holds figures.
pub fn table(caption: impl Into<String>, columns: &[(&str, bool)]) -> Table {
    let columns = columns.iter().map(|(title, numeric)| Column {
        title: (*title).to_owned(),
        numeric: *numeric,
    });
    Table {
        caption: caption.into(),
        columns: columns.collect(),
        rows: Vec::new(),
        coverage: None,
        notes: Vec::new(),
    }
}

/// Adds a row, made as long as there are columns.
pub fn row(table: &mut Table, mut cells: Vec<Cell>) {
    cells.resize(table.columns.len(), words(""));
    table.rows.push(Row { cells, total: false });
}

/// Words.
pub fn words(text: impl Into<String>) -> Cell {
    Cell::Text { text: text.into() }
}

/// A figure as people read it, with its number where it is one.
pub fn figure(text: impl Into<String>, exact: Option<(Decimal, Unit)>, marks: Vec<Mark>) -> Cell {
    let figure = Shown {
        text: text.into(),
        exact: exact.map(|(number, unit)| Exact { number, unit }),
        marks,
        from: None,
    };
    Cell::Figure { figure }
}

/// An amount of money.
pub fn pounds(amount: Money, approximately: bool) -> Cell {
    let marks = if approximately {
        vec![Mark::Approximate]
    } else {
        Vec::new()
    };
    let shown = format::approximately(format::money(amount), approximately);
    figure(shown, Some((amount.to_decimal(), Unit::Pounds)), marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_as_long_as_the_table_is_wide() {
        let mut table = table("Projects", &[("Project", false), ("Spent", true)]);
        row(&mut table, vec![words("Short")]);
        row(&mut table, vec![words("Long"), words("£1"), words("too many")]);
        assert_eq!(table.rows.iter().map(|row| row.cells.len()).collect::<Vec<_>>(), [2, 2]);
    }
}
