//! Where one stored answer goes in another version of its form.
//!
//! Invariant: an answer about one thing never becomes an answer about another: it goes to the same allocation, project,
//! cohort or row, or there is but one that it can be about.

use std::collections::BTreeSet;

use super::{Sections, is_typed};
use crate::answers::types::{Register, SectionKey};
use crate::form::schema::{Each, Form};

/// Where an answer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Destination {
    /// It stays.
    Same,
    /// To this section.
    To(SectionKey),
    /// It is asked of something else, and could be about several.
    Several,
    /// It is not asked.
    Nowhere,
}

/// Where the answer to question `id`, stored under `key`, goes.
pub(super) fn destination(
    old: &Form,
    new: &Form,
    register: &Register,
    sections: &Sections,
    key: &SectionKey,
    id: &str,
) -> Destination {
    let Some((to, _)) = new.question(id) else {
        return Destination::Nowhere;
    };
    let (from, subject) = match key.0.split_once('/') {
        Some((from, subject)) => (from, Some(subject)),
        None => (key.0.as_str(), None),
    };
    let was = old
        .section(from)
        .map_or(if subject.is_some() { to.each } else { Each::Whole }, |section| {
            section.each
        });
    if was == to.each {
        return match subject {
            _ if to.id == from => Destination::Same,
            Some(subject) => Destination::To(SectionKey(format!("{}/{subject}", to.id))),
            None => Destination::To(SectionKey(to.id.clone())),
        };
    }
    match (was, only(to.each, new, register, sections, &to.id)) {
        (_, _) if to.each == Each::Whole => match answered(sections, from, id) {
            1 => Destination::To(SectionKey(to.id.clone())),
            _ => Destination::Several,
        },
        (Each::Whole, Some(subject)) => Destination::To(SectionKey(format!("{}/{subject}", to.id))),
        _ => Destination::Several,
    }
}

/// In how many of a section's instances a question was answered.
fn answered(sections: &Sections, from: &str, id: &str) -> usize {
    let of = |key: &SectionKey| key.0.split_once('/').is_some_and(|(section, _)| section == from);
    sections
        .iter()
        .filter(|(key, section)| of(key) && section.answers.get(id).is_some_and(is_typed))
        .count()
}

/// The one thing that a section repeats for, where there is but one. A section of rows without any gets its first.
fn only(each: Each, form: &Form, register: &Register, sections: &Sections, to: &str) -> Option<String> {
    let keys: BTreeSet<String> = match each {
        Each::Whole => return None,
        Each::Allocation => register.allocations.iter().map(|known| known.key.clone()).collect(),
        Each::Project => register.allocations.iter().map(|known| known.project.clone()).collect(),
        Each::Cohort => form.cohorts.iter().map(|(id, _)| id.clone()).collect(),
        Each::Row => {
            let rows: BTreeSet<String> = sections
                .keys()
                .filter_map(|key| key.0.split_once('/'))
                .filter(|(section, _)| *section == to)
                .map(|(_, number)| number.to_owned())
                .collect();
            if rows.is_empty() {
                BTreeSet::from(["1".to_owned()])
            } else {
                rows
            }
        }
    };
    let mut keys = keys.into_iter();
    let first = keys.next()?;
    keys.next().is_none().then_some(first)
}
