//! A question as its page shows it.
//!
//! Invariant: the boxes hold what was typed, whatever it was read as; what was read, calculated or found stands beside.

use std::collections::BTreeMap;

use countersign_domain::answers::types::{Answer, DraftAnswer, Mark, QuestionView, SectionView, Value};
use countersign_domain::answers::{Seen, Typed};
use countersign_domain::form::schema::{Kind, Question, Severity};
use countersign_domain::money::Money;
use serde::Serialize;

use super::beside::{Asked, beside, queries, size};
use super::place::filled;
use super::section::{Typing, judged};
use crate::service::provider::ReturnPage;

/// The check of answers that are missing.
pub const REQUIRED: &str = "~required";

/// A question, ready for its template.
#[derive(Debug, Serialize)]
pub struct Shown {
    id: String,
    kind: &'static str,
    label: String,
    hint: Option<String>,
    visible: bool,
    values: BTreeMap<String, String>,
    shown: String,
    note: Option<String>,
    error: Option<String>,
    warnings: Vec<Warning>,
    marks: Vec<Choice>,
    approximately: Option<bool>,
    seen: String,
    theirs: Option<String>,
    /// Who saved it.
    theirs_by: Option<String>,
    beside: Vec<String>,
    queries: Vec<Asked>,
    options: Vec<Choice>,
    rows: Vec<Row>,
    most_rows: Option<usize>,
    whole: Option<i64>,
    total: Option<String>,
    files: Vec<File>,
    accept: Vec<String>,
    has_room: bool,
    max_words: Option<u32>,
    max_chars: Option<u32>,
    statement: Option<String>,
    parts: Option<(String, String)>,
}

/// A warning, as the findings macro wants it.
#[derive(Debug, Serialize)]
struct Warning {
    severity: &'static str,
    message: String,
}

/// A box to tick or to choose.
#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    text: String,
    checked: bool,
}

/// An item and its amount.
#[derive(Debug, Serialize)]
struct Row {
    number: usize,
    item: String,
    amount: String,
}

/// A document.
#[derive(Debug, Serialize)]
struct File {
    digest: String,
    name: String,
    size: String,
}

/// Puts a question together.
pub fn shown(page: &ReturnPage, section: &SectionView, view: &QuestionView, typing: &Typing) -> Shown {
    let question = &page.form.sections[section.section].questions[view.question];
    let typed = typing.typed.get(&view.id);
    let theirs = typing.theirs.get(&view.id);
    let now = typed.cloned().unwrap_or_else(|| in_box(question, view));
    let judged = judged(page, section) || typed.is_some();
    let findings = || page.evaluated.findings_at(&section.key, &view.id).filter(|_| judged);
    let error = typing.problems.get(&view.id).cloned().or_else(|| {
        findings()
            .find(|finding| finding.severity == Severity::Error)
            .map(|finding| finding.message.clone())
    });
    let warnings = findings()
        .filter(|finding| finding.severity == Severity::Warning)
        .map(|finding| Warning {
            severity: "warning",
            message: finding.message.clone(),
        })
        .collect();
    let mut shown = Shown {
        id: view.id.clone(),
        kind: kind_name(question),
        label: view.label.clone(),
        hint: question
            .hint
            .as_ref()
            .map(|hint| filled(&hint.en, &page.register, section.allocation)),
        visible: view.visible,
        values: now.fields.clone(),
        shown: view.shown.clone(),
        note: view.note.clone(),
        error,
        warnings,
        marks: marks(question, now.mark),
        approximately: question.may_be_approximate.then_some(now.approximately),
        seen: seen(question, view, typing).to_string(),
        theirs: theirs.map(theirs_words),
        theirs_by: theirs.map(|theirs| saved_by(page, theirs)),
        beside: beside(question, view),
        queries: queries(page, section, &view.id, &typing.replies),
        options: Vec::new(),
        rows: Vec::new(),
        most_rows: None,
        whole: None,
        total: None,
        files: Vec::new(),
        accept: Vec::new(),
        has_room: false,
        max_words: None,
        max_chars: None,
        statement: None,
        parts: None,
    };
    add_kind(&mut shown, page, section, question, &now, typing);
    shown
}

