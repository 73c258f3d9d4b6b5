//! Editions: a paper as it was published, with what it was made from and its files.
//!
//! Invariant: written in one transaction and never changed; a paper's editions are numbered from 1 without gaps.

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::form::schema::Audience;
use countersign_domain::ids::{PaperId, PublicationId};
use countersign_domain::paper::{Edition, EditionFile, FileLine, Input, Publication};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use super::PUBLISHED;
use crate::store::connection::sealed::Raw;
use crate::store::convert::{count, from_json, guarded, micros, parsed, period, size, to_json, unreadable};
use crate::store::rows::papers::{file, input, paper, publication};
use crate::store::{Connection, Constraint, StoreError, WriteTx};

/// Rows in one statement: well under what either database takes as parameters.
const BATCH: usize = 500;

/// The number that a paper's next edition will have.
///
/// # Errors
/// When the database cannot be read.
pub async fn next_edition(c: &impl Connection, of: PaperId) -> Result<u32, StoreError> {
    let last = publication::Entity::find()
        .select_only()
        .column_as(publication::Column::Edition.max(), "last")
        .filter(publication::Column::PaperId.eq(of.uuid()))
        .into_tuple::<Option<i64>>()
        .one(c.raw())
        .await?;
    count("an edition's number", last.flatten().unwrap_or(0) + 1)
}

/// Publishes a paper as it was read under the version `was`: writes its next edition with all that belongs to it, and counts
/// the paper's version up by one.
///
/// # Errors
/// [`StoreError::Conflict`] when the paper was written in or published since: its version is no longer `was`, or the number
/// of the edition is not the next. The transaction is then to be given up.
pub async fn publish(tx: &WriteTx, new: &Publication, files: &[EditionFile], was: i64) -> Result<(), StoreError> {
    const CONFLICT: StoreError = StoreError::Conflict { what: "paper" };
    if next_edition(tx, new.edition.paper).await? != new.edition.number {
        return Err(CONFLICT);
    }
    let row = publication_row(new)?.into_active_model();
    match publication::Entity::insert(row)
        .exec_without_returning(tx.raw())
        .await
        .map_err(StoreError::from)
    {
        Err(error) if error.is_duplicate_of(Constraint::Edition) => return Err(CONFLICT),
        other => other?,
    };
    let update = paper::Entity::update_many()
        .col_expr(paper::Column::State, Expr::value(PUBLISHED))
        .col_expr(paper::Column::Version, Expr::value(was + 1))
        .filter(paper::Column::Id.eq(new.edition.paper.uuid()))
        .filter(paper::Column::Version.eq(was));
    guarded("paper", update.exec(tx.raw()).await?.rows_affected)?;
    let id = new.edition.id.uuid();
    let inputs: Vec<input::ActiveModel> = new
        .inputs
        .iter()
        .map(|of| {
            let row = input::Model {
                publication_id: id,
                return_id: of.return_id.uuid(),
                revision: i64::from(of.revision),
                digest: of.digest.to_string(),
            };
            row.into_active_model()
        })
        .collect();
    for batch in inputs.chunks(BATCH) {
        input::Entity::insert_many(batch.iter().cloned())
            .exec_without_returning(tx.raw())
            .await?;
    }
    for of in files {
        let row = file::Model {
            publication_id: id,
            format: of.format.clone(),
            media: of.media.clone(),
            name: of.name.clone(),
            size: i64::try_from(of.bytes.len()).map_err(|why| unreadable("a file's size", why))?,
            bytes: of.bytes.clone(),
            digest: of.digest.to_string(),
        };
        file::Entity::insert(row.into_active_model())
            .exec_without_returning(tx.raw())
            .await?;
    }
    Ok(())
}

/// The editions of a paper, the first at the front.
///
/// # Errors
/// When the database cannot be read.
pub async fn editions_of(c: &impl Connection, of: PaperId) -> Result<Vec<Edition>, StoreError> {
    let find = publication::Entity::find()
        .filter(publication::Column::PaperId.eq(of.uuid()))
        .order_by_asc(publication::Column::Edition);
    editions(c, find).await
}

/// One edition with its document and what it was made from.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn publication(c: &impl Connection, of: PaperId, number: u32) -> Result<Publication, StoreError> {
    let row = publication::Entity::find()
        .filter(publication::Column::PaperId.eq(of.uuid()))
        .filter(publication::Column::Edition.eq(i64::from(number)))
        .one(c.raw())
        .await?;
    let row = row.ok_or(StoreError::NotFound { what: "edition" })?;
    let inputs = input::Entity::find()
        .filter(input::Column::PublicationId.eq(row.id))
        .order_by_asc(input::Column::ReturnId)
        .all(c.raw())
        .await?;
    let (prose, document, released) = (row.prose.clone(), row.document.clone(), row.released.clone());
    Ok(Publication {
        edition: Line::from(row).read()?,
        prose: from_json("an edition's prose", &prose)?,
        document,
        released,
        inputs: inputs.into_iter().map(read_input).collect::<Result<_, _>>()?,
    })
}

