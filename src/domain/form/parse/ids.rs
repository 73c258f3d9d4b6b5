//! Ids and keys of offices: how they are spelt, and what is said of one that is not.
//!
//! Invariant: what comes out of a file without errors can be named in rules, addresses and registers as it is.

use super::reader::{Reader, Thing};
use crate::form::rule::is_reserved;

/// How an id is spelt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// Named in rules, where `-` means minus.
    Rule,
    /// `-` is allowed.
    Kebab,
}

impl Thing<'_> {
    /// The id, which must be there.
    pub fn id(&mut self, reader: &mut Reader, key: &'static str, spelling: Spelling) -> String {
        let Some(text) = self.needed_text(reader, key) else {
            return String::new();
        };
        let id = &text.value;
        let hyphen = spelling == Spelling::Kebab;
        let spelt = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || (hyphen && c == '-');
        if id.is_empty() || id.len() > 64 || !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(spelt)
        {
            let signs = if hyphen { "_ or -" } else { "_" };
            let message =
                format!("An id must be up to 64 lower-case letters, digits and {signs}, beginning with a letter.");
            let better: String = id
                .to_lowercase()
                .chars()
                .map(|c| if c == ' ' || (c == '-' && !hyphen) { '_' } else { c })
                .collect();
            let help = if !better.is_empty() && better.chars().all(spelt) {
                format!("For example {better}.")
            } else {
                String::new()
            };
            reader.error(text.span, message, help);
        } else if spelling == Spelling::Rule && is_reserved(id) {
            let message = format!("`{id}` is a word of the rule language and cannot be an id.");
            reader.error(text.span, message, "");
        }
        text.value
    }
}

/// The key of an office or a party: `partnership.chair`, `commissioner`.
pub(super) fn office(thing: &mut Thing, reader: &mut Reader, key: &'static str) -> String {
    let Some(text) = thing.needed_text(reader, key) else {
        return String::new();
    };
    let spelt = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
    };
    if !text.value.split('.').all(spelt) {
        let message = format!("`{key}` must be the key of an office, like partnership.chair.");
        reader.error(
            text.span,
            message,
            "Write lower-case letters, with dots between the parts.",
        );
    }
    text.value
}
