//! What an officer changes of the register by hand, one entry at a time; one file for each kind of entry.
//!
//! Invariant: the rules are those of a file with one entry, so that no page lets in what an import refuses; what was
//! changed by somebody else since it was shown is not overwritten; each change is recorded.

pub mod allocations;
pub mod assignments;
pub mod changes;
pub mod contacts;
pub mod funds;
pub mod grants;
pub mod holders;
pub mod lines;
pub mod organisations;
pub mod people;
pub mod rounds;
pub mod shares;

use chrono::{DateTime, Utc};
use countersign_domain::ids::{FundId, OrganisationId, PersonId};
use countersign_domain::ledger::Digest;

use super::file::{RegisterFile, Row};
use super::known::Known;
use super::problem::{RegisterProblem, Severity};
use super::resolve::{Blank, resolve};
use super::write::{EDIT, Step, Write};
use super::{apply, theirs};
use crate::service::{Deps, FieldProblem, Officer, ServiceError};
use crate::store::{Connection, StoreError, WriteTx, register};

/// An entry as it was shown, or as it comes back from its page: values by column, and what tells whether somebody else has
/// changed it meanwhile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown<R> {
    /// The values.
    pub fields: R,
    /// Goes with the page's form, and comes back with it.
    pub stamp: String,
}

impl<R: Row> Shown<R> {
    pub(super) fn of(fields: R) -> Shown<R> {
        let stamp = stamp(&fields);
        Shown { fields, stamp }
    }
}

fn stamp<R: Row>(row: &R) -> String {
    Digest::of(row.cells().join("\u{1f}").as_bytes()).to_string()
}

/// What was changed by hand, and what is worth a look about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edited {
    /// Whether anything is other than before.
    pub changed: bool,
    /// Warnings, in words.
    pub warnings: Vec<String>,
}

/// An entry to add: refused when there is one with its key.
struct Adding<R> {
    fund: FundId,
    row: R,
    /// The column of the key.
    key: &'static str,
}

/// An entry to change: its key is the one it has.
struct Changing<R> {
    fund: FundId,
    row: R,
    stamp: String,
    /// The entry as it stands.
    now: fn(&Known, &R) -> Option<R>,
}

/// Adds an entry; answers what was written.
async fn add<R: Row + Into<RegisterFile>>(
    deps: &Deps,
    officer: &Officer,
    new: Adding<R>,
    now: DateTime<Utc>,
) -> Result<(Write, Edited), ServiceError> {
    let tx = begin(deps, officer, new.fund).await?;
    let file: RegisterFile = new.row.into();
    let known = known(deps, &tx, &file, new.fund).await?;
    let (steps, edited) = settled(&tx, officer, new.fund, known, &file, now).await?;
    let [step] = steps.as_slice() else {
        return Err(ServiceError::field(new.key, "This is in the register already"));
    };
    if step.was.is_some() {
        return Err(ServiceError::field(
            new.key,
            "There is one with this key already. Choose another",
        ));
    }
    let write = step.write.clone();
    apply(&tx, EDIT, &steps, Some(officer.person.id), now).await?;
    tx.commit().await?;
    Ok((write, edited))
}

/// Changes an entry.
async fn change<R: Row + Clone + Into<RegisterFile>>(
    deps: &Deps,
    officer: &Officer,
    new: Changing<R>,
    at: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let tx = begin(deps, officer, new.fund).await?;
    let file: RegisterFile = new.row.clone().into();
    let known = known(deps, &tx, &file, new.fund).await?;
    let stands = (new.now)(&known, &new.row).ok_or(ServiceError::NotFound)?;
    if stamp(&stands) != new.stamp {
        return Err(StoreError::Conflict { what: R::TABLE }.into());
    }
    let (steps, edited) = settled(&tx, officer, new.fund, known, &file, at).await?;
    apply(&tx, EDIT, &steps, Some(officer.person.id), at).await?;
    tx.commit().await?;
    Ok(edited)
}

/// Begins a transaction in which nobody else changes this fund's register.
async fn begin(deps: &Deps, officer: &Officer, fund: FundId) -> Result<WriteTx, ServiceError> {
    officer.chases(fund)?;
    let tx = deps.store.begin().await?;
    register::lock_fund(&tx, fund).await?;
    Ok(tx)
}

async fn known(deps: &Deps, conn: &impl Connection, file: &RegisterFile, fund: FundId) -> Result<Known, ServiceError> {
    let mut known = Known::of_everybody(conn).await?;
    known.add_fund(conn, fund).await?;
    known.add_forms(deps, conn, file).await?;
    Ok(known)
}

/// What one entry comes to, or its problems by the fields of its page.
async fn settled(
    conn: &impl Connection,
    officer: &Officer,
    fund: FundId,
    known: Known,
    file: &RegisterFile,
    now: DateTime<Utc>,
) -> Result<(Vec<Step>, Edited), ServiceError> {
    let mut resolved = resolve(known, file, Blank::Clears, Some(officer.person.id), now);
    theirs(conn, officer, &mut resolved).await?;
    let (errors, warnings): (Vec<_>, Vec<_>) = resolved
        .problems
        .into_iter()
        .partition(|problem| problem.severity == Severity::Error);
    if !errors.is_empty() {
        return Err(ServiceError::Invalid(errors.iter().map(field_problem).collect()));
    }
    // An organisation and a person are of no fund; what was changed of them is told where it was done.
    for step in &mut resolved.steps {
        step.fund.get_or_insert(fund);
    }
    let edited = Edited {
        changed: !resolved.steps.is_empty(),
        warnings: warnings.iter().map(words).collect(),
    };
    Ok((resolved.steps, edited))
}

fn field_problem(problem: &RegisterProblem) -> FieldProblem {
    FieldProblem {
        field: problem.column.unwrap_or_default().to_owned(),
        message: words(problem),
    }
}

fn words(problem: &RegisterProblem) -> String {
    format!("{} {}", problem.message, problem.help).trim().to_owned()
}

/// What an officer of a fund may see of it to change it.
async fn shown_of(deps: &Deps, officer: &Officer, fund: FundId) -> Result<Known, ServiceError> {
    officer.chases(fund)?;
    let read = deps.store.read();
    let mut known = Known::of_everybody(&read).await?;
    known.add_fund(&read, fund).await?;
    Ok(known)
}

/// A fund that this officer looks after an organisation for: where a change of it is recorded.
async fn fund_for_organisation(
    conn: &impl Connection,
    officer: &Officer,
    id: OrganisationId,
) -> Result<Option<FundId>, ServiceError> {
    let funds = register::funds_of_organisation(conn, id).await?;
    Ok(funds.into_iter().find(|fund| officer.chases(*fund).is_ok()))
}

/// The same of a person.
async fn fund_for_person(
    conn: &impl Connection,
    officer: &Officer,
    id: PersonId,
) -> Result<Option<FundId>, ServiceError> {
    let funds = register::funds_of_person(conn, id).await?;
    Ok(funds.into_iter().find(|fund| officer.chases(*fund).is_ok()))
}
