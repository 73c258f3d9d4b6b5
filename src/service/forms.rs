//! publish: the forms that returns are filled in by, frozen once published.
//!
//! Invariant: a version and its digest belong together for ever; a file that differs needs the next number.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use countersign_domain::form::compare::same_ids_keep_their_type;
use countersign_domain::form::parse::parse;
use countersign_domain::form::schema::Form;
use countersign_domain::ledger::Digest;
use countersign_domain::workflow::COMMISSIONER;

use super::{Deps, Officer, ServiceError};
use crate::store::{Connection, StoreError, forms};

/// Forms by id and version.
type Parsed = HashMap<(String, u32), Arc<Form>>;

/// The published forms, parsed once each.
#[derive(Clone, Default)]
pub struct Library {
    parsed: Arc<RwLock<Parsed>>,
}

impl Library {
    /// A published version. An error if it is not there or no longer parses.
    pub async fn version(&self, conn: &impl Connection, id: &str, version: u32) -> Result<Arc<Form>, ServiceError> {
        let key = (id.to_owned(), version);
        if let Some(found) = self.parsed.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(found.clone());
        }
        let (source, _) = forms::form_source(conn, id, version)
            .await?
            .ok_or_else(|| ServiceError::internal(format!("form {id} version {version} is not published")))?;
        let form = parse(&source).map_err(|problems| {
            ServiceError::internal(format!("form {id} version {version} has {} problems", problems.len()))
        })?;
        let form = Arc::new(form);
        self.parsed
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, form.clone());
        Ok(form)
    }

    /// The latest published version.
    pub async fn latest(&self, conn: &impl Connection, id: &str) -> Result<Option<Arc<Form>>, ServiceError> {
        match forms::latest_form(conn, id).await? {
            Some((version, _)) => Ok(Some(self.version(conn, id, version).await?)),
            None => Ok(None),
        }
    }
}

/// Why a form was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The file has problems: run `forms check`.
    #[error("the form has {0} problems; `countersign forms check` lists them")]
    Problems(usize),
    /// The version was published with other contents.
    #[error("version {version} of ‘{id}’ was published with other contents and never changes; give the edit version {}", version + 1)]
    Changed {
        /// The form.
        id: String,
        /// The version.
        version: u32,
    },
    /// Ids changed their type since the version before.
    #[error("{}", .0.join("; "))]
    Types(Vec<String>),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Anything else.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// Publishes a form file. Publishing the same file again changes nothing.
pub async fn publish(deps: &Deps, source: &str, now: DateTime<Utc>) -> Result<Arc<Form>, PublishError> {
    let form = parse(source).map_err(|problems| PublishError::Problems(problems.len()))?;
    let read = deps.store.read();
    // Every version, not the latest alone: an id that one version dropped does not come back as something else.
    for known in versions_of(&read, &form.id).await? {
        let before = deps.forms.version(&read, &form.id, known).await?;
        let changed = same_ids_keep_their_type(&before, &form);
        if !changed.is_empty() {
            return Err(PublishError::Types(changed));
        }
    }
    let tx = deps.store.begin().await?;
    match forms::publish_form(&tx, &form.id, form.version, form.digest, source, now).await {
        Ok(_) => tx.commit().await?,
        Err(StoreError::Duplicate { .. }) => {
            return Err(PublishError::Changed {
                id: form.id,
                version: form.version,
            });
        }
        Err(error) => return Err(error.into()),
    }
    Ok(deps.forms.version(&deps.store.read(), &form.id, form.version).await?)
}

/// A published version, as officers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The form's id.
    pub id: String,
    /// The version.
    pub version: u32,
    /// What it is called.
    pub title: String,
    /// SHA-256 of its file.
    pub digest: Digest,
    /// When it was published.
    pub published_at: DateTime<Utc>,
}

/// Every published version of every form, by id and version, for whoever reviews the returns of a fund.
///
/// # Errors
/// [`ServiceError::NotFound`] for whoever does not.
pub async fn published(deps: &Deps, officer: &Officer) -> Result<Vec<Published>, ServiceError> {
    if !officer.second_factor || !officer.holders.iter().any(|held| held.office_key == COMMISSIONER) {
        return Err(ServiceError::NotFound);
    }
    let read = deps.store.read();
    let mut all = Vec::new();
    for found in forms::all_forms(&read).await? {
        let form = deps.forms.version(&read, &found.id, found.version).await?;
        all.push(Published {
            title: form.title.en.clone(),
            id: found.id,
            version: found.version,
            digest: found.digest,
            published_at: found.published_at,
        });
    }
    Ok(all)
}

/// The published versions of a form.
async fn versions_of(conn: &impl Connection, id: &str) -> Result<Vec<u32>, StoreError> {
    Ok(forms::all_forms(conn)
        .await?
        .into_iter()
        .filter(|known| known.id == id)
        .map(|known| known.version)
        .collect())
}
