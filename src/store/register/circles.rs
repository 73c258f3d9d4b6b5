//! Which funds an organisation or a person has to do with: whose officers look after their entry.
//!
//! Invariant: a fund is in the answer for as long as anything of it names them.

use std::collections::BTreeSet;

use countersign_domain::ids::{FundId, OrganisationId, PersonId};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::store::rows::register::{fund, organisation, person};
use crate::store::{Connection, StoreError};

/// One column of a table, of the rows that meet a condition.
fn one(column: &'static str, table: &'static str, condition: impl Into<Condition>) -> SelectStatement {
    Query::select()
        .column(column)
        .from(table)
        .cond_where(condition.into())
        .to_owned()
}

fn is(column: &'static str, id: Uuid) -> Condition {
    Condition::all().add(Expr::col(column).eq(id))
}

fn among(column: &'static str, of: SelectStatement) -> Condition {
    Condition::all().add(Expr::col(column).in_subquery(of))
}

/// The funds that an organisation gives, shares in, is awarded from, delivers for or owes returns of.
///
/// # Errors
/// When the database cannot be read.
pub async fn funds_of_organisation(c: &impl Connection, of: OrganisationId) -> Result<Vec<FundId>, StoreError> {
    let id = of.uuid();
    let grants = Condition::any()
        .add(is("organisation_id", id))
        .add(among("id", one("grant_id", "allocations", is("provider_id", id))))
        .add(among("id", one("grant_id", "assignments", is("organisation_id", id))));
    let condition = Condition::any()
        .add(is("commissioner_id", id))
        .add(among("id", one("fund_id", "shares", is("organisation_id", id))))
        .add(among("id", one("fund_id", "grants", grants)));
    funds(c, condition).await
}

/// The funds in which a person ever held or will hold an office, or is a contact.
///
/// # Errors
/// When the database cannot be read.
pub async fn funds_of_person(c: &impl Connection, of: PersonId) -> Result<Vec<FundId>, StoreError> {
    let id = of.uuid();
    let offices = one("office_id", "holders", is("person_id", id));
    let assignments = one("assignment_id", "contacts", is("person_id", id));
    let grants = one("grant_id", "assignments", among("id", assignments));
    let condition = Condition::any()
        .add(among("id", one("fund_id", "offices", among("id", offices))))
        .add(among("id", one("fund_id", "grants", among("id", grants))));
    funds(c, condition).await
}

/// The organisations that nothing of any fund names: those that have just been added, for one.
///
/// # Errors
/// When the database cannot be read.
pub async fn organisations_of_no_fund(c: &impl Connection) -> Result<BTreeSet<OrganisationId>, StoreError> {
    let named = [
        ("commissioner_id", "funds"),
        ("organisation_id", "shares"),
        ("organisation_id", "grants"),
        ("provider_id", "allocations"),
        ("organisation_id", "assignments"),
    ];
    let of_none = nowhere(organisation::Column::Id, &named);
    let found: Vec<Uuid> = organisation::Entity::find()
        .select_only()
        .column(organisation::Column::Id)
        .filter(of_none)
        .into_tuple()
        .all(c.raw())
        .await?;
    Ok(found.into_iter().map(OrganisationId::from).collect())
}

/// The people who never held an office of any fund and are nobody's contact.
///
/// # Errors
/// When the database cannot be read.
pub async fn people_of_no_fund(c: &impl Connection) -> Result<BTreeSet<PersonId>, StoreError> {
    let named = [("person_id", "holders"), ("person_id", "contacts")];
    let found: Vec<Uuid> = person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .filter(nowhere(person::Column::Id, &named))
        .into_tuple()
        .all(c.raw())
        .await?;
    Ok(found.into_iter().map(PersonId::from).collect())
}

/// That no row of these tables names the identity.
fn nowhere(id: impl ColumnTrait, named: &[(&'static str, &'static str)]) -> Condition {
    named.iter().fold(Condition::all(), |all, (column, table)| {
        all.add(id.not_in_subquery(one(column, table, Condition::all())))
    })
}

async fn funds(c: &impl Connection, condition: Condition) -> Result<Vec<FundId>, StoreError> {
    let found: Vec<Uuid> = fund::Entity::find()
        .select_only()
        .column(fund::Column::Id)
        .filter(condition)
        .order_by(fund::Column::Id, sea_orm::Order::Asc)
        .into_tuple()
        .all(c.raw())
        .await?;
    Ok(found.into_iter().map(FundId::from).collect())
}
