//! What a paper says before it is published: as a page for each audience, and as files of the internal version.
//!
//! Invariant: files of what is not published are internal ones, with their watermark on every page and sheet.

use countersign_domain::form::schema::Audience;
use poem::handler;
use poem::web::Path;
use serde_json::json;

use super::super::super::{OfficeSession, Reply, Web};
use super::super::{Part, frame, id};
use super::{audience, format, href, made};
use crate::document;
use crate::service::paper;

/// The page.
#[handler]
pub async fn show(web: Web, session: OfficeSession, Path((path, word)): Path<(String, String)>) -> Reply {
    let (id, audience) = (id(&path)?, audience(&word)?);
    let look = paper::look(&web.deps, &session.officer, id, audience, web.now()).await?;
    let lead = match (audience, look.hidden) {
        (Audience::Internal, _) => "Everything, with the figures that are not signed yet.".to_owned(),
        (_, 0) => "What it would say. Nothing needs to be held back.".to_owned(),
        (_, 1) => "What it would say. 1 figure is held back.".to_owned(),
        (_, many) => format!("What it would say. {many} figures are held back."),
    };
    let frame = frame(&session, Part::Papers, look.document.title.clone()).back(href(id));
    let context = json!({ "document": document::view(&look.document), "lead": lead });
    web.page(frame, "office/papers/preview.html", context)
}

/// A file of the internal version.
#[handler]
pub async fn download(web: Web, session: OfficeSession, Path((path, file)): Path<(String, String)>) -> Reply {
    let (id, format) = (id(&path)?, format(&file)?);
    let file = paper::internal_file(&web.deps, &session.officer, id, format, web.now()).await?;
    Ok(made(file))
}
