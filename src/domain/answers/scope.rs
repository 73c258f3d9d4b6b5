//! What a rule sees of the board from where it stands.
//!
//! Invariant: a rule sees only what counts. A hidden answer, an unreadable one and one "not known yet" are blank to it.

use rust_decimal::Decimal;

use super::board::{Board, Cell};
use super::types::{Answer, Value};
use crate::form::rule::{Name, RuleValue, Scope};
use crate::form::schema::Measure;

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
        self.board
            .cells
            .get(instance)?
            .get(question)
            .filter(|cell| cell.visible)
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
                    (RuleValue::Number(of), RuleValue::Number(per)) | (RuleValue::Money(of), RuleValue::Money(per)) => {
                        share(of, per)
                    }
                    (
                        RuleValue::NotApplicable,
                        RuleValue::Number(_) | RuleValue::Money(_) | RuleValue::NotApplicable,
                    )
                    | (RuleValue::Number(_) | RuleValue::Money(_), RuleValue::NotApplicable) => {
                        RuleValue::NotApplicable
                    }
                    _ => RuleValue::Blank,
                }
            }
            Name::Fund(_)
            | Name::Grant(_)
            | Name::Provider(_)
            | Name::Allocation(_)
            | Name::Period(_)
            | Name::Project(_)
            | Name::Cohort(_)
            | Name::Line(_)
            | Name::Row(_)
            | Name::Low(_)
            | Name::High(_)
            | Name::Cell { .. }
            | Name::Column { .. }
            | Name::Previous(_) => self.board.register_value(self.allocation, name),
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
