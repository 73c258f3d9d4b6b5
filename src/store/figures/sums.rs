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
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult,
    QuerySelect, Select,
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
        let groups = totals(select, c.raw().get_database_backend())
            .into_model::<Group<Subject>>()
            .all(c.raw())
            .await?;
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
    let backend = c.raw().get_database_backend();
    let parts = match backend {
        // SQLite sorts in memory what it groups by project, so that it is given a part of the time at once.
        DbBackend::Sqlite => parts(c, fund, form, window).await?,
        _ => vec![(window.start(), window.end())],
    };
    let mut all = Vec::new();
    for measure in measures {
        let before = all.len();
        for (from, to) in &parts {
            let asked = Asked {
                fund,
                form,
                measure,
                // Two bounds at one end would be one too many: SQLite may begin at the wider of them.
                window: period(*from, window.end())?,
            };
            let select = by_project(&asked, *to, backend);
            let groups = select.into_model::<Group<Project>>().all(c.raw()).await?;
            for same in groups.chunk_by(|a, b| a.of == b.of) {
                let Some(Group { of, .. }) = same.first() else { continue };
                all.push(ProjectSum {
                    measure: (*measure).to_owned(),
                    period: period(of.period_start, of.period_end)?,
                    project: of.project.clone(),
                    sum: sum(same)?,
                });
            }
        }
        // Each database has its own order of letters.
        all[before..].sort_by(|a, b| (a.period, &a.project).cmp(&(b.period, &b.project)));
    }
    Ok(all)
}

/// Days on which periods begin, from one to another, cut so that no part has many more returns than `PART` unless they all
/// begin on one day.
async fn parts(
    c: &impl Connection,
    fund: FundId,
    form: &str,
    window: Period,
) -> Result<Vec<(NaiveDate, NaiveDate)>, StoreError> {
    const PART: i64 = 2_500;
    let starts: Vec<(NaiveDate, i64)> = owed::Entity::find()
        .select_only()
        .column(owed::Column::PeriodStart)
        .column_as(owed::Column::Id.count(), "many")
        .filter(owed::Column::FundId.eq(fund.uuid()))
        .filter(owed::Column::Form.eq(form))
        .filter(owed::Column::PeriodStart.gte(window.start()))
        .filter(owed::Column::PeriodEnd.lte(window.end()))
        .group_by(owed::Column::PeriodStart)
        .order_by_asc(owed::Column::PeriodStart)
        .into_tuple()
        .all(c.raw())
        .await?;
    let mut parts: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    let mut room = 0;
    for (start, many) in starts {
        match parts.last_mut().filter(|_| many <= room) {
            Some(part) => part.1 = start,
            None => {
                parts.push((start, start));
                room = PART;
            }
        }
        room -= many;
    }
    Ok(parts)
}

/// An allocation of no project is one by itself, under its own key.
fn by_project(asked: &Asked<'_>, last_start: NaiveDate, backend: DbBackend) -> Select<Entity> {
    const PROJECT: &str = "coalesce(allocations.project, allocations.key)";
    let mut find = asked.find().filter(Column::PeriodStart.lte(last_start)).select_only();
    for column in [Column::PeriodStart, Column::PeriodEnd] {
        find = find.column(column).group_by(column).order_by_asc(column);
    }
    let mut find = find
        .expr_as(Expr::cust(PROJECT), "project")
        .group_by(Expr::cust(PROJECT))
        .order_by_asc(Expr::cust(PROJECT));
    let its_allocation = Expr::col(Column::AllocationId.as_column_ref()).equals(("allocations", "id"));
    QuerySelect::query(&mut find).left_join("allocations", its_allocation);
    totals(find, backend)
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
    period_start: NaiveDate,
    period_end: NaiveDate,
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

/// A sum from its upper half and its lower half of 32 bits.
fn whole(high: Option<i64>, low: Option<i64>) -> Result<Option<i64>, std::num::TryFromIntError> {
    let halves = high.zip(low);
    let whole = halves.map(|(high, low)| (i128::from(high) << 32) + i128::from(low));
    whole.map(i64::try_from).transpose()
}

/// Groups by kind and places as well, and adds up. A ratio has no value and no upper end, so that one pair of sums serves
/// all kinds.
fn totals(select: Select<Entity>, backend: DbBackend) -> Select<Entity> {
    let mut select = select;
    for column in [Column::Kind, Column::Places] {
        select = select.column(column).group_by(column).order_by_asc(column);
    }
    let added = [
        ("coalesce(value, numerator)", ["first_high", "first_low"]),
        ("coalesce(upper, denominator)", ["second_high", "second_low"]),
    ];
    for (what, names) in added {
        for (half, name) in halves(what, backend).into_iter().zip(names) {
            select = select.expr_as(Expr::cust(half), name);
        }
    }
    select.expr_as(Expr::cust("count(*)"), "many").expr_as(
        Expr::cust("cast(sum(case when approximately then 1 else 0 end) as bigint)"),
        "approximate",
    )
}

/// The two halves of a sum that may be more than 64 bits. PostgreSQL adds whole numbers up to a numeric, which is taken apart
/// afterwards; SQLite would fail on one that is too large, and adds up halves.
fn halves(what: &str, backend: DbBackend) -> [String; 2] {
    match backend {
        DbBackend::Postgres => {
            let high = format!("floor(sum({what}) / 4294967296)");
            [
                format!("cast({high} as bigint)"),
                format!("cast(sum({what}) - {high} * 4294967296 as bigint)"),
            ]
        }
        _ => [format!("sum({what} >> 32)"), format!("sum({what} & 4294967295)")],
    }
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
