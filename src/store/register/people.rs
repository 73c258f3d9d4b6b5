//! Organisations and people.

use std::collections::BTreeSet;

use countersign_domain::ids::{FundId, OrganisationId, PersonId};
use countersign_domain::register::{Organisation, Person, address_key};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use super::allocations::grants_in;
use crate::store::connection::sealed::Raw;
use crate::store::convert::guarded;
use crate::store::rows::register::{organisation, person};
use crate::store::{Connection, StoreError, WriteTx};

/// Adds an organisation.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::OrganisationKey`].
pub async fn insert_organisation(tx: &WriteTx, new: &Organisation) -> Result<(), StoreError> {
    let row = organisation::Model {
        id: new.id.uuid(),
        key: new.key.clone(),
        name: new.name.clone(),
    };
    organisation::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Gives an organisation another name.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not there.
pub async fn update_organisation(tx: &WriteTx, new: &Organisation) -> Result<(), StoreError> {
    let update = organisation::Entity::update_many()
        .col_expr(organisation::Column::Name, Expr::value(new.name.clone()))
        .filter(organisation::Column::Id.eq(new.id.uuid()));
    guarded("organisation", update.exec(tx.raw()).await?.rows_affected)
}

/// Every organisation, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_organisations(c: &impl Connection) -> Result<Vec<Organisation>, StoreError> {
    let find = organisation::Entity::find()
        .order_by_asc(organisation::Column::Name)
        .order_by_asc(organisation::Column::Id);
    Ok(find.all(c.raw()).await?.into_iter().map(read_organisation).collect())
}

/// One organisation.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get_organisation(c: &impl Connection, id: OrganisationId) -> Result<Organisation, StoreError> {
    let row = organisation::Entity::find_by_id(id.uuid()).one(c.raw()).await?;
    row.map(read_organisation)
        .ok_or(StoreError::NotFound { what: "organisation" })
}

/// Those of these organisations that are there.
///
/// # Errors
/// When the database cannot be read.
pub async fn organisations_named(
    c: &impl Connection,
    of: &BTreeSet<OrganisationId>,
) -> Result<Vec<Organisation>, StoreError> {
    let find = organisation::Entity::find().filter(organisation::Column::Id.is_in(of.iter().map(|id| id.uuid())));
    Ok(find.all(c.raw()).await?.into_iter().map(read_organisation).collect())
}

/// The organisations that owe a fund's returns, whether or not one is planned yet.
///
/// # Errors
/// When the database cannot be read.
pub async fn organisations_of_fund(c: &impl Connection, of: FundId) -> Result<Vec<Organisation>, StoreError> {
    // A return is owed by whom its assignment names for good, and a fund has far fewer assignments than returns.
    let owing = Query::select()
        .column("organisation_id")
        .from("assignments")
        .and_where(Expr::col("grant_id").in_subquery(grants_in(of)))
        .to_owned();
    let find = organisation::Entity::find().filter(organisation::Column::Id.in_subquery(owing));
    Ok(find.all(c.raw()).await?.into_iter().map(read_organisation).collect())
}

/// The organisation with this key.
///
/// # Errors
/// When the database cannot be read.
pub async fn organisation_by_key(c: &impl Connection, key: &str) -> Result<Option<Organisation>, StoreError> {
    let find = organisation::Entity::find().filter(organisation::Column::Key.eq(key));
    Ok(find.one(c.raw()).await?.map(read_organisation))
}

