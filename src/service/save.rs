//! save: keeps what was typed, right or wrong, question by question.
//!
//! Invariant: an answered "Saved" is on disk; what somebody else typed meanwhile is never overwritten unseen.

mod answerable;

use std::collections::BTreeMap;

use answerable::answerable;
use chrono::{DateTime, Utc};
use countersign_domain::answers::types::{Draft, DraftSection, Explanation, FileRef, SectionKey};
use countersign_domain::answers::{Base, Conflict, Typed, merge};
use countersign_domain::form::schema::Kind;
use countersign_domain::ids::QueryId;
use countersign_domain::returns::QueryAnswer;
use countersign_domain::workflow::{Action, step};
use serde_json::json;

use super::provider::{self, ReturnPage};
use super::{Contact, Deps, FieldProblem, ServiceError, facts, moving, reason, record};
use crate::store::{StoreError, WriteTx, drafts, revisions, uploads};

/// The most characters kept for one field. Longer text is refused as a whole, with the page kept.
const LONGEST: usize = 100_000;
/// What is said when the page is of another version of the form than the return now has.
const FORM_MOVED: &str = "This return now has another version of its form, which does not ask all of this here. \
     Open the task list again, and copy over what is missing.";
/// What is said when a row was taken out by somebody else while it was being filled in.
const TAKEN_OUT: &str =
    "This row has been taken out meanwhile. What you typed is kept with it. Put the row back to go on with it.";
/// The most bytes of documents for one return.
pub const RETURN_BYTES: u64 = 100 * 1024 * 1024;
/// The most bytes ever taken for one return: what is taken out again is kept, because an earlier revision may name it.
const RETURN_BYTES_EVER: u64 = 5 * RETURN_BYTES;

/// A section as it came from a page.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// What the page had shown.
    pub base: Base,
    /// What it sent back, by question id.
    pub answers: BTreeMap<String, Typed>,
}

/// What was kept.
pub struct Saved {
    /// The return as it now stands.
    pub page: ReturnPage,
    /// Questions that somebody else answered meanwhile.
    pub conflicts: Vec<Conflict>,
}

/// Keeps a section's answers.
pub async fn save(
    deps: &Deps,
    contact: &Contact,
    key: &SectionKey,
    sent: Sent,
    now: DateTime<Utc>,
) -> Result<Saved, ServiceError> {
    let too_long: Vec<_> = sent
        .answers
        .iter()
        .filter(|(_, typed)| typed.fields.values().any(|text| text.chars().count() > LONGEST))
        .map(|(question, _)| FieldProblem {
            field: question.clone(),
            message: "This is too long to be kept: use 100,000 characters or fewer".to_owned(),
        })
        .collect();
    if !too_long.is_empty() {
        return Err(ServiceError::Invalid(too_long));
    }
    let tx = facts::begin(deps, contact.return_id).await?;
    let page = open_page(deps, &tx, contact, now).await?;
    let taken_out = page.is_taken_out(key);
    let was_moved = page
        .acts
        .iter()
        .any(|act| matches!(act.action.as_str(), moving::MOVE | moving::UNDO));
    if page.evaluated.section(key).is_none() && !taken_out {
        return Err(match was_moved {
            true => ServiceError::Conflict(FORM_MOVED.to_owned()),
            false => ServiceError::NotFound,
        });
    }
    let strange = was_moved && sent.answers.keys().any(|id| !asks(&page, key, id));
    let answers = answerable(&page, key, sent.answers)?;
    let stored = page.draft.sections.get(key).cloned().unwrap_or_default();
    let merged = merge(&sent.base, &stored, &answers, contact.person.id, now);
    let page = match merged.changed.is_empty() {
        true => page,
        false => put(deps, tx, contact, key, &merged.section, &page, now).await?,
    };
    if strange {
        return Err(ServiceError::Conflict(FORM_MOVED.to_owned()));
    }
    if taken_out && !merged.changed.is_empty() {
        // It is on disk, in the row, and comes back with it.
        return Err(ServiceError::Conflict(TAKEN_OUT.to_owned()));
    }
    Ok(Saved {
        page,
        conflicts: merged.conflicts,
    })
}

/// Whether a section asks this question.
fn asks(page: &ReturnPage, key: &SectionKey, id: &str) -> bool {
    let section = page.form.section_of(&key.0).map(|(section, _)| section);
    section.is_some_and(|section| section.questions.iter().any(|question| question.id == id))
}

