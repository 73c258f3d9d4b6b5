//! The figures of a paper, and those under one of its numbers.
//!
//! Invariant: what is read is what a paper shows of one fund and time, however much else there is.

use countersign_domain::document::Source;
use countersign_domain::ids::FundId;
use countersign_domain::period::Period;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use super::record::{SIGNED, SUBMITTED};
use super::sums::Asked;
use super::{FigureRow, in_order};
use crate::store::rows::revisions::figure::{Column, Entity};
use crate::store::{Connection, Page, StoreError};

/// The signed figures of these forms in every grant of a fund, of returns whose period lies within the window; by period.
///
/// # Errors
/// When the database cannot be read.
pub async fn within(
    c: &impl Connection,
    fund: FundId,
    forms: &[&str],
    window: Period,
) -> Result<Vec<FigureRow>, StoreError> {
    let signed = returns(fund, forms, window)
        .and_where(Expr::col("signed_revision").is_not_null())
        .column("id")
        .to_owned();
    let find = Entity::find()
        .filter(Column::ReturnId.in_subquery(signed))
        .filter(Column::Standing.eq(SIGNED));
    in_order(c, find).await
}

/// The signed figures of one measure of a form in a fund, of returns whose period lies within the window; by period.
///
/// # Errors
/// When the database cannot be read.
pub async fn measured(
    c: &impl Connection,
    fund: FundId,
    form: &str,
    measure: &str,
    window: Period,
) -> Result<Vec<FigureRow>, StoreError> {
    let asked = Asked {
        fund,
        form,
        measure,
        window,
    };
    in_order(c, asked.find()).await
}

/// The figures of returns that are with a reviewer or a named officer and were never signed: of their latest revision. Of
/// the same forms, fund and window as [`within`] gives what is signed.
///
/// # Errors
/// When the database cannot be read.
pub async fn provisional(
    c: &impl Connection,
    fund: FundId,
    forms: &[&str],
    window: Period,
) -> Result<Vec<FigureRow>, StoreError> {
    let in_stage = Cond::any()
        .add(Expr::col("state").like("in-review:%"))
        .add(Expr::col("state").like("in-sign-off:%"));
    let latest = returns(fund, forms, window)
        .and_where(Expr::col("signed_revision").is_null())
        .cond_where(in_stage)
        .columns(["id", "revision"])
        .to_owned();
    let revision = Expr::tuple([Expr::col(Column::ReturnId), Expr::col(Column::Revision)]);
    let find = Entity::find()
        .filter(revision.in_subquery(latest))
        .filter(Column::Standing.eq(SUBMITTED));
    in_order(c, find).await
}

/// The returns of these forms in a fund, whose period lies within the window.
fn returns(fund: FundId, forms: &[&str], window: Period) -> SelectStatement {
    Query::select()
        .from("returns")
        .and_where(Expr::col("fund_id").eq(fund.uuid()))
        .and_where(Expr::col("form").is_in(forms.iter().copied()))
        .and_where(Expr::col("period_start").gte(window.start()))
        .and_where(Expr::col("period_end").lte(window.end()))
        .to_owned()
}

/// The signed figures that a number of a paper adds up, one page of them by period, and how many there are.
///
/// # Errors
/// When the database cannot be read.
pub async fn traced(c: &impl Connection, of: &Source, page: Page) -> Result<(Vec<FigureRow>, u64), StoreError> {
    let mut find = Entity::find()
        .filter(Column::FundId.is_in(of.funds().map(FundId::uuid)))
        .filter(Column::Form.eq(of.form.as_str()))
        .filter(Column::Measure.eq(of.measure.as_str()))
        .filter(Column::Standing.eq(SIGNED))
        .filter(Column::PeriodStart.gte(of.within.start()))
        .filter(Column::PeriodEnd.lte(of.within.end()));
    if let Some(ret) = of.ret {
        find = find.filter(Column::ReturnId.eq(ret.uuid()));
    }
    if let Some(grant) = of.grant {
        find = find.filter(Column::GrantId.eq(grant.uuid()));
    }
    if !of.allocations.is_empty() {
        find = find.filter(Column::AllocationId.is_in(of.allocations.iter().map(|id| id.uuid())));
    }
    if let Some(provider) = of.provider {
        find = find.filter(Column::ProviderId.eq(provider.uuid()));
    }
    if let Some(row) = &of.row {
        find = find.filter(Column::RowKey.eq(row.as_str()));
    }
    let total = find.clone().count(c.raw()).await?;
    let rows = in_order(c, find.offset(page.from).limit(page.size)).await?;
    Ok((rows, total))
}
