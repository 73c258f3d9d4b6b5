//! What the register says, as far as a file has to do with it: read from the store, then changed entry by entry into what
//! it would be.
//!
//! Invariant: holds every organisation, person, fund and grant there is, since their keys and references are there once;
//! of everything below a fund only what belongs to the funds that were asked for.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use chrono::NaiveDate;
use countersign_domain::form::schema::Form;
use countersign_domain::ids::{AllocationId, AssignmentId, FundId, GrantId, OfficeId, OrganisationId, PersonId};
use countersign_domain::register::{
    Allocation, Assignment, BudgetLine, Contact, Fund, Grant, Holder, Office, Organisation, Person, Round, Share,
    Virement, address_key,
};
use countersign_domain::returns::Return;
use uuid::Uuid;

use super::file::RegisterFile;
use crate::service::{Deps, ServiceError};
use crate::store::{Connection, register, returns};

/// Entries in their order, found by their key and, where they have one, by their identity.
#[derive(Debug, Clone)]
pub(super) struct Indexed<K, T> {
    entries: Vec<T>,
    by_key: HashMap<K, usize>,
    by_id: HashMap<Uuid, usize>,
}

impl<K, T> Default for Indexed<K, T> {
    fn default() -> Self {
        Indexed {
            entries: Vec::new(),
            by_key: HashMap::new(),
            by_id: HashMap::new(),
        }
    }
}

impl<K: Eq + Hash, T> Indexed<K, T> {
    pub(super) fn get(&self, key: &K) -> Option<&T> {
        self.by_key.get(key).and_then(|at| self.entries.get(*at))
    }

    pub(super) fn by_id(&self, id: impl Into<Uuid>) -> Option<&T> {
        self.by_id.get(&id.into()).and_then(|at| self.entries.get(*at))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.entries.iter()
    }

    /// Puts an entry where its key is, or after all others.
    pub(super) fn put(&mut self, key: K, id: Option<Uuid>, entry: T) {
        let at = *self.by_key.entry(key).or_insert(self.entries.len());
        if let Some(id) = id {
            self.by_id.insert(id, at);
        }
        match self.entries.get_mut(at) {
            Some(there) => *there = entry,
            None => self.entries.push(entry),
        }
    }
}

/// An assignment is known by its form, its grant, its allocation, who owes it, and from when.
pub(super) type AssignmentKey = (String, GrantId, Option<AllocationId>, OrganisationId, NaiveDate);

/// See the module.
#[derive(Default)]
pub(super) struct Known {
    pub(super) organisations: Indexed<String, Organisation>,
    /// By the address in the form that tells people apart.
    pub(super) people: Indexed<String, Person>,
    pub(super) funds: Indexed<String, Fund>,
    pub(super) grants: Indexed<String, Grant>,
    pub(super) rounds: Indexed<(FundId, String), Round>,
    pub(super) shares: Indexed<(FundId, OrganisationId), Share>,
    pub(super) offices: Indexed<(FundId, String), Office>,
    pub(super) holders: Indexed<(OfficeId, PersonId, NaiveDate), Holder>,
    pub(super) allocations: Indexed<(GrantId, String), Allocation>,
    pub(super) lines: Indexed<(AllocationId, String), BudgetLine>,
    pub(super) assignments: Indexed<AssignmentKey, Assignment>,
    pub(super) contacts: Indexed<(AssignmentId, PersonId), Contact>,
    pub(super) virements: Indexed<Uuid, Virement>,
    pub(super) returns: HashMap<GrantId, Vec<Return>>,
    /// The latest version of each form that an assignment of the file names.
    pub(super) forms: HashMap<String, Arc<Form>>,
}

impl Known {
    /// Reads what a file has to do with.
    pub(super) async fn read(deps: &Deps, conn: &impl Connection, file: &RegisterFile) -> Result<Known, ServiceError> {
        let mut known = Known::of_everybody(conn).await?;
        for fund in known.funds_of(file) {
            known.add_fund(conn, fund).await?;
        }
        known.add_forms(deps, conn, file).await?;
        Ok(known)
    }

    /// Reads the latest version of every form that an assignment of the file names.
    pub(super) async fn add_forms(
        &mut self,
        deps: &Deps,
        conn: &impl Connection,
        file: &RegisterFile,
    ) -> Result<(), ServiceError> {
        let forms: BTreeSet<&String> = file.assignment.iter().map(|row| &row.form).collect();
        for id in forms {
            if let Some(form) = deps.forms.latest(conn, id).await? {
                self.forms.insert(id.clone(), form);
            }
        }
        Ok(())
    }

