//! Stories and words about people: each read, and cleared for this paper by name.
//!
//! Invariant: a clearance names the return, the revision and the place that were read; a box must be ticked for it.

use countersign_domain::ids::PaperId;
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;
use serde::Serialize;
use serde_json::json;

use super::super::super::{OfficeSession, Posted, Reply, Web, WebError, session};
use super::super::forms::plain_summary;
use super::super::words::anchor;
use super::super::{Part, frame, id};
use super::href;
use crate::service::paper::{self, About, Story};
use crate::service::{FieldProblem, notify};

#[derive(Debug, Serialize)]
struct StoryView {
    id: String,
    title: String,
    about: String,
    text: String,
    ret: String,
    revision: u32,
    place: String,
    cleared: Option<String>,
    history: Vec<String>,
    problem: Option<&'static str>,
}

const TICK: &str = "Read it to its end and tick the box first";

/// All of them.
#[handler]
pub async fn show(web: Web, session: OfficeSession, Path(path): Path<String>) -> Reply {
    page(&web, &session, id(&path)?, None).await
}

/// Clears one.
#[handler]
pub async fn clear(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    let (id, about) = (id(&path)?, about(&posted)?);
    if posted.get("read") != "yes" {
        return page(&web, &session, id, Some(&about)).await;
    }
    paper::clear(&web.deps, &session.officer, id, &about, web.now()).await?;
    Ok(back(id, &about))
}

/// Withdraws a clearance.
#[handler]
pub async fn withdraw(web: Web, session: OfficeSession, Path(path): Path<String>, posted: Posted) -> Reply {
    let (id, about) = (id(&path)?, about(&posted)?);
    paper::withdraw(&web.deps, &session.officer, id, &about, web.now()).await?;
    Ok(back(id, &about))
}

fn about(posted: &Posted) -> Result<About, WebError> {
    posted.only(&["return", "revision", "place", "read"])?;
    let wrong = || WebError::BadRequest("This form does not say what it is about.");
    Ok(About {
        ret: id(posted.get("return"))?,
        revision: posted.get("revision").parse().map_err(|_| wrong())?,
        place: posted.get("place").to_owned(),
    })
}

fn back(id: PaperId, about: &About) -> poem::Response {
    session::redirect(&format!("{}/stories#{}", href(id), story_id(about)))
}

/// Where a story stands in the page.
fn story_id(about: &About) -> String {
    anchor(&["story", &about.ret.to_string(), &about.place])
}

async fn page(web: &Web, session: &OfficeSession, id: PaperId, unread: Option<&About>) -> Reply {
    let found = paper::stories(&web.deps, &session.officer, id, web.now()).await?;
    let views: Vec<StoryView> = found.stories.iter().map(|story| view(story, unread)).collect();
    let cleared = views.iter().filter(|view| view.cleared.is_some()).count();
    let problems: Vec<FieldProblem> = unread
        .map(|about| FieldProblem {
            field: format!("{}-read", story_id(about)),
            message: TICK.to_owned(),
        })
        .into_iter()
        .collect();
    let context = json!({
        "title": found.opened.title(), "href": href(id),
        "words": format!("{cleared} of {} cleared.", views.len()),
        "stories": views, "problems": plain_summary(&problems),
    });
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let frame = frame(session, Part::Papers, "Stories and words about people")
        .back(href(id))
        .has_errors(!problems.is_empty())
        .status(status);
    web.page(frame, "office/papers/stories.html", context)
}

fn view(story: &Story, unread: Option<&About>) -> StoryView {
    let about = About {
        ret: story.told.at.ret,
        revision: story.told.at.revision,
        place: story.told.at.place.clone(),
    };
    StoryView {
        id: story_id(&about),
        title: story.told.about.clone(),
        about: story.told.reference.clone(),
        text: story.told.text.clone(),
        ret: about.ret.to_string(),
        revision: about.revision,
        cleared: story
            .cleared
            .as_ref()
            .map(|by_at| format!("by {}, {}", by_at.by, notify::moment(by_at.at))),
        history: story.history.clone(),
        problem: (unread == Some(&about)).then_some(TICK),
        place: about.place,
    }
}
