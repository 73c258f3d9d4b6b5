//! load: a fund with its grants, people and offices, from one file, all or nothing.
//!
//! Invariant: everything a file names is in it or in the register already; loading the same file again is refused by the
//! fund's key, and nothing of it is kept.

mod file;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use countersign_domain::form::schema::Form;
use countersign_domain::ids::{AllocationId, GrantId, OfficeId, OrganisationId, PersonId};
use countersign_domain::money::Money;
use countersign_domain::quantity::{Reading, Sign, read_money};
use countersign_domain::register::{
    Allocation, Assignment, Contact, Fund, Grant, Holder, Office, Organisation, Person,
};
use serde_json::json;
use uuid::Uuid;

use file::{RawAllocation, RawAssignment, RawFund, RawGrant, RawHolder, RawOffice, RawOrganisation, RawPerson};
pub use file::{RegisterFile, read};

use super::enter::looks_like_an_address;
use super::{Deps, ServiceError, one_line, record};
use crate::secrets;
use crate::store::{StoreError, WriteTx, register};

/// Loads a register file.
pub async fn load(deps: &Deps, file: &RegisterFile, now: DateTime<Utc>) -> Result<(), ServiceError> {
    let tx = deps.store.begin().await?;
    let mut loading = Loading {
        tx: &tx,
        organisations: HashMap::new(),
        people: HashMap::new(),
        offices: HashSet::new(),
        problems: Vec::new(),
    };
    loading.organisations(&file.organisation).await?;
    let fund = loading.fund(&file.fund).await?;
    loading.people(&file.person).await?;
    loading.offices(&fund, &file.office, &file.holder).await?;
    let grants = loading.grants(&fund, &file.grant).await?;
    loading.allocations(&grants, &file.allocation).await?;
    loading.assignments(deps, &grants, &file.assignment).await?;
    if !loading.problems.is_empty() {
        return Err(ServiceError::Refused(loading.problems.join("\n")));
    }
    record::event(&tx, "load-register", None, json!({ "fund": file.fund.key }), now).await?;
    tx.commit().await?;
    Ok(())
}

struct Loading<'a> {
    tx: &'a WriteTx,
    organisations: HashMap<String, OrganisationId>,
    people: HashMap<String, PersonId>,
    offices: HashSet<String>,
    problems: Vec<String>,
}

