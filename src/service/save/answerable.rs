//! What of a posted section is taken: the questions that a person answers there, and of a table no more than its page has.
//!
//! Invariant: what is too large is refused as a whole and in words; nothing is cut off.

use std::collections::BTreeMap;

use countersign_domain::answers::Typed;
use countersign_domain::answers::types::SectionKey;
use countersign_domain::form::schema::{Kind, Question, Table};

use super::super::provider::ReturnPage;
use super::super::{FieldProblem, ServiceError};

/// The most rows of a table.
const MOST_ROWS: usize = 200;

/// What was sent for the questions of a section that a person may answer. Documents are added and taken away one by one.
pub(super) fn answerable(
    page: &ReturnPage,
    key: &SectionKey,
    mut sent: BTreeMap<String, Typed>,
) -> Result<BTreeMap<String, Typed>, ServiceError> {
    let Some((section, _)) = page.form.section_of(&key.0) else {
        return Ok(BTreeMap::new());
    };
    let (mut answers, mut problems) = (BTreeMap::new(), Vec::new());
    for question in &section.questions {
        let typed = match &question.kind {
            Kind::Calculated { .. } | Kind::File { .. } => None,
            _ if question.locked => None,
            _ => sent.remove(&question.id),
        };
        let Some(typed) = typed else { continue };
        if let Kind::Table(table) = &question.kind
            && let Some(message) = too_large(table, &typed)
        {
            problems.push(FieldProblem {
                field: question.id.clone(),
                message,
            });
        }
        answers.insert(question.id.clone(), typed);
    }
    match problems.is_empty() {
        true => Ok(answers),
        false => Err(ServiceError::Invalid(problems)),
    }
}

/// Why a table's answer cannot be kept: it has more rows, or more boxes in a row, than any page of it shows.
fn too_large(table: &Table, typed: &Typed) -> Option<String> {
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for name in typed.fields.keys() {
        let (row, _) = name.split_once('.').unwrap_or((name, ""));
        *rows.entry(row).or_default() += 1;
    }
    let boxes: usize = table.columns.iter().map(boxes).sum();
    if rows.len() > MOST_ROWS {
        Some(format!(
            "A table can have {MOST_ROWS} rows. You have sent {}",
            rows.len()
        ))
    } else if rows.values().any(|sent| *sent > boxes) {
        Some("This table has more boxes than its page shows. Open the page again".to_owned())
    } else {
        None
    }
}

/// How many fields a cell can have: what is typed, and the two marks beside it.
fn boxes(column: &Question) -> usize {
    let typed = match &column.kind {
        Kind::Choices { options, .. } => options.len(),
        Kind::Priority { .. } => MOST_ROWS,
        Kind::Date => 3,
        Kind::Ratio { .. } => 2,
        _ => 1,
    };
    typed + 2
}