    /// Everything that is there once on the whole server.
    pub(super) async fn of_everybody(conn: &impl Connection) -> Result<Known, ServiceError> {
        let mut known = Known::default();
        for found in register::all_organisations(conn).await? {
            known.organisations.put(found.key.clone(), Some(found.id.uuid()), found);
        }
        for found in register::all_people(conn).await? {
            known
                .people
                .put(address_key(&found.email), Some(found.id.uuid()), found);
        }
        for found in register::all_funds(conn).await? {
            known.funds.put(found.key.clone(), Some(found.id.uuid()), found);
        }
        for found in register::all_grants(conn).await? {
            known.grants.put(found.reference.clone(), Some(found.id.uuid()), found);
        }
        Ok(known)
    }

    /// Reads what belongs to a fund.
    pub(super) async fn add_fund(&mut self, conn: &impl Connection, fund: FundId) -> Result<(), ServiceError> {
        for found in register::rounds_of_fund(conn, fund).await? {
            self.rounds.put((fund, found.key.clone()), Some(found.id.uuid()), found);
        }
        for found in register::shares_of_fund(conn, fund).await? {
            self.shares.put((fund, found.organisation), None, found);
        }
        for found in register::offices_of_fund(conn, fund).await? {
            self.offices
                .put((fund, found.key.clone()), Some(found.id.uuid()), found);
        }
        for found in register::holders_of_fund(conn, fund).await? {
            self.holders.put((found.office, found.person, found.from), None, found);
        }
        for found in register::allocations_of_fund(conn, fund).await? {
            self.allocations
                .put((found.grant, found.key.clone()), Some(found.id.uuid()), found);
        }
        for found in register::lines_of_fund(conn, fund).await? {
            self.lines
                .put((found.allocation, found.key.clone()), Some(found.id.uuid()), found);
        }
        for found in register::assignments_of_fund(conn, fund).await? {
            self.assignments
                .put(assignment_key(&found), Some(found.id.uuid()), found);
        }
        for found in register::contacts_of_fund(conn, fund).await? {
            self.contacts.put((found.assignment, found.person), None, found);
        }
        for found in register::virements_of_fund(conn, fund).await? {
            self.virements.put(found.id.uuid(), Some(found.id.uuid()), found);
        }
        for found in returns::returns_of_fund(conn, fund).await? {
            self.returns.entry(found.grant).or_default().push(found);
        }
        Ok(())
    }

    /// The funds of the store that a file names, itself or through a grant.
    pub(super) fn funds_of(&self, file: &RegisterFile) -> BTreeSet<FundId> {
        let keys = file.fund.iter().map(|row| Some(row.key.as_str()));
        let keys = keys
            .chain(file.round.iter().map(|row| row.fund.as_deref()))
            .chain(file.priority.iter().map(|row| row.fund.as_deref()))
            .chain(file.share.iter().map(|row| row.fund.as_deref()))
            .chain(file.office.iter().map(|row| row.fund.as_deref()))
            .chain(file.holder.iter().map(|row| row.fund.as_deref()))
            .chain(file.grant.iter().map(|row| row.fund.as_deref()));
        let by_key = keys
            .flatten()
            .filter_map(|key| self.funds.get(&key.trim().to_owned()).map(|fund| fund.id));
        let references = file.grant.iter().map(|row| &row.reference);
        let references = references
            .chain(file.allocation.iter().map(|row| &row.grant))
            .chain(file.line.iter().map(|row| &row.grant))
            .chain(file.assignment.iter().map(|row| &row.grant))
            .chain(file.virement.iter().map(|row| &row.grant));
        let by_grant = references.filter_map(|reference| self.grants.get(&one(reference)).map(|grant| grant.fund));
        by_key.chain(by_grant).collect()
    }

    /// Whether a return of the grant is with a reviewer or a named officer just now.
    pub(super) fn being_judged(&self, grant: GrantId) -> Option<&Return> {
        use countersign_domain::workflow::State;
        self.returns_of(grant)
            .iter()
            .find(|ret| matches!(ret.state, State::InReview(_) | State::InSignOff(_)))
    }

    /// The returns of a grant.
    pub(super) fn returns_of(&self, grant: GrantId) -> &[Return] {
        self.returns.get(&grant).map_or(&[], Vec::as_slice)
    }
}

/// A reference as it is compared: without spaces around it.
pub(super) fn one(text: &str) -> String {
    crate::service::one_line(text)
}

pub(super) fn assignment_key(of: &Assignment) -> AssignmentKey {
    (of.form.clone(), of.grant, of.allocation, of.organisation, of.from)
}
