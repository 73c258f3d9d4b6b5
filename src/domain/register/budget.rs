//! Where a grant's money is: its allocations, their budget lines, what is held back and what is left.
//!
//! Invariant: nothing is lost between the award and its parts; what is not given to a part is shown as left.

use serde::{Deserialize, Serialize};

use super::{Allocation, Grant};
use crate::ids::{AllocationId, LineId};
use crate::money::Money;

/// A part of an allocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetLine {
    /// Identity.
    pub id: LineId,
    /// The allocation.
    pub allocation: AllocationId,
    /// Permanent key within the allocation.
    pub key: String,
    /// Title.
    pub title: String,
    /// Pence; none: a part that has no figure yet.
    pub amount: Option<Money>,
    /// Order in the allocation, from 1.
    pub position: i32,
}

/// What of an allocation no line of it has: below nought when the lines exceed it. None when the amounts are too large
/// to add.
pub fn unassigned(allocation: &Allocation, lines: &[BudgetLine]) -> Option<Money> {
    let assigned = Money::checked_sum(lines.iter().filter_map(|line| line.amount))?;
    allocation.planned().checked_sub(assigned)
}

/// A grant's money, all of it, pence: `available = allocated + held_back + unallocated`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reconciliation {
    /// Award and carried forward together.
    pub available: Money,
    /// Approved, with increases entered ahead of their cover.
    pub allocated: Money,
    /// Asked for and not approved; no part of the sum.
    pub proposed: Money,
    /// Not allocated on purpose.
    pub held_back: Money,
    /// What is left; below nought when more was given than there is.
    pub unallocated: Money,
}

/// Adds up a grant. None when its amounts are too large to add.
pub fn reconcile(grant: &Grant, allocations: &[Allocation]) -> Option<Reconciliation> {
    let available = grant.amount.checked_add(grant.carried_forward)?;
    let allocated = Money::checked_sum(allocations.iter().flat_map(|known| [known.approved, known.uncovered]))?;
    let waiting = allocations.iter().filter(|known| known.approved == Money::ZERO);
    let proposed = Money::checked_sum(waiting.filter_map(|known| known.proposed))?;
    let unallocated = available.checked_sub(allocated)?.checked_sub(grant.held_back)?;
    Some(Reconciliation {
        available,
        allocated,
        proposed,
        held_back: grant.held_back,
        unallocated,
    })
}

#[cfg(test)]
mod tests;
