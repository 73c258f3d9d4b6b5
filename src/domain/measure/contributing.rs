//! Which figures are in a sum: under a number of a paper stand these and no others.
//!
//! Invariant: by the same rules as [`super::add_up`]; leaving out what is not among them changes nothing.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Rules, Signed, add_up};
use crate::answers::types::FigureValue;
use crate::form::schema::AddUp;
use crate::period::Period;

/// Which figures are in the sum: all of those that are added, the latest, or the largest; of those that are listed, all.
#[must_use]
pub fn contributing(signed: &[Signed<'_>], rules: Rules) -> Vec<usize> {
    let mut subjects: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (at, figure) in signed.iter().enumerate() {
        subjects.entry((figure.provider, figure.subject)).or_default().push(at);
    }
    let over_time = Rules {
        over_time: rules.over_time,
        over_providers: Some(AddUp::Sum),
    };
    let each: Vec<(Vec<usize>, Signed<'_>)> = subjects
        .into_values()
        .filter_map(|of| {
            let own: Vec<Signed<'_>> = of.iter().map(|at| signed[*at].clone()).collect();
            let value = add_up(&own, over_time).value;
            let kept = kept(&own, rules.over_time, value);
            let latest = own.iter().map(|figure| figure.period).max_by_key(order)?;
            let whole = Signed {
                period: latest,
                value: value.unwrap_or(FigureValue::Blank),
                ..own.first()?.clone()
            };
            Some((kept.into_iter().map(|at| of[at]).collect(), whole))
        })
        .collect();
    let wholes: Vec<Signed<'_>> = each.iter().map(|(_, whole)| whole.clone()).collect();
    let value = add_up(
        &wholes,
        Rules {
            over_time: None,
            ..rules
        },
    )
    .value;
    let kept = kept(&wholes, rules.over_providers, value);
    kept.into_iter().flat_map(|at| each[at].0.clone()).collect()
}

fn order(period: &Period) -> (NaiveDate, NaiveDate) {
    (period.end(), period.start())
}

fn kept(figures: &[Signed<'_>], rule: Option<AddUp>, value: Option<FigureValue>) -> Vec<usize> {
    let all = 0..figures.len();
    match rule {
        Some(AddUp::Last) => {
            let latest = figures.iter().map(|figure| order(&figure.period)).max();
            all.filter(|at| Some(order(&figures[*at].period)) == latest).collect()
        }
        // The largest of ranges may have its ends from two of them.
        Some(AddUp::Max) if !matches!(value, Some(FigureValue::Range { .. })) => {
            let largest = all.clone().find(|at| Some(figures[*at].value) == value);
            largest.map_or_else(|| all.collect(), |at| vec![at])
        }
        Some(AddUp::Sum | AddUp::Max | AddUp::List) | None => all.collect(),
    }
}
