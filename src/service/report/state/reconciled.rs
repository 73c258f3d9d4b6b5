//! What does not reconcile in a fund: more allocated than there is, more spent than was allocated.
//!
//! Invariant: only what is known is held against another; a grant or project that agrees is not named.

use std::collections::BTreeMap;

use countersign_domain::ids::GrantId;
use countersign_domain::money::Money;

use super::super::super::ServiceError;
use super::super::Stated;
use super::Facts;
use super::spending::{ProjectMoney, Spending};

/// Something that does not reconcile.
#[derive(Debug, Clone, PartialEq)]
pub enum Unreconciled {
    /// A grant of which more is allocated than there is.
    Allocated {
        /// The grant.
        grant: GrantId,
        /// Its title.
        title: String,
        /// Awarded and carried forward.
        available: Money,
        /// All of its allocations, with increases that nothing covers.
        allocated: Money,
    },
    /// A project of which more is spent and committed than it has.
    Used {
        /// The grant.
        grant: GrantId,
        /// The grant's title.
        grant_title: String,
        /// The project.
        title: String,
        /// The form that tells of it.
        form_title: String,
        /// What it has.
        allocated: Money,
        /// What is spent and committed of it.
        used: Stated,
        /// Whether the form asks what is committed.
        with_committed: bool,
    },
}

/// The grants first, then the projects, in the order of the register.
pub(super) fn of(facts: &Facts, money: &[Spending]) -> Result<Vec<Unreconciled>, ServiceError> {
    let too_large = || ServiceError::internal("a grant is too large to add up");
    let mut allocated: BTreeMap<GrantId, Money> = BTreeMap::new();
    for of in &facts.allocations {
        let sum = allocated.entry(of.grant).or_insert(Money::ZERO);
        *sum = Money::checked_sum([*sum, of.approved, of.uncovered]).ok_or_else(too_large)?;
    }
    let mut out = Vec::new();
    for grant in &facts.grants {
        let available = grant.amount.checked_add(grant.carried_forward).ok_or_else(too_large)?;
        let allocated = allocated.get(&grant.id).copied().unwrap_or(Money::ZERO);
        if allocated > available {
            out.push(Unreconciled::Allocated {
                grant: grant.id,
                title: grant.title.clone(),
                available,
                allocated,
            });
        }
    }
    for told in money {
        out.extend(told.projects.iter().filter_map(|project| overspent(told, project)));
    }
    Ok(out)
}

fn overspent(told: &Spending, project: &ProjectMoney) -> Option<Unreconciled> {
    let used = project.used().filter(|used| used.amount > project.allocated)?;
    Some(Unreconciled::Used {
        grant: project.grant,
        grant_title: project.grant_title.clone(),
        title: project.title.clone(),
        form_title: told.form_title.clone(),
        allocated: project.allocated,
        used,
        with_committed: told.asks_committed,
    })
}
