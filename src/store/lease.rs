//! Leases: which replica does what only one may do.
//!
//! Invariant: at one moment one owner; an owner who falls silent loses the lease when its time is up.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};

use super::connection::sealed::Raw;
use super::convert::micros;
use super::rows::notices::lease::{ActiveModel, Column, Entity};
use super::{Store, StoreError, WriteTx};

/// Takes the lease, or keeps it when it is held already. True while `owner` holds it until `now + for_long`.
///
/// # Errors
/// When the database cannot be written.
pub async fn take(
    store: &Store,
    name: &str,
    owner: &str,
    now: DateTime<Utc>,
    for_long: TimeDelta,
) -> Result<bool, StoreError> {
    let now = micros(now);
    let lease = ActiveModel {
        name: Set(name.to_owned()),
        owner: Set(owner.to_owned()),
        held_until: Set(micros(now + for_long)),
        epoch: Set(1),
    };
    let mine_or_over = Condition::any()
        .add(Expr::col((Entity, Column::Owner)).eq(owner))
        .add(Expr::col((Entity, Column::HeldUntil)).lt(now));
    let take_over = OnConflict::column(Column::Name)
        .update_columns([Column::Owner, Column::HeldUntil])
        .value(Column::Epoch, Expr::col((Entity, Column::Epoch)).add(1))
        .action_cond_where(mine_or_over)
        .to_owned();
    let tx = store.begin().await?;
    let taken = Entity::insert(lease)
        .on_conflict(take_over)
        .exec_without_returning(tx.raw())
        .await?;
    tx.commit().await?;
    Ok(taken == 1)
}

/// Gives the lease up, so that another need not wait for its end. Nothing happens when somebody else holds it.
///
/// # Errors
/// When the database cannot be written.
pub async fn release(store: &Store, name: &str, owner: &str) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    Entity::delete_many()
        .filter(Column::Name.eq(name))
        .filter(Column::Owner.eq(owner))
        .exec(tx.raw())
        .await?;
    tx.commit().await
}

/// A write that is meant to be rolled back.
pub(super) async fn touch(tx: &WriteTx) -> Result<(), StoreError> {
    let lease = ActiveModel {
        name: Set("~ping".to_owned()),
        owner: Set(String::new()),
        held_until: Set(DateTime::<Utc>::UNIX_EPOCH),
        epoch: Set(0),
    };
    let again = OnConflict::column(Column::Name).update_column(Column::Epoch).to_owned();
    Entity::insert(lease)
        .on_conflict(again)
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}
