//! The task list: what is owed, by when, and how far each part of it is.
//!
//! Invariant: what is offered is what can be done today.

use countersign_domain::answers::filled;
use countersign_domain::answers::types::{SectionView, TaskStatus};
use countersign_domain::form::placeholder;
use countersign_domain::form::schema::{Each, Rows, Section};
use countersign_domain::workflow::State;
use poem::handler;
use serde_json::{Value, json};

use super::super::{ProviderSession, Reply, Web};
use super::{place, words};
use crate::service::provider::{self as service, ReturnPage};
use crate::service::rows;
use crate::web::said::{Language, Said};

/// `GET /return`
#[handler]
pub async fn show(web: Web, session: ProviderSession) -> Reply {
    let page = service::home(&web.deps, &session.contact, web.now()).await?;
    let sections = &page.evaluated.sections;
    let complete = sections
        .iter()
        .filter(|section| section.status == TaskStatus::Complete)
        .count();
    let open: Vec<Value> = page
        .queries
        .iter()
        .filter(|query| query.answer.is_none())
        .map(|query| {
            let section = page.evaluated.section(&query.section);
            let label = section.and_then(|section| section.questions.iter().find(|view| view.id == query.question));
            json!({
                "text": query.text,
                "about": label.map_or("", |view| &view.label),
                "within": section.map_or("", |section| &section.title),
                "href": format!("{}#question-{}", place::address(&query.section), query.question),
            })
        })
        .collect();
    let context = json!({
        "form_title": place::title(&page, session.language),
        "grant_title": page.grant.title,
        "grant_reference": page.grant.reference,
        "provider": page.provider,
        "commissioner": page.commissioner,
        "caption": place::caption(&page),
        "reference": page.ret.reference,
        "due_day": page.ret.due_on.format("%A %-d %B %Y").to_string(),
        "due_words": due_words(&page),
        "overdue": page.ret.overdue_on(page.today),
        "editable": page.editable,
        "standing": standing(&page),
        "submitted": page.ret.revision > 0,
        "sent_back_reason": page.sent_back_reason,
        "queries": open,
        "groups": groups(&page, session.language),
        "words": words::offered(&page, session.language),
        "complete": complete,
        "tasks": sections.len(),
        "ready": page.evaluated.ready(),
        "warnings": page.evaluated.unexplained().count(),
        "contact_line": &*web.deps.contact_line,
    });
    let title = place::title(&page, Language::English).text;
    web.page(session.frame(title), "provider/tasks.html", context)
}

/// Where the return stands, in words, when it is not with its contact.
pub fn standing(page: &ReturnPage) -> Option<&'static str> {
    match page.ret.state {
        State::Scheduled => Some("This return is not open yet."),
        State::Draft if page.editable => None,
        State::Draft => Some("This return has closed. Ask the commissioner if it can be opened again."),
        State::InReview(_) => Some("You have submitted this return. It is with a reviewer."),
        State::InSignOff(_) => {
            Some("You have submitted this return. It has been accepted and is waiting for a signature.")
        }
        State::SignedOff => Some("This return has been signed off. Nothing more is needed."),
        State::Excused => Some("This return was excused. You do not need to fill it in."),
    }
}

/// How long there is, in words.
fn due_words(page: &ReturnPage) -> String {
    match (page.ret.due_on - page.today).num_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days @ 2.. => format!("in {days} days"),
        -1 => "1 day ago".to_owned(),
        days => format!("{} days ago", -days),
    }
}

