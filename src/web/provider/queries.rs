//! Answering a reviewer's query, beside the question that it is about.
//!
//! Invariant: what was typed into the section travels with the button, and is saved first.

use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;

use super::super::session::redirect;
use super::super::{Posted, ProviderSession, Reply, Web};
use super::section::{Kept, Replied, Typing, keep, render};
use super::{place, typed};
use crate::service::{ServiceError, provider as service, save};

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
    let page = match keep(&web, &session, &key, &posted).await? {
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
