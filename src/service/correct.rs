//! reopen, excuse, reinstate, extend: what a commissioner decides about a return outside its usual way.
//!
//! Invariant: each has a reason and a person; nothing that was signed is lost.

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::ids::ReturnId;
use countersign_domain::returns::Secret;
use countersign_domain::workflow::{Action, State};
use serde_json::json;

use super::case::Case;
use super::decide::{change, decided, tell_contacts};
use super::facts::today;
use super::open::opened;
use super::record::Deed;
use super::{Deps, Officer, ServiceError, facts, notify, reason, record};
use crate::store::{WriteTx, notices, returns, signatures};

/// Opens a signed return for a correction: the signed figures stand until the corrected ones are signed.
pub async fn reopen(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let why = reason("reason", why, "Say what is to be corrected")?;
    let tx = facts::begin(deps, id).await?;
    let (mut case, state) = decided(deps, &tx, officer, id, Action::Reopen).await?;
    change(&tx, &mut case, state).await?;
    let deed = Deed::by(&officer.person, Action::Reopen).because(&why);
    record::act(&tx, &case.ret, deed, now).await?;
    signatures::void_signatures(
        &tx,
        id,
        case.ret.revision,
        now,
        &format!("reopened for a correction: {why}"),
    )
    .await?;
    tell_contacts(deps, &tx, &case, officer, &why, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a return out of what is owed, visibly. Nobody is reminded of it any more.
pub async fn excuse(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let why = reason("reason", why, "Say why this return is not owed")?;
    let tx = facts::begin(deps, id).await?;
    let (mut case, state) = decided(deps, &tx, officer, id, Action::Excuse).await?;
    if case.ret.signed_revision.is_some() {
        return Err(ServiceError::Conflict(
            "This return has been signed off, and its figures stand in reports. It can be corrected, not excused."
                .to_owned(),
        ));
    }
    prepared_by_another(&tx, &case, officer).await?;
    change(&tx, &mut case, state).await?;
    let deed = Deed::by(&officer.person, Action::Excuse).because(&why);
    record::act(&tx, &case.ret, deed, now).await?;
    notices::supersede_for_return(&tx, id, &["opened", "reminder", "overdue", "escalation"]).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes an excused return owed again. It opens on its day; where that has come, at once, and its contacts are written to.
pub async fn reinstate(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let why = reason("reason", why, "Say why this return is owed after all")?;
    let tx = facts::begin(deps, id).await?;
    let (mut case, state) = decided(deps, &tx, officer, id, Action::Reinstate).await?;
    prepared_by_another(&tx, &case, officer).await?;
    change(&tx, &mut case, state).await?;
    let deed = Deed::by(&officer.person, Action::Reinstate).because(&why);
    record::act(&tx, &case.ret, deed, now).await?;
    if case.ret.opens_on <= today(now) {
        let duty = format!("reinstated:{}", case.ret.version);
        opened(deps, &tx, &mut case, &duty, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Whoever helped to fill a return in does not decide whether it is owed.
async fn prepared_by_another(tx: &WriteTx, case: &Case, officer: &Officer) -> Result<(), ServiceError> {
    let preparers = facts::hands(tx, &case.ret).await?.preparers;
    if !preparers.contains(&officer.person.id) {
        return Ok(());
    }
    Err(ServiceError::Refused(
        "You helped to prepare this return, so somebody else must decide whether it is owed.".to_owned(),
    ))
}

/// Gives a return a later due date. It closes as many days later.
pub async fn extend(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    due_on: NaiveDate,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let why = reason("reason", why, "Say why more time is given")?;
    let tx = facts::begin(deps, id).await?;
    let mut case = facts::case(deps, &tx, id).await?;
    officer.chases(case.fund.id)?;
    if !matches!(case.ret.state, State::Scheduled | State::Draft) {
        return Err(ServiceError::Conflict(
            "This return has been handed in, so it needs no more time.".to_owned(),
        ));
    }
    if due_on <= case.ret.due_on || due_on < today(now) {
        return Err(ServiceError::field(
            "due_on",
            "The new due date must be after the one it has, and not in the past",
        ));
    }
    let was = (case.ret.due_on, case.ret.version);
    let longer = due_on - was.0;
    case.ret.due_on = due_on;
    case.ret.closes_on += longer;
    returns::update_return(&tx, &case.ret, was.1).await?;
    let body = json!({
        "by": officer.person.id.to_string(), "reason": why, "was": was.0.to_string(), "due_on": due_on.to_string(),
    });
    let act = countersign_domain::returns::Act {
        return_id: id,
        action: "extend".to_owned(),
        stage: None,
        revision: case.ret.revision,
        person: Some(officer.person.id),
        at: now,
        reason: Some(format!(
            "Due {} instead of {}: {why}",
            due_on.format("%-d %B %Y"),
            was.0.format("%-d %B %Y")
        )),
    };
    returns::insert_act(&tx, &act).await?;
    record::event(&tx, "extend", Some((&case.ret, case.ret.revision)), body, now).await?;
    tell_of_more_time(deps, &tx, &case, &why, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Tells the contacts of an open return that they have more time. One that is not open yet tells them when it opens.
async fn tell_of_more_time(
    deps: &Deps,
    tx: &WriteTx,
    case: &Case,
    why: &str,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    if case.ret.state != State::Draft {
        return Ok(());
    }
    for person in notify::contacts(tx, case).await? {
        let owed = notify::Owed {
            kind: "extended",
            dedupe: format!("extended:{}:{}:{}", case.ret.id, case.ret.due_on, person.id),
            to: &person,
            case: Some(case),
            secret: Secret::None,
            priority: notify::USUAL,
            words: json!({ "reason": why }),
        };
        notify::write(deps, tx, owed, now).await?;
    }
    Ok(())
}
