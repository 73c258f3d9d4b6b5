//! Figures that are added, and the counts that they are made of.
//!
//! Invariant: no count is lost; what cannot be kept apart is carried as worked out.

use crate::document::{Atom, People};

/// Every count in it.
#[must_use]
pub fn all_of(people: People) -> Vec<Atom> {
    match people {
        People::Count(atoms) | People::Worked(atoms) => atoms,
        People::Ratio { of: one, per: other }
        | People::Range { low: one, high: other }
        | People::Less { of: one, less: other } => [one, other].concat(),
        People::Part { own, of } => [all_of(*own), of].concat(),
        People::Near { own, near } => [all_of(*own), all_of(*near)].concat(),
    }
}

/// What figures that were added are made of; none where none of them tells of anybody.
#[must_use]
pub fn together(all: impl IntoIterator<Item = People>) -> Option<People> {
    all.into_iter().reduce(both)
}

fn both(one: People, other: People) -> People {
    match (one, other) {
        // A figure that was not given adds nobody.
        (People::Count(none), other) | (other, People::Count(none)) if none.is_empty() => other,
        (People::Count(a), People::Count(b)) => People::Count(joined(a, b)),
        (People::Count(a), People::Less { of, less }) | (People::Less { of, less }, People::Count(a)) => People::Less {
            of: joined(of, a),
            less,
        },
        (People::Less { of: a, less: b }, People::Less { of: c, less: d }) => People::Less {
            of: joined(a, c),
            less: joined(b, d),
        },
        (People::Ratio { of: a, per: b }, People::Ratio { of: c, per: d }) => People::Ratio {
            of: joined(a, c),
            per: joined(b, d),
        },
        (People::Range { low: a, high: b }, People::Range { low: c, high: d }) => People::Range {
            low: joined(a, c),
            high: joined(b, d),
        },
        (People::Near { own: a, near: b }, People::Near { own: c, near: d }) => near(both(*a, *c), both(*b, *d)),
        (People::Near { own, near: to }, other) | (other, People::Near { own, near: to }) => {
            near(both(*own, other.clone()), both(*to, other))
        }
        (People::Part { own: a, of: b }, People::Part { own: c, of: d }) => People::Part {
            own: Box::new(both(*a, *c)),
            of: joined(b, d),
        },
        // Of the others it is not known what they are a part of.
        (People::Part { own, .. }, other) | (other, People::Part { own, .. }) => both(*own, other),
        (a, b) => People::Worked(joined(all_of(a), all_of(b))),
    }
}

/// Each count is moved once, however many figures are added.
fn joined(mut one: Vec<Atom>, other: Vec<Atom>) -> Vec<Atom> {
    one.extend(other);
    one
}

fn near(own: People, near: People) -> People {
    People::Near {
        own: Box::new(own),
        near: Box::new(near),
    }
}
