//! The contacts of an assignment: added, replaced when somebody has left, and which of them leads.
//!
//! Invariant: an assignment always has a contact; whoever has left is let in no more, and whoever comes is mailed a link to
//! what is open, in the same transaction.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{AssignmentId, PersonId};
use countersign_domain::register::{Assignment, Contact, Person};
use uuid::Uuid;

use super::assignments::fund_of;
use super::people::{mail_link, open_returns};
use super::{begin, shown_of};
use crate::service::enter::looks_like_an_address;
use crate::service::register::file::{AssignmentRow, Row};
use crate::service::register::problem::{Changed, ChangedValue};
use crate::service::register::write::At;
use crate::service::register::write::{record_change, taken};
use crate::service::{Deps, FieldProblem, Officer, ServiceError, one_line};
use crate::store::{WriteTx, access, register, returns};

/// Who is to be a contact: somebody known by their address, or a new person of the organisation that owes the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewContact {
    /// Name; of somebody who is known already, theirs stays.
    pub name: String,
    /// Address.
    pub email: String,
}

/// The contacts of an assignment, the lead first.
///
/// # Errors
/// A refusal for whoever does not review the fund's returns.
pub async fn show(
    deps: &Deps,
    officer: &Officer,
    id: AssignmentId,
) -> Result<(Assignment, Vec<(Contact, Person)>), ServiceError> {
    let read = deps.store.read();
    shown_of(deps, officer, fund_of(&read, id).await?).await?;
    let assignment = register::get_assignment(&read, id).await?;
    Ok((assignment, register::contacts_of(&read, id).await?))
}

/// Adds a contact, who is mailed a link to every return of the assignment that is open.
///
/// # Errors
/// Every problem with a field: somebody who is a contact already, among them.
pub async fn add_contact(
    deps: &Deps,
    officer: &Officer,
    id: AssignmentId,
    fields: &NewContact,
    now: DateTime<Utc>,
) -> Result<PersonId, ServiceError> {
    let tx = begin(deps, officer, fund_of(&deps.store.read(), id).await?).await?;
    let assignment = register::get_assignment(&tx, id).await?;
    let person = bring_in(deps, &tx, &assignment, fields, now).await?;
    let change = value("contacts", "", &person.email);
    record(&tx, officer, &assignment, vec![change], now).await?;
    tx.commit().await?;
    Ok(person.id)
}

/// Puts somebody in the place of a contact who has left: the links of the one are taken back, the other is mailed a link
/// to every return of the assignment that is open, and leads where the one led.
///
/// # Errors
/// Every problem with a field; [`ServiceError::NotFound`] when the one is no contact.
pub async fn replace_contact(
    deps: &Deps,
    officer: &Officer,
    (id, leaving): (AssignmentId, PersonId),
    fields: &NewContact,
    now: DateTime<Utc>,
) -> Result<PersonId, ServiceError> {
    let tx = begin(deps, officer, fund_of(&deps.store.read(), id).await?).await?;
    let assignment = register::get_assignment(&tx, id).await?;
    let contacts = register::contacts_of(&tx, id).await?;
    let left = contacts.into_iter().find(|(contact, _)| contact.person == leaving);
    let (contact, left) = left.ok_or(ServiceError::NotFound)?;
    let person = bring_in(deps, &tx, &assignment, fields, now).await?;
    register::delete_contact(&tx, id, leaving).await?;
    let mut changes = vec![value("contacts", &left.email, &person.email)];
    if contact.lead {
        register::set_lead(&tx, id, person.id).await?;
        changes.push(value("lead", &left.email, &person.email));
    }
    let why = format!("{} is no longer a contact", left.name);
    for ret in returns::returns_of_grant(&tx, assignment.grant).await? {
        if ret.assignment != id {
            continue;
        }
        for link in access::links_of(&tx, ret.id).await? {
            if link.person == leaving && access::revoke_link(&tx, link.id, now, &why).await? {
                access::end_sessions_of_link(&tx, link.id).await?;
            }
        }
    }
    record(&tx, officer, &assignment, changes, now).await?;
    tx.commit().await?;
    Ok(person.id)
}

