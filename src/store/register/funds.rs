//! Funds, their offices, and who holds them.

use chrono::NaiveDate;
use countersign_domain::calendar::Nation;
use countersign_domain::ids::{FundId, PersonId};
use countersign_domain::register::{Fund, Holder, Office};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::store::connection::sealed::Raw;
use crate::store::convert::{from_json, to_json, unreadable};
use crate::store::rows::register::{fund, holder, office};
use crate::store::{Connection, StoreError, WriteTx};

/// Adds a fund.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::FundKey`].
pub async fn insert_fund(tx: &WriteTx, new: &Fund) -> Result<(), StoreError> {
    let row = fund::Model {
        id: new.id.uuid(),
        key: new.key.clone(),
        title: new.title.clone(),
        commissioner_id: new.commissioner.uuid(),
        nation: nation_text(new.nation).to_owned(),
        priorities: to_json("a fund's priorities", &new.priorities)?,
    };
    fund::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
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
    })
}
