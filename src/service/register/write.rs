//! What is written into the register, and the record that is kept of each change.
//!
//! Invariant: nothing is written without its record; whoever holds an office has a second factor.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{FundId, PersonId};
use countersign_domain::register::{
    Allocation, BudgetLine, Change, Contact, Fund, Grant, Holder, Office, Organisation, Person, Round, Share, Virement,
};

use serde_json::json;

use super::problem::{Changed, ChangedValue};
use super::rows::Owed;
use crate::secrets;
use crate::service::{ServiceError, record};
use crate::store::{Constraint, StoreError, WriteTx, register};

/// The event in the ledger.
pub(super) const EDIT: &str = "edit-register";

/// An entry of a file: its table, and its place in it from 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    pub(super) table: &'static str,
    pub(super) entry: usize,
}

/// An entry as it becomes, with what there was of it.
#[derive(Debug, Clone)]
pub(super) enum Write {
    Organisation(Organisation, Option<Organisation>),
    Person(Person, Option<Person>),
    Fund(Fund, Option<Fund>),
    Round(Round, Option<Round>),
    Share(Share, Option<Share>),
    Office(Office, Option<Office>),
    Holder(Holder, Option<Holder>),
    Grant(Grant, Option<Grant>),
    Allocation(Allocation, Option<Allocation>),
    Line(BudgetLine, Option<BudgetLine>),
    Assignment(Owed, Option<Owed>),
    Virement(Virement, Option<Virement>),
}

/// One change to make, and what is kept of it.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) at: At,
    /// The fund that it belongs to.
    pub(super) fund: Option<FundId>,
    key: String,
    /// What it said before; none of a new entry.
    pub(super) was: Option<String>,
    became: String,
    pub(super) write: Write,
}

impl Step {
    pub(super) fn new(at: At, fund: Option<FundId>, changed: &Changed, new: bool, write: Write) -> Step {
        let (was, became) = said(changed);
        Step {
            at,
            fund,
            key: changed.key.clone(),
            was: (!new).then_some(was),
            became,
            write,
        }
    }

    /// What is committed to in the ledger.
    pub(super) fn told(&self) -> String {
        format!(
            "{}\n{}\n{}\n{}\n",
            self.at.table,
            self.key,
            self.was.as_deref().unwrap_or_default(),
            self.became
        )
    }

    /// Makes the change and keeps its record.
    pub(super) async fn make(
        &self,
        tx: &WriteTx,
        by: Option<PersonId>,
        now: DateTime<Utc>,
    ) -> Result<(), ServiceError> {
        self.write.make(tx).await?;
        let change = Change {
            fund: self.fund,
            person: by,
            at: now,
            entity: self.at.table.to_owned(),
            key: self.key.clone(),
            was: self.was.clone(),
            became: Some(self.became.clone()),
        };
        Ok(register::insert_change(tx, &change).await?)
    }
}

/// What an entry said and says, value by value, in words.
fn said(changed: &Changed) -> (String, String) {
    let words = |of: fn(&ChangedValue) -> &String| {
        let values = changed.values.iter().filter(|value| !of(value).is_empty());
        let words: Vec<String> = values.map(|value| format!("{}: {}", value.column, of(value))).collect();
        words.join("\n")
    };
    (words(|value| &value.was), words(|value| &value.becomes))
}

/// Keeps a change that was made beside the tables of the register, and tells the ledger of it.
pub(super) async fn record_change(
    tx: &WriteTx,
    at: At,
    fund: Option<FundId>,
    changed: &Changed,
    by: PersonId,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let (was, became) = said(changed);
    let change = Change {
        fund,
        person: Some(by),
        at: now,
        entity: at.table.to_owned(),
        key: changed.key.clone(),
        was: Some(was),
        became: Some(became),
    };
    register::insert_change(tx, &change).await?;
    let body = json!({
        "entity": change.entity, "key": change.key, "was": change.was, "became": change.became, "by": by.to_string(),
    });
    record::event(tx, EDIT, None, body, now).await?;
    Ok(())
}

impl Write {
    async fn make(&self, tx: &WriteTx) -> Result<(), ServiceError> {
        match self {
            Write::Organisation(new, None) => register::insert_organisation(tx, new).await?,
            Write::Organisation(new, Some(_)) => register::update_organisation(tx, new).await?,
            Write::Person(new, None) => register::insert_person(tx, new).await.map_err(taken)?,
            Write::Person(new, Some(was)) => register::update_person(tx, new, was).await.map_err(taken)?,
            Write::Fund(new, None) => register::insert_fund(tx, new).await?,
            Write::Fund(new, Some(_)) => register::update_fund(tx, new).await?,
            Write::Round(new, None) => register::insert_round(tx, new).await?,
            Write::Round(new, Some(_)) => register::update_round(tx, new).await?,
            Write::Share(new, None) => register::insert_share(tx, new).await?,
            Write::Share(new, Some(_)) => register::update_share(tx, new).await?,
            Write::Office(new, None) => register::insert_office(tx, new).await?,
            Write::Office(new, Some(_)) => register::update_office(tx, new).await?,
            Write::Holder(new, None) => {
                register::insert_holder(tx, new).await?;
                second_factor(tx, new.person).await?;
            }
            Write::Holder(new, Some(_)) => register::update_holder(tx, new).await?,
            Write::Grant(new, None) => register::insert_grant(tx, new).await?,
            Write::Grant(new, Some(was)) => register::update_grant(tx, new, was).await?,
            Write::Allocation(new, None) => register::insert_allocation(tx, new).await?,
            Write::Allocation(new, Some(was)) => register::update_allocation(tx, new, was).await?,
            Write::Line(new, None) => register::insert_line(tx, new).await?,
            Write::Line(new, Some(_)) => register::update_line(tx, new).await?,
            Write::Assignment(new, was) => assignment(tx, new, was.as_ref()).await?,
            Write::Virement(new, None) => register::insert_virement(tx, new).await?,
            // What was recorded is never rewritten.
            Write::Virement(_, Some(_)) => {}
        }
        Ok(())
    }
}

/// What the tables refuse of a person, in words.
pub(super) fn taken(error: StoreError) -> ServiceError {
    if error.is_duplicate_of(Constraint::PersonAddress) {
        ServiceError::Refused("Somebody else has this address: one address is one person".to_owned())
    } else {
        error.into()
    }
}

/// Whoever holds an office signs in with a second factor.
pub(super) async fn second_factor(tx: &WriteTx, person: PersonId) -> Result<(), ServiceError> {
    if register::get_person(tx, person).await?.totp_secret.is_none() {
        register::set_totp_secret(tx, person, Some(secrets::new_totp_secret())).await?;
    }
    Ok(())
}

async fn assignment(tx: &WriteTx, (new, contacts): &Owed, was: Option<&Owed>) -> Result<(), ServiceError> {
    match was {
        None => register::insert_assignment(tx, new).await?,
        Some((was, _)) if was != new => register::update_assignment(tx, new).await?,
        Some(_) => {}
    }
    let were = was.map_or(&[][..], |(_, contacts)| contacts.as_slice());
    for (person, _) in contacts {
        if !were.iter().any(|(known, _)| known == person) {
            let contact = Contact {
                person: *person,
                assignment: new.id,
                lead: false,
            };
            register::insert_contact(tx, &contact).await?;
        }
    }
    let lead = |of: &[(PersonId, bool)]| of.iter().find(|(_, lead)| *lead).map(|(person, _)| *person);
    if let Some(lead) = lead(contacts).filter(|now| lead(were) != Some(*now)) {
        register::set_lead(tx, new.id, lead).await?;
    }
    Ok(())
}
