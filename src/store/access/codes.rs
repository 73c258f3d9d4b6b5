//! Sign-in codes: good once, for a while, for a few tries.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{CodeId, PersonId};
use countersign_domain::returns::SignInCode;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder};

use crate::store::connection::sealed::Raw;
use crate::store::convert::micros;
use crate::store::rows::access::code::{Column, Entity, Model};
use crate::store::{Connection, StoreError, WriteTx};

/// Keeps that a code was made. The code itself is nowhere.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert_code(tx: &WriteTx, new: &SignInCode) -> Result<(), StoreError> {
    let row = Model {
        id: new.id.uuid(),
        person_id: new.person.uuid(),
        issued_at: micros(new.issued_at),
        expires_at: micros(new.expires_at),
        tries: new.tries,
        used_at: new.used_at.map(micros),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// A person's codes that are neither used nor past their time, the newest first. How many tries each has is in it.
///
/// # Errors
/// When the database cannot be read.
pub async fn live_codes(c: &impl Connection, of: PersonId, now: DateTime<Utc>) -> Result<Vec<SignInCode>, StoreError> {
    let find = Entity::find()
        .filter(Column::PersonId.eq(of.uuid()))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gte(micros(now)));
    let rows = find
        .order_by_desc(Column::IssuedAt)
        .order_by_desc(Column::Id)
        .all(c.raw())
        .await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// Counts a wrong try, and says how many there were with it.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn count_try(tx: &WriteTx, id: CodeId) -> Result<i32, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
        .filter(Column::Id.eq(id.uuid()));
    let rows = update.exec_with_returning(tx.raw()).await?;
    rows.first()
        .map(|row| row.tries)
        .ok_or(StoreError::NotFound { what: "code" })
}

/// Uses a code. False when it was used already or is past its time.
///
/// # Errors
/// When the database cannot be written.
pub async fn use_code(tx: &WriteTx, id: CodeId, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(micros(at)))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gte(micros(at)));
    Ok(update.exec(tx.raw()).await?.rows_affected == 1)
}

/// How many codes were made for a person at or after this moment.
///
/// # Errors
/// When the database cannot be read.
pub async fn codes_since(c: &impl Connection, of: PersonId, since: DateTime<Utc>) -> Result<u64, StoreError> {
    let find = Entity::find()
        .filter(Column::PersonId.eq(of.uuid()))
        .filter(Column::IssuedAt.gte(micros(since)));
    Ok(find.count(c.raw()).await?)
}

fn from_row(row: Model) -> SignInCode {
    SignInCode {
        id: row.id.into(),
        person: row.person_id.into(),
        issued_at: row.issued_at,
        expires_at: row.expires_at,
        tries: row.tries,
        used_at: row.used_at,
    }
}
