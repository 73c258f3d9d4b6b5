//! `report check` and `report list`: what is wrong with report files, and which reports there are.
//!
//! Invariant: said as `forms check` says it, with the line itself and carets under what is meant.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use countersign_domain::form::parse::{self, Problem};
use countersign_domain::form::schema::{Form, Severity};
use countersign_domain::report;
use serde::Serialize;

use super::check::{Checked, say, say_json};
use super::{printable, text_of};
use crate::wording::report::{Library, check};

/// Folders within folders are looked into so deep.
const MAX_DEPTH: usize = 4;
/// The most files of forms.
const MAX_FILES: usize = 2_000;

/// The forms that reports are held against.
pub struct Forms {
    forms: Option<BTreeMap<String, Form>>,
    /// Files that could not be read as forms.
    unread: Vec<Checked>,
}

impl Forms {
    /// Those of these files and folders; with none, those of `forms`, where there is such a folder. Of several versions of a
    /// form it is the latest.
    pub fn of(paths: &[PathBuf]) -> Self {
        let usual = PathBuf::from("forms");
        let mut found = Self {
            forms: None,
            unread: Vec::new(),
        };
        let mut files = Vec::new();
        if !paths.is_empty() {
            paths.iter().for_each(|path| found.gather(path, 0, &mut files));
        } else if usual.is_dir() {
            found.gather(&usual, 0, &mut files);
        } else {
            return found;
        }
        let mut forms = BTreeMap::new();
        for (path, named) in files {
            found.add(&path, named, &mut forms);
        }
        found.forms = Some(forms);
        found
    }

    fn gather(&mut self, path: &Path, depth: usize, files: &mut Vec<(PathBuf, bool)>) {
        if depth > MAX_DEPTH || files.len() >= MAX_FILES {
            return;
        }
        if !path.is_dir() {
            if depth == 0 || path.extension().is_some_and(|ending| ending == "toml") {
                files.push((path.to_owned(), depth == 0));
            }
            return;
        }
        match fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
            Ok(entries) => {
                let mut inside: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
                inside.sort();
                inside.iter().for_each(|path| self.gather(path, depth + 1, files));
            }
            Err(error) => self.unread(path, format!("The folder cannot be read: {error}.")),
        }
    }

    /// A folder of forms holds other files too; one that was named must be a form.
    fn add(&mut self, path: &Path, named: bool, forms: &mut BTreeMap<String, Form>) {
        let source = match text_of(path) {
            Ok(source) => source,
            Err(reason) => return self.unread(path, reason),
        };
        let is_form = |line: &str| {
            line.strip_prefix("form")
                .is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        let mut head = source.lines().take_while(|line| !line.trim_start().starts_with('['));
        if !named && !head.any(is_form) {
            return;
        }
        match parse::parse(&source) {
            Ok(form) => {
                let newer = forms.get(&form.id).is_none_or(|known| known.version < form.version);
                if newer {
                    forms.insert(form.id.clone(), form);
                }
            }
            Err(_) => {
                let reason = "This form has errors, and no report can be held against it: see countersign forms check.";
                self.unread(path, reason.to_owned());
            }
        }
    }

    fn unread(&mut self, path: &Path, reason: String) {
        self.unread.push(Checked {
            name: printable(&path.display().to_string()),
            read: Err(reason),
        });
    }

    /// Whether reports are held against any.
    pub fn are_known(&self) -> bool {
        self.forms.is_some()
    }
}

/// Checks each report file and writes what is wrong with it. True when nothing is.
pub fn check_reports(paths: &[PathBuf], mut forms: Forms, json: bool, out: &mut impl Write) -> io::Result<bool> {
    let unread = std::mem::take(&mut forms.unread);
    let known: Option<Vec<&Form>> = forms.forms.as_ref().map(|forms| forms.values().collect());
    let reports = paths.iter().map(|path| checked(path, known.as_deref()));
    let all = unread.into_iter().chain(reports);
    if json { say_json(all, out) } else { say(all, out) }
}

fn checked(path: &Path, forms: Option<&[&Form]>) -> Checked {
    let name = path.display().to_string();
    let read = text_of(path).map(|source| {
        let problems = match report::parse(&source, &name) {
            Ok(report) => {
                let found = check(&report, forms).into_iter();
                let problem = |found: crate::wording::report::Problem| {
                    placed(&source, found.line, found.column, found.message, None)
                };
                found.map(problem).collect()
            }
            Err(found) => {
                let found = found.into_iter();
                found
                    .map(|found| placed(&source, found.line, found.column, found.message, found.help))
                    .collect()
            }
        };
        (source, problems)
    });
    Checked {
        name: printable(&name),
        read,
    }
}

