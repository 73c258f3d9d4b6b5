//! Saving a section while it is filled in. The page's script asks; nothing depends on it.
//!
//! Invariant: "saved" is answered only for what is on disk.

use std::collections::BTreeMap;

use chrono::SecondsFormat;
use countersign_domain::answers::Seen;
use countersign_domain::answers::types::{SectionKey, SectionView};
use poem::handler;
use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{Body, Response};
use serde_json::{Value, json};

use super::super::{Posted, ProviderSession, Reply, Web};
use super::question::REQUIRED;
use super::section::At;
use super::{measures, typed};
use crate::service::ServiceError;
use crate::service::provider::ReturnPage;
use crate::service::save;

/// `POST /return/section/{key}/autosave`
#[handler]
pub async fn save_as_typed(web: Web, session: ProviderSession, Path(at): Path<At>, posted: Posted) -> Reply {
    let (key, now) = (at.key(), web.now());
    let saved = save::save(&web.deps, &session.contact, &key, typed::read(&posted)?, now).await?;
    let section = saved.page.evaluated.section(&key).ok_or(ServiceError::NotFound)?;
    let conflict = !saved.conflicts.is_empty();
    let mut seen = seen(&saved.page, section, &key);
    // What somebody else typed has not been seen yet: the page keeps what it had.
    for conflict in &saved.conflicts {
        seen.remove(&conflict.question);
    }
    let answer = json!({
        "saved_at": now.to_rfc3339_opts(SecondsFormat::Secs, true),
        "seen": seen,
        "visible": section.questions.iter().filter(|view| view.visible).map(|view| &view.id).collect::<Vec<_>>(),
        "calculated": calculated(&saved.page, section),
        "findings": findings(&saved.page, &key),
        "conflict": conflict,
    });
    Ok(Response::builder()
        .status(if conflict { StatusCode::CONFLICT } else { StatusCode::OK })
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from_string(answer.to_string())))
}

/// What the page shows now, to come back with its next save.
fn seen(page: &ReturnPage, section: &SectionView, key: &SectionKey) -> BTreeMap<String, String> {
    let draft = page.draft.sections.get(key);
    let answered = section.questions.iter().filter_map(|view| {
        let answer = draft?.answers.get(&view.id)?;
        Some((view.id.clone(), Seen::of(Some(answer)).to_string()))
    });
    answered.collect()
}

fn calculated(page: &ReturnPage, section: &SectionView) -> BTreeMap<String, String> {
    let mut calculated: BTreeMap<String, String> = section
        .questions
        .iter()
        .map(|view| (view.id.clone(), view.shown.clone()))
        .collect();
    for measure in measures::of_section(page, section) {
        if let (Some(id), Some(shown)) = (measure["id"].as_str(), measure["shown"].as_str()) {
            calculated.insert(id.to_owned(), shown.to_owned());
        }
    }
    calculated
}

/// What was found. What is merely missing is not said to somebody who is still typing.
fn findings(page: &ReturnPage, key: &SectionKey) -> Vec<Value> {
    let found = page
        .evaluated
        .findings
        .iter()
        .filter(|finding| finding.check != REQUIRED);
    found
        .flat_map(|finding| {
            let here = finding.at.iter().filter(|place| place.section == *key);
            here.map(move |place| {
                json!({ "question": place.question, "severity": finding.severity, "message": finding.message })
            })
        })
        .collect()
}
