//! The files of a document, and who makes them.
//!
//! Invariant: services name no renderer. What they are given prints a document that was looked through for what would give
//! people away, and nothing else.

use countersign_domain::document::Document;

/// Makes the files of a document.
///
/// Printing takes processor time, a second or more for a long PDF, and never waits for anything. Whoever calls it from a
/// request does so within `spawn_blocking`, and behind a semaphore that lets only as many print at once as there are
/// processors to spare.
pub trait Print: Send + Sync {
    /// The bytes of the document in this format: the same for the same document, always.
    ///
    /// # Errors
    /// Why it cannot be made, in words for the person who asked.
    fn print(&self, document: &Document, format: Format) -> Result<Vec<u8>, String>;

    /// What this printer makes, in the order in which it is offered.
    fn formats(&self) -> &'static [Format];
}

/// What a document can be had as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// One web page that needs nothing else.
    Html,
    /// For paper.
    Pdf,
    /// A workbook, a sheet for each table.
    Xlsx,
    /// Its parts one after another, for a spreadsheet.
    Csv,
    /// For programs.
    Json,
}

impl Format {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Format; 5] = [Format::Html, Format::Pdf, Format::Xlsx, Format::Csv, Format::Json];

    /// What a file's name ends in, without the dot; also what it is called in addresses and in the database.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Format::Html => "html",
            Format::Pdf => "pdf",
            Format::Xlsx => "xlsx",
            Format::Csv => "csv",
            Format::Json => "json",
        }
    }

    /// The format that is called so.
    #[must_use]
    pub fn parse(extension: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.extension() == extension)
    }

    /// What a browser is told that it is.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Html => "text/html; charset=utf-8",
            Format::Pdf => "application/pdf",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Csv => "text/csv; charset=utf-8",
            Format::Json => "application/json",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::Html => "Web page (HTML)",
            Format::Pdf => "For printing (PDF)",
            Format::Xlsx => "Workbook (Excel)",
            Format::Csv => "Spreadsheet (CSV)",
            Format::Json => "For programs (JSON)",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_found_by_its_extension_and_nothing_else() {
        for format in Format::ALL {
            assert_eq!(Format::parse(format.extension()), Some(format));
        }
        for other in ["", "PDF", ".pdf", "xls", "htm"] {
            assert_eq!(Format::parse(other), None, "{other}");
        }
    }
}
