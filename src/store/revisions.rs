//! Revisions, and the queries asked of them.
//!
//! Invariant: a revision is written once, and given back byte for byte; a query is answered once.

use countersign_domain::answers::types::SectionKey;
use countersign_domain::ids::{QueryId, ReturnId};
use countersign_domain::returns::{Query, QueryAnswer, Revision};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::connection::sealed::Raw;
use super::convert::{both, count, guarded, micros, parsed};
use super::rows::revisions::{query, revision};
use super::{Connection, StoreError, WriteTx};

/// Writes a revision for good.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`super::Constraint::RevisionNumber`] when the number was given already.
pub async fn insert_revision(tx: &WriteTx, new: &Revision) -> Result<(), StoreError> {
    let row = revision::Model {
        return_id: new.return_id.uuid(),
        number: i64::from(new.number),
        document: new.document.clone(),
        digest: new.digest.to_string(),
        submitted_by: new.submitted_by.uuid(),
        submitted_at: micros(new.submitted_at),
    };
    revision::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// One revision of a return.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get_revision(c: &impl Connection, of: ReturnId, number: u32) -> Result<Revision, StoreError> {
    let row = revision::Entity::find_by_id((of.uuid(), i64::from(number)))
        .one(c.raw())
        .await?;
    read_revision(row.ok_or(StoreError::NotFound { what: "revision" })?)
}

/// Every revision of a return, the first at the front.
///
/// # Errors
/// When the database cannot be read.
pub async fn revisions_of(c: &impl Connection, of: ReturnId) -> Result<Vec<Revision>, StoreError> {
    let find = revision::Entity::find().filter(revision::Column::ReturnId.eq(of.uuid()));
    let rows = find.order_by_asc(revision::Column::Number).all(c.raw()).await?;
    rows.into_iter().map(read_revision).collect()
}

/// Asks a query.
///
/// # Errors
/// [`StoreError::Refused`] when there is no such revision.
pub async fn insert_query(tx: &WriteTx, new: &Query) -> Result<(), StoreError> {
    let row = query::Model {
        id: new.id.uuid(),
        return_id: new.return_id.uuid(),
        revision: i64::from(new.revision),
        section: new.section.0.clone(),
        question: new.question.clone(),
        body: new.text.clone(),
        asked_by: new.asked_by.uuid(),
        asked_at: micros(new.asked_at),
        answer: new.answer.as_ref().map(|answer| answer.text.clone()),
        answered_by: new.answer.as_ref().map(|answer| answer.by.uuid()),
        answered_at: new.answer.as_ref().map(|answer| micros(answer.at)),
    };
    query::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Every query asked of a return, in the order in which they were asked.
///
/// # Errors
/// When the database cannot be read.
pub async fn queries_of(c: &impl Connection, of: ReturnId) -> Result<Vec<Query>, StoreError> {
    let find = query::Entity::find().filter(query::Column::ReturnId.eq(of.uuid()));
    let rows = find
        .order_by_asc(query::Column::AskedAt)
        .order_by_asc(query::Column::Id)
        .all(c.raw())
        .await?;
    rows.into_iter().map(read_query).collect()
}

/// Answers a query of this return.
///
/// # Errors
/// [`StoreError::Conflict`] when it was answered already, or is another return's.
pub async fn answer_query(tx: &WriteTx, id: QueryId, of: ReturnId, answer: &QueryAnswer) -> Result<(), StoreError> {
    let update = query::Entity::update_many()
        .col_expr(query::Column::Answer, Expr::value(answer.text.as_str()))
        .col_expr(query::Column::AnsweredBy, Expr::value(answer.by.uuid()))
        .col_expr(query::Column::AnsweredAt, Expr::value(micros(answer.at)))
        .filter(query::Column::Id.eq(id.uuid()))
        .filter(query::Column::ReturnId.eq(of.uuid()))
        .filter(query::Column::Answer.is_null());
    guarded("query", update.exec(tx.raw()).await?.rows_affected)
}

pub(super) fn read_revision(row: revision::Model) -> Result<Revision, StoreError> {
    Ok(Revision {
        return_id: row.return_id.into(),
        number: count("a revision's number", row.number)?,
        document: row.document,
        digest: parsed("a revision's digest", &row.digest)?,
        submitted_by: row.submitted_by.into(),
        submitted_at: row.submitted_at,
    })
}

fn read_query(row: query::Model) -> Result<Query, StoreError> {
    let who_and_when = both("a query's answer", row.answered_by, row.answered_at)?;
    let answer = both("a query's answer", row.answer, who_and_when)?.map(|(text, (by, at))| QueryAnswer {
        text,
        by: by.into(),
        at,
    });
    Ok(Query {
        id: row.id.into(),
        return_id: row.return_id.into(),
        revision: count("a query's revision", row.revision)?,
        section: SectionKey(row.section),
        question: row.question,
        text: row.body,
        asked_by: row.asked_by.into(),
        asked_at: row.asked_at,
        answer,
    })
}
