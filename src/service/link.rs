//! link: an officer takes a link back at once, or sends a contact a new one.
//!
//! Invariant: a revoked link and its sessions stop at the next request; what was typed stays.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{LinkId, PersonId, ReturnId};
use countersign_domain::returns::Secret;
use countersign_domain::workflow::State;
use serde_json::json;

use super::{Deps, Officer, ServiceError, facts, notify, reason, record};
use crate::store::{access, register, returns};

/// Begins the key of a notice that an officer asked for by hand.
pub(super) const RESENT: &str = "resend:";

/// Takes a link back.
pub async fn revoke(
    deps: &Deps,
    officer: &Officer,
    id: LinkId,
    why: &str,
    now: DateTime<Utc>,
) -> Result<ReturnId, ServiceError> {
    let why = reason("reason", why, "Say why the link is taken back")?;
    let tx = deps.store.begin().await?;
    let link = access::get_link(&tx, id).await?;
    returns::lock_return(&tx, link.return_id).await?;
    let case = facts::case(deps, &tx, link.return_id).await?;
    officer.chases(case.fund.id)?;
    access::revoke_link(&tx, id, now, &why).await?;
    access::end_sessions_of_link(&tx, id).await?;
    let body = json!({ "link": id.to_string(), "by": officer.person.id.to_string(), "reason": why });
    record::event(&tx, "revoke-link", Some((&case.ret, case.ret.revision)), body, now).await?;
    tx.commit().await?;
    Ok(case.ret.id)
}

/// Sends a contact of the return a new link.
pub async fn resend(
    deps: &Deps,
    officer: &Officer,
    id: ReturnId,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let tx = facts::begin(deps, id).await?;
    let case = facts::case(deps, &tx, id).await?;
    officer.chases(case.fund.id)?;
    if case.ret.state != State::Draft {
        return Err(ServiceError::Conflict(
            "This return is not open to be filled in just now, so no link was sent.".to_owned(),
        ));
    }
    let had_one = access::links_of(&tx, id)
        .await?
        .iter()
        .any(|link| link.person == person);
    let is_contact = register::contacts_of(&tx, case.ret.assignment)
        .await?
        .iter()
        .any(|(_, known)| known.id == person);
    if !had_one && !is_contact {
        return Err(ServiceError::NotFound);
    }
    let person = register::get_person(&tx, person).await?;
    let link = notify::new_link(deps, &tx, &case, person.id, now).await?;
    let late = facts::today(now) > case.ret.due_on;
    let owed = notify::Owed {
        kind: if late { "overdue" } else { "reminder" },
        dedupe: format!("{RESENT}{link}"),
        to: &person,
        case: Some(&case),
        secret: Secret::Link(link),
        priority: notify::AT_ONCE,
        words: json!({}),
    };
    notify::write(deps, &tx, owed, now).await?;
    let body = json!({ "to": person.id.to_string(), "by": officer.person.id.to_string() });
    record::event(&tx, "resend-link", Some((&case.ret, case.ret.revision)), body, now).await?;
    tx.commit().await?;
    Ok(())
}
