//! What officers decided on the rows of a return's tables.
//!
//! Invariant: a decision is written once, for one row of one revision in one stage, and never changed.

use countersign_domain::answers::types::SectionKey;
use countersign_domain::ids::ReturnId;
use countersign_domain::returns::{Decision, RowDecision};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::connection::sealed::Raw;
use super::convert::{count, micros, unreadable};
use super::rows::decisions::decision::{Column, Entity, Model};
use super::{Connection, StoreError, WriteTx};

/// Writes decisions.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`super::Constraint::DecisionOnce`] when one of the rows was decided already in that
/// stage; [`StoreError::Refused`] when there is no such revision.
pub async fn insert_decisions(tx: &WriteTx, all: &[RowDecision]) -> Result<(), StoreError> {
    for new in all {
        let row = Model {
            return_id: new.return_id.uuid(),
            revision: i64::from(new.revision),
            stage: new.stage.clone(),
            section: new.section.0.clone(),
            question: new.question.clone(),
            row_key: new.row.clone(),
            decision: new.decision.name().to_owned(),
            words: new.words.clone(),
            decided_by: new.by.uuid(),
            decided_at: micros(new.at),
        };
        Entity::insert(row.into_active_model())
            .exec_without_returning(tx.raw())
            .await?;
    }
    Ok(())
}

/// Every decision on any revision of a return, by revision, then in the order in which they were given.
///
/// # Errors
/// When the database cannot be read.
pub async fn decisions_of(c: &impl Connection, of: ReturnId) -> Result<Vec<RowDecision>, StoreError> {
    let find = Entity::find().filter(Column::ReturnId.eq(of.uuid()));
    let rows = find
        .order_by_asc(Column::Revision)
        .order_by_asc(Column::DecidedAt)
        .order_by_asc(Column::Section)
        .order_by_asc(Column::Question)
        .order_by_asc(Column::RowKey)
        .all(c.raw())
        .await?;
    rows.into_iter().map(from_row).collect()
}

pub(super) fn from_row(row: Model) -> Result<RowDecision, StoreError> {
    Ok(RowDecision {
        return_id: row.return_id.into(),
        revision: count("a decision's revision", row.revision)?,
        stage: row.stage,
        section: SectionKey(row.section),
        question: row.question,
        row: row.row_key,
        decision: Decision::named(&row.decision).ok_or_else(|| unreadable("a decision", &row.decision))?,
        words: row.words,
        by: row.decided_by.into(),
        at: row.decided_at,
    })
}
