//! The form language: what a form file may say, and what it means.
//!
//! Invariant: everything here is worked out from the text of the file alone.

pub mod compare;
pub mod json_schema;
mod named;
pub mod parse;
pub mod placeholder;
pub mod rule;
pub mod schema;
#[cfg(test)]
pub(crate) mod tests;
pub mod uses;

pub use named::{Named, NamedOf};
use schema::{Form, Question, Section, Stage};

impl Form {
    /// The section with this id.
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// The question with this id, and its section.
    pub fn question(&self, id: &str) -> Option<(&Section, &Question)> {
        self.sections
            .iter()
            .find_map(|section| Some((section, section.questions.iter().find(|question| question.id == id)?)))
    }

    /// The stage with this id.
    pub fn stage(&self, id: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == id)
    }
}
