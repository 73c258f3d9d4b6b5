//! The sums that entries come to together, once all of them have been read.
//!
//! Invariant: only what a file changes is added up again, so that what was right when it was agreed is not refused later.

use std::collections::HashMap;

use countersign_domain::ids::{AllocationId, FundId, GrantId};
use countersign_domain::money::Money;
use countersign_domain::register::{Allocation, BudgetLine, SharesRefused, reconcile, shares_of, unassigned};

use super::Resolving;

/// Said of sums that no fund, grant or allocation could have.
const TOO_LARGE: &str = "The amounts are too large to add up.";

impl Resolving {
    pub(super) fn sums(&mut self) {
        self.matrices();
        self.totals();
        let mut by_grant: HashMap<GrantId, Vec<Allocation>> = HashMap::new();
        for known in self.known.allocations.iter() {
            by_grant.entry(known.grant).or_default().push(known.clone());
        }
        self.allocated(&by_grant);
        self.assigned();
    }

    /// A needs matrix can be shared out by.
    fn matrices(&mut self) {
        for (fund, at) in std::mem::take(&mut self.touched.matrices) {
            let weights: Vec<_> = self
                .known
                .shares
                .iter()
                .filter(|share| share.fund == fund)
                .map(|share| share.weight)
                .collect();
            let total = self
                .known
                .funds
                .by_id(fund)
                .and_then(|fund| fund.total)
                .unwrap_or_default();
            match shares_of(total, &weights) {
                Ok(_) => {}
                Err(SharesRefused::NoWeight) => {
                    let message = format!(
                        "Every weight of the fund “{}” is 0, so nobody has a share.",
                        self.known.fund_key(fund)
                    );
                    self.problem(
                        at,
                        "weight",
                        message,
                        "Give at least one organisation a weight above 0.",
                    );
                }
                Err(refused @ (SharesRefused::Negative | SharesRefused::TooLarge)) => {
                    self.problem(
                        at,
                        "weight",
                        format!("Nothing can be shared out: {refused}."),
                        "Change the weights.",
                    );
                }
            }
        }
    }

    /// The awards of a fund stay within its total.
    fn totals(&mut self) {
        let mut awarded: HashMap<FundId, Vec<Money>> = HashMap::new();
        for grant in self.known.grants.iter() {
            awarded.entry(grant.fund).or_default().push(grant.amount);
        }
        for (id, at) in std::mem::take(&mut self.touched.awards) {
            let Some(fund) = self.known.funds.by_id(id).cloned() else {
                continue;
            };
            let column = if at.table == "fund" { "total" } else { "amount" };
            let sum = Money::checked_sum(awarded.remove(&id).unwrap_or_default());
            match (sum, fund.total) {
                (None, _) => self.problem(at, column, TOO_LARGE, ""),
                (Some(sum), Some(total)) if sum > total => {
                    let over = sum.checked_sub(total).unwrap_or_default();
                    self.problem(
                        at,
                        column,
                        format!(
                            "The awards of the fund “{}” come to {sum}, {over} more than its total of {total}.",
                            fund.key
                        ),
                        "Lower an award, or raise the total.",
                    );
                }
                (Some(_), _) => {}
            }
        }
    }

    /// A grant's allocations beside what is available: more than that is told, and kept from submission elsewhere.
    fn allocated(&mut self, by_grant: &HashMap<GrantId, Vec<Allocation>>) {
        for (id, at) in std::mem::take(&mut self.touched.grants) {
            let Some(grant) = self.known.grants.by_id(id).cloned() else {
                continue;
            };
            let allocations = by_grant.get(&id).map_or(&[][..], Vec::as_slice);
            let column = if at.table == "grant" { "amount" } else { "approved" };
            let Some(sums) = reconcile(&grant, allocations) else {
                self.problem(at, column, TOO_LARGE, "");
                continue;
            };
            if let (true, Some(over)) = (sums.unallocated.is_negative(), sums.unallocated.checked_neg()) {
                let message = format!(
                    "What is allocated and held back of “{}” is {over} more than the {} there is.",
                    grant.reference, sums.available
                );
                self.warning(
                    at,
                    column,
                    message,
                    "A return cannot be submitted until the sums agree.",
                );
            }
        }
    }

    /// Budget lines stay within their allocation.
    fn assigned(&mut self) {
        let mut lines: HashMap<AllocationId, Vec<BudgetLine>> = HashMap::new();
        for line in self.known.lines.iter() {
            lines.entry(line.allocation).or_default().push(line.clone());
        }
        for (id, at) in std::mem::take(&mut self.touched.allocations) {
            let Some(allocation) = self.known.allocations.by_id(id).cloned() else {
                continue;
            };
            let lines = lines.get(&id).map_or(&[][..], Vec::as_slice);
            let column = if at.table == "line" { "amount" } else { "approved" };
            match unassigned(&allocation, lines) {
                None => self.problem(at, column, TOO_LARGE, ""),
                Some(left) if left.is_negative() => {
                    let over = left.checked_neg().unwrap_or_default();
                    let message = format!(
                        "The lines of “{}” come to {over} more than its {}.",
                        allocation.key,
                        allocation.planned()
                    );
                    self.problem(at, column, message, "Lower a line, or raise the allocation.");
                }
                Some(_) => {}
            }
        }
    }
}
