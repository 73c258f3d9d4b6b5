//! Figures whose measure is not summed over time: the last of each subject, or the largest.
//!
//! Invariant: what comes back grows with what figures are about, and not with how often each was returned. A subject is a
//! row of an allocation, or of a whole return, of one provider and grant.

use countersign_domain::answers::types::FigureValue;
use countersign_domain::form::schema::AddUp;
use countersign_domain::ids::{AllocationId, FundId, GrantId, OrganisationId};
use countersign_domain::measure::{self, Rules, Signed, Sum};
use countersign_domain::period::Period;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult, Iterable, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::FigureRow;
use super::record::{from_row, value_of};
use super::sums::Asked;
use super::totals::many;
use crate::store::rows::revisions::figure::{Column, Entity, Model};
use crate::store::{Connection, StoreError};

/// The largest signed figure of one measure and subject.
#[derive(Debug, Clone, PartialEq)]
pub struct LargestRow {
    /// The measure.
    pub measure: String,
    /// The grant.
    pub grant: GrantId,
    /// The allocation; none for a figure of the whole return of a grant.
    pub allocation: Option<AllocationId>,
    /// Who delivers the allocation, or owes the returns.
    pub provider: OrganisationId,
    /// The row, where it is of one.
    pub row: Option<String>,
    /// The largest, and of how many.
    pub sum: Sum,
}

/// Of each subject, the signed figure of the last period within the window; by measure as asked, then by period. Two when
/// two returns have the same last period.
///
/// # Errors
/// When the database cannot be read.
pub async fn latest(
    c: &impl Connection,
    fund: FundId,
    form: &str,
    measures: &[&str],
    window: Period,
) -> Result<Vec<FigureRow>, StoreError> {
    const FROM_THE_LAST: &str = "rank() over (partition by grant_id, provider_id, allocation_id, row_key \
                                 order by period_end desc, period_start desc)";
    let mut all = Vec::new();
    for measure in measures {
        let asked = Asked {
            fund,
            form,
            measure,
            window,
        };
        let ranked = asked.find().expr_as(Expr::cust(FROM_THE_LAST), "nth").into_query();
        let last = Query::select()
            .columns(Column::iter())
            .from_subquery(ranked, "ranked")
            .and_where(Expr::col("nth").eq(1))
            .order_by(Column::PeriodStart, sea_orm::Order::Asc)
            .order_by(Column::ReturnId, sea_orm::Order::Asc)
            .order_by(Column::AllocationKey, sea_orm::Order::Asc)
            .order_by(Column::RowKey, sea_orm::Order::Asc)
            .to_owned();
        for row in c.raw().query_all(&last).await? {
            all.push(from_row(Model::from_query_result(&row, "")?)?);
        }
    }
    Ok(all)
}

/// Of each subject, the largest of the signed figures within the window; by measure as asked, then by grant.
///
/// # Errors
/// When the database cannot be read.
pub async fn largest(
    c: &impl Connection,
    fund: FundId,
    form: &str,
    measures: &[&str],
    window: Period,
) -> Result<Vec<LargestRow>, StoreError> {
    let mut all = Vec::new();
    for measure in measures {
        let asked = Asked {
            fund,
            form,
            measure,
            window,
        };
        let candidates = largest_of(asked.find()).into_model::<Candidate>().all(c.raw()).await?;
        for same in candidates.chunk_by(|a, b| a.subject() == b.subject()) {
            all.extend(row(measure, same, window)?);
        }
    }
    Ok(all)
}

/// The largest of one kind and as many places of a subject. Ratios cannot be compared where they are kept without loss: each
/// that differs comes by itself.
#[derive(FromQueryResult)]
struct Candidate {
    grant_id: Uuid,
    provider_id: Uuid,
    allocation_id: Option<Uuid>,
    row_key: String,
    kind: String,
    places: Option<i64>,
    numerator: Option<i64>,
    denominator: Option<i64>,
    value: Option<i64>,
    upper: Option<i64>,
    many: i64,
    approximate: i64,
}

impl Candidate {
    fn subject(&self) -> (Uuid, Uuid, Option<Uuid>, &str) {
        (self.grant_id, self.provider_id, self.allocation_id, &self.row_key)
    }
}

fn largest_of(find: Select<Entity>) -> Select<Entity> {
    let by = [
        Column::GrantId,
        Column::ProviderId,
        Column::AllocationId,
        Column::RowKey,
        Column::Kind,
        Column::Places,
        Column::Numerator,
        Column::Denominator,
    ];
    let mut select = find.select_only();
    for column in by {
        select = select.column(column).group_by(column).order_by_asc(column);
    }
    select
        .column_as(Column::Value.max(), "value")
        .column_as(Column::Upper.max(), "upper")
        .expr_as(Expr::cust("count(*)"), "many")
        .expr_as(
            Expr::cust("cast(sum(case when approximately then 1 else 0 end) as bigint)"),
            "approximate",
        )
}

/// The candidates of one subject, compared.
fn row(measure: &str, candidates: &[Candidate], window: Period) -> Result<Option<LargestRow>, StoreError> {
    let Some(of) = candidates.first() else { return Ok(None) };
    let rules = Rules {
        over_time: Some(AddUp::Max),
        over_providers: None,
    };
    let (mut values, mut approximately) = (Vec::with_capacity(candidates.len()), false);
    let (mut given, mut not_known, mut not_applicable, mut blank) = (0, 0, 0, 0);
    for candidate in candidates {
        let one = (candidate.value, candidate.upper, candidate.places);
        let value = value_of(&candidate.kind, one, (candidate.numerator, candidate.denominator))?;
        let count = many(candidate.many)?;
        match value {
            FigureValue::NotKnown => not_known += count,
            FigureValue::NotApplicable => not_applicable += count,
            FigureValue::Blank => blank += count,
            _ => given += count,
        }
        approximately |= candidate.approximate > 0;
        values.push(Signed {
            provider: "",
            subject: (None, None),
            period: window,
            value,
            approximately,
        });
    }
    Ok(Some(LargestRow {
        measure: measure.to_owned(),
        grant: of.grant_id.into(),
        allocation: of.allocation_id.map(AllocationId::from),
        provider: of.provider_id.into(),
        row: Some(of.row_key.clone()).filter(|key| !key.is_empty()),
        sum: Sum {
            value: measure::add_up(&values, rules).value,
            approximately,
            given,
            not_known,
            not_applicable,
            blank,
        },
    }))
}
