//! Drafts: one document for each section, one for the explanations, and who had a hand in them.
//!
//! Invariant: a document is replaced only under the version that was read, so that of two savers one merges and saves
//! again; nobody overwrites silently.

use std::collections::BTreeMap;

use countersign_domain::answers::types::{DraftSection, Explanation, SectionKey};
use countersign_domain::ids::{PersonId, ReturnId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::connection::sealed::Raw;
use super::convert::{from_json, guarded, to_json};
use super::rows::returns::{explanations, preparer, section};
use super::{Connection, StoreError, WriteTx};

/// Every section that was saved, with its version.
///
/// # Errors
/// When the database cannot be read.
pub async fn sections(c: &impl Connection, of: ReturnId) -> Result<Vec<(SectionKey, i64, DraftSection)>, StoreError> {
    let find = section::Entity::find().filter(section::Column::ReturnId.eq(of.uuid()));
    let rows = find.order_by_asc(section::Column::Section).all(c.raw()).await?;
    rows.into_iter()
        .map(|row| {
            Ok((
                SectionKey(row.section),
                row.version,
                from_json("a draft", &row.document)?,
            ))
        })
        .collect()
}

/// One section, when it was saved before.
///
/// # Errors
/// When the database cannot be read.
pub async fn section(
    c: &impl Connection,
    of: ReturnId,
    key: &SectionKey,
) -> Result<Option<(i64, DraftSection)>, StoreError> {
    let row = section::Entity::find_by_id((of.uuid(), key.0.clone()))
        .one(c.raw())
        .await?;
    row.map(|row| Ok((row.version, from_json("a draft", &row.document)?)))
        .transpose()
}

/// Saves a section over the version that was read (none: it was never saved), and gives its new version.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else saved it since.
pub async fn put_section(
    tx: &WriteTx,
    of: ReturnId,
    key: &SectionKey,
    draft: &DraftSection,
    was: Option<i64>,
) -> Result<i64, StoreError> {
    let document = to_json("a draft", draft)?;
    let (version, written) = match was {
        None => {
            let row = section::ActiveModel {
                return_id: Set(of.uuid()),
                section: Set(key.0.clone()),
                version: Set(1),
                document: Set(document),
            };
            let first = OnConflict::columns([section::Column::ReturnId, section::Column::Section])
                .do_nothing()
                .to_owned();
            (
                1,
                section::Entity::insert(row)
                    .on_conflict(first)
                    .exec_without_returning(tx.raw())
                    .await?,
            )
        }
        Some(was) => {
            let update = section::Entity::update_many()
                .col_expr(section::Column::Version, Expr::value(was + 1))
                .col_expr(section::Column::Document, Expr::value(document))
                .filter(section::Column::ReturnId.eq(of.uuid()))
                .filter(section::Column::Section.eq(key.0.as_str()))
                .filter(section::Column::Version.eq(was));
            (was + 1, update.exec(tx.raw()).await?.rows_affected)
        }
    };
    guarded("section", written).map(|()| version)
}

/// The explanations of a return's warnings by finding key, with their version: nought when there are none yet.
///
/// # Errors
/// When the database cannot be read.
pub async fn explanations(
    c: &impl Connection,
    of: ReturnId,
) -> Result<(i64, BTreeMap<String, Explanation>), StoreError> {
    match explanations::Entity::find_by_id(of.uuid()).one(c.raw()).await? {
        Some(row) => Ok((row.version, from_json("the explanations", &row.document)?)),
        None => Ok((0, BTreeMap::new())),
    }
}

/// Saves the explanations over the version that was read, and gives their new version.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody else saved them since.
pub async fn put_explanations(
    tx: &WriteTx,
    of: ReturnId,
    all: &BTreeMap<String, Explanation>,
    was: i64,
) -> Result<i64, StoreError> {
    let document = to_json("the explanations", all)?;
    let written = if was == 0 {
        let row = explanations::ActiveModel {
            return_id: Set(of.uuid()),
            version: Set(1),
            document: Set(document),
        };
        let first = OnConflict::column(explanations::Column::ReturnId)
            .do_nothing()
            .to_owned();
        explanations::Entity::insert(row)
            .on_conflict(first)
            .exec_without_returning(tx.raw())
            .await?
    } else {
        let update = explanations::Entity::update_many()
            .col_expr(explanations::Column::Version, Expr::value(was + 1))
            .col_expr(explanations::Column::Document, Expr::value(document))
            .filter(explanations::Column::ReturnId.eq(of.uuid()))
            .filter(explanations::Column::Version.eq(was));
        update.exec(tx.raw()).await?.rows_affected
    };
    guarded("explanations", written).map(|()| was + 1)
}

/// Remembers that somebody had a hand in the answers, who may then neither review nor sign them.
///
/// # Errors
/// When the database cannot be written.
pub async fn preparer(tx: &WriteTx, of: ReturnId, person: PersonId) -> Result<(), StoreError> {
    let row = preparer::ActiveModel {
        return_id: Set(of.uuid()),
        person_id: Set(person.uuid()),
    };
    let once = OnConflict::columns([preparer::Column::ReturnId, preparer::Column::PersonId])
        .do_nothing()
        .to_owned();
    preparer::Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(tx.raw())
        .await?;
    Ok(())
}

/// Everybody who had a hand in the answers of a return.
///
/// # Errors
/// When the database cannot be read.
pub async fn preparers(c: &impl Connection, of: ReturnId) -> Result<Vec<PersonId>, StoreError> {
    let find = preparer::Entity::find().filter(preparer::Column::ReturnId.eq(of.uuid()));
    let rows = find.order_by_asc(preparer::Column::PersonId).all(c.raw()).await?;
    Ok(rows.into_iter().map(|row| row.person_id.into()).collect())
}

/// Takes away a section's document that a move had made, over the version that was read.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody saved it since.
pub async fn drop_section(tx: &WriteTx, of: ReturnId, key: &SectionKey, was: i64) -> Result<(), StoreError> {
    let delete = section::Entity::delete_many()
        .filter(section::Column::ReturnId.eq(of.uuid()))
        .filter(section::Column::Section.eq(key.0.as_str()))
        .filter(section::Column::Version.eq(was));
    guarded("section", delete.exec(tx.raw()).await?.rows_affected)
}
