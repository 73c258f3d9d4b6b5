//! rows: a provider adds a row to a section, takes one out, or puts it back.
//!
//! Invariant: a row's number is given once and never again; what was typed in a row stays with it, also when it is taken
//! out; of two people who add a row at once, each gets one.

use chrono::{DateTime, Utc};
use countersign_domain::answers::types::{DraftSection, SectionKey};
use countersign_domain::form::schema::{Form, Rows};

use super::provider::{ReturnPage, row_of};
use super::save::{committed, open_page};
use super::{Contact, Deps, ServiceError, facts};
use crate::store::drafts;

/// How many rows a section may ever have been given, for each that it may have at once: what is taken out is kept.
const EVER: u32 = 5;

/// A row that was taken out, and can be put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenOut {
    /// Its section's key.
    pub key: SectionKey,
    /// Its number.
    pub number: u32,
    /// What it was named, as typed; empty when it was not.
    pub name: String,
}

/// Adds a row to a section; answers its key.
pub async fn add(
    deps: &Deps,
    contact: &Contact,
    section: &str,
    now: DateTime<Utc>,
) -> Result<(SectionKey, ReturnPage), ServiceError> {
    let tx = facts::begin(deps, contact.return_id).await?;
    let page = open_page(deps, &tx, contact, now).await?;
    let rows = rows_of(&page.form, section)?;
    room_for_another(&page, section, rows)?;
    let last = numbers(&page, section).last().copied().unwrap_or(0);
    if last >= rows.max.saturating_mul(EVER) {
        return Err(ServiceError::Refused(
            "Too many rows have been added here and taken out again. Put one of those back instead.".to_owned(),
        ));
    }
    let key = SectionKey(format!("{section}/{}", last + 1));
    drafts::put_section(&tx, page.ret.id, &key, &DraftSection::default(), None).await?;
    drafts::preparer(&tx, page.ret.id, contact.person.id).await?;
    Ok((key, committed(deps, tx, contact, now).await?))
}

/// Takes a row out. What was typed in it is kept; done twice, it is done once.
pub async fn remove(
    deps: &Deps,
    contact: &Contact,
    key: &SectionKey,
    now: DateTime<Utc>,
) -> Result<ReturnPage, ServiceError> {
    set_removed(deps, contact, key, true, now).await
}

/// Puts a row back that was taken out, as it was.
pub async fn restore(
    deps: &Deps,
    contact: &Contact,
    key: &SectionKey,
    now: DateTime<Utc>,
) -> Result<ReturnPage, ServiceError> {
    set_removed(deps, contact, key, false, now).await
}

async fn set_removed(
    deps: &Deps,
    contact: &Contact,
    key: &SectionKey,
    removed: bool,
    now: DateTime<Utc>,
) -> Result<ReturnPage, ServiceError> {
    let tx = facts::begin(deps, contact.return_id).await?;
    let page = open_page(deps, &tx, contact, now).await?;
    let (section, _) = row_of(&page.form, key).ok_or(ServiceError::NotFound)?;
    let stored = page.draft.sections.get(key).ok_or(ServiceError::NotFound)?;
    if stored.removed == removed {
        return Ok(page);
    }
    if !removed {
        room_for_another(&page, &section.id, rows_of(&page.form, &section.id)?)?;
    }
    let changed = DraftSection {
        removed,
        ..stored.clone()
    };
    drafts::put_section(&tx, page.ret.id, key, &changed, page.versions.get(key).copied()).await?;
    drafts::preparer(&tx, page.ret.id, contact.person.id).await?;
    committed(deps, tx, contact, now).await
}

/// The rows of a section that were taken out, in the order in which they were added.
pub fn taken_out(page: &ReturnPage, section: &str) -> Vec<TakenOut> {
    let named_by = page
        .form
        .section(section)
        .and_then(|section| Some(section.rows.as_ref()?.named_by.as_str()));
    let all = numbers(page, section).into_iter().filter_map(|number| {
        let key = SectionKey(format!("{section}/{number}"));
        let stored = page.draft.sections.get(&key).filter(|stored| stored.removed)?;
        let name = named_by
            .and_then(|id| stored.answers.get(id)?.fields.get("value"))
            .map(|text| text.trim().to_owned());
        Some(TakenOut {
            key,
            number,
            name: name.unwrap_or_default(),
        })
    });
    all.collect()
}

fn rows_of<'a>(form: &'a Form, section: &str) -> Result<&'a Rows, ServiceError> {
    let found = form.section(section).and_then(|section| section.rows.as_ref());
    found.ok_or(ServiceError::NotFound)
}

/// The numbers of every row that was ever added to a section, in order.
fn numbers(page: &ReturnPage, section: &str) -> Vec<u32> {
    let keys = page.draft.sections.keys();
    let mut all: Vec<u32> = keys
        .filter_map(|key| row_of(&page.form, key))
        .filter(|(of, _)| of.id == section)
        .map(|(_, number)| number)
        .collect();
    all.sort_unstable();
    all
}

fn room_for_another(page: &ReturnPage, section: &str, rows: &Rows) -> Result<(), ServiceError> {
    let there = numbers(page, section).len() - taken_out(page, section).len();
    if there < rows.max as usize {
        return Ok(());
    }
    let words = format!(
        "There are {} rows here, which is as many as there may be. Take one out first.",
        rows.max
    );
    Err(ServiceError::Refused(words))
}
