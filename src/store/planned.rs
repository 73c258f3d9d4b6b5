//! Which row of a plan became which allocation.
//!
//! Invariant: written once for a row, and never changed: a correction of the plan changes the allocation, not another.

use countersign_domain::ids::{AllocationId, ReturnId};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::connection::sealed::Raw;
use super::rows::decisions::planned::{Column, Entity, Model};
use super::{Connection, StoreError, WriteTx};

/// A row of a plan, and its allocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRow {
    /// The return that planned it.
    pub return_id: ReturnId,
    /// The section's id.
    pub section: String,
    /// The row's number, as text.
    pub row: String,
    /// What it became.
    pub allocation: AllocationId,
}

/// Says which allocation a row became.
///
/// # Errors
/// [`StoreError::Duplicate`] when the row has one already, or the allocation has another row.
pub async fn insert_planned_row(tx: &WriteTx, new: &PlannedRow) -> Result<(), StoreError> {
    let row = Model {
        return_id: new.return_id.uuid(),
        section: new.section.clone(),
        row_key: new.row.clone(),
        allocation_id: new.allocation.uuid(),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// The rows of a return's plans that became allocations.
///
/// # Errors
/// When the database cannot be read.
pub async fn planned_rows_of(c: &impl Connection, of: ReturnId) -> Result<Vec<PlannedRow>, StoreError> {
    let find = Entity::find().filter(Column::ReturnId.eq(of.uuid()));
    let rows = find
        .order_by_asc(Column::Section)
        .order_by_asc(Column::RowKey)
        .all(c.raw())
        .await?;
    let read = |row: Model| PlannedRow {
        return_id: row.return_id.into(),
        section: row.section,
        row: row.row_key,
        allocation: row.allocation_id.into(),
    };
    Ok(rows.into_iter().map(read).collect())
}
