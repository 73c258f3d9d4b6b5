//! begin: a paper of a report, for a fund and a period.
//!
//! Invariant: one paper for one report, fund and period, whoever begins it, and however often.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use countersign_domain::ids::{FundId, PaperId};
use countersign_domain::paper::{Paper, PaperState};
use countersign_domain::period::Period;
use countersign_domain::register::Fund;
use countersign_domain::report::{Covers, Report};
use uuid::Uuid;

use super::list::{fits, general_title};
use super::periods::offered;
use super::rights;
use crate::service::facts::today;
use crate::service::report::across::Funds;
use crate::service::{Deps, Officer, ServiceError};
use crate::store::{Connection, gathered, papers, register};

/// What can be begun.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The fund.
    pub fund: Fund,
    /// The report.
    pub report: Arc<Report>,
    /// What its papers are called.
    pub title: String,
    /// The periods, the latest first.
    pub periods: Vec<Period>,
}

/// The periods for which a paper of a report can be begun.
///
/// # Errors
/// [`ServiceError::NotFound`] for a report that is not there or not for this fund.
pub async fn choices(
    deps: &Deps,
    officer: &Officer,
    fund: FundId,
    report: &str,
    now: DateTime<Utc>,
) -> Result<Choice, ServiceError> {
    officer.chases(fund)?;
    let read = deps.store.read();
    let choice = choice(deps, &read, fund, report, now).await?;
    rights::may_look_across(officer, &Funds::of(&read, fund, choice.report.across).await?)?;
    Ok(choice)
}

pub(super) async fn choice(
    deps: &Deps,
    conn: &impl Connection,
    fund: FundId,
    report: &str,
    now: DateTime<Utc>,
) -> Result<Choice, ServiceError> {
    let fund = register::get_fund(conn, fund).await?;
    let report = deps.reports.get(report).ok_or(ServiceError::NotFound)?;
    let used = register::forms_of_fund(conn, fund.id).await?;
    if !fits(&report, &used) {
        return Err(ServiceError::NotFound);
    }
    let begun = papers::papers_of(conn, fund.id).await?;
    let once = begun.into_iter().find(|known| known.report == report.id);
    let periods = match once.filter(|_| report.covers == Covers::Once) {
        // It is made once, so that the one that was begun is the one.
        Some(known) => vec![known.period],
        None => {
            let mut of_forms: Vec<Period> = Vec::new();
            for fund in Funds::of(conn, fund.id, report.across).await?.all() {
                of_forms.extend(gathered::periods(conn, fund.id, &report.forms).await?);
            }
            offered(report.covers, &of_forms, today(now))
        }
    };
    Ok(Choice {
        title: general_title(&report, &fund),
        periods,
        fund,
        report,
    })
}

/// The texts that a paper starts with.
pub(super) fn starts(report: &Report) -> BTreeMap<String, String> {
    let all = report.prose.iter();
    all.map(|prose| (prose.id.clone(), prose.start.trim().to_owned()))
        .collect()
}

/// Begins a paper, or finds the one that was begun before.
///
/// # Errors
/// [`ServiceError::Invalid`] for a period that is not offered.
pub async fn begin(
    deps: &Deps,
    officer: &Officer,
    fund: FundId,
    report: &str,
    period: Option<Period>,
    now: DateTime<Utc>,
) -> Result<PaperId, ServiceError> {
    let choice = choices(deps, officer, fund, report, now).await?;
    let period = period
        .filter(|period| choice.periods.contains(period))
        .ok_or_else(|| ServiceError::field("period", "Select the period that the paper is about"))?;
    let paper = Paper {
        id: Uuid::new_v4().into(),
        report: choice.report.id.clone(),
        fund: choice.fund.id,
        period,
        prose: starts(&choice.report),
        begun_by: officer.person.id,
        begun_at: now,
        state: PaperState::Draft,
        version: 1,
    };
    let tx = deps.store.begin().await?;
    let there = papers::begin(&tx, &paper).await?;
    tx.commit().await?;
    Ok(there.id)
}
