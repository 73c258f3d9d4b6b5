//! The checks that a form writes.
//!
//! Invariant: a check speaks only when its rule is false. What it read is kept as one line, which ties an explanation
//! to those values.

use sha2::{Digest as _, Sha256};

use super::super::board::{At, Board, to_money};
use super::super::format;
use super::super::order::columns_of;
use super::super::scope::View;
use super::Raised;
use crate::form::rule::{Name, Rule, RuleValue, Scope};
use crate::form::schema::{Check, Each, Measure, MessagePart};

/// Longer lines of figures are kept as their print.
const LONGEST_FIGURES: usize = 400;

/// What a check says: once for the return, for each instance of its section, or for each row of its table there.
pub(super) fn raised(board: &Board<'_>, check: &Check) -> Vec<Raised> {
    let section = check
        .section
        .as_ref()
        .and_then(|id| board.form.sections.iter().position(|section| section.id == *id));
    let Some(section) = section else {
        return raise(&board.whole(), check, None, "return".to_owned())
            .into_iter()
            .collect();
    };
    let instances = board.instances_of(section);
    instances
        .flat_map(|instance| raised_in(board, check, instance))
        .collect()
}

/// What a check says of one instance of its section.
pub(super) fn raised_in(board: &Board<'_>, check: &Check, instance: usize) -> Vec<Raised> {
    let key = &board.instance(instance).key.0;
    let Some(table) = &check.table else {
        return raise(&board.view(instance), check, Some(instance), key.clone())
            .into_iter()
            .collect();
    };
    let section = &board.form.sections[board.instance(instance).section];
    let question = section.questions.iter().position(|question| question.id == *table);
    let grid = question.and_then(|question| Some((question, board.grid(instance, question)?)));
    let Some((question, grid)) = grid else {
        return Vec::new();
    };
    let rows = grid.rows.iter().enumerate().filter_map(|(row, of)| {
        let view = board.view_in_row(instance, question, row);
        raise(&view, check, Some(instance), format!("{key}/{table}/{}", of.id))
    });
    rows.collect()
}

fn raise(view: &View<'_>, check: &Check, instance: Option<usize>, place: String) -> Option<Raised> {
    if check.rule.eval(view) != RuleValue::Truth(false) {
        return None;
    }
    let message: String = check
        .message
        .parts
        .iter()
        .map(|part| match part {
            MessagePart::Text(text) => text.clone(),
            MessagePart::Value(rule) => said(rule.eval(view)),
        })
        .collect();
    let at = places(view, check, instance);
    let raised = Raised::beside(view.board, &check.id, check.severity, message, &at);
    Some(Raised {
        place,
        figures: figures_of(view, &check.rule),
        ..raised
    })
}

/// The questions of a check that are shown; failing those, the first that is shown where the check stands.
fn places(view: &View<'_>, check: &Check, instance: Option<usize>) -> Vec<At> {
    let board = view.board;
    let mut found: Vec<At> = check
        .at
        .iter()
        .flat_map(|id| everywhere(view, id))
        .filter(|at| board.cell(*at).visible)
        .collect();
    if found.is_empty() {
        found.extend(match instance {
            Some(instance) => first_shown(board, instance),
            None => (0..board.len()).find_map(|instance| first_shown(board, instance)),
        });
    }
    found
}

/// The first question of an instance that is shown.
pub(super) fn first_shown(board: &Board<'_>, instance: usize) -> Option<At> {
    let question = board.state.cells[instance].iter().position(|cell| cell.visible)?;
    Some(At::question(instance, question))
}

/// Where a question stands: seen from here, or everywhere when there is nothing to choose by.
fn everywhere(view: &View<'_>, id: &str) -> Vec<At> {
    let board = view.board;
    if let Some(at) = board.place(&view.seat, id) {
        return vec![at];
    }
    match board.layout.spots.get(id) {
        Some((section, question)) => {
            let instances = board.instances_of(*section);
            instances.map(|instance| At::question(instance, *question)).collect()
        }
        None => Vec::new(),
    }
}

/// A value in a sentence, in its own unit.
pub(super) fn said(value: RuleValue) -> String {
    match value {
        RuleValue::Blank => "(no figure)".to_owned(),
        RuleValue::NotApplicable => "not applicable".to_owned(),
        RuleValue::Number(number) => {
            let places = number.normalize().scale().min(2);
            format::number(format::rounded(number, places))
        }
        RuleValue::Money(pence) => to_money(pence).map_or_else(|| "(no figure)".to_owned(), format::money),
        RuleValue::Truth(true) => "yes".to_owned(),
        RuleValue::Truth(false) => "no".to_owned(),
        RuleValue::Text(text) => text,
        RuleValue::Date(date) => format::date(date),
    }
}

/// What a rule read, as one line: `spent=1653500; allocation.amount=1648600`. Over the rows of a section, every row's.
pub(super) fn figures_of(view: &View<'_>, rule: &Rule) -> String {
    let over_rows = goes_through_rows(rule);
    let line = rule
        .reads()
        .iter()
        .map(|name| {
            let rows = rows_behind(view, name);
            let here = (rows.is_none() || is_seen(view, name)).then(|| exact(view.value(name)));
            let rows = rows.filter(|_| over_rows).map(|rows| {
                let values: Vec<String> = rows.iter().map(|row| exact(row.value(name))).collect();
                values.join(",")
            });
            let values: Vec<String> = here.into_iter().chain(rows).collect();
            format!("{}={}", spelt(name), values.join(" of "))
        })
        .collect::<Vec<_>>()
        .join("; ");
    one_line(line)
}

