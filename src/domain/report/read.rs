//! Reads a report file: the TOML between its two lines of `+++`, and the text beneath.
//!
//! Invariant: total over any text, and everything that is wrong is told at once, in the order of the file.

use std::ops::Range;

use toml::de::DeTable;

use super::{At, Covers, NamedFigure, Prose, Report, ReportProblem};
use crate::form::parse::{Reader, Spelling, Text, Thing, document};
use crate::form::placeholder::{Piece, pieces};
use crate::form::rule::did_you_mean;
use crate::form::schema::Audience;
use crate::ledger::Digest;
use crate::measure::suppress::Policy;
use crate::places::Places;

/// The largest report file, in bytes.
pub const MAX_BYTES: usize = 1_000_000;
/// The most texts that a commissioner writes for one paper.
pub const MAX_PROSE: usize = 200;
/// The most figures that these may name.
pub const MAX_FIGURES: usize = 1_000;
/// The most forms that one report is about.
pub const MAX_FORMS: usize = 100;
/// How the name of a report file ends, after its id.
pub const ENDING: &str = ".md.j2";

/// The line before the head, and the line after it.
const FENCE: &str = "+++";
/// What stands in a title between braces.
const OF_A_TITLE: [&str; 2] = ["fund.title", "period"];

/// Reads a report file. `name` is that of its file, with or without a folder and the ending, and must be the report's id.
///
/// # Errors
/// Everything that is wrong with it, in the order of the file.
pub fn parse(source: &str, name: &str) -> Result<Report, Vec<ReportProblem>> {
    if source.len() > MAX_BYTES {
        let message = "A report file must be 1,000,000 bytes or smaller.";
        return Err(vec![ReportProblem::new(At { line: 1, column: 1 }, message, "")]);
    }
    let places = Places::new(source);
    let (head, body) = match cut(source) {
        Ok(found) => found,
        Err((at, message, help)) => return Err(vec![ReportProblem::new(place(&places, at), message, help)]),
    };
    // To the reader of TOML the first line of plus signs is a note, so that every place is that of the file.
    let head = source[..head.end].replacen(FENCE, "###", 1);
    let file = File { places };
    let mut reader = Reader::new(&head);
    let table = document(reader.source, &mut reader);
    let body_line = file.places.at(body.start).line;
    let rest = Rest {
        body: source[body.clone()].to_owned(),
        body_line,
        digest: Digest::of(source.as_bytes()),
        name: name.rsplit('/').next().unwrap_or_default(),
    };
    let report = table.and_then(|table| whole(table.get_ref(), &mut reader, &file, rest));
    let found = reader.problems.into_iter();
    let mut problems: Vec<ReportProblem> = found
        .map(|problem| {
            let at = file.at(problem.span.start);
            ReportProblem::new(at, problem.message, problem.help.unwrap_or_default())
        })
        .collect();
    problems.extend(of_the_body(source, body, &file.places));
    problems.sort();
    problems.dedup();
    report.filter(|_| problems.is_empty()).ok_or(problems)
}

/// The file, for the places of what is read.
struct File<'s> {
    places: Places<'s>,
}

impl File<'_> {
    fn at(&self, byte: usize) -> At {
        place(&self.places, byte)
    }
}

fn place(places: &Places, at: usize) -> At {
    let place = places.at(at);
    At {
        line: place.line,
        column: place.column,
    }
}

/// What is known of a report beside its head.
struct Rest<'s> {
    body: String,
    body_line: usize,
    digest: Digest,
    name: &'s str,
}

/// The bytes of the head and of the body; or what is missing, and where.
type Cut = Result<(Range<usize>, Range<usize>), (usize, &'static str, &'static str)>;

fn cut(source: &str) -> Cut {
    let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let mut at = start;
    let mut head = None;
    for line in source[start..].split_inclusive('\n') {
        let next = at + line.len();
        let fence = line.trim_end() == FENCE;
        match head {
            None if fence => head = Some(next),
            None => {
                let help = "Put what the report is about between two such lines, and its text beneath them.";
                return Err((start, "A report file begins with a line of three plus signs: +++", help));
            }
            Some(begins) if fence => return Ok((begins..at, next..source.len())),
            Some(_) => {}
        }
        at = next;
    }
    match head {
        None => Err((start, "A report file begins with a line of three plus signs: +++", "")),
        Some(_) => {
            let help = "Write +++ on a line of its own after the head, and the text of the report beneath it.";
            Err((start, "The head of this report has no end.", help))
        }
    }
}

