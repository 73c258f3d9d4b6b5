//! Assignments: who owes which form, for what, and who is written to about it.
//!
//! Invariant: an assignment fits what its form is owed for; the days of two of one kind never overlap; a contact is never
//! taken away.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use countersign_domain::form::schema::{Form, OwedBy};
use countersign_domain::ids::{AllocationId, AssignmentId, GrantId, OrganisationId, PersonId};
use countersign_domain::register::{Assignment, Contact, Grant, overlap};
use uuid::Uuid;

use super::super::file::AssignmentRow;
use super::super::known::assignment_key;
use super::super::rows;
use super::super::write::Write;
use super::{At, Resolving};

/// What two assignments have in common whose days may not overlap.
type OneKind = (String, GrantId, Option<AllocationId>, OrganisationId);

/// What is looked up again and again while assignments are read.
struct Beside {
    terms: HashMap<OneKind, Vec<(AssignmentId, NaiveDate, NaiveDate)>>,
    contacts: HashMap<AssignmentId, Vec<(PersonId, bool)>>,
    delivers: HashSet<(GrantId, OrganisationId)>,
}

fn kind(of: &Assignment) -> OneKind {
    (of.form.clone(), of.grant, of.allocation, of.organisation)
}

impl Resolving {
    pub(super) fn owed(&mut self, file: &[AssignmentRow]) {
        let mut beside = Beside {
            terms: HashMap::new(),
            contacts: HashMap::new(),
            delivers: HashSet::new(),
        };
        for known in self.known.assignments.iter() {
            let terms = beside.terms.entry(kind(known)).or_default();
            terms.push((known.id, known.from, known.to));
        }
        for known in self.known.contacts.iter() {
            let contacts = beside.contacts.entry(known.assignment).or_default();
            contacts.push((known.person, known.lead));
        }
        for known in self.known.allocations.iter() {
            beside.delivers.insert((known.grant, known.provider));
        }
        for (entry, row) in file.iter().enumerate() {
            let at = At {
                table: "assignment",
                entry,
            };
            self.one_assignment(at, row, &mut beside);
        }
    }

    fn one_assignment(&mut self, at: At, row: &AssignmentRow, beside: &mut Beside) -> Option<()> {
        let form = self.form(at, &row.form);
        let grant = self.grant_of(at, &row.grant);
        let organisation = self.organisation(at, "organisation", &row.organisation);
        let from = self.day(at, "from", &row.from);
        let to = self.day(at, "to", &row.to);
        let people: Vec<Option<PersonId>> = row
            .contacts
            .iter()
            .map(|contact| self.person(at, "contacts", contact))
            .collect();
        let people: Option<Vec<PersonId>> = people.into_iter().collect();
        let lead = match row.lead.as_deref() {
            Some(lead) => self.person(at, "lead", lead).map(Some),
            None => Some(None),
        };
        let grant = grant?;
        let allocation = match row.allocation.as_deref() {
            Some(key) => self
                .allocation_of(at, "allocation", &grant, key)
                .map(|found| Some(found.id)),
            None => Some(None),
        };
        let (form, organisation, from, to, allocation) = (form?, organisation?, from?, to?, allocation?);
        let fits = self.owed_for(at, &form, &grant, allocation, organisation, beside);
        let offices = self.offices_of(at, &form, &grant);
        let ordered = self.in_order(at, "to", from, to);
        let (people, lead) = (people?, lead?);
        if !(fits && offices && ordered) {
            return None;
        }
        let new = Assignment {
            id: Uuid::new_v4().into(),
            form: form.id.clone(),
            grant: grant.id,
            allocation,
            organisation,
            from,
            to,
        };
        let old = self.known.assignments.get(&assignment_key(&new)).cloned();
        let new = Assignment {
            id: old.as_ref().map_or(new.id, |old| old.id),
            ..new
        };
        let words = format!("{} {} {} {from}", new.form, grant.reference, row.organisation.trim());
        let key = format!("{words} {}", row.allocation.as_deref().unwrap_or_default());
        if !self.first(at, "form", &key) {
            return None;
        }
        let changes = old.as_ref() != Some(&new);
        if changes && (self.overlaps(at, &new, beside) || self.ends_too_soon(at, &new)) {
            return None;
        }
        let were = beside.contacts.get(&new.id).cloned().unwrap_or_default();
        let contacts = self.contacts_as(at, &were, &people, lead)?;
        self.known
            .assignments
            .put(assignment_key(&new), Some(new.id.uuid()), new.clone());
        let terms = beside.terms.entry(kind(&new)).or_default();
        terms.retain(|(id, ..)| *id != new.id);
        terms.push((new.id, from, to));
        for (person, lead) in &contacts {
            let contact = Contact {
                person: *person,
                assignment: new.id,
                lead: *lead,
            };
            self.known.contacts.put((new.id, *person), None, contact);
        }
        let old = old.map(|old| (old, were));
        self.settle(
            at,
            (Some(grant.fund), words),
            (old, (new, contacts)),
            rows::assignment,
            Write::Assignment,
        );
        Some(())
    }

