//! sign in: an officer's way to the office: a mailed code, then a second factor that is not that mailbox.
//!
//! Invariant: a known and an unknown address get the same answer; a code is good once, for ten minutes, five tries.

use chrono::{DateTime, Duration, Utc};
use countersign_domain::register::{Person, address_key};
use countersign_domain::returns::{Secret, SessionKind, SignInCode};
use serde_json::json;
use uuid::Uuid;

use super::enter::looks_like_an_address;
use super::facts::today;
use super::{Deps, ServiceError, notify, one_line, session};
use crate::secrets;
use crate::store::{Connection, access, register};

/// How long a code is good, in minutes.
pub const CODE_MINUTES: i64 = 10;
/// Tries at one code.
const TRIES: i32 = 5;
/// Codes mailed to one address in an hour.
const CODES_AN_HOUR: u64 = 3;
/// Tries at a second factor in ten minutes.
const FACTOR_TRIES: u64 = 5;

/// Mails a code to whoever holds an office today and has this address. Says nothing of whether anybody does.
pub async fn request_code(deps: &Deps, address: &str, peer_ip: &str, now: DateTime<Utc>) -> Result<(), ServiceError> {
    let address = one_line(address);
    if !looks_like_an_address(&address) {
        return Err(ServiceError::field(
            "address",
            "Enter an email address, like name@example.org",
        ));
    }
    let tx = deps.store.begin().await?;
    let (subject, peer) = (
        secrets::token_digest(&address_key(&address)),
        secrets::token_digest(peer_ip),
    );
    let hour_ago = now - Duration::hours(1);
    if access::attempts_since(&tx, "code-peer", &peer, hour_ago).await? >= 30 {
        return Err(ServiceError::TooMany { retry_minutes: 60 });
    }
    access::insert_attempt(&tx, "code-peer", &peer, now).await?;
    // More than three an hour are not mailed, to spare the mailbox; the page says the same either way. Those are not
    // counted either, or whoever keeps asking would never be mailed again.
    let may_be_mailed = access::attempts_since(&tx, "code", &subject, hour_ago).await? < CODES_AN_HOUR;
    if may_be_mailed {
        access::insert_attempt(&tx, "code", &subject, now).await?;
    }
    if may_be_mailed && let Some(person) = officer_at(&tx, &address, now).await? {
        let code = SignInCode {
            id: Uuid::new_v4().into(),
            person: person.id,
            issued_at: now,
            expires_at: now + Duration::minutes(CODE_MINUTES),
            tries: 0,
            used_at: None,
        };
        access::insert_code(&tx, &code).await?;
        let owed = notify::Owed {
            kind: "sign-in-code",
            dedupe: format!("code:{}", code.id),
            to: &person,
            case: None,
            secret: Secret::Code(code.id),
            priority: notify::AT_ONCE,
            words: json!({ "minutes": CODE_MINUTES.to_string() }),
        };
        notify::write(deps, &tx, owed, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn officer_at(conn: &impl Connection, address: &str, now: DateTime<Utc>) -> Result<Option<Person>, ServiceError> {
    let Some(person) = register::person_by_address(conn, address).await? else {
        return Ok(None);
    };
    let today = today(now);
    let holds = register::holders_of_person(conn, person.id)
        .await?
        .iter()
        .any(|holder| holder.holds_on(today));
    Ok(holds.then_some(person))
}

const WRONG_CODE: &str =
    "That code is not right, or it has run out. Check the latest email from us, or ask for a new code";

/// Takes a mailed code; answers the cookie of a session that still lacks its second factor.
pub async fn check_code(
    deps: &Deps,
    address: &str,
    code: &str,
    peer_ip: &str,
    now: DateTime<Utc>,
) -> Result<String, ServiceError> {
    let typed: String = code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if typed.is_empty() {
        return Err(ServiceError::field("code", "Enter the code from the email"));
    }
    let tx = deps.store.begin().await?;
    let peer = secrets::token_digest(peer_ip);
    if access::attempts_since(&tx, "code-try", &peer, now - Duration::hours(1)).await? >= 60 {
        return Err(ServiceError::TooMany { retry_minutes: 60 });
    }
    access::insert_attempt(&tx, "code-try", &peer, now).await?;
    if let Some(person) = officer_at(&tx, &one_line(address), now).await? {
        register::lock_person(&tx, person.id).await?;
        for live in access::live_codes(&tx, person.id, now).await? {
            if live.tries >= TRIES {
                continue;
            }
            if deps.secrets.is_code(live.id, &typed) {
                if access::use_code(&tx, live.id, now).await? {
                    // Whoever has the mailbox asked for it: only codes that nobody uses count as too many.
                    let subject = secrets::token_digest(&address_key(&person.email));
                    access::forget_attempts_of(&tx, "code", &subject).await?;
                    let kind = SessionKind::Office { second_factor: false };
                    let token = session::start(&tx, person.id, kind, now).await?;
                    tx.commit().await?;
                    return Ok(token);
                }
            } else {
                access::count_try(&tx, live.id).await?;
            }
        }
    }
    tx.commit().await?;
    Err(ServiceError::field("code", WRONG_CODE))
}

/// Takes the second factor; answers the cookie of a new, full session in place of the old.
pub async fn second_factor(
    deps: &Deps,
    cookie_token: &str,
    totp: &str,
    now: DateTime<Utc>,
) -> Result<String, ServiceError> {
    let tx = deps.store.begin().await?;
    let digest = secrets::token_digest(cookie_token);
    let Some(half) = access::find_session(&tx, &digest).await? else {
        return Err(ServiceError::NotFound);
    };
    let SessionKind::Office { .. } = half.kind else {
        return Err(ServiceError::NotFound);
    };
    let person = register::get_person(&tx, half.person).await?;
    match use_totp(&tx, &person, totp, now).await {
        Ok(()) => {
            access::end_session(&tx, &digest).await?;
            let kind = SessionKind::Office { second_factor: true };
            let token = session::start(&tx, person.id, kind, now).await?;
            tx.commit().await?;
            Ok(token)
        }
        Err(error) => {
            tx.commit().await?;
            Err(error)
        }
    }
}

/// What is said of an authenticator's code that was not typed.
pub const NO_FACTOR: &str = "Enter the six-digit code that your authenticator shows now";

/// Uses up a code of the person's authenticator. The caller commits either way: a wrong try is counted.
///
/// Errors: a field problem for a wrong, used or missing code; too many tries after five in ten minutes.
pub async fn use_totp(
    tx: &crate::store::WriteTx,
    person: &Person,
    totp: &str,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let typed: String = totp.chars().filter(|c| !c.is_whitespace()).collect();
    if typed.is_empty() {
        return Err(ServiceError::field("totp", NO_FACTOR));
    }
    register::lock_person(tx, person.id).await?;
    let subject = person.id.to_string();
    let tries = access::attempts_since(tx, "totp", &subject, now - Duration::minutes(10)).await?;
    if tries >= FACTOR_TRIES {
        return Err(ServiceError::TooMany { retry_minutes: 10 });
    }
    let Some(secret) = &person.totp_secret else {
        return Err(ServiceError::Refused(
            "You have no authenticator set up. Whoever runs this server can set one up for you.".to_owned(),
        ));
    };
    if let Some(step) = secrets::totp_matching_step(secret, &typed, now) {
        if register::use_totp_step(tx, person.id, step).await? {
            return Ok(());
        }
        access::insert_attempt(tx, "totp", &subject, now).await?;
        return Err(ServiceError::field(
            "totp",
            "That code has been used. Wait for your authenticator to show the next one",
        ));
    }
    access::insert_attempt(tx, "totp", &subject, now).await?;
    Err(ServiceError::field(
        "totp",
        "That code is not right. Enter the six-digit code that your authenticator shows now",
    ))
}
