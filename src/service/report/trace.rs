//! trace: the signed figures under a number of a paper, down to the answer as it was typed.
//!
//! Invariant: nothing of a fund is shown to whoever holds no office in it; what was typed is read from the revision that was
//! signed.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use countersign_domain::answers::format;
use countersign_domain::answers::types::DraftAnswer;
use countersign_domain::document::Source;
use countersign_domain::ids::ReturnId;
use countersign_domain::paper::Input;
use countersign_domain::returns::{Return, Signature};
use serde::Deserialize;

use super::frozen::Frozen;
use super::names::Names;
use super::people;
use crate::service::{Deps, Officer, ServiceError};
use crate::store::figures::FigureRow;
use crate::store::{Connection, Page, figures, gathered, register, signatures};

/// What is under a number.
#[derive(Debug, Clone)]
pub struct Trace {
    /// What the figure is called.
    pub name: String,
    /// The form's title.
    pub form: String,
    /// How many figures there are in all.
    pub total: u64,
    /// This page of them.
    pub figures: Vec<Traced>,
}

/// One figure of a return.
#[derive(Debug, Clone)]
pub struct Traced {
    /// The return.
    pub ret: ReturnId,
    /// Its reference.
    pub reference: String,
    /// Its period, in words.
    pub period: String,
    /// The revision.
    pub revision: u32,
    /// For what it stands: a project, a cohort, a row.
    pub subject: String,
    /// As it is shown.
    pub shown: String,
    /// As it was typed, field by field; empty of what is worked out.
    pub typed: Vec<(String, String)>,
    /// Who signed it: name, position, when.
    pub signed: Vec<(String, String, DateTime<Utc>)>,
    /// Whether a later revision has been signed since the paper was published.
    pub superseded: bool,
}

/// The figures under a number. `pinned`: the revisions that a published paper was made from; without, those that are signed.
pub async fn trace(
    deps: &Deps,
    officer: &Officer,
    source: &Source,
    page: Page,
    pinned: Option<&[Input]>,
) -> Result<Trace, ServiceError> {
    officer.within(source.fund)?;
    let read = deps.store.read();
    let (rows, total) = rows(&read, source, page, pinned).await?;
    let latest = deps
        .forms
        .latest(&read, &source.form)
        .await?
        .ok_or(ServiceError::NotFound)?;
    let named = latest.measures_named().find(|named| named.id == source.measure);
    Ok(Trace {
        name: named.map_or_else(|| source.measure.clone(), |named| named.label().en.clone()),
        form: latest.title.en.clone(),
        total,
        figures: traced(deps, &read, source, rows).await?,
    })
}

/// One page of the figures, and how many there are.
async fn rows(
    read: &impl Connection,
    source: &Source,
    page: Page,
    pinned: Option<&[Input]>,
) -> Result<(Vec<FigureRow>, u64), ServiceError> {
    let Some(inputs) = pinned else {
        return Ok(figures::traced(read, source, page).await?);
    };
    let told: Vec<(ReturnId, u32)> = inputs.iter().map(|input| (input.return_id, input.revision)).collect();
    let all = figures::of_revisions(read, &told, Some(&[source.measure.as_str()])).await?;
    let mut under: Vec<FigureRow> = all.into_iter().filter(|row| is_under(source, row)).collect();
    under.sort_by(|one, next| order(one).cmp(&order(next)));
    let total = under.len() as u64;
    let (from, size) = (usize::try_from(page.from), usize::try_from(page.size));
    let some = under.into_iter().skip(from.unwrap_or(usize::MAX));
    Ok((some.take(size.unwrap_or(usize::MAX)).collect(), total))
}

