//! Who reviews a fund's returns and prepares its papers, and what the register lacks where nobody can.
//!
//! Invariant: whoever is named may do it today; where nobody is, it is said which office is missing or empty.

use chrono::NaiveDate;
use countersign_domain::ids::{FundId, PersonId};
use countersign_domain::workflow::COMMISSIONER;

use super::ServiceError;
use crate::store::{Connection, register};

/// Who reviews a fund's returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reviewers {
    /// Their names, as they took their office, deputies among them.
    These(Vec<String>),
    /// Nobody: the fund has no such office.
    NoOffice,
    /// Nobody: no one holds the office of this title today.
    Vacant(String),
}

/// Those of a fund today.
pub async fn reviewers(conn: &impl Connection, fund: FundId, today: NaiveDate) -> Result<Reviewers, ServiceError> {
    let offices = register::offices_of_fund(conn, fund).await?;
    let Some(office) = offices.into_iter().find(|office| office.key == COMMISSIONER) else {
        return Ok(Reviewers::NoOffice);
    };
    let holders = register::holders_of_office(conn, fund, COMMISSIONER).await?;
    let mut people: Vec<PersonId> = Vec::new();
    for holder in holders.iter().filter(|holder| holder.holds_on(today)) {
        if !people.contains(&holder.person) {
            people.push(holder.person);
        }
    }
    let mut names = Vec::with_capacity(people.len());
    for person in people {
        names.push(register::get_person(conn, person).await?.name);
    }
    Ok(match names.is_empty() {
        true => Reviewers::Vacant(office.title),
        false => Reviewers::These(names),
    })
}

impl Reviewers {
    /// Why nobody can do what they alone may, and what to do about it; none where somebody can.
    pub fn why_nobody(&self) -> Option<String> {
        const ALONE: &str = "so nobody can chase its returns, reopen them or prepare its papers";
        match self {
            Reviewers::These(_) => None,
            Reviewers::NoOffice => Some(format!(
                "This fund has no office ‘{COMMISSIONER}’, {ALONE}. Whoever runs the server imports it into the register: a \
                 row of ‘office’ with that key, and a row of ‘holder’ for each person who holds it."
            )),
            Reviewers::Vacant(title) => Some(format!(
                "Nobody holds this fund’s office ‘{title}’ today, {ALONE}. Whoever runs the server imports who holds it into \
                 the register: a row of ‘holder’ with the office ‘{COMMISSIONER}’ for each person."
            )),
        }
    }
}
