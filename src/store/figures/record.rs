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

/// A value as its columns: kind, value, places, numerator, denominator.
type Columns = (&'static str, Option<i64>, Option<u32>, Option<i64>, Option<i64>);

fn columns(value: FigureValue) -> Columns {
    match value {
        FigureValue::Money { pence } => ("money", Some(pence), None, None, None),
        FigureValue::Count { count } => ("count", Some(count), None, None, None),
        FigureValue::Number {
            scaled,
            places,
            percent: false,
        } => ("number", Some(scaled), Some(places), None, None),
        FigureValue::Number {
            scaled,
            places,
            percent: true,
        } => ("percent", Some(scaled), Some(places), None, None),
        FigureValue::Ratio { of, per, places } => ("ratio", None, Some(places), Some(of), Some(per)),
        FigureValue::Range { low, high } => ("range", Some(low), None, None, Some(high)),
        FigureValue::NotApplicable => ("not-applicable", None, None, None, None),
        FigureValue::NotKnown => ("not-known", None, None, None, None),
        FigureValue::Blank => ("blank", None, None, None, None),
    }
}

fn read_value(row: &Model) -> Result<FigureValue, StoreError> {
    let places = row
        .places
        .map(|places| count("a figure's places", places))
        .transpose()?;
    match (row.kind.as_str(), row.value, places, row.numerator, row.denominator) {
        ("money", Some(pence), None, None, None) => Ok(FigureValue::Money { pence }),
        ("count", Some(count), None, None, None) => Ok(FigureValue::Count { count }),
        ("number", Some(scaled), Some(places), None, None) => Ok(FigureValue::Number {
            scaled,
            places,
            percent: false,
        }),
        ("percent", Some(scaled), Some(places), None, None) => Ok(FigureValue::Number {
            scaled,
            places,
            percent: true,
        }),
        ("ratio", None, Some(places), Some(of), Some(per)) => Ok(FigureValue::Ratio { of, per, places }),
        ("range", Some(low), None, None, Some(high)) => Ok(FigureValue::Range { low, high }),
        ("not-applicable", None, None, None, None) => Ok(FigureValue::NotApplicable),
        ("not-known", None, None, None, None) => Ok(FigureValue::NotKnown),
        ("blank", None, None, None, None) => Ok(FigureValue::Blank),
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
    let (kind, value, places, numerator, denominator) = columns(figure.value);
    Ok(Model {
        return_id: of.id.uuid(),
        revision: i64::from(revision),
        measure: figure.measure.clone(),
        allocation_key: figure.allocation.clone().unwrap_or_default(),
        kind: kind.to_owned(),
        value,
        places: places.map(i64::from),
        numerator,
        denominator,
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
    let value = read_value(&row)?;
    Ok(FigureRow {
        return_id: row.return_id.into(),
        revision: count("a figure's revision", row.revision)?,
        figure: Figure {
            measure: row.measure,
            allocation: Some(row.allocation_key).filter(|key| !key.is_empty()),
            row: None,
            value,
            approximately: row.approximately,
        },
        grant: row.grant_id.into(),
        allocation: row.allocation_id.map(AllocationId::from),
        provider: row.provider_id.into(),
        period: period(row.period_start, row.period_end)?,
    })
}
