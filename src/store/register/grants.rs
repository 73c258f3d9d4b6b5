//! Grants.
//!
//! Invariant: a grant changes only under the amounts that were read.

use std::collections::BTreeSet;

use countersign_domain::ids::{FundId, GrantId, RoundId};
use countersign_domain::money::Money;
use countersign_domain::register::Grant;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use crate::store::connection::sealed::Raw;
use crate::store::convert::guarded;
use crate::store::rows::register::grant;
use crate::store::{Connection, StoreError, WriteTx};

/// Adds a grant.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::GrantReference`].
pub async fn insert_grant(tx: &WriteTx, new: &Grant) -> Result<(), StoreError> {
    grant::Entity::insert(grant_row(new).into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Writes a grant over what was read of it; its reference stays.
///
/// # Errors
/// [`StoreError::Conflict`] when its amounts are no longer what was read; [`StoreError::Refused`] for an amount below
/// nought or an end before the start.
pub async fn update_grant(tx: &WriteTx, new: &Grant, was: &Grant) -> Result<(), StoreError> {
    let change = grant::ActiveModel {
        id: NotSet,
        reference: NotSet,
        ..grant_row(new).into_active_model().reset_all()
    };
    let update = grant::Entity::update_many()
        .set(change)
        .filter(grant::Column::Id.eq(new.id.uuid()))
        .filter(grant::Column::Amount.eq(was.amount.in_pence()))
        .filter(grant::Column::CarriedForward.eq(was.carried_forward.in_pence()));
    guarded("grant", update.exec(tx.raw()).await?.rows_affected)
}

fn grant_row(new: &Grant) -> grant::Model {
    grant::Model {
        id: new.id.uuid(),
        fund_id: new.fund.uuid(),
        organisation_id: new.organisation.uuid(),
        reference: new.reference.clone(),
        title: new.title.clone(),
        amount: new.amount.in_pence(),
        carried_forward: new.carried_forward.in_pence(),
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        round_id: new.round.map(RoundId::uuid),
        conditions: new.conditions.clone(),
        held_back: new.held_back.in_pence(),
        held_back_for: new.held_back_for.clone(),
    }
}

/// One grant.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get_grant(c: &impl Connection, id: GrantId) -> Result<Grant, StoreError> {
    let row = grant::Entity::find_by_id(id.uuid()).one(c.raw()).await?;
    row.map(read_grant).ok_or(StoreError::NotFound { what: "grant" })
}

/// The grant that people quote by this reference.
///
/// # Errors
/// When the database cannot be read.
pub async fn grant_by_reference(c: &impl Connection, reference: &str) -> Result<Option<Grant>, StoreError> {
    let find = grant::Entity::find().filter(grant::Column::Reference.eq(reference));
    Ok(find.one(c.raw()).await?.map(read_grant))
}

/// Every grant, by reference: a reference is there once, whatever the fund.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_grants(c: &impl Connection) -> Result<Vec<Grant>, StoreError> {
    let find = grant::Entity::find().order_by_asc(grant::Column::Reference);
    Ok(find.all(c.raw()).await?.into_iter().map(read_grant).collect())
}

/// Those of these grants that are there.
///
/// # Errors
/// When the database cannot be read.
pub async fn grants_named(c: &impl Connection, of: &BTreeSet<GrantId>) -> Result<Vec<Grant>, StoreError> {
    let find = grant::Entity::find().filter(grant::Column::Id.is_in(of.iter().map(|id| id.uuid())));
    Ok(find.all(c.raw()).await?.into_iter().map(read_grant).collect())
}

/// A fund's grants, by reference.
///
/// # Errors
/// When the database cannot be read.
pub async fn grants_of_fund(c: &impl Connection, of: FundId) -> Result<Vec<Grant>, StoreError> {
    let find = grant::Entity::find().filter(grant::Column::FundId.eq(of.uuid()));
    Ok(find
        .order_by_asc(grant::Column::Reference)
        .all(c.raw())
        .await?
        .into_iter()
        .map(read_grant)
        .collect())
}

fn read_grant(row: grant::Model) -> Grant {
    Grant {
        id: row.id.into(),
        fund: row.fund_id.into(),
        organisation: row.organisation_id.into(),
        reference: row.reference,
        title: row.title,
        amount: Money::pence(row.amount),
        carried_forward: Money::pence(row.carried_forward),
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        round: row.round_id.map(RoundId::from),
        conditions: row.conditions,
        held_back: Money::pence(row.held_back),
        held_back_for: row.held_back_for,
    }
}
