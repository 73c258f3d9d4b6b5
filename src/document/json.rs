//! A document as JSON, for programs.
//!
//! Invariant: the shape has a name and a version, and the same document is the same bytes. A figure is its words, its exact
//! number as a text, so that no reader rounds it, and the names of its marks, which are explained once.

use countersign_domain::document::{Document, Mark};
use countersign_domain::ledger::canonical::{CanonicalError, canonical};
use serde::Serialize;

/// What it is called, and which version of its shape it is.
const FORMAT: (&str, u32) = ("countersign-document", 1);

#[derive(Serialize)]
struct File<'a> {
    format: &'static str,
    version: u32,
    #[serde(flatten)]
    document: &'a Document,
    marks: Vec<Explained>,
}

#[derive(Serialize)]
struct Explained {
    mark: Mark,
    symbol: Option<&'static str>,
    meaning: &'static str,
}

/// Why there is no JSON.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// It could not be put into values.
    #[error("the document cannot be written as JSON: {0}")]
    Values(#[from] serde_json::Error),
    /// It holds what has no canonical text.
    #[error("the document cannot be written as JSON: {0}")]
    Canonical(#[from] CanonicalError),
}

/// The document as canonical JSON (RFC 8785): UTF-8, its keys in order, without blanks. Amounts of coverage are in pence.
///
/// # Errors
/// When a number in it is too large for JSON's readers.
pub fn json(document: &Document) -> Result<Vec<u8>, JsonError> {
    let marks = document
        .marks()
        .into_iter()
        .map(|mark| Explained {
            mark,
            symbol: mark.symbol(),
            meaning: mark.meaning(),
        })
        .collect();
    let file = File {
        format: FORMAT.0,
        version: FORMAT.1,
        document,
        marks,
    };
    Ok(canonical(&serde_json::to_value(file)?)?.into_bytes())
}
