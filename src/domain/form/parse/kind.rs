//! Reads what kind of answer a question takes, with the keys that belong to that kind alone.
//!
//! Invariant: a key that belongs to another kind is refused, never ignored.

use rust_decimal::Decimal;

use super::reader::{Reader, Thing};
use super::text::Text;
use crate::form::rule::{RuleType, Where, did_you_mean};
use crate::form::schema::{AddUp, Kind, Severity, Target, Than, Words};

/// The extensions that a file question may accept.
pub const FILE_TYPES: [&str; 12] = [
    "pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "csv", "txt", "jpg", "jpeg", "png",
];

/// The types of question, as they are written.
pub(in crate::form) const TYPES: [&str; 22] = [
    "text",
    "narrative",
    "money",
    "count",
    "decimal",
    "percent",
    "range",
    "ratio",
    "date",
    "yes_no",
    "choice",
    "choices",
    "priority",
    "calculated",
    "contact",
    "split",
    "file",
    "declaration",
    "matrix",
    "funnel",
    "checklist",
    "risk",
];

/// The types that a column of a table may have, as they are written.
pub(in crate::form) const COLUMN_TYPES: [&str; 14] = [
    "text",
    "narrative",
    "money",
    "count",
    "decimal",
    "percent",
    "range",
    "ratio",
    "date",
    "yes_no",
    "choice",
    "choices",
    "priority",
    "calculated",
];

/// The keys that only some kinds have.
pub(super) const KEYS_OF_KINDS: [&str; 42] = [
    "max_chars",
    "max_words",
    "personal_data",
    "negative",
    "counts",
    "places",
    "check",
    "severity",
    "of_label",
    "per_label",
    "options",
    "of",
    "max_rows",
    "accept",
    "max_files",
    "statement",
    "value",
    "percent",
    "from",
    "locked",
    "over_providers",
    "over_time",
    "target",
    "benchmark",
    "baseline",
    "approximately",
    "not_known",
    "not_applicable",
    "required",
    "min",
    "max",
    "same_as",
    "money_is",
    "previous",
    "total",
    "decided_in",
    "rows",
    "column",
    "turned",
    "min_rows",
    "stages",
    "items",
];

const MOST_PLACES: u32 = 4;
const MOST_CHOICES: u32 = 200;
pub(super) const SEVERITIES: [(&str, Severity); 2] = [("error", Severity::Error), ("warning", Severity::Warning)];

/// Where a question stands.
#[derive(Clone, Copy)]
pub(super) struct At<'p> {
    /// For its rules.
    pub rules: Where<'p>,
    /// For its words, which stand once above all rows of a table.
    pub words: Where<'p>,
    /// Of a column: what it has from its table.
    pub table: Option<Around>,
}

/// What a column has from its table.
#[derive(Clone, Copy)]
pub(super) struct Around {
    /// Whether its rows are added.
    pub added: bool,
    /// How its figures add up, unless the column says otherwise.
    pub over_providers: Option<AddUp>,
    /// Over time.
    pub over_time: Option<AddUp>,
}

/// The kind; none when it cannot be told, and then that has been reported.
pub(super) fn kind(name: &str, thing: &mut Thing, at: At<'_>, reader: &mut Reader) -> Option<Kind> {
    Some(match name {
        "text" => Kind::Text {
            max_chars: thing.whole(reader, "max_chars", 1..=2_000).unwrap_or(200),
        },
        "narrative" => Kind::Narrative {
            max_words: thing.whole(reader, "max_words", 1..=10_000),
            personal_data_warn: thing.one_of(reader, "personal_data", &[("warn", ())]).is_some(),
        },
        "money" => Kind::Money {
            negative: thing.flag(reader, "negative"),
        },
        "count" => Kind::Count {
            people: people(thing, reader),
        },
        "decimal" => Kind::Decimal {
            places: thing.whole(reader, "places", 1..=MOST_PLACES).unwrap_or(2),
            negative: thing.flag(reader, "negative"),
        },
        "range" => Kind::Range {
            people: people(thing, reader),
        },
        "percent" => percent(thing, at.rules, reader),
        "ratio" => Kind::Ratio {
            of_label: thing.needed_words(reader, "of_label", at.words),
            per_label: thing.needed_words(reader, "per_label", at.words),
            places: places(thing, reader).unwrap_or(1),
            people: people(thing, reader),
        },
        "date" => Kind::Date,
        "yes_no" => Kind::YesNo,
        "choice" => Kind::Choice {
            options: options(thing, at.words, reader),
        },
        "choices" => choices(thing, at.words, reader),
        "priority" => Kind::Priority {
            max: thing.whole(reader, "max", 1..=MOST_CHOICES),
        },
        "contact" => Kind::Contact,
        "split" => Kind::Split {
            of: thing
                .needed_text(reader, "of")
                .map(|text| text.value)
                .unwrap_or_default(),
            severity: severity(thing, reader),
            max_rows: thing.whole(reader, "max_rows", 1..=200).unwrap_or(50),
        },
        "file" => Kind::File {
            accept: accept(thing, reader),
            max_files: thing.whole(reader, "max_files", 1..=20).unwrap_or(5),
        },
        "declaration" => {
            thing.need(reader, "statement");
            Kind::Declaration {
                statement: thing.statement(reader).unwrap_or_default(),
            }
        }
        "calculated" => return calculated(thing, at.rules, reader),
        _ => return None,
    })
}

pub(super) fn places(thing: &mut Thing, reader: &mut Reader) -> Option<u32> {
    thing.whole(reader, "places", 0..=MOST_PLACES)
}

