//! Figures added up where they are kept.
//!
//! Invariant: exact, as [`countersign_domain::measure`] adds up; a sum that is more than can be counted is said to be none.
//! What comes back grows with projects and periods, never with returns.

use chrono::NaiveDate;
use countersign_domain::answers::types::FigureValue;
use countersign_domain::ids::{AllocationId, FundId, GrantId, OrganisationId};
use countersign_domain::measure::{self, Sum};
use countersign_domain::period::Period;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, QuerySelect, Select,
};
use uuid::Uuid;

use super::record::{RATIO, SIGNED, value_of};
use crate::store::convert::{period, unreadable};
use crate::store::rows::returns::owed;
use crate::store::rows::revisions::figure::{Column, Entity};
use crate::store::{Connection, StoreError};

/// What the signed figures of one measure come to in a project and a period.
#[derive(Debug, Clone, PartialEq)]
pub struct SumRow {
    /// The measure.
    pub measure: String,
    /// The grant.
    pub grant: GrantId,
    /// The allocation; none for figures of whole returns of a grant.
    pub allocation: Option<AllocationId>,
    /// Who delivers the allocation, or owes the returns.
    pub provider: OrganisationId,
    /// The period reported on.
    pub period: Period,
    /// What they come to, rows of tables added together. Sums of several periods or projects are put together by
    /// [`countersign_domain::measure::sum`].
    pub sum: Sum,
}

/// What the signed figures of one measure come to in the allocations of a project, and a period.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectSum {
    /// The measure.
    pub measure: String,
    /// The period reported on.
    pub period: Period,
    /// The project's key; none for figures of whole returns of a grant.
    pub project: Option<String>,
    /// What they come to.
    pub sum: Sum,
}

/// One measure of a form, over the returns of a fund whose period lies within a window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) fund: FundId,
    pub(super) form: &'a str,
    pub(super) measure: &'a str,
    pub(super) window: Period,
}

impl Asked<'_> {
    pub(super) fn find(&self) -> Select<Entity> {
        Entity::find()
            .filter(Column::FundId.eq(self.fund.uuid()))
            .filter(Column::Form.eq(self.form))
            .filter(Column::Measure.eq(self.measure))
            .filter(Column::Standing.eq(SIGNED))
            .filter(Column::PeriodStart.gte(self.window.start()))
            .filter(Column::PeriodEnd.lte(self.window.end()))
    }
}

/// What the signed figures of these measures of a form come to, for each grant, allocation, provider and period within the
/// window; by measure as asked, then by period. Only for measures that are summed over time and over providers: of others
/// see [`super::latest`] and [`super::largest`].
///
/// # Errors
/// When the database cannot be read.
pub async fn sums(
    c: &impl Connection,
    fund: FundId,
    form: &str,
    measures: &[&str],
    window: Period,
) -> Result<Vec<SumRow>, StoreError> {
    let mut all = Vec::new();
    // Of one measure at a time the index gives the rows in the order of their groups: there is nothing to sort.
    for measure in measures {
        let asked = Asked {
            fund,
            form,
            measure,
            window,
        };
        let of = [
            Column::PeriodStart,
            Column::PeriodEnd,
            Column::GrantId,
            Column::AllocationId,
            Column::ProviderId,
        ];
        let mut select = asked.find().select_only();
        for column in of {
            select = select.column(column).group_by(column).order_by_asc(column);
        }
        let groups = totals(select).into_model::<Group<Subject>>().all(c.raw()).await?;
        for same in groups.chunk_by(|a, b| a.of == b.of) {
            let Some(Group { of, .. }) = same.first() else { continue };
            all.push(SumRow {
                measure: (*measure).to_owned(),
                grant: of.grant_id.into(),
                allocation: of.allocation_id.map(AllocationId::from),
                provider: of.provider_id.into(),
                period: period(of.period_start, of.period_end)?,
                sum: sum(same)?,
            });
        }
    }
    Ok(all)
}

/// What the signed figures of these measures of a form come to, for each project and period within the window, whatever the
/// grants and providers; by measure as asked, then by period and project. Only for measures that are summed over time and
/// over providers.
///
/// # Errors
/// When the database cannot be read.
pub async fn project_sums(
    c: &impl Connection,
    fund: FundId,
    form: &str,
    measures: &[&str],
    window: Period,
) -> Result<Vec<ProjectSum>, StoreError> {
    let periods = periods(c, fund, form, window).await?;
    let mut all = Vec::new();
    for measure in measures {
        // Grouping by project wants a sort, and of one period at a time that is a small one.
        for window in &periods {
            let asked = Asked {
                fund,
                form,
                measure,
                window: *window,
            };
            let groups = by_project(&asked).into_model::<Group<Project>>().all(c.raw()).await?;
            let before = all.len();
            for same in groups.chunk_by(|a, b| a.of == b.of) {
                let Some(Group { of, .. }) = same.first() else { continue };
                all.push(ProjectSum {
                    measure: (*measure).to_owned(),
                    period: *window,
                    project: of.project.clone(),
                    sum: sum(same)?,
                });
            }
            // Each database has its own order of letters.
            all[before..].sort_by(|a, b| a.project.cmp(&b.project));
        }
    }
    Ok(all)
}

