//! Where a paper's grants, allocations and returns stand among all of them.
//!
//! Invariant: what is asked for each figure or return is found at once, however many grants a fund has.

use std::collections::HashMap;

use countersign_domain::ids::{AllocationId, GrantId, ReturnId};
use countersign_domain::register::{Allocation, Grant};

use super::Held;

/// Places in [`super::Material`].
#[derive(Default)]
pub(super) struct Places {
    grants: HashMap<GrantId, usize>,
    allocations: HashMap<AllocationId, usize>,
    of_grants: HashMap<GrantId, OfGrant>,
    /// By key, and then by title: two projects of two grants may have one key.
    projects: HashMap<String, HashMap<String, usize>>,
}

#[derive(Default)]
struct OfGrant {
    allocations: Vec<usize>,
    returns: Vec<usize>,
}

/// Where what belongs to one return stands in a list of what belongs to all of them, in the order of the list.
#[derive(Default)]
pub(super) struct ByReturn(HashMap<ReturnId, Vec<usize>>);

impl ByReturn {
    pub(super) fn of(all: impl Iterator<Item = ReturnId>) -> Self {
        let mut places: HashMap<ReturnId, Vec<usize>> = HashMap::new();
        for (at, id) in all.enumerate() {
            places.entry(id).or_default().push(at);
        }
        Self(places)
    }

    /// What of this list belongs to the return.
    pub(super) fn find<'l, T>(&'l self, id: ReturnId, list: &'l [T]) -> impl DoubleEndedIterator<Item = &'l T> {
        let places = self.0.get(&id).into_iter().flatten();
        places.filter_map(|at| list.get(*at))
    }
}

impl Places {
    pub(super) fn of(grants: &[Grant], allocations: &[Allocation], returns: &[Held]) -> Self {
        let mut places = Self::default();
        for (at, grant) in grants.iter().enumerate() {
            places.grants.entry(grant.id).or_insert(at);
        }
        for (at, allocation) in allocations.iter().enumerate() {
            places.allocations.entry(allocation.id).or_insert(at);
            let of_grant = places.of_grants.entry(allocation.grant).or_default();
            of_grant.allocations.push(at);
            let of_key = places.projects.entry(allocation.project_key().to_owned()).or_default();
            of_key.entry(allocation.project_words().to_owned()).or_insert(at);
        }
        for (at, held) in returns.iter().enumerate() {
            let of_grant = places.of_grants.entry(held.ret.grant).or_default();
            of_grant.returns.push(at);
        }
        places
    }

    pub(super) fn grant(&self, id: GrantId) -> Option<usize> {
        self.grants.get(&id).copied()
    }

    pub(super) fn allocation(&self, id: AllocationId) -> Option<usize> {
        self.allocations.get(&id).copied()
    }

    /// In the order of the register.
    pub(super) fn allocations_of(&self, grant: GrantId) -> &[usize] {
        let of_grant = self.of_grants.get(&grant);
        of_grant.map_or(&[], |of_grant| &of_grant.allocations)
    }

    /// Of every window, in the order in which they were gathered.
    pub(super) fn returns_of(&self, grant: GrantId) -> &[usize] {
        let of_grant = self.of_grants.get(&grant);
        of_grant.map_or(&[], |of_grant| &of_grant.returns)
    }

    /// The place of the first allocation to the same project.
    pub(super) fn project(&self, of: &Allocation) -> Option<usize> {
        let of_key = self.projects.get(of.project_key())?;
        of_key.get(of.project_words()).copied()
    }
}