/// Severity of what a kind checks by itself: a warning, unless the form says otherwise.
fn severity(thing: &mut Thing, reader: &mut Reader) -> Severity {
    thing
        .one_of(reader, "severity", &SEVERITIES)
        .unwrap_or(Severity::Warning)
}

/// Severity that must be said.
pub(super) fn needed_severity(thing: &mut Thing, reader: &mut Reader) -> Severity {
    thing.need(reader, "severity");
    severity(thing, reader)
}

/// Whom a figure may count, and whether they are new in each period, so that periods add up.
pub(super) const PEOPLE: [(&str, bool); 2] = [("people", false), ("new people", true)];

fn people(thing: &mut Thing, reader: &mut Reader) -> bool {
    thing.one_of(reader, "counts", &PEOPLE).is_some()
}

fn percent(thing: &mut Thing, place: Where<'_>, reader: &mut Reader) -> Kind {
    let places = places(thing, reader).unwrap_or(1);
    let negative = thing.flag(reader, "negative");
    let check = thing.text(reader, "check");
    let severity = severity(thing, reader);
    if check.is_none() {
        let message = "This percentage is typed by hand and checked against nothing.";
        let help = "Add check = \"…\", or ask for a ratio and let it be calculated.";
        reader.warn(thing.span.clone(), message, help);
    }
    let check = check.and_then(|text| reader.rule_of(&text, place, &[RuleType::Number]));
    Kind::Percent {
        places,
        negative,
        check,
        severity,
    }
}

fn calculated(thing: &mut Thing, place: Where<'_>, reader: &mut Reader) -> Option<Kind> {
    let percent = thing.flag(reader, "percent");
    let places = places(thing, reader);
    let text = thing.needed_text(reader, "value");
    let any = [
        RuleType::Number,
        RuleType::Money,
        RuleType::Truth,
        RuleType::Text,
        RuleType::Date,
    ];
    let wanted = if percent { &any[..1] } else { &any[..] };
    let value = text.and_then(|text| reader.rule_of(&text, place, wanted))?;
    if places.is_some() && value.kind() != RuleType::Number {
        let message = format!("`places` has no meaning for {}.", value.kind().words());
        reader.error(thing.place("places"), message, "Leave it out.");
    }
    Some(Kind::Calculated {
        value,
        places: places.unwrap_or(u32::from(percent)),
        percent,
    })
}

fn options(thing: &mut Thing, place: Where<'_>, reader: &mut Reader) -> Vec<(String, Words)> {
    thing.need(reader, "options");
    let mut found: Vec<(String, Words)> = Vec::new();
    let before = reader.problems.len();
    for mut option in thing.things(reader, "options", "option") {
        let id = option.id(reader, "id", super::ids::Spelling::Kebab);
        let label = option.needed_words(reader, "label", place);
        if found.iter().any(|(other, _)| *other == id) && !id.is_empty() {
            reader.error(option.place("id"), format!("The option `{id}` is given twice."), "");
        }
        option.finish(reader, &[], "");
        found.push((id, label));
    }
    if thing.has("options") && found.len() < 2 && reader.problems.len() == before {
        reader.error(thing.place("options"), "A choice must have two options or more.", "");
    }
    found
}

/// Any of several, so many at least and at most.
fn choices(thing: &mut Thing, place: Where<'_>, reader: &mut Reader) -> Kind {
    let options = options(thing, place, reader);
    let min = thing.whole(reader, "min", 0..=MOST_CHOICES).unwrap_or(0);
    let max = thing.whole(reader, "max", 1..=MOST_CHOICES);
    let there_are = u32::try_from(options.len()).unwrap_or(MOST_CHOICES);
    if there_are > 0 && min > there_are {
        let message = format!("`min` asks for {min} of {there_are} options.");
        reader.error(thing.place("min"), message, "");
    }
    if max.is_some_and(|max| max < min) {
        reader.error(thing.place("max"), "`max` must not be less than `min`.", "");
    }
    Kind::Choices { options, min, max }
}

fn accept(thing: &mut Thing, reader: &mut Reader) -> Vec<String> {
    let given = thing.texts(reader, "accept");
    for text in &given {
        if !FILE_TYPES.contains(&text.value.as_str()) {
            let mut help = did_you_mean(&text.value, FILE_TYPES);
            if help.is_empty() {
                help = format!("Those taken are {}.", FILE_TYPES.join(", "));
            }
            let message = format!("Files of type `{}` are not taken.", text.value);
            reader.error(text.span.clone(), message, help);
        }
    }
    if given.is_empty() {
        if thing.has("accept") {
            reader.error(thing.place("accept"), "`accept` must name a type of file.", "");
        }
        return ["pdf", "docx", "xlsx"].map(str::to_owned).to_vec();
    }
    given.into_iter().map(|text| text.value).collect()
}

/// A target like `>= 75`.
pub(super) fn target(text: &Text, reader: &mut Reader) -> Option<Target> {
    let signs = [
        (">=", Than::AtLeast),
        ("<=", Than::AtMost),
        (">", Than::Above),
        ("<", Than::Below),
        ("=", Than::Exactly),
    ];
    let written = text.value.trim();
    let found = signs.iter().find_map(|(sign, than)| {
        let figure = written.strip_prefix(sign)?.trim();
        Some(Target {
            than: *than,
            value: Decimal::from_str_exact(figure).ok()?,
        })
    });
    if found.is_none() {
        let message = "A target must be a comparison and a figure.";
        reader.error(text.span.clone(), message, "For example \">= 75\" or \"< 20\".");
    }
    found
}