/// What only some kinds of question have.
fn add_kind(
    shown: &mut Shown,
    page: &ReturnPage,
    section: &SectionView,
    question: &Question,
    now: &Typed,
    typing: &Typing,
) {
    let value = now.fields.get("value").map_or("", String::as_str);
    let choice = |id: &str, text: &str| Choice {
        value: id.to_owned(),
        text: text.to_owned(),
        checked: value == id,
    };
    match &question.kind {
        Kind::Text { max_chars } => shown.max_chars = Some(*max_chars),
        Kind::Narrative { max_words, .. } => shown.max_words = *max_words,
        Kind::Ratio {
            of_label, per_label, ..
        } => shown.parts = Some((of_label.en.clone(), per_label.en.clone())),
        Kind::YesNo => shown.options = vec![choice("yes", "Yes"), choice("no", "No")],
        Kind::Choice { options } => {
            shown.options = options.iter().map(|(id, words)| choice(id, &words.en)).collect();
        }
        Kind::Split { of, max_rows, .. } => {
            let more = if typing.more.as_deref() == Some(&question.id) {
                3
            } else {
                0
            };
            shown.rows = rows(now, more, *max_rows as usize);
            shown.has_room = shown.rows.len() < *max_rows as usize;
            shown.most_rows = Some(*max_rows as usize);
            shown.total = section
                .questions
                .iter()
                .find(|view| view.id == question.id)
                .and_then(items_total);
            shown.whole = section
                .questions
                .iter()
                .find(|view| view.id == *of)
                .and_then(|view| match view.answer {
                    Answer::Given(Value::Money(money)) => Some(money.in_pence()),
                    _ => None,
                });
        }
        Kind::File { accept, max_files } => {
            let draft = page
                .draft
                .sections
                .get(&section.key)
                .and_then(|draft| draft.answers.get(&question.id));
            let files = draft.map_or(&[][..], |draft| &draft.files);
            shown.files = files
                .iter()
                .map(|file| File {
                    digest: file.digest.clone(),
                    name: file.name.clone(),
                    size: size(file.size),
                })
                .collect();
            shown.accept.clone_from(accept);
            shown.has_room = files.len() < *max_files as usize;
        }
        Kind::Declaration { statement } => {
            shown.statement = Some(filled(&statement.en, &page.register, section.allocation));
            shown.options = vec![choice("yes", "I declare this")];
        }
        Kind::Money { .. }
        | Kind::Count { .. }
        | Kind::Percent { .. }
        | Kind::Decimal { .. }
        | Kind::Range { .. }
        | Kind::Choices { .. }
        | Kind::Priority { .. }
        | Kind::Contact
        | Kind::Table(_)
        | Kind::Date
        | Kind::Calculated { .. } => {}
    }
}

fn kind_name(question: &Question) -> &'static str {
    if question.locked {
        return "locked";
    }
    match question.kind {
        Kind::Decimal { .. } => "decimal",
        Kind::Range { .. } => "range",
        Kind::Choices { .. } => "choices",
        Kind::Priority { .. } => "priority",
        Kind::Contact => "contact",
        Kind::Table(_) => "table",
        Kind::Text { .. } => "text",
        Kind::Narrative { .. } => "narrative",
        Kind::Money { .. } => "money",
        Kind::Count { .. } => "count",
        Kind::Percent { .. } => "percent",
        Kind::Ratio { .. } => "ratio",
        Kind::Date => "date",
        Kind::YesNo => "yes_no",
        Kind::Choice { .. } => "choice",
        Kind::Split { .. } => "split",
        Kind::File { .. } => "file",
        Kind::Declaration { .. } => "declaration",
        Kind::Calculated { .. } => "calculated",
    }
}

