//! From which questions of a form a figure follows.
//!
//! Invariant: read off the form alone, so that it can be gathered before any figure is looked at.

use std::collections::BTreeSet;

use crate::form::rule::{Name, Rule};
use crate::form::schema::{Form, Kind, Measure, Question};

/// What a figure is worked out from.
#[derive(Default)]
pub(super) struct Reads {
    /// Questions and columns of the same return that count people.
    pub here: BTreeSet<String>,
    /// Figures of the return before.
    pub before: BTreeSet<String>,
}

/// The questions and columns that count people and from which this figure is worked out, itself left out; those that it
/// takes from the return before too.
#[must_use]
pub fn under(form: &Form, id: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut left = vec![id.to_owned()];
    while let Some(next) = left.pop() {
        if !seen.insert(next.clone()) {
            continue;
        }
        let Reads { here, before } = reads(form, &next);
        let of_people = before.iter().filter(|id| counts_people(form, id)).cloned();
        found.extend(of_people.chain(here));
        left.extend(before);
    }
    found.remove(id);
    found
}

/// Whether this figure is made of counts of other returns: those beneath, or the one before.
#[must_use]
pub fn leads_elsewhere(form: &Form, id: &str) -> bool {
    let rolled = |id: &str| asked(form, id).is_some_and(|one| one.roll_up.is_some() && one.kind.counts_people());
    let Reads { here, before } = reads(form, id);
    let tells = |id: &String| counts_people(form, id) || !under(form, id).is_empty();
    rolled(id) || here.iter().any(|id| rolled(id)) || before.iter().any(tells)
}

/// What figures of people take from the return before: questions, columns and measures of the form.
#[must_use]
pub fn before(form: &Form) -> BTreeSet<String> {
    let named = form.measures_named().map(|named| reads(form, &named.id).before);
    let tells = |id: &String| counts_people(form, id) || !under(form, id).is_empty();
    named.flatten().filter(tells).collect()
}

/// What a figure is worked out from within its return, whatever calculations stand between.
pub(super) fn reads(form: &Form, id: &str) -> Reads {
    let mut found = Reads::default();
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
                found.here.insert(next);
            }
            for name in rules(question).flat_map(|rule| rule.reads()) {
                match name {
                    Name::Previous(id) => drop(found.before.insert(id.clone())),
                    name => left.extend(measure_of(name)),
                }
            }
        }
    }
    found
}

fn counts_people(form: &Form, id: &str) -> bool {
    asked(form, id).is_some_and(|question| question.kind.counts_people())
}

/// The two questions of a measure.
#[must_use]
pub fn parts(measure: &Measure) -> [String; 2] {
    let named = |id: &String| match &measure.table {
        Some(table) => format!("{table}.{id}"),
        None => id.clone(),
    };
    [named(&measure.of), named(&measure.per)]
}

/// A question, or the column of a table.
#[must_use]
pub fn asked<'f>(form: &'f Form, id: &str) -> Option<&'f Question> {
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
    let same = question.same_as.as_ref().map(|same| &same.rule);
    of_kind.into_iter().chain(locked).chain(same)
}

/// The question, column or measure that a name reads in the same return.
pub(super) fn measure_of(name: &Name) -> Option<String> {
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
