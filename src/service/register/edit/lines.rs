//! Budget lines of an allocation.
//!
//! Invariant: lines never come to more than their allocation; what no line has is shown.

use chrono::{DateTime, Utc};
use countersign_domain::ids::{AllocationId, LineId};
use countersign_domain::money::Money;
use countersign_domain::register::{Allocation, BudgetLine, Grant, unassigned};

use super::{Adding, Changing, Edited, Shown, add, change};
use crate::service::register::file::LineRow;
use crate::service::register::known::Known;
use crate::service::register::rows;
use crate::service::{Deps, Officer, ServiceError};
use crate::store::{Connection, register};

/// An allocation with its budget lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// The allocation.
    pub allocation: Allocation,
    /// Its lines, in their order.
    pub lines: Vec<(BudgetLine, Shown<LineRow>)>,
    /// What no line has.
    pub unassigned: Money,
}

async fn place(conn: &impl Connection, id: AllocationId) -> Result<(Grant, Allocation), ServiceError> {
    let allocation = register::get_allocation(conn, id).await?;
    Ok((register::get_grant(conn, allocation.grant).await?, allocation))
}

/// An allocation and its budget lines as they stand, for any officer of the fund.
///
/// # Errors
/// [`ServiceError::NotFound`] for whoever is no officer of the fund.
pub async fn show(deps: &Deps, officer: &Officer, id: AllocationId) -> Result<Lines, ServiceError> {
    let read = deps.store.read();
    let (grant, allocation) = place(&read, id).await?;
    officer.within(grant.fund)?;
    let lines = register::lines_of_grant(&read, grant.id).await?;
    let lines: Vec<BudgetLine> = lines.into_iter().filter(|line| line.allocation == id).collect();
    let unassigned = unassigned(&allocation, &lines)
        .ok_or_else(|| ServiceError::internal("the budget lines are too large to add up"))?;
    let shown = |line: BudgetLine| {
        let row = LineRow {
            grant: grant.reference.clone(),
            allocation: allocation.key.clone(),
            key: line.key.clone(),
            title: line.title.clone(),
            amount: line.amount.map(Money::plain),
        };
        (line, Shown::of(row))
    };
    Ok(Lines {
        lines: lines.into_iter().map(shown).collect(),
        allocation,
        unassigned,
    })
}

/// Adds a budget line to an allocation, after those it has.
///
/// # Errors
/// Every problem with a field: more than the allocation has, among them.
pub async fn add_line(
    deps: &Deps,
    officer: &Officer,
    id: AllocationId,
    fields: &LineRow,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let (grant, allocation) = place(&deps.store.read(), id).await?;
    let adding = Adding {
        fund: grant.fund,
        row: LineRow {
            grant: grant.reference,
            allocation: allocation.key,
            ..fields.clone()
        },
        key: "key",
    };
    Ok(add(deps, officer, adding, now).await?.1)
}

/// Changes a budget line.
///
/// # Errors
/// Every problem with a field; a conflict when somebody else changed it since it was shown.
pub async fn change_line(
    deps: &Deps,
    officer: &Officer,
    (allocation, id): (AllocationId, LineId),
    typed: &Shown<LineRow>,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let read = deps.store.read();
    let (grant, allocation) = place(&read, allocation).await?;
    let lines = register::lines_of_grant(&read, grant.id).await?;
    let line = lines
        .into_iter()
        .find(|line| line.id == id && line.allocation == allocation.id);
    let changing = Changing {
        fund: grant.fund,
        row: LineRow {
            grant: grant.reference,
            allocation: allocation.key,
            key: line.ok_or(ServiceError::NotFound)?.key,
            ..typed.fields.clone()
        },
        stamp: typed.stamp.clone(),
        now: stands,
    };
    change(deps, officer, changing, now).await
}

fn stands(known: &Known, row: &LineRow) -> Option<LineRow> {
    let grant = known.grants.get(&row.grant)?;
    let allocation = known.allocations.get(&(grant.id, row.allocation.clone()))?;
    let line = known.lines.get(&(allocation.id, row.key.clone()))?;
    Some(rows::line(line, known))
}