/// The figures with what was typed and who signed it.
async fn traced(
    deps: &Deps,
    read: &impl Connection,
    source: &Source,
    rows: Vec<FigureRow>,
) -> Result<Vec<Traced>, ServiceError> {
    let ids: Vec<ReturnId> = rows.iter().map(|row| row.return_id).collect();
    let told: Vec<(ReturnId, u32)> = rows.iter().map(|row| (row.return_id, row.revision)).collect();
    let returns: HashMap<ReturnId, Return> = gathered::returns_of_ids(read, &ids)
        .await?
        .into_iter()
        .map(|ret| (ret.id, ret))
        .collect();
    let signatures = signatures::signatures_of_all(read, &ids).await?;
    let mut documents = BTreeMap::new();
    for revision in gathered::revisions_of_all(read, &told).await? {
        documents.insert((revision.return_id, revision.number), revision);
    }
    let providers: HashMap<_, String> = register::organisations_of_fund(read, source.fund)
        .await?
        .into_iter()
        .map(|organisation| (organisation.id, organisation.name))
        .collect();
    let mut traced = Vec::with_capacity(rows.len());
    for row in rows {
        let (Some(ret), Some(revision)) = (
            returns.get(&row.return_id),
            documents.get(&(row.return_id, row.revision)),
        ) else {
            continue;
        };
        let form = deps.forms.version(read, &ret.form, ret.form_version).await?;
        let frozen = Frozen::of(revision)?;
        let names = Names::new(&form, &frozen);
        let of = providers.get(&row.provider).cloned().unwrap_or_default();
        let subject = names.get(&row.figure).map_or(of, |name| name.told.clone());
        traced.push(Traced {
            ret: ret.id,
            reference: ret.reference.clone(),
            period: form.schedule.period_label(ret.period),
            revision: row.revision,
            subject,
            shown: format::figure_of(&form, &row.figure),
            typed: typed(&form, &revision.document, &row)?,
            signed: signed(&signatures, &row),
            superseded: ret.signed_revision > Some(row.revision),
        });
    }
    Ok(traced)
}

fn order(row: &FigureRow) -> impl Ord {
    (
        row.period.start(),
        row.return_id,
        row.figure.allocation.clone(),
        row.figure.row.clone(),
    )
}

/// Whether a figure is one of those that a number adds up.
fn is_under(source: &Source, row: &FigureRow) -> bool {
    row.form == source.form
        && source.within.start() <= row.period.start()
        && row.period.end() <= source.within.end()
        && source.ret.is_none_or(|ret| ret == row.return_id)
        && source.grant.is_none_or(|grant| grant == row.grant)
        && source.provider.is_none_or(|provider| provider == row.provider)
        && source
            .row
            .as_deref()
            .is_none_or(|wanted| row.figure.row.as_deref() == Some(wanted))
        && (source.allocations.is_empty() || row.allocation.is_some_and(|own| source.allocations.contains(&own)))
}

fn signed(all: &[Signature], row: &FigureRow) -> Vec<(String, String, DateTime<Utc>)> {
    let own = all
        .iter()
        .filter(|signature| signature.return_id == row.return_id && signature.revision == row.revision);
    own.map(|signature| {
        (
            signature.typed_name.clone(),
            signature.position.clone(),
            signature.signed_at,
        )
    })
    .collect()
}

/// A revision's document, as far as what was typed goes.
#[derive(Deserialize)]
struct Typing {
    sections: Vec<TypedSection>,
}

#[derive(Deserialize)]
struct TypedSection {
    key: String,
    allocation: Option<String>,
    answers: Vec<TypedAnswer>,
}

#[derive(Deserialize)]
struct TypedAnswer {
    question: String,
    typed: Option<DraftAnswer>,
}

/// What was typed for a figure; of a measure, for both of its questions.
fn typed(
    form: &countersign_domain::form::schema::Form,
    document: &str,
    row: &FigureRow,
) -> Result<Vec<(String, String)>, ServiceError> {
    let document: Typing = serde_json::from_str(document).map_err(ServiceError::internal)?;
    let ids = match form.measure(&row.figure.measure) {
        Some(measure) => people::parts(measure).to_vec(),
        None => vec![row.figure.measure.clone()],
    };
    let mut all = Vec::new();
    for id in ids {
        let (question, column) = match id.split_once('.') {
            Some((question, column)) => (question, Some(column)),
            None => (id.as_str(), None),
        };
        let figure = &row.figure;
        for section in &document.sections {
            let subject = section.key.split_once('/').map(|(_, subject)| subject);
            let (within, cell) = match (column, &figure.row) {
                (None, row) => (row.as_deref(), None),
                (Some(_), Some(row)) => match row.split_once('/') {
                    Some((within, cell)) => (Some(within), Some(cell)),
                    None => (None, Some(row.as_str())),
                },
                (Some(_), None) => (None, None),
            };
            let here = section.allocation == figure.allocation && within.is_none_or(|within| subject == Some(within));
            let answers = section
                .answers
                .iter()
                .filter(|answer| here && answer.question == question);
            for (field, text) in answers
                .filter_map(|answer| answer.typed.as_ref())
                .flat_map(|typed| &typed.fields)
            {
                let name = match (column, cell) {
                    (None, _) => Some(field.clone()),
                    (Some(column), Some(cell)) => {
                        let own = format!("{cell}.{column}");
                        (*field == own || field.starts_with(&format!("{own}."))).then_some(own)
                    }
                    (Some(_), None) => None,
                };
                all.extend(name.map(|name| (name, text.clone())));
            }
        }
    }
    Ok(all)
}