/// A line of figures, or its print when it is long.
pub(super) fn one_line(line: String) -> String {
    if line.len() <= LONGEST_FIGURES {
        return line;
    }
    Sha256::digest(line.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Whether a rule adds up, counts or compares rows; `min(` and the like are written in no other way.
fn goes_through_rows(rule: &Rule) -> bool {
    let compact: String = rule.source().split_whitespace().collect();
    ["sum(", "count(", "min(", "max(", "any(", "all("]
        .iter()
        .any(|call| compact.contains(call))
}

/// Where the question, or the cell, that a name reads stands, seen from here.
pub(super) fn named_by(view: &View<'_>, name: &Name) -> Option<At> {
    let board = view.board;
    match name {
        Name::Question(id) | Name::Column { column: id, .. } => board.place(&view.seat, id),
        Name::Cell { table, row, column } => {
            let at = board.place(&view.seat, table)?;
            let grid = board.grid(at.instance, at.question)?;
            let row = grid.rows.iter().position(|of| of.id == *row)?;
            let columns = columns_of(board.asked(at));
            Some(at.cell(row, columns.iter().position(|of| of.id == *column)?))
        }
        _ => None,
    }
}

/// Whether a name that has a value for each row has one where the rule stands.
fn is_seen(view: &View<'_>, name: &Name) -> bool {
    match name {
        Name::Allocation(_) => view.seat.allocation.is_some(),
        Name::Column { table, .. } => view
            .seat
            .row
            .is_some_and(|row| view.board.question(row.instance, row.question).id == *table),
        Name::Measure(id) => {
            measure(view, id).is_none_or(|measure| view.board.place(&view.seat, &measure.of).is_some())
        }
        Name::Question(id) | Name::Numerator(id) | Name::Denominator(id) | Name::Low(id) | Name::High(id) => {
            view.board.place(&view.seat, id).is_some()
        }
        _ => true,
    }
}

fn measure<'b>(view: &View<'b>, id: &str) -> Option<&'b Measure> {
    view.board.form.measures.iter().find(|measure| measure.id == *id)
}

/// From where a name that has a value for each of several rows is seen in each; none when it has one value.
fn rows_behind<'b>(view: &View<'b>, name: &Name) -> Option<Vec<View<'b>>> {
    match name {
        Name::Allocation(_) => {
            let allocations = 0..view.board.register.allocations.len();
            let of = |at| {
                let mut view = view.board.whole();
                view.seat.allocation = Some(at);
                view
            };
            Some(allocations.map(of).collect())
        }
        Name::Question(id) | Name::Numerator(id) | Name::Denominator(id) | Name::Low(id) | Name::High(id) => {
            match id.split_once('.') {
                Some((table, _)) => Some(view.table_rows(table)),
                None => instances_behind(view, id),
            }
        }
        Name::Measure(id) => {
            let measure = measure(view, id)?;
            match &measure.table {
                Some(table) => Some(view.table_rows(table)),
                None => instances_behind(view, &measure.of),
            }
        }
        Name::Column { table, .. } => Some(view.table_rows(table)),
        Name::Cell { .. }
        | Name::Previous(_)
        | Name::Project(_)
        | Name::Cohort(_)
        | Name::Line(_)
        | Name::Row(_)
        | Name::Fund(_)
        | Name::Grant(_)
        | Name::Provider(_)
        | Name::Period(_) => None,
    }
}

fn instances_behind<'b>(view: &View<'b>, id: &str) -> Option<Vec<View<'b>>> {
    let (section, _) = *view.board.layout.spots.get(id)?;
    let repeats = view.board.form.sections[section].each != Each::Whole;
    repeats.then(|| {
        let instances = view.board.instances_of(section);
        instances.map(|instance| view.board.view(instance)).collect()
    })
}

fn exact(value: RuleValue) -> String {
    match value {
        RuleValue::Blank => "blank".to_owned(),
        RuleValue::NotApplicable => "not applicable".to_owned(),
        RuleValue::Number(number) | RuleValue::Money(number) => number.normalize().to_string(),
        RuleValue::Truth(truth) => truth.to_string(),
        RuleValue::Text(text) => text,
        RuleValue::Date(date) => date.to_string(),
    }
}

/// A name as a rule writes it.
pub(super) fn spelt(name: &Name) -> String {
    match name {
        Name::Question(id) | Name::Measure(id) => id.clone(),
        Name::Numerator(id) => format!("{id}.of"),
        Name::Denominator(id) => format!("{id}.per"),
        Name::Fund(field) => format!("fund.{field}"),
        Name::Grant(field) => format!("grant.{field}"),
        Name::Provider(field) => format!("provider.{field}"),
        Name::Allocation(field) => format!("allocation.{field}"),
        Name::Period(field) => format!("period.{field}"),
        Name::Project(field) => format!("project.{field}"),
        Name::Cohort(field) => format!("cohort.{field}"),
        Name::Line(field) => format!("line.{field}"),
        Name::Row(field) => format!("row.{field}"),
        Name::Low(id) => format!("{id}.low"),
        Name::High(id) => format!("{id}.high"),
        Name::Cell { table, row, column } => format!("{table}.{row}.{column}"),
        Name::Column { column, .. } => column.clone(),
        Name::Previous(id) => format!("previous.{id}"),
    }
}