/// What stands in the boxes: what was typed, or what the register gives while nothing was.
fn in_box(question: &Question, view: &QuestionView) -> Typed {
    match (&view.draft, &question.from) {
        (Some(draft), _) => Typed::from(draft),
        (None, Some(_)) => prefilled(&view.answer),
        (None, None) => Typed::default(),
    }
}

/// A value of the register as a person would type it.
fn prefilled(answer: &Answer) -> Typed {
    match answer {
        Answer::Given(Value::Money(money)) => {
            let text = money.to_string().replace('£', "");
            Typed::value(text.strip_suffix(".00").unwrap_or(&text))
        }
        Answer::Given(Value::Count(count)) => Typed::value(&count.to_string()),
        Answer::Given(Value::Number(number) | Value::Percent(number)) => Typed::value(&number.to_string()),
        Answer::Given(Value::Text(text)) => Typed::value(text),
        _ => Typed::default(),
    }
}

/// What this page shows for a question, to come back with it. A page that shows what somebody else typed meanwhile
/// says that it was seen; one that shows a failed save says what it said before.
fn seen(question: &Question, view: &QuestionView, typing: &Typing) -> Seen {
    match (typing.theirs.get(&view.id), typing.base.get(&view.id)) {
        (Some(theirs), _) => Seen::of(Some(theirs)),
        (None, Some(before)) => before.clone(),
        (None, None) if view.draft.is_none() => Seen::prefilled(&in_box(question, view)),
        (None, None) => Seen::of(view.draft.as_ref()),
    }
}

/// Who saved an answer meanwhile: perhaps the same person, in another window.
pub fn saved_by(page: &ReturnPage, theirs: &DraftAnswer) -> String {
    page.preparers
        .get(&theirs.by)
        .cloned()
        .unwrap_or_else(|| "somebody else".to_owned())
}

/// What was typed into a question's boxes, in one line.
pub fn words(fields: &BTreeMap<String, String>) -> String {
    let words: Vec<&str> = fields
        .values()
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    words.join("; ")
}

fn theirs_words(theirs: &DraftAnswer) -> String {
    let words = words(&theirs.fields);
    match theirs.mark {
        Mark::NotKnown => "Not known yet".to_owned(),
        Mark::NotApplicable => "Not applicable".to_owned(),
        Mark::Given if words.is_empty() => "Nothing".to_owned(),
        Mark::Given => words,
    }
}

fn marks(question: &Question, now: Mark) -> Vec<Choice> {
    let offered = [
        (question.may_be_unknown, Mark::NotKnown, "not-known", "Not known yet"),
        (
            question.may_be_inapplicable,
            Mark::NotApplicable,
            "not-applicable",
            "Not applicable",
        ),
    ];
    offered
        .into_iter()
        .filter(|(offered, ..)| *offered)
        .map(|(_, mark, value, text)| Choice {
            value: value.to_owned(),
            text: text.to_owned(),
            checked: now == mark,
        })
        .collect()
}

/// What the items come to, as far as they were read.
fn items_total(view: &QuestionView) -> Option<String> {
    match &view.answer {
        Answer::Given(Value::Split(rows)) => {
            Some(Money::checked_sum(rows.iter().map(|(_, amount)| *amount))?.to_string())
        }
        _ => None,
    }
}

/// The rows of a list of items: those that hold something, and some to fill in.
fn rows(now: &Typed, more: usize, most: usize) -> Vec<Row> {
    let numbers = now.fields.iter().filter(|(_, text)| !text.trim().is_empty());
    let last = numbers
        .filter_map(|(name, _)| name.split_once('.')?.0.parse::<usize>().ok())
        .max();
    let filled = last.map_or(0, |last| last + 1);
    let wanted = (filled + more.max(1)).max(3).min(most.max(filled));
    let field = |number: usize, column: &str| {
        now.fields
            .get(&format!("{number}.{column}"))
            .cloned()
            .unwrap_or_default()
    };
    (0..wanted)
        .map(|number| Row {
            number,
            item: field(number, "item"),
            amount: field(number, "amount"),
        })
        .collect()
}
