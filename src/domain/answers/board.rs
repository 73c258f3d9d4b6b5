//! The board on which a return is worked out: one cell for each question of each section's instance, and one for each
//! row and column of its tables, beside the register.
//!
//! Invariant: the cells follow the instances and their questions one for one; what is not worked out yet is hidden and
//! blank.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::beneath::Index;
use super::instances::{Grid, Instance, Project, RowOf, Subject, grid, instances, projects};
use super::order::{Layout, Node, columns_of, table_of};
use super::scope::View;
use super::types::{Answer, CellPlace, Draft, DraftAnswer, Place, Register};
use crate::form::rule::RuleValue;
use crate::form::schema::{Each, Form, Kind, OwedBy, Question, TableKind};
use crate::money::Money;

/// One question as it stands, or one cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    pub visible: bool,
    pub answer: Answer,
    /// As a rule reads it: a calculation is not rounded.
    pub exact: RuleValue,
    pub note: Option<String>,
    /// Why what was typed cannot be read.
    pub problem: Option<String>,
    /// The check that the problem belongs to.
    pub check: &'static str,
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
            check: super::reading::READING,
            approximate: false,
        }
    }
}

/// Where something stands: a question of an instance, or a cell, or a row, of the table that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub instance: usize,
    pub question: usize,
    pub row: Option<usize>,
    pub column: Option<usize>,
}

impl At {
    pub fn question(instance: usize, question: usize) -> Self {
        Self {
            instance,
            question,
            row: None,
            column: None,
        }
    }

    pub fn row(self, row: usize) -> Self {
        Self { row: Some(row), ..self }
    }

    pub fn cell(self, row: usize, column: usize) -> Self {
        Self {
            row: Some(row),
            column: Some(column),
            ..self
        }
    }
}

/// A row of a table, as rules in it see themselves.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowSeat {
    pub instance: usize,
    pub question: usize,
    pub row: usize,
    pub of: RowOf,
}

/// From where a rule looks.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seat {
    pub instance: Option<usize>,
    pub allocation: Option<usize>,
    pub project: Option<usize>,
    pub cohort: Option<usize>,
    /// The number of a row that a provider added to a section.
    pub number: Option<u32>,
    pub row: Option<RowSeat>,
}

/// What is worked out, without what it is worked out from.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub projects: Vec<Project>,
    /// By allocation: its project.
    pub project_of: Vec<usize>,
    pub instances: Vec<Instance>,
    /// By section: its first instance.
    pub first: Vec<usize>,
    /// By instance, then by question.
    pub cells: Vec<Vec<Cell>>,
    /// By instance and question: the tables.
    pub grids: BTreeMap<(usize, usize), Grid>,
    /// The allocations together.
    pub allocated: Option<Money>,
    /// The returns beneath, by what is asked of them.
    pub beneath: Arc<Index>,
}

impl State {
    /// A state with nothing worked out.
    pub fn new(form: &Form, register: &Register, draft: &Draft) -> Self {
        let (projects, project_of) = projects(register);
        let (instances, first) = instances(form, register, draft, &projects);
        let mut grids = BTreeMap::new();
        let mut cells = Vec::with_capacity(instances.len());
        for (at, instance) in instances.iter().enumerate() {
            let questions = form.sections[instance.section].questions.len();
            cells.push(vec![Cell::hidden(); questions]);
            for question in 0..questions {
                let grid = grid(form, register, draft, instance, (instance.section, question));
                grids.extend(grid.map(|grid| ((at, question), grid)));
            }
        }
        Self {
            projects,
            project_of,
            instances,
            first,
            cells,
            grids,
            allocated: allocated(register),
            beneath: Arc::new(Index::new(register)),
        }
    }
}

/// All that findings and figures are drawn from.
pub(super) struct Board<'a> {
    pub form: &'a Form,
    pub layout: &'a Layout,
    pub register: &'a Register,
    pub draft: &'a Draft,
    pub state: State,
}

