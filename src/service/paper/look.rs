//! What a paper says before it is published, and how far it is.
//!
//! Invariant: what is for the commissioner's own staff carries its watermark on every page; what others would read is shown
//! with exactly that held back which would be held back when it is published.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use countersign_domain::document::{Document, Showed};
use countersign_domain::form::schema::Audience;
use countersign_domain::ids::PaperId;
use countersign_domain::ledger::Digest;
use countersign_domain::paper::{Edition, EditionFile};

use super::making::{composed, earlier, returns, shown};
use super::print::Format;
use super::stories::{Counts, counted};
use super::{ByAt, INTERNAL, Opened, PREVIEW, Standing, by_at, opened, prose, rights, standing};
use crate::service::{Deps, Officer, ServiceError};
use crate::store::{Connection, papers};

/// A paper as its own page shows it.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The paper.
    pub opened: Opened,
    /// Whether the officer prepares it.
    pub prepares: bool,
    /// Who began it, and when.
    pub begun: ByAt,
    /// How far its returns are.
    pub standing: Standing,
    /// Texts that cannot be published as they are, by label.
    pub faulty: Vec<String>,
    /// How many stories it has, and how many are cleared.
    pub stories: Counts,
    /// Its editions, the first at the front, each with who published it.
    pub editions: Vec<(Edition, String)>,
}

/// What a paper says for an audience.
#[derive(Debug, Clone)]
pub struct Look {
    /// The paper.
    pub opened: Opened,
    /// What it says.
    pub document: Document,
    /// How many figures are held back.
    pub hidden: usize,
}

/// A paper with how far it is. Of somebody who may only read its editions, those alone.
pub async fn sheet(deps: &Deps, officer: &Officer, id: PaperId, now: DateTime<Utc>) -> Result<Sheet, ServiceError> {
    let read = deps.store.read();
    let opened = opened(deps, &read, officer, id).await?;
    let mut editions = Vec::new();
    for edition in papers::editions_of(&read, id).await? {
        let by = by_at(&read, edition.published_by, edition.published_at).await?.by;
        editions.push((edition, by));
    }
    let clearances = papers::clearances_of(&read, id).await?;
    Ok(Sheet {
        prepares: rights::prepares(officer, opened.fund.id),
        begun: by_at(&read, opened.paper.begun_by, opened.paper.begun_at).await?,
        standing: standing::standing(deps, &read, &opened.report, &opened.paper).await?,
        faulty: prose::faulty(&opened),
        stories: counted(deps, officer, &opened, &clearances, now).await?,
        editions,
        opened,
    })
}

/// What a paper says for an audience, before it is published. Figures that are not signed are in it only for the
/// commissioner's own staff.
///
/// # Errors
/// [`ServiceError::NotFound`] for an audience that the report is not for.
pub async fn look(
    deps: &Deps,
    officer: &Officer,
    id: PaperId,
    audience: Audience,
    now: DateTime<Utc>,
) -> Result<Look, ServiceError> {
    let read = deps.store.read();
    let opened = opened(deps, &read, officer, id).await?;
    if audience > opened.report.audience {
        return Err(ServiceError::NotFound);
    }
    let showed = showed(deps, &read, &opened, audience, now).await?;
    Ok(Look {
        document: showed.document,
        hidden: showed.hidden,
        opened,
    })
}

/// The same, whoever asks: the caller has settled that they may.
pub(super) async fn showed(
    deps: &Deps,
    conn: &impl Connection,
    opened: &Opened,
    audience: Audience,
    now: DateTime<Utc>,
) -> Result<Showed, ServiceError> {
    let internal = audience == Audience::Internal;
    let clearances = papers::clearances_of(conn, opened.paper.id).await?;
    let composed = composed(deps, opened, &clearances, audience, internal, now).await?;
    let told = earlier(conn, &returns(&composed)).await?;
    let watermark = if internal { INTERNAL } else { PREVIEW };
    shown(opened, audience, composed, &told, Some(watermark.to_owned()))
}

/// A file of the internal version, made as it is asked for.
pub async fn internal_file(
    deps: &Deps,
    officer: &Officer,
    id: PaperId,
    format: Format,
    now: DateTime<Utc>,
) -> Result<EditionFile, ServiceError> {
    let look = look(deps, officer, id, Audience::Internal, now).await?;
    let name = file_name(&look.opened, "internal", format);
    let bytes = deps.printer.print(&Arc::new(look.document), format).await?;
    Ok(EditionFile {
        format: format.extension().to_owned(),
        media: format.media_type().to_owned(),
        name,
        digest: Digest::of(&bytes),
        bytes,
    })
}

/// A name that every system takes: letters, digits and hyphens.
pub(super) fn file_name(opened: &Opened, which: &str, format: Format) -> String {
    let period = opened.paper.period.label();
    let plain = format!("{}-{}-{period}-{which}", opened.fund.key, opened.paper.report);
    let safe: String = plain
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    format!("{safe}.{}", format.extension())
}
