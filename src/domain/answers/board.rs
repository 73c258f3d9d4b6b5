//! The board on which a return is worked out: one cell for each question of each section's instance, and how rules
//! read them.
//!
//! Invariant: a rule sees only what counts. A hidden answer, an unreadable one and one "not known yet" are blank to it.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::order::{Spot, spots};
use super::types::{Answer, Draft, DraftAnswer, Register, SectionKey, Value};
use crate::form::rule::{Name, RuleValue, Scope};
use crate::form::schema::{Each, Form, Measure, OwedBy, Question};
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
}

impl Cell {
    pub fn hidden() -> Self {
        Self { visible: false, answer: Answer::Blank, exact: RuleValue::Blank, note: None, problem: None }
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
                    instances.push(Instance { key: SectionKey(of.id.clone()), section, allocation: None });
                }
                Each::Allocation => {
                    instances.extend(register.allocations.iter().enumerate().map(|(at, allocation)| Instance {
                        key: SectionKey(format!("{}/{}", of.id, allocation.key)),
                        section,
                        allocation: Some(at),
                    }));
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

    pub fn drafted(&self, instance: usize, question: usize) -> Option<&'a DraftAnswer> {
        let section = self.draft.sections.get(&self.instances[instance].key)?;
        section.answers.get(&self.question(instance, question).id)
    }

    /// Where rules of this instance look.
    pub fn view(&self, instance: usize) -> View<'_> {
        View { board: self, allocation: self.instances[instance].allocation.or_else(|| self.only_allocation()) }
    }

    /// Where rules of the whole return look.
    pub fn whole(&self) -> View<'_> {
        View { board: self, allocation: self.only_allocation() }
    }

    /// The place of a question seen from an instance, or from the whole: its instance and itself.
    pub fn place(&self, allocation: Option<usize>, id: &str) -> Option<(usize, usize)> {
        let (section, question) = *self.spots.get(id)?;
        let first = self.first[section];
        let instance = match self.form.sections[section].each {
            Each::Whole => first,
            Each::Allocation => first + allocation?,
        };
        Some((instance, question))
    }

    /// A label or title with its placeholders filled in.
    pub fn filled(&self, words: &str, allocation: Option<usize>) -> String {
        fill(words, |name| {
            let name = register_name(name)?;
            match self.register_value(allocation, &name) {
                RuleValue::Text(text) => Some(text),
                RuleValue::Money(pence) => to_money(pence).map(super::format::money),
                RuleValue::Date(date) => Some(super::format::date(date)),
                RuleValue::Number(number) => Some(super::format::number(number)),
                RuleValue::Blank | RuleValue::NotApplicable | RuleValue::Truth(_) => None,
            }
        })
    }

    fn only_allocation(&self) -> Option<usize> {
        (self.form.owed_by == OwedBy::Allocation && self.register.allocations.len() == 1).then_some(0)
    }

    fn register_value(&self, allocation: Option<usize>, name: &Name) -> RuleValue {
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
                "label" => RuleValue::Text(register.period.label()),
                _ => RuleValue::Blank,
            },
            Name::Question(_) | Name::Numerator(_) | Name::Denominator(_) | Name::Measure(_) => RuleValue::Blank,
        }
    }
}

/// What a rule sees from one place.
#[derive(Clone, Copy)]
pub(super) struct View<'b> {
    pub board: &'b Board<'b>,
    pub allocation: Option<usize>,
}

impl View<'_> {
    /// The cell of a question, when it can be seen from here.
    pub fn cell(&self, id: &str) -> Option<&Cell> {
        let (instance, question) = self.board.place(self.allocation, id)?;
        self.board.cells.get(instance)?.get(question).filter(|cell| cell.visible)
    }

    /// The numerator and denominator of a measure, as rules read them.
    pub fn parts(&self, measure: &Measure) -> (RuleValue, RuleValue) {
        let exact = |id: &str| self.cell(id).map_or(RuleValue::Blank, |cell| cell.exact.clone());
        (exact(&measure.of), exact(&measure.per))
    }

    fn ratio(&self, id: &str, part: impl FnOnce(i64, i64) -> i64) -> RuleValue {
        match self.cell(id).map(|cell| &cell.answer) {
            Some(Answer::Given(Value::Ratio { of, per })) => RuleValue::Number(Decimal::from(part(*of, *per))),
            Some(Answer::NotApplicable) => RuleValue::NotApplicable,
            _ => RuleValue::Blank,
        }
    }
}

impl Scope for View<'_> {
    fn value(&self, name: &Name) -> RuleValue {
        match name {
            Name::Question(id) => self.cell(id).map_or(RuleValue::Blank, |cell| cell.exact.clone()),
            Name::Numerator(id) => self.ratio(id, |of, _| of),
            Name::Denominator(id) => self.ratio(id, |_, per| per),
            Name::Measure(id) => {
                let Some(measure) = self.board.form.measures.iter().find(|measure| measure.id == *id) else {
                    return RuleValue::Blank;
                };
                match self.parts(measure) {
                    (RuleValue::Number(of), RuleValue::Number(per))
                    | (RuleValue::Money(of), RuleValue::Money(per)) => share(of, per),
                    (RuleValue::NotApplicable, RuleValue::Number(_) | RuleValue::Money(_) | RuleValue::NotApplicable)
                    | (RuleValue::Number(_) | RuleValue::Money(_), RuleValue::NotApplicable) => {
                        RuleValue::NotApplicable
                    }
                    _ => RuleValue::Blank,
                }
            }
            Name::Fund(_) | Name::Grant(_) | Name::Provider(_) | Name::Allocation(_) | Name::Period(_) => {
                self.board.register_value(self.allocation, name)
            }
        }
    }

    fn rows(&self, section: &str) -> Vec<Box<dyn Scope + '_>> {
        let Some(at) = self.board.form.sections.iter().position(|of| of.id == section) else {
            return Vec::new();
        };
        self.board
            .instances_of(at)
            .map(|instance| Box::new(self.board.view(instance)) as Box<dyn Scope + '_>)
            .collect()
    }
}

/// So many of so many, as a percentage that is not rounded; not applicable over nobody.
pub(super) fn share(of: Decimal, per: Decimal) -> RuleValue {
    if per.is_zero() {
        return RuleValue::NotApplicable;
    }
    of.checked_mul(Decimal::ONE_HUNDRED)
        .and_then(|of| of.checked_div(per))
        .map_or(RuleValue::Blank, RuleValue::Number)
}

fn pence(amount: Money) -> RuleValue {
    RuleValue::Money(Decimal::from(amount.in_pence()))
}

/// Whole pence, rounded half away from nought; none when it does not fit.
pub(super) fn to_money(pence: Decimal) -> Option<Money> {
    i64::try_from(super::format::rounded(pence, 0).mantissa()).ok().map(Money::pence)
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

/// Puts values in the place of `{names}`; what has no value stays as written.
fn fill(words: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}').and_then(|(name, tail)| Some((value(name)?, tail))) {
            Some((text, tail)) => {
                out.push_str(&text);
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
