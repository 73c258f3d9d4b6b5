//! The outbox: what is owed as mail, who is sending it, and what came of it.
//!
//! Invariant: the same duty never makes two notices; a claim is a lease, so that one replica sends one notice; nothing is
//! ever removed.

mod claims;
mod record;

use chrono::{DateTime, Utc};
use countersign_domain::ids::{FundId, NoticeId, PersonId, ReturnId};
use countersign_domain::returns::{Notice, NoticeState};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

pub use claims::{mark_failed, mark_retry, mark_sent};
use record::{from_row, from_rows, state_text, to_row};

use super::connection::sealed::Raw;
use super::convert::micros;
use super::rows::notices::notice::{Column, Entity};
use super::{Connection, StoreError, WriteTx};

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
pub async fn notices(c: &impl Connection, to: Option<PersonId>, limit: u64) -> Result<Vec<Notice>, StoreError> {
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
pub async fn notices_of_return(c: &impl Connection, of: ReturnId) -> Result<Vec<Notice>, StoreError> {
    let find = Entity::find().filter(Column::ReturnId.eq(of.uuid()));
    from_rows(
        find.order_by_asc(Column::WrittenAt)
            .order_by_asc(Column::Id)
            .all(c.raw())
            .await?,
    )
}

/// What was mailed about a return, as far as a list needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailed {
    /// About which.
    pub return_id: ReturnId,
    /// The kind of notice.
    pub kind: String,
    /// To whom.
    pub to_name: String,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}

/// Every notice of these kinds about these returns, without its words, in the order in which they were written.
///
/// # Errors
/// When the database cannot be read.
pub async fn mailed_about(c: &impl Connection, of: &[ReturnId], kinds: &[&str]) -> Result<Vec<Mailed>, StoreError> {
    let rows: Vec<(Option<Uuid>, String, String, DateTime<Utc>)> = Entity::find()
        .select_only()
        .columns([Column::ReturnId, Column::Kind, Column::ToName, Column::WrittenAt])
        .filter(Column::Kind.is_in(kinds.iter().copied()))
        .filter(Column::ReturnId.is_in(of.iter().map(|id| id.uuid())))
        .order_by_asc(Column::WrittenAt)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(c.raw())
        .await?;
    let mailed = rows.into_iter().filter_map(|(return_id, kind, to_name, written_at)| {
        let return_id = return_id?.into();
        Some(Mailed {
            return_id,
            kind,
            to_name,
            written_at,
        })
    });
    Ok(mailed.collect())
}

fn returns_of(fund: FundId) -> SelectStatement {
    Query::select()
        .column("id")
        .from("returns")
        .and_where(Expr::col("fund_id").eq(fund.uuid()))
        .to_owned()
}

/// The latest notices about a fund's returns that were given up, newest first, and how many there are: the chase list.
///
/// # Errors
/// When the database cannot be read.
pub async fn failed_notices(c: &impl Connection, of: FundId, limit: u64) -> Result<(Vec<Notice>, u64), StoreError> {
    let find = Entity::find()
        .filter(Column::State.eq(state_text(NoticeState::Failed)))
        .filter(Column::ReturnId.in_subquery(returns_of(of)));
    let all = find.clone().count(c.raw()).await?;
    let latest = find
        .order_by_desc(Column::WrittenAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(c.raw())
        .await?;
    Ok((from_rows(latest)?, all))
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
pub async fn supersede_for_return(tx: &WriteTx, of: ReturnId, kinds: &[&str]) -> Result<u64, StoreError> {
    let which = Condition::all()
        .add(Column::ReturnId.eq(of.uuid()))
        .add(Column::Kind.is_in(kinds.iter().copied()));
    superseding(tx, which).await
}

async fn superseding(tx: &WriteTx, which: Condition) -> Result<u64, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(state_text(NoticeState::Superseded)))
        .filter(Column::State.eq(state_text(NoticeState::Queued)))
        .filter(which);
    Ok(update.exec(tx.raw()).await?.rows_affected)
}
