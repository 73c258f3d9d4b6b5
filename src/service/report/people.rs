//! How a figure is made of counts of people.
//!
//! Invariant: a count has one name wherever it is told, so that what one table says of it is known of the other; what is
//! worked out from a count in whatever way carries it.

use std::collections::BTreeSet;

use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::{Atom, People};
use countersign_domain::form::rule::{Name, Rule};
use countersign_domain::form::schema::{Form, Kind, Measure, Question};
use countersign_domain::form::{Named, NamedOf};

use super::material::{Datum, Material};

/// The questions and columns that count people and from which this figure is worked out, itself left out.
pub(super) fn under(form: &Form, id: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut left = vec![id.to_owned()];
    while let Some(next) = left.pop() {
        if !seen.insert(next.clone()) {
            continue;
        }
        if let Some(measure) = form.measure(&next) {
            left.extend(parts(measure));
        } else if let Some(question) = asked(form, &next) {
            if question.kind.counts_people() && next != id {
                found.insert(next.clone());
            }
            left.extend(rules(question).flat_map(|rule| rule.reads()).filter_map(read));
        }
    }
    found
}

/// The two questions of a measure.
pub(super) fn parts(measure: &Measure) -> [String; 2] {
    let named = |id: &String| match &measure.table {
        Some(table) => format!("{table}.{id}"),
        None => id.clone(),
    };
    [named(&measure.of), named(&measure.per)]
}

/// A question, or the column of a table.
pub(super) fn asked<'f>(form: &'f Form, id: &str) -> Option<&'f Question> {
    match form.column(id) {
        Some((.., column)) => Some(column),
        None => form.question(id).map(|(_, question)| question),
    }
}

/// The rules that a figure of the question follows from.
fn rules(question: &Question) -> impl Iterator<Item = &Rule> {
    let of_kind = match &question.kind {
        Kind::Calculated { value, .. } => Some(value),
        Kind::Percent { check, .. } => check.as_ref(),
        _ => None,
    };
    let locked = question.from.as_ref().filter(|_| question.locked);
    of_kind.into_iter().chain(locked)
}

fn read(name: &Name) -> Option<String> {
    Some(match name {
        Name::Question(id)
        | Name::Numerator(id)
        | Name::Denominator(id)
        | Name::Low(id)
        | Name::High(id)
        | Name::Measure(id) => id.clone(),
        Name::Cell { table, column, .. } | Name::Column { table, column } => format!("{table}.{column}"),
        Name::Fund(_)
        | Name::Grant(_)
        | Name::Provider(_)
        | Name::Allocation(_)
        | Name::Period(_)
        | Name::Project(_)
        | Name::Cohort(_)
        | Name::Line(_)
        | Name::Row(_)
        | Name::Previous(_) => return None,
    })
}

/// What one figure is made of; none where it tells of nobody.
pub(super) fn of_datum(material: &Material, form: &Form, named: &Named<'_>, datum: &Datum) -> Option<People> {
    let value = datum.row.figure.value;
    match named.of {
        NamedOf::Question(question) if question.kind.counts_people() => Some(counted(&named.id, datum, value)),
        NamedOf::Measure(measure) => {
            let people = parts(measure).map(|id| (asked(form, &id).is_some_and(|part| part.kind.counts_people()), id));
            match (people, value) {
                ([(true, of_id), (true, per_id)], FigureValue::Ratio { of, per, .. }) if (0..=per).contains(&of) => {
                    Some(People::Ratio {
                        of: vec![atom(datum, &of_id, "", of)],
                        per: vec![atom(datum, &per_id, "", per)],
                    })
                }
                _ => worked(material, form, &named.id, datum),
            }
        }
        NamedOf::Question(_) => worked(material, form, &named.id, datum),
    }
}

fn counted(id: &str, datum: &Datum, value: FigureValue) -> People {
    match value {
        FigureValue::Ratio { of, per, .. } => People::Ratio {
            of: vec![atom(datum, id, "/of", of)],
            per: vec![atom(datum, id, "/per", per)],
        },
        FigureValue::Range { low, high } => People::Range {
            low: vec![atom(datum, id, "/low", low)],
            high: vec![atom(datum, id, "/high", high)],
        },
        FigureValue::Count { count } => People::Count(vec![atom(datum, id, "", count)]),
        _ => People::Count(Vec::new()),
    }
}

/// The counts of the same return that a figure is worked out from.
fn worked(material: &Material, form: &Form, id: &str, datum: &Datum) -> Option<People> {
    let figure = &datum.row.figure;
    let mut atoms = Vec::new();
    for name in under(form, id) {
        for other in material.of_return(datum.held, &name).filter(|other| {
            let of = &other.row.figure;
            let same_allocation =
                figure.allocation.is_none() || of.allocation.is_none() || of.allocation == figure.allocation;
            same_allocation && within(figure.row.as_deref(), of.row.as_deref())
        }) {
            atoms.extend(all_of(counted(&name, other, other.row.figure.value)));
        }
    }
    (!atoms.is_empty()).then_some(People::Worked(atoms))
}

/// Whether a count of one row goes into a figure of another: of the same, of one beneath, or of the whole.
fn within(row: Option<&str>, of: Option<&str>) -> bool {
    match (row, of) {
        (None, _) | (_, None) => true,
        (Some(row), Some(of)) => {
            let beneath =
                |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'));
            row == of || beneath(of, row) || beneath(row, of)
        }
    }
}

fn atom(datum: &Datum, id: &str, part: &str, count: i64) -> Atom {
    let row = &datum.row;
    Atom {
        key: format!(
            "{}/{}/{id}{part}/{}/{}",
            row.return_id,
            row.revision,
            row.figure.allocation.as_deref().unwrap_or_default(),
            row.figure.row.as_deref().unwrap_or_default()
        ),
        count: count.max(0),
    }
}

/// Every count in it.
pub(super) fn all_of(people: People) -> Vec<Atom> {
    match people {
        People::Count(atoms) | People::Worked(atoms) => atoms,
        People::Ratio { of, per } => [of, per].concat(),
        People::Range { low, high } => [low, high].concat(),
    }
}

/// What figures that were added are made of; none where none of them tells of anybody.
pub(super) fn together(all: Vec<People>) -> Option<People> {
    // Each count is moved once, however many figures there are.
    let joined = |mut one: Vec<Atom>, other: Vec<Atom>| {
        one.extend(other);
        one
    };
    all.into_iter().reduce(|sum, next| match (sum, next) {
        (People::Count(a), People::Count(b)) => People::Count(joined(a, b)),
        (People::Ratio { of: a, per: b }, People::Ratio { of: c, per: d }) => People::Ratio {
            of: joined(a, c),
            per: joined(b, d),
        },
        (People::Range { low: a, high: b }, People::Range { low: c, high: d }) => People::Range {
            low: joined(a, c),
            high: joined(b, d),
        },
        (a, b) => People::Worked(joined(all_of(a), all_of(b))),
    })
}
