//! Allocations of a grant.
//!
//! Invariant: an allocation stays in its grant under its key; its amounts stand while a return of the grant is judged.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{AllocationId, GrantId};

use super::{Adding, Changing, Edited, Shown, add, change, shown_of};
use crate::service::register::file::AllocationRow;
use crate::service::register::known::Known;
use crate::service::register::rows;
use crate::service::register::write::Write;
use crate::service::{Deps, Officer, ServiceError};
use crate::store::register;

/// An allocation as it stands.
///
/// # Errors
/// [`ServiceError::NotFound`], or a refusal for whoever does not review the fund's returns.
pub async fn show(deps: &Deps, officer: &Officer, id: AllocationId) -> Result<Shown<AllocationRow>, ServiceError> {
    let read = deps.store.read();
    let allocation = register::get_allocation(&read, id).await?;
    let grant = register::get_grant(&read, allocation.grant).await?;
    let known = shown_of(deps, officer, grant.fund).await?;
    Ok(Shown::of(rows::allocation(&allocation, &known)))
}

/// Adds an allocation to a grant, after those it has.
///
/// # Errors
/// Every problem with a field.
pub async fn add_allocation(
    deps: &Deps,
    officer: &Officer,
    grant: GrantId,
    fields: &AllocationRow,
    now: DateTime<Utc>,
) -> Result<(AllocationId, Edited), ServiceError> {
    let grant = register::get_grant(&deps.store.read(), grant).await?;
    let adding = Adding {
        fund: grant.fund,
        row: AllocationRow {
            grant: grant.reference,
            ..fields.clone()
        },
        key: "key",
    };
    match add(deps, officer, adding, now).await? {
        (Write::Allocation(new, _), edited) => Ok((new.id, edited)),
        (other, _) => Err(ServiceError::internal(format!(
            "an allocation was to be added, not {other:?}"
        ))),
    }
}

/// Changes an allocation.
///
/// # Errors
/// Every problem with a field; a conflict when somebody else changed it since it was shown.
pub async fn change_allocation(
    deps: &Deps,
    officer: &Officer,
    id: AllocationId,
    typed: &Shown<AllocationRow>,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let read = deps.store.read();
    let allocation = register::get_allocation(&read, id).await?;
    let grant = register::get_grant(&read, allocation.grant).await?;
    let changing = Changing {
        fund: grant.fund,
        row: AllocationRow {
            grant: grant.reference,
            key: allocation.key,
            ..typed.fields.clone()
        },
        stamp: typed.stamp.clone(),
        now: stands,
    };
    change(deps, officer, changing, now).await
}

fn stands(known: &Known, row: &AllocationRow) -> Option<AllocationRow> {
    let grant = known.grants.get(&row.grant)?;
    let allocation = known.allocations.get(&(grant.id, row.key.clone()))?;
    Some(rows::allocation(allocation, known))
}
