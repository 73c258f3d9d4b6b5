//! Adding up: signed figures of one measure become one figure, by the measure's own rules.
//!
//! Invariant: exact, and the same whatever order the figures come in. What was not said is counted and never taken for
//! nought; what must not be added is listed.

mod contributing;
pub mod people;
pub mod suppress;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::answers::types::FigureValue;
use crate::form::schema::AddUp;
use crate::period::Period;

pub use contributing::contributing;

/// One signed figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Signed<'a> {
    /// Who returned it.
    pub provider: &'a str,
    /// What it is for within the provider: an allocation and a row, where it has them.
    pub subject: (Option<&'a str>, Option<&'a str>),
    /// The period that it reports on.
    pub period: Period,
    /// Exact value or why there is none.
    pub value: FigureValue,
    /// "Approximately".
    pub approximately: bool,
}

/// How a measure adds up; none means that it is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Over time, within a provider and subject; done first.
    pub over_time: Option<AddUp>,
    /// Across providers and subjects.
    pub over_providers: Option<AddUp>,
}

/// What figures come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// The figure; why there is none, when no figure was given; none when they must not be, or cannot be, added.
    pub value: Option<FigureValue>,
    /// Whether a figure in it is approximate.
    pub approximately: bool,
    /// How many figures there were.
    pub given: usize,
    /// How many were said to be not known yet.
    pub not_known: usize,
    /// How many were not applicable: a ratio over nobody, or so marked.
    pub not_applicable: usize,
    /// How many were left blank.
    pub blank: usize,
}

/// A figure on its way, with the period that it is the latest of.
#[derive(Debug, Clone, Copy)]
struct Part {
    period: (NaiveDate, NaiveDate),
    value: FigureValue,
}

