//! `forms check`: what is wrong with form files, for the terminal, or as JSON for editors.
//!
//! Invariant: plain text without colours or control characters; every problem that is shown has its file, line and column,
//! the line itself, and what to do. Columns count characters from 1. What is not shown is counted.

use std::io::{self, Write};
use std::path::Path;

use countersign_domain::form::parse::{Problem, read};
use countersign_domain::form::schema::Severity;
use serde::Serialize;

use super::render::{count, counts, in_words, render};
use super::{printable, text_of};
use countersign_domain::places::Places;

/// A file and what is wrong with it.
pub(super) struct Checked {
    pub name: String,
    /// The text and its problems, or why there is no text.
    pub read: Result<(String, Vec<Problem>), String>,
}

impl Checked {
    fn new(path: &Path) -> Self {
        let read = text_of(path).map(|source| {
            let problems = read(&source).problems;
            (source, problems)
        });
        Self {
            name: printable(&path.display().to_string()),
            read,
        }
    }

    /// How many errors there are, and how many warnings; a file that cannot be read is an error.
    fn counts(&self) -> (usize, usize) {
        self.read.as_ref().map_or((1, 0), |(_, problems)| counts(problems))
    }
}

/// Checks each file and writes what is wrong with it. True when no error was found; warnings do not count. A file that
/// cannot be read is an error of its own; only a failure to write ends the check.
pub fn check_files(paths: &[impl AsRef<Path>], out: &mut impl Write) -> io::Result<bool> {
    say(paths.iter().map(|path| Checked::new(path.as_ref())), out)
}

/// Writes what is wrong with each file, one after the other. True when no error was found.
pub(super) fn say(files: impl Iterator<Item = Checked>, out: &mut impl Write) -> io::Result<bool> {
    let (mut errors, mut warnings) = (0, 0);
    let mut summary = Vec::new();
    for checked in files {
        match &checked.read {
            Ok((source, problems)) => out.write_all(render(&checked.name, source, problems).as_bytes())?,
            Err(reason) => writeln!(out, "{}: error: {reason}\n", checked.name)?,
        }
        let found = checked.counts();
        errors += found.0;
        warnings += found.1;
        summary.push((checked.name, found));
    }
    if summary.len() > 1 {
        for (name, found) in &summary {
            writeln!(out, "{name}: {}", in_words(*found))?;
        }
    }
    writeln!(
        out,
        "{} checked: {}, {}.",
        count(summary.len(), "file"),
        count(errors, "error"),
        count(warnings, "warning")
    )?;
    Ok(errors == 0)
}

/// As [`check_files`], as one JSON document with every problem, for editors and other programs.
pub fn check_files_as_json(paths: &[impl AsRef<Path>], out: &mut impl Write) -> io::Result<bool> {
    say_json(paths.iter().map(|path| Checked::new(path.as_ref())), out)
}

/// As [`say`], as one JSON document.
pub(super) fn say_json(checked: impl Iterator<Item = Checked>, out: &mut impl Write) -> io::Result<bool> {
    let (mut errors, mut warnings) = (0, 0);
    let mut files = Vec::new();
    for checked in checked {
        let found = checked.counts();
        errors += found.0;
        warnings += found.1;
        files.push(FileSaid::of(checked));
    }
    let said = Said {
        files,
        errors,
        warnings,
    };
    serde_json::to_writer_pretty(&mut *out, &said)?;
    writeln!(out)?;
    Ok(errors == 0)
}

/// What is said of all files.
#[derive(Serialize)]
struct Said {
    files: Vec<FileSaid>,
    errors: usize,
    warnings: usize,
}

/// What is said of one file.
#[derive(Serialize)]
struct FileSaid {
    file: String,
    /// Why it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    unreadable: Option<String>,
    problems: Vec<ProblemSaid>,
}

/// A problem: lines and columns from 1, columns in characters; the end is the place after the last character.
#[derive(Serialize)]
struct ProblemSaid {
    severity: Severity,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

impl FileSaid {
    fn of(checked: Checked) -> Self {
        let (source, problems, unreadable) = match checked.read {
            Ok((source, problems)) => (source, problems, None),
            Err(reason) => (String::new(), Vec::new(), Some(reason)),
        };
        let places = Places::new(&source);
        let problems = problems.into_iter().map(|problem| {
            let (from, to) = (places.at(problem.span.start), places.at(problem.span.end));
            ProblemSaid {
                severity: problem.severity,
                line: from.line,
                column: from.column,
                end_line: to.line,
                end_column: to.column,
                message: problem.message,
                help: problem.help,
            }
        });
        Self {
            file: checked.name,
            unreadable,
            problems: problems.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use countersign_domain::form::parse::MAX_BYTES;

    use super::*;

    #[test]
    fn checks_files_and_goes_on_after_a_bad_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str, bytes: &[u8]| -> PathBuf {
            let path = folder.path().join(name);
            fs::write(&path, bytes).expect("written");
            path
        };
        let latin = file("latin.toml", b"form = \"a\"\ntitle = \"\xe9\"\n");
        let large = file("large.toml", &vec![b'#'; MAX_BYTES + 1]);
        let wrong = file("wrong.toml", b"formm = \"a\"\n");
        let missing = folder.path().join("missing.toml");
        let mut out = Vec::new();
        let sound = check_files(&[latin, large, missing, wrong], &mut out).expect("written");
        let said = String::from_utf8(out).expect("text");
        assert!(!sound);
        for words in [
            "Line 2 is not UTF-8",
            "1,000,000 bytes or smaller",
            "cannot be read",
            "wrong.toml:1:1: error: `formm` is not among the keys of this form.",
            "= Did you mean `form`?",
            "4 files checked: ",
        ] {
            assert!(said.contains(words), "{words} in {said}");
        }
        let none: [PathBuf; 0] = [];
        assert!(check_files(&none, &mut Vec::new()).expect("written"));
    }

    #[test]
    fn several_files_are_summed_up_and_json_has_every_problem() {
        let folder = tempfile::tempdir().expect("a folder");
        let wrong = folder.path().join("wrong.toml");
        let mut text = "# ‘é’\n".to_owned();
        for number in 0..300 {
            text += &format!("key{number} = 1\n");
        }
        fs::write(&wrong, text).expect("written");
        let paths = [wrong, folder.path().join("missing.toml")];
        let mut out = Vec::new();
        assert!(!check_files(&paths, &mut out).expect("written"));
        let said = String::from_utf8(out).expect("text");
        assert!(said.contains("missing.toml: 1 error\n2 files checked: "), "{said}");
        let mut out = Vec::new();
        assert!(!check_files_as_json(&paths, &mut out).expect("written"));
        let json: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
        let problems = json["files"][0]["problems"].as_array().expect("a list");
        assert!(problems.len() > 300, "{}", problems.len());
        let last = problems.last().expect("one");
        assert_eq!(
            (last["line"].as_u64(), last["end_column"].as_u64()),
            (Some(301), Some(7))
        );
        assert!(
            json["files"][1]["unreadable"]
                .as_str()
                .is_some_and(|words| words.contains("cannot be read"))
        );
        let counted = ["errors", "warnings"].map(|what| json[what].as_u64().expect("a number"));
        assert_eq!(counted.iter().sum::<u64>(), problems.len() as u64 + 1);
    }
}
