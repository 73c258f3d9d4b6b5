//! A question as its page shows it.
//!
//! Invariant: the boxes hold what was typed, whatever it was read as; what was read, calculated or found stands beside.

use countersign_domain::answers::types::{Answer, DraftAnswer, FileRef, Mark, QuestionView, Register, Value};
use countersign_domain::answers::{Seen, Typed};
use countersign_domain::form::schema::{Kind, Question};
use countersign_domain::money::Money;
use serde::Serialize;

use super::beside::{Asked, queries, size};
use super::boxes::{Boxes, Names, Standing, boxes, prefilled};
use super::sheet::Sheet;
use super::typing::Typing;
use super::{cells, table};
use crate::service::provider::ReturnPage;
use crate::web::as_typed;
use crate::web::said::Said;

/// The check of answers that are missing.
pub const REQUIRED: &str = "~required";

/// A question, ready for its template.
#[derive(Debug, Serialize)]
pub struct Shown {
    #[serde(flatten)]
    boxes: Boxes,
    hint: Option<Said>,
    seen: String,
    theirs: Option<String>,
    /// Who saved it.
    theirs_by: Option<String>,
    queries: Vec<Asked>,
    table: Option<table::Shown>,
    rows: Vec<Row>,
    most_rows: Option<usize>,
    whole: Option<i64>,
    total: Option<String>,
    files: Vec<File>,
    accept: Vec<String>,
    has_room: bool,
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
pub struct File {
    digest: String,
    name: String,
    size: String,
}

/// Puts a question together.
pub fn shown(sheet: &Sheet<'_>, view: &QuestionView) -> Shown {
    let (question, typing) = (sheet.question(view), sheet.typing);
    let typed = typing.typed.get(&view.id);
    let theirs = typing.theirs.get(&view.id);
    let now = typed.cloned().unwrap_or_else(|| in_box(question, view));
    let mut boxes = boxes(
        sheet,
        question,
        sheet.say_filled(&question.label, &view.label),
        &Names::of_question(&view.id),
        &Standing::of_question(view),
        &now,
        sheet.findings(&view.id, &view.id),
    );
    boxes.wrong(typing.problems.get(&view.id));
    let mut shown = Shown {
        boxes,
        hint: question.hint.as_ref().map(|hint| sheet.say(hint)),
        seen: seen(question, view, typing).to_string(),
        theirs: theirs.map(|theirs| theirs_words(&sheet.page.register, question, view, theirs)),
        theirs_by: theirs.map(|theirs| saved_by(sheet.page, theirs)),
        queries: queries(sheet.page, sheet.section, &view.id, &typing.replies),
        table: None,
        rows: Vec::new(),
        most_rows: None,
        whole: None,
        total: None,
        files: Vec::new(),
        accept: Vec::new(),
        has_room: false,
    };
    add_kind(&mut shown, sheet, question, view, &now);
    shown
}

/// What only some kinds of question have.
fn add_kind(shown: &mut Shown, sheet: &Sheet<'_>, question: &Question, view: &QuestionView, now: &Typed) {
    match &question.kind {
        Kind::Table(table) => shown.table = Some(table::shown(sheet, question, table, view, now)),
        Kind::Split { of, max_rows, .. } => {
            let wanted = sheet.typing.more.as_deref() == Some(&question.id);
            shown.rows = rows(now, if wanted { 3 } else { 0 }, *max_rows as usize);
            shown.has_room = shown.rows.len() < *max_rows as usize;
            shown.most_rows = Some(*max_rows as usize);
            shown.total = items_total(view);
            let whole = sheet.section.questions.iter().find(|view| view.id == *of);
            shown.whole = whole.and_then(|view| match view.answer {
                Answer::Given(Value::Money(money)) => Some(money.in_pence()),
                _ => None,
            });
        }
        Kind::File { accept, max_files } => {
            let files = view.draft.as_ref().map_or(&[][..], |draft| &draft.files);
            shown.files = documents(files);
            shown.accept.clone_from(accept);
            shown.has_room = files.len() < *max_files as usize;
        }
        Kind::Text { .. }
        | Kind::Narrative { .. }
        | Kind::Money { .. }
        | Kind::Count { .. }
        | Kind::Percent { .. }
        | Kind::Decimal { .. }
        | Kind::Range { .. }
        | Kind::Ratio { .. }
        | Kind::Date
        | Kind::YesNo
        | Kind::Choice { .. }
        | Kind::Choices { .. }
        | Kind::Priority { .. }
        | Kind::Contact
        | Kind::Declaration { .. }
        | Kind::Calculated { .. } => {}
    }
}

/// Documents, ready for a template.
pub fn documents(files: &[FileRef]) -> Vec<File> {
    files
        .iter()
        .map(|file| File {
            digest: file.digest.clone(),
            name: file.name.clone(),
            size: size(file.size),
        })
        .collect()
}

/// What stands in the boxes: what was typed, or what the register gives while nothing was.
fn in_box(question: &Question, view: &QuestionView) -> Typed {
    if let Kind::Table(table) = &question.kind {
        return cells::in_boxes(table, view);
    }
    let given = question.from.is_some() || question.roll_up.is_some();
    match &view.draft {
        Some(draft) => Typed::from(draft),
        None if given => prefilled(&view.answer),
        None => Typed::default(),
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

fn theirs_words(register: &Register, question: &Question, view: &QuestionView, theirs: &DraftAnswer) -> String {
    let words = as_typed::words(register, question, view, &theirs.fields);
    match theirs.mark {
        Mark::NotKnown => "Not known yet".to_owned(),
        Mark::NotApplicable => "Not applicable".to_owned(),
        Mark::Given if words.is_empty() => "Nothing".to_owned(),
        Mark::Given => words,
    }
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
