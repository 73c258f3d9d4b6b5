//! Figures of returns become one figure of a document.
//!
//! Invariant: a figure is added by its measure's own rules and by no other; it carries the counts of people that are in it,
//! and the question to the register by which each return under it is found again.

use std::collections::BTreeSet;

use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::{People, Raw, Source, Told};
use countersign_domain::form::schema::AddUp;
use countersign_domain::ids::{AllocationId, FundId, GrantId, OrganisationId, ReturnId};
use countersign_domain::measure::{Signed, Sum, add_up, contributing};
use countersign_domain::money::Money;
use countersign_domain::period::Period;
use rust_decimal::Decimal;

use super::material::{Datum, Material};
use super::measured::{Measured, Of};
use super::people;

/// A figure of a document, and how many of its parts say nothing.
pub(super) struct Added {
    pub(super) raw: Raw,
    pub(super) sum: Option<Sum>,
}

/// A figure that stands for itself: of the register, or a goal.
pub(super) fn plain(value: FigureValue) -> Raw {
    Raw {
        told: Told::Value(value),
        approximately: false,
        provisional: false,
        restated: false,
        over_money: false,
        people: None,
        from: None,
    }
}

/// An amount that stands for itself.
pub(super) fn money(amount: Money) -> Raw {
    plain(FigureValue::Money {
        pence: amount.in_pence(),
    })
}

/// A whole number that stands for itself.
pub(super) fn whole(count: usize) -> Raw {
    plain(FigureValue::Count {
        count: i64::try_from(count).unwrap_or(i64::MAX),
    })
}

/// Figures of one measure together. `within` is the window that they were looked for in. Without any, the value is
/// `absent`.
pub(super) fn added(
    material: &Material,
    measured: &Measured<'_>,
    data: &[&Datum],
    within: Period,
    absent: FigureValue,
) -> Added {
    if data.is_empty() {
        let mut raw = plain(absent);
        raw.over_money = measured.over_money();
        return Added { raw, sum: None };
    }
    let subjects: Vec<String> = data.iter().map(|datum| subject(datum)).collect();
    let signed: Vec<Signed<'_>> = data
        .iter()
        .zip(&subjects)
        .map(|(datum, subject)| as_signed(datum, subject))
        .collect();
    let rules = measured.rules();
    let sum = add_up(&signed, rules);
    let told = match sum.value {
        Some(value) => Told::Value(value),
        None => Told::Listed(data.len()),
    };
    let used = contributing(&signed, rules);
    let parts: Vec<&Datum> = used.iter().map(|at| data[*at]).collect();
    let raw = Raw {
        approximately: parts.iter().any(|datum| datum.row.figure.approximately),
        provisional: parts.iter().any(|datum| material.held(datum).provisional),
        restated: parts.iter().any(|datum| material.is_restated(datum)),
        over_money: measured.over_money(),
        people: of_people(material, measured, &told, &parts),
        from: source(measured, data, within),
        told,
    };
    Added { raw, sum: Some(sum) }
}

/// Who and what a figure is for, apart from its allocation and row: allocations are known by their keys within a grant.
fn subject(datum: &Datum) -> String {
    format!("{}/{}", datum.row.grant, datum.row.provider)
}

fn as_signed<'a>(datum: &'a Datum, subject: &'a str) -> Signed<'a> {
    let figure = &datum.row.figure;
    Signed {
        provider: subject,
        subject: (figure.allocation.as_deref(), figure.row.as_deref()),
        period: datum.row.period,
        value: figure.value,
        approximately: figure.approximately,
    }
}

fn of_people(material: &Material, measured: &Measured<'_>, told: &Told, parts: &[&Datum]) -> Option<People> {
    let each = parts.iter().filter_map(|datum| people::of_datum(material, datum));
    let all = people::together(each)?;
    let ends = matches!(told, Told::Value(FigureValue::Range { .. }));
    let largest = [measured.named.over_time, measured.named.over_providers].contains(&Some(AddUp::Max));
    match (told, all) {
        // Of figures that are not told as a number nothing is told of the counts under them.
        (Told::Listed(_) | Told::Value(FigureValue::NotApplicable | FigureValue::NotKnown | FigureValue::Blank), _) => {
            None
        }
        // Ends from two figures are the sum of neither.
        (_, all) if ends && largest && parts.len() > 1 => Some(People::Worked(people::all_of(all))),
        (_, all) => Some(all),
    }
}

/// The question to the register of figures by which the parts of a figure are found again.
fn source(measured: &Measured<'_>, data: &[&Datum], within: Period) -> Option<Source> {
    let returns: BTreeSet<ReturnId> = data.iter().map(|datum| datum.row.return_id).collect();
    let grants: BTreeSet<GrantId> = data.iter().map(|datum| datum.row.grant).collect();
    let providers: BTreeSet<OrganisationId> = data.iter().map(|datum| datum.row.provider).collect();
    let allocations: BTreeSet<Option<AllocationId>> = data.iter().map(|datum| datum.row.allocation).collect();
    let rows: BTreeSet<Option<&str>> = data.iter().map(|datum| datum.row.figure.row.as_deref()).collect();
    let allocations: Option<Vec<AllocationId>> = allocations.into_iter().collect();
    let funds: BTreeSet<FundId> = data.iter().map(|datum| datum.row.fund).collect();
    let mut funds = funds.into_iter();
    Some(Source {
        fund: funds.next()?,
        other_funds: funds.collect(),
        form: measured.form.id.clone(),
        measure: measured.id().to_owned(),
        within,
        ret: only(returns),
        grant: only(grants),
        allocations: allocations.unwrap_or_default(),
        provider: only(providers),
        row: only(rows).flatten().map(str::to_owned),
    })
}

/// As [`source`], of figures that may be of several measures; then there is no one question, and none is asked.
pub(super) fn source_of(material: &Material, data: &[&Datum]) -> Option<Source> {
    let first = data.first()?;
    let (form, measure) = (&material.held(first).ret.form, &first.row.figure.measure);
    if data.iter().any(|datum| datum.row.figure.measure != *measure) {
        return None;
    }
    let form = material.forms.get(form)?;
    let named = form.measures_named().find(|named| named.id == *measure)?;
    let measured = Measured {
        form,
        named,
        name: String::new(),
    };
    source(&measured, data, material.windows.now)
}

fn only<T>(all: BTreeSet<T>) -> Option<T> {
    let mut all = all.into_iter();
    all.next().filter(|_| all.next().is_none())
}

/// A goal or a benchmark in the unit of its figure; none when it cannot be told exactly.
pub(super) fn goal(measured: &Measured<'_>, value: Decimal) -> Option<Raw> {
    let value = match measured.of() {
        Of::Money => FigureValue::Money {
            pence: Money::from_decimal(value)?.in_pence(),
        },
        Of::Count if value.fract().is_zero() => FigureValue::Count {
            count: value.trunc().to_string().parse().ok()?,
        },
        of => FigureValue::Number {
            scaled: i64::try_from(value.mantissa()).ok()?,
            places: value.scale(),
            percent: of == Of::Percent,
        },
    };
    Some(plain(value))
}
