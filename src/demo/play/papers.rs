//! Papers in a story: begun, written in, what returns tell cleared by name, published with a fresh code.
//!
//! Invariant: what is published is what was shown, as on the pages: its digest is that of the paper as it stands.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{FundId, PaperId};
use countersign_domain::period::Period;

use super::super::story::{OfPaper, Step, Verb};
use super::{found, fresh_code, officer, said, wrong};
use crate::service::paper::{self, About, Publishing, Saved};
use crate::service::{Deps, Officer, ServiceError};
use crate::store::{papers, register};

pub(super) async fn played(deps: &Deps, step: &Step, now: DateTime<Utc>) -> Result<(), String> {
    let officer = officer(deps, &step.by, now).await?;
    let of = step
        .paper
        .as_ref()
        .ok_or("the step names no paper: paper = { report = …, fund = …, period = … }")?;
    let (fund, period) = (fund(deps, &of.fund).await?, paper::read_period(&of.period)?);
    if step.verb == Verb::Begin {
        return begun(deps, &officer, of, (fund, period), now).await;
    }
    let id = begun_before(deps, of, (fund, period)).await?;
    match step.verb {
        Verb::Write => written(deps, &officer, id, step).await,
        Verb::Clear => cleared(deps, &officer, id, step, now).await,
        _ => published(deps, &officer, id, step, now).await,
    }
}

async fn fund(deps: &Deps, key: &str) -> Result<FundId, String> {
    let known = register::fund_by_key(&deps.store.read(), key).await.map_err(wrong)?;
    known
        .map(|fund| fund.id)
        .ok_or_else(|| format!("there is no fund {key}"))
}

async fn begun(
    deps: &Deps,
    officer: &Officer,
    of: &OfPaper,
    (fund, period): (FundId, Period),
    now: DateTime<Utc>,
) -> Result<(), String> {
    match paper::begin(deps, officer, fund, &of.report, Some(period), now).await {
        Ok(_) => Ok(()),
        Err(ServiceError::NotFound) => Err(format!("{} has no report {}", of.fund, of.report)),
        Err(other) => Err(said(other)),
    }
}

/// The paper that an earlier step began.
async fn begun_before(deps: &Deps, of: &OfPaper, (fund, period): (FundId, Period)) -> Result<PaperId, String> {
    let all = papers::papers_of(&deps.store.read(), fund).await.map_err(wrong)?;
    let mut begun = all
        .iter()
        .filter(|one| (&one.report, one.period) == (&of.report, period));
    begun
        .next()
        .map(|one| one.id)
        .ok_or_else(|| format!("no paper by {} of {} was begun for {}", of.report, of.fund, of.period))
}

async fn written(deps: &Deps, officer: &Officer, id: PaperId, step: &Step) -> Result<(), String> {
    if step.prose.is_empty() {
        return Err("nothing is written: prose = { introduction = … }".to_owned());
    }
    for (part, text) in &step.prose {
        let before = paper::written(deps, officer, id, part)
            .await
            .map_err(|fault| match fault {
                ServiceError::NotFound => format!("the paper has no text {part}"),
                other => said(other),
            })?;
        match paper::save(deps, officer, id, part, text, &before.seen.to_string()).await {
            Ok(Saved::Kept) => {}
            Ok(Saved::Theirs(_)) => return Err(format!("somebody else wrote in {part}")),
            Err(fault) => return Err(format!("{part}: {}", said(fault))),
        }
    }
    Ok(())
}

async fn cleared(deps: &Deps, officer: &Officer, id: PaperId, step: &Step, now: DateTime<Utc>) -> Result<(), String> {
    let ret = found(deps, step).await?;
    if step.clear.is_empty() {
        return Err("nothing is cleared: clear = [\"section/question\"]".to_owned());
    }
    let all = paper::stories(deps, officer, id, now).await.map_err(said)?.stories;
    let of_return = || all.iter().map(|story| &story.told.at).filter(|at| at.ret == ret.id);
    for place in &step.clear {
        let at = of_return().find(|at| at.place == *place).ok_or_else(|| {
            let known: Vec<&str> = of_return().map(|at| at.place.as_str()).collect();
            format!(
                "{} tells nothing at {place}, but at: {}",
                ret.reference,
                known.join(", ")
            )
        })?;
        let about = About {
            ret: at.ret,
            revision: at.revision,
            place: at.place.clone(),
        };
        paper::clear(deps, officer, id, &about, now).await.map_err(said)?;
    }
    Ok(())
}

async fn published(deps: &Deps, officer: &Officer, id: PaperId, step: &Step, now: DateTime<Utc>) -> Result<(), String> {
    let audience = step
        .audience
        .ok_or("nobody is named to publish for: audience = \"panel\"")?;
    let shown = paper::confirmation(deps, officer, id, audience, now)
        .await
        .map_err(|fault| match fault {
            ServiceError::NotFound => "the report is not for this audience".to_owned(),
            other => said(other),
        })?;
    let sent = Publishing {
        audience,
        digest: shown.digest.to_string(),
        edition: shown.edition,
        totp: fresh_code(officer, now)?,
    };
    paper::publish(deps, officer, id, &sent, now)
        .await
        .map(drop)
        .map_err(said)
}

#[cfg(test)]
mod tests;
