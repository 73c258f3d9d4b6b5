//! Compares two versions of a form.
//!
//! Invariant: an id means the same kind of figure for ever, so that figures of different years can stand in one report.

use super::rule::RuleType;
use super::schema::{Form, Kind, TableKind};

/// Says which ids of `old` have another type in `new`, one sentence each; a version with any is refused at publishing.
pub fn same_ids_keep_their_type(old: &Form, new: &Form) -> Vec<String> {
    let mut changed = Vec::new();
    for section in &old.sections {
        for question in &section.questions {
            let before = type_of(&question.kind);
            let after = type_in(new, &question.id);
            changed.extend(sentence(&question.id, before, after));
        }
    }
    for measure in &old.measures {
        changed.extend(sentence(&measure.id, MEASURE, type_in(new, &measure.id)));
    }
    changed
}

const MEASURE: &str = "measure";

fn sentence(id: &str, before: &str, after: Option<&'static str>) -> Option<String> {
    let after = after.filter(|after| *after != before)?;
    Some(format!(
        "`{id}` was a {before} and is now a {after}: give it another id."
    ))
}

/// What this id is in the form, where it has it.
fn type_in(form: &Form, id: &str) -> Option<&'static str> {
    if let Some((_, question)) = form.question(id) {
        return Some(type_of(&question.kind));
    }
    let measure = form.measures.iter().any(|measure| measure.id == id);
    measure.then_some(MEASURE)
}

/// The type as people write it; a calculation's also says what it comes to.
fn type_of(kind: &Kind) -> &'static str {
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
