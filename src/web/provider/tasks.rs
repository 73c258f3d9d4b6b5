//! The task list: what is owed, by when, and how far each part of it is.
//!
//! Invariant: what is offered is what can be done today.

use countersign_domain::answers::types::{SectionView, TaskStatus};
use countersign_domain::form::schema::Each;
use countersign_domain::workflow::State;
use poem::handler;
use serde_json::{Value, json};

use super::super::{ProviderSession, Reply, Web};
use super::place;
use crate::service::provider::{self as service, ReturnPage};

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
        "form_title": page.form.title.en,
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
        "groups": groups(&page),
        "complete": complete,
        "tasks": sections.len(),
        "ready": page.evaluated.ready(),
        "warnings": page.evaluated.unexplained().count(),
        "contact_line": &*web.deps.contact_line,
    });
    web.page(
        session.frame(page.form.title.en.clone()),
        "provider/tasks.html",
        context,
    )
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

/// The tasks: neighbours of one kind go under one heading.
fn groups(page: &ReturnPage) -> Vec<Value> {
    let each = |section: &SectionView| page.form.sections[section.section].each;
    let sections = &page.evaluated.sections;
    let mut groups = Vec::new();
    for group in sections.chunk_by(|one, next| each(one) == each(next)) {
        let heading = match (each(&group[0]), group.len(), groups.is_empty()) {
            (Each::Allocation | Each::Project, 1, _) => "Project",
            (Each::Allocation | Each::Project, ..) => "Projects",
            (Each::Cohort, ..) => "Cohorts",
            (Each::Row, ..) => "Rows that you add",
            (Each::Whole, _, true) => "The grant",
            (Each::Whole, ..) => "The return as a whole",
        };
        let items: Vec<Value> = group.iter().map(|section| task(page, section)).collect();
        groups.push(json!({ "heading": heading, "items": items }));
    }
    groups
}

/// Whether all that stands in a section's way is an increase without a virement, which only the commissioner can mend.
fn waits(page: &ReturnPage, section: &SectionView) -> bool {
    let mut errors = page
        .evaluated
        .blocking()
        .filter(|finding| finding.check != "~required" && finding.at.iter().any(|place| place.section == section.key));
    errors.all(|finding| finding.check == "~uncovered")
}

/// One task, as the task list component wants it.
fn task(page: &ReturnPage, section: &SectionView) -> Value {
    let asked = page
        .queries
        .iter()
        .any(|query| query.section == section.key && query.answer.is_none());
    let tag = |text: &str, colour: &str| json!({ "tag": { "text": text, "classes": format!("govuk-tag--{colour}") } });
    let status = match section.status {
        _ if asked => tag("Query to answer", "yellow"),
        TaskStatus::NotStarted => tag("Not started", "blue"),
        TaskStatus::InProgress => tag("In progress", "teal"),
        TaskStatus::HasErrors if waits(page, section) => tag("With the commissioner", "grey"),
        TaskStatus::HasErrors => tag("To be corrected", "red"),
        TaskStatus::Complete => json!({ "text": "Completed" }),
    };
    let hint = section.allocation.and_then(|at| page.register.allocations.get(at));
    json!({
        "title": { "text": section.title },
        "href": place::address(&section.key),
        "hint": hint.map(|allocation| json!({ "text": format!("{}, {}", allocation.provider, allocation.amount) })),
        "status": status,
    })
}
