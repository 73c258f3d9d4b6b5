//! The problems of a form file as text: each with its line, and with carets under what is meant.
//!
//! Invariant: no more is shown than somebody reads, errors before warnings where there is not room for all, and what is not
//! shown is counted.

use countersign_domain::form::parse::Problem;
use countersign_domain::form::schema::Severity;

use super::printable;
use countersign_domain::places::Places;

/// The most characters of a line that are shown.
const SHOWN: usize = 120;
/// Of these, before the place of the problem.
const BEFORE: usize = 60;
/// The most problems of one file that are shown; nobody reads more before mending some.
const MOST_SHOWN: usize = 100;

/// How many errors there are, and how many warnings.
pub(super) fn counts(problems: &[Problem]) -> (usize, usize) {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let errors = errors.count();
    (errors, problems.len() - errors)
}

/// What is wrong with one of several files, in a few words.
pub(super) fn in_words(found: (usize, usize)) -> String {
    match found {
        (0, 0) => "nothing wrong".to_owned(),
        (0, warnings) => count(warnings, "warning"),
        (errors, 0) => count(errors, "error"),
        (errors, warnings) => format!("{}, {}", count(errors, "error"), count(warnings, "warning")),
    }
}

/// So many of something, in words.
pub(super) fn count(number: usize, what: &str) -> String {
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
}
