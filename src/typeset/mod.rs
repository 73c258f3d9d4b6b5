//! A paper as a PDF: tagged, PDF/UA-1, A4.
//!
//! Invariant: the same document gives the same bytes, and nothing in it is ever read as anything but text: it goes to the
//! template as data. Neither clock nor file nor network is in reach.

mod columns;
mod fonts;
mod laid;
mod parts;
mod world;

use chrono::Datelike;
use countersign_domain::document::{Document, Shown};
use typst::diag::{Severity, SourceDiagnostic};
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use laid::Laid;
use world::Paper;

/// Why a paper could not be set. Either is a fault of ours: no words of a document can cause it.
#[derive(Debug, thiserror::Error)]
pub enum TypesetError {
    /// The pages could not be laid out.
    #[error("the pages could not be laid out: {0}")]
    Layout(String),
    /// The pages were laid out and cannot be written as an accessible file.
    #[error("the pages cannot be written as PDF/UA-1: {0}")]
    Write(String),
}

/// The document as the bytes of a PDF file.
///
/// A character that the typefaces lack is shown as `U+FFFD`, and the last page says so. Takes about as long as the pages
/// are many, on this thread, a second for two hundred; memory is given back before it returns.
///
/// # Errors
/// When the template is wrong, which its tests would show.
pub fn pdf(document: &Document<Shown>) -> Result<Vec<u8>, TypesetError> {
    let (laid, charts) = Laid::of(document);
    let data = serde_json::to_string(&laid).map_err(|problem| TypesetError::Layout(problem.to_string()))?;
    let written = write(document, &data, charts);
    // What was remembered of this paper is of no use to the next.
    typst::comemo::evict(0);
    written
}

fn write(document: &Document<Shown>, data: &str, charts: Vec<String>) -> Result<Vec<u8>, TypesetError> {
    let world = Paper::new(data.to_owned(), charts)?;
    let set = typst::compile::<PagedDocument>(&world);
    let pages = set.output.map_err(|problems| TypesetError::Layout(words(&problems)))?;
    let dated = document.dated;
    let [month, day] = [dated.month(), dated.day()].map(|part| u8::try_from(part).unwrap_or(1));
    let options = PdfOptions {
        // The data are all that a file is made of.
        ident: Smart::Custom(data.to_owned()),
        creator: Smart::Custom(Some("Countersign".to_owned())),
        timestamp: Datetime::from_ymd_hms(dated.year(), month, day, 0, 0, 0).map(Timestamp::new_utc),
        standards: PdfStandards::new(&[PdfStandard::Ua_1])
            .map_err(|problem| TypesetError::Write(problem.message().to_string()))?,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&pages, &options).map_err(|problems| TypesetError::Write(words(&problems)))
}

/// The problems in one line.
fn words<'a>(problems: impl IntoIterator<Item = &'a SourceDiagnostic>) -> String {
    let errors = problems
        .into_iter()
        .filter(|problem| problem.severity == Severity::Error);
    let told: Vec<String> = errors.map(|problem| problem.message.to_string()).collect();
    told.join("; ")
}

#[cfg(test)]
mod tests;
