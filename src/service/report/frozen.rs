//! What a revision froze: the register, the findings, the words of the questions and of the rows of tables.
//!
//! Invariant: read from the revision's document alone, so that what has changed since changes no paper.

use countersign_domain::answers::types::{Figure, FileRef, Finding, Register};
use countersign_domain::money::Money;
use countersign_domain::returns::Revision;
use serde::Deserialize;

use crate::service::ServiceError;

/// What a revision froze, as far as a paper tells it.
#[derive(Deserialize)]
pub(super) struct Frozen {
    pub(super) register: Register,
    pub(super) findings: Vec<Finding>,
    pub(super) sections: Vec<FrozenSection>,
    /// In the order of the form.
    pub(super) figures: Vec<Figure>,
    /// Every document that was handed in.
    #[serde(default)]
    pub(super) attachments: Vec<FileRef>,
}

/// A section, or a section for one of what it repeats for.
#[derive(Deserialize)]
pub(super) struct FrozenSection {
    pub(super) key: String,
    /// The section's id.
    pub(super) section: String,
    /// The allocation's key.
    pub(super) allocation: Option<String>,
    /// As it was shown; of a row that was added, what its provider called it.
    pub(super) title: String,
    pub(super) answers: Vec<FrozenAnswer>,
}

/// A question that was shown, and how its answer was.
#[derive(Deserialize)]
pub(super) struct FrozenAnswer {
    pub(super) question: String,
    pub(super) label: String,
    pub(super) shown: String,
    read: FrozenRead,
    #[serde(default)]
    pub(super) table: Option<FrozenTable>,
}

/// A table as it was shown.
#[derive(Deserialize)]
pub(super) struct FrozenTable {
    pub(super) columns: Vec<FrozenColumn>,
    pub(super) rows: Vec<FrozenRow>,
}

#[derive(Deserialize)]
pub(super) struct FrozenColumn {
    pub(super) column: String,
    pub(super) label: String,
}

#[derive(Deserialize)]
pub(super) struct FrozenRow {
    pub(super) row: String,
    pub(super) label: String,
    pub(super) cells: Vec<FrozenCell>,
}

#[derive(Deserialize)]
pub(super) struct FrozenCell {
    pub(super) column: String,
    read: FrozenRead,
    pub(super) shown: String,
}

#[derive(Deserialize)]
struct FrozenRead {
    is: String,
    /// Of documents: the digests of their bytes.
    #[serde(default)]
    digests: Vec<String>,
    /// Of a split, or a table.
    #[serde(default)]
    rows: Vec<FrozenItem>,
}

/// An item of a split; a row of a table has neither field.
#[derive(Deserialize)]
struct FrozenItem {
    item: Option<String>,
    pence: Option<i64>,
}

impl Frozen {
    pub(super) fn of(revision: &Revision) -> Result<Frozen, ServiceError> {
        serde_json::from_str(&revision.document).map_err(ServiceError::internal)
    }
}

impl FrozenSection {
    /// The key of what it is for, of a section that repeats.
    pub(super) fn subject(&self) -> Option<&str> {
        self.key.split_once('/').map(|(_, subject)| subject)
    }

    /// How the answer to a question was shown.
    pub(super) fn shown(&self, question: &str) -> Option<&str> {
        let answer = self.answers.iter().find(|answer| answer.question == question)?;
        Some(answer.shown.as_str()).filter(|shown| !shown.is_empty())
    }
}

impl FrozenAnswer {
    /// The digests of the documents that were given.
    pub(super) fn digests(&self) -> &[String] {
        &self.read.digests
    }
}

impl FrozenAnswer {
    /// The items of a split, and what each comes to.
    pub(super) fn items(&self) -> impl Iterator<Item = (&str, Money)> {
        let rows = self.read.rows.iter();
        rows.filter_map(|row| Some((row.item.as_deref()?, Money::pence(row.pence?))))
    }
}

impl FrozenRow {
    /// What people call the row: of one that was added, the first words that were typed in it.
    pub(super) fn called(&self, added: bool) -> &str {
        let mut words = self.cells.iter().filter(|cell| added && cell.read.is == "text");
        words.next().map_or(&self.label, |cell| &cell.shown)
    }
}
