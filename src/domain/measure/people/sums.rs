//! Calculations within a return, and what they take from the return before.
//!
//! Invariant: a figure is looked for in the place of the one that is followed; where it is not clear which is meant, the
//! calculation is not taken for a sum.

use std::collections::BTreeSet;

use super::reads::{Reads, measure_of, reads};
use super::{Walk, all_of, asked, own, under};
use crate::answers::types::{Figure, FigureValue};
use crate::document::{Atom, People};
use crate::form::rule::{Name, Rule};
use crate::form::schema::Form;

impl Walk<'_> {
    /// What a rule adds and takes off, where it does nothing else and all of it is of people.
    pub(super) fn sum(
        &self,
        reference: &str,
        form: &Form,
        rule: &Rule,
        figure: &Figure,
        deep: usize,
    ) -> Option<People> {
        self.left.set(self.left.get().checked_sub(1)?);
        let deep = deep.checked_sub(1)?;
        let is_blank = |name: &Name| match name {
            Name::Previous(id) => {
                self.returns.register(reference)?;
                let value = self.before(reference, id, figure).map(|(_, found)| found.value);
                Some(!value.is_some_and(is_said))
            }
            _ => None,
        };
        let (mut added, mut taken) = (Vec::new(), Vec::new());
        for term in rule.terms(&is_blank)? {
            let (mut plus, mut minus) = (Vec::new(), Vec::new());
            for made in self.term(reference, form, (term.name, term.gathered.is_some()), figure, deep)? {
                let (of, less) = signed(made, term.name)?;
                plus.extend(of);
                minus.extend(less);
            }
            if term.taken {
                std::mem::swap(&mut plus, &mut minus);
            }
            added.extend(plus);
            taken.extend(minus);
            if added.len() + taken.len() > super::MOST {
                return None;
            }
        }
        match (added.is_empty(), taken.is_empty()) {
            (true, _) => None,
            (false, true) => Some(People::Count(added)),
            (false, false) => Some(People::Less { of: added, less: taken }),
        }
    }

    /// The figures that a name of a rule reads; over all rows of a section or table where they are gathered.
    fn term(
        &self,
        reference: &str,
        form: &Form,
        (name, gathered): (&Name, bool),
        figure: &Figure,
        deep: usize,
    ) -> Option<Vec<People>> {
        if let Name::Previous(id) = name {
            return Some(vec![self.of_before(reference, form, id, figure, deep)?]);
        }
        let id = measure_of(name)?;
        let mut found = self.returns.figures(reference, &id);
        found.retain(|other| in_scope(figure, other));
        if let Name::Cell { row, .. } = name {
            found.retain(|other| other.row.as_ref().and_then(|own| own.rsplit('/').next()) == Some(row));
        }
        if gathered {
            found.retain(|other| is_said(other.value));
        } else {
            found = vec![the_one(found, figure)?];
        }
        found.into_iter().map(|other| self.of(reference, other, deep)).collect()
    }

    /// The figure that the return before had in the same place, and that return's reference.
    fn before(&self, reference: &str, id: &str, figure: &Figure) -> Option<(&str, &Figure)> {
        let previous = self.returns.register(reference)?.previous.as_ref()?;
        let found = previous.figures.iter().filter(|other| other.measure == id);
        let found = found.filter(|other| in_scope(figure, other)).collect();
        Some((&previous.reference, the_one(found, figure)?))
    }

    /// What it is made of. Where the return before is not known any more as it was then, its figure stands for itself.
    fn of_before(&self, reference: &str, form: &Form, id: &str, figure: &Figure, deep: usize) -> Option<People> {
        let (previous, found) = self.before(reference, id, figure)?;
        let followed = self.of_other(previous, found, deep);
        followed.or_else(|| self.itself_before(reference, form, id, figure))
    }

    fn itself_before(&self, reference: &str, form: &Form, id: &str, figure: &Figure) -> Option<People> {
        let (previous, found) = self.before(reference, id, figure)?;
        let people = asked(form, id).is_some_and(|one| one.kind.counts_people()) || !under(form, id).is_empty();
        people.then(|| own(previous, id, found))
    }

    /// What a figure of another return is made of, as far as that return still says the same.
    pub(super) fn of_other(&self, reference: &str, figure: &Figure, deep: usize) -> Option<People> {
        let known = self.returns.figures(reference, &figure.measure);
        let same = known
            .into_iter()
            .find(|other| in_place(other, figure) && other.value == figure.value)?;
        self.of(reference, same, deep)
    }

    /// Every count that a figure follows from in some way, of its own return and of the one before. Where it has been
    /// followed far enough, each stands for itself.
    pub(super) fn carried(&self, reference: &str, form: &Form, figure: &Figure, deep: usize) -> Option<People> {
        let left = self.left.get().checked_sub(1);
        self.left.set(left.unwrap_or(0));
        let deep = left.and(deep.checked_sub(1));
        let mut atoms: BTreeSet<Atom> = BTreeSet::new();
        let Reads { here, before } = reads(form, &figure.measure);
        for id in here {
            let found = self.returns.figures(reference, &id);
            for other in found.into_iter().filter(|other| in_scope(figure, other)) {
                let made = deep.and_then(|deep| self.of(reference, other, deep));
                atoms.extend(all_of(made.unwrap_or_else(|| own(reference, &id, other))));
            }
        }
        for id in before {
            let made = match deep {
                Some(deep) => self.of_before(reference, form, &id, figure, deep),
                None => self.itself_before(reference, form, &id, figure),
            };
            atoms.extend(made.map(all_of).unwrap_or_default());
        }
        (!atoms.is_empty()).then(|| People::Worked(atoms.into_iter().collect()))
    }
}

