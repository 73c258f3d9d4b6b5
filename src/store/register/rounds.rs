//! The rounds of a fund, and its needs matrix.
//!
//! Invariant: an organisation has one share of a fund; a weight comes back exactly as it went in.

use countersign_domain::ids::FundId;
use countersign_domain::money::Money;
use countersign_domain::register::{Limits, Round, Share};
use rust_decimal::Decimal;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

use crate::store::connection::sealed::Raw;
use crate::store::convert::{guarded, unreadable};
use crate::store::rows::register::{round, share};
use crate::store::{Connection, StoreError, WriteTx};

/// Adds a round to its fund.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::RoundKey`]; [`StoreError::Refused`] when it closes before it
/// opens, or no award could keep its limits.
pub async fn insert_round(tx: &WriteTx, new: &Round) -> Result<(), StoreError> {
    round::Entity::insert(round_row(new).into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Writes a round over what there was of it; its fund and its key stay.
///
/// # Errors
/// As [`insert_round`], and [`StoreError::Conflict`] when it is not there.
pub async fn update_round(tx: &WriteTx, new: &Round) -> Result<(), StoreError> {
    let change = round::ActiveModel {
        id: NotSet,
        fund_id: NotSet,
        key: NotSet,
        ..round_row(new).into_active_model().reset_all()
    };
    let update = round::Entity::update_many()
        .set(change)
        .filter(round::Column::Id.eq(new.id.uuid()));
    guarded("round", update.exec(tx.raw()).await?.rows_affected)
}

/// The rounds of a fund, by first day.
///
/// # Errors
/// When the database cannot be read.
pub async fn rounds_of_fund(c: &impl Connection, of: FundId) -> Result<Vec<Round>, StoreError> {
    let find = round::Entity::find()
        .filter(round::Column::FundId.eq(of.uuid()))
        .order_by_asc(round::Column::OpensOn)
        .order_by_asc(round::Column::Key);
    let read = |row: round::Model| Round {
        id: row.id.into(),
        fund: row.fund_id.into(),
        key: row.key,
        title: row.title,
        opens_on: row.opens_on,
        closes_on: row.closes_on,
        limits: Limits {
            smallest: row.smallest_award.map(Money::pence),
            largest: row.largest_award.map(Money::pence),
        },
    };
    Ok(find.all(c.raw()).await?.into_iter().map(read).collect())
}

/// Gives an organisation a share of a fund.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::Share`]; [`StoreError::Refused`] for a weight below nought or
/// of more than six places.
pub async fn insert_share(tx: &WriteTx, new: &Share) -> Result<(), StoreError> {
    let (weight, places) = weight_columns(new.weight)?;
    let row = share::Model {
        fund_id: new.fund.uuid(),
        organisation_id: new.organisation.uuid(),
        weight,
        places,
        position: new.position,
    };
    share::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Gives a share another weight.
///
/// # Errors
/// As [`insert_share`], and [`StoreError::Conflict`] when the organisation has none.
pub async fn update_share(tx: &WriteTx, new: &Share) -> Result<(), StoreError> {
    let (weight, places) = weight_columns(new.weight)?;
    let update = share::Entity::update_many()
        .col_expr(share::Column::Weight, Expr::value(weight))
        .col_expr(share::Column::Places, Expr::value(places))
        .filter(share::Column::FundId.eq(new.fund.uuid()))
        .filter(share::Column::OrganisationId.eq(new.organisation.uuid()));
    guarded("share", update.exec(tx.raw()).await?.rows_affected)
}

/// The needs matrix of a fund, in its order.
///
/// # Errors
/// When the database cannot be read.
pub async fn shares_of_fund(c: &impl Connection, of: FundId) -> Result<Vec<Share>, StoreError> {
    let find = share::Entity::find()
        .filter(share::Column::FundId.eq(of.uuid()))
        .order_by_asc(share::Column::Position)
        .order_by_asc(share::Column::OrganisationId);
    find.all(c.raw())
        .await?
        .into_iter()
        .map(|row| {
            let places = u32::try_from(row.places).map_err(|_| unreadable("a weight", row.places))?;
            let weight = Decimal::try_new(row.weight, places).map_err(|why| unreadable("a weight", why))?;
            Ok(Share {
                fund: row.fund_id.into(),
                organisation: row.organisation_id.into(),
                weight,
                position: row.position,
            })
        })
        .collect()
}

fn weight_columns(weight: Decimal) -> Result<(i64, i32), StoreError> {
    let normal = weight.normalize();
    let columns = i64::try_from(normal.mantissa())
        .ok()
        .zip(i32::try_from(normal.scale()).ok());
    columns.ok_or_else(|| StoreError::Refused {
        rule: "ck_shares_weight".to_owned(),
    })
}

fn round_row(new: &Round) -> round::Model {
    round::Model {
        id: new.id.uuid(),
        fund_id: new.fund.uuid(),
        key: new.key.clone(),
        title: new.title.clone(),
        opens_on: new.opens_on,
        closes_on: new.closes_on,
        smallest_award: new.limits.smallest.map(Money::in_pence),
        largest_award: new.limits.largest.map(Money::in_pence),
    }
}
