//! What a report asks for: the measures and questions that its text names, and the functions that it calls.
//!
//! Invariant: read off the text alone, so that what no report shows is not gathered. A name in a place where it is never
//! used is gathered for nothing; a name that is put together as the report is worked out is not found, and said so.

use std::collections::{BTreeMap, BTreeSet};

/// The names and functions of a report's text.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// What is named of each form: a question, a measure, a section or `table.column`.
    pub(super) named: BTreeMap<String, BTreeSet<String>>,
    calls: BTreeSet<String>,
    words: BTreeSet<String>,
}

impl Asked {
    /// Reads a report's text, its head included. `forms` are those that it may name.
    pub(super) fn of(text: &str, forms: &[String]) -> Self {
        let mut asked = Self::default();
        for word in quoted(text) {
            if let Some((form, name)) = word.split_once('.')
                && forms.iter().any(|known| known == form)
            {
                asked.named.entry(form.to_owned()).or_default().insert(name.to_owned());
            }
            asked.words.insert(word.to_owned());
        }
        asked.calls = called(text);
        asked
    }

    /// Whether one of these functions is called.
    pub(super) fn calls(&self, any: &[&str]) -> bool {
        any.iter().any(|name| self.calls.contains(*name))
    }

    /// Whether this stands between quotes.
    pub(super) fn says(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Names something more of a form.
    pub(super) fn name(&mut self, form: &str, name: &str) {
        self.named.entry(form.to_owned()).or_default().insert(name.to_owned());
    }
}

/// What stands between quotes of one kind, within a line.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| {
        let mut found = Vec::new();
        let mut rest = line;
        while let Some(at) = rest.find(['"', '\'']) {
            let quote = if rest[at..].starts_with('"') { '"' } else { '\'' };
            let inside = &rest[at + 1..];
            let Some(end) = inside.find(quote) else {
                // An apostrophe in a sentence.
                rest = inside;
                continue;
            };
            found.push(&inside[..end]);
            // What follows an apostrophe may itself be quoted: a word is looked for from each quote on.
            rest = if quote == '"' { &inside[end + 1..] } else { inside };
        }
        found
    })
}

/// The words before an opening bracket.
fn called(text: &str) -> BTreeSet<String> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let before = text.match_indices('(').filter_map(|(at, _)| {
        let head = text[..at].trim_end();
        let start = head
            .rfind(|c| !part(c))
            .map_or(0, |last| last + head[last..].chars().next().map_or(0, char::len_utf8));
        Some(head[start..].to_owned()).filter(|name| !name.is_empty())
    });
    before.collect()
}

#[cfg(test)]
mod tests {
    use super::Asked;

    #[test]
    fn names_and_calls_are_found_wherever_they_stand() {
        let text = "of = \"year.spent\"\n+++\nIt isn't “x”. {{ table(['year.lines.cost', \"other.a\"], by=\"row\") }}\n{% if has ('year.note') %}";
        let forms = ["year".to_owned()];
        let asked = Asked::of(text, &forms);
        let named: Vec<&str> = asked.named["year"].iter().map(String::as_str).collect();
        assert_eq!(named, ["lines.cost", "note", "spent"]);
        assert!(asked.calls(&["has"]) && asked.calls(&["table"]) && !asked.calls(&["stories"]));
        assert!(asked.says("row") && !asked.says("project"));
        assert!(!asked.named.contains_key("other"));
    }
}
