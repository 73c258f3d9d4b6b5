//! What the register says, as rules and placeholders name it.
//!
//! Invariant: what the register does not say is blank, never nought.

use rust_decimal::Decimal;

use super::board::{Board, Seat, allocated, pence, to_money};
use super::figures::available;
use super::instances::{Project, RowOf, projects};
use super::types::{AllocationFacts, LineFacts, Register, SectionKey};
use crate::form::placeholder::fill;
use crate::form::rule::{Name, RuleValue};
use crate::form::schema::{Each, Form, OwedBy};
use crate::money::Money;

/// A title, label or hint of a form with its placeholders filled in, as it reads in this section; without one, as it
/// reads of the return as a whole. A placeholder with no value is left out.
#[must_use]
pub fn filled(words: &str, form: &Form, register: &Register, section: Option<&SectionKey>) -> String {
    if !has_braces(words) {
        return words.to_owned();
    }
    let (projects, project_of) = projects(register);
    let facts = Facts {
        form,
        register,
        projects: &projects,
        project_of: &project_of,
        allocated: allocated(register),
    };
    facts.filled(words, &facts.seat(section))
}

fn has_braces(words: &str) -> bool {
    words.contains(['{', '}'])
}

/// The register with the projects that follow from it.
struct Facts<'a> {
    form: &'a Form,
    register: &'a Register,
    projects: &'a [Project],
    /// By allocation: its project.
    project_of: &'a [usize],
    /// The allocations together.
    allocated: Option<Money>,
}

impl Board<'_> {
    /// A label or title with its placeholders filled in; one with no value is left out.
    pub fn filled(&self, words: &str, seat: &Seat) -> String {
        self.facts().filled(words, seat)
    }

    /// What a name of the register comes to, seen from a seat.
    pub fn register_value(&self, seat: &Seat, name: &Name) -> RuleValue {
        self.facts().value(seat, name)
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            form: self.form,
            register: self.register,
            projects: &self.state.projects,
            project_of: &self.state.project_of,
            allocated: self.state.allocated,
        }
    }
}

