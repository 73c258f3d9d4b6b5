//! Moves of drafts from one version of their form to another, with what stood before and after.
//!
//! Invariant: a move is kept for good; it is undone once.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use countersign_domain::answers::types::{DraftSection, SectionKey};
use countersign_domain::ids::{PersonId, ReturnId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::connection::sealed::Raw;
use super::convert::{both, count, from_json, guarded, micros, to_json};
use super::rows::returns::moved::{Column, Entity, Model};
use super::{Connection, StoreError, WriteTx};

/// A draft by section.
pub type Sections = BTreeMap<SectionKey, DraftSection>;

/// A move of one return.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// Identity.
    pub id: Uuid,
    /// The return.
    pub return_id: ReturnId,
    /// The version of the form that it had.
    pub from_version: u32,
    /// The version that it was given.
    pub to_version: u32,
    /// The draft as it was.
    pub before: Sections,
    /// The draft as the move left it.
    pub after: Sections,
    /// Who moved it.
    pub moved_by: PersonId,
    /// When.
    pub moved_at: DateTime<Utc>,
    /// Who undid it, and when.
    pub undone: Option<(PersonId, DateTime<Utc>)>,
}

/// Keeps a move.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert_move(tx: &WriteTx, new: &Move) -> Result<(), StoreError> {
    let row = Model {
        id: new.id,
        return_id: new.return_id.uuid(),
        from_version: i64::from(new.from_version),
        to_version: i64::from(new.to_version),
        before: to_json("a draft", &new.before)?,
        after: to_json("a draft", &new.after)?,
        moved_by: new.moved_by.uuid(),
        moved_at: micros(new.moved_at),
        undone_by: new.undone.map(|(who, _)| who.uuid()),
        undone_at: new.undone.map(|(_, when)| micros(when)),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Every move of a return, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn moves_of(c: &impl Connection, of: ReturnId) -> Result<Vec<Move>, StoreError> {
    let find = Entity::find().filter(Column::ReturnId.eq(of.uuid()));
    let rows = find
        .order_by_asc(Column::MovedAt)
        .order_by_asc(Column::Id)
        .all(c.raw())
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Says that a move was undone.
///
/// # Errors
/// [`StoreError::Conflict`] when it was undone already.
pub async fn undo_move(tx: &WriteTx, id: Uuid, by: PersonId, at: DateTime<Utc>) -> Result<(), StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::UndoneBy, Expr::value(by.uuid()))
        .col_expr(Column::UndoneAt, Expr::value(micros(at)))
        .filter(Column::Id.eq(id))
        .filter(Column::UndoneAt.is_null());
    guarded("move", update.exec(tx.raw()).await?.rows_affected)
}

fn from_row(row: Model) -> Result<Move, StoreError> {
    Ok(Move {
        id: row.id,
        return_id: row.return_id.into(),
        from_version: count("a move's version", row.from_version)?,
        to_version: count("a move's version", row.to_version)?,
        before: from_json("a draft", &row.before)?,
        after: from_json("a draft", &row.after)?,
        moved_by: row.moved_by.into(),
        moved_at: row.moved_at,
        undone: both("a move's undoing", row.undone_by, row.undone_at)?.map(|(who, when)| (who.into(), when)),
    })
}
