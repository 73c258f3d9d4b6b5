//! Returns and the acts upon them.
//!
//! Invariant: a return changes only under the version that was read; one assignment owes one return for one period; acts
//! are only ever added.

use chrono::NaiveDate;
use countersign_domain::calendar::local_date;
use countersign_domain::ids::{AllocationId, FundId, GrantId, PersonId, ReturnId};
use countersign_domain::returns::{Act, Return};
use countersign_domain::workflow::State;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, Order, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::connection::sealed::Raw;
use super::convert::{count, guarded, micros, period, unreadable};
use super::rows::returns::act;
use super::rows::returns::owed::{ActiveModel, Column, Entity, Model};
use super::{Connection, StoreError, WriteTx};

/// Plans a return. False, and nothing written, when the assignment has one for that period already.
///
/// # Errors
/// [`StoreError::Duplicate`] when its reference is taken.
pub async fn insert_return(tx: &WriteTx, new: &Return) -> Result<bool, StoreError> {
    let once = OnConflict::columns([Column::AssignmentId, Column::PeriodStart, Column::PeriodEnd])
        .do_nothing()
        .to_owned();
    let row = to_row(new).into_active_model();
    Ok(Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(tx.raw())
        .await?
        == 1)
}

/// One return.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get_return(c: &impl Connection, id: ReturnId) -> Result<Return, StoreError> {
    let row = Entity::find_by_id(id.uuid()).one(c.raw()).await?;
    from_row(row.ok_or(StoreError::NotFound { what: "return" })?)
}

/// Keeps everybody else from changing a return, its answers or its revisions until the transaction ends.
///
/// SQLite has one writer at a time in any case; PostgreSQL locks the row.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn lock_return(tx: &WriteTx, id: ReturnId) -> Result<(), StoreError> {
    let row = Entity::find_by_id(id.uuid()).lock_exclusive().one(tx.raw()).await?;
    row.map(drop).ok_or(StoreError::NotFound { what: "return" })
}

/// The return of a fund that people quote by this reference.
///
/// # Errors
/// When the database cannot be read.
pub async fn return_by_reference(
    c: &impl Connection,
    of: FundId,
    reference: &str,
) -> Result<Option<Return>, StoreError> {
    let find = Entity::find()
        .filter(Column::FundId.eq(of.uuid()))
        .filter(Column::Reference.eq(reference));
    find.one(c.raw()).await?.map(from_row).transpose()
}

/// A fund's returns, those that are due first at the front.
///
/// # Errors
/// When the database cannot be read.
pub async fn returns_of_fund(c: &impl Connection, of: FundId) -> Result<Vec<Return>, StoreError> {
    let find = Entity::find().filter(Column::FundId.eq(of.uuid()));
    from_rows(
        find.order_by_asc(Column::DueOn)
            .order_by_asc(Column::Reference)
            .all(c.raw())
            .await?,
    )
}

/// A grant's returns, by period.
///
/// # Errors
/// When the database cannot be read.
pub async fn returns_of_grant(c: &impl Connection, of: GrantId) -> Result<Vec<Return>, StoreError> {
    let find = Entity::find().filter(Column::GrantId.eq(of.uuid()));
    from_rows(
        find.order_by_asc(Column::PeriodStart)
            .order_by_asc(Column::Reference)
            .all(c.raw())
            .await?,
    )
}

/// The return of the same form, organisation and grant (and allocation, when it is owed for one) that was signed last
/// before this one, whatever the version of the form: the latest whose period ended before this one's began, else the
/// latest that began earlier.
///
/// # Errors
/// When the database cannot be read.
pub async fn last_signed_before(c: &impl Connection, of: &Return) -> Result<Option<Return>, StoreError> {
    let for_allocation = match of.allocation {
        Some(allocation) => Column::AllocationId.eq(allocation.uuid()),
        None => Column::AllocationId.is_null(),
    };
    let ended: Expr = Expr::case(Column::PeriodEnd.lt(of.period.start()), 1).finally(0).into();
    let find = Entity::find()
        .filter(Column::GrantId.eq(of.grant.uuid()))
        .filter(Column::Form.eq(of.form.as_str()))
        .filter(Column::OrganisationId.eq(of.organisation.uuid()))
        .filter(for_allocation)
        .filter(Column::PeriodStart.lt(of.period.start()))
        .filter(Column::SignedRevision.is_not_null())
        .order_by(ended, Order::Desc)
        .order_by_desc(Column::PeriodEnd)
        .order_by_desc(Column::PeriodStart);
    find.one(c.raw()).await?.map(from_row).transpose()
}

