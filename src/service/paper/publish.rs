//! publish: a paper is frozen for an audience, with all that it was made from.
//!
//! Invariant: edition, inputs, prose, document, what was told of people, files, ledger leaf and checkpoint in one
//! transaction. Nothing is published but what was shown, and of two who publish at once one is told who was quicker.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use countersign_domain::document::{Document, Showed};
use countersign_domain::form::schema::Audience;
use countersign_domain::ids::{FundId, PaperId, PublicationId, ReturnId};
use countersign_domain::ledger::Digest;
use countersign_domain::ledger::canonical::canonical;
use countersign_domain::measure::suppress::Policy;
use countersign_domain::paper::{Clearance, Edition, EditionFile, Input, Publication};
use serde_json::{Value, json};
use uuid::Uuid;

use super::look::file_name;
use super::making::{composed, earlier, returns, shown};
use super::stories::{Counts, counted};
use super::{INTERNAL, Opened, Standing, by_at, prepared, prose, standing};
use crate::service::report::across::Funds;
use crate::service::{Deps, Officer, ServiceError, notify, record, signin};
use crate::store::{StoreError, WriteTx, papers, register};

/// The event of the ledger.
pub(super) const PUBLISHED: &str = "paper-published";

/// What somebody sees before they publish.
#[derive(Debug, Clone)]
pub struct Confirmation {
    /// The paper.
    pub opened: Opened,
    /// What is published.
    pub document: Document,
    /// Its digest, which goes with what is sent.
    pub digest: Digest,
    /// The edition that it becomes.
    pub edition: u32,
    /// The rule by which small counts were held back.
    pub policy: Option<Policy>,
    /// How many figures are held back.
    pub hidden: usize,
    /// How many small counts what was published earlier gives away already.
    pub exposed: usize,
    /// How far its returns are.
    pub standing: Standing,
    /// Its stories.
    pub stories: Counts,
    /// Why it cannot be published, each in words; empty when it can.
    pub why_not: Vec<String>,
}

/// What the officer's form sends.
#[derive(Debug, Clone)]
pub struct Publishing {
    /// For whom.
    pub audience: Audience,
    /// The digest of what was shown, hex.
    pub digest: String,
    /// The edition that it was to become.
    pub edition: u32,
    /// The code of their authenticator.
    pub totp: String,
}

/// What a paper would be published as.
struct Ready {
    confirmation: Confirmation,
    ground: Ground,
    released: String,
    text: String,
}

/// What it was worked out from, as far as others may change it meanwhile.
struct Ground {
    inputs: Vec<Input>,
    /// The returns of which earlier editions are asked for.
    of: Vec<ReturnId>,
    clearances: Vec<Clearance>,
    /// The editions that told something of them.
    releases: Vec<PublicationId>,
}

/// What stands now, to be read before it is published.
pub async fn confirmation(
    deps: &Deps,
    officer: &Officer,
    id: PaperId,
    audience: Audience,
    now: DateTime<Utc>,
) -> Result<Confirmation, ServiceError> {
    Ok(ready(deps, officer, id, audience, now).await?.confirmation)
}

async fn ready(
    deps: &Deps,
    officer: &Officer,
    id: PaperId,
    audience: Audience,
    now: DateTime<Utc>,
) -> Result<Ready, ServiceError> {
    let read = deps.store.read();
    let opened = prepared(deps, &read, officer, id).await?;
    if audience > opened.report.audience {
        return Err(ServiceError::NotFound);
    }
    let edition = papers::next_edition(&read, id).await?;
    let clearances = papers::clearances_of(&read, id).await?;
    let composed = composed(deps, &opened, &clearances, audience, false, now).await?;
    let of = returns(&composed);
    let told = earlier(&read, &of).await?;
    let ground = Ground {
        of,
        inputs: composed.inputs.clone(),
        releases: told.iter().map(|one| one.publication).collect(),
        clearances,
    };
    // What is internal says so on every page for ever.
    let watermark = (audience == Audience::Internal).then(|| INTERNAL.to_owned());
    let Showed {
        document,
        released,
        hidden,
        exposed,
    } = shown(&opened, audience, composed, &told, watermark)?;
    let value = serde_json::to_value(&document).map_err(ServiceError::internal)?;
    let text = canonical(&value).map_err(ServiceError::internal)?;
    let standing = standing::standing(deps, &read, &opened.report, &opened.paper).await?;
    Ok(Ready {
        confirmation: Confirmation {
            digest: Digest::of(text.as_bytes()),
            document,
            edition,
            policy: opened.policy(audience),
            hidden,
            exposed,
            why_not: why_not(&opened, &standing),
            standing,
            stories: counted(deps, officer, &opened, &ground.clearances, now).await?,
            opened,
        },
        ground,
        released: serde_json::to_string(&released).map_err(ServiceError::internal)?,
        text,
    })
}

