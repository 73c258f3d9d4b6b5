//! submit: refuses while an error stands or a warning is unexplained; then writes an immutable, numbered revision.
//!
//! Invariant: revision, figures, state, ledger leaf and receipts in one transaction; posted twice, it is one submission.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use countersign_domain::answers::evaluate;
use countersign_domain::answers::{RevisionMeta, document};
use countersign_domain::form::schema::StageKind;
use countersign_domain::ids::ReturnId;
use countersign_domain::ledger::{Digest, canonical::canonical};
use countersign_domain::returns::{Revision, Secret};
use countersign_domain::workflow::{Action, State, step};
use serde_json::json;

use super::case::Case;
use super::facts::Answered;
use super::provider::{self, ReturnPage};
use super::record::Deed;
use super::{Contact, Deps, ServiceError, facts, notify, record};
use crate::store::{WriteTx, drafts, figures, register, returns, revisions};

/// What the submitter is told.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// What people quote.
    pub reference: String,
    /// The revision's number.
    pub revision: u32,
    /// Its digest.
    pub digest: Digest,
    /// False when this was a repeat of a submission already made.
    pub first: bool,
}

/// Why nothing was submitted.
pub enum SubmitError {
    /// Errors stand or warnings are unexplained: the page shows them.
    Blocked(Box<ReturnPage>),
    /// The answers are not the ones that were shown: somebody changed them meanwhile. The page shows them as they stand.
    Changed(Box<ReturnPage>),
    /// Anything else.
    Service(ServiceError),
}

impl<E: Into<ServiceError>> From<E> for SubmitError {
    fn from(error: E) -> Self {
        SubmitError::Service(error.into())
    }
}

/// Submits the contact's return as it stands. `seen` is the [`ReturnPage::print`] of the answers that they were shown.
pub async fn submit(deps: &Deps, contact: &Contact, seen: &str, now: DateTime<Utc>) -> Result<Submitted, SubmitError> {
    let tx = facts::begin(deps, contact.return_id).await?;
    let mut answered = facts::answered(deps, &tx, contact.return_id).await?;
    if let Some(repeat) = repeated(&tx, contact, &answered.case).await? {
        return Ok(repeat);
    }
    let hands = facts::hands(&tx, &answered.case.ret).await?;
    let case = &answered.case;
    let state = step(
        &case.ret.state,
        Action::Submit,
        &contact.role(),
        &hands,
        &case.form.stages,
    )
    .map_err(ServiceError::from)?;
    let page = provider::page(deps, &tx, contact, now).await?;
    if !page.editable {
        return Err(
            ServiceError::Conflict("This return has closed. Ask the commissioner for more time.".to_owned()).into(),
        );
    }
    answered.evaluated = evaluate(&case.form, &case.register, &answered.draft);
    if page.print() != seen {
        return Err(SubmitError::Changed(Box::new(page)));
    }
    if !answered.evaluated.ready() {
        return Err(SubmitError::Blocked(Box::new(page)));
    }
    match write(deps, &tx, contact, &mut answered, state, now).await {
        Ok(submitted) => {
            tx.commit().await?;
            Ok(submitted)
        }
        // Somebody was quicker: perhaps the same person, whose button was pressed twice.
        Err(conflict @ ServiceError::Conflict(_)) => {
            tx.rollback().await?;
            let tx = deps.store.begin().await?;
            let case = facts::case(deps, &tx, contact.return_id).await?;
            repeated(&tx, contact, &case)
                .await?
                .ok_or(SubmitError::Service(conflict))
        }
        Err(other) => Err(other.into()),
    }
}

/// A second post of the same submission: nothing has changed since this person's own.
async fn repeated(tx: &WriteTx, contact: &Contact, case: &Case) -> Result<Option<Submitted>, ServiceError> {
    if case.ret.revision == 0
        || !matches!(
            case.ret.state,
            State::InReview(_) | State::InSignOff(_) | State::SignedOff
        )
    {
        return Ok(None);
    }
    let latest = revisions::get_revision(tx, case.ret.id, case.ret.revision).await?;
    Ok((latest.submitted_by == contact.person.id).then(|| Submitted {
        reference: case.ret.reference.clone(),
        revision: latest.number,
        digest: latest.digest,
        first: false,
    }))
}

