//! chase: notes by hand what was done to get a return in: a phone call, a visit.
//!
//! Invariant: a note is an act of the return's history like any other, and is never changed.

use chrono::{DateTime, Utc};
use countersign_domain::ids::ReturnId;
use countersign_domain::returns::Act;
use serde_json::json;

use super::{Deps, Officer, ServiceError, facts, reason, record};
use crate::store::returns;

/// The name of the act.
pub const CHASE: &str = "chase";

/// Notes a chase.
pub async fn note_chase(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    text: &str,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let text = reason(
        "text",
        text,
        "Say what you did, for example: rang the manager, who will send it on Friday",
    )?;
    let tx = facts::begin(deps, id).await?;
    let case = facts::case(deps, &tx, id).await?;
    officer.chases(case.fund.id)?;
    // Pressed twice, it is one chase.
    let just_noted = returns::acts_of(&tx, id).await?.into_iter().any(|act| {
        act.action == CHASE
            && act.person == Some(officer.person.id)
            && act.reason.as_deref() == Some(&text)
            && now - act.at < chrono::Duration::minutes(5)
    });
    if just_noted {
        return Ok(());
    }
    let act = Act {
        return_id: id,
        action: CHASE.to_owned(),
        stage: None,
        revision: case.ret.revision,
        person: Some(officer.person.id),
        at: now,
        reason: Some(text.clone()),
    };
    returns::insert_act(&tx, &act).await?;
    let body = json!({ "by": officer.person.id.to_string(), "text": text });
    record::event(&tx, CHASE, Some((&case.ret, case.ret.revision)), body, now).await?;
    tx.commit().await?;
    Ok(())
}
