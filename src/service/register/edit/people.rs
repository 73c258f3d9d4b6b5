//! People: added, and given another name, address or organisation.
//!
//! Invariant: whoever holds an office is changed only by those who review the returns of every fund in which they hold
//! one; a new address ends what was begun from the old one.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{FundId, OrganisationId, PersonId};
use countersign_domain::register::{Person, address_key};
use countersign_domain::returns::{Return, Secret};
use countersign_domain::workflow::State;

use super::{Adding, Edited, Shown, add, fund_for_person, stamp};
use crate::service::enter::looks_like_an_address;
use crate::service::register::file::PersonRow;
use crate::service::register::known::one;
use crate::service::register::problem::{Changed, differences};
use crate::service::register::write::{At, EDIT, Step, Write};
use crate::service::register::{apply, file::Row, may_edit_person, reviews};
use crate::service::{Deps, FieldProblem, Officer, ServiceError, facts, notify, one_line};
use crate::store::{Connection, StoreError, WriteTx, access, register, returns};

/// A person as they stand.
///
/// # Errors
/// [`ServiceError::NotFound`] when the officer does not look after them.
pub async fn show(deps: &Deps, officer: &Officer, id: PersonId) -> Result<Shown<PersonRow>, ServiceError> {
    let read = deps.store.read();
    let person = theirs(&read, officer, id).await?;
    Ok(Shown::of(row(&read, &person).await?))
}

async fn theirs(conn: &impl Connection, officer: &Officer, id: PersonId) -> Result<Person, ServiceError> {
    reviews(officer)?;
    let person = register::get_person(conn, id).await?;
    if may_edit_person(conn, officer, &person).await? {
        Ok(person)
    } else {
        Err(ServiceError::NotFound)
    }
}

async fn row(conn: &impl Connection, of: &Person) -> Result<PersonRow, ServiceError> {
    Ok(PersonRow {
        key: None,
        name: of.name.clone(),
        email: of.email.clone(),
        organisation: register::get_organisation(conn, of.organisation).await?.key,
    })
}

/// Adds a person, on the pages of a fund.
///
/// # Errors
/// Every problem with a field: an address that somebody has already, among them.
pub async fn add_person(
    deps: &Deps,
    officer: &Officer,
    fund: FundId,
    fields: &PersonRow,
    now: DateTime<Utc>,
) -> Result<PersonId, ServiceError> {
    let row = PersonRow {
        key: None,
        ..fields.clone()
    };
    match add(
        deps,
        officer,
        Adding {
            fund,
            row,
            key: "email",
        },
        now,
    )
    .await?
    {
        (Write::Person(new, _), _) => Ok(new.id),
        (other, _) => Err(ServiceError::internal(format!(
            "a person was to be added, not {other:?}"
        ))),
    }
}

/// Changes a person. With another address, their sessions end, and for each return that is open they are mailed a link at
/// the new one: the links that went to the old one open only for who types the new.
///
/// # Errors
/// Every problem with a field; a conflict when somebody else changed them since they were shown.
pub async fn change_person(
    deps: &Deps,
    officer: &Officer,
    id: PersonId,
    typed: &Shown<PersonRow>,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let tx = deps.store.begin().await?;
    register::lock_person(&tx, id).await?;
    let was = theirs(&tx, officer, id).await?;
    let shown = row(&tx, &was).await?;
    if stamp(&shown) != typed.stamp {
        return Err(StoreError::Conflict { what: "person" }.into());
    }
    let (name, email, organisation) = checked(&tx, &typed.fields).await?;
    let new = Person {
        name,
        email,
        organisation,
        ..was.clone()
    };
    if new == was {
        return Ok(Edited::default());
    }
    let becomes = row(&tx, &new).await?;
    let changed = Changed {
        table: PersonRow::TABLE,
        entry: 0,
        key: address_key(&was.email),
        values: differences(PersonRow::TABLE, Some(&shown.cells()), &becomes.cells()),
    };
    let at = At {
        table: PersonRow::TABLE,
        entry: 0,
    };
    let fund = fund_for_person(&tx, officer, id).await?;
    let moved = address_key(&was.email) != address_key(&new.email);
    let step = Step::new(at, fund, &changed, false, Write::Person(new.clone(), Some(was)));
    let written = apply(&tx, EDIT, &[step], Some(officer.person.id), now).await;
    written.map_err(|error| match error {
        ServiceError::Refused(why) => ServiceError::field("email", why),
        other => other,
    })?;
    if moved {
        access::end_sessions_of_person(&tx, id).await?;
        mail_again(deps, &tx, &new, now).await?;
    }
    tx.commit().await?;
    Ok(Edited {
        changed: true,
        warnings: Vec::new(),
    })
}

/// What was typed of a person, or everything that is wrong with it.
async fn checked(conn: &impl Connection, typed: &PersonRow) -> Result<(String, String, OrganisationId), ServiceError> {
    let mut problems = Vec::new();
    let mut problem = |field: &str, message: String| {
        problems.push(FieldProblem {
            field: field.to_owned(),
            message,
        });
    };
    let (name, email) = (one_line(&typed.name), one_line(&typed.email));
    if name.is_empty() || name.chars().count() > 300 {
        problem("name", "Enter the person’s name, in 300 characters or fewer".to_owned());
    }
    if !looks_like_an_address(&email) {
        problem("email", "Enter an email address, like name@example.org".to_owned());
    }
    let organisation = register::organisation_by_key(conn, &one(&typed.organisation)).await?;
    if organisation.is_none() {
        problem("organisation", "Select the organisation where they work".to_owned());
    }
    match organisation {
        Some(organisation) if problems.is_empty() => Ok((name, email, organisation.id)),
        _ => Err(ServiceError::Invalid(problems)),
    }
}

/// Mails a person their way into each return of theirs that is open.
async fn mail_again(deps: &Deps, tx: &WriteTx, person: &Person, now: DateTime<Utc>) -> Result<(), ServiceError> {
    for assignment in register::assignments_of_contact(tx, person.id).await? {
        for ret in open_returns(tx, &assignment).await? {
            mail_link(deps, tx, &ret, person, now).await?;
        }
    }
    Ok(())
}

/// The returns of an assignment that are open to be filled in.
pub(super) async fn open_returns(
    conn: &impl Connection,
    of: &countersign_domain::register::Assignment,
) -> Result<Vec<Return>, ServiceError> {
    let all = returns::returns_of_grant(conn, of.grant).await?;
    Ok(all
        .into_iter()
        .filter(|ret| ret.assignment == of.id && ret.state == State::Draft)
        .collect())
}

/// Mails a person a new link to an open return, as when it opened.
pub(super) async fn mail_link(
    deps: &Deps,
    tx: &WriteTx,
    ret: &Return,
    person: &Person,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    returns::lock_return(tx, ret.id).await?;
    let case = facts::case(deps, tx, ret.id).await?;
    if case.ret.state != State::Draft {
        return Ok(());
    }
    let link = notify::new_link(deps, tx, &case, person.id, now).await?;
    let owed = notify::Owed {
        kind: "opened",
        dedupe: format!("opened:{}:{}:{link}", case.ret.id, person.id),
        to: person,
        case: Some(&case),
        secret: Secret::Link(link),
        priority: notify::AT_ONCE,
        words: serde_json::json!({}),
    };
    notify::write(deps, tx, owed, now).await?;
    Ok(())
}
