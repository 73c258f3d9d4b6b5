//! Answers as they stand, to be read: on "check your answers", and on a section that cannot be changed now.
//!
//! Invariant: what is hidden is not here; what could not be read is shown as it was typed.

use countersign_domain::answers::types::{Answer, CellView, FileRef, QuestionView, RowView};
use countersign_domain::form::schema::{Kind, Question, Table, TableRows};
use serde::Serialize;

use super::beside::{Asked, queries};
use super::question::{File, documents};
use super::sheet::Sheet;
use super::{cells, place};
use crate::web::as_typed;
use crate::web::grid::{Cell, Grid, Line};
use crate::web::said::Said;

/// An answer to be read.
#[derive(Debug, Serialize)]
pub struct Read {
    id: String,
    label: Said,
    shown: Said,
    /// Several lines.
    long: bool,
    note: Option<String>,
    previous: Option<String>,
    files: Vec<File>,
    table: Option<Grid>,
    queries: Vec<Asked>,
    required: bool,
    /// Where it is changed, where it can be.
    change: Option<String>,
}

/// The answers of a section.
pub fn of_section(sheet: &Sheet<'_>) -> Vec<Read> {
    let shown = sheet.section.questions.iter().filter(|view| view.visible);
    shown.map(|view| read(sheet, view)).collect()
}

fn read(sheet: &Sheet<'_>, view: &QuestionView) -> Read {
    let question = sheet.question(view);
    let can_change = sheet.page.editable && !question.locked && !matches!(question.kind, Kind::Calculated { .. });
    let files: &[FileRef] = view.draft.as_ref().map_or(&[], |draft| &draft.files);
    let table = match &question.kind {
        Kind::Table(table) => grid(sheet, table, view),
        _ => None,
    };
    Read {
        id: view.id.clone(),
        label: sheet.say_filled(&question.label, &view.label),
        shown: if table.is_some() {
            Said::default()
        } else {
            answer(sheet, question, view)
        },
        long: matches!(question.kind, Kind::Narrative { .. }),
        note: view.note.clone(),
        previous: view.previous.clone(),
        files: documents(files),
        table,
        queries: queries(sheet.page, sheet.section, &view.id, &sheet.typing.replies),
        required: question.required,
        change: can_change.then(|| format!("{}#{}", place::address(&sheet.section.key), view.id)),
    }
}

/// An answer in words; what was chosen, in the reader's language.
fn answer(sheet: &Sheet<'_>, question: &Question, view: &QuestionView) -> Said {
    use countersign_domain::answers::types::Value;
    match (&question.kind, &view.answer) {
        (Kind::Choice { options }, Answer::Given(Value::Choice(id))) => {
            let found = options.iter().find(|(known, _)| known == id);
            found.map_or_else(
                || Said::plain(view.shown.clone()),
                |(_, words)| sheet.say_filled(words, &view.shown),
            )
        }
        // Nobody answers what is worked out.
        (Kind::Calculated { .. }, Answer::Blank) => Said::plain("–".to_owned()),
        (_, Answer::Blank) => Said::plain(view.draft.as_ref().map_or_else(String::new, |draft| {
            let typed = as_typed::words(&sheet.page.register, question, view, &draft.fields);
            if typed.trim().is_empty() {
                typed
            } else {
                format!("“{typed}”")
            }
        })),
        _ => Said::plain(view.shown.clone()),
    }
}

/// A table; none while it has no rows.
fn grid(sheet: &Sheet<'_>, table: &Table, view: &QuestionView) -> Option<Grid> {
    let shown = view.table.as_ref().filter(|shown| !shown.rows.is_empty())?;
    let lines = shown.rows.iter().map(|row| Line {
        label: row_label(sheet, table, row),
        cells: table
            .columns
            .iter()
            .zip(&row.cells)
            .map(|(column, cell)| self::cell(column, view, row, cell))
            .collect(),
        total: false,
    });
    let grid = Grid {
        heads: table.columns.iter().map(|column| sheet.say(&column.label)).collect(),
        lines: lines.collect(),
    }
    .with_totals(&shown.totals);
    Some(if table.turned { grid.turned() } else { grid })
}

fn row_label(sheet: &Sheet<'_>, table: &Table, row: &RowView) -> Said {
    let words = match &table.rows {
        TableRows::Fixed(rows) => rows.iter().find(|known| known.id == row.id).map(|known| &known.label),
        TableRows::Cohorts => {
            let found = sheet.page.form.cohorts.iter().find(|(id, _)| *id == row.id);
            found.map(|(_, words)| words)
        }
        TableRows::Added { .. } | TableRows::Allocations | TableRows::Lines | TableRows::Priorities => None,
    };
    words.map_or_else(
        || Said::plain(row.label.clone()),
        |words| sheet.say_filled(words, &row.label),
    )
}

fn cell(column: &Question, view: &QuestionView, row: &RowView, cell: &CellView) -> Cell {
    let typed = view.draft.as_ref().map(|draft| {
        let fields = cells::of_cell(&draft.into(), &row.id, &column.id).fields;
        fields
            .into_values()
            .filter(|text| !text.trim().is_empty())
            .collect::<Vec<_>>()
            .join("; ")
    });
    let unread = typed.filter(|typed| !typed.is_empty() && cell.shown.is_empty() && cell.visible);
    Cell {
        text: unread.map_or_else(|| cell.shown.clone(), |typed| format!("“{typed}”")),
        numeric: is_figure(&column.kind),
        long: matches!(column.kind, Kind::Narrative { .. }),
        notes: cell.note.iter().cloned().collect(),
        was: None,
    }
}

/// Whether a column holds figures, which line up.
fn is_figure(kind: &Kind) -> bool {
    match kind {
        Kind::Money { .. }
        | Kind::Count { .. }
        | Kind::Percent { .. }
        | Kind::Decimal { .. }
        | Kind::Range { .. }
        | Kind::Ratio { .. }
        | Kind::Calculated { .. } => true,
        Kind::Text { .. }
        | Kind::Narrative { .. }
        | Kind::Date
        | Kind::YesNo
        | Kind::Choice { .. }
        | Kind::Choices { .. }
        | Kind::Priority { .. }
        | Kind::Contact
        | Kind::Table(_)
        | Kind::Split { .. }
        | Kind::File { .. }
        | Kind::Declaration { .. } => false,
    }
}
