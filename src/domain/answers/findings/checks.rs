//! The checks that a form writes.
//!
//! Invariant: a check speaks only when its rule is false. What it read is kept as one line, which ties an explanation
//! to those values.

use sha2::{Digest as _, Sha256};

use super::super::board::{Board, to_money};
use super::super::format;
use super::super::scope::View;
use super::Raised;
use crate::form::rule::{Name, Rule, RuleValue, Scope};
use crate::form::schema::{Check, Each, MessagePart};

/// Longer lines of figures are kept as their print.
const LONGEST_FIGURES: usize = 400;

/// The findings of the form's own checks, in its order.
pub(super) fn raised(board: &Board<'_>) -> Vec<Raised> {
    let mut out = Vec::new();
    for check in &board.form.checks {
        let section = check
            .section
            .as_ref()
            .and_then(|id| board.form.sections.iter().position(|section| section.id == *id));
        match section {
            Some(section) => {
                for instance in board.instances_of(section) {
                    let place = board.instances[instance].key.0.clone();
                    out.extend(raise(board, check, &board.view(instance), Some(instance), place));
                }
            }
            None => out.extend(raise(board, check, &board.whole(), None, "return".to_owned())),
        }
    }
    out
}

fn raise(board: &Board<'_>, check: &Check, view: &View<'_>, instance: Option<usize>, place: String) -> Option<Raised> {
    if check.rule.eval(view) != RuleValue::Truth(false) {
        return None;
    }
    let message = check
        .message
        .parts
        .iter()
        .map(|part| match part {
            MessagePart::Text(text) => text.clone(),
            MessagePart::Value(rule) => said(rule.eval(view)),
        })
        .collect();
    Some(Raised {
        check: check.id.clone(),
        place,
        severity: check.severity,
        message,
        at: places(board, check, view, instance),
        figures: figures_of(board, &check.rule, view.allocation),
    })
}

/// The questions of a check that are shown; failing those, the first that is shown where the check stands.
fn places(board: &Board<'_>, check: &Check, view: &View<'_>, instance: Option<usize>) -> Vec<(usize, usize)> {
    let shown = |place: &(usize, usize)| board.cells[place.0][place.1].visible;
    let mut found: Vec<(usize, usize)> = check
        .at
        .iter()
        .flat_map(|id| everywhere(board, id, view.allocation))
        .filter(shown)
        .collect();
    if found.is_empty() {
        found.extend(match instance {
            Some(instance) => first_shown(board, instance),
            None => (0..board.instances.len()).find_map(|instance| first_shown(board, instance)),
        });
    }
    found
}

/// The first question of an instance that is shown.
pub(super) fn first_shown(board: &Board<'_>, instance: usize) -> Option<(usize, usize)> {
    let question = board.cells[instance].iter().position(|cell| cell.visible)?;
    Some((instance, question))
}

/// Where a question stands: for this allocation, or for all of them when there is none to choose by.
fn everywhere(board: &Board<'_>, id: &str, allocation: Option<usize>) -> Vec<(usize, usize)> {
    if let Some(place) = board.place(allocation, id) {
        return vec![place];
    }
    match board.spots.get(id) {
        Some((section, question)) if board.form.sections[*section].each == Each::Allocation => board
            .instances_of(*section)
            .map(|instance| (instance, *question))
            .collect(),
        _ => Vec::new(),
    }
}

/// A value in a sentence, in its own unit.
fn said(value: RuleValue) -> String {
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
pub(super) fn figures_of(board: &Board<'_>, rule: &Rule, allocation: Option<usize>) -> String {
    let over_rows = goes_through_rows(rule);
    let line = rule
        .reads()
        .iter()
        .map(|name| {
            let view = View { board, allocation };
            let here = (allocation.is_some() || !by_row(board, name)).then(|| exact(view.value(name)));
            let rows = (over_rows && by_row(board, name)).then(|| every_row(board, name));
            let values: Vec<String> = here.into_iter().chain(rows).collect();
            format!("{}={}", spelt(name), values.join(" of "))
        })
        .collect::<Vec<_>>()
        .join("; ");
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

fn every_row(board: &Board<'_>, name: &Name) -> String {
    (0..board.register.allocations.len())
        .map(|row| {
            exact(
                View {
                    board,
                    allocation: Some(row),
                }
                .value(name),
            )
        })
        .collect::<Vec<_>>()
        .join(",")
}

/// Whether a name has a value for each allocation.
fn by_row(board: &Board<'_>, name: &Name) -> bool {
    match name {
        Name::Question(id) | Name::Numerator(id) | Name::Denominator(id) => repeats(board, id),
        Name::Measure(id) => board
            .form
            .measures
            .iter()
            .find(|measure| measure.id == *id)
            .is_some_and(|measure| repeats(board, &measure.of)),
        Name::Allocation(_) => true,
        Name::Low(id) | Name::High(id) => repeats(board, id),
        Name::Cell { table, .. } | Name::Column { table, .. } => repeats(board, table),
        Name::Previous(_) | Name::Project(_) | Name::Cohort(_) | Name::Line(_) | Name::Row(_) => true,
        Name::Fund(_) | Name::Grant(_) | Name::Provider(_) | Name::Period(_) => false,
    }
}

fn repeats(board: &Board<'_>, id: &str) -> bool {
    board
        .spots
        .get(id)
        .is_some_and(|(section, _)| board.form.sections[*section].each == Each::Allocation)
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
