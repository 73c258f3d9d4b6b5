//! One text of a paper, written by the commissioner.
//!
//! Invariant: a text that could not be kept comes back whole, beside what is wrong with it or what somebody else wrote.

use countersign_domain::ids::PaperId;
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;
use serde::Serialize;
use serde_json::json;

use super::super::super::{OfficeSession, Posted, Reply, Web, session};
use super::super::forms::plain_summary;
use super::super::{Part, frame, id};
use super::href;
use crate::service::paper::{self, Saved, Written};
use crate::service::{FieldProblem, ServiceError};

/// What was sent and not kept.
#[derive(Default)]
struct Tried {
    text: Option<String>,
    theirs: Option<String>,
    problems: Vec<FieldProblem>,
}

#[derive(Debug, Serialize)]
struct FigureView {
    name: String,
    of: String,
}

/// The text.
#[handler]
pub async fn show(web: Web, session: OfficeSession, Path((path, part)): Path<(String, String)>) -> Reply {
    page(&web, &session, id(&path)?, &part, Tried::default()).await
}

/// Keeps it.
#[handler]
pub async fn save(
    web: Web,
    session: OfficeSession,
    Path((path, part)): Path<(String, String)>,
    posted: Posted,
) -> Reply {
    posted.only(&["text", "seen"])?;
    let id: PaperId = id(&path)?;
    let (text, seen) = (posted.get("text"), posted.get("seen"));
    let mut tried = Tried {
        text: Some(text.to_owned()),
        ..Tried::default()
    };
    match paper::save(&web.deps, &session.officer, id, &part, text, seen).await {
        Ok(Saved::Kept) => return Ok(session::redirect(&format!("{}?done=saved", href(id)))),
        Ok(Saved::Theirs(theirs)) => tried.theirs = Some(theirs),
        Err(ServiceError::Invalid(problems)) => tried.problems = problems,
        Err(other) => return Err(other.into()),
    }
    page(&web, &session, id, &part, tried).await
}

async fn page(web: &Web, session: &OfficeSession, id: PaperId, part: &str, tried: Tried) -> Reply {
    let Written {
        opened,
        asked,
        text,
        seen,
        figures,
    } = paper::written(&web.deps, &session.officer, id, part).await?;
    let (wrong, lost) = (!tried.problems.is_empty(), tried.theirs.is_some());
    let described = [(asked.hint.is_some(), "text-hint"), (wrong, "text-error")];
    let described: Vec<&str> = described.iter().filter(|(is, _)| *is).map(|(_, id)| *id).collect();
    let figures = figures.into_iter().map(|(name, of)| FigureView {
        name: format!("(({name}))"),
        of,
    });
    let context = json!({
        "title": opened.title(), "label": asked.label, "hint": asked.hint, "described": described.join(" "),
        "text": tried.text.unwrap_or(text), "seen": seen.to_string(),
        "theirs": tried.theirs.map(|text| json!({ "text": text })),
        "problems": plain_summary(&tried.problems),
        "problem_lines": tried.problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>(),
        "figures": figures.collect::<Vec<_>>(),
    });
    let status = match (wrong, lost) {
        (true, _) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, true) => StatusCode::CONFLICT,
        (false, false) => StatusCode::OK,
    };
    let frame = frame(session, Part::Papers, asked.label)
        .back(href(id))
        .has_errors(wrong)
        .status(status);
    web.page(frame, "office/papers/prose.html", context)
}
