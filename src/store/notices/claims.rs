//! Claims: a replica takes notices for a while, and says what came of each.

use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::ids::NoticeId;
use countersign_domain::returns::{Notice, NoticeState};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Order, QueryFilter};

use super::record::{from_rows, state_text};
use crate::store::connection::sealed::Raw;
use crate::store::convert::micros;
use crate::store::rows::notices::notice::{Column, Entity};
use crate::store::{Store, StoreError};

impl Store {
    /// Takes up to `limit` notices whose time has come, most urgent first, for `lease`; counts an attempt of each.
    ///
    /// A notice whose sender fell silent is free again when its lease is over.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn claim_notices(
        &self,
        owner: &str,
        now: DateTime<Utc>,
        lease: TimeDelta,
        limit: u64,
    ) -> Result<Vec<Notice>, StoreError> {
        let now = micros(now);
        let free = Condition::any()
            .add(Column::LeaseUntil.is_null())
            .add(Column::LeaseUntil.lt(now));
        let due = Query::select()
            .column(Column::Id)
            .from(Entity)
            .and_where(Column::State.eq(state_text(NoticeState::Queued)))
            .and_where(Column::RunAt.lte(now))
            .cond_where(free)
            .order_by(Column::Priority, Order::Asc)
            .order_by(Column::RunAt, Order::Asc)
            .order_by(Column::Id, Order::Asc)
            .limit(limit)
            // PostgreSQL only: two claims at once take different notices instead of waiting for one another.
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .to_owned();
        let tx = self.begin().await?;
        let mut rows = Entity::update_many()
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .col_expr(Column::LeaseOwner, Expr::value(owner))
            .col_expr(Column::LeaseUntil, Expr::value(micros(now + lease)))
            .filter(Column::Id.in_subquery(due))
            .exec_with_returning(tx.raw())
            .await?;
        tx.commit().await?;
        rows.sort_by_key(|row| (row.priority, row.run_at, row.id));
        from_rows(rows)
    }
}

/// Records that the mail server accepted it. False when the claim was lost to another owner.
///
/// A notice that was superseded while it was on its way was sent all the same, and is recorded so.
///
/// # Errors
/// When the database cannot be written.
pub async fn mark_sent(store: &Store, id: NoticeId, owner: &str, at: DateTime<Utc>) -> Result<bool, StoreError> {
    let outcome = Outcome {
        state: NoticeState::Sent,
        sent_at: Some(at),
        run_at: None,
        error: None,
    };
    settle(
        store,
        id,
        owner,
        &[NoticeState::Queued, NoticeState::Superseded],
        outcome,
    )
    .await
}

/// Puts it back for another attempt at `run_at`. False when the claim was lost or it is no longer owed.
///
/// # Errors
/// When the database cannot be written.
pub async fn mark_retry(
    store: &Store,
    id: NoticeId,
    owner: &str,
    run_at: DateTime<Utc>,
    error: &str,
) -> Result<bool, StoreError> {
    let outcome = Outcome {
        state: NoticeState::Queued,
        sent_at: None,
        run_at: Some(run_at),
        error: Some(error),
    };
    settle(store, id, owner, &[NoticeState::Queued], outcome).await
}

/// Gives it up; it stays visible. False when the claim was lost or it is no longer owed.
///
/// # Errors
/// When the database cannot be written.
pub async fn mark_failed(
    store: &Store,
    id: NoticeId,
    owner: &str,
    at: DateTime<Utc>,
    error: &str,
) -> Result<bool, StoreError> {
    let outcome = Outcome {
        state: NoticeState::Failed,
        sent_at: None,
        run_at: Some(at),
        error: Some(error),
    };
    settle(store, id, owner, &[NoticeState::Queued], outcome).await
}

/// What came of a claim.
struct Outcome<'a> {
    state: NoticeState,
    sent_at: Option<DateTime<Utc>>,
    run_at: Option<DateTime<Utc>>,
    error: Option<&'a str>,
}

async fn settle(
    store: &Store,
    id: NoticeId,
    owner: &str,
    from: &[NoticeState],
    outcome: Outcome<'_>,
) -> Result<bool, StoreError> {
    let mut update = Entity::update_many()
        .col_expr(Column::State, Expr::value(state_text(outcome.state)))
        .col_expr(Column::SentAt, Expr::value(outcome.sent_at.map(micros)))
        .col_expr(Column::LeaseOwner, Expr::value(None::<String>))
        .col_expr(Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::LeaseOwner.eq(owner))
        .filter(Column::State.is_in(from.iter().map(|state| state_text(*state))));
    if let Some(run_at) = outcome.run_at {
        update = update.col_expr(Column::RunAt, Expr::value(micros(run_at)));
    }
    if let Some(error) = outcome.error {
        update = update.col_expr(Column::LastError, Expr::value(error));
    }
    let tx = store.begin().await?;
    let settled = update.exec(tx.raw()).await?.rows_affected;
    tx.commit().await?;
    Ok(settled == 1)
}
