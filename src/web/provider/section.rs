//! One section of a return: its page, and saving it.
//!
//! Invariant: whatever goes wrong, what was typed comes back in its boxes; what somebody else typed is shown beside.

use std::collections::BTreeMap;

use countersign_domain::answers::types::{SectionKey, SectionView};
use countersign_domain::form::schema::Severity;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::session::redirect;
use super::super::{Posted, ProviderSession, Reply, Web, WebError};
use super::queries;
use super::sheet::Sheet;
use super::typing::{Typing, fillable, judged};
use super::{measures, place, question, read_only, typed, words};
use crate::service::provider::{self as service, ReturnPage};
use crate::service::save::{self as service_save, Sent};
use crate::service::{FieldProblem, ServiceError};
use crate::web::as_typed;

/// What a section's address may ask for besides.
#[derive(Deserialize)]
pub struct Wish {
    /// More rows for this list of items.
    #[serde(default)]
    more: Option<String>,
}

/// The parts of a section's address.
#[derive(Deserialize)]
pub struct At {
    section: String,
    #[serde(default)]
    subject: Option<String>,
}

impl At {
    /// The section's key.
    pub fn key(&self) -> SectionKey {
        place::key(&self.section, self.subject.as_deref())
    }
}

/// `GET /return/section/{key}`
#[handler]
pub async fn show(web: Web, session: ProviderSession, Path(at): Path<At>, Query(wish): Query<Wish>) -> Reply {
    let page = service::home(&web.deps, &session.contact, web.now()).await?;
    let typing = Typing {
        more: wish.more,
        ..Typing::default()
    };
    render(&web, &session, &page, &at.key(), &typing, StatusCode::OK)
}

/// `POST /return/section/{key}`
#[handler]
pub async fn save(web: Web, session: ProviderSession, Path(at): Path<At>, posted: Posted) -> Reply {
    let key = at.key();
    let page = match keep(&web, &session, &key, &posted).await? {
        Kept::Saved(page) => page,
        Kept::Shown(reply) => return Ok(reply),
    };
    let problems = not_added(&posted);
    if problems.is_empty() {
        let then = posted.get(typed::THEN);
        return Ok(match words::chosen(then) {
            Some(language) => words::keep(&web, language, &place::address(&key)),
            None => redirect(&next(&page, &key, then)),
        });
    }
    let typing = Typing {
        problems,
        ..Typing::default()
    };
    render(&web, &session, &page, &key, &typing, StatusCode::UNPROCESSABLE_ENTITY)
}

/// Documents that were chosen, whose own button was not pressed: this form sends their names alone.
fn not_added(posted: &Posted) -> BTreeMap<String, String> {
    let chosen = posted
        .0
        .iter()
        .filter_map(|(name, file)| Some((name.strip_prefix(typed::FILE)?, file.trim())));
    chosen
        .filter(|(_, file)| !file.is_empty())
        .map(|(question, file)| {
            let words = format!("“{file}” has not been added. Choose it again, then press “Add this document”");
            (question.to_owned(), words)
        })
        .collect()
}

/// What became of a section that was sent.
pub enum Kept {
    /// It is kept.
    Saved(Box<ReturnPage>),
    /// The page says what stands in the way.
    Shown(poem::Response),
}

/// Saves a section as it was posted, and the answers to queries that stood on its page.
pub async fn keep(web: &Web, session: &ProviderSession, key: &SectionKey, posted: &Posted) -> Result<Kept, WebError> {
    let (sent, now) = (typed::read(posted)?, web.now());
    let again = Sent {
        base: sent.base.clone(),
        answers: sent.answers.clone(),
    };
    let saved = match service_save::save(&web.deps, &session.contact, key, sent, now).await {
        Ok(saved) => saved,
        Err(error) => return Ok(Kept::Shown(unsaved(web, session, key, again, posted, error).await?)),
    };
    let (page, replies) = queries::keep(&web.deps, session, posted, saved.page, now).await?;
    let (conflict, refused) = (!saved.conflicts.is_empty(), !replies.is_empty());
    if !conflict && !refused {
        return Ok(Kept::Saved(Box::new(page)));
    }
    let typing = Typing {
        replies,
        ..Typing::both(saved.conflicts)
    };
    let status = if conflict {
        StatusCode::CONFLICT
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    Ok(Kept::Shown(render(web, session, &page, key, &typing, status)?))
}

/// The page again with what was typed, and why it is not saved.
async fn unsaved(
    web: &Web,
    session: &ProviderSession,
    key: &SectionKey,
    sent: Sent,
    posted: &Posted,
    error: ServiceError,
) -> Reply {
    let mut typing = Typing::unsaved(sent);
    typing.replies = queries::unkept(posted);
    let status = match &error {
        ServiceError::Invalid(problems) => {
            let pairs = problems
                .iter()
                .cloned()
                .map(|FieldProblem { field, message }| (field, message));
            typing.problems = pairs.collect();
            StatusCode::UNPROCESSABLE_ENTITY
        }
        ServiceError::Unavailable(words) => {
            tracing::warn!(%error, "a section was not saved");
            typing.not_saved = Some(format!(
                "{words} Your answers are still on this page: save again in a few minutes."
            ));
            StatusCode::SERVICE_UNAVAILABLE
        }
        ServiceError::Conflict(words) => {
            typing.not_saved = Some(format!("{words} What you typed is still on this page."));
            StatusCode::CONFLICT
        }
        _ => return Err(error.into()),
    };
    let page = service::home(&web.deps, &session.contact, web.now()).await?;
    render(web, session, &page, key, &typing, status)
}

/// Where a person goes after saving.
fn next(page: &ReturnPage, key: &SectionKey, then: &str) -> String {
    if let Some(question) = then.strip_prefix("add.") {
        return format!("{}?more={question}#question-{question}", place::address(key));
    }
    if let Some(question) = typed::dropped(then) {
        return format!("{}#question-{question}", place::address(key));
    }
    if then == "later" {
        return "/return".to_owned();
    }
    if then == "stay" || errors(page, key).next().is_some() {
        return place::address(key);
    }
    let sections = &page.evaluated.sections;
    let after = sections
        .iter()
        .position(|section| section.key == *key)
        .and_then(|at| sections.get(at + 1));
    after.map_or_else(|| "/return/check".to_owned(), |section| place::address(&section.key))
}

/// What stands in the way of submitting, within a section: where, and the message.
fn errors<'p>(page: &'p ReturnPage, key: &'p SectionKey) -> impl Iterator<Item = (String, &'p str)> {
    page.evaluated
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .filter_map(move |finding| {
            let at = finding.at.iter().find(|place| place.section == *key)?;
            Some((place::anchor(at), finding.message.as_str()))
        })
}