/// The periods within the window for which returns of a form are owed in a fund.
async fn periods(c: &impl Connection, fund: FundId, form: &str, window: Period) -> Result<Vec<Period>, StoreError> {
    let rows: Vec<(NaiveDate, NaiveDate)> = owed::Entity::find()
        .select_only()
        .columns([owed::Column::PeriodStart, owed::Column::PeriodEnd])
        .distinct()
        .filter(owed::Column::FundId.eq(fund.uuid()))
        .filter(owed::Column::Form.eq(form))
        .filter(owed::Column::PeriodStart.gte(window.start()))
        .filter(owed::Column::PeriodEnd.lte(window.end()))
        .order_by_asc(owed::Column::PeriodStart)
        .order_by_asc(owed::Column::PeriodEnd)
        .into_tuple()
        .all(c.raw())
        .await?;
    rows.into_iter().map(|(start, end)| period(start, end)).collect()
}

/// An allocation of no project is one by itself, under its own key.
fn by_project(asked: &Asked<'_>) -> Select<Entity> {
    const PROJECT: &str = "coalesce(allocations.project, allocations.key)";
    let mut find = asked
        .find()
        .filter(Column::PeriodStart.eq(asked.window.start()))
        .filter(Column::PeriodEnd.eq(asked.window.end()))
        .select_only()
        .expr_as(Expr::cust(PROJECT), "project")
        .group_by(Expr::cust(PROJECT))
        .order_by_asc(Expr::cust(PROJECT));
    let its_allocation = Expr::col(Column::AllocationId.as_column_ref()).equals(("allocations", "id"));
    QuerySelect::query(&mut find).left_join("allocations", its_allocation);
    totals(find)
}

/// Figures of one kind and as many places.
#[derive(FromQueryResult)]
struct Totals {
    kind: String,
    places: Option<i64>,
    first_high: Option<i64>,
    first_low: Option<i64>,
    second_high: Option<i64>,
    second_low: Option<i64>,
    many: i64,
    approximate: i64,
}

/// Totals, and of what they are.
struct Group<Of> {
    of: Of,
    totals: Totals,
}

impl<Of: FromQueryResult> FromQueryResult for Group<Of> {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        Ok(Self {
            of: Of::from_query_result(row, prefix)?,
            totals: Totals::from_query_result(row, prefix)?,
        })
    }
}

#[derive(FromQueryResult, PartialEq)]
struct Subject {
    period_start: NaiveDate,
    period_end: NaiveDate,
    grant_id: Uuid,
    allocation_id: Option<Uuid>,
    provider_id: Uuid,
}

#[derive(FromQueryResult, PartialEq)]
struct Project {
    project: Option<String>,
}

impl Totals {
    /// What the figures come to; none when that is more than can be counted.
    fn value(&self) -> Result<Option<FigureValue>, StoreError> {
        let first = whole(self.first_high, self.first_low);
        let second = whole(self.second_high, self.second_low);
        let (Ok(first), Ok(second)) = (first, second) else {
            return Ok(None);
        };
        let (one, ratio) = match self.kind.as_str() {
            RATIO => ((None, None), (first, second)),
            _ => ((first, second), (None, None)),
        };
        value_of(&self.kind, (one.0, one.1, self.places), ratio).map(Some)
    }
}

/// A sum from those of its upper and lower halves, which neither database can be brought to overflow.
fn whole(high: Option<i64>, low: Option<i64>) -> Result<Option<i64>, std::num::TryFromIntError> {
    let halves = high.zip(low);
    let whole = halves.map(|(high, low)| (i128::from(high) << 32) + i128::from(low));
    whole.map(i64::try_from).transpose()
}

/// Groups by kind and places as well, and adds up. A ratio has no value and no upper end, so that one pair of sums serves
/// all kinds.
fn totals(select: Select<Entity>) -> Select<Entity> {
    let sums = [
        ("coalesce(value, numerator) >> 32", "first_high"),
        ("coalesce(value, numerator) & 4294967295", "first_low"),
        ("coalesce(upper, denominator) >> 32", "second_high"),
        ("coalesce(upper, denominator) & 4294967295", "second_low"),
    ];
    let mut select = select;
    for column in [Column::Kind, Column::Places] {
        select = select.column(column).group_by(column).order_by_asc(column);
    }
    for (what, name) in sums {
        // PostgreSQL adds whole numbers up to a numeric.
        select = select.expr_as(Expr::cust(format!("cast(sum({what}) as bigint)")), name);
    }
    select.expr_as(Expr::cust("count(*)"), "many").expr_as(
        Expr::cust("cast(sum(case when approximately then 1 else 0 end) as bigint)"),
        "approximate",
    )
}

/// A number of figures from its column.
pub(super) fn many(figures: i64) -> Result<usize, StoreError> {
    usize::try_from(figures).map_err(|why| unreadable("a number of figures", why))
}

/// The totals of one subject, put together.
fn sum<Of>(groups: &[Group<Of>]) -> Result<Sum, StoreError> {
    let mut values = Vec::with_capacity(groups.len());
    let mut sum = Sum {
        value: None,
        approximately: false,
        given: 0,
        not_known: 0,
        not_applicable: 0,
        blank: 0,
    };
    for Group { totals, .. } in groups {
        let many = many(totals.many)?;
        sum.approximately |= totals.approximate > 0;
        let value = totals.value()?;
        match value {
            Some(FigureValue::NotKnown) => sum.not_known += many,
            Some(FigureValue::NotApplicable) => sum.not_applicable += many,
            Some(FigureValue::Blank) => sum.blank += many,
            Some(_) | None => sum.given += many,
        }
        values.push(value);
    }
    let values: Option<Vec<FigureValue>> = values.into_iter().collect();
    sum.value = values.and_then(|values| measure::sum(&values));
    Ok(sum)
}
