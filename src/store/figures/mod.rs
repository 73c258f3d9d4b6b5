//! Figures as rows: the index over the revisions that reports and dashboards read.
//!
//! Invariant: the revision is the evidence, its rows say the same; of a return the figures of one revision at most are
//! signed, and only the standing of a row ever changes.

mod find;
mod gathered;
mod over_time;
mod record;
mod sums;
mod totals;

use std::collections::BTreeMap;

use countersign_domain::answers::types::Figure;
use countersign_domain::ids::{AllocationId, FundId, GrantId, OrganisationId, ReturnId};
use countersign_domain::period::Period;
use countersign_domain::returns::Return;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};

use record::{SIGNED, SUBMITTED, SUPERSEDED, from_row, to_row};

pub use find::{measured, provisional, traced, within};
pub use gathered::of_revisions;
pub use over_time::{LargestRow, largest, latest};
pub use sums::{ProjectSum, SumRow, project_sums, sums};

use super::connection::sealed::Raw;
use super::rows::revisions::figure::{ActiveModel, Column, Entity};
use super::{Connection, StoreError, WriteTx};

/// Rows in one statement: well under what either database takes as parameters.
const BATCH: usize = 500;

/// What a figure of an allocation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// The allocation.
    pub allocation: AllocationId,
    /// Who delivers it.
    pub provider: OrganisationId,
}

/// A figure with where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureRow {
    /// The return.
    pub return_id: ReturnId,
    /// Its revision.
    pub revision: u32,
    /// The form: two forms may each have a measure of this name.
    pub form: String,
    /// The figure.
    pub figure: Figure,
    /// The fund.
    pub fund: FundId,
    /// The grant.
    pub grant: GrantId,
    /// The allocation; none for a figure of the whole return of a grant.
    pub allocation: Option<AllocationId>,
    /// Who delivers the allocation, or owes the return.
    pub provider: OrganisationId,
    /// The period reported on.
    pub period: Period,
}

/// Writes the figures of a revision that was just submitted. `subjects` knows the grant's allocations by key.
///
/// # Errors
/// [`StoreError::NotFound`] for a figure of an allocation that `subjects` does not know;
/// [`StoreError::Duplicate`] with [`super::Constraint::FigureOnce`] for one given twice.
pub async fn insert_figures(
    tx: &WriteTx,
    of: &Return,
    revision: u32,
    figures: &[Figure],
    subjects: &BTreeMap<String, Subject>,
) -> Result<(), StoreError> {
    let rows: Vec<ActiveModel> = figures
        .iter()
        .map(|figure| Ok(to_row(of, revision, figure, subjects)?.into_active_model()))
        .collect::<Result<_, StoreError>>()?;
    for batch in rows.chunks(BATCH) {
        Entity::insert_many(batch.iter().cloned())
            .exec_without_returning(tx.raw())
            .await?;
    }
    Ok(())
}

/// The figures of this revision are signed; those of the revision that was signed before it are superseded.
///
/// # Errors
/// When the database cannot be written.
pub async fn sign_figures(tx: &WriteTx, of: ReturnId, revision: u32) -> Result<(), StoreError> {
    let revision = i64::from(revision);
    Entity::update_many()
        .col_expr(Column::Standing, Expr::value(SUPERSEDED))
        .filter(Column::ReturnId.eq(of.uuid()))
        .filter(Column::Revision.ne(revision))
        .filter(Column::Standing.eq(SIGNED))
        .exec(tx.raw())
        .await?;
    Entity::update_many()
        .col_expr(Column::Standing, Expr::value(SIGNED))
        .filter(Column::ReturnId.eq(of.uuid()))
        .filter(Column::Revision.eq(revision))
        .filter(Column::Standing.eq(SUBMITTED))
        .exec(tx.raw())
        .await?;
    Ok(())
}

/// The figures of one revision, whatever their standing.
///
/// # Errors
/// When the database cannot be read.
pub async fn figures_of(c: &impl Connection, of: ReturnId, revision: u32) -> Result<Vec<FigureRow>, StoreError> {
    let find = Entity::find()
        .filter(Column::ReturnId.eq(of.uuid()))
        .filter(Column::Revision.eq(i64::from(revision)));
    in_order(c, find).await
}

/// The signed figures of a grant, by period.
///
/// # Errors
/// When the database cannot be read.
pub async fn signed_figures(c: &impl Connection, fund: FundId, grant: GrantId) -> Result<Vec<FigureRow>, StoreError> {
    let find = Entity::find()
        .filter(Column::FundId.eq(fund.uuid()))
        .filter(Column::GrantId.eq(grant.uuid()))
        .filter(Column::Standing.eq(SIGNED));
    in_order(c, find).await
}

/// The signed figures of one measure of a form in every grant of a fund, by period.
///
/// # Errors
/// When the database cannot be read.
pub async fn signed_measure(
    c: &impl Connection,
    fund: FundId,
    form: &str,
    measure: &str,
) -> Result<Vec<FigureRow>, StoreError> {
    let find = Entity::find()
        .filter(Column::FundId.eq(fund.uuid()))
        .filter(Column::Form.eq(form))
        .filter(Column::Measure.eq(measure))
        .filter(Column::Standing.eq(SIGNED));
    in_order(c, find).await
}

/// The signed figures of these returns; of these measures, or of every one.
///
/// # Errors
/// When the database cannot be read.
pub async fn signed_of(
    c: &impl Connection,
    of: &[ReturnId],
    measures: Option<&[&str]>,
) -> Result<Vec<FigureRow>, StoreError> {
    let mut all = Vec::new();
    for some in of.chunks(BATCH) {
        let mut find = Entity::find()
            .filter(Column::ReturnId.is_in(some.iter().map(|id| id.uuid())))
            .filter(Column::Standing.eq(SIGNED));
        if let Some(measures) = measures {
            find = find.filter(Column::Measure.is_in(measures.iter().copied()));
        }
        all.extend(in_order(c, find).await?);
    }
    Ok(all)
}

/// In an order that depends on nothing but the figures.
async fn in_order(c: &impl Connection, find: Select<Entity>) -> Result<Vec<FigureRow>, StoreError> {
    let find = find
        .order_by_asc(Column::PeriodStart)
        .order_by_asc(Column::ReturnId)
        .order_by_asc(Column::AllocationKey)
        .order_by_asc(Column::RowKey)
        .order_by_asc(Column::Measure)
        .order_by_asc(Column::Revision);
    find.all(c.raw()).await?.into_iter().map(from_row).collect()
}
