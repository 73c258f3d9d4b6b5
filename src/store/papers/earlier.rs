//! What earlier editions told of the same returns: for restating, and for what must not be worked out from two papers.
//!
//! Invariant: of whatever fund the paper was, since one may tell of several; what an edition told is what it told, whatever became of the returns since.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use countersign_domain::ids::{PublicationId, ReturnId};
use countersign_domain::paper::{Edition, LastTold};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::editions::{INTERNAL, editions};
use crate::store::convert::count;
use crate::store::rows::papers::{input, publication};
use crate::store::{Connection, StoreError};

/// Identities in one statement: well under what either database takes as parameters.
const BATCH: usize = 500;

/// What an earlier edition told of counts of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierRelease {
    /// The edition.
    pub publication: PublicationId,
    /// JSON, as it was given when it was published.
    pub released: String,
}

/// Of each of these returns the last edition of any paper that was made from it, and from which revision; by return.
/// One that no edition was made from is left out.
///
/// # Errors
/// When the database cannot be read.
pub async fn last_told(c: &impl Connection, of: &[ReturnId]) -> Result<Vec<LastTold>, StoreError> {
    let inputs = inputs_of(c, of).await?;
    let all: BTreeSet<Uuid> = inputs.iter().map(|input| input.publication_id).collect();
    let mut known: HashMap<PublicationId, Edition> = HashMap::new();
    for some in all.into_iter().collect::<Vec<_>>().chunks(BATCH) {
        let find = publication::Entity::find().filter(publication::Column::Id.is_in(some.iter().copied()));
        known.extend(
            editions(c, find)
                .await?
                .into_iter()
                .map(|edition| (edition.id, edition)),
        );
    }
    let mut last: HashMap<Uuid, (i64, &Edition)> = HashMap::new();
    for input in &inputs {
        let Some(edition) = known.get(&PublicationId::from(input.publication_id)) else {
            continue;
        };
        let later = |was: &Edition| (edition.published_at, edition.id) > (was.published_at, was.id);
        if last.get(&input.return_id).is_none_or(|(_, was)| later(was)) {
            last.insert(input.return_id, (input.revision, edition));
        }
    }
    let mut told = Vec::with_capacity(last.len());
    for (id, (revision, edition)) in last {
        told.push(LastTold {
            return_id: id.into(),
            revision: count("an input's revision", revision)?,
            edition: edition.clone(),
        });
    }
    told.sort_by_key(|one| one.return_id);
    Ok(told)
}

/// What editions told outside the office of counts of people, those editions that were made from
/// any of these returns; in the order in which they were published.
///
/// # Errors
/// When the database cannot be read.
pub async fn earlier_releases(c: &impl Connection, of: &[ReturnId]) -> Result<Vec<EarlierRelease>, StoreError> {
    let mut shared: BTreeSet<Uuid> = BTreeSet::new();
    shared.extend(inputs_of(c, of).await?.into_iter().map(|input| input.publication_id));
    let mut all = Vec::new();
    for some in shared.into_iter().collect::<Vec<_>>().chunks(BATCH) {
        let rows: Vec<(DateTime<Utc>, Uuid, String)> = publication::Entity::find()
            .select_only()
            .columns([
                publication::Column::PublishedAt,
                publication::Column::Id,
                publication::Column::Released,
            ])
            .filter(publication::Column::Audience.ne(INTERNAL))
            .filter(publication::Column::Id.is_in(some.iter().copied()))
            .into_tuple()
            .all(c.raw())
            .await?;
        all.extend(rows);
    }
    all.sort_by_key(|(at, id, _)| (*at, *id));
    let release = |(_, id, released): (_, Uuid, String)| EarlierRelease {
        publication: id.into(),
        released,
    };
    Ok(all.into_iter().map(release).collect())
}

/// The editions' inputs that are a revision of one of these returns.
async fn inputs_of(c: &impl Connection, of: &[ReturnId]) -> Result<Vec<input::Model>, StoreError> {
    let mut all = Vec::new();
    for some in of.chunks(BATCH) {
        let find = input::Entity::find().filter(input::Column::ReturnId.is_in(some.iter().map(|id| id.uuid())));
        all.extend(find.all(c.raw()).await?);
    }
    Ok(all)
}
