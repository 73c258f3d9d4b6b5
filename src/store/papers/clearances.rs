//! Stories that were cleared for a paper.
//!
//! Invariant: a clearance is only ever added, and withdrawn once; what was withdrawn may be cleared again.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{PaperId, PersonId};
use countersign_domain::paper::Clearance;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};

use crate::store::connection::sealed::Raw;
use crate::store::convert::{both, count, guarded, micros};
use crate::store::rows::papers::clearance::{Column, Entity, Model};
use crate::store::{Connection, Constraint, StoreError, WriteTx};

/// Clears a story for a paper. False, and nothing written, when it is cleared already.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else cleared it at the same moment; [`StoreError::Refused`] when there is no such
/// revision.
pub async fn clear(tx: &WriteTx, new: &Clearance) -> Result<bool, StoreError> {
    let last = of_place(new).order_by_desc(Column::Nth).one(tx.raw()).await?;
    if last.as_ref().is_some_and(|last| last.withdrawn_at.is_none()) {
        return Ok(false);
    }
    let row = Model {
        paper_id: new.paper.uuid(),
        return_id: new.return_id.uuid(),
        revision: i64::from(new.revision),
        place: new.place.clone(),
        nth: last.map_or(0, |last| last.nth) + 1,
        cleared_by: new.by.uuid(),
        cleared_at: micros(new.at),
        withdrawn_by: new.withdrawn.map(|(by, _)| by.uuid()),
        withdrawn_at: new.withdrawn.map(|(_, at)| micros(at)),
    };
    let written = Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await;
    match written.map_err(StoreError::from) {
        Err(error) if error.is_duplicate_of(Constraint::ClearanceOnce) => {
            Err(StoreError::Conflict { what: "clearance" })
        }
        other => other.map(|_| true),
    }
}

/// Withdraws a clearance that stands.
///
/// # Errors
/// [`StoreError::Conflict`] when the story is not cleared, or no longer.
pub async fn withdraw(tx: &WriteTx, of: &Clearance, by: PersonId, at: DateTime<Utc>) -> Result<(), StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::WithdrawnBy, Expr::value(by.uuid()))
        .col_expr(Column::WithdrawnAt, Expr::value(micros(at)))
        .filter(Column::PaperId.eq(of.paper.uuid()))
        .filter(Column::ReturnId.eq(of.return_id.uuid()))
        .filter(Column::Revision.eq(i64::from(of.revision)))
        .filter(Column::Place.eq(of.place.as_str()))
        .filter(Column::WithdrawnAt.is_null());
    guarded("clearance", update.exec(tx.raw()).await?.rows_affected)
}

/// Every clearance for a paper, withdrawn ones too, in the order in which they were given.
///
/// # Errors
/// When the database cannot be read.
pub async fn clearances_of(c: &impl Connection, of: PaperId) -> Result<Vec<Clearance>, StoreError> {
    let rows = Entity::find()
        .filter(Column::PaperId.eq(of.uuid()))
        .order_by_asc(Column::ClearedAt)
        .order_by_asc(Column::ReturnId)
        .order_by_asc(Column::Revision)
        .order_by_asc(Column::Place)
        .order_by_asc(Column::Nth)
        .all(c.raw())
        .await?;
    rows.into_iter().map(from_row).collect()
}

fn of_place(of: &Clearance) -> Select<Entity> {
    Entity::find()
        .filter(Column::PaperId.eq(of.paper.uuid()))
        .filter(Column::ReturnId.eq(of.return_id.uuid()))
        .filter(Column::Revision.eq(i64::from(of.revision)))
        .filter(Column::Place.eq(of.place.as_str()))
}

fn from_row(row: Model) -> Result<Clearance, StoreError> {
    let withdrawn = both("a clearance's withdrawal", row.withdrawn_by, row.withdrawn_at)?;
    Ok(Clearance {
        paper: row.paper_id.into(),
        return_id: row.return_id.into(),
        revision: count("a clearance's revision", row.revision)?,
        place: row.place,
        by: row.cleared_by.into(),
        at: row.cleared_at,
        withdrawn: withdrawn.map(|(by, at)| (by.into(), at)),
    })
}
