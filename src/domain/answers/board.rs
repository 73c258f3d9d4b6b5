//! The board on which a return is worked out: one cell for each question of each section's instance, beside the register.
//!
//! Invariant: the cells follow the instances and their questions one for one; what is not worked out yet is hidden and
//! blank.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::order::{Spot, spots};
use super::scope::View;
use super::types::{Answer, Draft, DraftAnswer, Register, SectionKey};
use crate::form::placeholder::fill;
use crate::form::rule::{Name, RuleValue};
use crate::form::schema::{Each, Form, Kind, OwedBy, Question};
use crate::money::Money;

/// A section, or a section for one allocation.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    pub key: SectionKey,
    pub section: usize,
    pub allocation: Option<usize>,
}

/// One question as it stands.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub visible: bool,
    pub answer: Answer,
    /// As a rule reads it: a calculation is not rounded.
    pub exact: RuleValue,
    pub note: Option<String>,
    /// Why what was typed cannot be read.
    pub problem: Option<String>,
    /// Whether a figure stands here that was said to be approximate.
    pub approximate: bool,
}

impl Cell {
    pub fn hidden() -> Self {
        Self {
            visible: false,
            answer: Answer::Blank,
            exact: RuleValue::Blank,
            note: None,
            problem: None,
            approximate: false,
        }
    }
}

/// All that findings and figures are drawn from.
pub(super) struct Board<'a> {
    pub form: &'a Form,
    pub register: &'a Register,
    pub draft: &'a Draft,
    pub spots: HashMap<&'a str, Spot>,
    pub instances: Vec<Instance>,
    /// By instance, then by question.
    pub cells: Vec<Vec<Cell>>,
    /// By section: its first instance.
    pub first: Vec<usize>,
    /// The allocations together.
    pub allocated: Option<Money>,
}

impl<'a> Board<'a> {
    /// A board with nothing worked out.
    pub fn new(form: &'a Form, register: &'a Register, draft: &'a Draft) -> Self {
        let mut instances = Vec::new();
        let mut first = Vec::with_capacity(form.sections.len());
        for (section, of) in form.sections.iter().enumerate() {
            first.push(instances.len());
            match of.each {
                Each::Whole => {
                    instances.push(Instance {
                        key: SectionKey(of.id.clone()),
                        section,
                        allocation: None,
                    });
                }
                Each::Project | Each::Cohort | Each::Row => {}
                Each::Allocation => {
                    instances.extend(
                        register
                            .allocations
                            .iter()
                            .enumerate()
                            .map(|(at, allocation)| Instance {
                                key: SectionKey(format!("{}/{}", of.id, allocation.key)),
                                section,
                                allocation: Some(at),
                            }),
                    );
                }
            }
        }
        let cells = instances
            .iter()
            .map(|instance| vec![Cell::hidden(); form.sections[instance.section].questions.len()])
            .collect();
        Self {
            form,
            register,
            draft,
            spots: spots(form),
            instances,
            cells,
            first,
            allocated: Money::checked_sum(register.allocations.iter().map(|allocation| allocation.amount)),
        }
    }

    /// The instances of a section.
    pub fn instances_of(&self, section: usize) -> std::ops::Range<usize> {
        let from = self.first[section];
        let until = self.first.get(section + 1).copied().unwrap_or(self.instances.len());
        from..until
    }