/// The tasks in the order of the form: neighbours of one kind go under one heading, rows that are added under their own.
fn groups(page: &ReturnPage, language: Language) -> Vec<Value> {
    let mut groups: Vec<Value> = Vec::new();
    let kind = |section: &Section| (section.each, section.rows.is_some().then(|| section.id.clone()));
    for sections in page.form.sections.chunk_by(|one, next| kind(one) == kind(next)) {
        let ids: Vec<&str> = sections.iter().map(|section| section.id.as_str()).collect();
        let tasks: Vec<&SectionView> = page
            .evaluated
            .sections
            .iter()
            .filter(|view| ids.contains(&page.form.sections[view.section].id.as_str()))
            .collect();
        let items: Vec<Value> = tasks.iter().map(|view| task(page, view, language)).collect();
        let heading = match (sections[0].each, items.len(), groups.is_empty()) {
            (Each::Row, ..) => language.say(&sections[0].title, |title| general(title, page)),
            (Each::Allocation | Each::Project, 1, _) => Said::plain("Project"),
            (Each::Allocation | Each::Project, ..) => Said::plain("Projects"),
            (Each::Cohort, ..) => Said::plain("Cohorts"),
            (Each::Whole, _, true) => Said::plain("The grant"),
            (Each::Whole, ..) => Said::plain("The return as a whole"),
        };
        let rows = sections[0]
            .rows
            .as_ref()
            .map(|rows| added(page, &sections[0].id, rows, items.len()));
        if rows.is_some() || !items.is_empty() {
            groups.push(json!({ "heading": heading, "items": items, "rows": rows }));
        }
    }
    groups
}

/// The title of a section that repeats, without what only one of its rows has.
fn general(title: &str, page: &ReturnPage) -> String {
    let filled = placeholder::fill(title, |name| match name {
        "grant.title" => page.register.grant.title.clone(),
        "fund.title" => page.register.fund.title.clone(),
        "period.label" => page.register.period_words(),
        _ => String::new(),
    });
    let words = filled.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_end_matches([':', ',', '–', '-', ' ']).to_owned()
}

/// What can be done with the rows of a section: add one, and put one back that was taken out.
fn added(page: &ReturnPage, section: &str, rows: &Rows, there: usize) -> Value {
    let taken_out: Vec<Value> = rows::taken_out(page, section)
        .into_iter()
        .map(|row| {
            let name = if row.name.is_empty() {
                format!("Row {}", row.number)
            } else {
                row.name
            };
            json!({ "name": name, "action": format!("/return/rows/{section}/{}/put-back", row.number) })
        })
        .collect();
    json!({
        "id": super::rows::anchor(section),
        "add": (there < rows.max as usize).then(|| format!("/return/rows/{section}/add")),
        "least": (there < rows.min as usize).then(|| least(rows.min)),
        "most": rows.max,
        "taken_out": taken_out,
    })
}

fn least(min: u32) -> String {
    match min {
        1 => "At least 1 is needed before you can submit.".to_owned(),
        min => format!("At least {min} are needed before you can submit."),
    }
}

/// Whether all that stands in a section's way is an increase without a virement, which only the commissioner can mend.
fn waits(page: &ReturnPage, section: &SectionView) -> bool {
    let mut errors = page
        .evaluated
        .blocking()
        .filter(|finding| finding.check != "~required" && finding.at.iter().any(|place| place.section == section.key));
    errors.all(|finding| finding.check == "~uncovered")
}

/// One task.
fn task(page: &ReturnPage, section: &SectionView, language: Language) -> Value {
    let asked = page
        .queries
        .iter()
        .any(|query| query.section == section.key && query.answer.is_none());
    let tag = |text: &str, colour: &str| json!({ "tag": format!("govuk-tag--{colour}"), "text": text });
    let status = match section.status {
        _ if asked => tag("Query to answer", "yellow"),
        TaskStatus::NotStarted => tag("Not started", "blue"),
        TaskStatus::InProgress => tag("In progress", "teal"),
        TaskStatus::HasErrors if waits(page, section) => tag("With the commissioner", "grey"),
        TaskStatus::HasErrors => tag("To be corrected", "red"),
        TaskStatus::Complete => json!({ "tag": null, "text": "Completed" }),
    };
    let of = &page.form.sections[section.section];
    let allocation = section.allocation.and_then(|at| page.register.allocations.get(at));
    // A row is called what it was named: the section's own words are above it.
    let title = match (language, &of.title.cy, of.each) {
        (Language::Welsh, Some(_), Each::Whole | Each::Allocation | Each::Project | Each::Cohort) => language
            .say(&of.title, |title| {
                filled(title, &page.form, &page.register, Some(&section.key))
            }),
        _ => Said::plain(section.title.clone()),
    };
    json!({
        "title": title,
        "href": place::address(&section.key),
        "hint": allocation.map(|allocation| format!("{}, {}", allocation.provider, allocation.amount)),
        "status": status,
    })
}
