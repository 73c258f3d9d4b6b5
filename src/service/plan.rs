//! plan: makes the returns that assignments owe, with their dates frozen and their form version pinned.
//!
//! Invariant: one return for an assignment and a period, however often it is planned; no two have one reference. One
//! assignment's trouble does not keep the others waiting.

use chrono::{DateTime, Utc};
use countersign_domain::ids::ReturnId;
use countersign_domain::register::Assignment;
use countersign_domain::returns::Return;
use countersign_domain::schedule;
use countersign_domain::workflow::State;
use uuid::Uuid;

use super::facts::today;
use super::{Deps, ServiceError};
use crate::store::{register, returns};

/// How far ahead returns are planned, in days: a year and a month, so that a commissioner sees the year to come.
const AHEAD: i64 = 396;

/// Plans every return that opens within `AHEAD` days; answers how many are new, and what went wrong, assignment by
/// assignment.
pub async fn plan(deps: &Deps, now: DateTime<Utc>) -> Result<(u32, Vec<String>), ServiceError> {
    let (mut planned, mut troubles) = (0, Vec::new());
    for assignment in register::all_assignments(&deps.store.read()).await? {
        match plan_assignment(deps, &assignment, now).await {
            Ok(new) => planned += new,
            Err(error) => {
                tracing::warn!(assignment = %assignment.id, %error, "an assignment could not be planned");
                troubles.push(format!("assignment {}: {error}", assignment.id));
            }
        }
    }
    Ok((planned, troubles))
}

/// The returns that [`plan`] would make.
pub async fn would_plan(deps: &Deps, now: DateTime<Utc>) -> Result<Vec<Return>, ServiceError> {
    let mut missing = Vec::new();
    for assignment in register::all_assignments(&deps.store.read()).await? {
        missing.extend(missing_returns(deps, &assignment, now).await?);
    }
    Ok(missing)
}

async fn plan_assignment(deps: &Deps, assignment: &Assignment, now: DateTime<Utc>) -> Result<u32, ServiceError> {
    let mut planned = 0;
    for ret in missing_returns(deps, assignment, now).await? {
        let tx = deps.store.begin().await?;
        if returns::insert_return(&tx, &ret).await? {
            tx.commit().await?;
            planned += 1;
        }
    }
    Ok(planned)
}

/// The returns of an assignment that open within `AHEAD` days and are not there yet.
async fn missing_returns(
    deps: &Deps,
    assignment: &Assignment,
    now: DateTime<Utc>,
) -> Result<Vec<Return>, ServiceError> {
    let read = deps.store.read();
    let Some(form) = deps.forms.latest(&read, &assignment.form).await? else {
        return Ok(Vec::new());
    };
    let grant = register::get_grant(&read, assignment.grant).await?;
    let fund = register::get_fund(&read, grant.fund).await?;
    let mut known = returns::returns_of_grant(&read, grant.id).await?;
    let there = known.len();
    let horizon = today(now) + chrono::Duration::days(AHEAD);
    let periods = schedule::periods(&form.schedule.every, grant.starts_on, grant.ends_on);
    for (nth, period) in periods.into_iter().enumerate() {
        let owed = period.end() >= assignment.from && period.start() <= assignment.to;
        let planned = known
            .iter()
            .any(|ret| ret.assignment == assignment.id && ret.period == period);
        let dates = schedule::dates(&form.schedule, period, fund.nation);
        let Some(dates) = dates.filter(|dates| owed && !planned && dates.opens_on <= horizon) else {
            continue;
        };
        known.push(Return {
            id: ReturnId::from(Uuid::new_v4()),
            reference: free_reference(&grant.reference, nth + 1, &known),
            assignment: assignment.id,
            form: form.id.clone(),
            form_version: form.version,
            fund: fund.id,
            grant: grant.id,
            allocation: assignment.allocation,
            organisation: assignment.organisation,
            period,
            opens_on: dates.opens_on,
            due_on: dates.due_on,
            closes_on: dates.closes_on,
            state: State::Scheduled,
            revision: 0,
            signed_revision: None,
            first_submitted_at: None,
            version: 1,
        });
    }
    Ok(known.split_off(there))
}

/// What people quote: the grant's reference and the number of the period, or the next number that is free where two
/// forms are asked for of one grant.
fn free_reference(grant: &str, nth: usize, known: &[Return]) -> String {
    let mut number = nth;
    loop {
        let reference = format!("{grant}-R{number}");
        if known.iter().all(|ret| ret.reference != reference) {
            return reference;
        }
        number += 1;
    }
}
