//! What one paper reads of many returns at once.
//!
//! Invariant: so many statements for so many hundred returns, never one for each; what is not asked for is not read.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use countersign_domain::ids::{FundId, GrantId, ReturnId};
use countersign_domain::ledger::Digest;
use countersign_domain::period::Period;
use countersign_domain::returns::{Act, Return, Revision, RowDecision};
use countersign_domain::workflow::State;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::convert::{count, parsed, period};
use super::returns::state_text;
use super::rows::returns::{act, owed};
use super::rows::revisions::revision;
use super::{Connection, StoreError, decisions, returns, revisions, rows};

/// Returns named in one statement.
const BATCH: usize = 500;
/// Pairs of a return and a revision in one statement: each is a condition of its own.
const PAIRS: usize = 100;

/// The returns of a fund whose period lies in this one, of these forms, or of every form where none is named; by form,
/// then period.
///
/// # Errors
/// When the database cannot be read.
pub async fn returns_within(
    c: &impl Connection,
    of: FundId,
    forms: &[String],
    within: Period,
) -> Result<Vec<Return>, StoreError> {
    returns::from_rows(
        within_of(of, forms, within)
            .order_by_asc(owed::Column::Form)
            .order_by_asc(owed::Column::PeriodStart)
            .order_by_asc(owed::Column::Reference)
            .all(c.raw())
            .await?,
    )
}

/// The returns of these references, in whatever fund.
///
/// # Errors
/// When the database cannot be read.
pub async fn returns_quoted(c: &impl Connection, references: &[&str]) -> Result<Vec<Return>, StoreError> {
    let mut all = Vec::new();
    for some in references.chunks(BATCH) {
        let find = owed::Entity::find().filter(owed::Column::Reference.is_in(some.iter().copied()));
        all.extend(returns::from_rows(
            find.order_by_asc(owed::Column::Reference).all(c.raw()).await?,
        )?);
    }
    Ok(all)
}

/// The forms, with their versions, of which returns are owed by these grants.
///
/// # Errors
/// When the database cannot be read.
pub async fn forms_of_grants(c: &impl Connection, of: &[GrantId]) -> Result<BTreeSet<(String, u32)>, StoreError> {
    let mut all = BTreeSet::new();
    for some in of.chunks(BATCH) {
        let found: Vec<(String, i64)> = owed::Entity::find()
            .select_only()
            .columns([owed::Column::Form, owed::Column::FormVersion])
            .distinct()
            .filter(owed::Column::GrantId.is_in(some.iter().map(|id| id.uuid())))
            .into_tuple()
            .all(c.raw())
            .await?;
        for (form, version) in found {
            all.insert((form, count("a form's version", version)?));
        }
    }
    Ok(all)
}

/// The returns of these forms that are owed by these grants.
///
/// # Errors
/// When the database cannot be read.
pub async fn ids_of_grants(c: &impl Connection, of: &[GrantId], forms: &[&str]) -> Result<Vec<ReturnId>, StoreError> {
    let mut all = Vec::new();
    for some in of.chunks(BATCH) {
        let found: Vec<Uuid> = owed::Entity::find()
            .select_only()
            .column(owed::Column::Id)
            .filter(owed::Column::GrantId.is_in(some.iter().map(|id| id.uuid())))
            .filter(owed::Column::Form.is_in(forms.iter().copied()))
            .into_tuple()
            .all(c.raw())
            .await?;
        all.extend(found.into_iter().map(ReturnId::from));
    }
    Ok(all)
}

/// How many of the returns that [`returns_within`] reads are in the figures of a paper: signed, and not excused.
///
/// # Errors
/// When the database cannot be read.
pub async fn signed_within(
    c: &impl Connection,
    of: FundId,
    forms: &[String],
    within: Period,
) -> Result<u64, StoreError> {
    let find = within_of(of, forms, within)
        .filter(owed::Column::State.ne(state_text(&State::Excused)))
        .filter(owed::Column::SignedRevision.is_not_null());
    Ok(find.count(c.raw()).await?)
}

/// The returns that [`returns_within`] reads and [`signed_within`] does not count: not signed, or excused; by due day.
///
/// # Errors
/// When the database cannot be read.
pub async fn unsigned_within(
    c: &impl Connection,
    of: FundId,
    forms: &[String],
    within: Period,
) -> Result<Vec<Return>, StoreError> {
    let unsigned = owed::Column::SignedRevision.is_null();
    let find = within_of(of, forms, within).filter(unsigned.or(owed::Column::State.eq(state_text(&State::Excused))));
    let find = find
        .order_by_asc(owed::Column::DueOn)
        .order_by_asc(owed::Column::Reference);
    returns::from_rows(find.all(c.raw()).await?)
}

/// The periods of a fund's returns of these forms, or of every form where none is named, each once; by first day.
///
/// # Errors
/// When the database cannot be read.
pub async fn periods(c: &impl Connection, of: FundId, forms: &[String]) -> Result<Vec<Period>, StoreError> {
    let find = of_forms(of, forms)
        .select_only()
        .columns([owed::Column::PeriodStart, owed::Column::PeriodEnd])
        .distinct()
        .order_by_asc(owed::Column::PeriodStart)
        .order_by_asc(owed::Column::PeriodEnd);
    let days: Vec<(NaiveDate, NaiveDate)> = find.into_tuple().all(c.raw()).await?;
    days.into_iter().map(|(start, end)| period(start, end)).collect()
}

