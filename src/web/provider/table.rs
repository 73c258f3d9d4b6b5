//! A table of a section's page: its rows and columns, each cell with the boxes of its kind.
//!
//! Invariant: every cell says of which row and which column it is; what was typed into a row that is blank to the form,
//! or out of its order, is still in its boxes.

use std::collections::BTreeSet;

use countersign_domain::answers::Typed;
use countersign_domain::answers::types::{QuestionView, RowView, TableView};
use countersign_domain::form::schema::{Kind, Question, Severity, Table, TableKind, TableRow, TableRows};
use serde::Serialize;

use super::boxes::{Boxes, Names, Standing, Warning, boxes, warning};
use super::cells::of_cell;
use super::sheet::Sheet;
use crate::web::said::Said;

/// As wide as a page is, in pixels: a table that needs more is shown as cards.
const PAGE_WIDTH: u32 = 960;
/// As much of that as what names a line needs.
const NAME_WIDTH: u32 = 200;

/// As wide as a box to tick is with its words, in pixels.
const TICK_WIDTH: u32 = 180;
/// Rows are numbered below this.
const MOST_ROWS: u32 = 1000;

/// A table, ready for its template.
#[derive(Debug, Serialize)]
pub struct Shown {
    made_as: &'static str,
    cards: bool,
    added: bool,
    heads: Vec<Head>,
    lines: Vec<Line>,
    /// The sums under the columns; or, where the rows stand across, one at the end of each line.
    totals: Vec<Total>,
    turned: bool,
    has_totals: bool,
    most_rows: Option<u32>,
    has_room: bool,
}

/// What stands above a column of boxes: a column of the table, or a row of a turned one.
#[derive(Debug, Serialize)]
struct Head {
    id: Option<String>,
    label: Said,
    hint: Option<Said>,
    said: RowSaid,
}

/// A line of boxes: a row of the table, or a column of a turned one.
#[derive(Debug, Serialize)]
struct Line {
    id: Option<String>,
    label: Said,
    hint: Option<Said>,
    /// Of rows that are added, as people count: from 1.
    number: Option<u32>,
    cells: Vec<Cell>,
    said: RowSaid,
    /// What the button says that takes it out.
    drop: Option<String>,
    /// The answer for which a comment is asked: `yes` or `no`.
    comment_when: Option<&'static str>,
    total: Option<Total>,
}

/// What is found of a row as a whole.
#[derive(Debug, Default, Serialize)]
struct RowSaid {
    error: Option<String>,
    warnings: Vec<Warning>,
}

/// A cell.
#[derive(Debug, Serialize)]
struct Cell {
    #[serde(flatten)]
    boxes: Boxes,
    /// Of which row and column.
    row: Said,
    column: Said,
    hint: Option<Said>,
}

/// A sum, by the key under which a save while typing brings it.
#[derive(Debug, Clone, Serialize)]
struct Total {
    id: String,
    label: Said,
    shown: String,
    has: bool,
}

/// The key of a column's sum.
pub fn total_key(table: &str, column: &str) -> String {
    format!("{table}.~total.{column}")
}

/// Puts a table together; `now` is what stands in its boxes.
pub fn shown(sheet: &Sheet<'_>, question: &Question, table: &Table, view: &QuestionView, now: &Typed) -> Shown {
    let rows = rows(sheet, table, view, now);
    let columns = &table.columns;
    let (most_rows, added) = match table.rows {
        TableRows::Added { max, .. } => (Some(max), true),
        _ => (None, false),
    };
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let cards = as_cards(table, table.turned && !added, count);
    // A card is one row with all that is asked of it: there is nothing to turn.
    let turned = table.turned && !added && !cards;
    let lines: Vec<Line> = rows
        .iter()
        .map(|row| line(sheet, question, table, row, now, added))
        .collect();
    let heads = columns
        .iter()
        .map(|column| Head {
            id: None,
            label: sheet.say(&column.label),
            hint: column.hint.as_ref().map(|hint| sheet.say(hint)),
            said: RowSaid::default(),
        })
        .collect();
    let totals = totals(sheet, &question.id, columns, view.table.as_ref());
    let has_totals = totals.iter().any(|total| total.has);
    let shown = Shown {
        made_as: match table.made_as {
            TableKind::Matrix => "matrix",
            TableKind::Funnel => "funnel",
            TableKind::Checklist => "checklist",
            TableKind::Risk => "risk",
        },
        cards,
        added,
        heads,
        lines,
        totals,
        turned,
        has_totals,
        most_rows,
        has_room: most_rows.is_some_and(|most| count < most),
    };
    if turned { turn(shown) } else { shown }
}

