//! session: who is behind a cookie.
//!
//! Invariant: the cookie's token is not stored, only its digest; a revoked link ends its sessions at the next request.

use chrono::{DateTime, Duration, Utc};
use countersign_domain::ids::PersonId;
use countersign_domain::register::Person;
use countersign_domain::returns::{Session, SessionKind};

use super::facts::today;
use super::{Contact, Deps, Officer, ServiceError};
use crate::secrets;
use crate::store::{StoreError, WriteTx, access, register};

/// How long a provider's session lasts after its last use, in hours.
const PROVIDER_HOURS: i64 = 12;
/// How long an office session lasts after its last use, in minutes.
const OFFICE_MINUTES: i64 = 60;
/// The longest that any session lasts, in hours.
const LONGEST_HOURS: i64 = 24;

/// Who is behind a session.
#[derive(Debug, Clone)]
pub struct SessionView {
    /// The row.
    pub session: Session,
    /// Who.
    pub person: Person,
    /// Set for a session through a link.
    pub contact: Option<Contact>,
    /// Set for a session at the office.
    pub officer: Option<Officer>,
}

/// Finds the session of a cookie; None when there is none, it has run out, or its link was revoked.
pub async fn find(deps: &Deps, cookie_token: &str, now: DateTime<Utc>) -> Result<Option<SessionView>, ServiceError> {
    let read = deps.store.read();
    let digest = secrets::token_digest(cookie_token);
    let Some(session) = access::find_session(&read, &digest).await? else {
        return Ok(None);
    };
    if session.expires_at <= now || session.seen_at + idle(session.kind) <= now {
        return Ok(None);
    }
    let person = register::get_person(&read, session.person).await?;
    let (mut contact, mut officer) = (None, None);
    match session.kind {
        SessionKind::Provider(link) => {
            let link = access::get_link(&read, link).await?;
            if link.revoked.is_some() || link.expires_at <= now {
                return Ok(None);
            }
            contact = Some(Contact {
                person: person.clone(),
                link: link.id,
                return_id: link.return_id,
            });
        }
        SessionKind::Office { second_factor } => {
            let today = today(now);
            let holders = register::holders_of_person(&read, person.id).await?;
            let holders = holders.into_iter().filter(|holder| holder.holds_on(today)).collect();
            officer = Some(Officer {
                person: person.clone(),
                holders,
                second_factor,
            });
        }
    }
    // Whoever has a session keeps it while the disk is full or the database is busy: otherwise the page that says so,
    // with what they typed, could not be shown.
    if now - session.seen_at > Duration::minutes(1)
        && let Err(error) = touch(deps, &digest, now).await
    {
        tracing::warn!(%error, "the last use of a session was not kept");
    }
    Ok(Some(SessionView {
        session,
        person,
        contact,
        officer,
    }))
}

async fn touch(deps: &Deps, digest: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let tx = deps.store.begin().await?;
    access::touch_session(&tx, digest, now).await?;
    tx.commit().await
}

fn idle(kind: SessionKind) -> Duration {
    match kind {
        SessionKind::Provider(_) => Duration::hours(PROVIDER_HOURS),
        SessionKind::Office { .. } => Duration::minutes(OFFICE_MINUTES),
    }
}

/// Starts a session in a transaction; answers the cookie's token, which is nowhere else.
pub async fn start(
    tx: &WriteTx,
    person: PersonId,
    kind: SessionKind,
    now: DateTime<Utc>,
) -> Result<String, ServiceError> {
    let token = secrets::session_token();
    let session = Session {
        digest: secrets::token_digest(&token),
        person,
        kind,
        csrf: secrets::session_token(),
        started_at: now,
        seen_at: now,
        expires_at: now + Duration::hours(LONGEST_HOURS),
    };
    access::insert_session(tx, &session).await?;
    Ok(token)
}

/// Ends the session of a cookie.
pub async fn end(deps: &Deps, cookie_token: &str) -> Result<(), ServiceError> {
    let tx = deps.store.begin().await?;
    access::end_session(&tx, &secrets::token_digest(cookie_token)).await?;
    tx.commit().await?;
    Ok(())
}
