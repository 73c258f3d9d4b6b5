//! Signing and declining.
//!
//! Invariant: a revision that changed after the page was shown is never signed: the answer is a conflict, and a look at
//! what stands now.

use countersign_domain::ids::ReturnId;
use poem::handler;
use poem::web::Path;

use super::super::office::acts::{not_done, revision};
use super::super::office::forms::Attempt;
use super::super::office::signin::with_problems;
use super::super::office::{Part, attempt, attempt_deciding, frame, id, return_view};
use super::super::{OfficeSession, Posted, Reply, Web, session};
use super::sign_view;
use crate::service::sign::Signing;
use crate::service::{ServiceError, decisions, office, sign};

/// The revision in full with the form to sign it; or, once signed, what was signed.
#[handler]
pub async fn show(web: Web, session: OfficeSession, Path(path): Path<String>) -> Reply {
    page(&web, &session, id(&path)?, &Attempt::default()).await
}

/// Signs.
#[handler]
pub async fn post(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    let id = id(&path)?;
    let tried = attempt_deciding("sign", &posted, &["revision", "digest", "agreed", "typed_name", "totp"])?;
    let signing = Signing {
        revision: revision(&tried)?,
        digest: tried.value("digest").to_owned(),
        typed_name: tried.value("typed_name").to_owned(),
        totp: tried.value("totp").to_owned(),
        agreed: tried.value("agreed") == "yes",
        decisions: decisions::read(&tried.fields),
    };
    let done = sign::sign(&web.deps, &session.officer, id, &signing, web.now()).await;
    reply(&web, &session, id, tried, done.map(drop), "/sign").await
}

/// Declines.
#[handler]
pub async fn decline(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    let id = id(&path)?;
    let tried = attempt("decline", &posted, &["revision", "reason"])?;
    let (revision, now) = (revision(&tried)?, web.now());
    let done = sign::decline(&web.deps, &session.officer, id, revision, tried.value("reason"), now).await;
    reply(&web, &session, id, tried, done, "").await
}

async fn reply(
    web: &Web,
    session: &OfficeSession,
    id: ReturnId,
    mut tried: Attempt,
    done: Result<(), ServiceError>,
    next: &str,
) -> Reply {
    match done {
        Ok(()) => Ok(session::redirect(&format!("/office/returns/{id}{next}"))),
        Err(ServiceError::Invalid(problems)) => {
            tried.problems = problems;
            page(web, session, id, &tried).await
        }
        Err(error) => not_done(
            web,
            session,
            Part::Returns,
            &format!("/office/returns/{id}/sign"),
            &tried,
            error,
        ),
    }
}

async fn page(web: &Web, session: &OfficeSession, id: ReturnId, attempt: &Attempt) -> Reply {
    let page = office::return_for_officer(&web.deps, &session.officer, id, web.now()).await?;
    let href = return_view::href(&page);
    let frame = |title: &str| frame(session, Part::Returns, format!("{title} {}", page.title())).back(href.clone());
    if let Some(signature) = sign_view::standing_signature(&page, session.officer.person.id) {
        return web.page(
            frame("Signed:"),
            "officer/signed.html",
            sign_view::signed(&page, signature),
        );
    }
    if !return_view::frozen(&page) {
        // Nothing that could be signed stands before the officer: the return says why.
        return Ok(session::redirect(&href));
    }
    let reading = return_view::reading(&page)?;
    let view = sign_view::view(&page, &reading, &session.officer, attempt);
    web.page(
        with_problems(frame("Sign"), &attempt.problems),
        "officer/sign.html",
        view,
    )
}