fn why_not(opened: &Opened, standing: &Standing) -> Vec<String> {
    let mut why_not = Vec::new();
    if standing.signed == 0 {
        why_not.push("No return that it is made from has been signed yet.".to_owned());
    }
    for label in prose::faulty(opened) {
        why_not.push(format!(
            "‘{label}’ names something that is not there, or is too long. Put it right first."
        ));
    }
    why_not
}

/// Publishes what was shown; answers the number of the edition.
///
/// # Errors
/// [`ServiceError::Conflict`] when what stands is not what was shown, or somebody else has published it meanwhile.
pub async fn publish(
    deps: &Deps,
    officer: &Officer,
    id: PaperId,
    sent: &Publishing,
    now: DateTime<Utc>,
) -> Result<u32, ServiceError> {
    let ready = ready(deps, officer, id, sent.audience, now).await?;
    let shown = &ready.confirmation;
    if shown.edition != sent.edition {
        return Err(quicker(deps, id, sent.edition).await?);
    }
    if !shown.why_not.is_empty() {
        return Err(ServiceError::Refused(shown.why_not.join(" ")));
    }
    if shown.digest.to_string() != sent.digest {
        return Err(ServiceError::Conflict(
            "What you were shown is not what stands now: something has been signed, written or cleared since. \
             Read it again before you publish."
                .to_owned(),
        ));
    }
    // Printed before the transaction, which nobody has to wait for then.
    let files = files(deps, shown).await?;
    let tx = deps.store.begin().await?;
    lock(&tx, &shown.opened).await?;
    if papers::next_edition(&tx, id).await? != sent.edition {
        drop(tx);
        return Err(quicker(deps, id, sent.edition).await?);
    }
    let clearances = papers::clearances_of(&tx, id).await?;
    let told = earlier(&tx, &ready.ground.of).await?;
    let releases = told.iter().map(|one| &one.publication);
    if clearances != ready.ground.clearances || !releases.eq(&ready.ground.releases) {
        return Err(ServiceError::Conflict(
            "A story was cleared or withdrawn, or another paper of these returns was published, while this one was being \
             made. Read it again before you publish."
                .to_owned(),
        ));
    }
    if let Err(error) = signin::use_totp(&tx, &officer.person, &sent.totp, now).await {
        // The wrong try counts, so it is kept; nothing else has been written yet.
        tx.commit().await?;
        return Err(error);
    }
    let publication = publication(officer, &ready, sent.audience, now);
    match papers::publish(&tx, &publication, &files, shown.opened.paper.version).await {
        Ok(()) => {}
        Err(StoreError::Conflict { .. }) => {
            drop(tx);
            return Err(quicker(deps, id, sent.edition).await?);
        }
        Err(other) => return Err(other.into()),
    }
    let body = leaf(officer, &shown.opened, &publication, &files, &clearances);
    record::event(&tx, PUBLISHED, None, body, now).await?;
    record::checkpoint(deps, &tx, now).await?;
    tx.commit().await?;
    Ok(sent.edition)
}

/// Lets nothing else be published of the funds that a paper tells of; in one order, so that two never wait for each other.
async fn lock(tx: &WriteTx, opened: &Opened) -> Result<(), ServiceError> {
    let funds = Funds::of(tx, opened.fund.id, opened.report.across).await?;
    let mut ids: Vec<FundId> = funds.all().map(|fund| fund.id).collect();
    ids.sort_unstable();
    for id in ids {
        register::lock_fund(tx, id).await?;
    }
    Ok(())
}

