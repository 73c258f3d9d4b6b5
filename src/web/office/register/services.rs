//! Which service shows, adds and changes an entry of each table.
//!
//! Invariant: a table that is not here has no pages of its own.

use chrono::{DateTime, Utc};
use countersign_domain::ids::FundId;

use super::super::super::WebError;
use super::super::id;
use crate::service::register::edit::{
    Edited, Shown, allocations, assignments, funds, grants, holders, lines, organisations, people, rounds, shares,
};
use crate::service::register::{Row, ShareRow, Table};
use crate::service::{Deps, Officer, ServiceError};

/// An entry's columns.
pub type Cells = Vec<(String, Vec<String>)>;

/// Where an entry is, or is to be added.
pub struct Place {
    /// On whose pages.
    pub fund: FundId,
    /// Its table.
    pub table: &'static Table,
    /// The grant or allocation of a new entry, where it belongs to one.
    pub of: String,
    /// What tells it from others of its table; empty for a new one.
    pub entry: String,
}

/// What shows, adds or changes.
pub struct Desk<'a> {
    /// What services work with.
    pub deps: &'a Deps,
    /// Who.
    pub officer: &'a Officer,
    /// When.
    pub now: DateTime<Utc>,
}

fn row<R: Row>(cells: &Cells) -> R {
    let mut row = R::default();
    for (column, values) in cells {
        row.set(column, values.clone());
    }
    row
}

/// Somebody's term: the office, the person and the first day, joined by `_`.
fn term(entry: &str) -> Result<holders::Term, WebError> {
    let mut parts = entry.splitn(3, '_');
    let mut part = || parts.next().unwrap_or_default();
    Ok((id(part())?, id(part())?, id(part())?))
}

fn typed<R: Row>(cells: &Cells, stamp: &str) -> Shown<R> {
    Shown {
        fields: row(cells),
        stamp: stamp.to_owned(),
    }
}

fn values<R: Row>(shown: Shown<R>) -> (Vec<String>, String) {
    (shown.fields.cells(), shown.stamp)
}

