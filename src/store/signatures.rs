//! Signatures over revisions.
//!
//! Invariant: one signature for a stage over a revision; once written only voided, and that once.

use chrono::{DateTime, Utc};
use countersign_domain::ids::ReturnId;
use countersign_domain::returns::Signature;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::connection::sealed::Raw;
use super::convert::{both, count, micros, parsed};
use super::rows::revisions::signature::{Column, Entity, Model};
use super::{Connection, StoreError, WriteTx};

/// Returns in one statement: well under what either database takes as parameters.
const BATCH: usize = 500;

/// Writes a signature.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`super::Constraint::SignatureOnce`] when that stage of the revision was signed already.
pub async fn insert_signature(tx: &WriteTx, new: &Signature) -> Result<(), StoreError> {
    let row = Model {
        id: new.id.uuid(),
        return_id: new.return_id.uuid(),
        revision: i64::from(new.revision),
        stage: new.stage.clone(),
        person_id: new.person.uuid(),
        office: new.office.clone(),
        as_deputy: new.as_deputy,
        typed_name: new.typed_name.clone(),
        position: new.position.clone(),
        statement: new.statement.clone(),
        digest: new.digest.to_string(),
        known_by: new.known_by.clone(),
        signed_at: micros(new.signed_at),
        voided_at: new.voided.as_ref().map(|(at, _)| micros(*at)),
        voided_reason: new.voided.as_ref().map(|(_, why)| why.clone()),
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Every signature over any revision of a return, voided ones too, in the order in which they were given.
///
/// # Errors
/// When the database cannot be read.
pub async fn signatures_of(c: &impl Connection, of: ReturnId) -> Result<Vec<Signature>, StoreError> {
    let find = Entity::find().filter(Column::ReturnId.eq(of.uuid()));
    let rows = find
        .order_by_asc(Column::SignedAt)
        .order_by_asc(Column::Id)
        .all(c.raw())
        .await?;
    rows.into_iter().map(from_row).collect()
}

/// Every signature over any revision of these returns, voided ones too; each return’s in the order in which they were given.
///
/// # Errors
/// When the database cannot be read.
pub async fn signatures_of_all(c: &impl Connection, of: &[ReturnId]) -> Result<Vec<Signature>, StoreError> {
    let mut all = Vec::new();
    for some in of.chunks(BATCH) {
        let find = Entity::find().filter(Column::ReturnId.is_in(some.iter().map(|id| id.uuid())));
        let rows = find
            .order_by_asc(Column::SignedAt)
            .order_by_asc(Column::Id)
            .all(c.raw())
            .await?;
        for row in rows {
            all.push(from_row(row)?);
        }
    }
    Ok(all)
}

/// Voids every signature over a revision that stands, and says how many those were.
///
/// # Errors
/// When the database cannot be written.
pub async fn void_signatures(
    tx: &WriteTx,
    of: ReturnId,
    revision: u32,
    at: DateTime<Utc>,
    why: &str,
) -> Result<u64, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::VoidedAt, Expr::value(micros(at)))
        .col_expr(Column::VoidedReason, Expr::value(why))
        .filter(Column::ReturnId.eq(of.uuid()))
        .filter(Column::Revision.eq(i64::from(revision)))
        .filter(Column::VoidedAt.is_null());
    Ok(update.exec(tx.raw()).await?.rows_affected)
}

fn from_row(row: Model) -> Result<Signature, StoreError> {
    Ok(Signature {
        id: row.id.into(),
        return_id: row.return_id.into(),
        revision: count("a signature's revision", row.revision)?,
        stage: row.stage,
        person: row.person_id.into(),
        office: row.office,
        as_deputy: row.as_deputy,
        typed_name: row.typed_name,
        position: row.position,
        statement: row.statement,
        digest: parsed("a signature's digest", &row.digest)?,
        known_by: row.known_by,
        signed_at: row.signed_at,
        voided: both("a signature's voiding", row.voided_at, row.voided_reason)?,
    })
}
