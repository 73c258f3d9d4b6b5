//! One return, for its officers, and the documents attached to it.
//!
//! Invariant: a document is given out only where the return that it is asked under holds it, and never to be shown
//! in place: it is downloaded.

use poem::handler;
use poem::web::Path;

use super::super::provider::files::as_download;
use super::super::{OfficeSession, Reply, Web};
use super::forms::Attempt;
use super::signin::with_problems;
use super::{Part, frame, id, return_view};
use crate::service::{ServiceError, office};
use countersign_domain::ids::ReturnId;

/// The page of a return.
#[handler]
pub async fn show(web: Web, session: OfficeSession, Path(path): Path<String>) -> Reply {
    page(&web, &session, id(&path)?, &Attempt::default()).await
}

/// A document of a return, as a download.
#[handler]
pub async fn download(web: Web, session: OfficeSession, Path(path): Path<(String, String)>) -> Reply {
    let page = office::return_for_officer(&web.deps, &session.officer, id(&path.0)?, web.now()).await?;
    let reading = return_view::reading(&page)?;
    let file = reading.file(&path.1).ok_or(ServiceError::NotFound)?;
    let bytes = web.files.read(&file.digest).await.map_err(ServiceError::internal)?;
    Ok(as_download(file, bytes))
}

/// The page of a return, with what was tried and could not be done.
///
/// # Errors
/// When it is not there, or not the officer's.
pub async fn page(web: &Web, session: &OfficeSession, id: ReturnId, attempt: &Attempt) -> Reply {
    let now = web.now();
    let page = office::return_for_officer(&web.deps, &session.officer, id, now).await?;
    let view = return_view::view(&page, &session.officer, attempt, now)?;
    let title = format!("{}, {}", page.title(), page.provider);
    let frame = with_problems(frame(session, Part::Returns, title).back("/office"), &attempt.problems);
    web.page(frame, "office/return.html", view)
}
