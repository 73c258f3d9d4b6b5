//! review: a reviewer's queries against questions, then accept or send back.
//!
//! Invariant: each names the revision that was read; if another has come meanwhile, nothing is done.

use chrono::{DateTime, Utc};
use countersign_domain::answers::types::SectionKey;
use countersign_domain::ids::ReturnId;
use countersign_domain::returns::Query;
use countersign_domain::workflow::{Action, State};
use serde_json::json;
use uuid::Uuid;

use super::decide::{change, complete, decided_on, give_back, stage_id};
use super::decisions::Decided;
use super::record::Deed;
use super::{Deps, Officer, ServiceError, decisions, facts, reason, record, submit};
use crate::store::revisions;

/// What a reviewer asks, as the form sends it.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// The revision that was shown.
    pub revision: u32,
    /// The section of the answer.
    pub section: &'a SectionKey,
    /// The question that it answers.
    pub question: &'a str,
    /// What is asked about it.
    pub text: &'a str,
}

/// Asks about an answer. The provider sees it beside the question once the return is sent back.
pub async fn query(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    asking: Asking<'_>,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let Asking {
        revision,
        section,
        question,
        text,
    } = asking;
    let text = reason("text", text, "Enter what you want to ask")?;
    let tx = facts::begin(deps, id).await?;
    let (case, _) = decided_on(deps, &tx, officer, id, revision, Action::Query).await?;
    let answered = facts::answered(deps, &tx, id).await?;
    let asked = answered.evaluated.sections.iter().find(|view| view.key == *section);
    if !asked.is_some_and(|view| view.questions.iter().any(|known| known.id == question)) {
        return Err(ServiceError::NotFound);
    }
    // Pressed twice, it is one query.
    let known = revisions::queries_of(&tx, id).await?;
    if known.iter().any(|known| {
        known.revision == revision
            && known.section == *section
            && known.question == question
            && known.text == text
            && known.asked_by == officer.person.id
    }) {
        return Ok(());
    }
    let query = Query {
        id: Uuid::new_v4().into(),
        return_id: id,
        revision,
        section: section.clone(),
        question: question.to_owned(),
        text: text.clone(),
        asked_by: officer.person.id,
        asked_at: now,
        answer: None,
    };
    revisions::insert_query(&tx, &query).await?;
    let stage = stage_id(&case);
    let more = json!({ "section": section.0, "question": question, "text": text });
    let deed = Deed::by(&officer.person, Action::Query)
        .in_stage(stage.as_deref())
        .with(more);
    record::act(&tx, &case.ret, deed, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives the return back to its contacts, with the reason and the queries of this revision.
pub async fn send_back(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    revision: u32,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let why = reason("reason", why, "Say what needs to change")?;
    let (tx, _) = give_back(deps, officer, (id, revision), Action::SendBack, &why, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Is satisfied with a revision, having decided on the rows that this stage decides on: it goes to the next stage.
pub async fn accept(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    revision: u32,
    decided: &[Decided],
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let tx = facts::begin(deps, id).await?;
    let (mut case, state) = decided_on(deps, &tx, officer, id, revision, Action::Accept).await?;
    let stage = stage_id(&case);
    let (taken, problems) = decisions::taken(deps, &tx, &case, stage.as_deref(), decided).await?;
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    change(&tx, &mut case, state).await?;
    let told = decisions::write(&tx, &case, stage.as_deref(), officer, taken, now).await?;
    let mut deed = Deed::by(&officer.person, Action::Accept).in_stage(stage.as_deref());
    if !told.is_empty() {
        deed = deed.with(json!({ "decisions": told }));
    }
    record::act(&tx, &case.ret, deed, now).await?;
    if case.ret.state == State::SignedOff {
        complete(deps, &tx, officer, &mut case, now).await?;
    }
    submit::tell_next(deps, &tx, &case, now).await?;
    tx.commit().await?;
    Ok(())
}
