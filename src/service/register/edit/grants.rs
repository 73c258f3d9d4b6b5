//! Grants of a fund.
//!
//! Invariant: a grant keeps its reference; what its fund and its round allow is asked each time the award changes.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{FundId, GrantId};

use super::{Adding, Changing, Edited, Shown, add, change, shown_of};
use crate::service::register::file::GrantRow;
use crate::service::register::known::Known;
use crate::service::register::rows;
use crate::service::register::write::Write;
use crate::service::{Deps, Officer, ServiceError};
use crate::store::register;

/// A grant as it stands.
///
/// # Errors
/// [`ServiceError::NotFound`], or a refusal for whoever does not review the fund's returns.
pub async fn show(deps: &Deps, officer: &Officer, id: GrantId) -> Result<Shown<GrantRow>, ServiceError> {
    let grant = register::get_grant(&deps.store.read(), id).await?;
    let known = shown_of(deps, officer, grant.fund).await?;
    Ok(Shown::of(rows::grant(&grant, &known)))
}

/// Adds a grant to a fund.
///
/// # Errors
/// Every problem with a field: an award outside the limits, or more than the fund has, among them.
pub async fn add_grant(
    deps: &Deps,
    officer: &Officer,
    fund: FundId,
    fields: &GrantRow,
    now: DateTime<Utc>,
) -> Result<(GrantId, Edited), ServiceError> {
    let row = GrantRow {
        fund: Some(register::get_fund(&deps.store.read(), fund).await?.key),
        ..fields.clone()
    };
    let key = "reference";
    match add(deps, officer, Adding { fund, row, key }, now).await? {
        (Write::Grant(new, _), edited) => Ok((new.id, edited)),
        (other, _) => Err(ServiceError::internal(format!(
            "a grant was to be added, not {other:?}"
        ))),
    }
}

/// Changes a grant, within its fund.
///
/// # Errors
/// Every problem with a field; a conflict when somebody else changed it since it was shown.
pub async fn change_grant(
    deps: &Deps,
    officer: &Officer,
    id: GrantId,
    typed: &Shown<GrantRow>,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let read = deps.store.read();
    let grant = register::get_grant(&read, id).await?;
    let row = GrantRow {
        reference: grant.reference,
        fund: Some(register::get_fund(&read, grant.fund).await?.key),
        ..typed.fields.clone()
    };
    let changing = Changing {
        fund: grant.fund,
        row,
        stamp: typed.stamp.clone(),
        now: stands,
    };
    change(deps, officer, changing, now).await
}

fn stands(known: &Known, row: &GrantRow) -> Option<GrantRow> {
    known.grants.get(&row.reference).map(|grant| rows::grant(grant, known))
}
