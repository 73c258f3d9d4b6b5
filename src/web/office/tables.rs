//! Tables as an officer reads them: of a revision's document, or of the draft as it stands.
//!
//! Invariant: a cell says what was submitted; what it said in the revision before stands beneath it, and what is no
//! longer there is named.

use countersign_domain::answers::Change;
use countersign_domain::form::schema::{Form, Kind};

use super::beside::Beside;
use super::reading::Answered;
use super::table_read::{CellKind, RowRead, TableRead};
use crate::web::grid::{Cell, Grid, Line};
use crate::web::said::Said;

impl TableRead {
    /// Whether a column holds figures, which line up.
    fn is_numeric(&self, column: &str) -> bool {
        let mut cells = self.rows.iter().flat_map(|row| &row.cells);
        cells.any(|cell| cell.column == column && cell.read != CellKind::Words)
    }

    /// As it is set on a page, with what each cell said in the revision before.
    pub fn grid(&self, answer: &Answered, section: &str, beside: &Beside<'_>) -> Grid {
        let was = |row: &str, column: &str| {
            let changes = beside.changes.iter();
            let mut here = changes.filter(|change| change.section == section && change.question == answer.question);
            let change = here.find(|change| is_cell(change, row, column))?;
            Some(change.before.clone())
        };
        let lines = self.rows.iter().map(|row| Line {
            label: Said::plain(row.label.clone()),
            cells: self
                .columns
                .iter()
                .map(|column| cell(row, &column.column, self.is_numeric(&column.column), &was))
                .collect(),
            total: false,
        });
        let totals: Vec<Option<String>> = self.columns.iter().map(|column| column.total.clone()).collect();
        let grid = Grid {
            heads: self
                .columns
                .iter()
                .map(|column| Said::plain(column.label.clone()))
                .collect(),
            lines: lines.collect(),
        }
        .with_totals(&totals);
        // Which way round it stands is no part of what was answered.
        if is_turned(beside.form, &answer.question) {
            grid.turned()
        } else {
            grid
        }
    }
}

fn cell(row: &RowRead, column: &str, numeric: bool, was: &impl Fn(&str, &str) -> Option<String>) -> Cell {
    let found = row.cells.iter().find(|cell| cell.column == column);
    Cell {
        text: found.map(|cell| cell.shown.clone()).unwrap_or_default(),
        numeric,
        long: found.is_some_and(|cell| cell.shown.contains('\n')),
        notes: Vec::new(),
        was: was(&row.row, column),
    }
}

fn is_turned(form: &Form, question: &str) -> bool {
    form.question(question)
        .is_some_and(|(_, question)| matches!(&question.kind, Kind::Table(table) if table.turned))
}

fn is_cell(change: &Change, row: &str, column: &str) -> bool {
    let place = change.cell.as_ref();
    place.is_some_and(|cell| cell.row == row && cell.column.as_deref() == Some(column))
}

/// Cells of the revision before that this one does not have, each in words.
pub fn gone(answer: &Answered, section: &str, changes: &[Change]) -> Vec<String> {
    let Some(table) = &answer.table else { return Vec::new() };
    let there = |change: &Change| {
        let has = |row: &RowRead| row.cells.iter().any(|cell| is_cell(change, &row.row, &cell.column));
        table.rows.iter().any(has)
    };
    let here = changes
        .iter()
        .filter(|change| change.section == section && change.question == answer.question && change.cell.is_some());
    here.filter(|change| !there(change))
        .map(|change| format!("No longer there: {}, which was {}", change.label, change.before))
        .collect()
}