/// Rows across and columns down.
fn turn(table: Shown) -> Shown {
    let Shown {
        heads, lines, totals, ..
    } = table;
    let mut turned: Vec<Line> = heads
        .into_iter()
        .zip(totals)
        .map(|(head, total)| Line {
            id: head.id,
            label: head.label,
            hint: head.hint,
            number: None,
            cells: Vec::new(),
            said: RowSaid::default(),
            drop: None,
            comment_when: None,
            total: Some(total),
        })
        .collect();
    let mut across = Vec::new();
    for line in lines {
        across.push(Head {
            id: line.id,
            label: line.label,
            hint: line.hint,
            said: line.said,
        });
        for (into, cell) in turned.iter_mut().zip(line.cells) {
            into.cells.push(cell);
        }
    }
    Shown {
        heads: across,
        lines: turned,
        totals: Vec::new(),
        ..table
    }
}

/// A row of the table, whether the form sees it yet or not.
struct Row<'v> {
    id: String,
    label: Said,
    number: Option<u32>,
    view: Option<&'v RowView>,
    comment_when: Option<bool>,
}

fn rows<'v>(sheet: &Sheet<'_>, table: &'v Table, view: &'v QuestionView, now: &Typed) -> Vec<Row<'v>> {
    let views: &[RowView] = view.table.as_ref().map_or(&[], |table| &table.rows);
    let TableRows::Added { min, max } = table.rows else {
        return views.iter().map(|row| given_row(sheet, table, row)).collect();
    };
    let more = u32::from(sheet.typing.more.as_deref() == Some(&view.id));
    added_numbers(views, now, min, max, more)
        .into_iter()
        .map(|number| {
            let id = number.to_string();
            Row {
                label: Said::plain(format!("Row {}", number + 1)),
                number: Some(number + 1),
                view: views.iter().find(|row| row.id == id),
                comment_when: None,
                id,
            }
        })
        .collect()
}

/// The numbers of the rows that are shown: all that hold something, and new ones to fill in.
fn added_numbers(views: &[RowView], now: &Typed, min: u32, max: u32, more: u32) -> BTreeSet<u32> {
    let typed = now.fields.iter().filter(|(_, text)| !text.trim().is_empty());
    let typed = typed.filter_map(|(field, _)| field.split('.').next()?.parse::<u32>().ok());
    let seen = views.iter().filter_map(|row| row.id.parse::<u32>().ok());
    let mut numbers: BTreeSet<u32> = typed.chain(seen).collect();
    let wanted = numbers
        .len()
        .saturating_add(more as usize)
        .max(min as usize)
        .max(1)
        .min(max as usize);
    let next = numbers.last().map_or(0, |last| last + 1);
    // A number that was left blank is given again only when there is no higher one.
    for number in (next..MOST_ROWS).chain(0..next) {
        if numbers.len() >= wanted {
            break;
        }
        numbers.insert(number);
    }
    numbers
}

fn given_row<'v>(sheet: &Sheet<'_>, table: &'v Table, row: &'v RowView) -> Row<'v> {
    let fixed: Option<&TableRow> = match &table.rows {
        TableRows::Fixed(rows) => rows.iter().find(|known| known.id == row.id),
        _ => None,
    };
    let cohort = match table.rows {
        TableRows::Cohorts => sheet.page.form.cohorts.iter().find(|(id, _)| *id == row.id),
        _ => None,
    };
    let words = fixed.map(|row| &row.label).or(cohort.map(|(_, words)| words));
    Row {
        id: row.id.clone(),
        label: words.map_or_else(
            || Said::plain(row.label.clone()),
            |words| sheet.say_filled(words, &row.label),
        ),
        number: None,
        view: Some(row),
        comment_when: fixed.and_then(|row| row.comment_when),
    }
}

