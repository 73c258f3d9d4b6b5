//! Assignments of a grant: who owes which form, from when to when.
//!
//! Invariant: an assignment keeps its form, its grant, its allocation, who owes it and its first day.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{AssignmentId, FundId, GrantId};

use super::{Adding, Changing, Edited, Shown, add, change, shown_of};
use crate::service::register::file::AssignmentRow;
use crate::service::register::known::{Known, assignment_key};
use crate::service::register::rows;
use crate::service::register::write::Write;
use crate::service::{Deps, Officer, ServiceError};
use crate::store::{Connection, register};

/// The fund of an assignment.
pub(super) async fn fund_of(conn: &impl Connection, id: AssignmentId) -> Result<FundId, ServiceError> {
    let assignment = register::get_assignment(conn, id).await?;
    Ok(register::get_grant(conn, assignment.grant).await?.fund)
}

/// An assignment as it stands, its contacts by address.
///
/// # Errors
/// [`ServiceError::NotFound`], or a refusal for whoever does not review the fund's returns.
pub async fn show(deps: &Deps, officer: &Officer, id: AssignmentId) -> Result<Shown<AssignmentRow>, ServiceError> {
    let known = shown_of(deps, officer, fund_of(&deps.store.read(), id).await?).await?;
    row(&known, id).map(Shown::of).ok_or(ServiceError::NotFound)
}

fn row(known: &Known, id: AssignmentId) -> Option<AssignmentRow> {
    let assignment = known.assignments.by_id(id)?.clone();
    let contacts = known.contacts.iter().filter(|contact| contact.assignment == id);
    let contacts = contacts.map(|contact| (contact.person, contact.lead)).collect();
    Some(rows::assignment(&(assignment, contacts), known))
}

/// Adds an assignment to a grant. Its returns are planned at the next tick.
///
/// # Errors
/// Every problem with a field: a period that overlaps another, among them.
pub async fn add_assignment(
    deps: &Deps,
    officer: &Officer,
    grant: GrantId,
    fields: &AssignmentRow,
    now: DateTime<Utc>,
) -> Result<(AssignmentId, Edited), ServiceError> {
    let grant = register::get_grant(&deps.store.read(), grant).await?;
    let adding = Adding {
        fund: grant.fund,
        row: AssignmentRow {
            grant: grant.reference,
            ..fields.clone()
        },
        key: "form",
    };
    match add(deps, officer, adding, now).await? {
        (Write::Assignment((new, _), _), edited) => Ok((new.id, edited)),
        (other, _) => Err(ServiceError::internal(format!(
            "an assignment was to be added, not {other:?}"
        ))),
    }
}

/// Gives an assignment another last day.
///
/// # Errors
/// Every problem with a field: returns planned for later periods, among them; a conflict when somebody else changed it
/// since it was shown.
pub async fn change_assignment(
    deps: &Deps,
    officer: &Officer,
    id: AssignmentId,
    typed: &Shown<AssignmentRow>,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let shown = show(deps, officer, id).await?.fields;
    let row = AssignmentRow {
        to: typed.fields.to.clone(),
        ..shown
    };
    let changing = Changing {
        fund: fund_of(&deps.store.read(), id).await?,
        row,
        stamp: typed.stamp.clone(),
        now: stands,
    };
    change(deps, officer, changing, now).await
}

fn stands(known: &Known, typed: &AssignmentRow) -> Option<AssignmentRow> {
    let of = |known: &Known, typed: &AssignmentRow| {
        let grant = known.grants.get(&typed.grant)?;
        let found = known.assignments.iter().find(|found| {
            let (form, of, allocation, organisation, from) = assignment_key(found);
            form == typed.form
                && of == grant.id
                && allocation.map(|id| known.allocation_key(id)) == typed.allocation
                && known.organisation_key(organisation) == typed.organisation
                && from.to_string() == typed.from
        })?;
        Some(found.id)
    };
    row(known, of(known, typed)?)
}
