//! A paper's life: it is begun for a fund and a period, written in, its stories are cleared, it is looked at and published;
//! and published again when what it tells was corrected.
//!
//! Invariant: what leaves the server as a file is printed from a document that was looked through first. What was published
//! is read back and never worked out again.

mod begin;
mod clearances;
mod editions;
mod list;
mod look;
mod made;
mod making;
mod periods;
pub mod print;
mod printing;
mod prose;
mod publish;
mod rights;
mod standing;
mod stories;
mod verify;

use std::sync::Arc;

use chrono::{DateTime, Utc};
pub use countersign_domain::document::INTERNAL;
use countersign_domain::form::schema::Audience;
use countersign_domain::ids::{FundId, PaperId, PersonId};
use countersign_domain::measure::suppress::Policy;
use countersign_domain::paper::Paper;
use countersign_domain::register::Fund;
use countersign_domain::report::Report;

pub use begin::{Choice, begin, choices};
pub use editions::{EditionPage, edition, file, last_edition, made_from};
pub use list::{Offer, Shelf, Shelved, list};
pub use look::{Look, Sheet, internal_file, look, sheet};
pub use made::{Wanted, make};
pub use periods::read_period;
pub use printing::Press;
pub use prose::{Saved, Written, save, written};
pub use publish::{Confirmation, Publishing, confirmation, publish};
pub use standing::Standing;
pub use stories::{About, Counts, Stories, Story, clear, stories, withdraw};
pub(super) use verify::{Kept, Printed, hold, same_story};

use super::report::across::Funds;
use super::{Deps, Officer, ServiceError};
use crate::store::{Connection, papers, register};

/// Said on what others would read, before it is published.
pub const PREVIEW: &str = "Preview: not published";

/// Whether what is not published of a fund's papers is shown to them.
pub fn may_look(officer: &Officer, fund: FundId) -> bool {
    rights::may_look(officer, fund).is_ok()
}

/// A paper with what it stands on.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The paper.
    pub paper: Paper,
    /// Its fund.
    pub fund: Fund,
    /// Its report.
    pub report: Arc<Report>,
}

impl Opened {
    /// What it is called.
    pub fn title(&self) -> String {
        self.report.title_for(&self.fund.title, &self.paper.period.label())
    }

    /// For whom it may be published, the narrowest first.
    pub fn audiences(&self) -> Vec<Audience> {
        [Audience::Internal, Audience::Panel, Audience::Public]
            .into_iter()
            .filter(|audience| *audience <= self.report.audience)
            .collect()
    }

    /// The rule by which small counts are held back for an audience.
    pub fn policy(&self, audience: Audience) -> Option<Policy> {
        self.report.policy.filter(|_| audience > Audience::Internal)
    }
}

/// Opens a paper for somebody of the commissioner's.
async fn opened(deps: &Deps, conn: &impl Connection, officer: &Officer, id: PaperId) -> Result<Opened, ServiceError> {
    let paper = papers::get_paper(conn, id).await?;
    rights::may_look(officer, paper.fund)?;
    let fund = register::get_fund(conn, paper.fund).await?;
    let report = deps.reports.get(&paper.report).ok_or_else(|| {
        ServiceError::Conflict(format!(
            "The report ‘{}’ that this paper is made by is no longer on this server. Its editions can still be read.",
            paper.report
        ))
    })?;
    rights::may_look_across(officer, &Funds::of(conn, fund.id, report.across).await?)?;
    Ok(Opened { paper, fund, report })
}

/// Opens a paper for whoever prepares it.
async fn prepared(deps: &Deps, conn: &impl Connection, officer: &Officer, id: PaperId) -> Result<Opened, ServiceError> {
    let opened = opened(deps, conn, officer, id).await?;
    officer.chases(opened.fund.id)?;
    Ok(opened)
}

/// What a paper of a report is called; of a report that is no longer there, its id.
fn title(deps: &Deps, report: &str, fund: &Fund, period: &str) -> String {
    match deps.reports.get(report) {
        Some(found) => found.title_for(&fund.title, period),
        None => report.to_owned(),
    }
}

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByAt {
    /// Their name.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

async fn by_at(conn: &impl Connection, by: PersonId, at: DateTime<Utc>) -> Result<ByAt, ServiceError> {
    let by = register::get_person(conn, by).await?.name;
    Ok(ByAt { by, at })
}
