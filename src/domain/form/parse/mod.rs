//! Reads a form file, and says everything that is wrong with it at once.
//!
//! Invariant: total over any text. A [`Form`] comes out only when no error stands, and then every name in it is known and
//! every rule typed; every problem points into the source.

mod checks;
mod circles;
mod dates;
mod figure;
mod head;
mod ids;
mod kind;
mod question;
mod reader;
mod scan;
mod section;
mod source;
mod table;
mod text;
mod unwise;
mod words;

use std::ops::Range;

use super::schema::{Form, Severity};
use crate::ledger::Digest;

pub(crate) use ids::Spelling;
pub use kind::FILE_TYPES;
pub(super) use kind::{COLUMN_TYPES, TYPES};
pub(crate) use reader::{Reader, Thing};
pub(crate) use source::document;
pub use table::MAX_ROWS;
pub(crate) use text::Text;

/// The largest form file, in bytes.
pub const MAX_BYTES: usize = 1_000_000;
/// After so many errors the rules that follow are not read: each costs a search for what was meant.
const MAX_ERRORS: usize = 200;
/// The most questions in a form; also the most sections, measures, checks and stages.
pub const MAX_QUESTIONS: usize = 500;

/// Something wrong, or unwise, in a form file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// An error keeps the form from being used; a warning is legal but probably not meant.
    pub severity: Severity,
    /// Bytes of the file; always within it and between characters.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// What was read.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The form, when no error stands.
    pub form: Option<Form>,
    /// Errors and warnings in the order of the file.
    pub problems: Vec<Problem>,
}

/// Reads a form, or gives all its problems, warnings included.
pub fn parse(source: &str) -> Result<Form, Vec<Problem>> {
    let Parsed { form, problems } = read(source);
    form.ok_or(problems)
}

/// Reads a form, and gives the warnings of a good one too.
pub fn read(source: &str) -> Parsed {
    let mut reader = reader::Reader::new(source);
    let form = whole(source, &mut reader);
    reader.nothing_unread();
    let mut problems = reader.problems;
    problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
    problems.dedup();
    let sound = problems.iter().all(|problem| problem.severity != Severity::Error);
    Parsed {
        form: form.filter(|_| sound),
        problems,
    }
}

/// Every key that is asked for while a form is read: of what, of which kind of it, and which.
#[cfg(test)]
pub(super) fn keys_read(source: &str) -> std::collections::BTreeSet<(&'static str, String, &'static str)> {
    let mut reader = reader::Reader::new(source);
    whole(source, &mut reader);
    reader.asked
}

fn whole(source: &str, reader: &mut reader::Reader) -> Option<Form> {
    if source.len() > MAX_BYTES {
        reader.error(0..0, "A form file must be 1,000,000 bytes or smaller.", "");
        return None;
    }
    let document = source::document(source, reader)?;
    reader.names = scan::scan(document.get_ref(), reader)?;
    head::form(document.get_ref(), reader, Digest::of(source.as_bytes()))
}
