//! A fund's title, total and limits, its priorities and the titles of its offices.
//!
//! Invariant: a fund is added by whoever runs the server, never here; its key and its commissioner stay.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{FundId, OfficeId};

use super::{Adding, Changing, Edited, Shown, add, change, shown_of};
use crate::service::register::file::{FundRow, OfficeRow, PriorityRow};
use crate::service::register::known::{Known, one};
use crate::service::register::rows;
use crate::service::{Deps, Officer, ServiceError};
use crate::store::register;

/// A fund as it stands.
///
/// # Errors
/// [`ServiceError::NotFound`], or a refusal for whoever does not review its returns.
pub async fn show(deps: &Deps, officer: &Officer, id: FundId) -> Result<Shown<FundRow>, ServiceError> {
    let known = shown_of(deps, officer, id).await?;
    let fund = known.funds.by_id(id).ok_or(ServiceError::NotFound)?;
    Ok(Shown::of(rows::fund(fund, &known)))
}

fn stands(known: &Known, row: &FundRow) -> Option<FundRow> {
    known.funds.get(&one(&row.key)).map(|fund| rows::fund(fund, known))
}

/// Changes a fund.
///
/// # Errors
/// Every problem with a field; a conflict when somebody else changed it since it was shown.
pub async fn change_fund(
    deps: &Deps,
    officer: &Officer,
    id: FundId,
    typed: &Shown<FundRow>,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let shown = show(deps, officer, id).await?.fields;
    let row = FundRow {
        key: shown.key,
        commissioner: shown.commissioner,
        ..typed.fields.clone()
    };
    let changing = Changing {
        fund: id,
        row,
        stamp: typed.stamp.clone(),
        now: stands,
    };
    change(deps, officer, changing, now).await
}

/// Adds a priority to a fund, after those it has.
///
/// # Errors
/// Every problem with a field.
pub async fn add_priority(
    deps: &Deps,
    officer: &Officer,
    fund: FundId,
    fields: &PriorityRow,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let key = register::get_fund(&deps.store.read(), fund).await?.key;
    let row = PriorityRow {
        fund: Some(key),
        ..fields.clone()
    };
    let adding = Adding { fund, row, key: "key" };
    Ok(add(deps, officer, adding, now).await?.1)
}

/// Adds an office to a fund.
///
/// # Errors
/// Every problem with a field.
pub async fn add_office(
    deps: &Deps,
    officer: &Officer,
    fund: FundId,
    fields: &OfficeRow,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let key = register::get_fund(&deps.store.read(), fund).await?.key;
    let row = OfficeRow {
        fund: Some(key),
        ..fields.clone()
    };
    let adding = Adding { fund, row, key: "key" };
    Ok(add(deps, officer, adding, now).await?.1)
}

/// Gives a priority another title.
///
/// # Errors
/// Every problem with a field; a conflict when somebody else changed it since it was shown.
pub async fn change_priority(
    deps: &Deps,
    officer: &Officer,
    (fund, key): (FundId, &str),
    typed: &Shown<PriorityRow>,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let stands = show_priority(deps, officer, fund, key).await?.fields;
    let changing = Changing {
        fund,
        row: PriorityRow {
            title: typed.fields.title.clone(),
            ..stands
        },
        stamp: typed.stamp.clone(),
        now: |known, row| priority(known, row.fund.as_ref()?, &row.key),
    };
    change(deps, officer, changing, now).await
}

/// A priority as it stands.
///
/// # Errors
/// [`ServiceError::NotFound`], or a refusal for whoever does not review the fund's returns.
pub async fn show_priority(
    deps: &Deps,
    officer: &Officer,
    fund: FundId,
    key: &str,
) -> Result<Shown<PriorityRow>, ServiceError> {
    let known = shown_of(deps, officer, fund).await?;
    let found = priority(&known, &known.fund_key(fund), key);
    found.map(Shown::of).ok_or(ServiceError::NotFound)
}

fn priority(known: &Known, fund: &str, key: &str) -> Option<PriorityRow> {
    let (key, title) = known
        .funds
        .get(&one(fund))?
        .priorities
        .iter()
        .find(|(known, _)| known == key)?;
    Some(rows::priority(&(fund.to_owned(), key.clone(), title.clone()), known))
}

/// Gives an office another title.
///
/// # Errors
/// Every problem with a field; a conflict when somebody else changed it since it was shown.
pub async fn change_office(
    deps: &Deps,
    officer: &Officer,
    (fund, id): (FundId, OfficeId),
    typed: &Shown<OfficeRow>,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let stands = show_office(deps, officer, fund, id).await?.fields;
    let changing = Changing {
        fund,
        row: OfficeRow {
            title: typed.fields.title.clone(),
            ..stands
        },
        stamp: typed.stamp.clone(),
        now: office_stands,
    };
    change(deps, officer, changing, now).await
}

/// An office as it stands.
///
/// # Errors
/// [`ServiceError::NotFound`], or a refusal for whoever does not review the fund's returns.
pub async fn show_office(
    deps: &Deps,
    officer: &Officer,
    fund: FundId,
    id: OfficeId,
) -> Result<Shown<OfficeRow>, ServiceError> {
    let known = shown_of(deps, officer, fund).await?;
    let found = known.offices.by_id(id).ok_or(ServiceError::NotFound)?;
    Ok(Shown::of(rows::office(found, &known)))
}

fn office_stands(known: &Known, row: &OfficeRow) -> Option<OfficeRow> {
    let fund = known.funds.get(&one(row.fund.as_ref()?))?;
    let office = known.offices.get(&(fund.id, row.key.clone()))?;
    Some(rows::office(office, known))
}
