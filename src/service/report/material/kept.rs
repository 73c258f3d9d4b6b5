//! What the register keeps of the funds that a paper tells of.
//!
//! Invariant: so many queries for each fund, and none for each of its grants; in the order of the funds.

use std::collections::HashMap;

use countersign_domain::ids::{FundId, OrganisationId};
use countersign_domain::register::{Allocation, BudgetLine, Grant, Virement};

use crate::service::ServiceError;
use crate::service::report::across::Funds;
use crate::store::{Connection, register};

/// Grants, what they are divided into, who is paid, and what offices are called.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) grants: Vec<Grant>,
    pub(super) allocations: Vec<Allocation>,
    pub(super) lines: Vec<BudgetLine>,
    pub(super) virements: Vec<Virement>,
    pub(super) providers: HashMap<OrganisationId, String>,
    /// What the offices of each fund are called.
    pub(super) offices: HashMap<(FundId, String), String>,
}

/// Reads it.
pub(super) async fn kept(read: &impl Connection, funds: &Funds) -> Result<Kept, ServiceError> {
    let mut all = Kept::default();
    for fund in funds.all() {
        all.grants.extend(register::grants_of_fund(read, fund.id).await?);
        all.allocations
            .extend(register::allocations_of_fund(read, fund.id).await?);
        all.lines.extend(register::lines_of_fund(read, fund.id).await?);
        all.virements.extend(register::virements_of_fund(read, fund.id).await?);
        let organisations = register::organisations_of_fund(read, fund.id).await?;
        let named = organisations.into_iter().map(|one| (one.id, one.name));
        all.providers.extend(named);
        let offices = register::offices_of_fund(read, fund.id).await?;
        all.offices.extend(
            offices
                .into_iter()
                .map(|office| ((office.fund, office.key), office.title)),
        );
    }
    Ok(all)
}
