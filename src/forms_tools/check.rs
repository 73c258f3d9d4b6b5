//! `forms check`: what is wrong with form files, for the terminal.
//!
//! Invariant: plain text without colours or control characters; every problem has its file, line and column, the line
//! itself, and what to do. Columns count characters from 1.

use std::io::{self, Write};
use std::path::Path;

use countersign_domain::form::parse::{Problem, read};
use countersign_domain::form::schema::Severity;

use super::{printable, text_of};

/// The most characters of a line that are shown.
const SHOWN: usize = 120;
/// Of these, before the place of the problem.
const BEFORE: usize = 60;

/// Checks each file and writes what is wrong with it. True when no error was found; warnings do not count. A file that
/// cannot be read is an error of its own; only a failure to write ends the check.
pub fn check_files(paths: &[impl AsRef<Path>], out: &mut impl Write) -> io::Result<bool> {
    let (mut errors, mut warnings) = (0, 0);
    for path in paths {
        let path = path.as_ref();
        let name = printable(&path.display().to_string());
        let source = match text_of(path) {
            Ok(source) => source,
            Err(reason) => {
                errors += 1;
                writeln!(out, "{name}: error: {reason}\n")?;
                continue;
            }
        };
        let problems = read(&source).problems;
        let grave = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .count();
        errors += grave;
        warnings += problems.len() - grave;
        out.write_all(render(&name, &source, &problems).as_bytes())?;
    }
    let (files, errors_said, warnings_said) = (
        count(paths.len(), "file"),
        count(errors, "error"),
        count(warnings, "warning"),
    );
    writeln!(out, "{files} checked: {errors_said}, {warnings_said}.")?;
    Ok(errors == 0)
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// The problems of one file as text.
pub fn render(file_name: &str, source: &str, problems: &[Problem]) -> String {
    let mut said = String::new();
    for problem in problems {
        let place = Place::of(source, problem);
        let severity = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let (line, column) = (place.line, place.column);
        let margin = " ".repeat(line.to_string().len());
        let message = printable(&problem.message);
        said += &format!("{file_name}:{line}:{column}: {severity}: {message}\n");
        said += &format!(" {line} | {}\n", place.text);
        said += &format!(" {margin} | {}{}\n", place.indent, "^".repeat(place.carets));
        if let Some(help) = &problem.help {
            said += &format!(" {margin} = {}\n", printable(help));
        }
        said.push('\n');
    }
    said
}

/// Where a problem begins, and how its line is shown.
struct Place {
    line: usize,
    column: usize,
    text: String,
    indent: String,
    carets: usize,
}

impl Place {
    fn of(source: &str, problem: &Problem) -> Self {
        let start = source.floor_char_boundary(problem.span.start);
        let from = source[..start].rfind('\n').map_or(0, |at| at + 1);
        let to = source[start..].find('\n').map_or(source.len(), |at| start + at);
        let letters: Vec<char> = source[from..to].trim_end_matches('\r').chars().collect();
        let before = source[from..start].chars().count();
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
            line: source[..from].matches('\n').count() + 1,
            column: before + 1,
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
}
