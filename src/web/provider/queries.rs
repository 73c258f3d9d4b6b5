//! Answering a reviewer's query, beside the question that it is about.
//!
//! Invariant: what was typed into the section travels with the button, and is saved first; an answer that is not kept
//! comes back in its box.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use countersign_domain::ids::QueryId;
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;

use super::super::session::redirect;
use super::super::{Posted, ProviderSession, Reply, Web, WebError};
use super::section::{self, Kept, render};
use super::typing::{Replied, Typing};
use super::{place, typed};
use crate::service::provider::{self as service, ReturnPage};
use crate::service::{Deps, ServiceError, save};

/// `POST /return/queries/{id}`
#[handler]
pub async fn answer(web: Web, session: ProviderSession, Path(id): Path<String>, posted: Posted) -> Reply {
    let page = service::home(&web.deps, &session.contact, web.now()).await?;
    let query = page
        .queries
        .iter()
        .find(|query| query.id.to_string() == id)
        .ok_or(ServiceError::NotFound)?;
    let (key, question) = (query.section.clone(), query.question.clone());
    let back = format!("{}#question-{question}", place::address(&key));
    if posted.has("answer") {
        posted.only(&["answer"])?;
        save::answer_query(&web.deps, &session.contact, query.id, posted.get("answer"), web.now()).await?;
        return Ok(redirect(&back));
    }
    let page = match section::keep(&web, &session, &key, &posted).await? {
        Kept::Saved(page) => page,
        Kept::Shown(reply) => return Ok(reply),
    };
    if posted.get(&format!("{}{id}", typed::ANSWER)).trim().is_empty() {
        let nothing = Replied {
            problem: Some("Enter your answer to the reviewer".to_owned()),
            ..Replied::default()
        };
        let typing = Typing {
            replies: [(id, nothing)].into(),
            ..Typing::default()
        };
        return render(&web, &session, &page, &key, &typing, StatusCode::UNPROCESSABLE_ENTITY);
    }
    Ok(redirect(&back))
}

/// The answers to queries that were typed on a section's page, by query.
fn replies(posted: &Posted) -> impl Iterator<Item = (&str, &str)> {
    posted.0.iter().filter_map(|(name, text)| {
        let id = name.strip_prefix(typed::ANSWER)?;
        (!text.trim().is_empty()).then_some((id, text.as_str()))
    })
}

/// Keeps the answers to queries; answers the return as it then stands, and those that could not be taken.
pub async fn keep(
    deps: &Deps,
    session: &ProviderSession,
    posted: &Posted,
    mut page: ReturnPage,
    now: DateTime<Utc>,
) -> Result<(ReturnPage, BTreeMap<String, Replied>), WebError> {
    let mut refused = BTreeMap::new();
    for (id, text) in replies(posted) {
        let query: QueryId = id
            .parse()
            .map_err(|_| WebError::BadRequest("This is not a query of this return."))?;
        match save::answer_query(deps, &session.contact, query, text, now).await {
            Ok(after) => page = after,
            Err(ServiceError::Invalid(problems)) => {
                let (text, problem) = (text.to_owned(), problems.into_iter().map(|found| found.message).next());
                refused.insert(id.to_owned(), Replied { text, problem });
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok((page, refused))
}

/// All that were typed, none of them kept.
pub fn unkept(posted: &Posted) -> BTreeMap<String, Replied> {
    let as_typed = |(id, text): (&str, &str)| {
        let (text, problem) = (text.to_owned(), None);
        (id.to_owned(), Replied { text, problem })
    };
    replies(posted).map(as_typed).collect()
}
