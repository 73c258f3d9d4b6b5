//! Where answers stand: the sections as often as they repeat, and the rows of their tables.
//!
//! Invariant: worked out from the form, the register and what was typed alone, before any rule is looked at.

use std::collections::{BTreeMap, HashMap};

use super::board::Cell;
use super::order::{Spot, columns_of, table_of};
use super::types::{Draft, DraftAnswer, Mark, Register, SectionKey};
use crate::form::schema::{Each, Form, Kind, Table, TableRows};
use crate::money::Money;

/// What one of the instances of a section is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    Whole,
    /// An index into `register.allocations`.
    Allocation(usize),
    /// An index into the projects.
    Project(usize),
    /// An index into `form.cohorts`.
    Cohort(usize),
    /// The row's number, from 1.
    Row(u32),
}

/// A section, or a section for one of what it repeats for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instance {
    pub key: SectionKey,
    pub section: usize,
    pub subject: Subject,
}

impl Instance {
    /// The key of what it is for.
    pub fn subject_key(&self) -> Option<String> {
        self.key.0.split_once('/').map(|(_, subject)| subject.to_owned())
    }

    /// The allocation, of a section that repeats for each.
    pub fn allocation(&self) -> Option<usize> {
        match self.subject {
            Subject::Allocation(at) => Some(at),
            Subject::Whole | Subject::Project(_) | Subject::Cohort(_) | Subject::Row(_) => None,
        }
    }
}

/// A project that allocations pay for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Project {
    pub key: String,
    pub title: String,
    /// Its allocations' providers, each once.
    pub provider: String,
    /// Its allocations together; none when they are too much to count.
    pub amount: Option<Money>,
}

/// The projects in the order of their first allocation, and the project of each allocation.
pub(super) fn projects(register: &Register) -> (Vec<Project>, Vec<usize>) {
    let mut projects: Vec<Project> = Vec::new();
    let mut at: HashMap<&str, usize> = HashMap::new();
    let mut of = Vec::with_capacity(register.allocations.len());
    for allocation in &register.allocations {
        // A register that was frozen before projects had keys of their own names none.
        let (key, title) = if allocation.project.is_empty() {
            (&allocation.key, &allocation.title)
        } else {
            (&allocation.project, &allocation.project_title)
        };
        let index = *at.entry(key).or_insert_with(|| {
            projects.push(Project {
                key: key.clone(),
                title: if title.is_empty() {
                    allocation.title.clone()
                } else {
                    title.clone()
                },
                provider: String::new(),
                amount: Some(Money::ZERO),
            });
            projects.len() - 1
        });
        let project = &mut projects[index];
        project.amount = project.amount.and_then(|sum| sum.checked_add(allocation.amount));
        if !project.provider.split(", ").any(|known| known == allocation.provider) {
            if !project.provider.is_empty() {
                project.provider += ", ";
            }
            project.provider += &allocation.provider;
        }
        of.push(index);
    }
    (projects, of)
}

/// The instances in the order of the form, and by section its first.
pub(super) fn instances(
    form: &Form,
    register: &Register,
    draft: &Draft,
    projects: &[Project],
) -> (Vec<Instance>, Vec<usize>) {
    let mut instances = Vec::new();
    let mut first = Vec::with_capacity(form.sections.len());
    for (section, of) in form.sections.iter().enumerate() {
        first.push(instances.len());
        let instance = |key: &str, subject| Instance {
            key: SectionKey(format!("{}/{key}", of.id)),
            section,
            subject,
        };
        match of.each {
            Each::Whole => instances.push(Instance {
                key: SectionKey(of.id.clone()),
                section,
                subject: Subject::Whole,
            }),
            Each::Allocation => {
                let allocations = register.allocations.iter().enumerate();
                instances.extend(allocations.map(|(at, of)| instance(&of.key, Subject::Allocation(at))));
            }
            Each::Project => {
                let projects = projects.iter().enumerate();
                instances.extend(projects.map(|(at, of)| instance(&of.key, Subject::Project(at))));
            }
            Each::Cohort => {
                let cohorts = form.cohorts.iter().enumerate();
                instances.extend(cohorts.map(|(at, (id, _))| instance(id, Subject::Cohort(at))));
            }
            Each::Row => {
                let rows = row_numbers(draft, &of.id).into_iter();
                instances.extend(rows.map(|number| instance(&number.to_string(), Subject::Row(number))));
            }
        }
    }
    (instances, first)
}

/// The numbers of a section's rows that are there and not taken out, in order.
fn row_numbers(draft: &Draft, section: &str) -> Vec<u32> {
    let begins = format!("{section}/");
    let mut numbers: Vec<u32> = draft
        .sections
        .range(SectionKey(begins.clone())..)
        .take_while(|(key, _)| key.0.starts_with(&begins))
        .filter(|(_, row)| !row.removed)
        .filter_map(|(key, _)| row_number(&key.0[begins.len()..]))
        .collect();
    numbers.sort_unstable();
    numbers
}

/// Whether a key is that of a row which a provider may add.
pub(super) fn is_row(form: &Form, key: &SectionKey) -> bool {
    key.0.split_once('/').is_some_and(|(section, number)| {
        form.section(section).is_some_and(|section| section.each == Each::Row) && row_number(number).is_some()
    })
}

/// A row's number as keys write it: from 1, without noughts before it.
fn row_number(text: &str) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    (number > 0 && number.to_string() == text).then_some(number)
}

/// Of what a row of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowOf {
    /// An index into the rows that the form gives.
    Fixed(usize),
    /// An index into `form.cohorts`.
    Cohort(usize),
    /// An index into `register.allocations`.
    Allocation(usize),
    /// A budget line: the allocation, and the line in it.
    Line(usize, usize),
    /// A priority of the fund's plan.
    Priority,
    /// Added, with its number from 0.
    Added(u32),
}

