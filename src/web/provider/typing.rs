//! What was typed on a section's page and is not in the draft, and whether the page judges what is.
//!
//! Invariant: what is here comes back in its boxes, whatever went wrong.

use std::collections::BTreeMap;

use countersign_domain::answers::types::{DraftAnswer, SectionView};
use countersign_domain::answers::{Base, Conflict, Typed};
use countersign_domain::form::schema::Kind;

use crate::service::provider::ReturnPage;
use crate::service::save::Sent;

/// An answer to a query that is not kept.
#[derive(Default)]
pub struct Replied {
    /// As typed.
    pub text: String,
    /// What is wrong with it.
    pub problem: Option<String>,
}

/// What a page shows that is not in the draft.
#[derive(Default)]
pub struct Typing {
    /// What was typed and not saved, by question.
    pub typed: BTreeMap<String, Typed>,
    /// What the page had shown that it was typed into.
    pub base: Base,
    /// What somebody else saved meanwhile.
    pub theirs: BTreeMap<String, DraftAnswer>,
    /// What is wrong with what was sent, by question.
    pub problems: BTreeMap<String, String>,
    /// The list of items that is to have more rows.
    pub more: Option<String>,
    /// Why nothing was saved.
    pub not_saved: Option<String>,
    /// Answers to queries that are not kept.
    pub replies: BTreeMap<String, Replied>,
}

impl Typing {
    /// What was sent, still to be shown.
    pub fn unsaved(sent: Sent) -> Typing {
        Typing {
            typed: sent.answers,
            base: sent.base,
            ..Typing::default()
        }
    }

    /// What two people typed for the same questions.
    pub fn both(conflicts: Vec<Conflict>) -> Typing {
        let mut typing = Typing::default();
        for Conflict {
            question,
            theirs,
            yours,
        } in conflicts
        {
            typing.typed.insert(question.clone(), yours);
            typing.theirs.insert(question, theirs);
        }
        typing
    }
}

/// Whether a section has something to type, choose or upload.
pub fn fillable(page: &ReturnPage, section: &SectionView) -> bool {
    let questions = &page.form.sections[section.section].questions;
    questions
        .iter()
        .any(|question| !question.locked && !matches!(question.kind, Kind::Calculated { .. }))
}

/// Whether a page says what is wrong: not on a first visit, before anything was saved that could be.
pub fn judged(page: &ReturnPage, section: &SectionView) -> bool {
    let saved = page
        .draft
        .sections
        .get(&section.key)
        .is_some_and(|draft| !draft.answers.is_empty());
    saved || !fillable(page, section)
}
