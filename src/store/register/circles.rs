//! Which funds an organisation or a person has to do with: whose officers look after their entry.
//!
//! Invariant: a fund is in the answer for as long as anything of it names them.

use countersign_domain::ids::{FundId, OrganisationId, PersonId};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::store::rows::register::fund;
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
