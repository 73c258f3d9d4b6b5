//! A grant's page, and the virements between its allocations.
//!
//! Invariant: recording moves no money; only the decision of another person does.

use countersign_domain::ids::{GrantId, VirementId};
use poem::handler;
use poem::web::Path;

use super::super::{OfficeSession, Posted, Reply, Web, session};
use super::acts::not_done;
use super::forms::Attempt;
use super::signin::with_problems;
use super::{Part, attempt, frame, grant_view, id};
use crate::service::{ServiceError, office, virement};

/// The page of a grant.
#[handler]
pub async fn show(web: Web, session: OfficeSession, Path(path): Path<String>) -> Reply {
    page(&web, &session, id(&path)?, &Attempt::default()).await
}

/// Records a virement.
#[handler]
pub async fn record(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    let grant: GrantId = id(&path)?;
    let mut tried = attempt("virement", &posted, &["from", "to", "amount", "reason"])?;
    let moving = virement::Moving {
        from: tried.value("from").parse().ok(),
        to: tried.value("to").parse().ok(),
        amount: tried.value("amount"),
        why: tried.value("reason"),
    };
    match virement::record(&web.deps, &session.officer, grant, moving, web.now()).await {
        Ok(_) => Ok(session::redirect(&format!("/office/grants/{grant}#virements"))),
        Err(ServiceError::Invalid(problems)) => {
            tried.problems = problems;
            page(&web, &session, grant, &tried).await
        }
        Err(error) => not_done(
            &web,
            &session,
            Part::Returns,
            &format!("/office/grants/{grant}"),
            &tried,
            error,
        ),
    }
}

/// Approves a virement: the money moves.
#[handler]
pub async fn approve(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    posted.only(&[])?;
    decide(&web, &session, id(&path)?, true).await
}

/// Refuses a virement.
#[handler]
pub async fn refuse(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    posted.only(&[])?;
    decide(&web, &session, id(&path)?, false).await
}

async fn decide(web: &Web, session: &OfficeSession, id: VirementId, approved: bool) -> Reply {
    let grant = virement::decide(&web.deps, &session.officer, id, approved, web.now()).await?;
    Ok(session::redirect(&format!("/office/grants/{grant}#virements")))
}

async fn page(web: &Web, session: &OfficeSession, id: GrantId, attempt: &Attempt) -> Reply {
    let page = office::grant_page(&web.deps, &session.officer, id, web.now()).await?;
    let frame = frame(session, Part::Returns, page.grant.title.clone()).back("/office");
    web.page(
        with_problems(frame, &attempt.problems),
        "office/grant.html",
        grant_view::view(&page, attempt),
    )
}