impl Desk<'_> {
    /// The values of an entry in the order of its table's columns, and its stamp.
    pub async fn show(&self, place: &Place) -> Result<(Vec<String>, String), WebError> {
        let (deps, officer, fund, entry) = (self.deps, self.officer, place.fund, place.entry.as_str());
        Ok(match place.table.name {
            "fund" => values(funds::show(deps, officer, fund).await?),
            "priority" => values(funds::show_priority(deps, officer, fund, entry).await?),
            "office" => values(funds::show_office(deps, officer, fund, id(entry)?).await?),
            "organisation" => values(organisations::show(deps, officer, id(entry)?).await?),
            "person" => values(people::show(deps, officer, id(entry)?).await?),
            "grant" => values(grants::show(deps, officer, id(entry)?).await?),
            "allocation" => values(allocations::show(deps, officer, id(entry)?).await?),
            "assignment" => values(assignments::show(deps, officer, id(entry)?).await?),
            "round" => {
                let (wanted, all) = (id(entry)?, rounds::show(deps, officer, fund).await?);
                one(all
                    .into_iter()
                    .find(|(known, _)| *known == wanted)
                    .map(|(_, shown)| shown))?
            }
            "share" => one(self.share(fund, entry).await?)?,
            "holder" => {
                let (wanted, all) = (term(entry)?, holders::show(deps, officer, fund).await?);
                one(all
                    .into_iter()
                    .find(|(known, _)| *known == wanted)
                    .map(|(_, shown)| shown))?
            }
            "line" => {
                let (wanted, all) = (id(entry)?, lines::show(deps, officer, id(&place.of)?).await?);
                one(all
                    .lines
                    .into_iter()
                    .find(|(known, _)| known.id == wanted)
                    .map(|(_, shown)| shown))?
            }
            _ => return Err(ServiceError::NotFound.into()),
        })
    }

    /// A row of the needs matrix, by the key of its organisation.
    async fn share(&self, fund: FundId, key: &str) -> Result<Option<Shown<ShareRow>>, ServiceError> {
        let all = shares::show(self.deps, self.officer, fund).await?;
        let mut rows = all.into_iter().map(|line| line.shown);
        Ok(rows.find(|shown| shown.fields.organisation == key))
    }

    /// Adds an entry.
    pub async fn add(&self, place: &Place, cells: &Cells) -> Result<Edited, WebError> {
        let (deps, officer, fund, now) = (self.deps, self.officer, place.fund, self.now);
        let added = |_| Edited {
            changed: true,
            warnings: Vec::new(),
        };
        Ok(match place.table.name {
            "organisation" => {
                let new = organisations::add_organisation(deps, officer, fund, &row(cells), now).await;
                new.map(|_| added(()))?
            }
            "person" => people::add_person(deps, officer, fund, &row(cells), now)
                .await
                .map(|_| added(()))?,
            "priority" => funds::add_priority(deps, officer, fund, &row(cells), now).await?,
            "office" => funds::add_office(deps, officer, fund, &row(cells), now).await?,
            "round" => rounds::add_round(deps, officer, fund, &row(cells), now).await?,
            "share" => shares::add_share(deps, officer, fund, &row(cells), now).await?,
            "holder" => holders::add_term(deps, officer, fund, &row(cells), now).await?,
            "grant" => grants::add_grant(deps, officer, fund, &row(cells), now).await?.1,
            "allocation" => {
                allocations::add_allocation(deps, officer, id(&place.of)?, &row(cells), now)
                    .await?
                    .1
            }
            "line" => lines::add_line(deps, officer, id(&place.of)?, &row(cells), now).await?,
            "assignment" => {
                assignments::add_assignment(deps, officer, id(&place.of)?, &row(cells), now)
                    .await?
                    .1
            }
            _ => return Err(ServiceError::NotFound.into()),
        })
    }

    /// Changes an entry that was shown with this stamp.
    pub async fn change(&self, place: &Place, cells: &Cells, stamp: &str) -> Result<Edited, WebError> {
        let (deps, officer, fund, now) = (self.deps, self.officer, place.fund, self.now);
        let entry = place.entry.as_str();
        Ok(match place.table.name {
            "fund" => funds::change_fund(deps, officer, fund, &typed(cells, stamp), now).await?,
            "priority" => funds::change_priority(deps, officer, (fund, entry), &typed(cells, stamp), now).await?,
            "office" => {
                let at = (fund, id(entry)?);
                funds::change_office(deps, officer, at, &typed(cells, stamp), now).await?
            }
            "organisation" => {
                organisations::change_organisation(deps, officer, id(entry)?, &typed(cells, stamp), now).await?
            }
            "person" => people::change_person(deps, officer, id(entry)?, &typed(cells, stamp), now).await?,
            "grant" => grants::change_grant(deps, officer, id(entry)?, &typed(cells, stamp), now).await?,
            "allocation" => {
                allocations::change_allocation(deps, officer, id(entry)?, &typed(cells, stamp), now).await?
            }
            "assignment" => {
                assignments::change_assignment(deps, officer, id(entry)?, &typed(cells, stamp), now).await?
            }
            "round" => rounds::change_round(deps, officer, (fund, id(entry)?), &typed(cells, stamp), now).await?,
            "share" => {
                let mut shown: Shown<ShareRow> = typed(cells, stamp);
                entry.clone_into(&mut shown.fields.organisation);
                shares::change_share(deps, officer, fund, &shown, now).await?
            }
            "holder" => holders::end_term(deps, officer, (fund, term(entry)?), &typed(cells, stamp), now).await?,
            "line" => {
                let at = (id(&place.of)?, id(entry)?);
                lines::change_line(deps, officer, at, &typed(cells, stamp), now).await?
            }
            _ => return Err(ServiceError::NotFound.into()),
        })
    }
}

fn one<R: Row>(found: Option<Shown<R>>) -> Result<(Vec<String>, String), WebError> {
    Ok(values(found.ok_or(ServiceError::NotFound)?))
}
