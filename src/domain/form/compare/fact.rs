//! What is said of one thing of a form, key by key.
//!
//! Invariant: in the order in which it was put; what was not said is not there.

use crate::form::rule::Rule;
use crate::form::schema::{Severity, Words};

/// What is said of a thing under one of its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fact {
    /// `key = true`.
    Yes,
    /// As it would be written.
    Written(String),
}

/// What is said of a thing, in the order in which it is told.
#[derive(Debug, Default)]
pub(super) struct Facts(pub Vec<(String, Fact)>);

impl Facts {
    pub fn yes(&mut self, key: &str, said: bool) {
        if said {
            self.0.push((key.to_owned(), Fact::Yes));
        }
    }

    pub fn put(&mut self, key: &str, written: impl ToString) {
        self.0.push((key.to_owned(), Fact::Written(written.to_string())));
    }

    pub fn maybe(&mut self, key: &str, written: Option<impl ToString>) {
        if let Some(written) = written {
            self.put(key, written);
        }
    }

    pub fn words(&mut self, key: &str, words: &Words) {
        self.put(key, format!("“{}”", words.en));
        self.maybe(
            &format!("{key} in Welsh"),
            words.cy.as_ref().map(|cy| format!("“{cy}”")),
        );
    }

    pub fn rule(&mut self, key: &str, rule: Option<&Rule>) {
        self.maybe(key, rule.map(|rule| rule.source().trim().to_owned()));
    }

    pub fn places(&mut self, places: u32) {
        self.put("places", places);
    }

    pub fn listed(&mut self, what: &str, list: &[(String, Words)]) {
        for (id, words) in list {
            self.words(&format!("{what} {id}"), words);
        }
    }
}

/// A severity as a form file spells it.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
