//! load: register data from a file, added to what there is and over it, all or nothing. Beside it what a file would
//! change, and the register as a file again.
//!
//! Invariant: everything that is wrong is said at once, and then nothing is written; a file that was loaded changes
//! nothing when it is loaded again; nothing is ever removed.

pub mod edit;
pub mod export;
mod file;
pub mod import;
mod known;
pub mod pages;
mod problem;
mod resolve;
mod rows;
mod toml;
pub mod view;
mod write;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use countersign_domain::ids::{OrganisationId, PersonId};
use countersign_domain::ledger::Digest;
use countersign_domain::register::Person;
use countersign_domain::workflow::COMMISSIONER;
use serde_json::json;

pub use export::export;
pub use file::{
    AllocationRow, AssignmentRow, Column, FundRow, GrantRow, HolderRow, Kind, LineRow, OfficeRow, OrganisationRow,
    PersonRow, PriorityRow, RegisterFile, RoundRow, Row, ShareRow, TABLES, Table, VirementRow, table,
};
pub use problem::{Changed, ChangedValue, Changes, LoadError, RegisterProblem, Severity};
pub use toml::read;

use super::{Deps, Officer, ServiceError, record, virement};
use crate::store::{Connection, WriteTx, register};
use known::{Known, one};
use resolve::{Blank, Resolved, resolve};
use write::{Step, Write};

/// What a file would do.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Everything that is wrong with it, errors and warnings.
    pub problems: Vec<RegisterProblem>,
    /// What it would change, as far as it can be read.
    pub changes: Changes,
}

