//! `forms check`: what is wrong with form files, for the terminal, or as JSON for editors.
//!
//! Invariant: plain text without colours or control characters; every problem that is shown has its file, line and column,
//! the line itself, and what to do. Columns count characters from 1. What is not shown is counted.

use std::io::{self, Write};
use std::path::Path;

use countersign_domain::form::parse::{Problem, read};
use countersign_domain::form::schema::Severity;
use serde::Serialize;

use super::places::Places;
use super::{printable, text_of};

/// The most characters of a line that are shown.
const SHOWN: usize = 120;
/// Of these, before the place of the problem.
const BEFORE: usize = 60;
/// The most problems of one file that are shown; nobody reads more before mending some.
const MOST_SHOWN: usize = 100;

/// A file and what is wrong with it.
struct Checked {
    name: String,
    /// The text and its problems, or why there is no text.
    read: Result<(String, Vec<Problem>), String>,
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

fn counts(problems: &[Problem]) -> (usize, usize) {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let errors = errors.count();
    (errors, problems.len() - errors)
}

/// Checks each file and writes what is wrong with it. True when no error was found; warnings do not count. A file that
/// cannot be read is an error of its own; only a failure to write ends the check.
pub fn check_files(paths: &[impl AsRef<Path>], out: &mut impl Write) -> io::Result<bool> {
    let (mut errors, mut warnings) = (0, 0);
    let mut summary = Vec::new();
    for path in paths {
        let checked = Checked::new(path.as_ref());
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
        count(paths.len(), "file"),
        count(errors, "error"),
        count(warnings, "warning")
    )?;
    Ok(errors == 0)
}

/// What is wrong with one of several files, in a few words.
fn in_words(found: (usize, usize)) -> String {
    match found {
        (0, 0) => "nothing wrong".to_owned(),
        (0, warnings) => count(warnings, "warning"),
        (errors, 0) => count(errors, "error"),
        (errors, warnings) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    }
}

/// As [`check_files`], as one JSON document with every problem, for editors and other programs.
pub fn check_files_as_json(paths: &[impl AsRef<Path>], out: &mut impl Write) -> io::Result<bool> {
    let (mut errors, mut warnings) = (0, 0);
    let mut files = Vec::new();
    for path in paths {
        let checked = Checked::new(path.as_ref());
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

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {what}{plural}", grouped(number))
}

/// A number with commas between its thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut said = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    said
}

/// The problems of one file as text: all of them, or the first hundred and how many more there are. Where errors are
/// among those, they come before warnings.
pub fn render(file_name: &str, source: &str, problems: &[Problem]) -> String {
    let places = Places::new(source);
    let (shown, left) = shown(problems);
    let mut said = String::new();
    for problem in shown {
        said += &rendered(file_name, source, &places, problem);
    }
    if left != (0, 0) {
        said += &format!("{file_name}: and {} more. Mend these first.\n\n", in_words(left));
    }
    said
}

/// Those that are shown, in the order of the file, and how many errors and warnings are not. No warning takes the place
/// of an error.
fn shown(problems: &[Problem]) -> (Vec<&Problem>, (usize, usize)) {
    let (errors, warnings) = counts(problems);
    let grave = errors.min(MOST_SHOWN);
    let light = warnings.min(MOST_SHOWN - grave);
    let (mut errors_left, mut warnings_left) = (grave, light);
    let mut shown = Vec::new();
    for problem in problems {
        let room = match problem.severity {
            Severity::Error => &mut errors_left,
            Severity::Warning => &mut warnings_left,
        };
        if *room > 0 {
            *room -= 1;
            shown.push(problem);
        }
    }
    (shown, (errors - grave, warnings - light))
}

fn rendered(file_name: &str, source: &str, places: &Places<'_>, problem: &Problem) -> String {
    let excerpt = Excerpt::of(source, places, problem);
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let (line, column) = (excerpt.line, excerpt.column);
    let margin = " ".repeat(line.to_string().len());
    let message = printable(&problem.message);
    let mut said = format!("{file_name}:{line}:{column}: {severity}: {message}\n");
    said += &format!(" {line} | {}\n", excerpt.text);
    said += &format!(" {margin} | {}{}\n", excerpt.indent, "^".repeat(excerpt.carets));
    if let Some(help) = &problem.help {
        said += &format!(" {margin} = {}\n", printable(help));
    }
    said.push('\n');
    said
}

/// Where a problem begins, and how its line is shown.
struct Excerpt {
    line: usize,
    column: usize,
    text: String,
    indent: String,
    carets: usize,
}

impl Excerpt {
    fn of(source: &str, places: &Places<'_>, problem: &Problem) -> Self {
        let place = places.at(problem.span.start);
        let (start, to) = (place.at, place.whole.end);
        let letters: Vec<char> = source[place.whole].trim_end_matches('\r').chars().collect();
        let before = place.column - 1;
        let end = source.floor_char_boundary(problem.span.end).clamp(start, to);
        let marked = source[start..end].trim_end_matches('\r').chars().count();
        let skipped = if letters.len() > SHOWN {
            before.saturating_sub(BEFORE)
        } else {
            0
        };
        let shown: String = letters.iter().skip(skipped).take(SHOWN).collect();
        // A tab stays a tab under it, so that the caret stands where the reader's terminal puts the text.
        let indent = letters.iter().take(before).skip(skipped);
        Self {
            line: place.line,
            column: place.column,
            text: printable(&shown),
            indent: indent.map(|c| if *c == '\t' { '\t' } else { ' ' }).collect(),
            carets: marked.min(SHOWN.saturating_sub(before - skipped)).max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use countersign_domain::form::parse::MAX_BYTES;

    use super::*;

    fn problem(source: &str, words: &str) -> Problem {
        let start = source.find(words).expect("the words");
        Problem {
            severity: Severity::Error,
            span: start..start + words.len(),
            message: "No.".to_owned(),
            help: Some("Try again.".to_owned()),
        }
    }

    #[test]
    fn marks_the_words_after_letters_of_several_bytes() {
        let source = "a = 1\r\n\ttitle = \"Café £5\" # ‘é’ here\r\nb = 2\r\n";
        assert_eq!(
            render("f.toml", source, &[problem(source, "here")]),
            "f.toml:2:26: error: No.\n 2 | \ttitle = \"Café £5\" # ‘é’ here\n   | \t                        ^^^^\n   = Try again.\n\n"
        );
    }

    #[test]
    fn shows_one_line_of_many_and_a_part_of_a_long_one() {
        let source = "x = \"\"\"one\ntwo\"\"\"\n";
        let said = render("f", source, &[problem(source, "one\ntwo")]);
        assert!(said.contains(" 1 | x = \"\"\"one\n   |        ^^^\n"), "{said}");
        let source = format!("{}wrong{}", "é".repeat(5_000), "ü".repeat(5_000));
        let said = render("f", &source, &[problem(&source, "wrong")]);
        assert!(said.starts_with("f:1:5001: error"), "{said}");
        assert!(said.lines().all(|line| line.chars().count() < 140), "{said}");
        assert_eq!(
            said.lines().nth(2),
            Some(format!("   | {}^^^^^", " ".repeat(BEFORE)).as_str())
        );
    }

    #[test]
    fn nothing_in_a_file_steers_the_terminal() {
        let source = "a = \u{1b}[31m\u{202e}red";
        let said = render("f", source, &[problem(source, "red")]);
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
    }

    #[test]
    fn an_end_that_is_past_the_file_is_shown() {
        let mut at_end = problem("a =", "=");
        at_end.span = 3..3;
        assert!(render("f", "a =", &[at_end]).contains(" 1 | a =\n   |    ^\n"));
    }

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
    fn of_very_many_problems_the_first_are_shown_and_the_rest_are_counted() {
        let source = "abc = 1\n".repeat(110_000);
        let problem = |at: usize, severity| Problem {
            severity,
            span: at * 8..at * 8 + 3,
            message: "No.".to_owned(),
            help: None,
        };
        let mut problems: Vec<Problem> = (0..110_000).map(|at| problem(at, Severity::Warning)).collect();
        problems.push(problem(109_999, Severity::Error));
        let said = render("f", &source, &problems);
        assert_eq!(said.matches(": warning: No.").count(), MOST_SHOWN - 1);
        assert!(said.contains("f:99:1: warning"), "{said}");
        assert!(said.contains("f:110000:1: error: No."), "the error is not crowded out");
        assert!(
            said.ends_with("f: and 109,901 warnings more. Mend these first.\n\n"),
            "{}",
            &said[said.len() - 200..]
        );
        let few = render("f", &source, &problems[..MOST_SHOWN]);
        assert!(!few.contains(" more."));
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
