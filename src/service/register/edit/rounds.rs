//! Rounds of a fund.
//!
//! Invariant: a round stays in its fund under its key.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{FundId, RoundId};

use super::{Adding, Changing, Edited, Shown, add, change, shown_of};
use crate::service::register::file::RoundRow;
use crate::service::register::known::Known;
use crate::service::register::rows;
use crate::service::{Deps, Officer, ServiceError};
use crate::store::register;

/// The rounds of a fund as they stand, by first day.
///
/// # Errors
/// A refusal for whoever does not review the fund's returns.
pub async fn show(
    deps: &Deps,
    officer: &Officer,
    fund: FundId,
) -> Result<Vec<(RoundId, Shown<RoundRow>)>, ServiceError> {
    let known = shown_of(deps, officer, fund).await?;
    let rounds = known.rounds.iter();
    Ok(rounds
        .map(|round| (round.id, Shown::of(rows::round(round, &known))))
        .collect())
}

/// Adds a round to a fund.
///
/// # Errors
/// Every problem with a field.
pub async fn add_round(
    deps: &Deps,
    officer: &Officer,
    fund: FundId,
    fields: &RoundRow,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let row = RoundRow {
        fund: Some(register::get_fund(&deps.store.read(), fund).await?.key),
        ..fields.clone()
    };
    let adding = Adding { fund, row, key: "key" };
    Ok(add(deps, officer, adding, now).await?.1)
}

/// Changes a round of a fund.
///
/// # Errors
/// Every problem with a field; a conflict when somebody else changed it since it was shown.
pub async fn change_round(
    deps: &Deps,
    officer: &Officer,
    (fund, id): (FundId, RoundId),
    typed: &Shown<RoundRow>,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let known = shown_of(deps, officer, fund).await?;
    let round = known.rounds.by_id(id).ok_or(ServiceError::NotFound)?;
    let row = RoundRow {
        fund: Some(known.fund_key(fund)),
        key: round.key.clone(),
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

fn stands(known: &Known, row: &RoundRow) -> Option<RoundRow> {
    let fund = known.funds.get(row.fund.as_ref()?)?;
    let round = known.rounds.get(&(fund.id, row.key.clone()))?;
    Some(rows::round(round, known))
}