/// A problem by the bytes of the word that stands at its place.
fn placed(source: &str, line: usize, column: usize, message: String, help: Option<String>) -> Problem {
    let mut start = 0;
    let mut lines = source.split_inclusive('\n');
    for before in lines.by_ref().take(line.saturating_sub(1)) {
        start += before.len();
    }
    let text = lines.next().unwrap_or_default();
    let letters = text.char_indices().map(|(at, _)| at);
    start += letters
        .chain([text.len()])
        .nth(column.saturating_sub(1))
        .unwrap_or(text.len());
    let of_a_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let rest = source.get(start..).unwrap_or_default();
    let word = rest.find(|c| !of_a_word(c)).unwrap_or(rest.len());
    Problem {
        severity: Severity::Error,
        span: start..start + word,
        message,
        help,
    }
}

/// A report as it is named.
#[derive(Serialize)]
struct Named<'a> {
    id: &'a str,
    version: u32,
    title: &'a str,
    forms: &'a [String],
    /// None for one that the program comes with.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

/// Names every report, with its version and title and, where it is one of the server's own, its file.
pub fn list(library: &Library, json: bool, out: &mut impl Write) -> io::Result<()> {
    let named: Vec<Named<'_>> = library
        .list()
        .map(|listed| Named {
            id: &listed.report.id,
            version: listed.report.version,
            title: &listed.report.title,
            forms: &listed.report.forms,
            file: listed.file.as_ref().map(|file| printable(&file.display().to_string())),
        })
        .collect();
    if json {
        serde_json::to_writer_pretty(&mut *out, &named)?;
        return writeln!(out);
    }
    for one in named {
        let (id, version, title) = (one.id, one.version, printable(one.title));
        let file = one.file.map(|file| format!(" ({file})")).unwrap_or_default();
        writeln!(out, "{id} version {version}: {title}{file}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "+++\nreport = \"fine\"\nversion = 1\ntitle = \"Fine\"\ncovers = \"month\"\n\
        audience = \"internal\"\nforms = []\n+++\n## One\n";

    #[test]
    fn what_is_wrong_is_said_under_its_own_line_and_forms_are_looked_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).expect("written");
            path
        };
        let fine = file("fine.md.j2", REPORT);
        let wrong = file(
            "wrong.md.j2",
            &format!(
                "{}\nÄh {{{{ figure(\"partnership-evaluation.spnt\") }}}}\n",
                REPORT.replace("fine", "wrong")
            ),
        );
        let forms = || Forms::of(&[PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/forms"))]);
        assert!(forms().are_known());
        let said = |paths: &[PathBuf], forms: Forms, json: bool| {
            let mut out = Vec::new();
            let right = check_reports(paths, forms, json, &mut out).expect("written");
            (right, String::from_utf8(out).expect("text"))
        };
        let (right, words) = said(std::slice::from_ref(&fine), forms(), false);
        assert!(right, "{words}");
        let (right, words) = said(&[fine.clone(), wrong.clone()], forms(), false);
        assert!(!right);
        assert!(
            words.contains("wrong.md.j2:11:15: error: The form `partnership-evaluation` has no figure `spnt`."),
            "{words}"
        );
        let carets = format!(
            "\n    | {}{}\n",
            " ".repeat(14),
            "^".repeat("partnership-evaluation.spnt".len())
        );
        assert!(words.contains(&carets), "{words}");
        assert!(words.contains("2 files checked: 1 error, 0 warnings."), "{words}");
        let (_, json) = said(&[wrong], forms(), true);
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["files"][0]["problems"][0]["line"], 11);
        let broken = file("broken.toml", "form = 3\n");
        let (right, words) = said(&[fine], Forms::of(&[broken, folder.path().join("missing.toml")]), false);
        assert!(!right);
        assert!(
            words.contains("This form has errors") && words.contains("cannot be read"),
            "{words}"
        );
    }

    #[test]
    fn every_report_that_comes_with_the_program_is_named() {
        let library = Library::new(None).expect("good reports");
        let mut out = Vec::new();
        list(&library, false, &mut out).expect("written");
        let said = String::from_utf8(out).expect("text");
        assert!(
            said.contains("returns-state version 1: {fund.title}: returns for {period}\n"),
            "{said}"
        );
    }
}