fn whole(table: &DeTable, reader: &mut Reader, file: &File, rest: Rest) -> Option<Report> {
    let mut thing = Thing::new(table, 0..0, "report");
    let id = thing.id(reader, "report", Spelling::Kebab);
    let named = rest.name.strip_suffix(ENDING).unwrap_or(rest.name);
    if !id.is_empty() && id != named {
        let message = format!("This report is called `{id}`, and its file `{}`.", rest.name);
        let help = format!("Name the file {id}{ENDING}, or the report {named}.");
        reader.error(thing.place("report"), message, help);
    }
    thing.need(reader, "version");
    let version = thing.whole(reader, "version", 1..=1_000_000);
    let title = title(&mut thing, reader);
    thing.need(reader, "covers");
    let covers = thing.one_of(reader, "covers", &Covers::ALL);
    let (audience, policy) = audience(&mut thing, reader);
    let forms = forms(&mut thing, reader);
    let across = thing.one_of(reader, "across", &[("funds", true)]);
    let explain = thing.whole(reader, "explain", 1..=1_000);
    let prose = prose(&mut thing, reader, file);
    let figures = figures(&mut thing, reader, &forms, file);
    let audience_at = file.at(thing.place("audience").start);
    thing.finish(reader, &[], "");
    Some(Report {
        id,
        version: version?,
        title,
        covers: covers?,
        audience: audience?,
        policy,
        across: across.unwrap_or_default(),
        explain,
        prose,
        figures,
        body: rest.body,
        body_line: rest.body_line,
        digest: rest.digest,
        audience_at,
        forms_at: forms.iter().map(|form| file.at(form.span.start)).collect(),
        forms: forms.into_iter().map(|form| form.value).collect(),
    })
}

fn title(thing: &mut Thing, reader: &mut Reader) -> String {
    let Some(text) = line(thing, reader, "title", true) else {
        return String::new();
    };
    match pieces(&text.value) {
        Err(brace) => {
            let span = text.place(reader.source, &brace);
            reader.error(span, "This brace has no partner.", "Write {{ or }} for a plain brace.");
        }
        Ok(found) => {
            for piece in found {
                let Piece::Code(name, at) = piece else { continue };
                if OF_A_TITLE.contains(&name.trim()) {
                    continue;
                }
                let span = text.place(reader.source, &at);
                let message = format!("There is no `{}` that a title could have.", name.trim());
                let meant = did_you_mean(name.trim(), OF_A_TITLE);
                let known = "A title may have {fund.title} and {period} in it.".to_owned();
                reader.error(span, message, if meant.is_empty() { known } else { meant });
            }
        }
    }
    text.value
}

fn audience(thing: &mut Thing, reader: &mut Reader) -> (Option<Audience>, Option<Policy>) {
    thing.need(reader, "audience");
    let audiences = [
        ("internal", Audience::Internal),
        ("panel", Audience::Panel),
        ("public", Audience::Public),
    ];
    let audience = thing.one_of(reader, "audience", &audiences);
    let policies = [
        ("less-than-5", Policy::LessThanFive),
        ("round-to-5", Policy::RoundToFive),
    ];
    let policy = thing.one_of(reader, "suppression", &policies);
    let given = thing.has("suppression");
    match audience {
        Some(Audience::Panel | Audience::Public) if !given => {
            let message = "This report leaves the commissioner's office and has no `suppression`.";
            let help = "Add suppression = \"less-than-5\" or \"round-to-5\": how small counts of people are held back.";
            reader.error(thing.place("audience"), message, help);
        }
        Some(Audience::Internal) if given => {
            let message = "An internal report holds nothing back.";
            reader.error(thing.place("suppression"), message, "Leave `suppression` out.");
        }
        _ => {}
    }
    (audience, policy)
}

fn forms(thing: &mut Thing, reader: &mut Reader) -> Vec<Text> {
    if !thing.has("forms") {
        let message = "This report does not say which forms it is about.";
        let help = "Add forms = [\"…\"] with their ids, or forms = [] for every form of the fund.";
        reader.error(thing.span.clone(), message, help);
    }
    let mut forms: Vec<Text> = Vec::new();
    for form in thing.texts(reader, "forms") {
        if forms.len() == MAX_FORMS {
            reader.error(form.span, format!("There are more than {MAX_FORMS} of `forms`."), "");
            break;
        }
        if form.value.is_empty() || !form.value.chars().all(of_an_id) {
            let message = format!("`{}` cannot be the id of a form.", form.value);
            let help = "Write the id that the form's own file gives, like partnership-evaluation.";
            reader.error(form.span.clone(), message, help);
        } else if forms.iter().any(|known| known.value == form.value) {
            reader.error(form.span, format!("The form `{}` is named twice.", form.value), "");
            continue;
        }
        forms.push(form);
    }
    forms
}

