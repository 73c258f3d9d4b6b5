//! An edition: a paper as it was published, read back.
//!
//! Invariant: never worked out again. What does not have the digest that it was published with is not given out.

use countersign_domain::document::Document;
use countersign_domain::ids::PaperId;
use countersign_domain::ledger::Digest;
use countersign_domain::paper::{Edition, EditionFile, FileLine, Input};
use countersign_domain::register::Fund;

use super::print::Format;
use super::{by_at, rights};
use crate::service::{Deps, Officer, ServiceError};
use crate::store::{Connection, StoreError, papers, register};

/// An edition as its page shows it.
#[derive(Debug, Clone)]
pub struct EditionPage {
    /// Which it is.
    pub edition: Edition,
    /// Its fund.
    pub fund: Fund,
    /// What it says.
    pub document: Document,
    /// Who published it.
    pub by: String,
    /// Its files, without their bytes.
    pub files: Vec<FileLine>,
    /// The number of the last edition that the officer may read, where it is a later one.
    pub later: Option<u32>,
    /// How many returns it was made from.
    pub inputs: usize,
}

/// One edition.
pub async fn edition(deps: &Deps, officer: &Officer, id: PaperId, number: u32) -> Result<EditionPage, ServiceError> {
    let read = deps.store.read();
    let publication = papers::publication(&read, id, number).await?;
    let edition = publication.edition;
    rights::may_read(officer, edition.fund, edition.audience)?;
    if Digest::of(publication.document.as_bytes()) != edition.digest {
        return Err(altered(&edition, "document"));
    }
    let mut all = papers::editions_of(&read, id).await?;
    all.retain(|one| rights::may_read(officer, one.fund, one.audience).is_ok());
    Ok(EditionPage {
        document: serde_json::from_str(&publication.document).map_err(ServiceError::internal)?,
        fund: register::get_fund(&read, edition.fund).await?,
        by: by_at(&read, edition.published_by, edition.published_at).await?.by,
        files: papers::files_of(&read, edition.id).await?,
        later: all.last().map(|last| last.number).filter(|last| *last > number),
        inputs: publication.inputs.len(),
        edition,
    })
}

/// The revisions that an edition was made from.
///
/// # Errors
/// [`ServiceError::NotFound`] for what is not there or not theirs.
pub async fn made_from(deps: &Deps, officer: &Officer, id: PaperId, number: u32) -> Result<Vec<Input>, ServiceError> {
    let publication = papers::publication(&deps.store.read(), id, number).await?;
    rights::may_read(officer, publication.edition.fund, publication.edition.audience)?;
    Ok(publication.inputs)
}

/// The number of the last edition that somebody may read.
///
/// # Errors
/// [`ServiceError::NotFound`] without one.
pub async fn last_edition(deps: &Deps, officer: &Officer, id: PaperId) -> Result<u32, ServiceError> {
    let mut all = papers::editions_of(&deps.store.read(), id).await?;
    all.retain(|one| rights::may_read(officer, one.fund, one.audience).is_ok());
    all.last().map(|last| last.number).ok_or(ServiceError::NotFound)
}

/// A file of an edition, with the bytes that were published.
pub async fn file(
    deps: &Deps,
    officer: &Officer,
    id: PaperId,
    number: u32,
    format: Format,
) -> Result<EditionFile, ServiceError> {
    let read = deps.store.read();
    let edition = one(&read, id, number).await?;
    rights::may_read(officer, edition.fund, edition.audience)?;
    stored_file(&read, &edition, format).await
}

/// A file of an edition, whoever asks: the caller has settled that they may.
pub(super) async fn stored_file(
    conn: &impl Connection,
    edition: &Edition,
    format: Format,
) -> Result<EditionFile, ServiceError> {
    let file = papers::file(conn, edition.id, format.extension()).await?;
    match Digest::of(&file.bytes) == file.digest {
        true => Ok(file),
        false => Err(altered(edition, format.extension())),
    }
}

pub(super) async fn one(conn: &impl Connection, id: PaperId, number: u32) -> Result<Edition, ServiceError> {
    let all = papers::editions_of(conn, id).await?;
    let found = all.into_iter().find(|edition| edition.number == number);
    found.ok_or_else(|| StoreError::NotFound { what: "edition" }.into())
}

fn altered(edition: &Edition, what: &str) -> ServiceError {
    ServiceError::internal(format!(
        "the {what} of edition {} of the paper {} is not the one that was published",
        edition.number, edition.paper
    ))
}