impl Facts<'_> {
    /// From where the words of a section look.
    fn seat(&self, section: Option<&SectionKey>) -> Seat {
        let (id, subject) = section.map_or(("", ""), |key| key.0.split_once('/').unwrap_or((&key.0, "")));
        let each = self.form.section(id).map_or(Each::Whole, |section| section.each);
        let only = self.form.owed_by == OwedBy::Allocation && self.register.allocations.len() == 1;
        let allocation = match each {
            Each::Allocation => self.register.allocations.iter().position(|of| of.key == subject),
            Each::Whole | Each::Project | Each::Cohort | Each::Row => only.then_some(0),
        };
        let project = match each {
            Each::Project => self.projects.iter().position(|of| of.key == subject),
            Each::Whole | Each::Allocation | Each::Cohort | Each::Row => {
                allocation.and_then(|at| self.project_of.get(at).copied())
            }
        };
        Seat {
            allocation,
            project,
            cohort: self
                .form
                .cohorts
                .iter()
                .position(|(id, _)| each == Each::Cohort && id == subject),
            number: subject.parse().ok().filter(|_| each == Each::Row),
            ..Seat::default()
        }
    }

    fn filled(&self, words: &str, seat: &Seat) -> String {
        if !has_braces(words) {
            return words.to_owned();
        }
        fill(words, |name| {
            match register_name(name).map(|name| self.value(seat, &name)) {
                Some(RuleValue::Text(text)) => text,
                Some(RuleValue::Money(pence)) => to_money(pence).map(super::format::money).unwrap_or_default(),
                Some(RuleValue::Date(date)) => super::format::date(date),
                Some(RuleValue::Number(number)) => super::format::number(number),
                Some(RuleValue::Blank | RuleValue::NotApplicable | RuleValue::Truth(_)) | None => String::new(),
            }
        })
    }

    fn value(&self, seat: &Seat, name: &Name) -> RuleValue {
        let register = self.register;
        match name {
            Name::Fund(field) => match field.as_str() {
                "key" => text(&register.fund.key),
                "title" => text(&register.fund.title),
                "smallest_award" => amount(register.fund.smallest_award),
                "largest_award" => amount(register.fund.largest_award),
                _ => RuleValue::Blank,
            },
            Name::Grant(field) => self.grant_value(field),
            Name::Provider(field) => match field.as_str() {
                "name" => text(&register.provider.name),
                _ => RuleValue::Blank,
            },
            Name::Allocation(field) => {
                let at = match seat.row.map(|row| row.of) {
                    Some(RowOf::Allocation(at)) => Some(at),
                    _ => seat.allocation,
                };
                at.and_then(|at| register.allocations.get(at))
                    .map_or(RuleValue::Blank, |of| allocation_value(of, field))
            }
            Name::Period(field) => match field.as_str() {
                "start" => RuleValue::Date(register.period.start()),
                "end" => RuleValue::Date(register.period.end()),
                "label" => RuleValue::Text(register.period_words()),
                "days" => RuleValue::Number(Decimal::from(register.period.days())),
                _ => RuleValue::Blank,
            },
            Name::Project(field) => self.project_value(seat, field),
            Name::Cohort(field) => {
                let at = match seat.row.map(|row| row.of) {
                    Some(RowOf::Cohort(at)) => Some(at),
                    _ => seat.cohort,
                };
                match (at.and_then(|at| self.form.cohorts.get(at)), field.as_str()) {
                    (Some((id, _)), "key") => text(id),
                    (Some((_, title)), "title") => text(&title.en),
                    _ => RuleValue::Blank,
                }
            }
            Name::Line(field) => match seat.row.map(|row| row.of) {
                Some(RowOf::Line(allocation, line)) => line_value(&register.allocations[allocation].lines[line], field),
                _ => RuleValue::Blank,
            },
            Name::Row(_) => {
                let number = match seat.row.map(|row| row.of) {
                    Some(RowOf::Added(number)) => number.checked_add(1),
                    _ => seat.number,
                };
                number.map_or(RuleValue::Blank, |number| RuleValue::Number(Decimal::from(number)))
            }
            Name::Question(_)
            | Name::Numerator(_)
            | Name::Denominator(_)
            | Name::Measure(_)
            | Name::Low(_)
            | Name::High(_)
            | Name::Cell { .. }
            | Name::Column { .. }
            | Name::Previous(_) => RuleValue::Blank,
        }
    }

    fn grant_value(&self, field: &str) -> RuleValue {
        let grant = &self.register.grant;
        match field {
            "amount" => pence(grant.amount),
            "carried_forward" => pence(grant.carried_forward),
            "allocated" => amount(self.allocated),
            "unallocated" => {
                amount(available(self.register).and_then(|available| available.checked_sub(self.allocated?)))
            }
            "reference" => text(&grant.reference),
            "title" => text(&grant.title),
            "starts_on" => RuleValue::Date(grant.starts_on),
            "ends_on" => RuleValue::Date(grant.ends_on),
            "conditions" => grant.conditions.as_deref().map_or(RuleValue::Blank, text),
            "held_back" => amount(grant.held_back),
            "held_back_for" => grant.held_back_for.as_deref().map_or(RuleValue::Blank, text),
            _ => RuleValue::Blank,
        }
    }

    fn project_value(&self, seat: &Seat, field: &str) -> RuleValue {
        let at = match seat.row.map(|row| row.of) {
            Some(RowOf::Allocation(at)) => self.project_of.get(at).copied(),
            _ => seat.project,
        };
        let Some(project) = at.and_then(|at| self.projects.get(at)) else {
            return RuleValue::Blank;
        };
        match field {
            "key" => text(&project.key),
            "title" => text(&project.title),
            "provider" => text(&project.provider),
            "amount" => amount(project.amount),
            _ => RuleValue::Blank,
        }
    }
}

fn allocation_value(of: &AllocationFacts, field: &str) -> RuleValue {
    match field {
        "amount" => pence(of.amount),
        "uncovered" => pence(of.uncovered),
        "contract_total" => amount(of.contract_total),
        "contract_ends_on" => of.contract_ends_on.map_or(RuleValue::Blank, RuleValue::Date),
        "other_funding" => amount(of.other_funding),
        "key" => text(&of.key),
        "title" => text(&of.title),
        "provider" => text(&of.provider),
        "project" if of.project.is_empty() => text(&of.key),
        "project" => text(&of.project),
        "lines" => RuleValue::Number(Decimal::from(of.lines.len())),
        _ => RuleValue::Blank,
    }
}

fn line_value(of: &LineFacts, field: &str) -> RuleValue {
    match field {
        "key" => text(&of.key),
        "title" => text(&of.title),
        "amount" => amount(of.amount),
        _ => RuleValue::Blank,
    }
}

fn text(text: &str) -> RuleValue {
    RuleValue::Text(text.to_owned())
}

fn amount(amount: Option<Money>) -> RuleValue {
    amount.map_or(RuleValue::Blank, pence)
}

/// `allocation.title` as a name of the register.
fn register_name(text: &str) -> Option<Name> {
    let (root, field) = text.trim().split_once('.')?;
    let field = field.to_owned();
    Some(match root {
        "fund" => Name::Fund(field),
        "grant" => Name::Grant(field),
        "provider" => Name::Provider(field),
        "allocation" => Name::Allocation(field),
        "period" => Name::Period(field),
        "project" => Name::Project(field),
        "cohort" => Name::Cohort(field),
        "line" => Name::Line(field),
        "row" => Name::Row(field),
        _ => return None,
    })
}
