//! A figure as a row, and back.

use std::collections::BTreeMap;

use countersign_domain::answers::types::{Figure, FigureValue};
use countersign_domain::ids::AllocationId;
use countersign_domain::returns::Return;

use super::{FigureRow, Subject};
use crate::store::StoreError;
use crate::store::convert::{count, period, unreadable};
use crate::store::rows::revisions::figure::Model;

/// Of a revision that was handed in.
pub(super) const SUBMITTED: &str = "submitted";
/// Of the revision that was signed off last.
pub(super) const SIGNED: &str = "signed";
/// Of a revision that was signed off before another was.
pub(super) const SUPERSEDED: &str = "superseded";

/// The kind of a ratio, which has two parts and no value.
pub(super) const RATIO: &str = "ratio";

/// A value as its columns.
#[derive(Default)]
struct Columns {
    kind: &'static str,
    value: Option<i64>,
    upper: Option<i64>,
    places: Option<u32>,
    numerator: Option<i64>,
    denominator: Option<i64>,
}

fn columns(value: FigureValue) -> Columns {
    let of = |kind| Columns {
        kind,
        ..Columns::default()
    };
    let one = |kind, value, places| Columns {
        value: Some(value),
        places,
        ..of(kind)
    };
    match value {
        FigureValue::Money { pence } => one("money", pence, None),
        FigureValue::Count { count } => one("count", count, None),
        FigureValue::Number {
            scaled,
            places,
            percent: false,
        } => one("number", scaled, Some(places)),
        FigureValue::Number {
            scaled,
            places,
            percent: true,
        } => one("percent", scaled, Some(places)),
        FigureValue::Range { low, high } => Columns {
            upper: Some(high),
            ..one("range", low, None)
        },
        FigureValue::Ratio { of: some, per, places } => Columns {
            places: Some(places),
            numerator: Some(some),
            denominator: Some(per),
            ..of(RATIO)
        },
        FigureValue::NotApplicable => of("not-applicable"),
        FigureValue::NotKnown => of("not-known"),
        FigureValue::Blank => of("blank"),
    }
}

/// A value from its kind, its value, upper end and places, and its numerator and denominator.
pub(super) fn value_of(
    kind: &str,
    (value, upper, places): (Option<i64>, Option<i64>, Option<i64>),
    ratio: (Option<i64>, Option<i64>),
) -> Result<FigureValue, StoreError> {
    let places = places.map(|places| count("a figure's places", places)).transpose()?;
    match (kind, (value, upper, places), ratio) {
        ("money", (Some(pence), None, None), (None, None)) => Ok(FigureValue::Money { pence }),
        ("count", (Some(count), None, None), (None, None)) => Ok(FigureValue::Count { count }),
        ("number", (Some(scaled), None, Some(places)), (None, None)) => Ok(FigureValue::Number {
            scaled,
            places,
            percent: false,
        }),
        ("percent", (Some(scaled), None, Some(places)), (None, None)) => Ok(FigureValue::Number {
            scaled,
            places,
            percent: true,
        }),
        ("range", (Some(low), Some(high), None), (None, None)) => Ok(FigureValue::Range { low, high }),
        (RATIO, (None, None, Some(places)), (Some(of), Some(per))) => Ok(FigureValue::Ratio { of, per, places }),
        ("not-applicable", (None, None, None), (None, None)) => Ok(FigureValue::NotApplicable),
        ("not-known", (None, None, None), (None, None)) => Ok(FigureValue::NotKnown),
        ("blank", (None, None, None), (None, None)) => Ok(FigureValue::Blank),
        (kind, ..) => Err(unreadable("a figure", kind)),
    }
}

pub(super) fn to_row(
    of: &Return,
    revision: u32,
    figure: &Figure,
    subjects: &BTreeMap<String, Subject>,
) -> Result<Model, StoreError> {
    let (allocation, provider) = match &figure.allocation {
        None => (of.allocation, of.organisation),
        Some(key) => {
            let subject = subjects.get(key).ok_or(StoreError::NotFound {
                what: "allocation of a figure",
            })?;
            (Some(subject.allocation), subject.provider)
        }
    };
    let columns = columns(figure.value);
    Ok(Model {
        return_id: of.id.uuid(),
        revision: i64::from(revision),
        form: of.form.clone(),
        measure: figure.measure.clone(),
        allocation_key: figure.allocation.clone().unwrap_or_default(),
        row_key: figure.row.clone().unwrap_or_default(),
        kind: columns.kind.to_owned(),
        value: columns.value,
        upper: columns.upper,
        places: columns.places.map(i64::from),
        numerator: columns.numerator,
        denominator: columns.denominator,
        approximately: figure.approximately,
        standing: SUBMITTED.to_owned(),
        fund_id: of.fund.uuid(),
        grant_id: of.grant.uuid(),
        allocation_id: allocation.map(AllocationId::uuid),
        provider_id: provider.uuid(),
        period_start: of.period.start(),
        period_end: of.period.end(),
    })
}

pub(super) fn from_row(row: Model) -> Result<FigureRow, StoreError> {
    let one = (row.value, row.upper, row.places);
    let value = value_of(&row.kind, one, (row.numerator, row.denominator))?;
    Ok(FigureRow {
        return_id: row.return_id.into(),
        revision: count("a figure's revision", row.revision)?,
        form: row.form,
        figure: Figure {
            measure: row.measure,
            allocation: Some(row.allocation_key).filter(|key| !key.is_empty()),
            row: Some(row.row_key).filter(|key| !key.is_empty()),
            value,
            approximately: row.approximately,
        },
        fund: row.fund_id.into(),
        grant: row.grant_id.into(),
        allocation: row.allocation_id.map(AllocationId::from),
        provider: row.provider_id.into(),
        period: period(row.period_start, row.period_end)?,
    })
}
