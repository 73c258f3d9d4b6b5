//! Papers, what was cleared for them, and their editions.
//!
//! Invariant: one paper of a report for a fund and period; prose changes only under the version that was read; an edition
//! with its inputs and files is written whole, once.

mod clearances;
mod earlier;
mod editions;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::ids::{FundId, PaperId};
use countersign_domain::paper::{Paper, PaperLine, PaperState};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

pub use clearances::{clear, clearances_of, withdraw};
pub use earlier::{EarlierRelease, earlier_releases, last_told};
pub use editions::{editions_of, file, files_of, next_edition, publication, publish};

use super::connection::sealed::Raw;
use super::convert::{count, from_json, guarded, micros, period, to_json, unreadable};
use super::rows::papers::paper::{Column, Entity, Model};
use super::rows::papers::publication;
use super::{Connection, StoreError, WriteTx};

const DRAFT: &str = "draft";
const PUBLISHED: &str = "published";

/// Begins a paper, or finds the one that was begun before of this report for this fund and period.
///
/// # Errors
/// When the database cannot be written.
pub async fn begin(tx: &WriteTx, new: &Paper) -> Result<Paper, StoreError> {
    let row = Model {
        id: new.id.uuid(),
        report: new.report.clone(),
        fund_id: new.fund.uuid(),
        period_start: new.period.start(),
        period_end: new.period.end(),
        prose: to_json("a paper's prose", &new.prose)?,
        begun_by: new.begun_by.uuid(),
        begun_at: micros(new.begun_at),
        version: new.version,
        state: state_text(new.state).to_owned(),
    };
    let once = OnConflict::columns([Column::FundId, Column::Report, Column::PeriodStart, Column::PeriodEnd])
        .do_nothing()
        .to_owned();
    Entity::insert(row.into_active_model())
        .on_conflict(once)
        .exec_without_returning(tx.raw())
        .await?;
    let there = Entity::find()
        .filter(Column::FundId.eq(new.fund.uuid()))
        .filter(Column::Report.eq(new.report.as_str()))
        .filter(Column::PeriodStart.eq(new.period.start()))
        .filter(Column::PeriodEnd.eq(new.period.end()))
        .one(tx.raw())
        .await?;
    from_row(there.ok_or(StoreError::NotFound { what: "paper" })?)
}

/// One paper.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get_paper(c: &impl Connection, id: PaperId) -> Result<Paper, StoreError> {
    let row = Entity::find_by_id(id.uuid()).one(c.raw()).await?;
    from_row(row.ok_or(StoreError::NotFound { what: "paper" })?)
}

/// The papers of a fund, those of the latest period at the front; within one, by report.
///
/// # Errors
/// When the database cannot be read.
pub async fn papers_of(c: &impl Connection, of: FundId) -> Result<Vec<PaperLine>, StoreError> {
    type Line = (Uuid, String, NaiveDate, NaiveDate, String, Uuid, DateTime<Utc>);
    type Published = (Uuid, i64, DateTime<Utc>);
    let lines: Vec<Line> = Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::Report,
            Column::PeriodStart,
            Column::PeriodEnd,
            Column::State,
            Column::BegunBy,
            Column::BegunAt,
        ])
        .filter(Column::FundId.eq(of.uuid()))
        .order_by_desc(Column::PeriodEnd)
        .order_by_desc(Column::PeriodStart)
        .order_by_asc(Column::Report)
        .into_tuple()
        .all(c.raw())
        .await?;
    let published: Vec<Published> = publication::Entity::find()
        .select_only()
        .column(publication::Column::PaperId)
        .column_as(publication::Column::Edition.max(), "editions")
        .column_as(publication::Column::PublishedAt.max(), "published_at")
        .filter(publication::Column::FundId.eq(of.uuid()))
        .group_by(publication::Column::PaperId)
        .into_tuple()
        .all(c.raw())
        .await?;
    let published: HashMap<Uuid, (i64, DateTime<Utc>)> = published
        .into_iter()
        .map(|(paper, editions, at)| (paper, (editions, at)))
        .collect();
    let line = |(id, report, start, end, state, begun_by, begun_at): Line| {
        let told = published.get(&id);
        Ok(PaperLine {
            id: id.into(),
            report,
            period: period(start, end)?,
            state: read_state(&state)?,
            begun_by: begun_by.into(),
            begun_at,
            editions: count("a paper's editions", told.map_or(0, |(editions, _)| *editions))?,
            published_at: told.map(|(_, at)| *at),
        })
    };
    lines.into_iter().map(line).collect()
}

/// Writes a paper's prose over what was read under `was`, and counts its version up by one: it is a draft again.
///
/// # Errors
/// [`StoreError::Conflict`] when its version is no longer `was`.
pub async fn save_prose(
    tx: &WriteTx,
    id: PaperId,
    prose: &BTreeMap<String, String>,
    was: i64,
) -> Result<i64, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::Prose, Expr::value(to_json("a paper's prose", prose)?))
        .col_expr(Column::State, Expr::value(DRAFT))
        .col_expr(Column::Version, Expr::value(was + 1))
        .filter(Column::Id.eq(id.uuid()))
        .filter(Column::Version.eq(was));
    guarded("paper", update.exec(tx.raw()).await?.rows_affected)?;
    Ok(was + 1)
}

fn state_text(state: PaperState) -> &'static str {
    match state {
        PaperState::Draft => DRAFT,
        PaperState::Published => PUBLISHED,
    }
}

fn read_state(text: &str) -> Result<PaperState, StoreError> {
    match text {
        DRAFT => Ok(PaperState::Draft),
        PUBLISHED => Ok(PaperState::Published),
        other => Err(unreadable("a paper's state", other)),
    }
}

fn from_row(row: Model) -> Result<Paper, StoreError> {
    Ok(Paper {
        id: row.id.into(),
        report: row.report,
        fund: row.fund_id.into(),
        period: period(row.period_start, row.period_end)?,
        prose: from_json("a paper's prose", &row.prose)?,
        begun_by: row.begun_by.into(),
        begun_at: row.begun_at,
        state: read_state(&row.state)?,
        version: row.version,
    })
}
