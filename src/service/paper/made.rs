//! make: a paper as a file, for a command on the machine itself.
//!
//! Invariant: what is not an edition carries its watermark; an edition is given as it was published, byte for byte.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use countersign_domain::form::schema::Audience;
use countersign_domain::ledger::Digest;
use countersign_domain::paper::{EditionFile, Paper, PaperState};
use countersign_domain::period::Period;
use countersign_domain::register::Fund;
use uuid::Uuid;

use super::Opened;
use super::begin::starts;
use super::editions::{one, stored_file};
use super::look::{file_name, showed};
use super::print::Format;
use crate::service::{Deps, ServiceError};
use crate::store::{Connection, papers, register};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The report's id.
    pub report: String,
    /// The fund's key.
    pub fund: String,
    /// The period.
    pub period: Period,
    /// For whom.
    pub audience: Audience,
    /// An edition, or what stands.
    pub edition: Option<u32>,
    /// As what.
    pub format: Format,
}

/// A paper as a file. A paper that nobody has begun is made with the texts that its report starts with.
///
/// # Errors
/// [`ServiceError::Refused`] in words when there is no such report, fund, edition or audience.
pub async fn make(deps: &Deps, wanted: &Wanted, now: DateTime<Utc>) -> Result<EditionFile, ServiceError> {
    let read = deps.store.read();
    let fund = register::fund_by_key(&read, &wanted.fund)
        .await?
        .ok_or_else(|| ServiceError::Refused(format!("there is no fund ‘{}’", wanted.fund)))?;
    let begun = papers::papers_of(&read, fund.id).await?;
    let begun = begun
        .into_iter()
        .find(|line| line.report == wanted.report && line.period == wanted.period);
    if let Some(number) = wanted.edition {
        let none = || ServiceError::Refused(format!("there is no edition {number} of this paper"));
        let paper = begun.ok_or_else(none)?;
        return match one(&read, paper.id, number).await {
            Ok(edition) => stored_file(&read, &edition, wanted.format).await,
            Err(ServiceError::NotFound) => Err(none()),
            Err(other) => Err(other),
        };
    }
    let paper = match begun {
        Some(line) => Some(papers::get_paper(&read, line.id).await?),
        None => None,
    };
    let opened = opened(deps, fund, paper, wanted, now)?;
    as_it_stands(deps, &read, opened, wanted, now).await
}

fn opened(
    deps: &Deps,
    fund: Fund,
    paper: Option<Paper>,
    wanted: &Wanted,
    now: DateTime<Utc>,
) -> Result<Opened, ServiceError> {
    let report = deps.reports.get(&wanted.report).ok_or_else(|| {
        ServiceError::Refused(format!(
            "there is no report ‘{}’: `countersign report list` names them",
            wanted.report
        ))
    })?;
    if wanted.audience > report.audience {
        return Err(ServiceError::Refused(format!(
            "the report ‘{}’ may not go so far",
            report.id
        )));
    }
    let paper = paper.unwrap_or_else(|| Paper {
        id: Uuid::nil().into(),
        report: report.id.clone(),
        fund: fund.id,
        period: wanted.period,
        prose: starts(&report),
        begun_by: Uuid::nil().into(),
        begun_at: now,
        state: PaperState::Draft,
        version: 0,
    });
    Ok(Opened { paper, fund, report })
}

async fn as_it_stands(
    deps: &Deps,
    conn: &impl Connection,
    opened: Opened,
    wanted: &Wanted,
    now: DateTime<Utc>,
) -> Result<EditionFile, ServiceError> {
    let showed = showed(deps, conn, &opened, wanted.audience, now).await?;
    let which = match wanted.audience {
        Audience::Internal => "internal",
        Audience::Panel | Audience::Public => "preview",
    };
    let bytes = deps.printer.print(&Arc::new(showed.document), wanted.format).await?;
    Ok(EditionFile {
        format: wanted.format.extension().to_owned(),
        media: wanted.format.media_type().to_owned(),
        name: file_name(&opened, which, wanted.format),
        digest: Digest::of(&bytes),
        bytes,
    })
}
