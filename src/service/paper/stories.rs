//! clear: what providers told in their own words, and words about people, each read and cleared for a paper by a named
//! person.
//!
//! Invariant: what was read is what was cleared: of another revision it is asked about again. A clearance is withdrawn by
//! a person, never taken away, and both are in the ledger.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{DateTime, Utc};
use countersign_domain::form::schema::Audience;
use countersign_domain::ids::{PaperId, PersonId, ReturnId};
use countersign_domain::paper::Clearance;

use super::clearances::{self, Event};
use super::making::{asking, standing_clearances};
use super::{ByAt, Opened, prepared};
use crate::service::report::composed::{Clearable, clearable};
use crate::service::{Deps, Officer, ServiceError, notify};
use crate::store::{Connection, StoreError, WriteTx, papers, register};

/// The stories that a paper would tell.
#[derive(Debug, Clone)]
pub struct Stories {
    /// The paper.
    pub opened: Opened,
    /// In the order of the paper.
    pub stories: Vec<Story>,
}

/// A story, or words about people, with whether it is cleared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// What is told, and where.
    pub told: Clearable,
    /// By whom it is cleared, as it stands.
    pub cleared: Option<ByAt>,
    /// What happened before, in words: clearances that were withdrawn, and those of an earlier revision.
    pub history: Vec<String>,
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All of them.
    pub all: usize,
    /// Those that are cleared.
    pub cleared: usize,
}

impl Counts {
    /// Those that are not cleared.
    pub fn waiting(self) -> usize {
        self.all - self.cleared
    }
}

/// What of a paper is to be cleared, the clearances being these.
async fn to_clear(
    deps: &Deps,
    officer: &Officer,
    opened: &Opened,
    clearances: &[Clearance],
    now: DateTime<Utc>,
) -> Result<Vec<Clearable>, ServiceError> {
    let cleared = standing_clearances(clearances);
    let asking = asking(opened, &cleared, Audience::Internal, false, now);
    clearable(deps, officer, asking).await
}

/// How many stories a paper has.
pub(super) async fn counted(
    deps: &Deps,
    officer: &Officer,
    opened: &Opened,
    clearances: &[Clearance],
    now: DateTime<Utc>,
) -> Result<Counts, ServiceError> {
    let all = to_clear(deps, officer, opened, clearances, now).await?;
    Ok(Counts {
        all: all.len(),
        cleared: all.iter().filter(|one| one.cleared).count(),
    })
}

/// The stories of a paper, whole, for whoever prepares it.
pub async fn stories(deps: &Deps, officer: &Officer, id: PaperId, now: DateTime<Utc>) -> Result<Stories, ServiceError> {
    let read = deps.store.read();
    let opened = prepared(deps, &read, officer, id).await?;
    let known = papers::clearances_of(&read, id).await?;
    let all = to_clear(deps, officer, &opened, &known, now).await?;
    let names = names(&read, &known).await?;
    let stories = all.into_iter().map(|told| story(told, &known, &names));
    Ok(Stories {
        stories: stories.collect(),
        opened,
    })
}

async fn names(conn: &impl Connection, known: &[Clearance]) -> Result<HashMap<PersonId, String>, ServiceError> {
    let mut names = HashMap::new();
    let withdrawn = known.iter().filter_map(|one| Some(one.withdrawn?.0));
    for person in known.iter().map(|one| one.by).chain(withdrawn) {
        if let Entry::Vacant(unknown) = names.entry(person) {
            unknown.insert(register::get_person(conn, person).await?.name);
        }
    }
    Ok(names)
}

fn story(told: Clearable, known: &[Clearance], names: &HashMap<PersonId, String>) -> Story {
    let name = |person: PersonId| names.get(&person).cloned().unwrap_or_default();
    let (mut cleared, mut history) = (None, Vec::new());
    for one in known
        .iter()
        .filter(|one| (one.return_id, &one.place) == (told.at.ret, &told.at.place))
    {
        let (by, at) = (name(one.by), notify::moment(one.at));
        let of = match one.revision == told.at.revision {
            true => String::new(),
            false => format!(" as revision {} had it", one.revision),
        };
        match one.withdrawn {
            Some((person, when)) => history.push(format!(
                "Cleared{of} by {by}, {at}; withdrawn by {}, {}.",
                name(person),
                notify::moment(when)
            )),
            None if one.revision == told.at.revision => cleared = Some(ByAt { by, at: one.at }),
            None => history.push(format!("Cleared{of} by {by}, {at}. It has been corrected since.")),
        }
    }
    Story { told, cleared, history }
}

/// What a clearance is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The return.
    pub ret: ReturnId,
    /// The revision that was read.
    pub revision: u32,
    /// Where in it.
    pub place: String,
}

/// Clears one story for a paper, by name. Pressed twice, it is one clearance.
///
/// # Errors
/// [`ServiceError::Conflict`] when the paper no longer tells it so.
pub async fn clear(
    deps: &Deps,
    officer: &Officer,
    id: PaperId,
    about: &About,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let told = stories(deps, officer, id, now).await?;
    let here = |story: &Story| {
        (story.told.at.ret, story.told.at.revision, &story.told.at.place) == (about.ret, about.revision, &about.place)
    };
    if !told.stories.iter().any(here) {
        return Err(ServiceError::Conflict(
            "This is not what the paper tells now: the return has been corrected since. Read what it says now."
                .to_owned(),
        ));
    }
    let (tx, opened) = locked(deps, officer, id).await?;
    let new = clearance(officer, id, about, now);
    if papers::clear(&tx, &new).await? {
        clearances::write(&tx, Event::Cleared, (officer, &opened), &new, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Withdraws a clearance, by name. What was published stays as it was.
///
/// # Errors
/// [`ServiceError::Conflict`] when it is not cleared.
pub async fn withdraw(
    deps: &Deps,
    officer: &Officer,
    id: PaperId,
    about: &About,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let (tx, opened) = locked(deps, officer, id).await?;
    let of = clearance(officer, id, about, now);
    match papers::withdraw(&tx, &of, officer.person.id, now).await {
        Err(StoreError::Conflict { .. }) => {
            return Err(ServiceError::Conflict(
                "This is not cleared any more: somebody withdrew it already.".to_owned(),
            ));
        }
        other => other?,
    }
    clearances::write(&tx, Event::Withdrawn, (officer, &opened), &of, now).await?;
    tx.commit().await?;
    Ok(())
}

fn clearance(officer: &Officer, paper: PaperId, about: &About, now: DateTime<Utc>) -> Clearance {
    Clearance {
        paper,
        return_id: about.ret,
        revision: about.revision,
        place: about.place.clone(),
        by: officer.person.id,
        at: now,
        withdrawn: None,
    }
}

/// A transaction in which no paper of the fund is published.
async fn locked(deps: &Deps, officer: &Officer, id: PaperId) -> Result<(WriteTx, Opened), ServiceError> {
    let tx = deps.store.begin().await?;
    let opened = prepared(deps, &tx, officer, id).await?;
    register::lock_fund(&tx, opened.fund.id).await?;
    Ok((tx, opened))
}