/// The returns of these forms for the same grant whose periods lie within this return's, but those that were excused; by
/// form, then period.
///
/// # Errors
/// When the database cannot be read.
pub async fn returns_beneath(c: &impl Connection, of: &Return, forms: &[&str]) -> Result<Vec<Return>, StoreError> {
    let find = Entity::find()
        .filter(Column::GrantId.eq(of.grant.uuid()))
        .filter(Column::Form.is_in(forms.iter().copied()))
        .filter(Column::PeriodStart.gte(of.period.start()))
        .filter(Column::PeriodEnd.lte(of.period.end()))
        .filter(Column::Id.ne(of.id.uuid()))
        .filter(Column::State.ne(state_text(&State::Excused)));
    from_rows(
        find.order_by_asc(Column::Form)
            .order_by_asc(Column::PeriodStart)
            .order_by_asc(Column::Reference)
            .all(c.raw())
            .await?,
    )
}

/// The returns of any version of a form, by period.
///
/// # Errors
/// When the database cannot be read.
pub async fn returns_of_form(c: &impl Connection, form: &str) -> Result<Vec<Return>, StoreError> {
    let find = Entity::find().filter(Column::Form.eq(form));
    from_rows(
        find.order_by_asc(Column::PeriodStart)
            .order_by_asc(Column::Reference)
            .all(c.raw())
            .await?,
    )
}

/// Returns whose day of opening has come, and which are not open.
///
/// # Errors
/// When the database cannot be read.
pub async fn due_to_open(c: &impl Connection, today: NaiveDate) -> Result<Vec<Return>, StoreError> {
    let find = Entity::find()
        .filter(Column::State.eq(state_text(&State::Scheduled)))
        .filter(Column::OpensOn.lte(today));
    from_rows(
        find.order_by_asc(Column::OpensOn)
            .order_by_asc(Column::Reference)
            .all(c.raw())
            .await?,
    )
}

/// Returns that are in draft: those about which a reminder may be owed.
///
/// # Errors
/// When the database cannot be read.
pub async fn open_returns(c: &impl Connection) -> Result<Vec<Return>, StoreError> {
    let find = Entity::find().filter(Column::State.eq(state_text(&State::Draft)));
    from_rows(
        find.order_by_asc(Column::DueOn)
            .order_by_asc(Column::Reference)
            .all(c.raw())
            .await?,
    )
}

/// The returns that are before a reviewer or a named officer.
///
/// # Errors
/// When the database cannot be read.
pub async fn returns_in_stages(c: &impl Connection) -> Result<Vec<Return>, StoreError> {
    let in_stage = Condition::any()
        .add(Column::State.starts_with("in-review:"))
        .add(Column::State.starts_with("in-sign-off:"));
    from_rows(
        Entity::find()
            .filter(in_stage)
            .order_by_asc(Column::Reference)
            .all(c.raw())
            .await?,
    )
}

/// Writes what may change of a return (its state, form version, dates and revisions) and counts its version up by one.
///
/// # Errors
/// [`StoreError::Conflict`] when its version is no longer `was`.
pub async fn update_return(tx: &WriteTx, new: &Return, was: i64) -> Result<(), StoreError> {
    let change = ActiveModel {
        form_version: Set(i64::from(new.form_version)),
        opens_on: Set(new.opens_on),
        due_on: Set(new.due_on),
        closes_on: Set(new.closes_on),
        state: Set(state_text(&new.state)),
        revision: Set(i64::from(new.revision)),
        signed_revision: Set(new.signed_revision.map(i64::from)),
        first_submitted_at: Set(new.first_submitted_at.map(micros)),
        first_submitted_on: Set(new.first_submitted_at.map(local_date)),
        version: Set(was + 1),
        ..ActiveModel::default()
    };
    // The due day that was frozen at planning is kept when the first extension goes beyond it.
    let moved = Column::DueOn.ne(new.due_on).and(Column::ExtendedFrom.is_null());
    let planned = Expr::case(moved, Expr::col(Column::DueOn)).finally(Expr::col(Column::ExtendedFrom));
    let update = Entity::update_many()
        .set(change)
        .col_expr(Column::ExtendedFrom, planned.into())
        .filter(Column::Id.eq(new.id.uuid()))
        .filter(Column::Version.eq(was));
    guarded("return", update.exec(tx.raw()).await?.rows_affected)
}

/// Records an act of the workflow.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert_act(tx: &WriteTx, act: &Act) -> Result<(), StoreError> {
    let row = act::ActiveModel {
        id: NotSet,
        return_id: Set(act.return_id.uuid()),
        action: Set(act.action.clone()),
        stage: Set(act.stage.clone()),
        revision: Set(i64::from(act.revision)),
        person_id: Set(act.person.map(PersonId::uuid)),
        acted_at: Set(micros(act.at)),
        reason: Set(act.reason.clone()),
    };
    act::Entity::insert(row).exec_without_returning(tx.raw()).await?;
    Ok(())
}

