//! The offices of funds, and who holds them from when to when.
//!
//! Invariant: a term is known by its office, its person and its first day, which never change.

use countersign_domain::ids::{FundId, PersonId};
use countersign_domain::register::{Holder, Office};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::store::connection::sealed::Raw;
use crate::store::convert::guarded;
use crate::store::rows::register::{holder, office};
use crate::store::{Connection, StoreError, WriteTx};

/// Adds an office to its fund.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::OfficeKey`].
pub async fn insert_office(tx: &WriteTx, new: &Office) -> Result<(), StoreError> {
    let row = office::Model {
        id: new.id.uuid(),
        fund_id: new.fund.uuid(),
        key: new.key.clone(),
        title: new.title.clone(),
    };
    office::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Gives an office another title.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not there.
pub async fn update_office(tx: &WriteTx, new: &Office) -> Result<(), StoreError> {
    let update = office::Entity::update_many()
        .col_expr(office::Column::Title, Expr::value(new.title.clone()))
        .filter(office::Column::Id.eq(new.id.uuid()));
    guarded("office", update.exec(tx.raw()).await?.rows_affected)
}

/// The offices of a fund, by key.
///
/// # Errors
/// When the database cannot be read.
pub async fn offices_of_fund(c: &impl Connection, of: FundId) -> Result<Vec<Office>, StoreError> {
    let find = office::Entity::find()
        .filter(office::Column::FundId.eq(of.uuid()))
        .order_by_asc(office::Column::Key);
    let read = |row: office::Model| Office {
        id: row.id.into(),
        fund: row.fund_id.into(),
        key: row.key,
        title: row.title,
    };
    Ok(find.all(c.raw()).await?.into_iter().map(read).collect())
}

/// Says who holds an office, from when to when. Its key, title and fund are those of the office.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::Holder`] when the same was said of that first day.
pub async fn insert_holder(tx: &WriteTx, new: &Holder) -> Result<(), StoreError> {
    let row = holder::Model {
        office_id: new.office.uuid(),
        person_id: new.person.uuid(),
        held_from: new.from,
        held_to: new.to,
        deputy: new.deputy,
    };
    holder::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Gives a term another last day, or another standing.
///
/// # Errors
/// [`StoreError::Conflict`] when there is no such term; [`StoreError::Refused`] when it would end before it begins.
pub async fn update_holder(tx: &WriteTx, new: &Holder) -> Result<(), StoreError> {
    let update = holder::Entity::update_many()
        .col_expr(holder::Column::HeldTo, Expr::value(new.to))
        .col_expr(holder::Column::Deputy, Expr::value(new.deputy))
        .filter(holder::Column::OfficeId.eq(new.office.uuid()))
        .filter(holder::Column::PersonId.eq(new.person.uuid()))
        .filter(holder::Column::HeldFrom.eq(new.from));
    guarded("holder", update.exec(tx.raw()).await?.rows_affected)
}

/// Every office that a person ever held or will hold, by first day.
///
/// # Errors
/// When the database cannot be read.
pub async fn holders_of_person(c: &impl Connection, of: PersonId) -> Result<Vec<Holder>, StoreError> {
    holders(c, holder::Entity::find().filter(holder::Column::PersonId.eq(of.uuid()))).await
}

/// Everybody who ever held or will hold an office of a fund, by first day.
///
/// # Errors
/// When the database cannot be read.
pub async fn holders_of_office(c: &impl Connection, of: FundId, key: &str) -> Result<Vec<Holder>, StoreError> {
    let find = holder::Entity::find()
        .filter(office::Column::FundId.eq(of.uuid()))
        .filter(office::Column::Key.eq(key));
    holders(c, find).await
}

/// Everybody who ever held or will hold any office of a fund, by first day.
///
/// # Errors
/// When the database cannot be read.
pub async fn holders_of_fund(c: &impl Connection, of: FundId) -> Result<Vec<Holder>, StoreError> {
    holders(c, holder::Entity::find().filter(office::Column::FundId.eq(of.uuid()))).await
}

async fn holders(c: &impl Connection, find: Select<holder::Entity>) -> Result<Vec<Holder>, StoreError> {
    let to_office = holder::Entity::belongs_to(office::Entity)
        .from(holder::Column::OfficeId)
        .to(office::Column::Id)
        .into();
    let find = find
        .join(JoinType::InnerJoin, to_office)
        .select_also(office::Entity)
        .order_by_asc(holder::Column::HeldFrom)
        .order_by_asc(office::Column::Key)
        .order_by_asc(holder::Column::PersonId);
    find.all(c.raw())
        .await?
        .into_iter()
        .map(|(row, office)| {
            let office = office.ok_or(StoreError::NotFound { what: "office" })?;
            Ok(Holder {
                office: office.id.into(),
                office_key: office.key,
                office_title: office.title,
                fund: office.fund_id.into(),
                person: row.person_id.into(),
                from: row.held_from,
                to: row.held_to,
                deputy: row.deputy,
            })
        })
        .collect()
}
