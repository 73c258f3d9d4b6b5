//! What each function of a report takes, and what it gives.
//!
//! Invariant: one row for each function; a call is held against its row before it is made.

use countersign_domain::form::rule::did_you_mean;
use countersign_domain::form::schema::Form;
use countersign_domain::report::{Part, Report, find};

use super::called::{Called, Given, Scanned};
use super::{Argument, Problem, with_help};

/// A function.
#[derive(Debug, Clone, Copy)]
pub struct Signature {
    /// Its name.
    pub name: &'static str,
    /// What it is given first, in order; all of it is needed.
    pub takes: &'static [Takes],
    /// What it may be given by name.
    pub options: &'static [&'static str],
    /// What it gives.
    pub gives: Gives,
}

/// What a function is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// The name of a part of a form.
    One(Part),
    /// Several such names in a list, or one.
    Several(Part),
    /// The id of a form, or the name of a figure or question of one.
    Form,
    /// The id of a text that the commissioner writes.
    Prose,
    /// How a chart is drawn.
    Drawn,
}

/// What a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// Parts of the document.
    Blocks,
    /// A figure.
    Figure,
    /// Text.
    Text,
    /// Yes or no.
    Flag,
    /// A list of texts.
    Items,
}

const fn row(name: &'static str, takes: &'static [Takes], options: &'static [&'static str], gives: Gives) -> Signature {
    Signature {
        name,
        takes,
        options,
        gives,
    }
}

/// Every function of a report.
pub const FUNCTIONS: [Signature; 23] = [
    row("prose", &[Takes::Prose], &[], Gives::Blocks),
    row(
        "figure",
        &[Takes::One(Part::Measure)],
        &["project", "provider", "grant", "row", "cohort", "period", "of_money"],
        Gives::Figure,
    ),
    row(
        "table",
        &[Takes::Several(Part::Measure)],
        &[
            "by", "across", "total", "title", "heading", "compare", "rows", "names", "project", "provider", "grant",
            "row", "cohort", "period",
        ],
        Gives::Blocks,
    ),
    row(
        "answers",
        &[Takes::One(Part::Question)],
        &["title", "heading", "by"],
        Gives::Blocks,
    ),
    row("section", &[Takes::One(Part::Section)], &["title"], Gives::Blocks),
    row("reconciliation", &[], &["title", "grant", "by"], Gives::Blocks),
    row("virements", &[], &["title"], Gives::Blocks),
    row("coverage", &[], &["title"], Gives::Blocks),
    row("findings", &[], &["title"], Gives::Blocks),
    row("signatures", &[], &["title", "stages"], Gives::Blocks),
    row("decisions", &[Takes::One(Part::Decided)], &["title"], Gives::Blocks),
    row("stories", &[Takes::One(Part::Story)], &["by"], Gives::Blocks),
    row("attachments", &[Takes::One(Part::Files)], &["title"], Gives::Blocks),
    row("restated", &[], &["title"], Gives::Blocks),
    row("returns_state", &[], &["title"], Gives::Blocks),
    row(
        "chart",
        &[Takes::Drawn, Takes::Several(Part::Measure)],
        &[
            "by", "across", "title", "heading", "compare", "rows", "names", "project", "provider", "grant", "row",
            "cohort", "period",
        ],
        Gives::Blocks,
    ),
    row("on_time", &[], &["chart", "title"], Gives::Blocks),
    row("checklist", &[Takes::One(Part::Checklist)], &["title"], Gives::Blocks),
    row("has", &[Takes::Form], &["period"], Gives::Flag),
    row("period", &[], &[], Gives::Text),
    row("fund", &[], &[], Gives::Text),
    row("grant_list", &[], &[], Gives::Items),
    row("project_list", &[], &[], Gives::Items),
];

/// By what a table may go down.
const BY: [&str; 8] = [
    "project", "provider", "grant", "period", "row", "cohort", "return", "measure",
];
/// What a figure may stand beside.
const COMPARE: [&str; 5] = ["previous", "year-before", "baseline", "target", "benchmark"];
/// How a chart may be drawn.
const DRAWN: [&str; 3] = ["bars", "lines", "stacked"];

