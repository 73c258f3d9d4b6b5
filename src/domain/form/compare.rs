//! Compares two versions of a form.
//!
//! Invariant: an id means the same kind of figure for ever, so that figures of different years can stand in one report.

mod differences;
mod fact;
mod facts;
mod kinds;

use std::collections::BTreeMap;

pub use differences::{Difference, Sort, differences};

use super::rule::RuleType;
use super::schema::{Each, Form, Kind, Question, Section, TableKind, TableRows};

/// Says which ids of `old` have another type in `new`, one sentence each; a version with any is refused at publishing.
pub fn same_ids_keep_their_type(old: &Form, new: &Form) -> Vec<String> {
    let now: BTreeMap<String, String> = ids(new).into_iter().collect();
    let mut changed = Vec::new();
    for (id, before) in ids(old) {
        if let Some(after) = now.get(&id).filter(|after| **after != before) {
            changed.push(format!(
                "`{id}` was a {before} and is now a {after}: give it another id."
            ));
        }
    }
    let sections: BTreeMap<&str, &Section> = new
        .sections
        .iter()
        .map(|section| (section.id.as_str(), section))
        .collect();
    for section in &old.sections {
        if let Some(after) = sections
            .get(section.id.as_str())
            .filter(|after| after.each != section.each)
        {
            let (before, after) = (each(section.each), each(after.each));
            changed.push(format!(
                "Section `{}` came {before} and now comes {after}: give it another id.",
                section.id
            ));
        }
    }
    changed
}

/// What each id is, in the order of the form. Figures are kept by the ids of questions, columns and measures; by those of
/// cohorts and given rows they are told apart.
fn ids(form: &Form) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for question in form.sections.iter().flat_map(|section| &section.questions) {
        found.push((question.id.clone(), type_of(question)));
        if let Kind::Table(table) = &question.kind {
            let columns = table.columns.iter();
            found.extend(columns.map(|column| (format!("{}.{}", question.id, column.id), type_of(column))));
        }
    }
    found.extend(form.measures.iter().map(|measure| {
        let what = if measure.table.is_some() {
            "measure of a table"
        } else {
            "measure"
        };
        (measure.id.clone(), what.to_owned())
    }));
    let taken: Vec<String> = found.iter().map(|(id, _)| id.clone()).collect();
    let cohorts = form.cohorts.iter().filter(|(id, _)| !taken.contains(id));
    found.extend(cohorts.map(|(id, _)| (id.clone(), "cohort".to_owned())));
    found
}

fn each(each: Each) -> &'static str {
    match each {
        Each::Whole => "once for the return",
        Each::Allocation => "once for each allocation",
        Each::Project => "once for each project",
        Each::Cohort => "once for each cohort",
        Each::Row => "once for each row that is added",
    }
}

fn type_of(question: &Question) -> String {
    match &question.kind {
        Kind::Table(table) if table.made_as == TableKind::Matrix => format!("matrix of {}", rows(&table.rows)),
        kind => kind_of(kind).to_owned(),
    }
}

fn rows(rows: &TableRows) -> &'static str {
    match rows {
        TableRows::Fixed(_) => "given rows",
        TableRows::Cohorts => "cohorts",
        TableRows::Allocations => "allocations",
        TableRows::Lines => "budget lines",
        TableRows::Priorities => "priorities",
        TableRows::Added { .. } => "added rows",
    }
}

/// The type as people write it; a calculation's also says what it comes to.
fn kind_of(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text { .. } => "text question",
        Kind::Narrative { .. } => "narrative",
        Kind::Money { .. } => "money question",
        Kind::Count { .. } => "count",
        Kind::Percent { .. } => "percentage",
        Kind::Ratio { .. } => "ratio",
        Kind::Date => "date",
        Kind::YesNo => "yes or no question",
        Kind::Choice { .. } => "choice",
        Kind::Decimal { .. } => "decimal number",
        Kind::Range { .. } => "range",
        Kind::Choices { .. } => "choice of several",
        Kind::Priority { .. } => "choice of priorities",
        Kind::Contact => "contact",
        Kind::Table(table) => match table.made_as {
            TableKind::Matrix => "matrix",
            TableKind::Funnel => "funnel",
            TableKind::Checklist => "checklist",
            TableKind::Risk => "risk table",
        },
        Kind::Split { .. } => "split",
        Kind::File { .. } => "file question",
        Kind::Declaration { .. } => "declaration",
        Kind::Calculated { percent: true, .. } => "calculated percentage",
        Kind::Calculated { value, .. } => match value.kind() {
            RuleType::Number => "calculated number",
            RuleType::Money => "calculated amount",
            RuleType::Truth => "calculated yes or no",
            RuleType::Text => "calculated text",
            RuleType::Date => "calculated date",
        },
    }
}