/// Why somebody who was shown this edition cannot publish it: who did so before, or that the paper has changed.
async fn quicker(deps: &Deps, id: PaperId, number: u32) -> Result<ServiceError, ServiceError> {
    let read = deps.store.read();
    let all = papers::editions_of(&read, id).await?;
    let Some(edition) = all.iter().find(|edition| edition.number == number) else {
        return Ok(ServiceError::Conflict(
            "The paper has been written in since you were shown it. Read it again before you publish.".to_owned(),
        ));
    };
    let by = by_at(&read, edition.published_by, edition.published_at).await?;
    Ok(ServiceError::Conflict(format!(
        "{} published edition {number} {}, while you were reading. Nothing of yours was published.",
        by.by,
        notify::moment(by.at)
    )))
}

async fn files(deps: &Deps, shown: &Confirmation) -> Result<Vec<EditionFile>, ServiceError> {
    let document = Arc::new(shown.document.clone());
    let which = format!("edition-{}", shown.edition);
    let mut files = Vec::new();
    for format in deps.printer.formats() {
        let bytes = deps.printer.print(&document, *format).await?;
        files.push(EditionFile {
            format: format.extension().to_owned(),
            media: format.media_type().to_owned(),
            name: file_name(&shown.opened, &which, *format),
            digest: Digest::of(&bytes),
            bytes,
        });
    }
    Ok(files)
}

fn publication(officer: &Officer, ready: &Ready, audience: Audience, now: DateTime<Utc>) -> Publication {
    let Opened { paper, fund, report } = &ready.confirmation.opened;
    Publication {
        edition: Edition {
            id: Uuid::new_v4().into(),
            paper: paper.id,
            number: ready.confirmation.edition,
            report: report.id.clone(),
            report_version: report.version,
            report_digest: report.digest,
            fund: fund.id,
            period: paper.period,
            audience,
            policy: ready.confirmation.policy.map(|policy| policy_word(policy).to_owned()),
            digest: ready.confirmation.digest,
            published_by: officer.person.id,
            published_at: now,
        },
        prose: paper.prose.clone(),
        document: ready.text.clone(),
        released: ready.released.clone(),
        inputs: ready.ground.inputs.clone(),
    }
}

/// The word for a policy, as report files have it.
fn policy_word(policy: Policy) -> &'static str {
    match policy {
        Policy::LessThanFive => "less-than-5",
        Policy::RoundToFive => "round-to-5",
    }
}

/// What the ledger says of an edition.
fn leaf(
    officer: &Officer,
    opened: &Opened,
    publication: &Publication,
    files: &[EditionFile],
    clearances: &[Clearance],
) -> Value {
    let edition = &publication.edition;
    let cleared = clearances.iter().filter(|one| one.withdrawn.is_none());
    let cleared: Vec<Value> = cleared
        .map(|one| {
            json!({
                "return": one.return_id.to_string(), "revision": one.revision, "place": one.place,
                "by": one.by.to_string(),
            })
        })
        .collect();
    let mut body = told(
        publication,
        files.iter().map(|file| (file.format.as_str(), file.digest)),
    );
    body["fund"] = json!(opened.fund.key);
    body["cleared"] = json!(cleared);
    body["by"] = json!({ "id": edition.published_by.to_string(), "name": officer.person.name });
    body
}

/// What the ledger says of an edition that its rows say too.
pub(super) fn told<'f>(publication: &Publication, files: impl Iterator<Item = (&'f str, Digest)>) -> Value {
    let edition = &publication.edition;
    let files: serde_json::Map<String, Value> = files
        .map(|(format, digest)| (format.to_owned(), json!(digest.to_string())))
        .collect();
    let mut inputs = publication.inputs.clone();
    inputs.sort_by_key(|input| input.return_id);
    let inputs: Vec<Value> = inputs
        .iter()
        .map(|input| {
            json!({
                "return": input.return_id.to_string(), "revision": input.revision, "digest": input.digest.to_string(),
            })
        })
        .collect();
    json!({
        "publication": edition.id.to_string(), "paper": edition.paper.to_string(), "edition": edition.number,
        "report": edition.report, "report_version": edition.report_version,
        "report_digest": edition.report_digest.to_string(),
        "from": edition.period.start().to_string(), "to": edition.period.end().to_string(),
        "audience": edition.audience, "policy": edition.policy,
        "digest": edition.digest.to_string(), "files": files, "inputs": inputs,
    })
}
