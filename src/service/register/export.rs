//! export: the register of some funds in the shape in which it is read.
//!
//! Invariant: what is exported and read again changes nothing.

use std::collections::BTreeSet;

use countersign_domain::ids::{FundId, OrganisationId, PersonId};

use super::file::RegisterFile;
use super::known::Known;
use super::{one, rows};
use crate::service::ServiceError;
use crate::store::Connection;

/// The register of the funds with these keys, with every organisation and person that it names.
///
/// # Errors
/// When there is no such fund, in words; when the database cannot be read.
pub async fn export(conn: &impl Connection, funds: &[String]) -> Result<RegisterFile, ServiceError> {
    let mut known = Known::of_everybody(conn).await?;
    let mut wanted = Vec::new();
    for key in funds {
        match known.funds.get(&one(key)) {
            Some(fund) => wanted.push(fund.id),
            None => return Err(ServiceError::Refused(format!("There is no fund “{key}”."))),
        }
    }
    for fund in wanted.iter().collect::<BTreeSet<_>>() {
        known.add_fund(conn, *fund).await?;
    }
    Ok(written(&known, &wanted.into_iter().collect()))
}

fn written(known: &Known, funds: &BTreeSet<FundId>) -> RegisterFile {
    let mut file = RegisterFile::default();
    let within = |fund: &FundId| funds.contains(fund);
    let (organisations, people) = named(known, funds);
    let organisations = known.organisations.iter().filter(|of| organisations.contains(&of.id));
    file.organisation = organisations.map(|of| rows::organisation(of, known)).collect();
    let people = known.people.iter().filter(|of| people.contains(&of.id));
    file.person = people.map(|of| rows::person(of, known)).collect();
    for fund in known.funds.iter().filter(|fund| within(&fund.id)) {
        file.fund.push(rows::fund(fund, known));
        for (key, title) in &fund.priorities {
            let of = (fund.key.clone(), key.clone(), title.clone());
            file.priority.push(rows::priority(&of, known));
        }
    }
    // Below a fund only what was asked for has been read.
    file.round = known.rounds.iter().map(|of| rows::round(of, known)).collect();
    file.share = known.shares.iter().map(|of| rows::share(of, known)).collect();
    file.office = known.offices.iter().map(|of| rows::office(of, known)).collect();
    file.holder = known.holders.iter().map(|of| rows::holder(of, known)).collect();
    let grants = known.grants.iter().filter(|grant| within(&grant.fund));
    file.grant = grants.map(|of| rows::grant(of, known)).collect();
    file.allocation = known.allocations.iter().map(|of| rows::allocation(of, known)).collect();
    file.line = known.lines.iter().map(|of| rows::line(of, known)).collect();
    for assignment in known.assignments.iter() {
        let contacts = known
            .contacts
            .iter()
            .filter(|contact| contact.assignment == assignment.id);
        let contacts = contacts.map(|contact| (contact.person, contact.lead)).collect();
        file.assignment
            .push(rows::assignment(&(assignment.clone(), contacts), known));
    }
    file.virement = known.virements.iter().map(|of| rows::virement(of, known)).collect();
    file
}

/// The organisations and people that the register of some funds names.
pub(super) fn named(known: &Known, funds: &BTreeSet<FundId>) -> (BTreeSet<OrganisationId>, BTreeSet<PersonId>) {
    let mut people: BTreeSet<PersonId> = known.holders.iter().map(|of| of.person).collect();
    people.extend(known.contacts.iter().map(|of| of.person));
    people.extend(known.virements.iter().map(|of| of.recorded_by));
    people.extend(
        known
            .virements
            .iter()
            .filter_map(|of| of.decision.as_ref())
            .map(|decision| decision.by),
    );
    let within = known.funds.iter().filter(|fund| funds.contains(&fund.id));
    let mut organisations: BTreeSet<OrganisationId> = within.map(|fund| fund.commissioner).collect();
    let grants = known.grants.iter().filter(|grant| funds.contains(&grant.fund));
    organisations.extend(grants.map(|of| of.organisation));
    organisations.extend(known.shares.iter().map(|of| of.organisation));
    organisations.extend(known.allocations.iter().map(|of| of.provider));
    organisations.extend(known.assignments.iter().map(|of| of.organisation));
    organisations.extend(
        people
            .iter()
            .filter_map(|id| known.people.by_id(*id))
            .map(|of| of.organisation),
    );
    (organisations, people)
}