/// The files of an edition, by format, without their bytes.
///
/// # Errors
/// When the database cannot be read.
pub async fn files_of(c: &impl Connection, of: PublicationId) -> Result<Vec<FileLine>, StoreError> {
    type Row = (String, String, String, i64, String);
    let rows: Vec<Row> = file::Entity::find()
        .select_only()
        .columns([
            file::Column::Format,
            file::Column::Media,
            file::Column::Name,
            file::Column::Size,
            file::Column::Digest,
        ])
        .filter(file::Column::PublicationId.eq(of.uuid()))
        .order_by_asc(file::Column::Format)
        .into_tuple()
        .all(c.raw())
        .await?;
    let line = |(format, media, name, bytes, digest): Row| {
        Ok(FileLine {
            format,
            media,
            name,
            size: size("a file's size", bytes)?,
            digest: parsed("a file's digest", &digest)?,
        })
    };
    rows.into_iter().map(line).collect()
}

/// One file of an edition, with the bytes that were published.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn file(c: &impl Connection, of: PublicationId, format: &str) -> Result<EditionFile, StoreError> {
    let row = file::Entity::find_by_id((of.uuid(), format.to_owned()))
        .one(c.raw())
        .await?;
    let row = row.ok_or(StoreError::NotFound { what: "file" })?;
    Ok(EditionFile {
        format: row.format,
        media: row.media,
        name: row.name,
        digest: parsed("a file's digest", &row.digest)?,
        bytes: row.bytes,
    })
}

/// A publication's columns but for those that may be long.
#[derive(FromQueryResult)]
struct Line {
    id: Uuid,
    paper_id: Uuid,
    edition: i64,
    report: String,
    report_version: i64,
    report_digest: String,
    fund_id: Uuid,
    period_start: NaiveDate,
    period_end: NaiveDate,
    audience: String,
    policy: Option<String>,
    digest: String,
    published_by: Uuid,
    published_at: DateTime<Utc>,
}

/// Reads editions, and nothing of what they say.
pub(super) async fn editions(
    c: &impl Connection,
    find: Select<publication::Entity>,
) -> Result<Vec<Edition>, StoreError> {
    use publication::Column;
    let lines = find
        .select_only()
        .columns([
            Column::Id,
            Column::PaperId,
            Column::Edition,
            Column::Report,
            Column::ReportVersion,
            Column::ReportDigest,
            Column::FundId,
            Column::PeriodStart,
            Column::PeriodEnd,
            Column::Audience,
            Column::Policy,
            Column::Digest,
            Column::PublishedBy,
            Column::PublishedAt,
        ])
        .into_model::<Line>()
        .all(c.raw())
        .await?;
    lines.into_iter().map(Line::read).collect()
}

impl Line {
    fn read(self) -> Result<Edition, StoreError> {
        Ok(Edition {
            id: self.id.into(),
            paper: self.paper_id.into(),
            number: count("an edition's number", self.edition)?,
            report: self.report,
            report_version: count("a report's version", self.report_version)?,
            report_digest: parsed("a report's digest", &self.report_digest)?,
            fund: self.fund_id.into(),
            period: period(self.period_start, self.period_end)?,
            audience: read_audience(&self.audience)?,
            policy: self.policy,
            digest: parsed("a document's digest", &self.digest)?,
            published_by: self.published_by.into(),
            published_at: self.published_at,
        })
    }
}

impl From<publication::Model> for Line {
    fn from(row: publication::Model) -> Self {
        Line {
            id: row.id,
            paper_id: row.paper_id,
            edition: row.edition,
            report: row.report,
            report_version: row.report_version,
            report_digest: row.report_digest,
            fund_id: row.fund_id,
            period_start: row.period_start,
            period_end: row.period_end,
            audience: row.audience,
            policy: row.policy,
            digest: row.digest,
            published_by: row.published_by,
            published_at: row.published_at,
        }
    }
}

fn publication_row(new: &Publication) -> Result<publication::Model, StoreError> {
    let of = &new.edition;
    Ok(publication::Model {
        id: of.id.uuid(),
        paper_id: of.paper.uuid(),
        edition: i64::from(of.number),
        report: of.report.clone(),
        report_version: i64::from(of.report_version),
        report_digest: of.report_digest.to_string(),
        fund_id: of.fund.uuid(),
        period_start: of.period.start(),
        period_end: of.period.end(),
        audience: audience_text(of.audience).to_owned(),
        policy: of.policy.clone(),
        prose: to_json("an edition's prose", &new.prose)?,
        document: new.document.clone(),
        digest: of.digest.to_string(),
        released: new.released.clone(),
        published_by: of.published_by.uuid(),
        published_at: micros(of.published_at),
    })
}

fn read_input(row: input::Model) -> Result<Input, StoreError> {
    Ok(Input {
        return_id: row.return_id.into(),
        revision: count("an input's revision", row.revision)?,
        digest: parsed("an input's digest", &row.digest)?,
    })
}

pub(super) const INTERNAL: &str = "internal";

fn audience_text(audience: Audience) -> &'static str {
    match audience {
        Audience::Internal => INTERNAL,
        Audience::Panel => "panel",
        Audience::Public => "public",
    }
}

fn read_audience(text: &str) -> Result<Audience, StoreError> {
    match text {
        INTERNAL => Ok(Audience::Internal),
        "panel" => Ok(Audience::Panel),
        "public" => Ok(Audience::Public),
        other => Err(unreadable("an audience", other)),
    }
}
