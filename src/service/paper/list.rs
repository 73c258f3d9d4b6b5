//! The papers of an officer's funds, and which could be begun.
//!
//! Invariant: who does not prepare papers sees those that have an edition for them, and nothing of the others.

use chrono::{DateTime, Utc};
use countersign_domain::ids::PaperId;
use countersign_domain::paper::{PaperLine, PaperState};
use countersign_domain::register::Fund;
use countersign_domain::report::Report;

use super::{rights, title};
use crate::service::facts::today;
use crate::service::reviewers::{Reviewers, reviewers};
use crate::service::{Deps, Officer, ServiceError};
use crate::store::{Connection, papers, register};

/// The papers of one fund.
#[derive(Debug, Clone)]
pub struct Shelf {
    /// The fund.
    pub fund: Fund,
    /// Whether the officer prepares its papers.
    pub prepares: bool,
    /// Who does.
    pub reviewers: Reviewers,
    /// Its papers, those of the latest period first.
    pub papers: Vec<Shelved>,
    /// The reports that a paper can be made by.
    pub offers: Vec<Offer>,
}

/// A paper in the list.
#[derive(Debug, Clone)]
pub struct Shelved {
    /// Identity.
    pub id: PaperId,
    /// What it is called.
    pub title: String,
    /// Its period, in words.
    pub period: String,
    /// Whether it has been written in since its last edition.
    pub draft: bool,
    /// The number of the last edition that the officer may read; 0 for none.
    pub edition: u32,
    /// When that was published.
    pub published_at: Option<DateTime<Utc>>,
}

/// A report that a paper of the fund can be made by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The report's id.
    pub report: String,
    /// What its papers are called.
    pub title: String,
}

/// The papers that an officer can read, by fund.
pub async fn list(deps: &Deps, officer: &Officer, now: DateTime<Utc>) -> Result<Vec<Shelf>, ServiceError> {
    if !officer.second_factor {
        return Err(ServiceError::NotFound);
    }
    let read = deps.store.read();
    let mut shelves = Vec::new();
    for fund in register::funds_of_officer(&read, officer.person.id, today(now)).await? {
        let prepares = rights::prepares(officer, fund.id);
        let mut found = Vec::new();
        for line in papers::papers_of(&read, fund.id).await? {
            found.extend(shelved(deps, &read, officer, &fund, line).await?);
        }
        shelves.push(Shelf {
            prepares,
            reviewers: reviewers(&read, fund.id, today(now)).await?,
            papers: found,
            offers: if prepares {
                offers(deps, &read, &fund).await?
            } else {
                Vec::new()
            },
            fund,
        });
    }
    Ok(shelves)
}

async fn shelved(
    deps: &Deps,
    conn: &impl Connection,
    officer: &Officer,
    fund: &Fund,
    line: PaperLine,
) -> Result<Option<Shelved>, ServiceError> {
    let period = line.period.label();
    let mut shelved = Shelved {
        id: line.id,
        title: title(deps, &line.report, fund, &period),
        period,
        draft: line.state == PaperState::Draft,
        edition: line.editions,
        published_at: line.published_at,
    };
    if rights::is_commissioners(officer, fund.id) {
        return Ok(Some(shelved));
    }
    let mut theirs = papers::editions_of(conn, line.id).await?;
    theirs.retain(|edition| rights::may_read(officer, fund.id, edition.audience).is_ok());
    Ok(theirs.pop().map(|last| {
        (shelved.draft, shelved.edition, shelved.published_at) = (false, last.number, Some(last.published_at));
        shelved
    }))
}

/// The reports whose forms the fund uses.
async fn offers(deps: &Deps, conn: &impl Connection, fund: &Fund) -> Result<Vec<Offer>, ServiceError> {
    let used = register::forms_of_fund(conn, fund.id).await?;
    let all = deps.reports.list().map(|listed| &listed.report);
    let fitting = all.filter(|report| fits(report, &used));
    Ok(fitting
        .map(|report| Offer {
            report: report.id.clone(),
            title: general_title(report, fund),
        })
        .collect())
}

/// Whether a report asks for a form that the fund uses; one that names none is about every form.
pub(super) fn fits(report: &Report, used: &[String]) -> bool {
    match report.forms.is_empty() {
        true => !used.is_empty(),
        false => report.forms.iter().any(|form| used.contains(form)),
    }
}

/// What the papers of a report are called before a period is chosen.
pub(super) fn general_title(report: &Report, fund: &Fund) -> String {
    without_period(&report.title_for(&fund.title, ""))
}

/// A title whose period is left out, without what led to the period: "Returns for" is "Returns".
fn without_period(text: &str) -> String {
    const LEADING: [&str; 6] = [" for", " in", " of", " during", " over", " from"];
    let mut text = text.trim_end();
    loop {
        let shorter = text.trim_end_matches([',', ':', '–', '-', ' ']);
        let shorter = LEADING
            .iter()
            .find_map(|word| shorter.strip_suffix(word))
            .unwrap_or(shorter);
        if shorter == text {
            return text.trim_start().to_owned();
        }
        text = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_ends_where_the_words_before_its_period_begin() {
        for (title, general) in [
            ("Safer fund: returns for ", "Safer fund: returns"),
            ("Outcomes and performance, ", "Outcomes and performance"),
            ("Safer fund: outreach in ", "Safer fund: outreach"),
            (": returns", ": returns"),
            ("Proof", "Proof"),
        ] {
            assert_eq!(without_period(title), general);
        }
    }
}