/// Makes a contact the lead, who is told when a return is overdue.
///
/// # Errors
/// [`ServiceError::NotFound`] when they are no contact of the assignment.
pub async fn set_lead(
    deps: &Deps,
    officer: &Officer,
    id: AssignmentId,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let tx = begin(deps, officer, fund_of(&deps.store.read(), id).await?).await?;
    let assignment = register::get_assignment(&tx, id).await?;
    let contacts = register::contacts_of(&tx, id).await?;
    let email = |wanted: &dyn Fn(&Contact) -> bool| {
        let found = contacts.iter().find(|(contact, _)| wanted(contact));
        found.map(|(_, person)| person.email.clone())
    };
    let next = email(&|contact| contact.person == person).ok_or(ServiceError::NotFound)?;
    let was = email(&|contact| contact.lead).unwrap_or_default();
    if was == next {
        return Ok(());
    }
    register::set_lead(&tx, id, person).await?;
    record(&tx, officer, &assignment, vec![value("lead", &was, &next)], now).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes somebody a contact and mails them a link to what is open.
async fn bring_in(
    deps: &Deps,
    tx: &WriteTx,
    assignment: &Assignment,
    fields: &NewContact,
    now: DateTime<Utc>,
) -> Result<Person, ServiceError> {
    let (name, email) = (one_line(&fields.name), one_line(&fields.email));
    let known = register::person_by_address(tx, &email).await?;
    let mut problems = Vec::new();
    let mut problem = |field: &str, message: &str| {
        problems.push(FieldProblem {
            field: field.to_owned(),
            message: message.to_owned(),
        });
    };
    if known.is_none() && (name.is_empty() || name.chars().count() > 300) {
        problem("name", "Enter the contact’s name, in 300 characters or fewer");
    }
    if !looks_like_an_address(&email) {
        problem("email", "Enter an email address, like name@example.org");
    }
    let contacts = register::contacts_of(tx, assignment.id).await?;
    if let Some(known) = &known
        && contacts.iter().any(|(contact, _)| contact.person == known.id)
    {
        problem("email", "They are a contact already");
    }
    if !problems.is_empty() {
        return Err(ServiceError::Invalid(problems));
    }
    let person = match known {
        Some(known) => known,
        None => {
            let new = Person {
                id: Uuid::new_v4().into(),
                name,
                email,
                organisation: assignment.organisation,
                totp_secret: None,
                totp_last_step: None,
            };
            register::insert_person(tx, &new).await.map_err(taken)?;
            new
        }
    };
    let contact = Contact {
        person: person.id,
        assignment: assignment.id,
        lead: false,
    };
    register::insert_contact(tx, &contact).await?;
    for ret in open_returns(tx, assignment).await? {
        mail_link(deps, tx, &ret, &person, now).await?;
    }
    Ok(person)
}

fn value(column: &'static str, was: &str, becomes: &str) -> ChangedValue {
    ChangedValue {
        column,
        was: was.to_owned(),
        becomes: becomes.to_owned(),
    }
}

/// Keeps what was changed of the contacts, in the register's record and in the ledger.
async fn record(
    tx: &WriteTx,
    officer: &Officer,
    of: &Assignment,
    values: Vec<ChangedValue>,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let grant = register::get_grant(tx, of.grant).await?;
    let organisation = register::get_organisation(tx, of.organisation).await?.key;
    let at = At {
        table: AssignmentRow::TABLE,
        entry: 0,
    };
    let changed = Changed {
        table: at.table,
        entry: at.entry,
        key: format!("{} {} {organisation} {}", of.form, grant.reference, of.from),
        values,
    };
    record_change(tx, at, Some(grant.fund), &changed, officer.person.id, now).await
}
