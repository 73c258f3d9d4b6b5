//! The language of reports: what a template calls, and what it is given.
//!
//! Invariant: what a function gives is a value of the document, never markup.

use std::collections::BTreeMap;

use countersign_domain::document::{Block, Raw};

/// An argument of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// True or false.
    Flag(bool),
    /// Several.
    List(Vec<Argument>),
}

/// A call of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The function.
    pub name: String,
    /// Arguments by their place.
    pub positional: Vec<Argument>,
    /// Arguments by their name.
    pub named: BTreeMap<String, Argument>,
}

/// What a function gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Returned {
    /// Parts of the document.
    Blocks(Vec<Block<Raw>>),
    /// A figure within a sentence.
    Figure(Raw),
    /// Words.
    Text(String),
    /// True or false.
    Flag(bool),
    /// A list to go through.
    Items(Vec<String>),
}

/// The functions that a template may call.
pub trait Functions {
    /// Their names.
    fn names(&self) -> &[&str];

    /// Calls one.
    ///
    /// # Errors
    /// In words for whoever writes the report, with a suggestion.
    fn call(&self, call: &Call) -> Result<Returned, String>;
}