fn of_an_id(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_')
}

fn prose(thing: &mut Thing, reader: &mut Reader, file: &File) -> Vec<Prose> {
    let mut found: Vec<Prose> = Vec::new();
    for mut thing in thing.up_to(MAX_PROSE, reader, "prose", "text") {
        let id = thing.id(reader, "id", Spelling::Kebab);
        if !id.is_empty() && found.iter().any(|other| other.id == id) {
            reader.error(thing.place("id"), format!("The id `{id}` is used twice."), "");
        }
        let label = line(&mut thing, reader, "label", true);
        let hint = line(&mut thing, reader, "hint", false);
        let start = thing.text(reader, "start");
        let start_at = file.at(thing.place("start").start);
        thing.finish(reader, &[], "");
        found.push(Prose {
            id,
            label: label.map(|label| label.value).unwrap_or_default(),
            hint: hint.map(|hint| hint.value),
            start: start.map(|start| start.value).unwrap_or_default(),
            start_at,
        });
    }
    found
}

fn figures(thing: &mut Thing, reader: &mut Reader, forms: &[Text], file: &File) -> Vec<NamedFigure> {
    let mut found: Vec<NamedFigure> = Vec::new();
    for mut thing in thing.up_to(MAX_FIGURES, reader, "figure", "figure") {
        let id = thing.id(reader, "id", Spelling::Kebab);
        if !id.is_empty() && found.iter().any(|other| other.id == id) {
            reader.error(thing.place("id"), format!("The id `{id}` is used twice."), "");
        }
        let of = thing.needed_text(reader, "of");
        let at = file.at(thing.place("of").start);
        if let Some(of) = &of {
            form_of(of, forms, reader);
        }
        thing.finish(reader, &[], "");
        found.push(NamedFigure {
            id,
            of: of.map(|of| of.value).unwrap_or_default(),
            at,
        });
    }
    found
}

/// A figure names one of the report's forms, before the point.
fn form_of(of: &Text, forms: &[Text], reader: &mut Reader) {
    let Some((form, measure)) = of.value.split_once('.').filter(|(_, measure)| !measure.is_empty()) else {
        let message = format!("`{}` does not say which form the figure is of.", of.value);
        reader.error(
            of.span.clone(),
            message,
            "Write form.measure, like partnership-evaluation.spent.",
        );
        return;
    };
    if !forms.is_empty() && !forms.iter().any(|known| known.value == form) {
        let message = format!("The form `{form}` is not among `forms`.");
        let meant = did_you_mean(form, forms.iter().map(|form| form.value.as_str()));
        let help = if meant.is_empty() {
            format!("Add \"{form}\" to forms, or name the figure {measure} of one that is there.")
        } else {
            meant
        };
        reader.error(of.span.clone(), message, help);
    }
}

/// Words of one line, which say something.
fn line(thing: &mut Thing, reader: &mut Reader, key: &'static str, needed: bool) -> Option<Text> {
    let text = if needed {
        thing.needed_text(reader, key)
    } else {
        thing.text(reader, key)
    }?;
    if text.value.trim().is_empty() {
        reader.error(text.span.clone(), format!("`{key}` is empty."), "Say it in words.");
    } else if text.value.contains(char::is_control) {
        let message = format!("`{key}` must be one line of plain text.");
        reader.error(text.span.clone(), message, "Leave out line breaks and tabs.");
    }
    Some(text)
}

/// Whether Unicode leaves it to private use: such characters stand for what is put into the text.
pub fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}')
}

/// What is wrong with the text as such, before it is read as a template.
fn of_the_body(source: &str, body: Range<usize>, places: &Places) -> Vec<ReportProblem> {
    let text = &source[body.clone()];
    let mut found = Vec::new();
    if text.trim().is_empty() {
        let help = "Write what the paper says beneath the second line of +++.";
        found.push(ReportProblem::new(
            place(places, body.start),
            "This report says nothing.",
            help,
        ));
    }
    if let Some(at) = text.find(is_private) {
        let message = "A character stands here that has no meaning outside of its own font.";
        let help = "Write a letter or a sign that every font has.";
        found.push(ReportProblem::new(place(places, body.start + at), message, help));
    }
    if let Some(at) = text.find(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        let message = "A control character stands here.";
        found.push(ReportProblem::new(
            place(places, body.start + at),
            message,
            "Leave it out.",
        ));
    }
    found
}
