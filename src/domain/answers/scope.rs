//! What a rule sees of the board from where it stands.
//!
//! Invariant: a rule sees only what counts. A hidden answer, an unreadable one and one "not known yet" are blank to it.

use std::cell::Cell as Flag;

use rust_decimal::Decimal;

use super::board::{At, Board, Cell, Seat};
use super::order::{columns_of, table_of};
use super::types::{Answer, Value};
use crate::form::rule::{Name, RuleValue, Scope};
use crate::form::schema::Measure;

/// What a rule sees from one place.
#[derive(Clone, Copy)]
pub(super) struct View<'b> {
    pub board: &'b Board<'b>,
    pub seat: Seat,
    /// Raised when a figure is read that was said to be approximate.
    approximate: Option<&'b Flag<bool>>,
}

impl<'b> View<'b> {
    /// What is seen from this seat.
    pub fn new(board: &'b Board<'b>, seat: Seat) -> Self {
        View {
            board,
            seat,
            approximate: None,
        }
    }

    /// The same, raising this flag when what is read is approximate.
    pub fn watched<'w>(self, approximate: &'w Flag<bool>) -> View<'w>
    where
        'b: 'w,
    {
        View {
            approximate: Some(approximate),
            ..self
        }
    }

    /// The cell of a question, or of a column of the row that this is, when it can be seen from here.
    pub fn cell(&self, id: &str) -> Option<&'b Cell> {
        let at = self.board.place(&self.seat, id)?;
        self.read(at)
    }

    fn read(&self, at: At) -> Option<&'b Cell> {
        let cell = Some(self.board.cell(at)).filter(|cell| cell.visible)?;
        if let Some(flag) = self.approximate.filter(|_| cell.approximate) {
            flag.set(true);
        }
        Some(cell)
    }

    /// What is seen from another seat, by the same eyes.
    fn from(&self, other: View<'b>) -> View<'b> {
        View {
            approximate: self.approximate,
            ..other
        }
    }

    /// The numerator and denominator of a measure, as rules read them.
    pub fn parts(&self, measure: &Measure) -> (RuleValue, RuleValue) {
        let exact = |id: &str| self.cell(id).map_or(RuleValue::Blank, |cell| cell.exact.clone());
        (exact(&measure.of), exact(&measure.per))
    }

    fn answer<T>(
        &self,
        id: &str,
        part: impl FnOnce(&Value) -> Option<T>,
        value: impl FnOnce(T) -> RuleValue,
    ) -> RuleValue {
        match self.cell(id).map(|cell| &cell.answer) {
            Some(Answer::Given(given)) => part(given).map_or(RuleValue::Blank, value),
            Some(Answer::NotApplicable) => RuleValue::NotApplicable,
            _ => RuleValue::Blank,
        }
    }

    fn counted(&self, id: &str, part: impl FnOnce(&Value) -> Option<i64>) -> RuleValue {
        self.answer(id, part, |count| RuleValue::Number(Decimal::from(count)))
    }

    /// One cell of a table, by the id of its row.
    fn table_cell(&self, table: &str, row: &str, column: &str) -> RuleValue {
        let exact = || {
            let at = self.board.place(&self.seat, table)?;
            let row = self
                .board
                .grid(at.instance, at.question)?
                .rows
                .iter()
                .position(|of| of.id == row)?;
            let columns = columns_of(self.board.question(at.instance, at.question));
            let column = columns.iter().position(|of| of.id == column)?;
            self.read(at.cell(row, column))
        };
        exact().map_or(RuleValue::Blank, |cell| cell.exact.clone())
    }

    /// The rows of a table: of the one that is seen from here, or of all when there is none to choose by.
    pub fn table_rows(&self, table: &str) -> Vec<View<'b>> {
        let Some((section, question)) = self.board.layout.spots.get(table).copied() else {
            return Vec::new();
        };
        let instances = match self.board.place(&self.seat, table) {
            Some(At { instance, .. }) => instance..instance + 1,
            None => self.board.instances_of(section),
        };
        instances
            .flat_map(|instance| {
                let rows = self.board.grid(instance, question).map_or(0, |grid| grid.rows.len());
                (0..rows).map(move |row| self.from(self.board.view_in_row(instance, question, row)))
            })
            .collect()
    }

    /// What a measure comes to, not rounded.
    fn measure(&self, id: &str) -> RuleValue {
        let Some(measure) = self.board.form.measures.iter().find(|measure| measure.id == *id) else {
            return RuleValue::Blank;
        };
        match self.parts(measure) {
            (RuleValue::Number(of), RuleValue::Number(per)) | (RuleValue::Money(of), RuleValue::Money(per)) => {
                share(of, per)
            }
            (RuleValue::NotApplicable, RuleValue::Number(_) | RuleValue::Money(_) | RuleValue::NotApplicable)
            | (RuleValue::Number(_) | RuleValue::Money(_), RuleValue::NotApplicable) => RuleValue::NotApplicable,
            _ => RuleValue::Blank,
        }
    }
}

impl Scope for View<'_> {
    fn value(&self, name: &Name) -> RuleValue {
        match name {
            Name::Question(id) => self.cell(id).map_or(RuleValue::Blank, |cell| cell.exact.clone()),
            Name::Column { table, column } => {
                let within = self
                    .seat
                    .row
                    .is_some_and(|row| self.board.question(row.instance, row.question).id == *table);
                let cell = within.then(|| self.cell(column)).flatten();
                cell.map_or(RuleValue::Blank, |cell| cell.exact.clone())
            }
            Name::Cell { table, row, column } => self.table_cell(table, row, column),
            Name::Numerator(id) => self.counted(id, |value| match value {
                Value::Ratio { of, .. } => Some(*of),
                _ => None,
            }),
            Name::Denominator(id) => self.counted(id, |value| match value {
                Value::Ratio { per, .. } => Some(*per),
                _ => None,
            }),
            Name::Low(id) => self.counted(id, |value| match value {
                Value::Range { low, .. } => Some(*low),
                _ => None,
            }),
            Name::High(id) => self.counted(id, |value| match value {
                Value::Range { high, .. } => Some(*high),
                _ => None,
            }),
            Name::Measure(id) => self.measure(id),
            Name::Previous(id) => super::previous::value(self.board, &self.seat, id),
            Name::Fund(_)
            | Name::Grant(_)
            | Name::Provider(_)
            | Name::Allocation(_)
            | Name::Period(_)
            | Name::Project(_)
            | Name::Cohort(_)
            | Name::Line(_)
            | Name::Row(_) => self.board.register_value(&self.seat, name),
        }
    }

    fn rows(&self, section: &str) -> Vec<Box<dyn Scope + '_>> {
        if let Some(at) = self.board.form.sections.iter().position(|of| of.id == section) {
            return self
                .board
                .instances_of(at)
                .map(|instance| Box::new(self.from(self.board.view(instance))) as Box<dyn Scope + '_>)
                .collect();
        }
        let is_table = self
            .board
            .layout
            .spots
            .get(section)
            .is_some_and(|(s, q)| table_of(&self.board.form.sections[*s].questions[*q]).is_some());
        if !is_table {
            return Vec::new();
        }
        self.table_rows(section)
            .into_iter()
            .map(|view| Box::new(view) as Box<dyn Scope + '_>)
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
