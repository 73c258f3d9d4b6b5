//! A paper's document as the files that it can be had as, and as a page.
//!
//! Invariant: every format is made from one document and says the same things in the same order. A renderer reads no
//! number back out of words, treats all words as words, and exports nothing of where a figure comes from.

mod csv;
mod json;
mod signed_return;
mod view;
mod xlsx;

use countersign_domain::document::Document;
use serde::Serialize;

use crate::service::paper::print::{Format, Print};
use crate::wording::Wording;

pub use self::csv::csv;
pub use self::signed_return::signed_return;
pub use self::view::{View, trail, view};

#[derive(Serialize)]
struct Page {
    document: View,
}

/// Makes the files of documents.
#[derive(Debug, Clone)]
pub struct Printer {
    wording: Wording,
}

impl Printer {
    /// One that writes HTML with these templates.
    #[must_use]
    pub fn new(wording: Wording) -> Self {
        Printer { wording }
    }
}

impl Print for Printer {
    fn print(&self, document: &Document, format: Format) -> Result<Vec<u8>, String> {
        let exported = document.without_sources();
        match format {
            Format::Html => self
                .wording
                .page(
                    "printed/file.html",
                    Page {
                        document: view(&exported),
                    },
                )
                .map(String::into_bytes)
                .map_err(|error| error.to_string()),
            Format::Xlsx => xlsx::xlsx(&exported).map_err(|error| error.to_string()),
            Format::Csv => csv(&exported).map_err(|error| error.to_string()),
            Format::Json => json::json(&exported).map_err(|error| error.to_string()),
            #[cfg(feature = "pdf")]
            Format::Pdf => countersign_typeset::pdf(&exported).map_err(|error| error.to_string()),
            #[cfg(not(feature = "pdf"))]
            Format::Pdf => Err("This server was built without what makes PDF files. Take another format.".to_owned()),
        }
    }

    fn formats(&self) -> &'static [Format] {
        #[cfg(feature = "pdf")]
        return &[Format::Html, Format::Pdf, Format::Xlsx, Format::Csv, Format::Json];
        #[cfg(not(feature = "pdf"))]
        &[Format::Html, Format::Xlsx, Format::Csv, Format::Json]
    }
}
