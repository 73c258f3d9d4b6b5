//! Organisations: added, and given another name.
//!
//! Invariant: an organisation keeps its key; one that several commissioners know is changed by the officers of any of
//! them.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{FundId, OrganisationId};

use super::{Adding, Changing, Edited, Shown, add, change, fund_for_organisation};
use crate::service::register::file::OrganisationRow;
use crate::service::register::known::Known;
use crate::service::register::rows;
use crate::service::register::{may_edit_organisation, reviews, write::Write};
use crate::service::{Deps, Officer, ServiceError};
use crate::store::register;

/// An organisation as it stands.
///
/// # Errors
/// [`ServiceError::NotFound`] when it belongs to funds whose returns the officer does not review.
pub async fn show(deps: &Deps, officer: &Officer, id: OrganisationId) -> Result<Shown<OrganisationRow>, ServiceError> {
    reviews(officer)?;
    let read = deps.store.read();
    if !may_edit_organisation(&read, officer, id).await? {
        return Err(ServiceError::NotFound);
    }
    let found = register::get_organisation(&read, id).await?;
    Ok(Shown::of(OrganisationRow {
        key: found.key,
        name: found.name,
    }))
}

/// Adds an organisation, on the pages of a fund.
///
/// # Errors
/// Every problem with a field.
pub async fn add_organisation(
    deps: &Deps,
    officer: &Officer,
    fund: FundId,
    fields: &OrganisationRow,
    now: DateTime<Utc>,
) -> Result<OrganisationId, ServiceError> {
    let row = fields.clone();
    match add(deps, officer, Adding { fund, row, key: "key" }, now).await? {
        (Write::Organisation(new, _), _) => Ok(new.id),
        (other, _) => Err(ServiceError::internal(format!(
            "an organisation was to be added, not {other:?}"
        ))),
    }
}

/// Gives an organisation another name.
///
/// # Errors
/// Every problem with a field; a conflict when somebody else changed it since it was shown.
pub async fn change_organisation(
    deps: &Deps,
    officer: &Officer,
    id: OrganisationId,
    typed: &Shown<OrganisationRow>,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let shown = show(deps, officer, id).await?.fields;
    let fund = fund_for_organisation(&deps.store.read(), officer, id).await?;
    let fund = fund.or_else(|| {
        officer
            .holders
            .iter()
            .find(|held| officer.chases(held.fund).is_ok())
            .map(|held| held.fund)
    });
    let changing = Changing {
        fund: fund.ok_or(ServiceError::NotFound)?,
        row: OrganisationRow {
            key: shown.key,
            name: typed.fields.name.clone(),
        },
        stamp: typed.stamp.clone(),
        now: stands,
    };
    change(deps, officer, changing, now).await
}

fn stands(known: &Known, row: &OrganisationRow) -> Option<OrganisationRow> {
    known
        .organisations
        .get(&row.key)
        .map(|found| rows::organisation(found, known))
}
