//! What an officer does to a return: each act is one form, one service, one answer.
//!
//! Invariant: an act that could not be done gives back every word that was typed, on whatever page says so.

use chrono::NaiveDate;
use countersign_domain::answers::types::SectionKey;
use countersign_domain::ids::{LinkId, ReturnId};
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;
use serde_json::json;

use super::super::{OfficeSession, Posted, Reply, Web, WebError, session};
use super::beside::question_anchor;
use super::forms::{Attempt, revoke_act};
use super::{Part, attempt, attempt_deciding, frame, id, returns};
use crate::service::{FieldProblem, ServiceError, chase, correct, decisions, link, review};

/// Asks about an answer.
#[handler]
pub async fn query(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    let id = id(&path)?;
    let tried = attempt("query", &posted, &["revision", "section", "question", "text"])?;
    let asking = review::Asking {
        revision: revision(&tried)?,
        section: &SectionKey(tried.value("section").to_owned()),
        question: tried.value("question"),
        text: tried.value("text"),
    };
    let done = review::query(&web.deps, &session.officer, id, asking, web.now()).await;
    let place = question_anchor(tried.value("section"), tried.value("question"));
    reply(&web, &session, id, tried, done, &format!("#{place}")).await
}

/// Sends a return back.
#[handler]
pub async fn send_back(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    let id = id(&path)?;
    let tried = attempt("send-back", &posted, &["revision", "reason"])?;
    let (revision, now) = (revision(&tried)?, web.now());
    let done = review::send_back(&web.deps, &session.officer, id, revision, tried.value("reason"), now).await;
    reply(&web, &session, id, tried, done, "").await
}

/// Accepts a revision.
#[handler]
pub async fn accept(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    let id = id(&path)?;
    let tried = attempt_deciding("accept", &posted, &["revision"])?;
    let decided = decisions::read(&tried.fields);
    let done = review::accept(&web.deps, &session.officer, id, revision(&tried)?, &decided, web.now()).await;
    reply(&web, &session, id, tried, done, "").await
}

/// Reopens a signed return for a correction.
#[handler]
pub async fn reopen(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    let id = id(&path)?;
    let tried = attempt("reopen", &posted, &["revision", "reason"])?;
    let done = correct::reopen(&web.deps, &session.officer, id, tried.value("reason"), web.now()).await;
    reply(&web, &session, id, tried, done, "").await
}

/// Excuses a return.
#[handler]
pub async fn excuse(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    let id = id(&path)?;
    let tried = attempt("excuse", &posted, &["revision", "reason"])?;
    let done = correct::excuse(&web.deps, &session.officer, id, tried.value("reason"), web.now()).await;
    reply(&web, &session, id, tried, done, "").await
}

/// Makes an excused return owed again.
#[handler]
pub async fn reinstate(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    let id = id(&path)?;
    let tried = attempt("reinstate", &posted, &["revision", "reason"])?;
    let done = correct::reinstate(&web.deps, &session.officer, id, tried.value("reason"), web.now()).await;
    reply(&web, &session, id, tried, done, "").await
}

/// Gives more time.
#[handler]
pub async fn extend(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    let id = id(&path)?;
    let tried = attempt("extend", &posted, &["revision", "day", "month", "year", "reason"])?;
    let done = match date(&tried) {
        Ok(due_on) => {
            correct::extend(
                &web.deps,
                &session.officer,
                id,
                due_on,
                tried.value("reason"),
                web.now(),
            )
            .await
        }
        Err(problem) => Err(ServiceError::Invalid(vec![problem])),
    };
    reply(&web, &session, id, tried, done, "").await
}

/// Notes a chase.
#[handler]
pub async fn note_chase(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    let id = id(&path)?;
    let tried = attempt("chase", &posted, &["revision", "text"])?;
    let done = chase::note_chase(&web.deps, &session.officer, id, tried.value("text"), web.now()).await;
    reply(&web, &session, id, tried, done, "").await
}

/// Sends a contact a new link.
#[handler]
pub async fn resend(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    let return_id = id(&path)?;
    let tried = attempt("resend", &posted, &["person"])?;
    let person = id(tried.value("person"))?;
    let done = link::resend(&web.deps, &session.officer, return_id, person, web.now()).await;
    reply(&web, &session, return_id, tried, done, "#links").await
}

/// Takes a link back.
#[handler]
pub async fn revoke(web: Web, session: OfficeSession, Path(path): Path<(String, String)>, posted: Posted) -> Reply {
    let (return_id, link_id): (ReturnId, LinkId) = (id(&path.0)?, id(&path.1)?);
    let tried = attempt(&revoke_act(link_id), &posted, &["revision", "reason"])?;
    let done = link::revoke(&web.deps, &session.officer, link_id, tried.value("reason"), web.now()).await;
    reply(&web, &session, return_id, tried, done.map(drop), "#links").await
}

/// The revision that the form was shown for.
pub fn revision(tried: &Attempt) -> Result<u32, WebError> {
    let wrong = || WebError::BadRequest("This form does not say which revision it is about.");
    tried.value("revision").parse().map_err(|_| wrong())
}

/// The date that was typed.
fn date(tried: &Attempt) -> Result<NaiveDate, FieldProblem> {
    let problem = |message: &str| FieldProblem {
        field: "due_on".to_owned(),
        message: message.to_owned(),
    };
    let typed = ["day", "month", "year"].map(|part| tried.value(part).trim());
    if typed.iter().all(|part| part.is_empty()) {
        return Err(problem("Enter the new due date"));
    }
    let [day, month, year] = typed;
    let read = || NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    read()
        .filter(|date| (2000..=2100).contains(&chrono::Datelike::year(date)))
        .ok_or_else(|| problem("The new due date must be a real date, like 31 5 2018"))
}

/// The answer to an act: back to the return, or the page that says why not with all that was typed.
async fn reply(
    web: &Web,
    session: &OfficeSession,
    id: ReturnId,
    mut tried: Attempt,
    done: Result<(), ServiceError>,
    place: &str,
) -> Reply {
    match done {
        Ok(()) => Ok(session::redirect(&format!("/office/returns/{id}{place}"))),
        Err(ServiceError::Invalid(problems)) => {
            tried.problems = problems;
            returns::page(web, session, id, &tried).await
        }
        Err(error) => not_done(
            web,
            session,
            Part::Returns,
            &format!("/office/returns/{id}"),
            &tried,
            error,
        ),
    }
}

/// Nothing was done, for a reason that is not in the form: says so, and gives back what was typed.
///
/// # Errors
/// Any other error, for the error page.
pub fn not_done(
    web: &Web,
    session: &OfficeSession,
    part: Part,
    href: &str,
    tried: &Attempt,
    error: ServiceError,
) -> Reply {
    let (status, words) = match error {
        ServiceError::Conflict(words) => (StatusCode::CONFLICT, words),
        ServiceError::Unavailable(words) => {
            tracing::warn!(error = %words, "an act was not kept");
            (StatusCode::SERVICE_UNAVAILABLE, words)
        }
        other => return Err(other.into()),
    };
    let typed = ["text", "amount", "reason", "typed_name"]
        .map(|field| tried.value(field))
        .join("\n");
    let context = json!({ "words": words, "typed": typed.trim(), "href": href });
    let frame = frame(session, part, "Nothing has been done").back(href).status(status);
    web.page(frame, "officer/changed.html", context)
}
