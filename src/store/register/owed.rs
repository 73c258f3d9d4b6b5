//! Assignments: who owes which form, and who is written to about it.

use chrono::NaiveDate;
use countersign_domain::ids::{AllocationId, AssignmentId, FundId, PersonId};
use countersign_domain::register::{Assignment, Contact, Person};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect};

use super::allocations::grants_in;
use super::people::read_person;
use crate::store::connection::sealed::Raw;
use crate::store::convert::guarded;
use crate::store::rows::register::assignment::{Column, Entity, Model};
use crate::store::rows::register::{contact, person};
use crate::store::{Connection, StoreError, WriteTx};

/// Adds an assignment.
///
/// # Errors
/// When the database cannot be written.
pub async fn insert_assignment(tx: &WriteTx, new: &Assignment) -> Result<(), StoreError> {
    let row = Model {
        id: new.id.uuid(),
        form: new.form.clone(),
        grant_id: new.grant.uuid(),
        allocation_id: new.allocation.map(AllocationId::uuid),
        organisation_id: new.organisation.uuid(),
        owed_from: new.from,
        owed_to: new.to,
    };
    Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Gives an assignment another last day.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not there; [`StoreError::Refused`] when it would end before it begins.
pub async fn update_assignment(tx: &WriteTx, new: &Assignment) -> Result<(), StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::OwedTo, Expr::value(new.to))
        .filter(Column::Id.eq(new.id.uuid()));
    guarded("assignment", update.exec(tx.raw()).await?.rows_affected)
}

/// The assignments of a fund's grants, by first day.
///
/// # Errors
/// When the database cannot be read.
pub async fn assignments_of_fund(c: &impl Connection, of: FundId) -> Result<Vec<Assignment>, StoreError> {
    let find = Entity::find()
        .filter(Column::GrantId.in_subquery(grants_in(of)))
        .order_by_asc(Column::OwedFrom)
        .order_by_asc(Column::Id);
    Ok(find.all(c.raw()).await?.into_iter().map(from_row).collect())
}

/// The forms that a fund's assignments name, each once.
///
/// # Errors
/// When the database cannot be read.
pub async fn forms_of_fund(c: &impl Connection, of: FundId) -> Result<Vec<String>, StoreError> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Form)
        .distinct()
        .filter(Column::GrantId.in_subquery(grants_in(of)))
        .order_by_asc(Column::Form)
        .into_tuple()
        .all(c.raw())
        .await?)
}

/// One assignment.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get_assignment(c: &impl Connection, id: AssignmentId) -> Result<Assignment, StoreError> {
    let row = Entity::find_by_id(id.uuid()).one(c.raw()).await?;
    row.map(from_row).ok_or(StoreError::NotFound { what: "assignment" })
}

