//! What pages and services ask of an evaluated return.
//!
//! Invariant: nothing here decides anything again; it reads what [`super::evaluate()`] found.

use super::types::{Evaluated, Finding, SectionKey, SectionView};
use crate::form::schema::Severity;

impl Evaluated {
    /// The errors; while there is one, the return cannot be submitted.
    pub fn blocking(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
    }

    /// The warnings that are not explained, or whose explanation is of other figures.
    pub fn unexplained(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.severity == Severity::Warning && finding.explanation.is_none())
    }

    /// Whether it may be submitted: no error stands and every warning is explained.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.blocking().next().is_none() && self.unexplained().next().is_none()
    }

    /// The task with this key.
    #[must_use]
    pub fn section(&self, key: &SectionKey) -> Option<&SectionView> {
        self.sections.iter().find(|section| section.key == *key)
    }

    /// The findings to be shown beside a question.
    pub fn findings_at(&self, section: &SectionKey, question: &str) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| {
            finding
                .at
                .iter()
                .any(|place| place.section == *section && place.question == question)
        })
    }
}