/// The return, if this contact may change its answers now.
pub(super) async fn open_page(
    deps: &Deps,
    tx: &WriteTx,
    contact: &Contact,
    now: DateTime<Utc>,
) -> Result<ReturnPage, ServiceError> {
    let page = provider::page(deps, tx, contact, now).await?;
    let hands = facts::hands(tx, &page.ret).await?;
    step(
        &page.ret.state,
        Action::Save,
        &contact.role(),
        &hands,
        &page.form.stages,
    )?;
    match page.editable {
        true => Ok(page),
        false => Err(ServiceError::Conflict(
            "This return has closed, so answers can no longer be changed.".to_owned(),
        )),
    }
}

/// The same, if it has this section.
async fn open_section(
    deps: &Deps,
    tx: &WriteTx,
    contact: &Contact,
    key: &SectionKey,
    now: DateTime<Utc>,
) -> Result<ReturnPage, ServiceError> {
    let page = open_page(deps, tx, contact, now).await?;
    match page.evaluated.section(key) {
        Some(_) => Ok(page),
        None if page.is_taken_out(key) => Err(ServiceError::Conflict(TAKEN_OUT.to_owned())),
        None => Err(ServiceError::NotFound),
    }
}

/// The return as it stands with what was written, once that is on disk.
pub(super) async fn committed(
    deps: &Deps,
    tx: WriteTx,
    contact: &Contact,
    now: DateTime<Utc>,
) -> Result<ReturnPage, ServiceError> {
    let page = provider::page(deps, &tx, contact, now).await?;
    tx.commit().await?;
    Ok(page)
}

async fn put(
    deps: &Deps,
    tx: WriteTx,
    contact: &Contact,
    key: &SectionKey,
    section: &DraftSection,
    page: &ReturnPage,
    now: DateTime<Utc>,
) -> Result<ReturnPage, ServiceError> {
    drafts::put_section(&tx, page.ret.id, key, section, page.versions.get(key).copied()).await?;
    drafts::preparer(&tx, page.ret.id, contact.person.id).await?;
    committed(deps, tx, contact, now).await
}

/// Keeps the explanations of warnings, each with the figures that it explains. Keys that no longer stand are left out.
pub async fn explain(
    deps: &Deps,
    contact: &Contact,
    texts: &BTreeMap<String, String>,
    now: DateTime<Utc>,
) -> Result<ReturnPage, ServiceError> {
    let tx = facts::begin(deps, contact.return_id).await?;
    let page = open_page(deps, &tx, contact, now).await?;
    let (version, mut kept) = drafts::explanations(&tx, page.ret.id).await?;
    let mut changed = false;
    for finding in &page.evaluated.findings {
        let Some(text) = texts.get(&finding.key) else { continue };
        let text = text.trim().replace("\r\n", "\n");
        let as_before = kept
            .get(&finding.key)
            .is_some_and(|old| old.text == text && old.figures == finding.figures);
        if as_before || (text.is_empty() && !kept.contains_key(&finding.key)) {
            continue;
        }
        let explanation = Explanation {
            text,
            figures: finding.figures.clone(),
            by: contact.person.id,
            at: now,
        };
        kept.insert(finding.key.clone(), explanation);
        changed = true;
    }
    if !changed {
        return Ok(page);
    }
    drafts::put_explanations(&tx, page.ret.id, &kept, version).await?;
    drafts::preparer(&tx, page.ret.id, contact.person.id).await?;
    committed(deps, tx, contact, now).await
}

/// Adds a document, already checked and kept, to a file question.
pub async fn attach(
    deps: &Deps,
    contact: &Contact,
    key: &SectionKey,
    question: &str,
    file: FileRef,
    now: DateTime<Utc>,
) -> Result<ReturnPage, ServiceError> {
    let tx = facts::begin(deps, contact.return_id).await?;
    let page = open_section(deps, &tx, contact, key, now).await?;
    if bytes_of(&page.draft).saturating_add(file.size) > RETURN_BYTES {
        return Err(ServiceError::field(
            question,
            "The documents of one return may come to 100 MB together. Remove one first",
        ));
    }
    if uploads::bytes_of_return(&tx, page.ret.id)
        .await?
        .saturating_add(file.size)
        > RETURN_BYTES_EVER
    {
        let words = format!(
            "This return has been sent too many documents, and takes no more. Ask {}",
            deps.contact_line
        );
        return Err(ServiceError::field(question, words));
    }
    let max = max_files(&page, key, question)?;
    let mut typed = current(&page, key, question);
    if typed.files.iter().any(|known| known.digest == file.digest) {
        return Ok(page);
    }
    if typed.files.len() >= max as usize {
        return Err(ServiceError::field(
            question,
            format!("You can add up to {max} documents here. Remove one first"),
        ));
    }
    uploads::insert_upload(&tx, page.ret.id, &file, contact.person.id, now).await?;
    typed.files.push(file);
    change_files(deps, tx, contact, (key, question), typed, &page, now).await
}