/// Every assignment, by first day.
///
/// # Errors
/// When the database cannot be read.
pub async fn all_assignments(c: &impl Connection) -> Result<Vec<Assignment>, StoreError> {
    let rows = Entity::find()
        .order_by_asc(Column::OwedFrom)
        .order_by_asc(Column::Id)
        .all(c.raw())
        .await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// The assignments that run on a day, both of their ends included, by first day.
///
/// # Errors
/// When the database cannot be read.
pub async fn assignments_on(c: &impl Connection, day: NaiveDate) -> Result<Vec<Assignment>, StoreError> {
    let find = Entity::find()
        .filter(Column::OwedFrom.lte(day))
        .filter(Column::OwedTo.gte(day));
    let rows = find
        .order_by_asc(Column::OwedFrom)
        .order_by_asc(Column::Id)
        .all(c.raw())
        .await?;
    Ok(rows.into_iter().map(from_row).collect())
}

/// The assignments of which a person is a contact, by first day.
///
/// # Errors
/// When the database cannot be read.
pub async fn assignments_of_contact(c: &impl Connection, of: PersonId) -> Result<Vec<Assignment>, StoreError> {
    let theirs = Query::select()
        .column("assignment_id")
        .from("contacts")
        .and_where(Expr::col("person_id").eq(of.uuid()))
        .to_owned();
    let find = Entity::find()
        .filter(Column::Id.in_subquery(theirs))
        .order_by_asc(Column::OwedFrom)
        .order_by_asc(Column::Id);
    Ok(find.all(c.raw()).await?.into_iter().map(from_row).collect())
}

/// Adds a contact.
///
/// # Errors
/// [`StoreError::Duplicate`] with [`crate::store::Constraint::Contact`].
pub async fn insert_contact(tx: &WriteTx, new: &Contact) -> Result<(), StoreError> {
    let row = contact::Model {
        assignment_id: new.assignment.uuid(),
        person_id: new.person.uuid(),
        lead: new.lead,
    };
    contact::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Takes a contact off an assignment: somebody who has left.
///
/// # Errors
/// [`StoreError::Conflict`] when they are none of its contacts.
pub async fn delete_contact(tx: &WriteTx, assignment: AssignmentId, person: PersonId) -> Result<(), StoreError> {
    let delete = contact::Entity::delete_many()
        .filter(contact::Column::AssignmentId.eq(assignment.uuid()))
        .filter(contact::Column::PersonId.eq(person.uuid()));
    guarded("contact", delete.exec(tx.raw()).await?.rows_affected)
}

/// Makes one contact of an assignment the lead, and nobody else.
///
/// # Errors
/// [`StoreError::Conflict`] when they are none of its contacts.
pub async fn set_lead(tx: &WriteTx, assignment: AssignmentId, person: PersonId) -> Result<(), StoreError> {
    let of = || contact::Entity::update_many().filter(contact::Column::AssignmentId.eq(assignment.uuid()));
    of().col_expr(contact::Column::Lead, Expr::value(false))
        .exec(tx.raw())
        .await?;
    let lead = of()
        .col_expr(contact::Column::Lead, Expr::value(true))
        .filter(contact::Column::PersonId.eq(person.uuid()));
    guarded("contact", lead.exec(tx.raw()).await?.rows_affected)
}

/// The contacts of all assignments of a fund's grants, the leads first.
///
/// # Errors
/// When the database cannot be read.
pub async fn contacts_of_fund(c: &impl Connection, of: FundId) -> Result<Vec<Contact>, StoreError> {
    let assignments = Query::select()
        .column("id")
        .from("assignments")
        .and_where(Expr::col("grant_id").in_subquery(grants_in(of)))
        .to_owned();
    let find = contact::Entity::find()
        .filter(contact::Column::AssignmentId.in_subquery(assignments))
        .order_by_desc(contact::Column::Lead)
        .order_by_asc(contact::Column::PersonId);
    let read = |row: contact::Model| Contact {
        person: row.person_id.into(),
        assignment: row.assignment_id.into(),
        lead: row.lead,
    };
    Ok(find.all(c.raw()).await?.into_iter().map(read).collect())
}

/// The contacts of an assignment with who they are, the lead first, then by name.
///
/// # Errors
/// When the database cannot be read.
pub async fn contacts_of(c: &impl Connection, of: AssignmentId) -> Result<Vec<(Contact, Person)>, StoreError> {
    let to_person = contact::Entity::belongs_to(person::Entity)
        .from(contact::Column::PersonId)
        .to(person::Column::Id)
        .into();
    let find = contact::Entity::find()
        .filter(contact::Column::AssignmentId.eq(of.uuid()))
        .join(JoinType::InnerJoin, to_person)
        .select_also(person::Entity)
        .order_by_desc(contact::Column::Lead)
        .order_by_asc(person::Column::Name)
        .order_by_asc(person::Column::Id);
    find.all(c.raw())
        .await?
        .into_iter()
        .map(|(row, person)| {
            let person = person.ok_or(StoreError::NotFound { what: "person" })?;
            let contact = Contact {
                person: row.person_id.into(),
                assignment: row.assignment_id.into(),
                lead: row.lead,
            };
            Ok((contact, read_person(person)))
        })
        .collect()
}

fn from_row(row: Model) -> Assignment {
    Assignment {
        id: row.id.into(),
        form: row.form,
        grant: row.grant_id.into(),
        allocation: row.allocation_id.map(AllocationId::from),
        organisation: row.organisation_id.into(),
        from: row.owed_from,
        to: row.owed_to,
    }
}