impl Loading<'_> {
    fn organisation(&mut self, key: &str, by: &str) -> OrganisationId {
        let found = self.organisations.get(key).copied();
        found.unwrap_or_else(|| {
            self.problems
                .push(format!("{by} names the organisation “{key}”, which is not in the file"));
            Uuid::nil().into()
        })
    }

    fn person(&mut self, key: &str, by: &str) -> PersonId {
        let found = self.people.get(key).copied();
        found.unwrap_or_else(|| {
            self.problems
                .push(format!("{by} names the person “{key}”, who is not in the file"));
            Uuid::nil().into()
        })
    }

    fn money(&mut self, text: &str, of: &str) -> Money {
        match read_money(of, text, Sign::NonNegative) {
            Reading::Read { value, .. } => value,
            Reading::Blank => {
                self.problems.push(format!("{of} is empty"));
                Money::ZERO
            }
            Reading::Ask { question, .. } => {
                self.problems.push(question);
                Money::ZERO
            }
            Reading::Refused { message } => {
                self.problems.push(message);
                Money::ZERO
            }
        }
    }

    async fn organisations(&mut self, raw: &[RawOrganisation]) -> Result<(), ServiceError> {
        for raw in raw {
            let id = match register::organisation_by_key(self.tx, &raw.key).await? {
                Some(known) => known.id,
                None => {
                    let new = Organisation {
                        id: Uuid::new_v4().into(),
                        key: raw.key.clone(),
                        name: one_line(&raw.name),
                    };
                    register::insert_organisation(self.tx, &new).await?;
                    new.id
                }
            };
            self.organisations.insert(raw.key.clone(), id);
        }
        Ok(())
    }

    async fn fund(&mut self, raw: &RawFund) -> Result<Fund, ServiceError> {
        let fund = Fund {
            id: Uuid::new_v4().into(),
            key: raw.key.clone(),
            title: one_line(&raw.title),
            commissioner: self.organisation(&raw.commissioner, "fund.commissioner"),
            nation: raw.nation,
            priorities: raw
                .priorities
                .iter()
                .map(|priority| (priority.key.clone(), one_line(&priority.title)))
                .collect(),
        };
        if self.problems.is_empty() {
            register::insert_fund(self.tx, &fund)
                .await
                .map_err(|error| match error {
                    StoreError::Duplicate { .. } => {
                        ServiceError::Refused(format!("the fund “{}” is in the register already", raw.key))
                    }
                    other => other.into(),
                })?;
        } else {
            return Err(ServiceError::Refused(self.problems.join("\n")));
        }
        Ok(fund)
    }

    async fn people(&mut self, raw: &[RawPerson]) -> Result<(), ServiceError> {
        for raw in raw {
            if !looks_like_an_address(&raw.email) {
                self.problems
                    .push(format!("person “{}”: “{}” is not an email address", raw.key, raw.email));
                continue;
            }
            let id = match register::person_by_address(self.tx, &raw.email).await? {
                Some(known) => known.id,
                None => {
                    let organisation = self.organisation(&raw.organisation, &format!("person “{}”", raw.key));
                    let new = Person {
                        id: Uuid::new_v4().into(),
                        name: one_line(&raw.name),
                        email: raw.email.clone(),
                        organisation,
                        totp_secret: None,
                        totp_last_step: None,
                    };
                    register::insert_person(self.tx, &new).await?;
                    new.id
                }
            };
            self.people.insert(raw.key.clone(), id);
        }
        Ok(())
    }

    async fn offices(&mut self, fund: &Fund, offices: &[RawOffice], holders: &[RawHolder]) -> Result<(), ServiceError> {
        let mut known: HashMap<String, (OfficeId, String)> = HashMap::new();
        for raw in offices {
            let office = Office {
                id: Uuid::new_v4().into(),
                fund: fund.id,
                key: raw.key.clone(),
                title: one_line(&raw.title),
            };
            register::insert_office(self.tx, &office).await?;
            known.insert(raw.key.clone(), (office.id, office.title));
            self.offices.insert(raw.key.clone());
        }
        for raw in holders {
            let by = format!("holder of “{}”", raw.office);
            let person = self.person(&raw.person, &by);
            let Some((office, title)) = known.get(&raw.office).cloned() else {
                self.problems.push(format!("{by}: there is no such office in the file"));
                continue;
            };
            if person.uuid().is_nil() {
                continue;
            }
            // Whoever holds an office signs in with a second factor.
            if register::get_person(self.tx, person).await?.totp_secret.is_none() {
                register::set_totp_secret(self.tx, person, Some(secrets::new_totp_secret())).await?;
            }
            let holder = Holder {
                office,
                office_key: raw.office.clone(),
                office_title: title,
                fund: fund.id,
                person,
                from: raw.from.0,
                to: raw.to.map(|day| day.0),
                deputy: raw.deputy,
            };
            register::insert_holder(self.tx, &holder).await?;
        }
        Ok(())
    }

    /// A stage whose office does not exist would keep a return for ever.
    fn offices_of(&mut self, form: &Form, of: &str) {
        for stage in form.stages.iter().filter(|stage| !self.offices.contains(&stage.by)) {
            let (stage, office) = (&stage.id, &stage.by);
            self.problems.push(format!(
                "{of}: its stage “{stage}” is for the office “{office}”, which is not in the file"
            ));
        }
    }

    async fn grants(&mut self, fund: &Fund, raw: &[RawGrant]) -> Result<HashMap<String, GrantId>, ServiceError> {
        let mut known = HashMap::new();
        for raw in raw {
            let of = format!("grant “{}”", raw.reference);
            let grant = Grant {
                id: Uuid::new_v4().into(),
                fund: fund.id,
                organisation: self.organisation(&raw.organisation, &of),
                reference: raw.reference.clone(),
                title: one_line(&raw.title),
                amount: self.money(&raw.amount, &of),
                carried_forward: self.money(raw.carried_forward.as_deref().unwrap_or("0"), &of),
                starts_on: raw.starts_on.0,
                ends_on: raw.ends_on.0,
            };
            if grant.ends_on < grant.starts_on {
                self.problems.push(format!("{of} ends before it starts"));
            }
            if self.problems.is_empty() {
                register::insert_grant(self.tx, &grant).await?;
            }
            known.insert(raw.reference.clone(), grant.id);
        }
        Ok(known)
    }

    async fn allocations(
        &mut self,
        grants: &HashMap<String, GrantId>,
        raw: &[RawAllocation],
    ) -> Result<(), ServiceError> {
        for (nth, raw) in raw.iter().enumerate() {
            let of = format!("allocation “{}”", raw.key);
            let Some(grant) = grants.get(&raw.grant).copied() else {
                self.problems.push(format!(
                    "{of} names the grant “{}”, which is not in the file",
                    raw.grant
                ));
                continue;
            };
            let contract_total = raw.contract_total.as_deref().map(|text| self.money(text, &of));
            let allocation = Allocation {
                id: AllocationId::from(Uuid::new_v4()),
                grant,
                key: raw.key.clone(),
                title: one_line(&raw.title),
                provider: self.organisation(&raw.provider, &of),
                provider_name: String::new(),
                approved: self.money(&raw.approved, &of),
                uncovered: self.money(raw.uncovered.as_deref().unwrap_or("0"), &of),
                contract_total,
                priorities: raw.priorities.clone(),
                position: i32::try_from(nth + 1).unwrap_or(i32::MAX),
            };
            if self.problems.is_empty() {
                register::insert_allocation(self.tx, &allocation).await?;
            }
        }
        Ok(())
    }

    async fn assignments(
        &mut self,
        deps: &Deps,
        grants: &HashMap<String, GrantId>,
        raw: &[RawAssignment],
    ) -> Result<(), ServiceError> {
        for raw in raw {
            let of = format!("assignment of “{}”", raw.form);
            match deps.forms.latest(self.tx, &raw.form).await? {
                Some(form) => self.offices_of(&form, &of),
                None => self.problems.push(format!("{of}: no such form has been published")),
            }
            if let Some(lead) = raw.lead.as_ref().filter(|lead| !raw.contacts.contains(*lead)) {
                self.problems
                    .push(format!("{of}: the lead “{lead}” is not among its contacts"));
            }
            let Some(grant) = grants.get(&raw.grant).copied() else {
                self.problems.push(format!(
                    "{of} names the grant “{}”, which is not in the file",
                    raw.grant
                ));
                continue;
            };
            let assignment = Assignment {
                id: Uuid::new_v4().into(),
                form: raw.form.clone(),
                grant,
                allocation: None,
                organisation: self.organisation(&raw.organisation, &of),
                from: raw.from.0,
                to: raw.to.0,
            };
            let contacts: Vec<(PersonId, bool)> = raw
                .contacts
                .iter()
                .map(|key| (self.person(key, &of), raw.lead.as_deref() == Some(key)))
                .collect();
            if contacts.is_empty() {
                self.problems
                    .push(format!("{of} has no contacts, so nobody would be asked for it"));
            }
            if !self.problems.is_empty() {
                continue;
            }
            register::insert_assignment(self.tx, &assignment).await?;
            for (person, lead) in contacts {
                register::insert_contact(
                    self.tx,
                    &Contact {
                        person,
                        assignment: assignment.id,
                        lead,
                    },
                )
                .await?;
            }
        }
        Ok(())
    }
}
