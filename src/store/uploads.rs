//! Documents handed in with a return, known by the digest of their bytes.
//!
//! Invariant: the bytes are elsewhere; the same document under the same name is one row.

use chrono::{DateTime, Utc};
use countersign_domain::answers::types::FileRef;
use countersign_domain::ids::{PersonId, ReturnId};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::connection::sealed::Raw;
use super::convert::{column, micros, size};
use super::rows::returns::upload::{Column, Entity, Model};
use super::{Connection, StoreError, WriteTx};

/// Records a document. Handing the same one in again changes nothing.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert_upload(
    tx: &WriteTx,
    of: ReturnId,
    file: &FileRef,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = Model {
        return_id: of.uuid(),
        digest: file.digest.clone(),
        name: file.name.clone(),
        size: column("a document's size", file.size)?,
        media: file.media.clone(),
        uploaded_by: by.uuid(),
        uploaded_at: micros(at),
    };
    let once = OnConflict::columns([Column::ReturnId, Column::Digest, Column::Name])
        .do_nothing()
        .to_owned();
    Entity::insert(row.into_active_model())
        .on_conflict(once)
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// The documents of a return, in the order in which they were handed in.
///
/// # Errors
/// When the database cannot be read.
pub async fn uploads_of(c: &impl Connection, of: ReturnId) -> Result<Vec<FileRef>, StoreError> {
    let find = Entity::find().filter(Column::ReturnId.eq(of.uuid()));
    let find = find
        .order_by_asc(Column::UploadedAt)
        .order_by_asc(Column::Digest)
        .order_by_asc(Column::Name);
    find.all(c.raw()).await?.into_iter().map(from_row).collect()
}

/// How many bytes a return's documents have together, each counted as often as it was named.
///
/// # Errors
/// When the database cannot be read.
pub async fn bytes_of_return(c: &impl Connection, of: ReturnId) -> Result<u64, StoreError> {
    // A return has few documents, and a sum of theirs would have another type on each database.
    Ok(uploads_of(c, of)
        .await?
        .iter()
        .fold(0_u64, |sum, file| sum.saturating_add(file.size)))
}

fn from_row(row: Model) -> Result<FileRef, StoreError> {
    Ok(FileRef {
        digest: row.digest,
        name: row.name,
        size: size("a document's size", row.size)?,
        media: row.media,
    })
}
