//! enter: from a mailed link, by a fact that a mail scanner lacks, to a session.
//!
//! Invariant: the token alone opens nothing; a GET asks nothing of the database.

use chrono::{DateTime, Duration, Utc};
use countersign_domain::register::{Person, address_key};
use countersign_domain::returns::{Secret, SessionKind};
use countersign_domain::workflow::State;
use serde_json::json;
use uuid::Uuid;

use super::{Contact, Deps, ServiceError, facts, notify, one_line, record, session};
use crate::secrets;
use crate::store::{StoreError, access, register};

/// Wrong addresses allowed for one link from one peer in an hour. By peer, so that a mail scanner that posts forms
/// does not lock out the person whose link it is.
const TRIES_AN_HOUR: u64 = 5;
/// Wrong addresses allowed for one link in an hour, from everywhere.
const TRIES_AT_A_LINK: u64 = 200;
/// Wrong tries allowed from one peer in an hour: some offices share one address.
const TRIES_A_PEER: u64 = 40;

/// A session begun.
#[derive(Debug)]
pub struct Entered {
    /// For the cookie.
    pub cookie_token: String,
}

/// What is said of every link that does not open, whatever the cause.
const NO: &str = "This link and address do not go together, or the link has run out. \
    Check that you typed the address that the email was sent to. \
    If it still does not open, ask whoever sent it for a new link.";

/// Opens a link for whoever knows the address that it was sent to.
pub async fn enter(
    deps: &Deps,
    token: &str,
    address: &str,
    peer_ip: &str,
    now: DateTime<Utc>,
) -> Result<Entered, ServiceError> {
    let digest = secrets::token_digest(token);
    let address = one_line(address);
    if !address.contains('@') {
        return Err(ServiceError::field(
            "address",
            "Enter the email address that the link was sent to, like name@example.org",
        ));
    }
    let tx = deps.store.begin().await?;
    let hour_ago = now - Duration::hours(1);
    let peer = secrets::token_digest(peer_ip);
    let pair = secrets::token_digest(&format!("{digest} {peer}"));
    if access::attempts_since(&tx, "enter", &pair, hour_ago).await? >= TRIES_AN_HOUR
        || access::attempts_since(&tx, "enter-link", &digest, hour_ago).await? >= TRIES_AT_A_LINK
        || access::attempts_since(&tx, "enter-peer", &peer, hour_ago).await? >= TRIES_A_PEER
    {
        return Err(ServiceError::TooMany { retry_minutes: 60 });
    }
    if let Some(link) = access::find_link(&tx, &digest).await? {
        let person = register::get_person(&tx, link.person).await?;
        let same = address_key(&person.email) == address_key(&address);
        if same && link.revoked.is_none() && link.expires_at > now {
            let cookie_token = session::start(&tx, person.id, SessionKind::Provider(link.id), now).await?;
            tx.commit().await?;
            return Ok(Entered { cookie_token });
        }
    }
    access::insert_attempt(&tx, "enter", &pair, now).await?;
    access::insert_attempt(&tx, "enter-link", &digest, now).await?;
    access::insert_attempt(&tx, "enter-peer", &peer, now).await?;
    tx.commit().await?;
    Err(ServiceError::Refused(NO.to_owned()))
}

/// Mails a colleague a link of their own, so that every act carries its person.
pub async fn colleague(
    deps: &Deps,
    contact: &Contact,
    name: &str,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let (name, address) = (one_line(name), one_line(address));
    let mut problems = Vec::new();
    if name.is_empty() || name.chars().count() > 100 {
        problems.push(super::FieldProblem {
            field: "name".to_owned(),
            message: "Enter your colleague’s name, in 100 characters or fewer".to_owned(),
        });
    }
    if !looks_like_an_address(&address) {
        problems.push(super::FieldProblem {
            field: "address".to_owned(),
            message: "Enter an email address, like name@example.org".to_owned(),
        });
    }
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    let tx = facts::begin(deps, contact.return_id).await?;
    let case = facts::case(deps, &tx, contact.return_id).await?;
    if case.ret.state != State::Draft {
        return Err(ServiceError::Conflict(
            "This return is not open to be filled in just now.".to_owned(),
        ));
    }
    let sender = contact.person.id.to_string();
    if access::attempts_since(&tx, "colleague", &sender, now - Duration::hours(1)).await? >= 3 {
        return Err(ServiceError::TooMany { retry_minutes: 60 });
    }
    access::insert_attempt(&tx, "colleague", &sender, now).await?;
    let person = match register::person_by_address(&tx, &address).await? {
        Some(known) => known,
        None => {
            let person = Person {
                id: Uuid::new_v4().into(),
                name,
                email: address,
                organisation: contact.person.organisation,
                totp_secret: None,
                totp_last_step: None,
            };
            // Somebody else has just added the same address: the second press finds them.
            register::insert_person(&tx, &person)
                .await
                .map_err(|error| match error {
                    StoreError::Duplicate { .. } => StoreError::Conflict { what: "person" },
                    other => other,
                })?;
            person
        }
    };
    if notify::taken_back(&access::links_of(&tx, case.ret.id).await?, person.id) {
        return Err(ServiceError::field(
            "address",
            format!(
                "The link of this person was taken back. Ask {} for a new one",
                deps.contact_line
            ),
        ));
    }
    let link = notify::link_for(deps, &tx, &case, person.id, now).await?;
    let owed = notify::Owed {
        kind: "colleague-link",
        dedupe: format!("colleague:{link}:{}", now.timestamp_micros()),
        to: &person,
        case: Some(&case),
        secret: Secret::Link(link),
        priority: notify::AT_ONCE,
        words: json!({ "from_name": contact.person.name }),
    };
    notify::write(deps, &tx, owed, now).await?;
    let body = json!({ "from": contact.person.id.to_string(), "to": person.id.to_string() });
    record::event(&tx, "colleague", Some((&case.ret, case.ret.revision)), body, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether mail could go there: one @, something before it, a dot after it, no spaces.
pub fn looks_like_an_address(address: &str) -> bool {
    let Some((local, host)) = address.split_once('@') else {
        return false;
    };
    !local.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !host.contains('@')
        && address.len() <= 254
        && address
            .chars()
            .all(|c| !c.is_whitespace() && !matches!(c, '<' | '>' | ',' | ';' | '"' | '(' | ')'))
}