/// The rows and cells of a table in one instance.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    pub rows: Vec<GridRow>,
    /// By row, then by column.
    pub cells: Vec<Vec<Cell>>,
    /// More rows were added than may be.
    pub too_many: bool,
}

/// One row of a table.
#[derive(Debug, Clone)]
pub(super) struct GridRow {
    pub id: String,
    pub label: String,
    pub of: RowOf,
    /// By column: what was typed.
    pub typed: Vec<Option<DraftAnswer>>,
}

/// The grid of a table; none for a question that is no table.
pub(super) fn grid(form: &Form, register: &Register, draft: &Draft, instance: &Instance, spot: Spot) -> Option<Grid> {
    let question = &form.sections[spot.0].questions[spot.1];
    let table = table_of(question)?;
    let answer = draft
        .sections
        .get(&instance.key)
        .and_then(|section| section.answers.get(&question.id));
    let mut typed = answer.map(|answer| typed_cells(answer, table)).unwrap_or_default();
    let rows: Vec<GridRow> = rows_of(form, register, table, instance, &typed)
        .into_iter()
        .map(|(id, label, of)| GridRow {
            typed: typed.remove(&id).unwrap_or_else(|| vec![None; table.columns.len()]),
            id,
            label,
            of,
        })
        .collect();
    let too_many = matches!(table.rows, TableRows::Added { max, .. } if rows.len() > max as usize);
    let cells = vec![vec![Cell::hidden(); columns_of(question).len()]; rows.len()];
    Some(Grid { rows, cells, too_many })
}

type Row = (String, String, RowOf);
/// By row: what was typed in each column.
type TypedRows = BTreeMap<String, Vec<Option<DraftAnswer>>>;

fn rows_of(form: &Form, register: &Register, table: &Table, instance: &Instance, typed: &TypedRows) -> Vec<Row> {
    match &table.rows {
        TableRows::Fixed(rows) => {
            let rows = rows.iter().enumerate();
            rows.map(|(at, row)| (row.id.clone(), row.label.en.clone(), RowOf::Fixed(at)))
                .collect()
        }
        TableRows::Cohorts => {
            let cohorts = form.cohorts.iter().enumerate();
            cohorts
                .map(|(at, (id, title))| (id.clone(), title.en.clone(), RowOf::Cohort(at)))
                .collect()
        }
        TableRows::Allocations => {
            let allocations = register.allocations.iter().enumerate();
            allocations
                .map(|(at, of)| (of.key.clone(), of.title.clone(), RowOf::Allocation(at)))
                .collect()
        }
        TableRows::Lines => {
            let only = (register.allocations.len() == 1).then_some(0);
            let Some(at) = instance.allocation().or(only) else {
                return Vec::new();
            };
            let lines = register.allocations[at].lines.iter().enumerate();
            lines
                .map(|(line, of)| (of.key.clone(), of.title.clone(), RowOf::Line(at, line)))
                .collect()
        }
        TableRows::Priorities => {
            let priorities = register.fund.priorities.iter();
            priorities
                .map(|(key, title)| (key.clone(), title.clone(), RowOf::Priority))
                .collect()
        }
        TableRows::Added { .. } => added(typed),
    }
}

/// The rows in which something was typed; a row that is left blank between others keeps their numbers as they are.
fn added(typed: &TypedRows) -> Vec<Row> {
    let mut numbers: Vec<u32> = typed
        .iter()
        .filter(|(_, cells)| cells.iter().flatten().any(has_something))
        .filter_map(|(row, _)| row.parse().ok().filter(|number: &u32| number.to_string() == *row))
        .collect();
    numbers.sort_unstable();
    numbers
        .into_iter()
        .map(|number| {
            let label = format!("Row {}", u64::from(number) + 1);
            (number.to_string(), label, RowOf::Added(number))
        })
        .collect()
}

/// Whether anything was typed or chosen.
pub(super) fn has_something(draft: &DraftAnswer) -> bool {
    draft.mark != Mark::Given || !draft.files.is_empty() || draft.fields.values().any(|text| !text.trim().is_empty())
}

/// Takes an answer's fields apart into cells: `row.column`, `row.column.day`, `row.column~mark`, `row.column~approximately`.
fn typed_cells(answer: &DraftAnswer, table: &Table) -> TypedRows {
    let columns: HashMap<&str, usize> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !column.locked && !matches!(column.kind, Kind::Calculated { .. }))
        .map(|(at, column)| (column.id.as_str(), at))
        .collect();
    let mut rows = TypedRows::new();
    for (name, text) in &answer.fields {
        let Some((row, rest)) = name.split_once('.') else {
            continue;
        };
        let (column, part) = match rest.split_once(['.', '~']) {
            Some((column, part)) => (column, Some(part)),
            None => (rest, None),
        };
        let Some(at) = columns.get(column) else {
            continue;
        };
        let cells = rows
            .entry(row.to_owned())
            .or_insert_with(|| vec![None; table.columns.len()]);
        let cell = cells[*at].get_or_insert_with(|| DraftAnswer {
            fields: BTreeMap::new(),
            mark: Mark::Given,
            approximately: false,
            files: Vec::new(),
            by: answer.by,
            at: answer.at,
            version: answer.version,
        });
        if rest.contains('~') && !rest.contains('.') {
            match (part, text.as_str()) {
                (Some("mark"), "not-known") => cell.mark = Mark::NotKnown,
                (Some("mark"), "not-applicable") => cell.mark = Mark::NotApplicable,
                (Some("approximately"), "yes") => cell.approximately = true,
                _ => {}
            }
        } else {
            cell.fields.insert(part.unwrap_or("value").to_owned(), text.clone());
        }
    }
    rows
}