impl Signature {
    /// The function of this name.
    pub fn of(name: &str) -> Option<&'static Self> {
        FUNCTIONS.iter().find(|known| known.name == name)
    }
}

/// What is wrong with the calls as they stand in the file. The names of forms are looked up where there are `forms`.
pub(super) fn check_calls(scanned: &Scanned, report: &Report, forms: Option<&[&Form]>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for called in &scanned.calls {
        if let Some(signature) = Signature::of(&called.name) {
            check_call(called, signature, report, forms, &mut problems);
        }
    }
    problems
}

fn check_call(
    called: &Called,
    signature: &Signature,
    report: &Report,
    forms: Option<&[&Form]>,
    problems: &mut Vec<Problem>,
) {
    let name = signature.name;
    for (takes, given) in signature.takes.iter().zip(&called.positional) {
        check_given(*takes, given, name, report, forms, problems);
    }
    if let Some(extra) = called.positional.get(signature.takes.len()) {
        let help = match signature.options {
            [] => String::new(),
            options => format!("What else it is given has a name: {}.", options.join(", ")),
        };
        let message = format!("`{name}` is given more than it takes.");
        problems.push(Problem::new(extra.at, with_help(&message, &help)));
    }
    if let Some(missing) = signature.takes.get(called.positional.len()) {
        let message = format!("`{name}` is not given {}.", wanted(*missing));
        problems.push(Problem::new(called.at, message));
    }
    for (option, given) in &called.named {
        if !signature.options.contains(&option.as_str()) {
            let meant = did_you_mean(option, signature.options.iter().copied());
            let known = match signature.options {
                [] => "It takes nothing by name.".to_owned(),
                options => format!("It takes {}.", options.join(", ")),
            };
            let help = if meant.is_empty() { known } else { meant };
            let message = format!("`{name}` takes no `{option}`.");
            problems.push(Problem::new(given.at, with_help(&message, &help)));
        } else if let Some(value) = &given.value
            && let Err((message, help)) = check_option(option, value, signature, report, forms)
        {
            problems.push(Problem::new(given.at, with_help(&message, &help)));
        }
    }
}

/// What is missing, in words.
const fn wanted(takes: Takes) -> &'static str {
    match takes {
        Takes::One(Part::Measure) => "a figure, like \"partnership-evaluation.spent\"",
        Takes::Several(_) => "figures, like [\"partnership-evaluation.spent\"]",
        Takes::One(Part::Section) => "a section, like \"partnership-evaluation.project\"",
        Takes::One(_) => "a question, like \"partnership-evaluation.case_study\"",
        Takes::Form => "the id of a form, or the name of a question",
        Takes::Prose => "the id of one of the report's texts",
        Takes::Drawn => "how it is drawn: \"bars\", \"lines\" or \"stacked\"",
    }
}

fn check_given(
    takes: Takes,
    given: &Given,
    name: &str,
    report: &Report,
    forms: Option<&[&Form]>,
    problems: &mut Vec<Problem>,
) {
    let Some(value) = &given.value else {
        return;
    };
    let texts: Option<Vec<&str>> = match (takes, value) {
        (_, Argument::Text(text)) => Some(vec![text]),
        (Takes::Several(_), Argument::List(items)) if !items.is_empty() => {
            let texts = items.iter().map(|item| match item {
                Argument::Text(text) => Some(text.as_str()),
                _ => None,
            });
            texts.collect()
        }
        _ => None,
    };
    let Some(texts) = texts else {
        let message = format!("`{name}` must be given {} here.", wanted(takes));
        return problems.push(Problem::new(given.at, message));
    };
    for (text, (_, at)) in texts.into_iter().zip(&given.texts) {
        if let Err((message, help)) = check_text(takes, text, report, forms) {
            problems.push(Problem::new(*at, with_help(&message, &help)));
        }
    }
}