/// Takes a document out of a file question. The bytes are kept: an earlier revision may name them.
pub async fn detach(
    deps: &Deps,
    contact: &Contact,
    key: &SectionKey,
    question: &str,
    digest: &str,
    now: DateTime<Utc>,
) -> Result<ReturnPage, ServiceError> {
    let tx = facts::begin(deps, contact.return_id).await?;
    let page = open_section(deps, &tx, contact, key, now).await?;
    max_files(&page, key, question)?;
    let mut typed = current(&page, key, question);
    typed.files.retain(|file| file.digest != digest);
    change_files(deps, tx, contact, (key, question), typed, &page, now).await
}

/// The documents that stand in the answers now, each counted once.
fn bytes_of(draft: &Draft) -> u64 {
    let answers = draft.sections.values().flat_map(|section| section.answers.values());
    let files: BTreeMap<&str, u64> = answers
        .flat_map(|answer| &answer.files)
        .map(|file| (file.digest.as_str(), file.size))
        .collect();
    files.values().fold(0, |sum, size| sum.saturating_add(*size))
}

fn max_files(page: &ReturnPage, key: &SectionKey, question: &str) -> Result<u32, ServiceError> {
    let view = page
        .evaluated
        .sections
        .iter()
        .find(|view| view.key == *key)
        .ok_or(ServiceError::NotFound)?;
    let found = page.form.sections[view.section]
        .questions
        .iter()
        .find(|known| known.id == question);
    match found.map(|known| &known.kind) {
        Some(Kind::File { max_files, .. }) => Ok(*max_files),
        _ => Err(ServiceError::NotFound),
    }
}

fn current(page: &ReturnPage, key: &SectionKey, question: &str) -> Typed {
    page.draft
        .sections
        .get(key)
        .and_then(|section| section.answers.get(question))
        .map(Typed::from)
        .unwrap_or_default()
}

/// Keeps the documents of a question as they now are.
async fn change_files(
    deps: &Deps,
    tx: WriteTx,
    contact: &Contact,
    (key, question): (&SectionKey, &str),
    typed: Typed,
    page: &ReturnPage,
    now: DateTime<Utc>,
) -> Result<ReturnPage, ServiceError> {
    let stored = page.draft.sections.get(key).cloned().unwrap_or_default();
    // Files are added one by one to what stands in the database, so what stands there is what was seen.
    let base = countersign_domain::answers::base_of(&stored);
    let answers = BTreeMap::from([(question.to_owned(), typed)]);
    let merged = merge(&base, &stored, &answers, contact.person.id, now);
    put(deps, tx, contact, key, &merged.section, page, now).await
}

/// Keeps the answer to a reviewer's query.
pub async fn answer_query(
    deps: &Deps,
    contact: &Contact,
    id: QueryId,
    text: &str,
    now: DateTime<Utc>,
) -> Result<ReturnPage, ServiceError> {
    let text = reason("answer", text, "Enter your answer to the reviewer")?;
    let tx = facts::begin(deps, contact.return_id).await?;
    let page = open_page(deps, &tx, contact, now).await?;
    let answer = QueryAnswer {
        text,
        by: contact.person.id,
        at: now,
    };
    match revisions::answer_query(&tx, id, page.ret.id, &answer).await {
        Ok(()) => {}
        Err(StoreError::NotFound { .. }) => return Err(ServiceError::NotFound),
        Err(other) => return Err(other.into()),
    }
    drafts::preparer(&tx, page.ret.id, contact.person.id).await?;
    let body = json!({ "query": id.to_string(), "by": contact.person.id.to_string() });
    record::event(&tx, "answer-query", Some((&page.ret, page.ret.revision)), body, now).await?;
    committed(deps, tx, contact, now).await
}
