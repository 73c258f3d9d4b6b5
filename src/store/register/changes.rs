//! What was changed in the register: added, never altered.
//!
//! Invariant: in the order in which it happened.

use countersign_domain::ids::{FundId, PersonId};
use countersign_domain::register::Change;
use sea_orm::{ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::store::connection::sealed::Raw;
use crate::store::convert::micros;
use crate::store::rows::register::change::{ActiveModel, Column, Entity};
use crate::store::{Connection, StoreError, WriteTx};

/// Records a change.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert_change(tx: &WriteTx, new: &Change) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: NotSet,
        fund_id: Set(new.fund.map(FundId::uuid)),
        person_id: Set(new.person.map(PersonId::uuid)),
        changed_at: Set(micros(new.at)),
        entity: Set(new.entity.clone()),
        key: Set(new.key.clone()),
        was: Set(new.was.clone()),
        became: Set(new.became.clone()),
    };
    Entity::insert(row).exec_without_returning(tx.raw()).await?;
    Ok(())
}

/// The latest changes of a fund's register, the last first, no more than `most`.
///
/// # Errors
/// When the database cannot be read.
pub async fn changes_of_fund(c: &impl Connection, of: FundId, most: u64) -> Result<Vec<Change>, StoreError> {
    let find = Entity::find()
        .filter(Column::FundId.eq(of.uuid()))
        .order_by_desc(Column::Id)
        .limit(most);
    let read = |row: crate::store::rows::register::change::Model| Change {
        fund: row.fund_id.map(FundId::from),
        person: row.person_id.map(PersonId::from),
        at: row.changed_at,
        entity: row.entity,
        key: row.key,
        was: row.was,
        became: row.became,
    };
    Ok(find.all(c.raw()).await?.into_iter().map(read).collect())
}
