//! Virements: recorded by one person, decided once by another.

use countersign_domain::ids::{FundId, GrantId, VirementId};
use countersign_domain::money::Money;
use countersign_domain::register::{Virement, VirementDecision};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::allocations::grants_in;
use crate::store::connection::sealed::Raw;
use crate::store::convert::{both, guarded, micros};
use crate::store::rows::register::virement::{Column, Entity, Model};
use crate::store::{Connection, StoreError, WriteTx};

/// Records a virement.
///
/// # Errors
/// [`StoreError::Refused`] for an amount that is not above nought, or between an allocation and itself.
pub async fn insert_virement(tx: &WriteTx, new: &Virement) -> Result<(), StoreError> {
    let row = Model {
        id: new.id.uuid(),
        grant_id: new.grant.uuid(),
        from_allocation_id: new.from.uuid(),
        to_allocation_id: new.to.uuid(),
        amount: new.amount.in_pence(),
        reason: new.reason.clone(),
        recorded_by: new.recorded_by.uuid(),
        recorded_at: micros(new.recorded_at),
        approved: new.decision.as_ref().map(|decision| decision.approved),
        decided_by: new.decision.as_ref().map(|decision| decision.by.uuid()),
        decided_at: new.decision.as_ref().map(|decision| micros(decision.at)),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// One virement.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get_virement(c: &impl Connection, id: VirementId) -> Result<Virement, StoreError> {
    let row = Entity::find_by_id(id.uuid()).one(c.raw()).await?;
    from_row(row.ok_or(StoreError::NotFound { what: "virement" })?)
}

/// A grant's virements, decided or not, in the order in which they were recorded.
///
/// # Errors
/// When the database cannot be read.
pub async fn virements_of(c: &impl Connection, of: GrantId) -> Result<Vec<Virement>, StoreError> {
    let find = Entity::find().filter(Column::GrantId.eq(of.uuid()));
    let rows = find
        .order_by_asc(Column::RecordedAt)
        .order_by_asc(Column::Id)
        .all(c.raw())
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// The virements of a fund's grants, decided or not, in the order in which they were recorded.
///
/// # Errors
/// When the database cannot be read.
pub async fn virements_of_fund(c: &impl Connection, of: FundId) -> Result<Vec<Virement>, StoreError> {
    let find = Entity::find().filter(Column::GrantId.in_subquery(grants_in(of)));
    let rows = find
        .order_by_asc(Column::RecordedAt)
        .order_by_asc(Column::Id)
        .all(c.raw())
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Approves or refuses a virement.
///
/// # Errors
/// [`StoreError::Conflict`] when it was decided already; [`StoreError::Refused`] when whoever recorded it decides.
pub async fn decide_virement(tx: &WriteTx, id: VirementId, decision: &VirementDecision) -> Result<(), StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::Approved, Expr::value(decision.approved))
        .col_expr(Column::DecidedBy, Expr::value(decision.by.uuid()))
        .col_expr(Column::DecidedAt, Expr::value(micros(decision.at)))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::DecidedBy.is_null());
    guarded("virement", update.exec(tx.raw()).await?.rows_affected)
}

fn from_row(row: Model) -> Result<Virement, StoreError> {
    let by_and_at = both("a virement's decision", row.decided_by, row.decided_at)?;
    let decision =
        both("a virement's decision", row.approved, by_and_at)?.map(|(approved, (by, at))| VirementDecision {
            approved,
            by: by.into(),
            at,
        });
    Ok(Virement {
        id: row.id.into(),
        grant: row.grant_id.into(),
        from: row.from_allocation_id.into(),
        to: row.to_allocation_id.into(),
        amount: Money::pence(row.amount),
        reason: row.reason,
        recorded_by: row.recorded_by.into(),
        recorded_at: row.recorded_at,
        decision,
    })
}
