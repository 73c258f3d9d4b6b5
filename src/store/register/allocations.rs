//! Allocations of grants, and their budget lines.
//!
//! Invariant: an allocation changes only under the amounts that were read.

use countersign_domain::ids::{AllocationId, FundId, GrantId};
use countersign_domain::money::Money;
use countersign_domain::register::{Allocation, BudgetLine};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect, Select,
};

use crate::store::connection::sealed::Raw;
use crate::store::convert::{from_json, guarded, to_json};
use crate::store::rows::register::{allocation, line, organisation};
use crate::store::{Connection, StoreError, WriteTx};

/// Adds an allocation. Its provider's name is the provider's.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::AllocationKey`].
pub async fn insert_allocation(tx: &WriteTx, new: &Allocation) -> Result<(), StoreError> {
    allocation::Entity::insert(allocation_row(new)?.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Writes an allocation over what was read of it; its grant and its key stay.
///
/// # Errors
/// [`StoreError::Conflict`] when its amounts are no longer what was read; [`StoreError::Refused`] below nought.
pub async fn update_allocation(tx: &WriteTx, new: &Allocation, was: &Allocation) -> Result<(), StoreError> {
    let change = allocation::ActiveModel {
        id: NotSet,
        grant_id: NotSet,
        key: NotSet,
        // Whoever is named in place of the organisation goes with it.
        provider_named: match new.provider == was.provider {
            true => NotSet,
            false => Set(None),
        },
        ..allocation_row(new)?.into_active_model().reset_all()
    };
    let update = allocation::Entity::update_many()
        .set(change)
        .filter(allocation::Column::Id.eq(new.id.uuid()))
        .filter(allocation::Column::Approved.eq(was.approved.in_pence()))
        .filter(allocation::Column::Uncovered.eq(was.uncovered.in_pence()));
    guarded("allocation", update.exec(tx.raw()).await?.rows_affected)
}

fn allocation_row(new: &Allocation) -> Result<allocation::Model, StoreError> {
    Ok(allocation::Model {
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
        project: new.project.clone(),
        project_title: new.project_title.clone(),
        proposed: new.proposed.map(Money::in_pence),
        contract_ends_on: new.contract_ends_on,
        other_funding: new.other_funding.map(Money::in_pence),
        provider_named: None,
    })
}

/// Keeps the name of an allocation's provider as it is given, where the register has no organisation of that name and the
/// money goes by way of whoever has the grant.
///
/// # Errors
/// When the database cannot be written.
pub async fn name_provider(tx: &WriteTx, of: &Allocation) -> Result<(), StoreError> {
    let own = organisation::Entity::find_by_id(of.provider.uuid())
        .one(tx.raw())
        .await?;
    let named = Some(&of.provider_name).filter(|name| own.is_none_or(|own| own.name != **name));
    let update = allocation::Entity::update_many()
        .col_expr(allocation::Column::ProviderNamed, Expr::value(named.cloned()))
        .filter(allocation::Column::Id.eq(of.id.uuid()));
    guarded("allocation", update.exec(tx.raw()).await?.rows_affected)
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

/// The allocations of a fund's grants, each grant's in their order.
///
/// # Errors
/// When the database cannot be read.
pub async fn allocations_of_fund(c: &impl Connection, of: FundId) -> Result<Vec<Allocation>, StoreError> {
    let find = allocation::Entity::find().filter(allocation::Column::GrantId.in_subquery(grants_in(of)));
    allocations(c, find).await
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
                project: row.project,
                project_title: row.project_title,
                provider: provider.id.into(),
                provider_name: row.provider_named.unwrap_or(provider.name),
                proposed: row.proposed.map(Money::pence),
                approved: Money::pence(row.approved),
                uncovered: Money::pence(row.uncovered),
                contract_total: row.contract_total.map(Money::pence),
                contract_ends_on: row.contract_ends_on,
                other_funding: row.other_funding.map(Money::pence),
                priorities: from_json("an allocation's priorities", &row.priorities)?,
                position: row.position,
            })
        })
        .collect()
}

/// The grants of a fund, as a subquery.
pub(super) fn grants_in(fund: FundId) -> SelectStatement {
    Query::select()
        .column("id")
        .from("grants")
        .and_where(Expr::col("fund_id").eq(fund.uuid()))
        .to_owned()
}

/// Adds a budget line.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::LineKey`].
pub async fn insert_line(tx: &WriteTx, new: &BudgetLine) -> Result<(), StoreError> {
    let row = line::Model {
        id: new.id.uuid(),
        allocation_id: new.allocation.uuid(),
        key: new.key.clone(),
        title: new.title.clone(),
        amount: new.amount.map(Money::in_pence),
        position: new.position,
    };
    line::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Gives a budget line another title and amount.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not there; [`StoreError::Refused`] below nought.
pub async fn update_line(tx: &WriteTx, new: &BudgetLine) -> Result<(), StoreError> {
    let update = line::Entity::update_many()
        .col_expr(line::Column::Title, Expr::value(new.title.clone()))
        .col_expr(line::Column::Amount, Expr::value(new.amount.map(Money::in_pence)))
        .filter(line::Column::Id.eq(new.id.uuid()));
    guarded("budget line", update.exec(tx.raw()).await?.rows_affected)
}

/// The budget lines of a grant's allocations, each allocation's in their order.
///
/// # Errors
/// When the database cannot be read.
pub async fn lines_of_grant(c: &impl Connection, of: GrantId) -> Result<Vec<BudgetLine>, StoreError> {
    let allocations = Query::select()
        .column("id")
        .from("allocations")
        .and_where(Expr::col("grant_id").eq(of.uuid()))
        .to_owned();
    lines(c, allocations).await
}

/// The budget lines of the allocations of a fund's grants, each allocation's in their order.
///
/// # Errors
/// When the database cannot be read.
pub async fn lines_of_fund(c: &impl Connection, of: FundId) -> Result<Vec<BudgetLine>, StoreError> {
    let allocations = Query::select()
        .column("id")
        .from("allocations")
        .and_where(Expr::col("grant_id").in_subquery(grants_in(of)))
        .to_owned();
    lines(c, allocations).await
}

async fn lines(c: &impl Connection, allocations: SelectStatement) -> Result<Vec<BudgetLine>, StoreError> {
    let find = line::Entity::find()
        .filter(line::Column::AllocationId.in_subquery(allocations))
        .order_by_asc(line::Column::AllocationId)
        .order_by_asc(line::Column::Position)
        .order_by_asc(line::Column::Key);
    let read = |row: line::Model| BudgetLine {
        id: row.id.into(),
        allocation: row.allocation_id.into(),
        key: row.key,
        title: row.title,
        amount: row.amount.map(Money::pence),
        position: row.position,
    };
    Ok(find.all(c.raw()).await?.into_iter().map(read).collect())
}
