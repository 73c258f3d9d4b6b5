//! The outbox: what is owed as mail, who is sending it, and what came of it.
//!
//! Invariant: the same duty never makes two notices; a claim is a lease, so that one replica sends one notice; nothing is
//! ever removed.

use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::ids::{FundId, NoticeId, PersonId, ReturnId};
use countersign_domain::returns::{Notice, NoticeState, Secret};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::connection::sealed::Raw;
use super::convert::{micros, unreadable};
use super::rows::notices::notice::{Column, Entity, Model};
use super::{Connection, Store, StoreError, WriteTx};

/// Writes a notice. False, and nothing written, when its duty was done already.
///
/// # Errors
/// [`StoreError::Duplicate`] when its identity or Message-ID is taken by another duty.
pub async fn insert_notice(tx: &WriteTx, notice: &Notice) -> Result<bool, StoreError> {
    let once = OnConflict::column(Column::Dedupe).do_nothing().to_owned();
    let row = to_row(notice).into_active_model();
    let written = Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(tx.raw())
        .await?;
    Ok(written == 1)
}

/// One notice.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get_notice(c: &impl Connection, id: NoticeId) -> Result<Notice, StoreError> {
    let row = Entity::find_by_id(id.uuid()).one(c.raw()).await?;
    from_row(row.ok_or(StoreError::NotFound { what: "notice" })?)
}

/// The latest notices, newest first: a person's, or everybody's.
///
/// # Errors
/// When the database cannot be read.
pub async fn notices(
    c: &impl Connection,
    to: Option<PersonId>,
    limit: u64,
) -> Result<Vec<Notice>, StoreError> {
    let mut find = Entity::find()
        .order_by_desc(Column::WrittenAt)
        .order_by_desc(Column::Id)
        .limit(limit);
    if let Some(person) = to {
        find = find.filter(Column::PersonId.eq(person.uuid()));
    }
    from_rows(find.all(c.raw()).await?)
}

/// Every notice about a return, in the order in which they were written.
///
/// # Errors
/// When the database cannot be read.
pub async fn notices_of_return(
    c: &impl Connection,
    of: ReturnId,
) -> Result<Vec<Notice>, StoreError> {
    let find = Entity::find().filter(Column::ReturnId.eq(of.uuid()));
    from_rows(
        find.order_by_asc(Column::WrittenAt)
            .order_by_asc(Column::Id)
            .all(c.raw())
            .await?,
    )
}

/// The notices about a fund's returns that were given up, newest first: the chase list.
///
/// # Errors
/// When the database cannot be read.
pub async fn failed_notices(c: &impl Connection, of: FundId) -> Result<Vec<Notice>, StoreError> {
    let returns = Query::select()
        .column("id")
        .from("returns")
        .and_where(Expr::col("fund_id").eq(of.uuid()))
        .to_owned();
    let find = Entity::find()
        .filter(Column::State.eq(state_text(NoticeState::Failed)))
        .filter(Column::ReturnId.in_subquery(returns));
    from_rows(
        find.order_by_desc(Column::WrittenAt)
            .order_by_desc(Column::Id)
            .all(c.raw())
            .await?,
    )
}

/// How many were accepted by the mail server at or after this moment, by all replicas together.
///
/// # Errors
/// When the database cannot be read.
pub async fn sent_since(c: &impl Connection, since: DateTime<Utc>) -> Result<u64, StoreError> {
    Ok(Entity::find()
        .filter(Column::SentAt.gte(micros(since)))
        .count(c.raw())
        .await?)
}

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
pub async fn mark_sent(
    store: &Store,
    id: NoticeId,
    owner: &str,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
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

/// Records that one that still waits is no longer owed. False when it does not wait any more.
///
/// # Errors
/// When the database cannot be written.
pub async fn supersede(tx: &WriteTx, id: NoticeId) -> Result<bool, StoreError> {
    Ok(superseding(tx, Condition::all().add(Column::Id.eq(id.uuid()))).await? == 1)
}

/// Records that those of these kinds about a return that still wait are no longer owed, and says how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn supersede_for_return(
    tx: &WriteTx,
    of: ReturnId,
    kinds: &[&str],
) -> Result<u64, StoreError> {
    let which = Condition::all()
        .add(Column::ReturnId.eq(of.uuid()))
        .add(Column::Kind.is_in(kinds.iter().copied()));
    superseding(tx, which).await
}

async fn superseding(tx: &WriteTx, which: Condition) -> Result<u64, StoreError> {
    let update = Entity::update_many()
        .col_expr(
            Column::State,
            Expr::value(state_text(NoticeState::Superseded)),
        )
        .filter(Column::State.eq(state_text(NoticeState::Queued)))
        .filter(which);
    Ok(update.exec(tx.raw()).await?.rows_affected)
}

fn state_text(state: NoticeState) -> &'static str {
    match state {
        NoticeState::Queued => "queued",
        NoticeState::Sent => "sent",
        NoticeState::Failed => "failed",
        NoticeState::Superseded => "superseded",
    }
}

fn to_row(notice: &Notice) -> Model {
    let (secret_kind, secret_id) = match notice.secret {
        Secret::None => ("none", None),
        Secret::Link(link) => ("link", Some(link.uuid())),
        Secret::Code(code) => ("code", Some(code.uuid())),
    };
    Model {
        id: notice.id.uuid(),
        kind: notice.kind.clone(),
        dedupe: notice.dedupe.clone(),
        person_id: notice.person.uuid(),
        return_id: notice.return_id.map(ReturnId::uuid),
        to_name: notice.to_name.clone(),
        to_address: notice.to_address.clone(),
        subject: notice.subject.clone(),
        body_text: notice.text.clone(),
        body_html: notice.html.clone(),
        message_id: notice.message_id.clone(),
        dated: micros(notice.dated),
        secret_kind: secret_kind.to_owned(),
        secret_id,
        priority: notice.priority,
        state: state_text(notice.state).to_owned(),
        run_at: micros(notice.run_at),
        attempts: notice.attempts,
        last_error: notice.last_error.clone(),
        sent_at: notice.sent_at.map(micros),
        written_at: micros(notice.written_at),
        lease_owner: None,
        lease_until: None,
    }
}

fn from_rows(rows: Vec<Model>) -> Result<Vec<Notice>, StoreError> {
    rows.into_iter().map(from_row).collect()
}

fn from_row(row: Model) -> Result<Notice, StoreError> {
    let secret = match (row.secret_kind.as_str(), row.secret_id) {
        ("none", None) => Secret::None,
        ("link", Some(id)) => Secret::Link(id.into()),
        ("code", Some(id)) => Secret::Code(id.into()),
        (other, _) => return Err(unreadable("a notice's secret", other)),
    };
    let state = match row.state.as_str() {
        "queued" => NoticeState::Queued,
        "sent" => NoticeState::Sent,
        "failed" => NoticeState::Failed,
        "superseded" => NoticeState::Superseded,
        other => return Err(unreadable("a notice's state", other)),
    };
    Ok(Notice {
        id: row.id.into(),
        kind: row.kind,
        dedupe: row.dedupe,
        person: row.person_id.into(),
        return_id: row.return_id.map(ReturnId::from),
        to_name: row.to_name,
        to_address: row.to_address,
        subject: row.subject,
        text: row.body_text,
        html: row.body_html,
        message_id: row.message_id,
        dated: row.dated,
        secret,
        priority: row.priority,
        state,
        run_at: row.run_at,
        attempts: row.attempts,
        last_error: row.last_error,
        sent_at: row.sent_at,
        written_at: row.written_at,
    })
}