/// Holds a name against what there is.
pub(super) fn check_text(
    takes: Takes,
    text: &str,
    report: &Report,
    forms: Option<&[&Form]>,
) -> Result<(), (String, String)> {
    match takes {
        Takes::One(part) | Takes::Several(part) => match forms {
            Some(forms) => find(part, text, report, forms)
                .map(drop)
                .map_err(|wrong| (wrong.message, wrong.help)),
            None => Ok(()),
        },
        Takes::Form if text.contains('.') => match check_text(Takes::One(Part::Question), text, report, forms) {
            Ok(()) => Ok(()),
            Err(_) => check_text(Takes::One(Part::Measure), text, report, forms),
        },
        Takes::Form => {
            let there = forms.unwrap_or_default().iter().map(|form| form.id.as_str());
            let named = report.forms.iter().map(String::as_str);
            let known: Vec<&str> = if report.forms.is_empty() {
                there.collect()
            } else {
                named.collect()
            };
            if known.contains(&text) || (report.forms.is_empty() && forms.is_none()) {
                return Ok(());
            }
            Err((
                format!("The report is about no form `{text}`."),
                did_you_mean(text, known),
            ))
        }
        Takes::Prose => match report.prose(text) {
            Some(_) => Ok(()),
            None => {
                let meant = did_you_mean(text, report.prose.iter().map(|prose| prose.id.as_str()));
                let add = "Add it to the head: [[prose]] with an id and a label.".to_owned();
                let help = if meant.is_empty() { add } else { meant };
                Err((format!("The report has no text `{text}`."), help))
            }
        },
        Takes::Drawn => one_of("A chart", text, &DRAWN),
    }
}

fn check_option(
    option: &str,
    value: &Argument,
    signature: &Signature,
    report: &Report,
    forms: Option<&[&Form]>,
) -> Result<(), (String, String)> {
    let name = signature.name;
    let must = |wanted: &str| Err((format!("`{option}` of `{name}` must be {wanted}."), String::new()));
    match (option, value) {
        ("by", Argument::Text(text)) if name == "reconciliation" => one_of("`by`", text, &["fund"]),
        ("by", Argument::Text(text)) if name == "stories" => one_of("`by`", text, &["project"]),
        ("by", Argument::Text(text)) => one_of("`by`", text, &BY),
        ("by", _) => must("a word in quotation marks, like \"project\""),
        ("across", Argument::Text(text)) => one_of("`across`", text, &["period"]),
        ("across", _) => must("\"period\""),
        ("compare", Argument::Text(text)) => one_of("`compare`", text, &COMPARE),
        ("compare", Argument::List(items)) => items.iter().try_for_each(|item| match item {
            Argument::Text(text) => one_of("`compare`", text, &COMPARE),
            _ => must("a list of words in quotation marks"),
        }),
        ("compare", _) => must("a list of words, like [\"previous\", \"target\"]"),
        ("total" | "chart" | "stages", Argument::Flag(_)) => Ok(()),
        ("total" | "chart" | "stages", _) => must("true or false, without quotation marks"),
        ("of_money", Argument::Text(text)) => check_text(Takes::One(Part::Measure), text, report, forms),
        ("of_money", _) => must("the name of an amount, like \"partnership-evaluation.allocated\""),
        ("period", Argument::Text(text)) => one_of("`period`", text, &["previous", "year-before"]),
        ("period", _) => must("\"previous\" or \"year-before\""),
        ("rows" | "names", _) => Ok(()),
        (_, Argument::Text(_)) => Ok(()),
        _ => must("text in quotation marks"),
    }
}

fn one_of(what: &str, text: &str, known: &[&str]) -> Result<(), (String, String)> {
    if known.contains(&text) {
        return Ok(());
    }
    let meant = did_you_mean(text, known.iter().copied());
    let help = if meant.is_empty() {
        format!("There are {}.", known.join(", "))
    } else {
        meant
    };
    Err((format!("{what} cannot be `{text}`."), help))
}