async fn write(
    deps: &Deps,
    tx: &WriteTx,
    contact: &Contact,
    answered: &mut Answered,
    state: State,
    now: DateTime<Utc>,
) -> Result<Submitted, ServiceError> {
    let case = &mut answered.case;
    let was = case.ret.version;
    case.ret.revision += 1;
    case.ret.state = state;
    case.ret.first_submitted_at.get_or_insert(now);
    let meta = RevisionMeta {
        return_id: case.ret.id,
        number: case.ret.revision,
        submitted_by: contact.person.id,
        submitted_at: now,
        reason: reason_for_another(tx, case).await?,
    };
    let value = document(&case.form, &case.register, &answered.draft, &answered.evaluated, &meta);
    let text = canonical(&value).map_err(ServiceError::internal)?;
    let digest = Digest::of(text.as_bytes());
    returns::update_return(tx, &case.ret, was).await?;
    drafts::preparer(tx, case.ret.id, contact.person.id).await?;
    let revision = Revision {
        return_id: case.ret.id,
        number: case.ret.revision,
        document: text,
        digest,
        submitted_by: contact.person.id,
        submitted_at: now,
    };
    revisions::insert_revision(tx, &revision).await?;
    let subjects: BTreeMap<String, figures::Subject> = case
        .allocations
        .iter()
        .map(|allocation| {
            let subject = figures::Subject {
                allocation: allocation.id,
                provider: allocation.provider,
            };
            (allocation.key.clone(), subject)
        })
        .collect();
    figures::insert_figures(tx, &case.ret, revision.number, &answered.evaluated.figures, &subjects).await?;
    let more = json!({ "digest": digest.to_string() });
    let deed = Deed::by(&contact.person, Action::Submit).with(more);
    record::act(tx, &case.ret, deed, now).await?;
    receipts(deps, tx, contact, case, &revision, now).await?;
    tell_next(deps, tx, case, now).await?;
    Ok(Submitted {
        reference: case.ret.reference.clone(),
        revision: revision.number,
        digest,
        first: true,
    })
}

async fn receipts(
    deps: &Deps,
    tx: &WriteTx,
    contact: &Contact,
    case: &Case,
    revision: &Revision,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let next_words = match &case.ret.state {
        State::InReview(_) => "It is now with a reviewer. If anything is unclear, you will be sent an email.",
        State::InSignOff(_) => "It is now waiting for a signature.",
        _ => "Nothing more is needed.",
    };
    let mut people = notify::contacts(tx, case).await?;
    if !people.iter().any(|person| person.id == contact.person.id) {
        people.push(contact.person.clone());
    }
    for person in people {
        let owed = notify::Owed {
            kind: "receipt",
            dedupe: format!("receipt:{}:{}:{}", case.ret.id, revision.number, person.id),
            to: &person,
            case: Some(case),
            secret: Secret::None,
            priority: notify::USUAL,
            words: json!({
                "revision": revision.number.to_string(),
                "submitted_by": contact.person.name,
                "submitted_at_words": notify::moment(now),
                "digest": revision.digest.to_string(),
                "next_words": next_words,
            }),
        };
        notify::write(deps, tx, owed, now).await?;
    }
    Ok(())
}

/// Tells whoever has come to hold the office since the return entered its stage: a deputy whose dates have begun.
/// Those who know are not told twice. Answers how many were told.
pub async fn tell_new_holders(deps: &Deps, id: ReturnId, now: DateTime<Utc>) -> Result<u32, ServiceError> {
    let tx = facts::begin(deps, id).await?;
    let case = facts::case(deps, &tx, id).await?;
    let told = tell_next(deps, &tx, &case, now).await?;
    if told > 0 {
        tx.commit().await?;
    }
    Ok(told)
}

/// Tells whoever is next: the holders of the office of the stage that the return has entered.
pub(super) async fn tell_next(deps: &Deps, tx: &WriteTx, case: &Case, now: DateTime<Utc>) -> Result<u32, ServiceError> {
    let (State::InReview(at) | State::InSignOff(at)) = case.ret.state else {
        return Ok(0);
    };
    let Some(stage) = case.form.stages.get(at) else {
        return Ok(0);
    };
    let mut told = 0;
    let kind = match stage.kind {
        StageKind::Review => "awaiting-review",
        StageKind::SignOff => "awaiting-signature",
    };
    let submitted_by = match case.ret.revision {
        0 => String::new(),
        number => {
            let latest = revisions::get_revision(tx, case.ret.id, number).await?;
            register::get_person(tx, latest.submitted_by).await?.name
        }
    };
    let accepted_by = returns::acts_of(tx, case.ret.id)
        .await?
        .into_iter()
        .rfind(|act| act.action == Action::Accept.name())
        .and_then(|act| act.person);
    let reviewer = match accepted_by {
        Some(person) => register::get_person(tx, person).await?.name,
        None => "nobody yet".to_owned(),
    };
    for (holder, person) in notify::holders(tx, case, &stage.by, now).await? {
        let owed = notify::Owed {
            kind,
            dedupe: format!(
                "{kind}:{}:{}:{}:{}",
                case.ret.id, case.ret.revision, stage.id, person.id
            ),
            to: &person,
            case: Some(case),
            secret: Secret::None,
            priority: notify::USUAL,
            words: json!({
                "office_title": holder.office_title,
                "revision": case.ret.revision.to_string(),
                "officer": person.name,
                "reviewer": reviewer,
                "submitted_by": submitted_by,
                "office_url": format!("{}/office/returns/{}", deps.base_url, case.ret.id),
            }),
        };
        told += u32::from(notify::write(deps, tx, owed, now).await?);
    }
    Ok(told)
}

/// Why there is another revision: what the return was sent back, declined or reopened for.
async fn reason_for_another(tx: &WriteTx, case: &Case) -> Result<Option<String>, ServiceError> {
    let acts = returns::acts_of(tx, case.ret.id).await?;
    Ok(acts
        .into_iter()
        .rev()
        .find(|act| matches!(act.action.as_str(), "send-back" | "decline" | "reopen"))
        .and_then(|act| act.reason))
}
