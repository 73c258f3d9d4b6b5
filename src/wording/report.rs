//! The language of report files: a template's functions, and the Markdown that templates and commissioners write.
//!
//! Invariant: what a function gives, and what is filled in, is opaque to Markdown: it is put in the place of a mark after
//! the text has been read, so that nothing that anybody typed into a return is ever a heading, a list or a figure. What a
//! commissioner writes has no functions in it.

mod called;
mod check;
mod library;
mod markdown;
mod prose;
mod run;
mod scan;
mod signature;
#[cfg(test)]
mod tests;
mod tokens;
mod worker;

use std::collections::BTreeMap;
use std::fmt;

use countersign_domain::document::{Block, Raw};
use countersign_domain::report::{At, Report};

pub use check::check;
pub use library::{FileProblem, Library, Listed};
pub use prose::{MAX_CHARACTERS, MAX_WORDS, check_prose};
pub use signature::{FUNCTIONS, Gives, Signature, Takes};

/// What a function is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
    /// Several.
    List(Vec<Argument>),
}

/// A function as it is called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Call {
    /// Its name.
    pub name: String,
    /// What it is given first, in order.
    pub positional: Vec<Argument>,
    /// What it is given by name.
    pub named: BTreeMap<String, Argument>,
}

/// What a function gives.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "it is handed on at once, and lies in no list: a box would only be taken apart again"
)]
pub enum Returned {
    /// Parts of the document, which stand on a line of their own.
    Blocks(Vec<Block<Raw>>),
    /// A figure, which may stand in a sentence.
    Figure(Raw),
    /// Text, which may stand anywhere.
    Text(String),
    /// For `{% if %}`.
    Flag(bool),
    /// For `{% for %}`.
    Items(Vec<String>),
}

/// What gives a template what it asks for.
pub trait Functions {
    /// Their names.
    fn names(&self) -> &[&str];

    /// Does it.
    ///
    /// # Errors
    /// What is wrong, in the words of whoever writes reports, with a suggestion.
    fn call(&self, call: &Call) -> Result<Returned, String>;
}

/// Something wrong in a report file, or in what a commissioner wrote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// From 1; of the report's file, or of the text that was checked.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong, and what to do.
    pub message: String,
}

impl Problem {
    fn new(at: At, message: impl Into<String>) -> Self {
        Self {
            line: at.line,
            column: at.column,
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

/// What a report says: its body with everything filled in. `prose` is what the commissioner wrote, by id; where there is
/// nothing, it is what the report starts with.
///
/// # Errors
/// Everything that is wrong with the file and with what is filled in, in the order of the file.
pub fn compose(
    report: &Report,
    prose: &BTreeMap<String, String>,
    functions: &dyn Functions,
) -> Result<Vec<Block<Raw>>, Vec<Problem>> {
    let scanned = scan::scan(report, functions.names());
    let mut problems = scanned.problems.clone();
    problems.extend(signature::check_calls(&scanned, report, None));
    if scanned.forbidden {
        return Err(in_order(problems));
    }
    let (blocks, found) = run::run(report, prose, functions, &scanned, &problems);
    problems.extend(found);
    if problems.is_empty() {
        Ok(blocks)
    } else {
        Err(in_order(problems))
    }
}

/// Each once, in the order of the file.
fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort();
    problems.dedup();
    problems
}

/// A sentence and what to do about it, where there is anything.
fn with_help(message: &str, help: &str) -> String {
    let both = [message, help];
    let said: Vec<&str> = both.into_iter().filter(|words| !words.is_empty()).collect();
    said.join(" ")
}
