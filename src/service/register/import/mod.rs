//! import: the register from workbooks and CSV files, looked at first, then loaded whole or not at all.
//!
//! Invariant: whatever is wrong is said at once, each problem with the cell that it is about; while there is one that is
//! an error, nothing is loaded.

mod gather;
mod problem;
mod sheet;

use chrono::{DateTime, Utc};
use countersign_domain::ledger::Digest;

pub use problem::{ImportError, ImportProblem};

use super::{Changes, LoadError, RegisterProblem, Severity, load, load_by, plan};
use crate::service::{Deps, Officer, ServiceError};
use gather::{Gathered, gather};

/// A file that somebody wants to import.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its name, as problems name it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// The table that it holds, when neither its name nor its sheets say so.
    pub table: Option<String>,
}

/// What files would do.
#[derive(Debug, Clone)]
pub struct Looked {
    /// What is wrong with them, and what is worth a look, in the order of the files, their sheets and their rows.
    pub problems: Vec<ImportProblem>,
    /// What they would change; nothing while their sheets cannot be read.
    pub changes: Changes,
}

impl Looked {
    /// Whether they could be imported as they are.
    pub fn is_right(&self) -> bool {
        self.problems
            .iter()
            .all(|problem| problem.severity == Severity::Warning)
    }
}

/// What was imported.
#[derive(Debug, Clone)]
pub struct Imported {
    /// What it changed.
    pub changes: Changes,
    /// What is worth a look.
    pub warnings: Vec<ImportProblem>,
}

/// Says what the files would do, and does nothing. `officer` is who brings them; none: whoever runs the server.
///
/// # Errors
/// Only when it cannot be found out; what is wrong with the files is in what is returned.
pub async fn look(
    deps: &Deps,
    officer: Option<&Officer>,
    uploads: Vec<Upload>,
    now: DateTime<Utc>,
) -> Result<Looked, ServiceError> {
    let gathered = in_the_background(uploads).await?;
    if gathered.is_misshapen() {
        return Ok(Looked {
            problems: gathered.problems(vec![]),
            changes: Changes::default(),
        });
    }
    let plan = plan(deps, &deps.store.read(), officer, &gathered.file, now).await?;
    Ok(Looked {
        problems: gathered.problems(plan.problems),
        changes: plan.changes,
    })
}

/// Loads the files, all or nothing. An officer changes only the funds whose returns they review, and only what they were
/// shown: `shown` is the digest of the changes that [`look`] found.
///
/// # Errors
/// [`ImportError::Problems`] when anything is wrong with them: then nothing was loaded.
pub async fn apply(
    deps: &Deps,
    officer: Option<(&Officer, Option<Digest>)>,
    uploads: Vec<Upload>,
    now: DateTime<Utc>,
) -> Result<Imported, ImportError> {
    let gathered = in_the_background(uploads).await?;
    if !gathered.is_right() {
        // What cannot be loaded for what stands in its cells is still held against the register, to say everything.
        let misshapen = gathered.is_misshapen();
        let found = if misshapen {
            vec![]
        } else {
            let officer = officer.map(|(officer, _)| officer);
            plan(deps, &deps.store.read(), officer, &gathered.file, now)
                .await?
                .problems
        };
        return Err(ImportError::Problems(gathered.problems(found)));
    }
    let loaded = match officer {
        Some((officer, shown)) => load_by(deps, officer, &gathered.file, shown, now).await,
        None => load(deps, &gathered.file, now).await,
    };
    match loaded {
        Ok(loaded) => Ok(Imported {
            changes: loaded.changes,
            warnings: gathered.problems(loaded.warnings),
        }),
        Err(LoadError::Problems(problems)) => Err(ImportError::Problems(gathered.problems(problems))),
        Err(LoadError::Service(error)) => Err(error.into()),
    }
}

/// Reads the files where it keeps nobody waiting: a large workbook takes a second.
async fn in_the_background(uploads: Vec<Upload>) -> Result<Gathered, ServiceError> {
    tokio::task::spawn_blocking(move || gather(uploads))
        .await
        .map_err(ServiceError::internal)
}
