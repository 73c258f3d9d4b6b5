//! The ledger: every event a leaf, appended in the transaction of the act that it records.
//!
//! Invariant: positions have no gaps; the frontier always belongs to the leaves before it; nothing is changed or removed,
//! but for the erasure of a leaf's salt and body, which its hash does not cover.

use chrono::{DateTime, Utc};
use countersign_domain::ledger::Digest;
use countersign_domain::ledger::tree::Frontier;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use super::connection::sealed::Raw;
use super::convert::{column, guarded, micros, parsed, size, unreadable};
use super::rows::ledger::{checkpoint, head, leaf};
use super::{Connection, StoreError, WriteTx};

/// The one row of the head.
const HEAD: i64 = 1;

/// A leaf as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafRow {
    /// Its place, from nought.
    pub index: u64,
    /// Canonical JSON: what is hashed.
    pub leaf: String,
    /// The hash of the leaf.
    pub hash: Digest,
    /// What the commitment was salted with; none once erased.
    pub salt: Option<Vec<u8>>,
    /// What was committed to; none once erased.
    pub body: Option<String>,
}

/// A signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many leaves it covers.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
    /// The signed note.
    pub note: String,
    /// When it was made.
    pub at: DateTime<Utc>,
}

/// Appends a leaf with its hash, and gives its place.
///
/// Appenders wait for one another here until the transaction ends, so that it belongs near the end of one.
///
/// # Errors
/// [`StoreError::Conflict`] when another appender was first all the same.
pub async fn append(tx: &WriteTx, leaf: &str, salt: &[u8], body: &str, hash: Digest) -> Result<u64, StoreError> {
    // PostgreSQL locks the row; SQLite has one writer and no such clause.
    let row = head::Entity::find_by_id(HEAD).lock_exclusive().one(tx.raw()).await?;
    let mut frontier = read_frontier(row)?;
    let was = column("the ledger's size", frontier.size())?;
    let index = frontier.append(hash);
    let row = leaf::Model {
        position: column("a leaf's place", index)?,
        leaf: leaf.to_owned(),
        hash: hash.to_string(),
        salt: Some(salt.to_vec()),
        body: Some(body.to_owned()),
    };
    leaf::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    let peaks: Vec<String> = frontier.peaks().iter().map(Digest::to_string).collect();
    let update = head::Entity::update_many()
        .col_expr(
            head::Column::Size,
            Expr::value(column("the ledger's size", frontier.size())?),
        )
        .col_expr(head::Column::Frontier, Expr::value(peaks.join(" ")))
        .filter(head::Column::Id.eq(HEAD))
        .filter(head::Column::Size.eq(was));
    guarded("ledger", update.exec(tx.raw()).await?.rows_affected)?;
    Ok(index)
}

/// Where the ledger stands: its size, and what its root is made of.
///
/// # Errors
/// [`StoreError::Unreadable`] when the two do not belong together.
pub async fn head(c: &impl Connection) -> Result<Frontier, StoreError> {
    read_frontier(head::Entity::find_by_id(HEAD).one(c.raw()).await?)
}

/// Up to `limit` leaves from a place on.
///
/// # Errors
/// When the database cannot be read.
pub async fn leaves(c: &impl Connection, from: u64, limit: u64) -> Result<Vec<LeafRow>, StoreError> {
    let find = leaf::Entity::find().filter(leaf::Column::Position.gte(column("a leaf's place", from)?));
    let rows = find
        .order_by_asc(leaf::Column::Position)
        .limit(limit)
        .all(c.raw())
        .await?;
    rows.into_iter().map(read_leaf).collect()
}

/// Erases what a leaf committed to. The leaf and its hash stay, and the ledger still verifies.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such leaf.
pub async fn erase(tx: &WriteTx, index: u64) -> Result<(), StoreError> {
    let update = leaf::Entity::update_many()
        .col_expr(leaf::Column::Salt, Expr::value(None::<Vec<u8>>))
        .col_expr(leaf::Column::Body, Expr::value(None::<String>))
        .filter(leaf::Column::Position.eq(column("a leaf's place", index)?));
    match update.exec(tx.raw()).await?.rows_affected {
        1 => Ok(()),
        _ => Err(StoreError::NotFound { what: "leaf" }),
    }
}

/// Keeps a signed checkpoint.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`super::Constraint::CheckpointSize`] when there is one of that size.
pub async fn insert_checkpoint(
    tx: &WriteTx,
    size: u64,
    root: Digest,
    note: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = checkpoint::Model {
        size: column("a checkpoint's size", size)?,
        root: root.to_string(),
        note: note.to_owned(),
        made_at: micros(at),
    };
    checkpoint::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// The checkpoint that covers most.
///
/// # Errors
/// When the database cannot be read.
pub async fn latest_checkpoint(c: &impl Connection) -> Result<Option<Checkpoint>, StoreError> {
    let row = checkpoint::Entity::find()
        .order_by_desc(checkpoint::Column::Size)
        .one(c.raw())
        .await?;
    row.map(read_checkpoint).transpose()
}

/// Every checkpoint, the smallest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn checkpoints(c: &impl Connection) -> Result<Vec<Checkpoint>, StoreError> {
    let rows = checkpoint::Entity::find()
        .order_by_asc(checkpoint::Column::Size)
        .all(c.raw())
        .await?;
    rows.into_iter().map(read_checkpoint).collect()
}

fn read_frontier(row: Option<head::Model>) -> Result<Frontier, StoreError> {
    let row = row.ok_or(StoreError::NotFound {
        what: "head of the ledger",
    })?;
    let peaks = row
        .frontier
        .split_whitespace()
        .map(|peak| parsed("the ledger's frontier", peak));
    let peaks = peaks.collect::<Result<Vec<Digest>, _>>()?;
    Frontier::from_parts(size("the ledger's size", row.size)?, peaks)
        .map_err(|why| unreadable("the ledger's frontier", why))
}

fn read_leaf(row: leaf::Model) -> Result<LeafRow, StoreError> {
    Ok(LeafRow {
        index: size("a leaf's place", row.position)?,
        leaf: row.leaf,
        hash: parsed("a leaf's hash", &row.hash)?,
        salt: row.salt,
        body: row.body,
    })
}

fn read_checkpoint(row: checkpoint::Model) -> Result<Checkpoint, StoreError> {
    Ok(Checkpoint {
        size: size("a checkpoint's size", row.size)?,
        root: parsed("a checkpoint's root", &row.root)?,
        note: row.note,
        at: row.made_at,
    })
}
