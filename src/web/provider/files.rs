//! Documents: added to a question, looked at again, taken out.
//!
//! Invariant: a document is given out only to somebody whose return holds it, as a download and never as a page. What
//! was typed into the section goes with the button that adds or removes, and is saved first.

use countersign_domain::answers::types::{FileRef, SectionKey};
use countersign_domain::form::schema::Kind;
use poem::http::{HeaderValue, StatusCode, header};
use poem::web::Path;
use poem::{Body, Response, handler};
use serde::Deserialize;

use super::super::posted::PostedFiles;
use super::super::session::redirect;
use super::super::{Posted, ProviderSession, Reply, Web, WebError};
use super::section::{Kept, keep, render};
use super::typing::Typing;
use super::{place, typed};
use crate::files::{FilesError, check};
use crate::service::provider::{self as service, ReturnPage};
use crate::service::{ServiceError, save};
use crate::wording::in_address;

/// The parts of an upload's address.
#[derive(Deserialize)]
pub struct At {
    section: String,
    #[serde(default)]
    subject: Option<String>,
    question: String,
}

/// `POST /return/section/{key}/file/{question}`
#[handler]
pub async fn attach(
    web: Web,
    session: ProviderSession,
    Path(at): Path<At>,
    posted: Posted,
    files: PostedFiles,
) -> Reply {
    let key = place::key(&at.section, at.subject.as_deref());
    let page = match keep(&web, &session, &key, &posted).await? {
        Kept::Saved(page) => page,
        Kept::Shown(reply) => return Ok(reply),
    };
    match add(&web, &session, &page, &key, &at.question, &files).await? {
        Ok(()) => Ok(redirect(&format!("{}#question-{}", place::address(&key), at.question))),
        Err(words) => {
            let typing = Typing {
                problems: [(at.question, words)].into(),
                ..Typing::default()
            };
            render(&web, &session, &page, &key, &typing, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// Checks, keeps and notes a document; the inner error is in words for the person.
async fn add(
    web: &Web,
    session: &ProviderSession,
    page: &ReturnPage,
    key: &SectionKey,
    question: &str,
    files: &PostedFiles,
) -> Result<Result<(), String>, WebError> {
    let Some(accept) = accepted(page, key, question) else {
        return Err(ServiceError::NotFound.into());
    };
    let Some(file) = files.get(&format!("{}{question}", typed::FILE)) else {
        return Ok(Err("Choose a file first".to_owned()));
    };
    let checked = match check(&file.name, file.bytes.to_vec(), accept) {
        Ok(checked) => checked,
        Err(words) => return Ok(Err(words)),
    };
    let kept = web.files.keep(checked).await.map_err(not_kept)?;
    match save::attach(&web.deps, &session.contact, key, question, kept, web.now()).await {
        Ok(_) => Ok(Ok(())),
        Err(ServiceError::Invalid(problems)) => Ok(Err(problems
            .into_iter()
            .map(|problem| problem.message)
            .next()
            .unwrap_or_default())),
        Err(other) => Err(other.into()),
    }
}

/// The endings that a question takes; none when it takes no documents.
fn accepted<'p>(page: &'p ReturnPage, key: &SectionKey, question: &str) -> Option<&'p [String]> {
    let section = page.evaluated.section(key)?;
    let found = page.form.sections[section.section]
        .questions
        .iter()
        .find(|known| known.id == question)?;
    match &found.kind {
        Kind::File { accept, .. } => Some(accept),
        _ => None,
    }
}

fn not_kept(error: FilesError) -> ServiceError {
    match error {
        FilesError::NotFound => ServiceError::NotFound,
        FilesError::Folder(problem) => {
            tracing::warn!(%problem, "a document was not kept");
            ServiceError::Unavailable("The document could not be kept just now.".to_owned())
        }
        FilesError::Altered(_) => ServiceError::internal(error),
    }
}

/// `GET /return/file/{digest}`
#[handler]
pub async fn download(web: Web, session: ProviderSession, Path(digest): Path<String>) -> Reply {
    let page = service::home(&web.deps, &session.contact, web.now()).await?;
    let (_, _, file) = find(&page, &digest).ok_or(ServiceError::NotFound)?;
    let bytes = web.files.read(&digest).await.map_err(not_kept)?;
    Ok(as_download(file, bytes))
}

/// A document as an answer that no browser shows as a page of ours.
pub fn as_download(file: &FileRef, bytes: Vec<u8>) -> Response {
    let plain: String = file
        .name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || ".-_ ".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let full = in_address(&file.name);
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}");
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, file.media.as_str())
        .header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox; frame-ancestors 'none'",
        )
        .body(Body::from_vec(bytes));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// `POST /return/file/{digest}/remove`
#[handler]
pub async fn detach(web: Web, session: ProviderSession, Path(digest): Path<String>, posted: Posted) -> Reply {
    let page = service::home(&web.deps, &session.contact, web.now()).await?;
    let from = posted.get(typed::FROM);
    let named = from
        .rsplit_once('#')
        .map(|(key, question)| (SectionKey(key.to_owned()), question.to_owned()));
    let found = find(&page, &digest).map(|(key, question, _)| (key.clone(), question.to_owned()));
    let (key, question) = named.or(found).ok_or(ServiceError::NotFound)?;
    if let Kept::Shown(reply) = keep(&web, &session, &key, &posted).await? {
        return Ok(reply);
    }
    save::detach(&web.deps, &session.contact, &key, &question, &digest, web.now()).await?;
    Ok(redirect(&format!("{}#question-{question}", place::address(&key))))
}

/// A document of a return: its section, its question and what is noted of it.
fn find<'p>(page: &'p ReturnPage, digest: &str) -> Option<(&'p SectionKey, &'p str, &'p FileRef)> {
    page.draft.sections.iter().find_map(|(key, section)| {
        section.answers.iter().find_map(|(question, answer)| {
            let file = answer.files.iter().find(|file| file.digest == digest)?;
            Some((key, question.as_str(), file))
        })
    })
}