/// Puts figures of one measure together: over time within each provider and subject, then across those. A ratio is added
/// part by part and divided when it is shown; a range is added end by end.
#[must_use]
pub fn add_up(figures: &[Signed<'_>], rules: Rules) -> Sum {
    let mut subjects: BTreeMap<_, Vec<Part>> = BTreeMap::new();
    for figure in figures {
        subjects
            .entry((figure.provider, figure.subject))
            .or_default()
            .push(Part {
                period: (figure.period.end(), figure.period.start()),
                value: figure.value,
            });
    }
    let count = |wanted: fn(&FigureValue) -> bool| figures.iter().filter(|figure| wanted(&figure.value)).count();
    let not_known = count(|value| matches!(value, FigureValue::NotKnown));
    let not_applicable = count(|value| matches!(value, FigureValue::NotApplicable));
    let blank = count(|value| matches!(value, FigureValue::Blank));
    let parts: Option<Vec<Part>> = subjects
        .values()
        .map(|parts| put_together(parts, rules.over_time))
        .collect();
    let value = parts.and_then(|parts| put_together(&parts, rules.over_providers));
    Sum {
        value: value.map(|part| part.value),
        approximately: figures.iter().any(|figure| figure.approximately),
        given: figures.len() - not_known - not_applicable - blank,
        not_known,
        not_applicable,
        blank,
    }
}

/// The sum of values that stand under one another, as [`AddUp::Sum`] has it; none when they cannot be added.
#[must_use]
pub fn sum(values: &[FigureValue]) -> Option<FigureValue> {
    let given: Vec<FigureValue> = values.iter().copied().filter(is_given).collect();
    match given.as_slice() {
        [] => Some(absent(values)),
        given => summed(given),
    }
}

/// Parts along one way of adding up; none when they are listed. One part alone is itself, whatever the rule.
fn put_together(parts: &[Part], rule: Option<AddUp>) -> Option<Part> {
    let latest = parts.iter().map(|part| part.period).max()?;
    let value = match (parts, rule) {
        ([only], _) => return Some(*only),
        (_, None | Some(AddUp::List)) => return None,
        (_, Some(AddUp::Last)) => {
            let mut last = parts.iter().filter(|part| part.period == latest).map(|part| part.value);
            let first = last.next()?;
            // Two figures for the same last period cannot both be the latest.
            last.all(|other| other == first).then_some(first)?
        }
        (_, Some(rule)) => {
            let values: Vec<FigureValue> = parts.iter().map(|part| part.value).collect();
            let given: Vec<FigureValue> = values.iter().copied().filter(is_given).collect();
            match (given.as_slice(), rule) {
                ([], _) => absent(&values),
                (given, AddUp::Max) => largest(given)?,
                (given, _) => summed(given)?,
            }
        }
    };
    Some(Part { period: latest, value })
}

fn is_given(value: &FigureValue) -> bool {
    !matches!(
        value,
        FigureValue::NotApplicable | FigureValue::NotKnown | FigureValue::Blank
    )
}

/// Why there is no figure: not known yet when anybody says so, not applicable when all do, else blank.
fn absent(values: &[FigureValue]) -> FigureValue {
    if values.contains(&FigureValue::NotKnown) {
        FigureValue::NotKnown
    } else if !values.is_empty() && values.iter().all(|value| *value == FigureValue::NotApplicable) {
        FigureValue::NotApplicable
    } else {
        FigureValue::Blank
    }
}

/// Figures added; none when they are of several kinds, or more than can be counted.
fn summed(values: &[FigureValue]) -> Option<FigureValue> {
    let whole = |part: fn(&FigureValue) -> Option<i64>| -> Option<i64> {
        let parts: Option<Vec<i64>> = values.iter().map(part).collect();
        i64::try_from(parts?.into_iter().map(i128::from).sum::<i128>()).ok()
    };
    Some(match *values.first()? {
        FigureValue::Money { .. } => FigureValue::Money {
            pence: whole(|value| match value {
                FigureValue::Money { pence } => Some(*pence),
                _ => None,
            })?,
        },
        FigureValue::Count { .. } => FigureValue::Count {
            count: whole(|value| match value {
                FigureValue::Count { count } => Some(*count),
                _ => None,
            })?,
        },
        FigureValue::Number { percent, .. } => {
            let (parts, places) = scaled(values, percent)?;
            let sum = parts.into_iter().try_fold(0_i128, i128::checked_add)?;
            FigureValue::Number {
                scaled: i64::try_from(sum).ok()?,
                places,
                percent,
            }
        }
        FigureValue::Ratio { .. } => FigureValue::Ratio {
            of: whole(|value| ratio(value).map(|(of, ..)| of))?,
            per: whole(|value| ratio(value).map(|(_, per, _)| per))?,
            places: values.iter().filter_map(ratio).map(|(.., places)| places).max()?,
        },
        FigureValue::Range { .. } => FigureValue::Range {
            low: whole(|value| range(value).map(|(low, _)| low))?,
            high: whole(|value| range(value).map(|(_, high)| high))?,
        },
        FigureValue::NotApplicable | FigureValue::NotKnown | FigureValue::Blank => return None,
    })
}

/// The largest; of ranges, the largest of each end.
fn largest(values: &[FigureValue]) -> Option<FigureValue> {
    if let FigureValue::Range { .. } = values.first()? {
        let ends: Vec<(i64, i64)> = values.iter().map(range).collect::<Option<_>>()?;
        return Some(FigureValue::Range {
            low: ends.iter().map(|(low, _)| *low).max()?,
            high: ends.iter().map(|(_, high)| *high).max()?,
        });
    }
    let mut best = *values.first()?;
    for value in &values[1..] {
        // Of two that are equally large, the same one is kept whichever came first.
        if order(value, &best)?.then_with(|| finer(value, &best)) == Ordering::Greater {
            best = *value;
        }
    }
    Some(best)
}

fn order(one: &FigureValue, other: &FigureValue) -> Option<Ordering> {
    match (*one, *other) {
        (FigureValue::Money { pence: a }, FigureValue::Money { pence: b })
        | (FigureValue::Count { count: a }, FigureValue::Count { count: b }) => Some(a.cmp(&b)),
        (FigureValue::Number { percent: a, .. }, FigureValue::Number { percent: b, .. }) if a == b => {
            let (scaled, _) = scaled(&[*one, *other], a)?;
            Some(scaled[0].cmp(&scaled[1]))
        }
        (FigureValue::Ratio { of: a, per: b, .. }, FigureValue::Ratio { of: c, per: d, .. }) if b > 0 && d > 0 => {
            Some((i128::from(a) * i128::from(d)).cmp(&(i128::from(c) * i128::from(b))))
        }
        _ => None,
    }
}

/// Which of two equal figures says more: more places, or a ratio over more.
fn finer(one: &FigureValue, other: &FigureValue) -> Ordering {
    let detail = |value: &FigureValue| match *value {
        FigureValue::Number { places, .. } => (0, places),
        FigureValue::Ratio { per, places, .. } => (per, places),
        _ => (0, 0),
    };
    detail(one).cmp(&detail(other))
}

fn ratio(value: &FigureValue) -> Option<(i64, i64, u32)> {
    match *value {
        FigureValue::Ratio { of, per, places } => Some((of, per, places)),
        _ => None,
    }
}

fn range(value: &FigureValue) -> Option<(i64, i64)> {
    match *value {
        FigureValue::Range { low, high } => Some((low, high)),
        _ => None,
    }
}

/// Numbers brought to the most places that any of them has.
fn scaled(values: &[FigureValue], percentages: bool) -> Option<(Vec<i128>, u32)> {
    let parts: Vec<(i64, u32)> = values
        .iter()
        .map(|value| match *value {
            FigureValue::Number {
                scaled,
                places,
                percent,
            } if percent == percentages => Some((scaled, places)),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let most = parts.iter().map(|(_, places)| *places).max()?;
    let brought = parts.into_iter().map(|(scaled, places)| {
        let power = 10_i128.checked_pow(most - places)?;
        i128::from(scaled).checked_mul(power)
    });
    Some((brought.collect::<Option<_>>()?, most))
}
