//! Figures added up where they are kept.
//!
//! Invariant: exact, as [`countersign_domain::measure`] adds up; a sum that is more than can be counted is said to be none.
//! What comes back grows with projects and periods, never with returns.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use countersign_domain::ids::{AllocationId, FundId, GrantId, OrganisationId};
use countersign_domain::measure::Sum;
use countersign_domain::period::Period;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    Select,
};
use uuid::Uuid;

use super::record::SIGNED;
use super::totals::{Group, Grouped, Totals, groups, sum};
use crate::store::convert::period;
use crate::store::rows::returns::owed;
use crate::store::rows::revisions::figure::{Column, Entity};
use crate::store::{Connection, StoreError};

/// What the signed figures of one measure come to in an allocation, or in whole returns of a grant.
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
    /// What they come to, periods and rows of tables added together. Sums of several projects are put together by
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

/// What the signed figures of these measures of a form come to within the window, for each grant, allocation and provider; by
/// measure as asked, then by those. Only for measures that are summed over time and over providers: of others see
/// [`super::latest`] and [`super::largest`].
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
    // As much as is sorted in some 30 MB; every part gives each allocation again.
    let parts = parts(c, (fund, form, window), 200_000).await?;
    let mut all = Vec::new();
    for measure in measures {
        let mut totals: BTreeMap<Subject, Vec<Totals>> = BTreeMap::new();
        for (from, to) in &parts {
            let asked = Asked {
                fund,
                form,
                measure,
                window: period(*from, window.end())?,
            };
            for group in groups::<Subject>(c, by_subject(&asked, *to)).await? {
                group.totals.join(totals.entry(group.of).or_default());
            }
        }
        for (of, totals) in totals {
            all.push(SumRow {
                measure: (*measure).to_owned(),
                grant: of.grant_id.into(),
                allocation: of.allocation_id.map(AllocationId::from),
                provider: of.provider_id.into(),
                sum: sum(&totals)?,
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
    let parts = parts(c, (fund, form, window), 2_500).await?;
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
            let groups = groups::<Project>(c, by_project(&asked, *to)).await?;
            for same in groups.chunk_by(|a, b| a.of == b.of) {
                let Some(Group { of, .. }) = same.first() else { continue };
                all.push(ProjectSum {
                    measure: (*measure).to_owned(),
                    period: period(of.period_start, of.period_end)?,
                    project: of.project.clone(),
                    sum: sum(same.iter().map(|group| &group.totals))?,
                });
            }
        }
        // Each database has its own order of letters.
        all[before..].sort_by(|a, b| (a.period, &a.project).cmp(&(b.period, &b.project)));
    }
    Ok(all)
}

/// Days on which periods begin, from one to another, for which sums are asked at once: on PostgreSQL, which keeps no more than
/// the sums, all of them. SQLite sorts in memory what is in no order of its own, so that there no part has more returns than
/// `at_once` unless they all begin on one day.
async fn parts(
    c: &impl Connection,
    (fund, form, window): (FundId, &str, Period),
    at_once: i64,
) -> Result<Vec<(NaiveDate, NaiveDate)>, StoreError> {
    if c.raw().get_database_backend() != DbBackend::Sqlite {
        return Ok(vec![(window.start(), window.end())]);
    }
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
                room = at_once;
            }
        }
        room -= many;
    }
    Ok(parts)
}

fn by_subject(asked: &Asked<'_>, last_start: NaiveDate) -> Select<Entity> {
    let mut find = asked.find().filter(Column::PeriodStart.lte(last_start)).select_only();
    for column in [Column::GrantId, Column::AllocationId, Column::ProviderId] {
        find = find.column(column).group_by(column);
    }
    find
}

/// An allocation of no project is one by itself, under its own key.
fn by_project(asked: &Asked<'_>, last_start: NaiveDate) -> Select<Entity> {
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
    find
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Subject {
    grant_id: Uuid,
    allocation_id: Option<Uuid>,
    provider_id: Uuid,
}

impl Grouped for Subject {
    const COLUMNS: usize = 3;

    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            grant_id: row.try_get_by_index(0)?,
            allocation_id: row.try_get_by_index(1)?,
            provider_id: row.try_get_by_index(2)?,
        })
    }
}

#[derive(PartialEq)]
struct Project {
    period_start: NaiveDate,
    period_end: NaiveDate,
    project: Option<String>,
}

impl Grouped for Project {
    const COLUMNS: usize = 3;

    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            period_start: row.try_get_by_index(0)?,
            period_end: row.try_get_by_index(1)?,
            project: row.try_get_by_index(2)?,
        })
    }
}
