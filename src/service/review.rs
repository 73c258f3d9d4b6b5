//! review: a reviewer's queries against questions, then accept or send back.
//!
//! Invariant: each names the revision that was read; if another has come meanwhile, nothing is done.

use chrono::{DateTime, Utc};
use countersign_domain::answers::types::SectionKey;
use countersign_domain::ids::ReturnId;
use countersign_domain::returns::{Query, Secret};
use countersign_domain::workflow::{Action, State, step};
use serde_json::json;
use uuid::Uuid;

use super::facts::Case;
use super::{Deps, Officer, ServiceError, facts, notify, reason, record, submit};
use crate::store::{WriteTx, access, register, returns, revisions};

/// Asks about an answer. The provider sees it beside the question once the return is sent back.
#[allow(clippy::too_many_arguments, reason = "each is a thing of its own that the reviewer's form sends")]
pub async fn query(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    revision: u32,
    section: &SectionKey,
    question: &str,
    text: &str,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let text = reason("text", text, "Enter what you want to ask")?;
    let tx = facts::begin(deps, id).await?;
    let (case, _) = decide(deps, &tx, officer, id, revision, Action::Query).await?;
    let answered = facts::answered(deps, &tx, id).await?;
    let asked = answered.evaluated.sections.iter().find(|view| view.key == *section);
    if !asked.is_some_and(|view| view.questions.iter().any(|known| known.id == question)) {
        return Err(ServiceError::NotFound);
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
    record::act(&tx, &case.ret, Action::Query, stage.as_deref(), Some(&officer.person), None, more, now).await?;
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
    let tx = facts::begin(deps, id).await?;
    let (mut case, state) = decide(deps, &tx, officer, id, revision, Action::SendBack).await?;
    let stage = stage_id(&case);
    change(&tx, &mut case, state).await?;
    record::act(&tx, &case.ret, Action::SendBack, stage.as_deref(), Some(&officer.person), Some(&why), json!({}), now)
        .await?;
    tell_contacts(deps, &tx, &case, officer, &why, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Is satisfied with a revision: it goes to the next stage.
pub async fn accept(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    revision: u32,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let tx = facts::begin(deps, id).await?;
    let (mut case, state) = decide(deps, &tx, officer, id, revision, Action::Accept).await?;
    let stage = stage_id(&case);
    change(&tx, &mut case, state).await?;
    record::act(&tx, &case.ret, Action::Accept, stage.as_deref(), Some(&officer.person), None, json!({}), now)
        .await?;
    if case.ret.state == State::SignedOff {
        super::sign::complete(&tx, &mut case).await?;
    }
    submit::tell_next(deps, &tx, &case, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Loads the return and asks the workflow whether this officer may do this to this revision.
pub(super) async fn decide(
    deps: &Deps,
    tx: &WriteTx,
    officer: &Officer,
    id: ReturnId,
    revision: u32,
    action: Action,
) -> Result<(Case, State), ServiceError> {
    let case = facts::case(deps, tx, id).await?;
    officer.within(case.fund.id)?;
    let hands = facts::hands(tx, &case.ret).await?;
    let state = match step(&case.ret.state, action, &officer.role(case.fund.id), &hands, &case.form.stages) {
        Ok(state) => state,
        Err(refusal) => return Err(facts::titled(tx, case.fund.id, refusal).await?.into()),
    };
    if case.ret.revision != revision {
        return Err(ServiceError::Conflict(format!(
            "You were looking at revision {revision}, and revision {} has come in since. Read that one first.",
            case.ret.revision
        )));
    }
    Ok((case, state))
}

/// Writes the new state, guarded by the version that was read.
pub(super) async fn change(tx: &WriteTx, case: &mut Case, state: State) -> Result<(), ServiceError> {
    let was = case.ret.version;
    case.ret.state = state;
    returns::update_return(tx, &case.ret, was).await?;
    case.ret.version = was + 1;
    Ok(())
}

/// The id of the stage in which the return stands.
pub(super) fn stage_id(case: &Case) -> Option<String> {
    match case.ret.state {
        State::InReview(at) | State::InSignOff(at) => case.form.stages.get(at).map(|stage| stage.id.clone()),
        State::Scheduled | State::Draft | State::SignedOff | State::Excused => None,
    }
}

/// Mails the contacts, and whoever submitted, that the return is theirs again.
pub(super) async fn tell_contacts(
    deps: &Deps,
    tx: &WriteTx,
    case: &Case,
    officer: &Officer,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let answered = facts::answered(deps, tx, case.ret.id).await?;
    let queries: Vec<_> = revisions::queries_of(tx, case.ret.id)
        .await?
        .into_iter()
        .filter(|query| query.answer.is_none())
        .map(|query| {
            let label = answered
                .evaluated
                .sections
                .iter()
                .find(|view| view.key == query.section)
                .and_then(|view| {
                    let asked = view.questions.iter().find(|known| known.id == query.question)?;
                    Some(format!("{}: {}", view.title, asked.label))
                })
                .unwrap_or_else(|| query.question.clone());
            json!({ "question": label, "text": query.text })
        })
        .collect();
    let mut people = notify::contacts(tx, case).await?;
    if case.ret.revision > 0 {
        let latest = revisions::get_revision(tx, case.ret.id, case.ret.revision).await?;
        let links = access::links_of(tx, case.ret.id).await?;
        if !people.iter().any(|person| person.id == latest.submitted_by) && !notify::taken_back(&links, latest.submitted_by) {
            people.push(register::get_person(tx, latest.submitted_by).await?);
        }
    }
    for person in people {
        let link = notify::link_for(deps, tx, case, person.id, now).await?;
        let owed = notify::Owed {
            kind: "sent-back",
            dedupe: format!("sent-back:{}:{}:{}", case.ret.id, now.timestamp_micros(), person.id),
            to: &person,
            case: Some(case),
            secret: Secret::Link(link),
            priority: notify::USUAL,
            words: json!({ "reason": why, "reviewer": officer.person.name, "queries": queries }),
        };
        notify::write(deps, tx, owed, now).await?;
    }
    Ok(())
}
