//! Sessions: found by the digest of their cookie, ended at once.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{LinkId, PersonId};
use countersign_domain::returns::{Session, SessionKind};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::store::connection::sealed::Raw;
use crate::store::convert::{guarded, micros, unreadable};
use crate::store::rows::access::session::{Column, Entity, Model};
use crate::store::{Connection, StoreError, WriteTx};

/// Begins a session.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::SessionToken`] when the digest is there already.
pub async fn insert_session(tx: &WriteTx, new: &Session) -> Result<(), StoreError> {
    let (kind, link_id) = kind_columns(new.kind);
    let row = Model {
        digest: new.digest.clone(),
        person_id: new.person.uuid(),
        kind: kind.to_owned(),
        link_id,
        csrf: new.csrf.clone(),
        started_at: micros(new.started_at),
        seen_at: micros(new.seen_at),
        expires_at: micros(new.expires_at),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// The session of this digest, past its time or not.
///
/// # Errors
/// When the database cannot be read.
pub async fn find_session(c: &impl Connection, digest: &str) -> Result<Option<Session>, StoreError> {
    Entity::find_by_id(digest).one(c.raw()).await?.map(from_row).transpose()
}

/// Notes that a session was used. Nothing happens when it has ended.
///
/// # Errors
/// When the database cannot be written.
pub async fn touch_session(tx: &WriteTx, digest: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::SeenAt, Expr::value(micros(at)))
        .filter(Column::Digest.eq(digest));
    update.exec(tx.raw()).await?;
    Ok(())
}

/// Makes a session of another kind, as when the second factor has been given.
///
/// # Errors
/// [`StoreError::Conflict`] when it has ended.
pub async fn raise_session(tx: &WriteTx, digest: &str, kind: SessionKind) -> Result<(), StoreError> {
    let (kind, link_id) = kind_columns(kind);
    let update = Entity::update_many()
        .col_expr(Column::Kind, Expr::value(kind))
        .col_expr(Column::LinkId, Expr::value(link_id))
        .filter(Column::Digest.eq(digest));
    guarded("session", update.exec(tx.raw()).await?.rows_affected)
}

/// Ends a session. Nothing happens when it has ended.
///
/// # Errors
/// When the database cannot be written.
pub async fn end_session(tx: &WriteTx, digest: &str) -> Result<(), StoreError> {
    Entity::delete_by_id(digest).exec(tx.raw()).await?;
    Ok(())
}

/// Ends every session that began from a link, and says how many those were.
///
/// # Errors
/// When the database cannot be written.
pub async fn end_sessions_of_link(tx: &WriteTx, link: LinkId) -> Result<u64, StoreError> {
    Ok(Entity::delete_many()
        .filter(Column::LinkId.eq(link.uuid()))
        .exec(tx.raw())
        .await?
        .rows_affected)
}

/// Ends every session of a person, and says how many those were.
///
/// # Errors
/// When the database cannot be written.
pub async fn end_sessions_of_person(tx: &WriteTx, person: PersonId) -> Result<u64, StoreError> {
    Ok(Entity::delete_many()
        .filter(Column::PersonId.eq(person.uuid()))
        .exec(tx.raw())
        .await?
        .rows_affected)
}

/// Forgets sessions whose time was up before this moment, and says how many those were.
///
/// # Errors
/// When the database cannot be written.
pub async fn forget_sessions_before(tx: &WriteTx, at: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(Entity::delete_many()
        .filter(Column::ExpiresAt.lt(micros(at)))
        .exec(tx.raw())
        .await?
        .rows_affected)
}

fn kind_columns(kind: SessionKind) -> (&'static str, Option<Uuid>) {
    match kind {
        SessionKind::Provider(link) => ("provider", Some(link.uuid())),
        SessionKind::Office { second_factor: false } => ("office", None),
        SessionKind::Office { second_factor: true } => ("office-second-factor", None),
    }
}

fn from_row(row: Model) -> Result<Session, StoreError> {
    let kind = match (row.kind.as_str(), row.link_id) {
        ("provider", Some(link)) => SessionKind::Provider(link.into()),
        ("office", None) => SessionKind::Office { second_factor: false },
        ("office-second-factor", None) => SessionKind::Office { second_factor: true },
        (other, _) => return Err(unreadable("a session's kind", other)),
    };
    Ok(Session {
        digest: row.digest,
        person: row.person_id.into(),
        kind,
        csrf: row.csrf,
        started_at: row.started_at,
        seen_at: row.seen_at,
        expires_at: row.expires_at,
    })
}
