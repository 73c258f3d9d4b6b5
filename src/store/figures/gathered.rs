//! The figures of many revisions at once.
//!
//! Invariant: as [`super::figures_of`], whatever their standing, in the order that depends on nothing but the figures.

use countersign_domain::ids::ReturnId;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use super::{Column, Connection, Entity, FigureRow, StoreError, in_order};

/// Pairs of a return and a revision in one statement: each is a condition of its own.
const PAIRS: usize = 100;

/// The figures of these revisions; of these measures, or of every one.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_revisions(
    c: &impl Connection,
    of: &[(ReturnId, u32)],
    measures: Option<&[&str]>,
) -> Result<Vec<FigureRow>, StoreError> {
    let mut all = Vec::new();
    for some in of.chunks(PAIRS) {
        let mut any = Condition::any();
        for (id, number) in some {
            let one = Column::ReturnId.eq(id.uuid());
            any = any.add(one.and(Column::Revision.eq(i64::from(*number))));
        }
        let mut find = Entity::find().filter(any);
        if let Some(measures) = measures {
            find = find.filter(Column::Measure.is_in(measures.iter().copied()));
        }
        all.extend(in_order(c, find).await?);
    }
    Ok(all)
}
