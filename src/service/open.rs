//! open: on its day, a return becomes a draft and each contact is sent a link.
//!
//! Invariant: state, links, notices and ledger entry of one return in one transaction.

use chrono::{DateTime, Utc};
use countersign_domain::ids::ReturnId;
use countersign_domain::returns::Secret;
use countersign_domain::workflow::{Action, Hands, Role, step};
use serde_json::json;

use super::case::Case;
use super::decide::change;
use super::record::Deed;
use super::{Deps, ServiceError, facts, notify, record};
use crate::store::{WriteTx, returns};

/// The returns that open by today and have not been opened.
pub async fn due(deps: &Deps, now: DateTime<Utc>) -> Result<Vec<ReturnId>, ServiceError> {
    let found = returns::due_to_open(&deps.store.read(), facts::today(now)).await?;
    Ok(found.into_iter().map(|ret| ret.id).collect())
}

/// Opens one return. False when somebody else has opened it meanwhile.
pub async fn open(deps: &Deps, id: ReturnId, now: DateTime<Utc>) -> Result<bool, ServiceError> {
    let tx = facts::begin(deps, id).await?;
    let mut case = facts::case(deps, &tx, id).await?;
    if !opened(deps, &tx, &mut case, "opened", now).await? {
        return Ok(false);
    }
    tx.commit().await?;
    Ok(true)
}

/// Opens a return whose day has come, and writes to its contacts under this duty, which makes one mail for each. False
/// when it is not waiting to be opened.
pub(super) async fn opened(
    deps: &Deps,
    tx: &WriteTx,
    case: &mut Case,
    duty: &str,
    now: DateTime<Utc>,
) -> Result<bool, ServiceError> {
    let Ok(state) = step(
        &case.ret.state,
        Action::Open,
        &Role::Scheduler,
        &Hands::default(),
        &case.form.stages,
    ) else {
        return Ok(false);
    };
    change(tx, case, state).await?;
    let mut written_to = Vec::new();
    for person in notify::contacts(tx, case).await? {
        let link = notify::link_for(deps, tx, case, person.id, now).await?;
        let owed = notify::Owed {
            kind: "opened",
            dedupe: format!("{duty}:{}:{}", case.ret.id, person.id),
            to: &person,
            case: Some(case),
            secret: Secret::Link(link),
            priority: notify::USUAL,
            words: json!({}),
        };
        notify::write(deps, tx, owed, now).await?;
        written_to.push(person.id.to_string());
    }
    let deed = Deed::of(Action::Open).with(json!({ "contacts": written_to }));
    record::act(tx, &case.ret, deed, now).await?;
    Ok(true)
}