    fn form(&mut self, at: At, typed: &str) -> Option<Arc<Form>> {
        let id = self.text(at, "form", typed)?;
        let found = self.known.forms.get(&id).cloned();
        if found.is_none() {
            self.problem(
                at,
                "form",
                format!("No form “{id}” has been published."),
                "Publish it first: countersign forms publish.",
            );
        }
        found
    }

    /// Whether the assignment is of what its form is owed for.
    fn owed_for(
        &mut self,
        at: At,
        form: &Form,
        grant: &Grant,
        allocation: Option<AllocationId>,
        organisation: OrganisationId,
        beside: &Beside,
    ) -> bool {
        let (id, reference) = (&form.id, &grant.reference);
        match (form.owed_by, allocation) {
            (OwedBy::Allocation, Some(_)) | (OwedBy::Grant, None) => true,
            (OwedBy::Allocation, None) => {
                let message = format!("The form “{id}” is owed for each allocation, and this names none.");
                self.problem(
                    at,
                    "allocation",
                    message,
                    "Fill in `allocation` with the allocation’s key.",
                );
                false
            }
            (OwedBy::Grant, Some(_)) => {
                let message = format!("The form “{id}” is owed for a whole grant, and this names an allocation.");
                self.problem(at, "allocation", message, "Leave `allocation` empty.");
                false
            }
            (OwedBy::Provider, Some(_)) => {
                let message = format!("The form “{id}” is owed by each provider once, and this names an allocation.");
                self.problem(at, "allocation", message, "Leave `allocation` empty.");
                false
            }
            (OwedBy::Provider, None) => {
                let delivers = beside.delivers.contains(&(grant.id, organisation));
                if !delivers {
                    let message =
                        format!("It delivers no allocation of the grant “{reference}”, so it owes nothing for it.");
                    self.problem(
                        at,
                        "organisation",
                        message,
                        "Name the provider of one of the grant’s allocations.",
                    );
                }
                delivers
            }
        }
    }

    /// A stage whose office does not exist would keep a return for ever.
    fn offices_of(&mut self, at: At, form: &Form, grant: &Grant) -> bool {
        let mut all = true;
        for stage in &form.stages {
            let there = self.known.offices.get(&(grant.fund, stage.by.clone())).is_some();
            if !there && !self.is_spoiled("office", &stage.by) {
                let fund = self.known.fund_key(grant.fund);
                let message = format!(
                    "Its stage “{}” is for the office “{}”, which the fund “{fund}” has not.",
                    stage.id, stage.by
                );
                self.problem(at, "form", message, "Add the office to the table `office`.");
            }
            all &= there;
        }
        all
    }

    fn overlaps(&mut self, at: At, new: &Assignment, beside: &Beside) -> bool {
        let terms = beside.terms.get(&kind(new)).map_or(&[][..], Vec::as_slice);
        let other = terms
            .iter()
            .find(|(id, from, to)| *id != new.id && overlap((*from, Some(*to)), (new.from, Some(new.to))));
        let Some((_, from, to)) = other else { return false };
        let (from, to) = (from.format("%-d %B %Y"), to.format("%-d %B %Y"));
        self.problem(
            at,
            "from",
            format!("It is for a period that overlaps another: the same form is owed already from {from} to {to}."),
            "End one before the other begins.",
        );
        true
    }

    /// Whether returns have been planned for periods that the assignment would no longer be for.
    fn ends_too_soon(&mut self, at: At, new: &Assignment) -> bool {
        use countersign_domain::workflow::State;
        let beyond = self
            .known
            .returns_of(new.grant)
            .iter()
            .find(|ret| ret.assignment == new.id && ret.period.start() > new.to && ret.state != State::Excused);
        let Some(reference) = beyond.map(|ret| ret.reference.clone()) else {
            return false;
        };
        let message = format!("The return {reference} is for a period after that day.");
        self.problem(at, "to", message, "Excuse that return first, or end later.");
        true
    }

    /// The contacts there were, and those that the file adds; one lead among them.
    fn contacts_as(
        &mut self,
        at: At,
        were: &[(PersonId, bool)],
        named: &[PersonId],
        lead: Option<PersonId>,
    ) -> Option<Vec<(PersonId, bool)>> {
        let mut all = were.to_vec();
        for person in named {
            if !all.iter().any(|(known, _)| known == person) {
                all.push((*person, false));
            }
        }
        if all.is_empty() {
            let message = "It has no contacts, so nobody would be asked for it.";
            self.problem(at, "contacts", message, "Name at least one person.");
            return None;
        }
        if let Some(lead) = lead {
            if !all.iter().any(|(known, _)| *known == lead) {
                let message = format!("The lead “{}” is not among its contacts.", self.known.address(lead));
                self.problem(at, "lead", message, "Add the lead to `contacts`.");
                return None;
            }
            for (known, leads) in &mut all {
                *leads = *known == lead;
            }
        }
        Some(all)
    }
}
