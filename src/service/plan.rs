//! plan: makes the returns that assignments owe, with their dates frozen and their form version pinned.
//!
//! Invariant: one return for an assignment and a period, however often it is planned; no two have one reference. One
//! assignment's trouble does not keep the others waiting.

use chrono::{DateTime, Utc};
use countersign_domain::form::schema::OwedBy;
use countersign_domain::ids::ReturnId;
use countersign_domain::register::Assignment;
use countersign_domain::returns::Return;
use countersign_domain::schedule;
use countersign_domain::workflow::State;
use uuid::Uuid;

use super::facts::today;
use super::{Deps, ServiceError, facts};
use crate::store::{register, returns};

/// How far ahead returns are planned, in days: a year and a month, so that a commissioner sees the year to come.
const AHEAD: i64 = 396;

/// Plans every return that opens within `AHEAD` days; answers how many are new, and what went wrong, assignment by
/// assignment.
pub async fn plan(deps: &Deps, now: DateTime<Utc>) -> Result<(u32, Vec<String>), ServiceError> {
    let (mut planned, mut troubles) = (0, Vec::new());
    for assignment in register::all_assignments(&deps.store.read()).await? {
        match plan_assignment(deps, &assignment, now, &mut troubles).await {
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
    missing.retain(|ret| facts::dates(ret).contradiction().is_none());
    Ok(missing)
}

/// A schedule may come to dates in the wrong order for some period, where bank holidays fall so: that return is left
/// out and named, until a later version of the form puts it right.
async fn plan_assignment(
    deps: &Deps,
    assignment: &Assignment,
    now: DateTime<Utc>,
    troubles: &mut Vec<String>,
) -> Result<u32, ServiceError> {
    let mut planned = 0;
    for ret in missing_returns(deps, assignment, now).await? {
        if let Some(why) = facts::dates(&ret).contradiction() {
            tracing::warn!(assignment = %assignment.id, period = %ret.period, why, "a return cannot be planned");
            troubles.push(format!(
                "assignment {}: the return for {} cannot be planned, because {why}; change the schedule of {} in its next version",
                assignment.id, ret.period, ret.form
            ));
            continue;
        }
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
    let prefix = match (form.owed_by, assignment.allocation) {
        (OwedBy::Allocation, Some(id)) => {
            format!("{}-{}", grant.reference, register::get_allocation(&read, id).await?.key)
        }
        (OwedBy::Provider, None) => {
            let provider = register::get_organisation(&read, assignment.organisation).await?;
            format!("{}-{}", grant.reference, provider.key)
        }
        (OwedBy::Grant, None) => grant.reference.clone(),
        // A later version of the form is owed for something else; the assignment has to be made anew.
        (OwedBy::Grant | OwedBy::Provider, Some(_)) | (OwedBy::Allocation, None) => return Ok(Vec::new()),
    };
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
            reference: free_reference(&prefix, nth + 1, &known),
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

/// What people quote: the grant's reference, with the allocation's or the provider's key where it is owed for one, and
/// the number of the period, or the next number that is free where two forms are asked for.
fn free_reference(prefix: &str, nth: usize, known: &[Return]) -> String {
    let mut number = nth;
    loop {
        let reference = format!("{prefix}-R{number}");
        if known.iter().all(|ret| ret.reference != reference) {
            return reference;
        }
        number += 1;
    }
}
