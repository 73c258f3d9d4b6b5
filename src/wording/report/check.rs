//! A report file held against the language, and against its forms where they are known.
//!
//! Invariant: what passes can be composed, whatever the returns say, but for what only the fund knows.

use countersign_domain::form::schema::Form;
use countersign_domain::report::{Report, check_against};

use super::called::{Called, Scanned};
use super::prose::nothing;
use super::signature::{FUNCTIONS, Gives, Signature, check_calls, check_text};
use super::{Argument, Call, Functions, Problem, Returned, check_prose, in_order, run, scan, with_help};

/// Everything that is wrong with a report file whose head was read: with its template, with what its texts start with,
/// and, where there are `forms`, with what it names of them. In the order of the file.
pub fn check(report: &Report, forms: Option<&[&Form]>) -> Vec<Problem> {
    let names: Vec<&str> = FUNCTIONS.iter().map(|known| known.name).collect();
    let scanned = scan::scan(report, &names);
    let mut problems = scanned.problems.clone();
    problems.extend(check_calls(&scanned, report, forms));
    problems.extend(unshown(report, &scanned));
    for prose in &report.prose {
        for problem in check_prose(report, &prose.start) {
            let message = format!(
                "In what `{}` starts with, line {}: {}",
                prose.id, problem.line, problem.message
            );
            problems.push(Problem::new(prose.start_at, message));
        }
    }
    for problem in forms.map(|forms| check_against(report, forms)).unwrap_or_default() {
        let message = with_help(&problem.message, problem.help.as_deref().unwrap_or_default());
        problems.push(Problem {
            line: problem.line,
            column: problem.column,
            message,
        });
    }
    if !scanned.forbidden {
        // Once into each branch that asks whether there is something, once past it.
        for there in [true, false] {
            let made_up = MadeUp {
                names: &names,
                report,
                forms,
                there,
            };
            // What they start with was checked above.
            let prose = report.prose.iter().map(|prose| (prose.id.clone(), String::new()));
            let (_, found) = run::run(report, &prose.collect(), &made_up, &scanned, &problems);
            problems.extend(found);
        }
    }
    in_order(problems)
}

/// Texts that a commissioner would write for nobody.
fn unshown(report: &Report, scanned: &Scanned) -> Vec<Problem> {
    let shown = || scanned.calls.iter().filter(|called| called.name == "prose");
    if shown().any(|called| called.whole().is_none()) {
        return Vec::new();
    }
    let texts: Vec<&str> = shown().flat_map(Called::texts).collect();
    let unshown = report.prose.iter().filter(|prose| !texts.contains(&prose.id.as_str()));
    unshown
        .map(|prose| {
            let message = format!(
                "The text `{id}` is shown nowhere. Write {{{{ prose(\"{id}\") }}}} where it belongs.",
                id = prose.id
            );
            Problem::new(prose.start_at, message)
        })
        .collect()
}

/// Gives something of the right kind, so that a template runs without any return.
struct MadeUp<'a> {
    names: &'a [&'a str],
    report: &'a Report,
    forms: Option<&'a [&'a Form]>,
    there: bool,
}

impl Functions for MadeUp<'_> {
    fn names(&self) -> &[&str] {
        self.names
    }

    fn call(&self, call: &Call) -> Result<Returned, String> {
        let Some(signature) = Signature::of(&call.name) else {
            return Err(format!("There is no function `{}`.", call.name));
        };
        // Those that stand in the file as they are were checked there; these were worked out.
        for (takes, given) in signature.takes.iter().zip(&call.positional) {
            for text in texts(given) {
                check_text(*takes, text, self.report, self.forms)
                    .map_err(|(message, help)| with_help(&message, &help))?;
            }
        }
        Ok(match signature.gives {
            Gives::Blocks => Returned::Blocks(Vec::new()),
            Gives::Figure => Returned::Figure(nothing()),
            Gives::Text => Returned::Text("some text".to_owned()),
            Gives::Flag => Returned::Flag(self.there),
            Gives::Items if self.there => Returned::Items(vec!["some text".to_owned()]),
            Gives::Items => Returned::Items(Vec::new()),
        })
    }
}

fn texts(given: &Argument) -> Vec<&str> {
    match given {
        Argument::Text(text) => vec![text],
        Argument::List(items) => items.iter().flat_map(texts).collect(),
        Argument::Number(_) | Argument::Flag(_) => Vec::new(),
    }
}
