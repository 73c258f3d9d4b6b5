//! Published forms: the file of each version, as it was published.
//!
//! Invariant: a version never changes; publishing the same file again does nothing.

use chrono::{DateTime, Utc};
use countersign_domain::ledger::Digest;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::connection::sealed::Raw;
use super::convert::{count, micros, parsed};
use super::rows::register::form::{Column, Entity, Model};
use super::{Connection, Constraint, StoreError, WriteTx};

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedForm {
    /// The form's id.
    pub id: String,
    /// The version.
    pub version: u32,
    /// SHA-256 of the file.
    pub digest: Digest,
    /// The file.
    pub source: String,
    /// When it was published.
    pub published_at: DateTime<Utc>,
}

/// Publishes a version. True when it was new; false when the same file was published before.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`Constraint::FormVersion`] when another file was published as this version.
pub async fn publish_form(
    tx: &WriteTx,
    id: &str,
    version: u32,
    digest: Digest,
    source: &str,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row = Model {
        id: id.to_owned(),
        version: i64::from(version),
        digest: digest.to_string(),
        source: source.to_owned(),
        published_at: micros(at),
    };
    let once = OnConflict::columns([Column::Id, Column::Version])
        .do_nothing()
        .to_owned();
    if Entity::insert(row.into_active_model())
        .on_conflict(once)
        .exec_without_returning(tx.raw())
        .await?
        == 1
    {
        return Ok(true);
    }
    match form_source(tx, id, version).await? {
        Some((_, there)) if there == digest => Ok(false),
        _ => Err(StoreError::Duplicate {
            constraint: Constraint::FormVersion,
        }),
    }
}

/// The file of a version, with its digest.
///
/// # Errors
/// When the database cannot be read.
pub async fn form_source(c: &impl Connection, id: &str, version: u32) -> Result<Option<(String, Digest)>, StoreError> {
    let row = Entity::find_by_id((id.to_owned(), i64::from(version)))
        .one(c.raw())
        .await?;
    row.map(|row| Ok((row.source, parsed("a form's digest", &row.digest)?)))
        .transpose()
}

/// The latest version of a form, with its file.
///
/// # Errors
/// When the database cannot be read.
pub async fn latest_form(c: &impl Connection, id: &str) -> Result<Option<(u32, String)>, StoreError> {
    let find = Entity::find().filter(Column::Id.eq(id)).order_by_desc(Column::Version);
    let row = find.one(c.raw()).await?;
    row.map(|row| Ok((count("a form's version", row.version)?, row.source)))
        .transpose()
}

/// Every published version of every form, by id and version.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_forms(c: &impl Connection) -> Result<Vec<PublishedForm>, StoreError> {
    let rows = Entity::find()
        .order_by_asc(Column::Id)
        .order_by_asc(Column::Version)
        .all(c.raw())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(PublishedForm {
                id: row.id,
                version: count("a form's version", row.version)?,
                digest: parsed("a form's digest", &row.digest)?,
                source: row.source,
                published_at: row.published_at,
            })
        })
        .collect()
}
