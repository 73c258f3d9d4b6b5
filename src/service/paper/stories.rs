//! clear: what providers told in their own words, and words about people, each read and cleared for a paper by a named
//! person.
//!
//! Invariant: what was read is what was cleared: of another revision it is asked about again. A clearance is withdrawn by
//! a person, never taken away.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use countersign_domain::form::schema::Audience;
use countersign_domain::ids::{PaperId, PersonId, ReturnId};
use countersign_domain::paper::Clearance;

use super::making::made;
use super::{ByAt, Opened, prepared};
use crate::service::report::Tale;
use crate::service::{Deps, Officer, ServiceError};
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
    /// What is told.
    pub tale: Tale,
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
    pub(super) fn of(stories: &[(Tale, bool)]) -> Counts {
        Counts {
            all: stories.len(),
            cleared: stories.iter().filter(|(_, cleared)| *cleared).count(),
        }
    }

    /// Those that are not cleared.
    pub fn waiting(self) -> usize {
        self.all - self.cleared
    }
}

/// The stories of a paper, whole, for whoever prepares it.
pub async fn stories(deps: &Deps, officer: &Officer, id: PaperId, now: DateTime<Utc>) -> Result<Stories, ServiceError> {
    let read = deps.store.read();
    let opened = prepared(deps, &read, officer, id).await?;
    let made = made(deps, officer, &opened, Audience::Internal, false, now).await?;
    let known = papers::clearances_of(&read, id).await?;
    let names = names(&read, &known).await?;
    let stories = made.stories.into_iter().map(|(tale, _)| story(tale, &known, &names));
    Ok(Stories {
        stories: stories.collect(),
        opened,
    })
}

async fn names(conn: &impl Connection, known: &[Clearance]) -> Result<HashMap<PersonId, String>, ServiceError> {
    let mut names = HashMap::new();
    let withdrawn = known.iter().filter_map(|one| Some(one.withdrawn?.0));
    for person in known.iter().map(|one| one.by).chain(withdrawn) {
        if !names.contains_key(&person) {
            names.insert(person, register::get_person(conn, person).await?.name);
        }
    }
    Ok(names)
}

fn story(tale: Tale, known: &[Clearance], names: &HashMap<PersonId, String>) -> Story {
    let name = |person: PersonId| names.get(&person).cloned().unwrap_or_default();
    let (mut cleared, mut history) = (None, Vec::new());
    for one in known.iter().filter(|one| (one.return_id, &one.place) == (tale.ret, &tale.place)) {
        let (by, at) = (name(one.by), crate::service::notify::moment(one.at));
        let of = match one.revision == tale.revision {
            true => String::new(),
            false => format!(" as revision {} had it", one.revision),
        };
        match one.withdrawn {
            Some((person, when)) => history.push(format!(
                "Cleared{of} by {by}, {at}; withdrawn by {}, {}.",
                name(person),
                crate::service::notify::moment(when)
            )),
            None if one.revision == tale.revision => cleared = Some(ByAt { by, at: one.at }),
            None => history.push(format!("Cleared{of} by {by}, {at}. It has been corrected since.")),
        }
    }
    Story { tale, cleared, history }
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
        (story.tale.ret, story.tale.revision, story.tale.place.as_str()) == (about.ret, about.revision, &about.place)
    };
    if !told.stories.iter().any(here) {
        return Err(ServiceError::Conflict(
            "This is not what the paper tells now: the return has been corrected since. Read what it says now.".to_owned(),
        ));
    }
    let tx = locked(deps, officer, id).await?;
    papers::clear(&tx, &clearance(officer, id, about, now)).await?;
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
    let tx = locked(deps, officer, id).await?;
    match papers::withdraw(&tx, &clearance(officer, id, about, now), officer.person.id, now).await {
        Err(StoreError::Conflict { .. }) => {
            return Err(ServiceError::Conflict(
                "This is not cleared any more: somebody withdrew it already.".to_owned(),
            ));
        }
        other => other?,
    }
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
async fn locked(deps: &Deps, officer: &Officer, id: PaperId) -> Result<WriteTx, ServiceError> {
    let tx = deps.store.begin().await?;
    let opened = prepared(deps, &tx, officer, id).await?;
    register::lock_fund(&tx, opened.fund.id).await?;
    Ok(tx)
}
