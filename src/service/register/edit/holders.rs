//! Who holds the offices of a fund: terms are added and ended, never taken away.
//!
//! Invariant: nobody gives an office to themselves; terms of one office do not overlap, but for deputies.

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::ids::{FundId, OfficeId, PersonId};

use super::{Adding, Changing, Edited, Shown, add, change, shown_of};
use crate::service::register::file::HolderRow;
use crate::service::register::known::Known;
use crate::service::register::rows;
use crate::service::{Deps, Officer, ServiceError};
use crate::store::register;

/// A term is known by its office, its person and its first day.
pub type Term = (OfficeId, PersonId, NaiveDate);

/// Everybody who ever held or will hold an office of the fund, by first day.
///
/// # Errors
/// A refusal for whoever does not review the fund's returns.
pub async fn show(deps: &Deps, officer: &Officer, fund: FundId) -> Result<Vec<(Term, Shown<HolderRow>)>, ServiceError> {
    let known = shown_of(deps, officer, fund).await?;
    let holders = known.holders.iter();
    Ok(holders
        .map(|held| {
            (
                (held.office, held.person, held.from),
                Shown::of(rows::holder(held, &known)),
            )
        })
        .collect())
}

/// Adds a term, a deputy's too. Whoever has no second factor yet is given one, which the server's command hands over.
///
/// # Errors
/// Every problem with a field: a term that overlaps another, among them.
pub async fn add_term(
    deps: &Deps,
    officer: &Officer,
    fund: FundId,
    fields: &HolderRow,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let row = HolderRow {
        fund: Some(register::get_fund(&deps.store.read(), fund).await?.key),
        ..fields.clone()
    };
    let key = "from";
    Ok(add(deps, officer, Adding { fund, row, key }, now).await?.1)
}

/// Gives a term its last day, or another.
///
/// # Errors
/// Every problem with the day; a conflict when somebody else changed the term since it was shown.
pub async fn end_term(
    deps: &Deps,
    officer: &Officer,
    (fund, term): (FundId, Term),
    typed: &Shown<HolderRow>,
    now: DateTime<Utc>,
) -> Result<Edited, ServiceError> {
    let known = shown_of(deps, officer, fund).await?;
    let held = known.holders.get(&term).ok_or(ServiceError::NotFound)?;
    let row = HolderRow {
        to: typed.fields.to.clone(),
        ..rows::holder(held, &known)
    };
    if row.to.as_deref().is_none_or(|day| day.trim().is_empty()) {
        return Err(ServiceError::field("to", "Enter the last day, like 2018-03-31"));
    }
    let changing = Changing {
        fund,
        row,
        stamp: typed.stamp.clone(),
        now: stands,
    };
    change(deps, officer, changing, now).await
}

fn stands(known: &Known, row: &HolderRow) -> Option<HolderRow> {
    let mut found = known.holders.iter().map(|held| rows::holder(held, known));
    found.find(|held| held.office == row.office && held.person == row.person && held.from == row.from)
}
