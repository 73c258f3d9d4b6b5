//! Links: each for one person and one return, revoked at once.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{LinkId, ReturnId};
use countersign_domain::returns::Link;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use crate::store::connection::sealed::Raw;
use crate::store::convert::{both, micros};
use crate::store::rows::access::link::{Column, Entity, Model};
use crate::store::{Connection, StoreError, WriteTx};

/// Keeps a link under the digest of its token.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::LinkToken`] when the digest is there already.
pub async fn insert_link(tx: &WriteTx, new: &Link, token_digest: &str) -> Result<(), StoreError> {
    let row = Model {
        id: new.id.uuid(),
        return_id: new.return_id.uuid(),
        person_id: new.person.uuid(),
        token_digest: token_digest.to_owned(),
        issued_at: micros(new.issued_at),
        expires_at: micros(new.expires_at),
        revoked_at: new.revoked.as_ref().map(|(at, _)| micros(*at)),
        revoked_reason: new.revoked.as_ref().map(|(_, why)| why.clone()),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// The link of this token digest, good or not.
///
/// # Errors
/// When the database cannot be read.
pub async fn find_link(c: &impl Connection, token_digest: &str) -> Result<Option<Link>, StoreError> {
    let row = Entity::find()
        .filter(Column::TokenDigest.eq(token_digest))
        .one(c.raw())
        .await?;
    row.map(from_row).transpose()
}

/// One link.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get_link(c: &impl Connection, id: LinkId) -> Result<Link, StoreError> {
    let row = Entity::find_by_id(id.uuid()).one(c.raw()).await?;
    from_row(row.ok_or(StoreError::NotFound { what: "link" })?)
}

/// Every link to a return, good or not, in the order in which they were made.
///
/// # Errors
/// When the database cannot be read.
pub async fn links_of(c: &impl Connection, of: ReturnId) -> Result<Vec<Link>, StoreError> {
    let find = Entity::find().filter(Column::ReturnId.eq(of.uuid()));
    let rows = find
        .order_by_asc(Column::IssuedAt)
        .order_by_asc(Column::Id)
        .all(c.raw())
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Revokes a link. False when it was revoked before: the first reason stays.
///
/// # Errors
/// When the database cannot be written.
pub async fn revoke_link(tx: &WriteTx, id: LinkId, at: DateTime<Utc>, why: &str) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(micros(at)))
        .col_expr(Column::RevokedReason, Expr::value(why))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::RevokedAt.is_null());
    Ok(update.exec(tx.raw()).await?.rows_affected == 1)
}

fn from_row(row: Model) -> Result<Link, StoreError> {
    Ok(Link {
        id: row.id.into(),
        return_id: row.return_id.into(),
        person: row.person_id.into(),
        issued_at: row.issued_at,
        expires_at: row.expires_at,
        revoked: both("a link's revocation", row.revoked_at, row.revoked_reason)?,
    })
}