/// Adds a person.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::PersonAddress`] when somebody has that address, also in
/// another spelling.
pub async fn insert_person(tx: &WriteTx, new: &Person) -> Result<(), StoreError> {
    let row = person::Model {
        id: new.id.uuid(),
        name: new.name.clone(),
        email: new.email.clone(),
        address_key: address_key(&new.email),
        organisation_id: new.organisation.uuid(),
        totp_secret: new.totp_secret.clone(),
        totp_last_step: new.totp_last_step,
    };
    person::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Gives a person another name, address or organisation, over the address that was read.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::PersonAddress`] when somebody else has that address;
/// [`StoreError::Conflict`] when it is no longer the one that was read.
pub async fn update_person(tx: &WriteTx, new: &Person, was: &Person) -> Result<(), StoreError> {
    let update = person::Entity::update_many()
        .col_expr(person::Column::Name, Expr::value(new.name.clone()))
        .col_expr(person::Column::Email, Expr::value(new.email.clone()))
        .col_expr(person::Column::AddressKey, Expr::value(address_key(&new.email)))
        .col_expr(person::Column::OrganisationId, Expr::value(new.organisation.uuid()))
        .filter(person::Column::Id.eq(new.id.uuid()))
        .filter(person::Column::Email.eq(was.email.clone()));
    guarded("person", update.exec(tx.raw()).await?.rows_affected)
}

/// One person.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get_person(c: &impl Connection, id: PersonId) -> Result<Person, StoreError> {
    let row = person::Entity::find_by_id(id.uuid()).one(c.raw()).await?;
    row.map(read_person).ok_or(StoreError::NotFound { what: "person" })
}

/// Keeps everybody else from using this person's codes until the transaction ends, so that tries are counted one by one.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn lock_person(tx: &WriteTx, id: PersonId) -> Result<(), StoreError> {
    let row = person::Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(tx.raw())
        .await?;
    row.map(drop).ok_or(StoreError::NotFound { what: "person" })
}

/// The person whom this address belongs to, however it is spelt.
///
/// # Errors
/// When the database cannot be read.
pub async fn person_by_address(c: &impl Connection, email: &str) -> Result<Option<Person>, StoreError> {
    let find = person::Entity::find().filter(person::Column::AddressKey.eq(address_key(email)));
    Ok(find.one(c.raw()).await?.map(read_person))
}

/// The people of an organisation, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn people_of(c: &impl Connection, of: OrganisationId) -> Result<Vec<Person>, StoreError> {
    let find = person::Entity::find().filter(person::Column::OrganisationId.eq(of.uuid()));
    let rows = find
        .order_by_asc(person::Column::Name)
        .order_by_asc(person::Column::Id)
        .all(c.raw())
        .await?;
    Ok(rows.into_iter().map(read_person).collect())
}

/// Everybody, by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_people(c: &impl Connection) -> Result<Vec<Person>, StoreError> {
    let find = person::Entity::find()
        .order_by_asc(person::Column::Name)
        .order_by_asc(person::Column::Id);
    Ok(find.all(c.raw()).await?.into_iter().map(read_person).collect())
}

/// Gives a person another second factor, or takes it away. Steps used of the old one do not count for the new.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn set_totp_secret(tx: &WriteTx, id: PersonId, secret: Option<Vec<u8>>) -> Result<(), StoreError> {
    let update = person::Entity::update_many()
        .col_expr(person::Column::TotpSecret, Expr::value(secret))
        .col_expr(person::Column::TotpLastStep, Expr::value(None::<i64>))
        .filter(person::Column::Id.eq(id.uuid()));
    match update.exec(tx.raw()).await?.rows_affected {
        1 => Ok(()),
        _ => Err(StoreError::NotFound { what: "person" }),
    }
}

/// Uses a step of a person's second factor. False when it, or a later one, was used already.
///
/// # Errors
/// When the database cannot be written.
pub async fn use_totp_step(tx: &WriteTx, id: PersonId, step: i64) -> Result<bool, StoreError> {
    let unused = Condition::any()
        .add(person::Column::TotpLastStep.is_null())
        .add(person::Column::TotpLastStep.lt(step));
    let update = person::Entity::update_many()
        .col_expr(person::Column::TotpLastStep, Expr::value(step))
        .filter(person::Column::Id.eq(id.uuid()))
        .filter(unused);
    Ok(update.exec(tx.raw()).await?.rows_affected == 1)
}

fn read_organisation(row: organisation::Model) -> Organisation {
    Organisation {
        id: row.id.into(),
        key: row.key,
        name: row.name,
    }
}

pub(super) fn read_person(row: person::Model) -> Person {
    Person {
        id: row.id.into(),
        name: row.name,
        email: row.email,
        organisation: row.organisation_id.into(),
        totp_secret: row.totp_secret,
        totp_last_step: row.totp_last_step,
    }
}