fn of_forms(of: FundId, forms: &[String]) -> Select<owed::Entity> {
    let find = owed::Entity::find().filter(owed::Column::FundId.eq(of.uuid()));
    match forms.is_empty() {
        true => find,
        false => find.filter(owed::Column::Form.is_in(forms.iter().map(String::as_str))),
    }
}

fn within_of(of: FundId, forms: &[String], within: Period) -> Select<owed::Entity> {
    of_forms(of, forms)
        .filter(owed::Column::PeriodStart.gte(within.start()))
        .filter(owed::Column::PeriodEnd.lte(within.end()))
}

/// Of these returns those that were given more time, with the day on which they were due as it was planned.
///
/// # Errors
/// When the database cannot be read.
pub async fn extended(c: &impl Connection, of: &[ReturnId]) -> Result<Vec<(ReturnId, NaiveDate)>, StoreError> {
    let mut all = Vec::new();
    for some in of.chunks(BATCH) {
        let rows: Vec<(Uuid, Option<NaiveDate>)> = owed::Entity::find()
            .select_only()
            .columns([owed::Column::Id, owed::Column::ExtendedFrom])
            .filter(owed::Column::Id.is_in(some.iter().map(|id| id.uuid())))
            .filter(owed::Column::ExtendedFrom.is_not_null())
            .into_tuple()
            .all(c.raw())
            .await?;
        all.extend(rows.into_iter().filter_map(|(id, due)| Some((id.into(), due?))));
    }
    Ok(all)
}

/// The digests of these revisions.
///
/// # Errors
/// When the database cannot be read.
pub async fn digests_of(
    c: &impl Connection,
    of: &[(ReturnId, u32)],
) -> Result<Vec<(ReturnId, u32, Digest)>, StoreError> {
    let mut all = Vec::new();
    for some in of.chunks(PAIRS) {
        let rows: Vec<(Uuid, i64, String)> = revision::Entity::find()
            .select_only()
            .columns([
                revision::Column::ReturnId,
                revision::Column::Number,
                revision::Column::Digest,
            ])
            .filter(any_of(some))
            .into_tuple()
            .all(c.raw())
            .await?;
        for (id, number, digest) in rows {
            let number = count("a revision's number", number)?;
            all.push((id.into(), number, parsed("a revision's digest", &digest)?));
        }
    }
    Ok(all)
}

fn any_of(pairs: &[(ReturnId, u32)]) -> Condition {
    pairs.iter().fold(Condition::any(), |any, (id, number)| {
        let one = revision::Column::ReturnId.eq(id.uuid());
        any.add(one.and(revision::Column::Number.eq(i64::from(*number))))
    })
}

/// These returns, in no order.
///
/// # Errors
/// When the database cannot be read.
pub async fn returns_of_ids(c: &impl Connection, of: &[ReturnId]) -> Result<Vec<Return>, StoreError> {
    let mut all = Vec::new();
    for some in of.chunks(BATCH) {
        let find = owed::Entity::find().filter(owed::Column::Id.is_in(some.iter().map(|id| id.uuid())));
        all.extend(returns::from_rows(find.all(c.raw()).await?)?);
    }
    Ok(all)
}

/// These revisions, each of one return.
///
/// # Errors
/// When the database cannot be read.
pub async fn revisions_of_all(c: &impl Connection, of: &[(ReturnId, u32)]) -> Result<Vec<Revision>, StoreError> {
    let mut all = Vec::new();
    for some in of.chunks(PAIRS) {
        for row in revision::Entity::find().filter(any_of(some)).all(c.raw()).await? {
            all.push(revisions::read_revision(row)?);
        }
    }
    Ok(all)
}

/// Every decision on rows of these returns, in the order in which they were made.
///
/// # Errors
/// When the database cannot be read.
pub async fn decisions_of_all(c: &impl Connection, of: &[ReturnId]) -> Result<Vec<RowDecision>, StoreError> {
    use rows::decisions::decision::{Column, Entity};
    let mut all = Vec::new();
    for some in of.chunks(BATCH) {
        let find = Entity::find().filter(Column::ReturnId.is_in(some.iter().map(|id| id.uuid())));
        let found = find
            .order_by_asc(Column::DecidedAt)
            .order_by_asc(Column::ReturnId)
            .order_by_asc(Column::Section)
            .order_by_asc(Column::Question)
            .order_by_asc(Column::RowKey)
            .all(c.raw())
            .await?;
        for row in found {
            all.push(decisions::from_row(row)?);
        }
    }
    Ok(all)
}

/// The acts of these kinds upon these returns, in the order in which they were done.
///
/// # Errors
/// When the database cannot be read.
pub async fn acts_of_all(c: &impl Connection, of: &[ReturnId], actions: &[&str]) -> Result<Vec<Act>, StoreError> {
    let mut all = Vec::new();
    for some in of.chunks(BATCH) {
        let find = act::Entity::find()
            .filter(act::Column::ReturnId.is_in(some.iter().map(|id| id.uuid())))
            .filter(act::Column::Action.is_in(actions.iter().copied()));
        all.extend(returns::read_acts(
            find.order_by_asc(act::Column::Id).all(c.raw()).await?,
        )?);
    }
    Ok(all)
}