/// Draws a section's page.
pub fn render(
    web: &Web,
    session: &ProviderSession,
    page: &ReturnPage,
    key: &SectionKey,
    typing: &Typing,
    status: StatusCode,
) -> Reply {
    let section = page.evaluated.section(key).ok_or(ServiceError::NotFound)?;
    let form_section = &page.form.sections[section.section];
    let sheet = Sheet::new(page, section, typing, session.language);
    let (questions, answers) = if page.editable {
        let shown = section.questions.iter().map(|view| question::shown(&sheet, view));
        (shown.collect::<Vec<_>>(), Vec::new())
    } else {
        (Vec::new(), read_only::of_section(&sheet))
    };
    let listed = error_list(page, section, typing);
    let has_errors = typing.not_saved.is_some() || !listed.is_empty();
    let title = sheet.say_filled(&form_section.title, &section.title);
    let frame = session
        .frame(section.title.clone())
        .back("/return")
        .has_errors(has_errors)
        .status(status);
    let context = json!({
        "title": title,
        "caption": place::caption(page),
        "hint": form_section.hint.as_ref().map(|hint| sheet.say(hint)),
        "action": place::address(key),
        "section_key": key,
        "questions": questions,
        "answers": answers,
        "measures": measures::of_section(page, section, session.language),
        "errors": listed,
        "not_saved": typing.not_saved,
        "conflict": !typing.theirs.is_empty(),
        "editable": page.editable,
        "fillable": fillable(page, section),
        "lost": lost(page, section, typing),
        "words": words::offered(page, session.language),
        "take_out": take_out(page, section),
    });
    web.page(frame, "provider/section.html", context)
}

/// Where a row that was added is taken out.
fn take_out(page: &ReturnPage, section: &SectionView) -> Option<String> {
    let of = &page.form.sections[section.section];
    let row = section
        .subject
        .as_ref()
        .filter(|_| page.editable && of.rows.is_some())?;
    Some(format!("/return/rows/{}/{row}/take-out", of.id))
}

/// What was typed and is not kept, where the page has no boxes any more to show it in: question and text.
fn lost(page: &ReturnPage, section: &SectionView, typing: &Typing) -> Vec<(String, String)> {
    if page.editable {
        return Vec::new();
    }
    let questions = &page.form.sections[section.section].questions;
    let typed = typing.typed.iter().filter_map(|(id, typed)| {
        let view = section.questions.iter().find(|view| view.id == *id)?;
        let words = as_typed::words(&page.register, &questions[view.question], view, &typed.fields);
        Some((view.label.clone(), words))
    });
    let replies = typing
        .replies
        .values()
        .map(|replied| ("Your answer to the reviewer".to_owned(), replied.text.clone()));
    typed
        .chain(replies)
        .filter(|(_, text)| !text.trim().is_empty())
        .collect()
}

/// The error summary: what is wrong with what was sent, and with what stands.
fn error_list(page: &ReturnPage, section: &SectionView, typing: &Typing) -> Vec<Value> {
    let entry = |question: &str, message: &str| json!({ "text": message, "href": format!("#{question}") });
    let mut list: Vec<Value> = typing
        .problems
        .iter()
        .map(|(question, message)| entry(question, message))
        .collect();
    for (question, theirs) in &typing.theirs {
        let label = section
            .questions
            .iter()
            .find(|view| view.id == *question)
            .map_or("", |view| &view.label);
        list.push(entry(
            question,
            &format!("{label}: {} has changed this answer", question::saved_by(page, theirs)),
        ));
    }
    for (id, replied) in &typing.replies {
        if let Some(problem) = &replied.problem {
            list.push(json!({ "text": problem, "href": format!("#answer-{id}") }));
        }
    }
    // What has just been sent comes first: the rest is said again with the next save.
    if list.is_empty() && judged(page, section) {
        list.extend(errors(page, &section.key).map(|(at, message)| entry(&at, message)));
    }
    list
}