    pub fn question(&self, instance: usize, question: usize) -> &'a Question {
        &self.form.sections[self.instances[instance].section].questions[question]
    }

    /// What a person typed; nothing for a question that nobody can fill in, whatever a draft says.
    pub fn drafted(&self, instance: usize, question: usize) -> Option<&'a DraftAnswer> {
        let of = self.question(instance, question);
        if of.locked || matches!(of.kind, Kind::Calculated { .. }) {
            return None;
        }
        let section = self.draft.sections.get(&self.instances[instance].key)?;
        section.answers.get(&of.id)
    }

    /// Where rules of this instance look.
    pub fn view(&self, instance: usize) -> View<'_> {
        View {
            board: self,
            allocation: self.instances[instance].allocation.or_else(|| self.only_allocation()),
        }
    }

    /// Where rules of the whole return look.
    pub fn whole(&self) -> View<'_> {
        View {
            board: self,
            allocation: self.only_allocation(),
        }
    }

    /// The place of a question seen from an instance, or from the whole: its instance and itself.
    pub fn place(&self, allocation: Option<usize>, id: &str) -> Option<(usize, usize)> {
        let (section, question) = *self.spots.get(id)?;
        let first = self.first[section];
        let instance = match self.form.sections[section].each {
            Each::Whole => first,
            Each::Allocation => first + allocation?,
            Each::Project | Each::Cohort | Each::Row => return None,
        };
        Some((instance, question))
    }

    /// A label or title with its placeholders filled in; one with no value is left out.
    pub fn filled(&self, words: &str, allocation: Option<usize>) -> String {
        fill(words, |name| {
            match register_name(name).map(|name| self.register_value(allocation, &name)) {
                Some(RuleValue::Text(text)) => text,
                Some(RuleValue::Money(pence)) => to_money(pence).map(super::format::money).unwrap_or_default(),
                Some(RuleValue::Date(date)) => super::format::date(date),
                Some(RuleValue::Number(number)) => super::format::number(number),
                Some(RuleValue::Blank | RuleValue::NotApplicable | RuleValue::Truth(_)) | None => String::new(),
            }
        })
    }

    fn only_allocation(&self) -> Option<usize> {
        (self.form.owed_by == OwedBy::Allocation && self.register.allocations.len() == 1).then_some(0)
    }

    pub fn register_value(&self, allocation: Option<usize>, name: &Name) -> RuleValue {
        let text = |text: &str| RuleValue::Text(text.to_owned());
        let register = self.register;
        match name {
            Name::Fund(field) => match field.as_str() {
                "key" => text(&register.fund.key),
                "title" => text(&register.fund.title),
                _ => RuleValue::Blank,
            },
            Name::Grant(field) => match field.as_str() {
                "amount" => pence(register.grant.amount),
                "carried_forward" => pence(register.grant.carried_forward),
                "allocated" => self.allocated.map_or(RuleValue::Blank, pence),
                "reference" => text(&register.grant.reference),
                "title" => text(&register.grant.title),
                "starts_on" => RuleValue::Date(register.grant.starts_on),
                "ends_on" => RuleValue::Date(register.grant.ends_on),
                _ => RuleValue::Blank,
            },
            Name::Provider(field) => match field.as_str() {
                "name" => text(&register.provider.name),
                _ => RuleValue::Blank,
            },
            Name::Allocation(field) => {
                let Some(of) = allocation.and_then(|at| register.allocations.get(at)) else {
                    return RuleValue::Blank;
                };
                match field.as_str() {
                    "amount" => pence(of.amount),
                    "uncovered" => pence(of.uncovered),
                    "contract_total" => of.contract_total.map_or(RuleValue::Blank, pence),
                    "key" => text(&of.key),
                    "title" => text(&of.title),
                    "provider" => text(&of.provider),
                    _ => RuleValue::Blank,
                }
            }
            Name::Period(field) => match field.as_str() {
                "start" => RuleValue::Date(register.period.start()),
                "end" => RuleValue::Date(register.period.end()),
                "label" => RuleValue::Text(register.period_words()),
                _ => RuleValue::Blank,
            },
            Name::Question(_)
            | Name::Numerator(_)
            | Name::Denominator(_)
            | Name::Measure(_)
            | Name::Project(_)
            | Name::Cohort(_)
            | Name::Line(_)
            | Name::Row(_)
            | Name::Low(_)
            | Name::High(_)
            | Name::Cell { .. }
            | Name::Column { .. }
            | Name::Previous(_) => RuleValue::Blank,
        }
    }
}

fn pence(amount: Money) -> RuleValue {
    RuleValue::Money(Decimal::from(amount.in_pence()))
}

/// Whole pence, rounded half away from nought; none when it does not fit.
pub(super) fn to_money(pence: Decimal) -> Option<Money> {
    i64::try_from(super::format::rounded(pence, 0).mantissa())
        .ok()
        .map(Money::pence)
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
        _ => return None,
    })
}
