//! The register as its officers read it: one fund with everything of it, and who else there is to choose from.
//!
//! Invariant: shown to nobody but those who review the fund's returns; of other funds, only what the reader reviews too.

use std::collections::BTreeSet;

use countersign_domain::ids::{AllocationId, AssignmentId, FundId, GrantId, OrganisationId, PersonId};
use countersign_domain::register::{
    Allocation, Assignment, BudgetLine, Contact, Fund, Grant, Holder, Office, Organisation, Person, Round, Virement,
};
use countersign_domain::returns::Return;
use countersign_domain::workflow::State;

use super::export::named;
use super::file::RegisterFile;
use super::known::Known;
use super::{export, reviews};
use crate::service::{Deps, Officer, ServiceError};
use crate::store::{forms, register};

/// A fund with everything of it.
#[derive(Debug, Clone)]
pub struct FundRegister {
    /// The fund.
    pub fund: Fund,
    /// Its rounds, by first day.
    pub rounds: Vec<Round>,
    /// Its offices.
    pub offices: Vec<Office>,
    /// Who ever held or will hold one, by first day.
    pub holders: Vec<Holder>,
    /// Its grants.
    pub grants: Vec<Grant>,
    /// The allocations of its grants, in their order.
    pub allocations: Vec<Allocation>,
    /// The budget lines of those, in their order.
    pub lines: Vec<BudgetLine>,
    /// Who owes which form.
    pub assignments: Vec<Assignment>,
    /// Who is written to about it.
    pub contacts: Vec<Contact>,
    /// The virements of its grants.
    pub virements: Vec<Virement>,
    /// The returns of its grants.
    pub returns: Vec<Return>,
    /// The organisations of the funds that the reader reviews, and those of no fund, by name.
    pub organisations: Vec<Organisation>,
    /// The people of the funds that the reader reviews, and those of no fund, by name.
    pub people: Vec<Person>,
    /// The published forms: id and title.
    pub forms: Vec<(String, String)>,
}

impl FundRegister {
    /// A grant of the fund.
    pub fn grant(&self, id: GrantId) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.id == id)
    }

    /// An allocation of one of its grants.
    pub fn allocation(&self, id: AllocationId) -> Option<&Allocation> {
        self.allocations.iter().find(|allocation| allocation.id == id)
    }

    /// An organisation's name.
    pub fn organisation(&self, id: OrganisationId) -> &str {
        let found = self.organisations.iter().find(|known| known.id == id);
        found.map_or("", |known| &known.name)
    }

    /// Somebody.
    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.people.iter().find(|known| known.id == id)
    }

    /// A form's title.
    pub fn form<'a>(&'a self, id: &'a str) -> &'a str {
        let found = self.forms.iter().find(|(known, _)| known == id);
        found.map_or(id, |(_, title)| title)
    }

    /// The return of an assignment that is due next and has not been handed in.
    pub fn next_return(&self, of: AssignmentId) -> Option<&Return> {
        let waits = |ret: &&Return| ret.assignment == of && matches!(ret.state, State::Scheduled | State::Draft);
        self.returns.iter().filter(waits).min_by_key(|ret| ret.due_on)
    }
}

/// The funds whose register an officer looks after, by title.
///
/// # Errors
/// A refusal for whoever reviews the returns of none.
pub async fn funds(deps: &Deps, officer: &Officer) -> Result<Vec<Fund>, ServiceError> {
    reviews(officer)?;
    let read = deps.store.read();
    let mut funds = Vec::new();
    for id in reviewed(officer) {
        funds.push(register::get_fund(&read, id).await?);
    }
    funds.sort_by(|one, other| one.title.cmp(&other.title));
    Ok(funds)
}

fn reviewed(officer: &Officer) -> BTreeSet<FundId> {
    let held = officer.holders.iter().map(|held| held.fund);
    held.filter(|fund| officer.chases(*fund).is_ok()).collect()
}

