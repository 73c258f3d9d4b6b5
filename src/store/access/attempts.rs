//! Attempts, counted by limits that must hold across replicas.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::store::connection::sealed::Raw;
use crate::store::convert::micros;
use crate::store::rows::access::attempt::{ActiveModel, Column, Entity};
use crate::store::{Connection, StoreError, WriteTx};

/// Counts an attempt of a kind. `subject` is a digest of the address that is limited.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert_attempt(tx: &WriteTx, kind: &str, subject: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: NotSet,
        kind: Set(kind.to_owned()),
        subject: Set(subject.to_owned()),
        attempted_at: Set(micros(at)),
    };
    Entity::insert(row).exec_without_returning(tx.raw()).await?;
    Ok(())
}

/// How many attempts there were at or after this moment.
///
/// # Errors
/// When the database cannot be read.
pub async fn attempts_since(
    c: &impl Connection,
    kind: &str,
    subject: &str,
    since: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let find = Entity::find()
        .filter(Column::Kind.eq(kind))
        .filter(Column::Subject.eq(subject))
        .filter(Column::AttemptedAt.gte(micros(since)));
    Ok(find.count(c.raw()).await?)
}

/// Forgets attempts from before this moment, and says how many those were.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget_attempts_before(tx: &WriteTx, at: DateTime<Utc>) -> Result<u64, StoreError> {
    let delete = Entity::delete_many().filter(Column::AttemptedAt.lt(micros(at)));
    Ok(delete.exec(tx.raw()).await?.rows_affected)
}

/// Forgets the tries of one kind by one subject: it has shown that it is no stranger.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget_attempts_of(tx: &WriteTx, kind: &str, subject: &str) -> Result<u64, StoreError> {
    let delete = Entity::delete_many()
        .filter(Column::Kind.eq(kind))
        .filter(Column::Subject.eq(subject));
    Ok(delete.exec(tx.raw()).await?.rows_affected)
}
