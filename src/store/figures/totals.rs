//! Totals of figures, group by group, and what the totals of one group come to.
//!
//! Invariant: exact, whatever their size; figures of different kinds are in different totals.

use countersign_domain::answers::types::FigureValue;
use countersign_domain::measure::{self, Sum};
use sea_orm::prelude::Decimal;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, QuerySelect, QueryTrait, Select};

use super::record::{RATIO, value_of};
use crate::store::convert::unreadable;
use crate::store::rows::revisions::figure::{Column, Entity};
use crate::store::{Connection, StoreError};

/// Figures of one kind and as many places.
pub(super) struct Totals {
    kind: String,
    places: Option<i64>,
    first: Option<i128>,
    second: Option<i128>,
    many: i64,
    approximate: i64,
}

/// Totals, and of what they are.
pub(super) struct Group<Of> {
    pub(super) of: Of,
    pub(super) totals: Totals,
}

/// Of what totals are: the first columns of a row, read by their places. There are as many rows as sums, and to look a
/// column up by its name costs more than to read it.
pub(super) trait Grouped: Sized {
    /// How many columns it takes.
    const COLUMNS: usize;
    /// Reads them.
    fn read(row: &QueryResult) -> Result<Self, DbErr>;
}

/// Reads the groups of a query that [`totals`] has finished.
pub(super) async fn groups<Of: Grouped>(
    c: &impl Connection,
    select: Select<Entity>,
) -> Result<Vec<Group<Of>>, StoreError> {
    let backend = c.raw().get_database_backend();
    let rows = c.raw().query_all(totals(select, backend).as_query()).await?;
    let groups = rows.iter().map(|row| {
        Ok(Group {
            of: Of::read(row)?,
            totals: Totals::read(row, Of::COLUMNS, backend)?,
        })
    });
    Ok(groups.collect::<Result<_, DbErr>>()?)
}

impl Totals {
    /// Reads the columns that [`totals`] adds, from this place on.
    fn read(row: &QueryResult, from: usize, backend: DbBackend) -> Result<Self, DbErr> {
        let (first, from_second) = whole(row, from + 2, backend)?;
        let (second, rest) = whole(row, from_second, backend)?;
        Ok(Self {
            kind: row.try_get_by_index(from)?,
            places: row.try_get_by_index(from + 1)?,
            first,
            second,
            many: row.try_get_by_index(rest)?,
            approximate: row.try_get_by_index(rest + 1)?,
        })
    }

    /// Adds these to the totals of the same kind and as many places, if there are any.
    pub(super) fn join(self, all: &mut Vec<Totals>) {
        let mut same = all.iter_mut();
        let same = same.find(|known| (&known.kind, known.places) == (&self.kind, self.places));
        let Some(known) = same else { return all.push(self) };
        let both = |one: Option<i128>, other: Option<i128>| Some(one?.saturating_add(other?));
        known.first = both(known.first, self.first);
        known.second = both(known.second, self.second);
        known.many += self.many;
        known.approximate += self.approximate;
    }

    /// What the figures come to; none when that is more than can be counted.
    fn value(&self) -> Result<Option<FigureValue>, StoreError> {
        let counted = |sum: Option<i128>| sum.map(i64::try_from).transpose();
        let (Ok(first), Ok(second)) = (counted(self.first), counted(self.second)) else {
            return Ok(None);
        };
        let (one, ratio) = match self.kind.as_str() {
            RATIO => ((None, None), (first, second)),
            _ => ((first, second), (None, None)),
        };
        value_of(&self.kind, (one.0, one.1, self.places), ratio).map(Some)
    }
}

/// A sum from the column or columns of [`added`], and the place of the column after.
fn whole(row: &QueryResult, at: usize, backend: DbBackend) -> Result<(Option<i128>, usize), DbErr> {
    if backend == DbBackend::Postgres {
        let sum: Option<Decimal> = row.try_get_by_index(at)?;
        return Ok((sum.map(|sum| sum.trunc().mantissa()), at + 1));
    }
    let (high, low): (Option<i64>, Option<i64>) = (row.try_get_by_index(at)?, row.try_get_by_index(at + 1)?);
    let halves = high.zip(low);
    Ok((
        halves.map(|(high, low)| (i128::from(high) << 32) + i128::from(low)),
        at + 2,
    ))
}

/// Groups by kind and places as well, and adds up. A ratio has no value and no upper end, so that one pair of sums serves
/// all kinds.
fn totals(select: Select<Entity>, backend: DbBackend) -> Select<Entity> {
    let mut select = select;
    for column in [Column::Kind, Column::Places] {
        select = select.column(column).group_by(column);
    }
    let sums = [
        ("coalesce(value, numerator)", ["first", "first_low"]),
        ("coalesce(upper, denominator)", ["second", "second_low"]),
    ];
    for (what, names) in sums {
        for (sum, name) in added(what, backend).into_iter().zip(names) {
            select = select.expr_as(Expr::cust(sum), name);
        }
    }
    select.expr_as(Expr::cust("count(*)"), "many").expr_as(
        Expr::cust("cast(sum(case when approximately then 1 else 0 end) as bigint)"),
        "approximate",
    )
}

/// The columns of a sum that may be more than 64 bits. PostgreSQL adds whole numbers up to a numeric, which holds any sum and
/// is dear to calculate with, so that it is left as it is; SQLite would fail on one that is too large, and adds up an upper half
/// and a lower half of 32 bits.
fn added(what: &str, backend: DbBackend) -> Vec<String> {
    match backend {
        DbBackend::Postgres => vec![format!("sum({what})")],
        _ => vec![format!("sum({what} >> 32)"), format!("sum({what} & 4294967295)")],
    }
}

/// A number of figures from its column.
pub(super) fn many(figures: i64) -> Result<usize, StoreError> {
    usize::try_from(figures).map_err(|why| unreadable("a number of figures", why))
}

/// The totals of one subject, put together.
pub(super) fn sum<'t>(all: impl IntoIterator<Item = &'t Totals>) -> Result<Sum, StoreError> {
    let mut values = Vec::new();
    let mut sum = Sum {
        value: None,
        approximately: false,
        given: 0,
        not_known: 0,
        not_applicable: 0,
        blank: 0,
    };
    for totals in all {
        let many = many(totals.many)?;
        sum.approximately |= totals.approximate > 0;
        let value = totals.value()?;
        match value {
            Some(FigureValue::NotKnown) => sum.not_known += many,
            Some(FigureValue::NotApplicable) => sum.not_applicable += many,
            Some(FigureValue::Blank) => sum.blank += many,
            Some(_) | None => sum.given += many,
        }
        values.push(value);
    }
    let values: Option<Vec<FigureValue>> = values.into_iter().collect();
    sum.value = values.and_then(|values| measure::sum(&values));
    Ok(sum)
}
