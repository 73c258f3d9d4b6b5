//! A fund's needs matrix: the weight of each organisation, and the share that it comes to.
//!
//! Invariant: what is shown is what a grant without an amount of its own would be awarded.

use chrono::{DateTime, Utc};
use countersign_domain::ids::FundId;
use countersign_domain::money::Money;
use countersign_domain::register::{SharesRefused, shares_of};

use super::{Adding, Changing, Edited, Shown, add, change, shown_of};
use crate::service::register::file::ShareRow;
use crate::service::register::known::Known;
use crate::service::register::rows;
use crate::service::{Deps, Officer, ServiceError};
use crate::store::register;

/// A row of the matrix as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareLine {
    /// The organisation's name.
    pub organisation: String,
    /// The row.
    pub shown: Shown<ShareRow>,
    /// What it comes to of the fund's total; none while the fund has no total, or every weight is 0.
    pub amount: Option<Money>,
}

/// The needs matrix of a fund, in its order.
///
/// # Errors
/// A refusal for whoever does not review the fund's returns.
pub async fn show(deps: &Deps, officer: &Officer, fund: FundId) -> Result<Vec<ShareLine>, ServiceError> {
    let known = shown_of(deps, officer, fund).await?;
    let weights: Vec<_> = known.shares.iter().map(|share| share.weight).collect();
    let total = known.funds.by_id(fund).and_then(|fund| fund.total);
    let amounts = match total.map(|total| shares_of(total, &weights)) {
        None | Some(Err(SharesRefused::NoWeight)) => None,
        Some(Ok(amounts)) => Some(amounts),
        Some(Err(refused)) => return Err(ServiceError::internal(refused)),
    };
    let line = |(at, share): (usize, &countersign_domain::register::Share)| ShareLine {
        organisation: known
            .organisations
            .by_id(share.organisation)
            .map(|found| found.name.clone())
            .unwrap_or_default(),
        shown: Shown::of(rows::share(share, &known)),
        amount: amounts.as_ref().and_then(|amounts| amounts.get(at)).copied(),
    };
    Ok(known.shares.iter().enumerate().map(line).collect())
}

/// Gives an organisation a weight in a fund's matrix.
///
/// # Errors
/// Every problem with a field.
pub async fn add_share(
    deps: &Deps,
    officer: &Officer,
    fund: FundId,
    fields: &ShareRow,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let row = ShareRow {
        fund: Some(register::get_fund(&deps.store.read(), fund).await?.key),
        ..fields.clone()
    };
    let key = "organisation";
    Ok(add(deps, officer, Adding { fund, row, key }, now).await?.1)
}

/// Gives an organisation another weight. Grants that were awarded stay as they are.
///
/// # Errors
/// Every problem with a field; a conflict when somebody else changed it since it was shown.
pub async fn change_share(
    deps: &Deps,
    officer: &Officer,
    fund: FundId,
    typed: &Shown<ShareRow>,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let row = ShareRow {
        fund: Some(register::get_fund(&deps.store.read(), fund).await?.key),
        ..typed.fields.clone()
    };
    let changing = Changing {
        fund,
        row,
        stamp: typed.stamp.clone(),
        now: stands,
    };
    change(deps, officer, changing, now).await
}

fn stands(known: &Known, row: &ShareRow) -> Option<ShareRow> {
    let fund = known.funds.get(row.fund.as_ref()?)?;
    let organisation = known.organisations.get(&row.organisation)?;
    let share = known.shares.get(&(fund.id, organisation.id))?;
    Some(rows::share(share, known))
}
