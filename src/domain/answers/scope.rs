//! What a rule sees of the board from where it stands.
//!
//! Invariant: a rule sees only what counts. A hidden answer, an unreadable one and one "not known yet" are blank to it.

use std::cell::Cell as Flag;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::board::{At, Board, Cell, Seat};
use super::order::{columns_of, table_of};
use super::types::{Answer, FigureValue, Value};
use crate::form::rule::{Name, RuleType, RuleValue, Scope};
use crate::form::schema::{Kind, Measure};

/// What a rule came across while it was worked out.
#[derive(Default)]
pub(super) struct Seen {
    /// A figure that was said to be approximate.
    pub approximate: Flag<bool>,
    /// An answer that is not known yet.
    pub not_known: Flag<bool>,
    /// One that is not applicable.
    pub not_applicable: Flag<bool>,
    /// One that nobody gave, or that is hidden.
    pub missing: Flag<bool>,
    /// One that was given.
    pub given: Flag<bool>,
}

impl Seen {
    fn note(&self, answer: &Answer) {
        let flag = match answer {
            Answer::Blank => &self.missing,
            Answer::NotKnown => &self.not_known,
            Answer::NotApplicable => &self.not_applicable,
            Answer::Given(_) => &self.given,
        };
        flag.set(true);
    }
}

/// What a rule sees from one place.
#[derive(Clone, Copy)]
pub(super) struct View<'b> {
    pub board: &'b Board<'b>,
    pub seat: Seat,
    /// Told of every answer that is read.
    seen: Option<&'b Seen>,
    /// Whether what is not known yet is read as if it were known: as some value of its kind.
    supposing: bool,
}

impl<'b> View<'b> {
    /// What is seen from this seat.
    pub fn new(board: &'b Board<'b>, seat: Seat) -> Self {
        View {
            board,
            seat,
            seen: None,
            supposing: false,
        }
    }

    /// The same, telling of every answer that is read.
    pub fn watched<'w>(self, seen: &'w Seen) -> View<'w>
    where
        'b: 'w,
    {
        View {
            seen: Some(seen),
            ..self
        }
    }

    /// The same, once what is not known yet is known.
    pub fn supposing(self) -> View<'b> {
        View {
            supposing: true,
            ..self
        }
    }

    /// The cell of a question, or of a column of the row that this is, when it can be seen from here.
    pub fn cell(&self, id: &str) -> Option<&'b Cell> {
        let at = self.board.place(&self.seat, id)?;
        self.read(at)
    }

    fn read(&self, at: At) -> Option<&'b Cell> {
        let cell = self.board.cell(at);
        if let Some(seen) = self.seen {
            // A hidden answer is blank.
            seen.note(&cell.answer);
            if cell.approximate {
                seen.approximate.set(true);
            }
        }
        Some(cell).filter(|cell| cell.visible)
    }

    /// What stands somewhere, as rules read it; blank where nothing does.
    fn exact(&self, at: Option<At>) -> RuleValue {
        let Some((at, cell)) = at.and_then(|at| Some((at, self.read(at)?))) else {
            return RuleValue::Blank;
        };
        match cell.answer {
            Answer::NotKnown if self.supposing => supposed(&self.board.asked(at).kind),
            _ => cell.exact.clone(),
        }
    }

    fn exact_of(&self, id: &str) -> RuleValue {
        self.exact(self.board.place(&self.seat, id))
    }

    /// What was signed last.
    fn previous(&self, id: &str) -> RuleValue {
        let figure = super::previous::figure(self.board, &self.seat, id);
        let value = figure.map_or(FigureValue::Blank, |figure| figure.value);
        if let Some(seen) = self.seen {
            let flag = match value {
                FigureValue::Blank => &seen.missing,
                FigureValue::NotKnown => &seen.not_known,
                FigureValue::NotApplicable => &seen.not_applicable,
                _ => &seen.given,
            };
            flag.set(true);
        }
        match (value, self.board.place(&self.seat, id)) {
            (FigureValue::NotKnown, Some(at)) if self.supposing => supposed(&self.board.asked(at).kind),
            (FigureValue::NotKnown, None) if self.supposing => RuleValue::Number(Decimal::ONE),
            (value, _) => super::previous::as_rule(&value),
        }
    }

    /// What is seen from another seat, by the same eyes.
    fn from(&self, other: View<'b>) -> View<'b> {
        View {
            seen: self.seen,
            supposing: self.supposing,
            ..other
        }
    }

    /// The numerator and denominator of a measure, as rules read them.
    pub fn parts(&self, measure: &Measure) -> (RuleValue, RuleValue) {
        (self.exact_of(&measure.of), self.exact_of(&measure.per))
    }

    fn answer<T>(
        &self,
        id: &str,
        part: impl FnOnce(&Value) -> Option<T>,
        value: impl FnOnce(T) -> RuleValue,
    ) -> RuleValue {
        match self.cell(id).map(|cell| &cell.answer) {
            Some(Answer::NotKnown) if self.supposing => RuleValue::Number(Decimal::ONE),
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
        let there = || {
            let at = self.board.place(&self.seat, table)?;
            let row = self
                .board
                .grid(at.instance, at.question)?
                .rows
                .iter()
                .position(|of| of.id == row)?;
            let columns = columns_of(self.board.question(at.instance, at.question));
            let column = columns.iter().position(|of| of.id == column)?;
            Some(at.cell(row, column))
        };
        self.exact(there())
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
            Name::Question(id) => self.exact_of(id),
            Name::Column { table, column } => {
                let within = self
                    .seat
                    .row
                    .is_some_and(|row| self.board.question(row.instance, row.question).id == *table);
                self.exact(within.then(|| self.board.place(&self.seat, column)).flatten())
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
            Name::Previous(id) => self.previous(id),
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

/// Some value that an answer of this kind may have, so that a rule can be worked out that waits for it.
fn supposed(kind: &Kind) -> RuleValue {
    let of_type = |kind: RuleType| match kind {
        RuleType::Number => RuleValue::Number(Decimal::ONE),
        RuleType::Money => RuleValue::Money(Decimal::ONE_HUNDRED),
        RuleType::Truth => RuleValue::Truth(true),
        RuleType::Text => RuleValue::Text(String::new()),
        RuleType::Date => RuleValue::Date(NaiveDate::default()),
    };
    match kind {
        Kind::Calculated { value, .. } => of_type(value.kind()),
        Kind::Money { .. } | Kind::Split { .. } => of_type(RuleType::Money),
        Kind::Count { .. }
        | Kind::Percent { .. }
        | Kind::Decimal { .. }
        | Kind::Ratio { .. }
        | Kind::Choices { .. }
        | Kind::Priority { .. }
        | Kind::File { .. } => of_type(RuleType::Number),
        Kind::Text { .. } | Kind::Narrative { .. } | Kind::Choice { .. } | Kind::Contact => of_type(RuleType::Text),
        Kind::Date => of_type(RuleType::Date),
        Kind::YesNo | Kind::Declaration { .. } => of_type(RuleType::Truth),
        // Read by their ends and their cells.
        Kind::Range { .. } | Kind::Table(_) => RuleValue::Blank,
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
