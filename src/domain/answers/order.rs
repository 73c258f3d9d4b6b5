//! The order in which questions are worked out, so that each comes after all that it reads.
//!
//! Invariant: every question of the form is in the order exactly once, and the work is linear in questions and
//! in the names that their rules read.

use std::collections::{HashMap, VecDeque};

use crate::form::rule::{Name, Rule};
use crate::form::schema::{Form, Kind, Question};

/// A question's place in the form: its section, and itself within it.
pub(super) type Spot = (usize, usize);

/// Where each question of a form is, by id.
pub(super) fn spots(form: &Form) -> HashMap<&str, Spot> {
    let mut spots = HashMap::new();
    for (s, section) in form.sections.iter().enumerate() {
        for (q, question) in section.questions.iter().enumerate() {
            spots.insert(question.id.as_str(), (s, q));
        }
    }
    spots
}

/// Every question after those that it reads; otherwise in the order of the form.
pub(super) fn in_order(form: &Form, spots: &HashMap<&str, Spot>) -> Vec<Spot> {
    let mut waits: HashMap<Spot, usize> = HashMap::new();
    let mut feeds: HashMap<Spot, Vec<Spot>> = HashMap::new();
    let mut ready = VecDeque::new();
    for (s, section) in form.sections.iter().enumerate() {
        for (q, question) in section.questions.iter().enumerate() {
            let mut read: Vec<Spot> = rules_of(question)
                .flat_map(|rule| rule.reads().iter().flat_map(|name| questions_behind(form, spots, name)))
                .collect();
            read.sort_unstable();
            read.dedup();
            if read.is_empty() {
                ready.push_back((s, q));
            } else {
                waits.insert((s, q), read.len());
            }
            for spot in read {
                feeds.entry(spot).or_default().push((s, q));
            }
        }
    }
    let mut order = Vec::with_capacity(spots.len());
    while let Some(spot) = ready.pop_front() {
        order.push(spot);
        for fed in feeds.get(&spot).into_iter().flatten() {
            if let Some(left) = waits.get_mut(fed) {
                *left -= 1;
                if *left == 0 {
                    waits.remove(fed);
                    ready.push_back(*fed);
                }
            }
        }
    }
    // A form that was read has no circles; were there one, its questions read each other as blank.
    let mut left: Vec<Spot> = waits.into_keys().collect();
    left.sort_unstable();
    order.extend(left);
    order
}

/// The rules that decide what a question is and whether it is shown. What a percentage is checked against is
/// not among them: it is looked at when everything is worked out.
fn rules_of(question: &Question) -> impl Iterator<Item = &Rule> {
    let value = match &question.kind {
        Kind::Calculated { value, .. } => Some(value),
        _ => None,
    };
    question.show_if.iter().chain(&question.from).chain(value)
}

fn questions_behind(form: &Form, spots: &HashMap<&str, Spot>, name: &Name) -> Vec<Spot> {
    match name {
        Name::Question(id)
        | Name::Numerator(id)
        | Name::Denominator(id)
        | Name::Low(id)
        | Name::High(id)
        | Name::Cell { table: id, .. }
        | Name::Column { table: id, .. } => spots.get(id.as_str()).copied().into_iter().collect(),
        Name::Measure(id) => form
            .measures
            .iter()
            .filter(|measure| measure.id == *id)
            .flat_map(|measure| [&measure.of, &measure.per])
            .filter_map(|id| spots.get(id.as_str()).copied())
            .collect(),
        Name::Fund(_)
        | Name::Grant(_)
        | Name::Provider(_)
        | Name::Allocation(_)
        | Name::Period(_)
        | Name::Project(_)
        | Name::Cohort(_)
        | Name::Line(_)
        | Name::Row(_)
        | Name::Previous(_) => Vec::new(),
    }
}