/// Every act upon a return, in the order in which they were done.
///
/// # Errors
/// When the database cannot be read.
pub async fn acts_of(c: &impl Connection, of: ReturnId) -> Result<Vec<Act>, StoreError> {
    let find = act::Entity::find().filter(act::Column::ReturnId.eq(of.uuid()));
    read_acts(find.order_by_asc(act::Column::Id).all(c.raw()).await?)
}

/// Every act of one kind upon these returns, in the order in which they were done.
///
/// # Errors
/// When the database cannot be read.
pub async fn acts_named(c: &impl Connection, of: &[ReturnId], action: &str) -> Result<Vec<Act>, StoreError> {
    let find = act::Entity::find()
        .filter(act::Column::Action.eq(action))
        .filter(act::Column::ReturnId.is_in(of.iter().map(|id| id.uuid())));
    read_acts(find.order_by_asc(act::Column::Id).all(c.raw()).await?)
}

pub(super) fn read_acts(rows: Vec<act::Model>) -> Result<Vec<Act>, StoreError> {
    rows.into_iter()
        .map(|row| {
            Ok(Act {
                return_id: row.return_id.into(),
                action: row.action,
                stage: row.stage,
                revision: count("an act's revision", row.revision)?,
                person: row.person_id.map(PersonId::from),
                at: row.acted_at,
                reason: row.reason,
            })
        })
        .collect()
}

/// A state as it is kept: its word, and the stage's index where it has one.
pub(super) fn state_text(state: &State) -> String {
    match state {
        State::Scheduled => "scheduled".to_owned(),
        State::Draft => "draft".to_owned(),
        State::InReview(stage) => format!("in-review:{stage}"),
        State::InSignOff(stage) => format!("in-sign-off:{stage}"),
        State::SignedOff => "signed-off".to_owned(),
        State::Excused => "excused".to_owned(),
    }
}

fn read_state(text: &str) -> Result<State, StoreError> {
    let (word, stage) = match text.split_once(':') {
        Some((word, stage)) => (word, stage.parse::<usize>().ok()),
        None => (text, None),
    };
    match (word, stage) {
        ("scheduled", None) => Ok(State::Scheduled),
        ("draft", None) => Ok(State::Draft),
        ("in-review", Some(stage)) => Ok(State::InReview(stage)),
        ("in-sign-off", Some(stage)) => Ok(State::InSignOff(stage)),
        ("signed-off", None) => Ok(State::SignedOff),
        ("excused", None) => Ok(State::Excused),
        _ => Err(unreadable("a return's state", text)),
    }
}

fn to_row(new: &Return) -> Model {
    Model {
        id: new.id.uuid(),
        reference: new.reference.clone(),
        assignment_id: new.assignment.uuid(),
        form: new.form.clone(),
        form_version: i64::from(new.form_version),
        fund_id: new.fund.uuid(),
        grant_id: new.grant.uuid(),
        allocation_id: new.allocation.map(AllocationId::uuid),
        organisation_id: new.organisation.uuid(),
        period_start: new.period.start(),
        period_end: new.period.end(),
        opens_on: new.opens_on,
        due_on: new.due_on,
        closes_on: new.closes_on,
        state: state_text(&new.state),
        revision: i64::from(new.revision),
        signed_revision: new.signed_revision.map(i64::from),
        first_submitted_at: new.first_submitted_at.map(micros),
        extended_from: None,
        first_submitted_on: new.first_submitted_at.map(local_date),
        version: new.version,
    }
}

pub(super) fn from_rows(rows: Vec<Model>) -> Result<Vec<Return>, StoreError> {
    rows.into_iter().map(from_row).collect()
}

fn from_row(row: Model) -> Result<Return, StoreError> {
    Ok(Return {
        id: row.id.into(),
        reference: row.reference,
        assignment: row.assignment_id.into(),
        form: row.form,
        form_version: count("a return's form version", row.form_version)?,
        fund: row.fund_id.into(),
        grant: row.grant_id.into(),
        allocation: row.allocation_id.map(AllocationId::from),
        organisation: row.organisation_id.into(),
        period: period(row.period_start, row.period_end)?,
        opens_on: row.opens_on,
        due_on: row.due_on,
        closes_on: row.closes_on,
        state: read_state(&row.state)?,
        revision: count("a return's revision", row.revision)?,
        signed_revision: row
            .signed_revision
            .map(|number| count("a return's signed revision", number))
            .transpose()?,
        first_submitted_at: row.first_submitted_at,
        version: row.version,
    })
}
