//! people: a name, an address, the office that they hold from today, and the second factor that goes with it.
//!
//! Invariant: one address is one person; whoever holds an office has a second factor.

use chrono::{DateTime, Utc};
use countersign_domain::register::{Holder, Person};
use serde_json::json;
use uuid::Uuid;

use super::enter::looks_like_an_address;
use super::facts::today;
use super::{Deps, Officer, ServiceError, one_line, record};
use crate::secrets;
use crate::store::{access, register};

/// A person to add by hand.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// The key of their organisation.
    pub organisation: String,
    /// The fund's key and the office's key, to hold from today.
    pub office: Option<(String, String)>,
    /// Whether they hold it as a deputy.
    pub deputy: bool,
}

/// Somebody who acts from the command line, with the offices they hold today. Whoever runs the server answers for who that is.
///
/// # Errors
/// [`ServiceError::Refused`] when nobody has the address.
pub async fn officer(deps: &Deps, email: &str, now: DateTime<Utc>) -> Result<Officer, ServiceError> {
    let read = deps.store.read();
    let person = register::person_by_address(&read, email)
        .await?
        .ok_or_else(|| ServiceError::Refused(format!("nobody has the address “{email}”")))?;
    let holders = register::holders_of_person(&read, person.id).await?;
    Ok(Officer {
        person,
        holders: holders
            .into_iter()
            .filter(|holder| holder.holds_on(today(now)))
            .collect(),
        second_factor: true,
    })
}

/// Adds a person, or gives a known one an office; answers the authenticator's address where they hold an office.
pub async fn add_person(deps: &Deps, new: &NewPerson, now: DateTime<Utc>) -> Result<Option<String>, ServiceError> {
    let tx = deps.store.begin().await?;
    if !looks_like_an_address(&new.email) {
        return Err(ServiceError::Refused(format!(
            "“{}” is not an email address",
            new.email
        )));
    }
    if one_line(&new.name).is_empty() {
        return Err(ServiceError::Refused(
            "a person needs a name: it is what they sign with".to_owned(),
        ));
    }
    let organisation = register::organisation_by_key(&tx, &new.organisation)
        .await?
        .ok_or_else(|| {
            ServiceError::Refused(format!("there is no organisation with the key “{}”", new.organisation))
        })?;
    let person = match register::person_by_address(&tx, &new.email).await? {
        Some(known) => known,
        None => {
            let person = Person {
                id: Uuid::new_v4().into(),
                name: one_line(&new.name),
                email: new.email.clone(),
                organisation: organisation.id,
                totp_secret: None,
                totp_last_step: None,
            };
            register::insert_person(&tx, &person).await?;
            person
        }
    };
    let mut uri = None;
    if let Some((fund, key)) = &new.office {
        let no_such = |what: &str, key: &str| ServiceError::Refused(format!("there is no {what} with the key “{key}”"));
        let fund = register::fund_by_key(&tx, fund)
            .await?
            .ok_or_else(|| no_such("fund", fund))?;
        let offices = register::offices_of_fund(&tx, fund.id).await?;
        let office = offices
            .into_iter()
            .find(|office| office.key == *key)
            .ok_or_else(|| no_such("office", key))?;
        let secret = match person.totp_secret {
            Some(secret) => secret,
            None => {
                let secret = secrets::new_totp_secret();
                register::set_totp_secret(&tx, person.id, Some(secret.clone())).await?;
                secret
            }
        };
        let holder = Holder {
            office: office.id,
            office_key: office.key,
            office_title: office.title,
            fund: fund.id,
            person: person.id,
            from: super::facts::today(now),
            to: None,
            deputy: new.deputy,
        };
        let today = holder.from;
        let holds =
            |known: &Holder| known.office == holder.office && known.deputy == holder.deputy && known.holds_on(today);
        if !register::holders_of_person(&tx, person.id).await?.iter().any(holds) {
            register::insert_holder(&tx, &holder).await?;
        }
        uri = Some(secrets::totp_uri(&secret, &person.email));
    }
    let body = json!({ "person": person.id.to_string(), "office": new.office.as_ref().map(|(_, key)| key) });
    record::event(&tx, "add-person", None, body, now).await?;
    tx.commit().await?;
    Ok(uri)
}

/// Gives a known person a new second factor, in place of one that was lost or never handed over; answers its address.
pub async fn new_authenticator(deps: &Deps, email: &str, now: DateTime<Utc>) -> Result<String, ServiceError> {
    let tx = deps.store.begin().await?;
    let person = register::person_by_address(&tx, email)
        .await?
        .ok_or_else(|| ServiceError::Refused(format!("nobody in the register has the address “{email}”")))?;
    let secret = secrets::new_totp_secret();
    register::set_totp_secret(&tx, person.id, Some(secret.clone())).await?;
    access::end_sessions_of_person(&tx, person.id).await?;
    record::event(
        &tx,
        "new-authenticator",
        None,
        json!({ "person": person.id.to_string() }),
        now,
    )
    .await?;
    tx.commit().await?;
    Ok(secrets::totp_uri(&secret, &person.email))
}
