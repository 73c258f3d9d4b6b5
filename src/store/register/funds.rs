//! Funds, their offices, and who holds them.

use chrono::NaiveDate;
use countersign_domain::calendar::Nation;
use countersign_domain::ids::{FundId, PersonId};
use countersign_domain::money::Money;
use countersign_domain::register::{Fund, Limits};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::store::connection::sealed::Raw;
use crate::store::convert::{from_json, guarded, to_json, unreadable};
use crate::store::rows::register::{fund, holder, office};
use crate::store::{Connection, StoreError, WriteTx};

/// Adds a fund.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::FundKey`].
pub async fn insert_fund(tx: &WriteTx, new: &Fund) -> Result<(), StoreError> {
    fund::Entity::insert(fund_row(new)?.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Writes a fund over what there was of it; its key stays.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not there.
pub async fn update_fund(tx: &WriteTx, new: &Fund) -> Result<(), StoreError> {
    let change = fund::ActiveModel {
        id: NotSet,
        key: NotSet,
        ..fund_row(new)?.into_active_model().reset_all()
    };
    let update = fund::Entity::update_many()
        .set(change)
        .filter(fund::Column::Id.eq(new.id.uuid()));
    guarded("fund", update.exec(tx.raw()).await?.rows_affected)
}

fn fund_row(new: &Fund) -> Result<fund::Model, StoreError> {
    Ok(fund::Model {
        id: new.id.uuid(),
        key: new.key.clone(),
        title: new.title.clone(),
        commissioner_id: new.commissioner.uuid(),
        nation: nation_text(new.nation).to_owned(),
        priorities: to_json("a fund's priorities", &new.priorities)?,
        total: new.total.map(Money::in_pence),
        smallest_award: new.limits.smallest.map(Money::in_pence),
        largest_award: new.limits.largest.map(Money::in_pence),
    })
}

/// Keeps everybody else from changing the register of a fund until the transaction ends, so that what is read of it in
/// the transaction still holds when it commits.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn lock_fund(tx: &WriteTx, id: FundId) -> Result<(), StoreError> {
    let row = fund::Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(tx.raw())
        .await?;
    row.map(drop).ok_or(StoreError::NotFound { what: "fund" })
}

/// One fund.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get_fund(c: &impl Connection, id: FundId) -> Result<Fund, StoreError> {
    let row = fund::Entity::find_by_id(id.uuid()).one(c.raw()).await?;
    read_fund(row.ok_or(StoreError::NotFound { what: "fund" })?)
}

/// The fund with this key.
///
/// # Errors
/// When the database cannot be read.
pub async fn fund_by_key(c: &impl Connection, key: &str) -> Result<Option<Fund>, StoreError> {
    fund::Entity::find()
        .filter(fund::Column::Key.eq(key))
        .one(c.raw())
        .await?
        .map(read_fund)
        .transpose()
}

/// The funds of which a person holds any office today, as a deputy too, by title.
///
/// # Errors
/// When the database cannot be read.
pub async fn funds_of_officer(
    c: &impl Connection,
    person: PersonId,
    today: NaiveDate,
) -> Result<Vec<Fund>, StoreError> {
    let not_over = Condition::any()
        .add(holder::Column::HeldTo.is_null())
        .add(holder::Column::HeldTo.gte(today));
    let held = Query::select()
        .column(holder::Column::OfficeId)
        .from(holder::Entity)
        .and_where(holder::Column::PersonId.eq(person.uuid()))
        .and_where(holder::Column::HeldFrom.lte(today))
        .cond_where(not_over)
        .to_owned();
    let funds = Query::select()
        .column(office::Column::FundId)
        .from(office::Entity)
        .and_where(Expr::col(office::Column::Id).in_subquery(held))
        .to_owned();
    let find = fund::Entity::find()
        .filter(fund::Column::Id.in_subquery(funds))
        .order_by_asc(fund::Column::Title);
    find.all(c.raw()).await?.into_iter().map(read_fund).collect()
}

/// Every fund, by title.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_funds(c: &impl Connection) -> Result<Vec<Fund>, StoreError> {
    let rows = fund::Entity::find()
        .order_by_asc(fund::Column::Title)
        .order_by_asc(fund::Column::Id)
        .all(c.raw())
        .await?;
    rows.into_iter().map(read_fund).collect()
}

fn nation_text(nation: Nation) -> &'static str {
    match nation {
        Nation::EnglandAndWales => "england-and-wales",
        Nation::Scotland => "scotland",
        Nation::NorthernIreland => "northern-ireland",
    }
}

fn read_fund(row: fund::Model) -> Result<Fund, StoreError> {
    let nation = match row.nation.as_str() {
        "england-and-wales" => Nation::EnglandAndWales,
        "scotland" => Nation::Scotland,
        "northern-ireland" => Nation::NorthernIreland,
        other => return Err(unreadable("a fund's nation", other)),
    };
    Ok(Fund {
        id: row.id.into(),
        key: row.key,
        title: row.title,
        commissioner: row.commissioner_id.into(),
        nation,
        priorities: from_json("a fund's priorities", &row.priorities)?,
        total: row.total.map(Money::pence),
        limits: Limits {
            smallest: row.smallest_award.map(Money::pence),
            largest: row.largest_award.map(Money::pence),
        },
    })
}
