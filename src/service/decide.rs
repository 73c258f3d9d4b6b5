//! What every decision of an officer has in common: may they, upon which revision, the new state, and who hears of it.
//!
//! Invariant: asked of the workflow in the transaction that acts, on a return that nobody else changes meanwhile.

use chrono::{DateTime, Utc};
use countersign_domain::ids::ReturnId;
use countersign_domain::returns::Secret;
use countersign_domain::workflow::{Action, State, step};
use serde_json::json;

use super::case::Case;
use super::record::Deed;
use super::{Deps, Officer, ServiceError, agreed, facts, notify, record};
use crate::store::{WriteTx, access, figures, register, returns, revisions};

/// Loads the return and asks the workflow whether this officer may do this to it.
pub(super) async fn decided(
    deps: &Deps,
    tx: &WriteTx,
    officer: &Officer,
    id: ReturnId,
    action: Action,
) -> Result<(Case, State), ServiceError> {
    let case = facts::case(deps, tx, id).await?;
    officer.within(case.fund.id)?;
    let hands = facts::hands(tx, &case.ret).await?;
    match step(
        &case.ret.state,
        action,
        &officer.role(case.fund.id),
        &hands,
        &case.form.stages,
    ) {
        Ok(state) => Ok((case, state)),
        Err(refusal) => Err(facts::titled(tx, case.fund.id, refusal).await?.into()),
    }
}

/// The same, of the revision that the officer has read: a conflict when another has come since.
pub(super) async fn decided_on(
    deps: &Deps,
    tx: &WriteTx,
    officer: &Officer,
    id: ReturnId,
    revision: u32,
    action: Action,
) -> Result<(Case, State), ServiceError> {
    let (case, state) = decided(deps, tx, officer, id, action).await?;
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

/// Gives a revision back to its contacts, who hear why; answers what has been written so far.
pub(super) async fn give_back(
    deps: &Deps,
    officer: &Officer,
    (id, revision): (ReturnId, u32),
    action: Action,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(WriteTx, Case), ServiceError> {
    let tx = facts::begin(deps, id).await?;
    let (mut case, state) = decided_on(deps, &tx, officer, id, revision, action).await?;
    let stage = stage_id(&case);
    change(&tx, &mut case, state).await?;
    let deed = Deed::by(&officer.person, action)
        .in_stage(stage.as_deref())
        .because(why);
    record::act(&tx, &case.ret, deed, now).await?;
    tell_contacts(deps, &tx, &case, officer, why, now).await?;
    Ok((tx, case))
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
        if !people.iter().any(|person| person.id == latest.submitted_by)
            && !notify::taken_back(&links, latest.submitted_by)
        {
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

/// The last stage is done: the revision's figures become the ones that reports read, and its plan the grant's allocations.
pub(super) async fn complete(
    deps: &Deps,
    tx: &WriteTx,
    officer: &Officer,
    case: &mut Case,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let was = case.ret.version;
    case.ret.signed_revision = Some(case.ret.revision);
    returns::update_return(tx, &case.ret, was).await?;
    case.ret.version = was + 1;
    figures::sign_figures(tx, case.ret.id, case.ret.revision).await?;
    agreed::allocate(deps, tx, case, &officer.person, now).await
}