/// The figure that is meant: that of the same place, else the only one there is.
fn the_one<'f>(found: Vec<&'f Figure>, figure: &Figure) -> Option<&'f Figure> {
    let same = found.iter().copied().find(|other| in_place(other, figure));
    match (same, found.as_slice()) {
        (Some(same), _) => Some(same),
        (None, [only]) => Some(only),
        _ => None,
    }
}

/// Whether two figures are of the same allocation and row.
pub(super) fn in_place(one: &Figure, other: &Figure) -> bool {
    (&one.allocation, &one.row) == (&other.allocation, &other.row)
}

/// Whether a figure goes into one of another place: of the same allocation and row, of one beneath, or of the whole.
fn in_scope(figure: &Figure, other: &Figure) -> bool {
    let same_allocation =
        figure.allocation.is_none() || other.allocation.is_none() || other.allocation == figure.allocation;
    same_allocation && within(figure.row.as_deref(), other.row.as_deref())
}

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

fn is_said(value: FigureValue) -> bool {
    !matches!(
        value,
        FigureValue::Blank | FigureValue::NotKnown | FigureValue::NotApplicable
    )
}

/// A whole number, as a count or as a calculation gives it.
#[must_use]
pub fn whole(value: FigureValue) -> Option<i64> {
    match value {
        FigureValue::Count { count } => Some(count),
        FigureValue::Number {
            scaled,
            places: 0,
            percent: false,
        } => Some(scaled),
        _ => None,
    }
}

/// The counts that come to a figure, where they are added and nothing else; of one that differs from others, its own.
pub(super) fn counts(people: &People) -> Option<Vec<Atom>> {
    match people {
        People::Count(atoms) => Some(atoms.clone()),
        People::Part { own, .. } | People::Near { own, .. } => counts(own),
        People::Less { .. } | People::Ratio { .. } | People::Range { .. } | People::Worked(_) => None,
    }
}

/// The counts that a name of a rule adds and takes off; none where it is more than a sum.
fn signed(people: People, name: &Name) -> Option<(Vec<Atom>, Vec<Atom>)> {
    match (people, name) {
        (People::Ratio { of, .. }, Name::Numerator(_)) => Some((of, Vec::new())),
        (People::Ratio { per, .. }, Name::Denominator(_)) => Some((per, Vec::new())),
        (People::Range { low, .. }, Name::Low(_)) => Some((low, Vec::new())),
        (People::Range { high, .. }, Name::High(_)) => Some((high, Vec::new())),
        (People::Count(atoms), _) => Some((atoms, Vec::new())),
        (People::Less { of, less }, _) => Some((of, less)),
        (People::Part { own, .. }, name) => signed(*own, name),
        _ => None,
    }
}

/// Whether counts come to exactly this figure.
#[must_use]
pub fn says(people: &People, value: FigureValue) -> bool {
    let sum = |atoms: &[Atom]| atoms.iter().try_fold(0_i64, |sum, atom| sum.checked_add(atom.count));
    match (people, value) {
        (People::Count(atoms), value) => whole(value).is_some_and(|count| sum(atoms) == Some(count)),
        (People::Less { of, less }, value) => {
            let left = sum(of).zip(sum(less)).and_then(|(of, less)| of.checked_sub(less));
            left.is_some() && left == whole(value)
        }
        (
            People::Ratio { of, per },
            FigureValue::Ratio {
                of: top, per: under, ..
            },
        ) => (sum(of), sum(per)) == (Some(top), Some(under)),
        (People::Range { low, high }, FigureValue::Range { low: least, high: most }) => {
            (sum(low), sum(high)) == (Some(least), Some(most))
        }
        (People::Part { own, .. }, value) => says(own, value),
        _ => false,
    }
}