fn line(sheet: &Sheet<'_>, question: &Question, table: &Table, row: &Row<'_>, now: &Typed, added: bool) -> Line {
    let cells = table.columns.iter().enumerate().map(|(at, column)| {
        let view = row.view.and_then(|row| row.cells.get(at));
        let standing = Standing::of_cell(view);
        let typed = of_cell(now, &row.id, &column.id);
        let label = sheet.say(&column.label);
        let names = Names::of_cell(&question.id, &row.id, &column.id);
        let found = sheet.findings(&question.id, names.id());
        Cell {
            boxes: boxes(sheet, column, label.clone(), &names, &standing, &typed, found),
            row: row.label.clone(),
            column: label,
            hint: column.hint.as_ref().map(|hint| sheet.say(hint)),
        }
    });
    Line {
        id: Some(format!("{}.{}", question.id, row.id)),
        label: row.label.clone(),
        hint: None,
        number: row.number,
        cells: cells.collect(),
        said: said(sheet, &question.id, &row.id),
        drop: added.then(|| format!("drop.{}.{}", question.id, row.id)),
        comment_when: row.comment_when.map(|when| if when { "yes" } else { "no" }),
        total: None,
    }
}

fn said(sheet: &Sheet<'_>, question: &str, row: &str) -> RowSaid {
    let mut said = RowSaid::default();
    for finding in sheet.findings(question, &format!("{question}.{row}")) {
        match finding.severity {
            Severity::Error if said.error.is_none() => said.error = Some(finding.message.clone()),
            Severity::Error => {}
            Severity::Warning => said.warnings.push(warning(finding)),
        }
    }
    said
}

fn totals(sheet: &Sheet<'_>, table: &str, columns: &[Question], view: Option<&TableView>) -> Vec<Total> {
    let shown = |at: usize| view.and_then(|view| view.totals.get(at)).cloned().flatten();
    columns
        .iter()
        .enumerate()
        .map(|(at, column)| Total {
            id: total_key(table, &column.id),
            label: sheet.say(&column.label),
            shown: shown(at).unwrap_or_default(),
            has: column.total,
        })
        .collect()
}

/// Whether a table is shown as one card for each row on any screen: where its boxes would not fit side by side.
fn as_cards(table: &Table, turned: bool, rows: u32) -> bool {
    let Some(widths): Option<Vec<u32>> = table.columns.iter().map(width).collect() else {
        return true;
    };
    let boxes = if turned {
        rows.saturating_mul(widths.iter().copied().max().unwrap_or(0))
    } else {
        widths.iter().sum()
    };
    table.made_as == TableKind::Risk || boxes.saturating_add(NAME_WIDTH) > PAGE_WIDTH
}

/// How wide a column is with its boxes in it, in pixels; none for what needs a whole line.
fn width(column: &Question) -> Option<u32> {
    let boxes = match &column.kind {
        Kind::Text { .. } => 200,
        Kind::Money { .. } => 150,
        Kind::Count { .. } | Kind::Percent { .. } | Kind::Decimal { .. } => 110,
        Kind::Range { .. } => 130,
        Kind::Ratio { .. } => 180,
        Kind::Date => 230,
        Kind::YesNo => 160,
        Kind::Choice { .. } => 200,
        Kind::Calculated { .. } => 110,
        Kind::Narrative { .. }
        | Kind::Choices { .. }
        | Kind::Priority { .. }
        | Kind::Contact
        | Kind::Table(_)
        | Kind::Split { .. }
        | Kind::File { .. }
        | Kind::Declaration { .. } => return None,
    };
    let says_more = column.may_be_approximate || column.may_be_unknown || column.may_be_inapplicable;
    Some(if says_more { boxes.max(TICK_WIDTH) } else { boxes })
}
