//! What stands beside the answers of a return: queries, changes, decisions, and what was just typed.
//!
//! Invariant: every question and every box for a query has one address within the page, told here.

use countersign_domain::answers::Change;
use countersign_domain::form::schema::Form;
use countersign_domain::returns::{Query, RowDecision};

use super::words::{People, anchor};

/// A query that was typed and could not be kept.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Section.
    pub section: String,
    /// Question.
    pub question: String,
    /// As typed.
    pub text: String,
    /// What is wrong.
    pub error: String,
}

/// What stands beside the answers.
pub struct Beside<'a> {
    /// The form, for targets and benchmarks.
    pub form: &'a Form,
    /// The return's address.
    pub href: &'a str,
    /// Queries, oldest first.
    pub queries: &'a [Query],
    /// What changed since the revision before, and the two numbers.
    pub changes: &'a [Change],
    /// What was decided on the rows of tables.
    pub decisions: &'a [RowDecision],
    /// The revision shown, 0 for a draft.
    pub revision: u32,
    /// The query that was typed last, if it could not be kept.
    pub asked: Option<&'a Asked>,
    /// Names.
    pub people: &'a People,
}

/// The address within the page of a question.
pub fn question_anchor(section: &str, question: &str) -> String {
    anchor(&["q", section, question])
}

/// The address within the page of the box for a query.
pub fn ask_anchor(section: &str, question: &str) -> String {
    anchor(&["ask", section, question])
}