/// One fund with everything of it.
///
/// # Errors
/// [`ServiceError::NotFound`] for whoever is no officer of the fund; a refusal for who does not review its returns.
pub async fn fund(deps: &Deps, officer: &Officer, id: FundId) -> Result<FundRegister, ServiceError> {
    officer.chases(id)?;
    let read = deps.store.read();
    let mut known = Known::of_everybody(&read).await?;
    let reviewed = reviewed(officer);
    for fund in &reviewed {
        known.add_fund(&read, *fund).await?;
    }
    let (mut organisations, mut people) = named(&known, &reviewed);
    organisations.extend(register::organisations_of_no_fund(&read).await?);
    let alone = register::people_of_no_fund(&read).await?;
    let theirs = |person: &&Person| alone.contains(&person.id) && organisations.contains(&person.organisation);
    people.extend(known.people.iter().filter(theirs).map(|person| person.id));
    Ok(FundRegister {
        forms: published(deps, &read).await?,
        ..of(&known, id, &organisations, &people).ok_or(ServiceError::NotFound)?
    })
}

async fn published(deps: &Deps, conn: &impl crate::store::Connection) -> Result<Vec<(String, String)>, ServiceError> {
    let ids: BTreeSet<String> = forms::all_forms(conn).await?.into_iter().map(|form| form.id).collect();
    let mut all = Vec::new();
    for id in ids {
        if let Some(form) = deps.forms.latest(conn, &id).await? {
            all.push((id, form.title.en.clone()));
        }
    }
    Ok(all)
}

fn of(
    known: &Known,
    id: FundId,
    organisations: &BTreeSet<OrganisationId>,
    people: &BTreeSet<PersonId>,
) -> Option<FundRegister> {
    let fund = known.funds.by_id(id)?.clone();
    let grants: Vec<Grant> = known.grants.iter().filter(|grant| grant.fund == id).cloned().collect();
    let ours: BTreeSet<GrantId> = grants.iter().map(|grant| grant.id).collect();
    let allocations = known.allocations.iter().filter(|of| ours.contains(&of.grant));
    let allocations: Vec<Allocation> = allocations.cloned().collect();
    let parts: BTreeSet<AllocationId> = allocations.iter().map(|of| of.id).collect();
    let assignments = known.assignments.iter().filter(|of| ours.contains(&of.grant));
    let assignments: Vec<Assignment> = assignments.cloned().collect();
    let owed: BTreeSet<AssignmentId> = assignments.iter().map(|of| of.id).collect();
    let mut organisations: Vec<Organisation> = known
        .organisations
        .iter()
        .filter(|of| organisations.contains(&of.id))
        .cloned()
        .collect();
    organisations.sort_by_key(|of| of.name.to_lowercase());
    let mut people: Vec<Person> = known
        .people
        .iter()
        .filter(|of| people.contains(&of.id))
        .cloned()
        .collect();
    people.sort_by_key(|of| of.name.to_lowercase());
    Some(FundRegister {
        rounds: known.rounds.iter().filter(|of| of.fund == id).cloned().collect(),
        offices: known.offices.iter().filter(|of| of.fund == id).cloned().collect(),
        holders: known.holders.iter().filter(|of| of.fund == id).cloned().collect(),
        lines: known
            .lines
            .iter()
            .filter(|of| parts.contains(&of.allocation))
            .cloned()
            .collect(),
        contacts: known
            .contacts
            .iter()
            .filter(|of| owed.contains(&of.assignment))
            .cloned()
            .collect(),
        virements: known
            .virements
            .iter()
            .filter(|of| ours.contains(&of.grant))
            .cloned()
            .collect(),
        returns: ours
            .iter()
            .flat_map(|grant| known.returns_of(*grant))
            .cloned()
            .collect(),
        forms: Vec::new(),
        fund,
        grants,
        allocations,
        assignments,
        organisations,
        people,
    })
}

/// The register of one fund, or of all that an officer looks after, in the shape in which it is imported.
///
/// # Errors
/// As [`fund`] and [`funds`].
pub async fn exported(deps: &Deps, officer: &Officer, fund: Option<FundId>) -> Result<RegisterFile, ServiceError> {
    let mut funds = funds(deps, officer).await?;
    if let Some(only) = fund {
        officer.chases(only)?;
        funds.retain(|fund| fund.id == only);
    }
    let keys: Vec<String> = funds.into_iter().map(|fund| fund.key).collect();
    export(&deps.store.read(), &keys).await
}
