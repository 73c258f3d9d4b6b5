//! Papers: a report made for one fund and period, what was cleared for it, and its editions.
//!
//! Invariant: an edition is never changed, nor what it was made from; a paper keeps its report, fund and period for ever.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::form::schema::Audience;
use crate::ids::{FundId, PaperId, PersonId, PublicationId, ReturnId};
use crate::ledger::Digest;
use crate::period::Period;

/// One instance of a report: of this fund, for this period, with its own prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Identity.
    pub id: PaperId,
    /// The report's id.
    pub report: String,
    /// The fund.
    pub fund: FundId,
    /// What it covers.
    pub period: Period,
    /// What a commissioner wrote: Markdown by the id of its place in the report.
    pub prose: BTreeMap<String, String>,
    /// Who began it.
    pub begun_by: PersonId,
    /// When.
    pub begun_at: DateTime<Utc>,
    /// Whether what stands has been published.
    pub state: PaperState,
    /// Guards every change.
    pub version: i64,
}

/// Whether what stands in a paper has been published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperState {
    /// Begun, or written in since its last edition.
    Draft,
    /// Its last edition has this prose.
    Published,
}

/// A paper as a list has it, without its prose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperLine {
    /// Identity.
    pub id: PaperId,
    /// The report's id.
    pub report: String,
    /// What it covers.
    pub period: Period,
    /// Whether what stands has been published.
    pub state: PaperState,
    /// Who began it.
    pub begun_by: PersonId,
    /// When.
    pub begun_at: DateTime<Utc>,
    /// How many editions it has had.
    pub editions: u32,
    /// When the last of them was published.
    pub published_at: Option<DateTime<Utc>>,
}

/// A story that a named person cleared for a paper: it may be told outside the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clearance {
    /// For which paper.
    pub paper: PaperId,
    /// Whose story.
    pub return_id: ReturnId,
    /// In which revision: what was read is what was cleared.
    pub revision: u32,
    /// Where in the revision it stands: section and question.
    pub place: String,
    /// Who cleared it.
    pub by: PersonId,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom and when that was withdrawn.
    pub withdrawn: Option<(PersonId, DateTime<Utc>)>,
}

/// One publication of a paper, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// Identity.
    pub id: PublicationId,
    /// The paper.
    pub paper: PaperId,
    /// From 1.
    pub number: u32,
    /// The report's id.
    pub report: String,
    /// The report's version.
    pub report_version: u32,
    /// SHA-256 of the report's file.
    pub report_digest: Digest,
    /// The fund.
    pub fund: FundId,
    /// What it covers.
    pub period: Period,
    /// How far it travels.
    pub audience: Audience,
    /// The word for how small counts were held back; none in what is internal.
    pub policy: Option<String>,
    /// SHA-256 of the document.
    pub digest: Digest,
    /// Who published it.
    pub published_by: PersonId,
    /// When.
    pub published_at: DateTime<Utc>,
}

/// An edition with what it says and what it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Which it is.
    pub edition: Edition,
    /// The prose as it was.
    pub prose: BTreeMap<String, String>,
    /// The document, canonical JSON.
    pub document: String,
    /// JSON: what it told of counts of people.
    pub released: String,
    /// The revisions that its figures come from, by return.
    pub inputs: Vec<Input>,
}

/// A revision that an edition was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// The return.
    pub return_id: ReturnId,
    /// Its revision.
    pub revision: u32,
    /// The revision's digest.
    pub digest: Digest,
}

/// A file of an edition: the same bytes again whenever it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionFile {
    /// The word for its format: `html`, `pdf`, `xlsx`, `csv`, `json`.
    pub format: String,
    /// Media type.
    pub media: String,
    /// The name under which it is saved.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes.
    pub digest: Digest,
}

/// A file of an edition as a list has it, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLine {
    /// The word for its format.
    pub format: String,
    /// Media type.
    pub media: String,
    /// The name under which it is saved.
    pub name: String,
    /// How many bytes.
    pub size: u64,
    /// SHA-256 of the bytes.
    pub digest: Digest,
}

/// The last edition that was made from a return, and from which of its revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastTold {
    /// The return.
    pub return_id: ReturnId,
    /// The revision that was told.
    pub revision: u32,
    /// Where.
    pub edition: Edition,
}