impl Plan {
    /// Whether it could be loaded.
    pub fn can_be_loaded(&self) -> bool {
        !self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

/// What was loaded.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What it changed.
    pub changes: Changes,
    /// What is worth a look.
    pub warnings: Vec<RegisterProblem>,
}

/// What loading this file would do; nothing is written. `officer` is who brings it; none: whoever runs the server.
///
/// # Errors
/// When the database cannot be read, or the officer has not given the second factor.
pub async fn plan(
    deps: &Deps,
    conn: &impl Connection,
    officer: Option<&Officer>,
    file: &RegisterFile,
    now: DateTime<Utc>,
) -> Result<Plan, ServiceError> {
    let resolved = resolved(deps, conn, officer, file, now).await?;
    Ok(Plan {
        problems: resolved.problems,
        changes: resolved.changes,
    })
}

/// Loads a file for whoever runs the server.
///
/// # Errors
/// [`LoadError::Problems`] with everything that is wrong with it; then nothing was written.
pub async fn load(deps: &Deps, file: &RegisterFile, now: DateTime<Utc>) -> Result<Loaded, LoadError> {
    load_for(deps, None, file, None, now).await
}

/// Loads a file for an officer, who changes only the funds whose returns they review. `shown` is the digest of the
/// changes that they were shown before, where they were: others are not made.
///
/// # Errors
/// As [`load`]; a conflict when the file would by now change something else than was shown.
pub async fn load_by(
    deps: &Deps,
    officer: &Officer,
    file: &RegisterFile,
    shown: Option<Digest>,
    now: DateTime<Utc>,
) -> Result<Loaded, LoadError> {
    load_for(deps, Some(officer), file, shown, now).await
}

async fn load_for(
    deps: &Deps,
    officer: Option<&Officer>,
    file: &RegisterFile,
    shown: Option<Digest>,
    now: DateTime<Utc>,
) -> Result<Loaded, LoadError> {
    let tx = deps.store.begin().await?;
    for fund in Known::of_everybody(&tx).await?.funds_of(file) {
        register::lock_fund(&tx, fund).await?;
    }
    let resolved = resolved(deps, &tx, officer, file, now).await?;
    let loaded = Plan {
        problems: resolved.problems,
        changes: resolved.changes,
    };
    if !loaded.can_be_loaded() {
        return Err(LoadError::Problems(loaded.problems));
    }
    if shown.is_some_and(|shown| shown != loaded.changes.digest()) {
        return Err(LoadError::Service(ServiceError::Conflict(
            "The register has been changed since you looked at what this file would do. Look again before you import it."
                .to_owned(),
        )));
    }
    let by = officer.map(|officer| officer.person.id);
    apply(&tx, "load-register", &resolved.steps, by, now).await?;
    for step in &resolved.steps {
        if let Write::Virement(new, None) = &step.write {
            let grant = register::get_grant(&tx, new.grant).await?;
            let by = register::get_person(&tx, new.recorded_by).await?;
            virement::tell_treasurer(deps, &tx, &by, &grant, new, now).await?;
        }
    }
    tx.commit().await?;
    Ok(Loaded {
        changes: loaded.changes,
        warnings: loaded.problems,
    })
}

/// Makes every change, each with its record, and one entry of the ledger for all; of no change, none.
async fn apply(
    tx: &WriteTx,
    event: &str,
    steps: &[Step],
    by: Option<PersonId>,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    if steps.is_empty() {
        return Ok(());
    }
    let mut told = String::new();
    for step in steps {
        step.make(tx, by, now).await?;
        told.push_str(&step.told());
    }
    let funds: BTreeSet<String> = steps
        .iter()
        .filter_map(|step| step.fund)
        .map(|fund| fund.to_string())
        .collect();
    let body = json!({
        "funds": funds, "changes": steps.len().to_string(), "digest": Digest::of(told.as_bytes()).to_string(),
        "by": by.map(|by| by.to_string()),
    });
    record::event(tx, event, None, body, now).await?;
    Ok(())
}

async fn resolved(
    deps: &Deps,
    conn: &impl Connection,
    officer: Option<&Officer>,
    file: &RegisterFile,
    now: DateTime<Utc>,
) -> Result<Resolved, ServiceError> {
    officer.map_or(Ok(()), reviews)?;
    let known = Known::read(deps, conn, file).await?;
    let mut resolved = resolve(known, file, Blank::Stays, officer.map(|officer| officer.person.id), now);
    if let Some(officer) = officer {
        theirs(conn, officer, &mut resolved).await?;
    }
    let place = |problem: &RegisterProblem| {
        let table = TABLES.iter().position(|table| table.name == problem.table);
        (table, problem.entry)
    };
    resolved.problems.sort_by_key(place);
    Ok(resolved)
}

/// Refuses whoever does not review the returns of any fund.
fn reviews(officer: &Officer) -> Result<(), ServiceError> {
    if !officer.second_factor {
        return Err(ServiceError::NotFound);
    }
    if officer.holders.iter().any(|held| held.office_key == COMMISSIONER) {
        return Ok(());
    }
    Err(ServiceError::Refused(
        "Only whoever reviews a fund’s returns can change the register.".to_owned(),
    ))
}

/// Says of every change that is not this officer's to make that it is not.
async fn theirs(conn: &impl Connection, officer: &Officer, resolved: &mut Resolved) -> Result<(), ServiceError> {
    for step in &resolved.steps {
        if let Some(message) = not_theirs(conn, officer, step).await? {
            resolved.problems.push(RegisterProblem {
                table: step.at.table,
                entry: step.at.entry,
                column: None,
                also: None,
                severity: Severity::Error,
                message,
                help: "Leave it out, or ask whoever runs the server.".to_owned(),
            });
        }
    }
    Ok(())
}

/// Why a change is not this officer's to make.
async fn not_theirs(conn: &impl Connection, officer: &Officer, step: &Step) -> Result<Option<String>, ServiceError> {
    if let Write::Fund(_, None) = &step.write {
        return Ok(Some("A new fund is added by whoever runs the server.".to_owned()));
    }
    if let Write::Holder(new, _) = &step.write
        && new.person == officer.person.id
    {
        return Ok(Some("Nobody gives an office to themselves.".to_owned()));
    }
    if let Some(fund) = step.fund {
        let theirs = officer.chases(fund).is_ok();
        return Ok((!theirs).then(|| "It belongs to a fund whose returns you do not review.".to_owned()));
    }
    let theirs = match &step.write {
        Write::Organisation(_, Some(was)) => may_edit_organisation(conn, officer, was.id).await?,
        Write::Person(_, Some(was)) => may_edit_person(conn, officer, was).await?,
        _ => true,
    };
    Ok((!theirs).then(|| "It belongs to funds whose returns you do not review.".to_owned()))
}

/// Whether an officer looks after an organisation: one of a fund whose returns they review, or of no fund yet.
async fn may_edit_organisation(
    conn: &impl Connection,
    officer: &Officer,
    id: OrganisationId,
) -> Result<bool, ServiceError> {
    let funds = register::funds_of_organisation(conn, id).await?;
    Ok(funds.is_empty() || funds.iter().any(|fund| officer.chases(*fund).is_ok()))
}

/// Whether an officer looks after a person. Whoever holds an office is known by their address when they sign: only who
/// reviews the returns of every fund in which they hold one changes anything of them.
async fn may_edit_person(conn: &impl Connection, officer: &Officer, person: &Person) -> Result<bool, ServiceError> {
    let offices = register::holders_of_person(conn, person.id).await?;
    if !offices.iter().all(|held| officer.chases(held.fund).is_ok()) {
        return Ok(false);
    }
    let funds = register::funds_of_person(conn, person.id).await?;
    if funds.is_empty() {
        return may_edit_organisation(conn, officer, person.organisation).await;
    }
    Ok(funds.iter().any(|fund| officer.chases(*fund).is_ok()))
}