impl<'a> Board<'a> {
    /// How many instances there are.
    pub fn len(&self) -> usize {
        self.state.instances.len()
    }

    pub fn instance(&self, at: usize) -> &Instance {
        &self.state.instances[at]
    }

    /// The instances of a section.
    pub fn instances_of(&self, section: usize) -> Range<usize> {
        let from = self.state.first[section];
        let until = self.state.first.get(section + 1).copied().unwrap_or(self.len());
        from..until
    }

    pub fn question(&self, instance: usize, question: usize) -> &'a Question {
        &self.form.sections[self.state.instances[instance].section].questions[question]
    }

    /// The question or column that stands somewhere.
    pub fn asked(&self, at: At) -> &'a Question {
        let question = self.question(at.instance, at.question);
        match at.column {
            Some(column) => &columns_of(question)[column],
            None => question,
        }
    }

    /// The cell that stands somewhere; of a row as a whole, that of its table.
    pub fn cell(&self, at: At) -> &Cell {
        let cell = &self.state.cells[at.instance][at.question];
        match (at.row, at.column, self.grid(at.instance, at.question)) {
            (Some(row), Some(column), Some(grid)) => &grid.cells[row][column],
            _ => cell,
        }
    }

    /// The rows and cells of a table.
    pub fn grid(&self, instance: usize, question: usize) -> Option<&Grid> {
        self.state.grids.get(&(instance, question))
    }

    /// What a person typed; nothing for a question that nobody can fill in, whatever a draft says.
    pub fn drafted(&self, instance: usize, question: usize) -> Option<&'a DraftAnswer> {
        let of = self.question(instance, question);
        if of.locked || matches!(of.kind, Kind::Calculated { .. }) {
            return None;
        }
        let section = self.draft.sections.get(&self.state.instances[instance].key)?;
        section.answers.get(&of.id)
    }

    /// The places of a node, over all instances and rows.
    pub fn places_of(&self, node: Node) -> Vec<At> {
        let (section, question) = node.spot;
        self.instances_of(section)
            .flat_map(|instance| self.places_in(instance, question, node.column))
            .collect()
    }

    /// The places of a question, or of one column in all its rows, in one instance.
    pub fn places_in(&self, instance: usize, question: usize, column: Option<usize>) -> Vec<At> {
        let at = At::question(instance, question);
        match column {
            None => vec![at],
            Some(column) => {
                let rows = self.grid(instance, question).map_or(0, |grid| grid.rows.len());
                (0..rows).map(|row| at.cell(row, column)).collect()
            }
        }
    }

    /// From where the rules of an instance look.
    pub fn seat(&self, instance: usize) -> Seat {
        let mut seat = self.whole_seat();
        seat.instance = Some(instance);
        match self.state.instances[instance].subject {
            Subject::Whole => {}
            Subject::Allocation(at) => {
                seat.allocation = Some(at);
                seat.project = self.state.project_of.get(at).copied();
            }
            Subject::Project(at) => seat.project = Some(at),
            Subject::Cohort(at) => seat.cohort = Some(at),
            Subject::Row(number) => seat.number = Some(number),
        }
        seat
    }

    fn whole_seat(&self) -> Seat {
        let allocation = self.only_allocation();
        Seat {
            allocation,
            project: allocation.and_then(|at| self.state.project_of.get(at).copied()),
            ..Seat::default()
        }
    }

    /// Where rules of this instance look.
    pub fn view(&self, instance: usize) -> View<'_> {
        View::new(self, self.seat(instance))
    }

    /// Where rules of the whole return look.
    pub fn whole(&self) -> View<'_> {
        View::new(self, self.whole_seat())
    }

    /// Where the rules of a row of a table look.
    pub fn view_in_row(&self, instance: usize, question: usize, row: usize) -> View<'_> {
        let mut view = self.view(instance);
        if let Some(of) = self
            .grid(instance, question)
            .and_then(|grid| grid.rows.get(row))
            .map(|row| row.of)
        {
            view.seat.row = Some(RowSeat {
                instance,
                question,
                row,
                of,
            });
        }
        view
    }

    /// Where the rules of what stands somewhere look.
    pub fn view_at(&self, at: At) -> View<'_> {
        match at.row {
            Some(row) => self.view_in_row(at.instance, at.question, row),
            None => self.view(at.instance),
        }
    }

    /// The place of a question seen from a seat: a column of the row that it is in, or a question of a section that
    /// stands for the same.
    pub fn place(&self, seat: &Seat, id: &str) -> Option<At> {
        if let Some(at) = seat.row.and_then(|row| {
            let table = self.question(row.instance, row.question);
            let wanted = match id.split_once('.') {
                Some((of, column)) => (of == table.id).then_some(column)?,
                None => id,
            };
            let column = columns_of(table).iter().position(|column| column.id == wanted)?;
            Some(At::question(row.instance, row.question).cell(row.row, column))
        }) {
            return Some(at);
        }
        let (section, question) = *self.layout.spots.get(id)?;
        let first = self.state.first[section];
        let instance = match self.form.sections[section].each {
            Each::Whole => first,
            Each::Allocation => first + seat.allocation?,
            Each::Project => first + seat.project?,
            Each::Cohort => first + seat.cohort?,
            Each::Row => seat
                .instance
                .filter(|at| self.state.instances[*at].section == section)?,
        };
        Some(At::question(instance, question))
    }

    /// The allocation that every rule of the return sees: of a return that is owed for one.
    pub fn only_allocation(&self) -> Option<usize> {
        (self.form.owed_by == OwedBy::Allocation && self.register.allocations.len() == 1).then_some(0)
    }

    /// A place as findings name it.
    pub fn named(&self, at: At) -> Place {
        let row = at
            .row
            .and_then(|row| Some(self.grid(at.instance, at.question)?.rows.get(row)?.id.clone()));
        Place {
            section: self.state.instances[at.instance].key.clone(),
            question: self.question(at.instance, at.question).id.clone(),
            cell: row.map(|row| CellPlace {
                row,
                column: at.column.map(|_| self.asked(at).id.clone()),
            }),
        }
    }

    /// What is asked somewhere, for people: "Amount spent", "Spent, for “First cohort”".
    pub fn label(&self, at: At) -> String {
        let asked = self.asked(at);
        let label = self.filled(&asked.label.en, &self.view_at(at).seat);
        let table = table_of(self.question(at.instance, at.question));
        let checklist = table.is_some_and(|table| table.made_as == TableKind::Checklist);
        match self.row_label(at) {
            // An item of a checklist is the question that is asked.
            Some(row) if checklist && matches!(asked.kind, Kind::YesNo) => row.to_owned(),
            Some(row) if at.column.is_some() => format!("{label} for “{row}”"),
            Some(row) => format!("{label}: “{row}”"),
            None => label,
        }
    }

    /// What the row is called.
    pub fn row_label(&self, at: At) -> Option<&str> {
        let grid = self.grid(at.instance, at.question)?;
        Some(grid.rows.get(at.row?)?.label.as_str())
    }
}

/// The allocations of a register together.
pub(super) fn allocated(register: &Register) -> Option<Money> {
    Money::checked_sum(register.allocations.iter().map(|allocation| allocation.amount))
}

pub(super) fn pence(amount: Money) -> RuleValue {
    RuleValue::Money(rust_decimal::Decimal::from(amount.in_pence()))
}

/// Whole pence, rounded half away from nought; none when it does not fit.
pub(super) fn to_money(pence: rust_decimal::Decimal) -> Option<Money> {
    i64::try_from(super::format::rounded(pence, 0).mantissa())
        .ok()
        .map(Money::pence)
}
