//! Grants and their allocations.

use countersign_domain::ids::{AllocationId, FundId, GrantId};
use countersign_domain::money::Money;
use countersign_domain::register::{Allocation, Grant};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::store::connection::sealed::Raw;
use crate::store::convert::{from_json, guarded, to_json};
use crate::store::rows::register::{allocation, grant, organisation};
use crate::store::{Connection, StoreError, WriteTx};

/// Adds a grant.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::GrantReference`].
pub async fn insert_grant(tx: &WriteTx, new: &Grant) -> Result<(), StoreError> {
    let row = grant::Model {
        id: new.id.uuid(),
        fund_id: new.fund.uuid(),
        organisation_id: new.organisation.uuid(),
        reference: new.reference.clone(),
        title: new.title.clone(),
        amount: new.amount.in_pence(),
        carried_forward: new.carried_forward.in_pence(),
        starts_on: new.starts_on,
        ends_on: new.ends_on,
    };
    grant::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// One grant.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get_grant(c: &impl Connection, id: GrantId) -> Result<Grant, StoreError> {
    let row = grant::Entity::find_by_id(id.uuid()).one(c.raw()).await?;
    row.map(read_grant).ok_or(StoreError::NotFound { what: "grant" })
}

/// The grant that people quote by this reference.
///
/// # Errors
/// When the database cannot be read.
pub async fn grant_by_reference(c: &impl Connection, reference: &str) -> Result<Option<Grant>, StoreError> {
    let find = grant::Entity::find().filter(grant::Column::Reference.eq(reference));
    Ok(find.one(c.raw()).await?.map(read_grant))
}

/// A fund's grants, by reference.
///
/// # Errors
/// When the database cannot be read.
pub async fn grants_of_fund(c: &impl Connection, of: FundId) -> Result<Vec<Grant>, StoreError> {
    let find = grant::Entity::find().filter(grant::Column::FundId.eq(of.uuid()));
    Ok(find
        .order_by_asc(grant::Column::Reference)
        .all(c.raw())
        .await?
        .into_iter()
        .map(read_grant)
        .collect())
}

/// Adds an allocation. Its provider's name is the provider's.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::AllocationKey`].
pub async fn insert_allocation(tx: &WriteTx, new: &Allocation) -> Result<(), StoreError> {
    let row = allocation::Model {
        id: new.id.uuid(),
        grant_id: new.grant.uuid(),
        key: new.key.clone(),
        title: new.title.clone(),
        provider_id: new.provider.uuid(),
        approved: new.approved.in_pence(),
        uncovered: new.uncovered.in_pence(),
        contract_total: new.contract_total.map(Money::in_pence),
        priorities: to_json("an allocation's priorities", &new.priorities)?,
        position: new.position,
    };
    allocation::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// One allocation.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get_allocation(c: &impl Connection, id: AllocationId) -> Result<Allocation, StoreError> {
    let found = allocations(c, allocation::Entity::find_by_id(id.uuid())).await?;
    found
        .into_iter()
        .next()
        .ok_or(StoreError::NotFound { what: "allocation" })
}

/// A grant's allocations in their order.
///
/// # Errors
/// When the database cannot be read.
pub async fn allocations_of(c: &impl Connection, of: GrantId) -> Result<Vec<Allocation>, StoreError> {
    allocations(
        c,
        allocation::Entity::find().filter(allocation::Column::GrantId.eq(of.uuid())),
    )
    .await
}

/// Writes what an allocation comes to, over what was read of it.
///
/// # Errors
/// [`StoreError::Conflict`] when either amount is no longer what was read; [`StoreError::Refused`] below nought.
pub async fn set_allocation_amounts(
    tx: &WriteTx,
    id: AllocationId,
    approved: Money,
    uncovered: Money,
    was_approved: Money,
    was_uncovered: Money,
) -> Result<(), StoreError> {
    let update = allocation::Entity::update_many()
        .col_expr(allocation::Column::Approved, Expr::value(approved.in_pence()))
        .col_expr(allocation::Column::Uncovered, Expr::value(uncovered.in_pence()))
        .filter(allocation::Column::Id.eq(id.uuid()))
        .filter(allocation::Column::Approved.eq(was_approved.in_pence()))
        .filter(allocation::Column::Uncovered.eq(was_uncovered.in_pence()));
    guarded("allocation", update.exec(tx.raw()).await?.rows_affected)
}

async fn allocations(c: &impl Connection, find: Select<allocation::Entity>) -> Result<Vec<Allocation>, StoreError> {
    let to_provider = allocation::Entity::belongs_to(organisation::Entity)
        .from(allocation::Column::ProviderId)
        .to(organisation::Column::Id)
        .into();
    let find = find
        .join(JoinType::InnerJoin, to_provider)
        .select_also(organisation::Entity)
        .order_by_asc(allocation::Column::Position)
        .order_by_asc(allocation::Column::Key);
    find.all(c.raw())
        .await?
        .into_iter()
        .map(|(row, provider)| {
            let provider = provider.ok_or(StoreError::NotFound { what: "provider" })?;
            Ok(Allocation {
                id: row.id.into(),
                grant: row.grant_id.into(),
                key: row.key,
                title: row.title,
                provider: provider.id.into(),
                provider_name: provider.name,
                approved: Money::pence(row.approved),
                uncovered: Money::pence(row.uncovered),
                contract_total: row.contract_total.map(Money::pence),
                priorities: from_json("an allocation's priorities", &row.priorities)?,
                position: row.position,
            })
        })
        .collect()
}

fn read_grant(row: grant::Model) -> Grant {
    Grant {
        id: row.id.into(),
        fund: row.fund_id.into(),
        organisation: row.organisation_id.into(),
        reference: row.reference,
        title: row.title,
        amount: Money::pence(row.amount),
        carried_forward: Money::pence(row.carried_forward),
        starts_on: row.starts_on,
        ends_on: row.ends_on,
    }
}
