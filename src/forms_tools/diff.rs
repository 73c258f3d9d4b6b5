//! `forms diff`: what differs between two versions of a form, for the terminal or as JSON.
//!
//! Invariant: a form that has an error is compared with nothing: its errors are said instead.

use std::io::{self, Write};
use std::path::Path;

use countersign_domain::form::compare::{Difference, Sort, differences};
use serde_json::json;

use super::{form_of, printable};

/// What stands above the differences of each sort, and its word in JSON.
const SORTS: [(Sort, &str, &str); 5] = [
    (
        Sort::Breaks,
        "Breaks: this cannot be published as a newer version",
        "breaks",
    ),
    (Sort::New, "New", "new"),
    (Sort::Dropped, "Dropped", "dropped"),
    (Sort::Moved, "Moved", "moved"),
    (Sort::Changed, "Changed", "changed"),
];

/// Writes what differs. True unless something breaks; the inner error is what is wrong with one of the files, in words, and
/// then nothing is written.
pub fn say(old: &Path, new: &Path, as_json: bool, out: &mut impl Write) -> io::Result<Result<bool, String>> {
    let (old, new) = match (form_of(old), form_of(new)) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => return Ok(Err([old.err(), new.err()].into_iter().flatten().collect())),
    };
    let found = differences(&old, &new);
    if as_json {
        let list = found
            .iter()
            .map(|one| json!({ "sort": word(one.sort), "words": one.words }));
        serde_json::to_writer_pretty(&mut *out, &list.collect::<Vec<_>>())?;
        writeln!(out)?;
    } else {
        write!(out, "{}", text(&found))?;
    }
    Ok(Ok(found.iter().all(|one| one.sort != Sort::Breaks)))
}

fn word(sort: Sort) -> &'static str {
    SORTS
        .iter()
        .find(|(of, _, _)| *of == sort)
        .map_or("", |(_, _, word)| word)
}

fn text(found: &[Difference]) -> String {
    if found.is_empty() {
        return "Nothing differs.\n".to_owned();
    }
    let mut said = String::new();
    for (sort, heading, _) in SORTS {
        let mut of_sort = found.iter().filter(|one| one.sort == sort).peekable();
        if of_sort.peek().is_none() {
            continue;
        }
        if !said.is_empty() {
            said.push('\n');
        }
        said += &format!("{heading}\n");
        for one in of_sort {
            let words = one.words.split_whitespace().collect::<Vec<_>>().join(" ");
            said += &format!("  {}\n", printable(&words));
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const FORM: &str = include_str!("../../forms/s5-partnership/evaluation.toml");

    fn said(old: &str, new: &str, as_json: bool) -> (Result<bool, String>, String) {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = [("old.toml", old), ("new.toml", new)].map(|(name, text)| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("written");
            path
        });
        let mut out = Vec::new();
        let said = say(&paths[0], &paths[1], as_json, &mut out).expect("written");
        (said, String::from_utf8(out).expect("text"))
    }

    #[test]
    fn what_breaks_is_told_first_and_fails() {
        let other = FORM
            .replacen("version  = 1", "version  = 2", 1)
            .replacen("type = \"narrative\"", "type = \"text\"", 1)
            .replacen("max_words", "max_chars", 1);
        assert_ne!(FORM, other);
        let (good, text) = said(FORM, &other, false);
        assert_eq!(good, Ok(false), "{text}");
        assert!(text.starts_with("Breaks: this cannot be published"), "{text}");
        let (_, json) = said(FORM, &other, true);
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json[0]["sort"], "breaks");
    }

    #[test]
    fn nothing_differs_or_a_file_is_wrong() {
        assert_eq!(said(FORM, FORM, false), (Ok(true), "Nothing differs.\n".to_owned()));
        let (problem, text) = said(FORM, "form = 1", false);
        assert!(problem.expect_err("a problem").contains("new.toml:1:8: error"));
        assert_eq!(text, "");
    }
}
