//! What the pages of an office and an officer show of an answer, a finding and a query.
//!
//! Invariant: text for people, and addresses within the page; nothing is worked out here.

use countersign_domain::form::schema::Severity;
use serde::Serialize;

use super::deciding::DecidedView;
use super::words::Said;
use crate::web::grid::Grid;

/// A section.
#[derive(Debug, Serialize)]
pub struct SectionView {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) title: String,
    pub(super) answers: Vec<AnswerView>,
}

/// An answer, or a measure worked out from answers.
#[derive(Debug, Default, Serialize)]
pub struct AnswerView {
    pub(super) id: String,
    pub(super) question: String,
    pub(super) label: String,
    pub(super) shown: String,
    pub(super) files: Vec<FileView>,
    pub(super) items: Vec<ItemView>,
    /// The rows and columns of a table, with what each cell said before.
    pub(super) table: Option<Grid>,
    /// What was decided on its rows.
    pub(super) decided: Vec<DecidedView>,
    pub(super) notes: Vec<String>,
    pub(super) findings: Vec<FindingLink>,
    pub(super) change: Option<ChangeView>,
    pub(super) queries: Vec<QueryView>,
    /// The form to ask about it; none for what is not asked of anybody.
    pub(super) ask: Option<AskView>,
}

impl AnswerView {
    /// A figure that was worked out from answers.
    pub fn worked_out(id: String, measure: &str, label: String, shown: String, notes: Vec<String>) -> Self {
        AnswerView {
            id,
            question: measure.to_owned(),
            label,
            shown: worked_out_or_dash(shown),
            notes,
            ..AnswerView::default()
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct FileView {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) size: String,
}

#[derive(Debug, Serialize)]
pub(super) struct ItemView {
    pub(super) cells: [String; 2],
    pub(super) total: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct FindingLink {
    pub(super) href: String,
    pub(super) text: String,
}

#[derive(Debug, Serialize)]
pub(super) struct ChangeView {
    pub(super) was: String,
    pub(super) is: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// A query with its answer.
#[derive(Debug, Serialize)]
pub struct QueryView {
    pub(super) about: String,
    pub(super) revision: u32,
    pub(super) text: String,
    pub(super) by: String,
    pub(super) at: String,
    pub(super) answer: Option<Said>,
}

/// The box in which a query is typed.
#[derive(Debug, Clone, Serialize)]
pub struct AskView {
    pub(super) id: String,
    pub(super) value: String,
    pub(super) error: Option<String>,
}

/// A finding in full.
#[derive(Debug, Serialize)]
pub struct FindingView {
    pub(super) id: String,
    pub(super) severity: Severity,
    pub(super) severity_words: &'static str,
    pub(super) message: String,
    pub(super) places: Vec<FindingLink>,
    pub(super) explanation: Option<Said>,
    pub(super) earlier: Option<String>,
}

/// What was worked out, or a dash where it came to nothing.
pub(super) fn worked_out_or_dash(shown: String) -> String {
    if shown.is_empty() { "–".to_owned() } else { shown }
}
