//! Making: a paper is composed, and it is decided what of it may be shown.
//!
//! Invariant: nothing leaves here but a document that was looked through, under the report's own policy and against
//! everything that earlier editions told of the same returns, and of those that count the same people.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use countersign_domain::document::{Released, Showed, show};
use countersign_domain::form::schema::Audience;
use countersign_domain::ids::ReturnId;
use countersign_domain::paper::Clearance;

use super::Opened;
use crate::service::facts::today;
use crate::service::report::composed::{Asking, Cleared, ComposeError, Composed, compose};
use crate::service::{Deps, ServiceError};
use crate::store::papers::EarlierRelease;
use crate::store::{Connection, papers};
use crate::wording::report::Problem;

/// What stands of a paper's clearances, as whoever composes it asks for them.
pub(super) fn standing_clearances(known: &[Clearance]) -> Vec<Cleared> {
    let standing = known.iter().filter(|one| one.withdrawn.is_none());
    standing
        .map(|one| Cleared {
            ret: one.return_id,
            revision: one.revision,
            place: one.place.clone(),
        })
        .collect()
}

/// What is asked for a paper, for this audience.
pub(super) fn asking<'a>(
    opened: &'a Opened,
    cleared: &'a [Cleared],
    audience: Audience,
    provisional: bool,
    now: DateTime<Utc>,
) -> Asking<'a> {
    Asking {
        fund: opened.fund.id,
        report: &opened.report,
        period: opened.paper.period,
        prose: &opened.paper.prose,
        cleared,
        provisional,
        audience,
        today: today(now),
    }
}

/// A paper as it is composed for an audience. Of its clearances those that are given.
///
/// # Errors
/// [`ServiceError::Conflict`] with everything that is wrong with the report or what was written.
pub(super) async fn composed(
    deps: &Deps,
    opened: &Opened,
    clearances: &[Clearance],
    audience: Audience,
    provisional: bool,
    now: DateTime<Utc>,
) -> Result<Composed, ServiceError> {
    let cleared = standing_clearances(clearances);
    let asking = asking(opened, &cleared, audience, provisional, now);
    compose(deps, asking).await.map_err(|error| match error {
        ComposeError::Report(problems) => ServiceError::Conflict(words(opened, &problems)),
        ComposeError::Service(error) => error,
    })
}

fn words(opened: &Opened, problems: &[Problem]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("Line {}: {}", problem.line, problem.message))
        .collect();
    format!(
        "This paper cannot be worked out, because its report or what is written in it has something wrong. Report ‘{}’. {}",
        opened.report.id,
        lines.join(" ")
    )
}

/// What earlier editions told of counts of people of these returns.
pub(super) async fn earlier(conn: &impl Connection, of: &[ReturnId]) -> Result<Vec<EarlierRelease>, ServiceError> {
    Ok(papers::earlier_releases(conn, of).await?)
}

/// What of a paper may be shown to an audience.
///
/// # Errors
/// When what an earlier edition told cannot be read.
pub(super) fn shown(
    opened: &Opened,
    audience: Audience,
    composed: Composed,
    earlier: &[EarlierRelease],
    watermark: Option<String>,
) -> Result<Showed, ServiceError> {
    let mut released: Vec<Released> = Vec::new();
    for one in earlier {
        let told: Vec<Released> = serde_json::from_str(&one.released).map_err(ServiceError::internal)?;
        released.extend(told);
    }
    let policy = opened.policy(audience);
    Ok(show(composed.document, audience, policy, &released, watermark))
}

/// The returns that a paper tells, and those by which the same people may have been told of.
pub(super) fn returns(composed: &Composed) -> Vec<ReturnId> {
    let own = composed.inputs.iter().map(|input| input.return_id);
    let all: BTreeSet<ReturnId> = own.chain(composed.kin.iter().copied()).collect();
    all.into_iter().collect()
}
