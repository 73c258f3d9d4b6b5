//! What the signed returns beneath this one come to, and what was signed before it, found by what they are of.
//!
//! Invariant: a figure is put together by its own measure's rules over exactly the returns that stand for the same; a
//! return that is not signed is named as missing and never taken for nought.

use std::collections::{BTreeMap, HashMap};

use super::board::{At, Board};
use super::format;
use super::instances::{RowOf, Subject};
use super::types::{Beneath, BeneathFigure, Figure, FigureValue, Register};
use crate::form::schema::{Each, Form, Kind, RollUp, TableRows};
use crate::measure::{Rules, Signed, add_up, contributing};

/// The most returns that are named in one sentence.
const MOST_NAMED: usize = 12;

/// By the allocation that it is for, or none.
type ByAllocation<T> = BTreeMap<Option<String>, Vec<T>>;

/// The returns beneath and the figures signed before, by what is looked for.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By form and allocation: the returns.
    returns: HashMap<String, ByAllocation<usize>>,
    /// By form, measure and allocation: the return and its figure.
    figures: HashMap<(String, String), ByAllocation<(usize, usize)>>,
    /// By measure, allocation and row: what was signed last.
    previous: HashMap<(String, Option<String>, Option<String>), usize>,
}

impl Index {
    pub fn new(register: &Register) -> Self {
        let mut index = Self::default();
        for (r, beneath) in register.beneath.iter().enumerate() {
            let returns = index.returns.entry(beneath.form.clone()).or_default();
            returns.entry(beneath.allocation.clone()).or_default().push(r);
            for (f, signed) in beneath.figures.iter().flatten().enumerate() {
                let of = signed.figure.allocation.clone().or_else(|| beneath.allocation.clone());
                let key = (beneath.form.clone(), signed.figure.measure.clone());
                let figures = index.figures.entry(key).or_default();
                figures.entry(of).or_default().push((r, f));
            }
        }
        let previous = register.previous.iter().flat_map(|previous| &previous.figures);
        for (at, figure) in previous.enumerate() {
            let key = (figure.measure.clone(), figure.allocation.clone(), figure.row.clone());
            index.previous.entry(key).or_insert(at);
        }
        index
    }

    /// The figure that was signed last of this measure for the same.
    pub fn signed_before<'r>(
        &self,
        register: &'r Register,
        measure: String,
        allocation: Option<String>,
        row: Option<String>,
    ) -> Option<&'r Figure> {
        let at = *self.previous.get(&(measure, allocation, row))?;
        register.previous.as_ref()?.figures.get(at)
    }
}

/// What the returns beneath come to in one place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rolled {
    /// The figure, or why there is none; none when nothing was signed or the figures must not be added.
    pub value: Option<FigureValue>,
    /// Whether a figure in it is approximate.
    pub approximately: bool,
    /// Which returns it was made from, in words.
    pub note: String,
    /// The returns that are not signed, in words.
    pub missing: Vec<String>,
    /// How many returns there are.
    pub returns: usize,
}

/// For what a figure is put together.
struct Wanted {
    /// Allocations; none: every one.
    allocations: Option<Vec<String>>,
    /// The figure's row, or the last part of it.
    row: Option<String>,
    /// A figure that names its project itself.
    project: Option<String>,
}

/// What the returns beneath come to where this stands.
pub(super) fn rolled(board: &Board<'_>, at: At, roll_up: &RollUp) -> Rolled {
    let wanted = wanted(board, at, roll_up);
    let empty = BTreeMap::new();
    let by_allocation = board.state.beneath.returns.get(&roll_up.form).unwrap_or(&empty);
    let mut returns: Vec<usize> = chosen(by_allocation, &wanted).copied().collect();
    returns.sort_unstable();
    let beneath = &board.register.beneath;
    let missing: Vec<String> = returns
        .iter()
        .map(|at| &beneath[*at])
        .filter(|of| of.figures.is_none())
        .map(named)
        .collect();

    let key = (roll_up.form.clone(), roll_up.measure.clone());
    let none = BTreeMap::new();
    let by_allocation = board.state.beneath.figures.get(&key).unwrap_or(&none);
    let mut found: Vec<(usize, usize)> = chosen(by_allocation, &wanted).copied().collect();
    found.sort_unstable();
    let figures: Vec<(&Beneath, &BeneathFigure)> = found
        .into_iter()
        .filter_map(|(r, f)| Some((&beneath[r], beneath[r].figures.as_ref()?.get(f)?)))
        .filter(|(_, signed)| wanted.fits(&signed.figure))
        .collect();
    let signed: Vec<Signed<'_>> = figures.iter().map(|(of, figure)| as_signed(of, figure)).collect();
    let sum = add_up(&signed, rules_of(&figures));
    let mut note = coverage(returns.len(), &missing);
    let said = [
        (sum.not_known, "not known yet"),
        (sum.not_applicable, "not applicable"),
        (sum.blank, "blank"),
    ];
    for (count, words) in said.into_iter().filter(|(count, _)| *count > 0) {
        note += &format!(" {} {words}.", format::count(i64::try_from(count).unwrap_or(i64::MAX)));
    }
    if sum.value.is_none() && !figures.is_empty() {
        note += &format!(" Not added together: {}.", listed(&figures));
    }
    Rolled {
        value: sum.value,
        approximately: sum.approximately,
        note,
        missing,
        returns: returns.len(),
    }
}

/// The figures of the returns beneath that are in what a figure comes to when it is filled from them: those that are
/// added, the latest, or the largest. `beneath` are the returns as they were frozen with the figure, or as they now are.
/// None for a figure that is not filled so.
pub fn filled_from<'r>(
    form: &Form,
    register: &Register,
    beneath: &'r [Beneath],
    figure: &Figure,
) -> Option<Vec<(&'r Beneath, &'r Figure)>> {
    let (roll_up, wanted) = wanted_by(form, register, figure)?;
    let of_form = beneath.iter().filter(|of| of.form == roll_up.form);
    let all = of_form.flat_map(|of| of.figures.iter().flatten().map(move |signed| (of, signed)));
    let found: Vec<(&Beneath, &BeneathFigure)> = all
        .filter(|(of, signed)| {
            let own = signed.figure.allocation.as_ref().or(of.allocation.as_ref());
            let allocation = match (&wanted.allocations, own) {
                (None, _) | (_, None) => true,
                (Some(keys), Some(own)) => keys.contains(own),
            };
            signed.figure.measure == roll_up.measure && allocation && wanted.fits(&signed.figure)
        })
        .collect();
    let signed: Vec<Signed<'_>> = found.iter().map(|(of, figure)| as_signed(of, figure)).collect();
    let used = contributing(&signed, rules_of(&found));
    let used = used.into_iter().filter_map(|at| found.get(at));
    Some(used.map(|(of, signed)| (*of, &signed.figure)).collect())
}

fn rules_of(figures: &[(&Beneath, &BeneathFigure)]) -> Rules {
    Rules {
        over_time: figures.first().and_then(|(_, signed)| signed.over_time),
        over_providers: figures.first().and_then(|(_, signed)| signed.over_providers),
    }
}

fn as_signed<'a>(of: &'a Beneath, signed: &'a BeneathFigure) -> Signed<'a> {
    let figure = &signed.figure;
    Signed {
        provider: &of.provider,
        subject: (
            figure.allocation.as_deref().or(of.allocation.as_deref()),
            figure.row.as_deref(),
        ),
        period: of.period,
        value: figure.value,
        approximately: figure.approximately,
    }
}

impl Wanted {
    fn fits(&self, figure: &Figure) -> bool {
        let row = figure.row.as_deref();
        let by_project = match (&self.project, &figure.allocation, row) {
            // A figure that a return gives for each project names the project itself.
            (Some(project), None, Some(row)) if self.row.is_none() => row.split('/').next() == Some(project),
            _ => true,
        };
        let by_row = self.row.as_ref().is_none_or(|wanted| {
            row.is_some_and(|row| {
                row == wanted || row.rsplit('/').next() == Some(wanted) || row.split('/').next() == Some(wanted)
            })
        });
        by_project && by_row
    }
}

/// The entries of the wanted allocations, and those that name none: a return for several says it in its figures.
fn chosen<'m, T>(by_allocation: &'m ByAllocation<T>, wanted: &Wanted) -> Box<dyn Iterator<Item = &'m T> + 'm> {
    match &wanted.allocations {
        None => Box::new(by_allocation.values().flatten()),
        Some(keys) => {
            let keys: Vec<Option<String>> = keys.iter().cloned().map(Some).chain([None]).collect();
            Box::new(keys.into_iter().filter_map(|key| by_allocation.get(&key)).flatten())
        }
    }
}

fn wanted(board: &Board<'_>, at: At, roll_up: &RollUp) -> Wanted {
    let key = |at: usize| board.register.allocations[at].key.clone();
    let instance = board.instance(at.instance);
    let mut wanted = Wanted {
        allocations: None,
        row: None,
        project: None,
    };
    match instance.subject {
        Subject::Whole => {}
        Subject::Allocation(of) => wanted.allocations = Some(vec![key(of)]),
        Subject::Project(of) => {
            let of_project = board
                .state
                .project_of
                .iter()
                .enumerate()
                .filter(|(_, project)| **project == of);
            wanted.allocations = Some(of_project.map(|(at, _)| key(at)).collect());
            wanted.project = Some(board.state.projects[of].key.clone());
        }
        Subject::Cohort(_) | Subject::Row(_) => wanted.row = instance.subject_key(),
    }
    let grid_row = at
        .row
        .and_then(|row| board.grid(at.instance, at.question)?.rows.get(row));
    match grid_row.map(|row| (row, row.of)) {
        Some((_, RowOf::Allocation(of))) => wanted.allocations = Some(vec![key(of)]),
        Some((row, RowOf::Cohort(_))) => wanted.row = Some(row.id.clone()),
        // A plain figure beneath has no rows to choose by.
        Some((row, _)) if roll_up.measure.contains('.') => wanted.row = Some(row.id.clone()),
        Some(_) | None => {}
    }
    wanted
}

/// The same, from what a figure says of its place.
fn wanted_by<'f>(form: &'f Form, register: &Register, figure: &Figure) -> Option<(&'f RollUp, Wanted)> {
    let (section, table, asked) = match form.column(&figure.measure) {
        Some((section, table, column)) => (section, Some(table), column),
        None => form
            .question(&figure.measure)
            .map(|(section, question)| (section, None, question))?,
    };
    let roll_up = asked.roll_up.as_ref()?;
    let mut wanted = Wanted {
        allocations: figure.allocation.clone().map(|key| vec![key]),
        row: None,
        project: None,
    };
    let repeats = matches!(section.each, Each::Project | Each::Cohort | Each::Row);
    let (subject, row) = match (repeats, figure.row.as_deref()) {
        (true, Some(row)) => row
            .split_once('/')
            .map_or((Some(row), None), |(subject, row)| (Some(subject), Some(row))),
        (_, row) => (None, row),
    };
    match (section.each, subject) {
        (Each::Project, Some(project)) => {
            let own = register.allocations.iter().filter(|own| {
                let key = if own.project.is_empty() { &own.key } else { &own.project };
                key == project
            });
            wanted.allocations = Some(own.map(|own| own.key.clone()).collect());
            wanted.project = Some(project.to_owned());
        }
        (_, subject) => wanted.row = subject.map(str::to_owned),
    }
    let rows = match table.map(|table| &table.kind) {
        Some(Kind::Table(table)) => Some(&table.rows),
        _ => None,
    };
    match (rows, row) {
        (Some(TableRows::Allocations), Some(key)) => wanted.allocations = Some(vec![key.to_owned()]),
        (Some(TableRows::Cohorts), Some(row)) => wanted.row = Some(row.to_owned()),
        (Some(_), Some(row)) if roll_up.measure.contains('.') => wanted.row = Some(row.to_owned()),
        _ => {}
    }
    Some((roll_up, wanted))
}

/// "From 7 of 8 signed returns. Missing: Harbour, October to December 2017."
fn coverage(returns: usize, missing: &[String]) -> String {
    if returns == 0 {
        return "There is no return beneath to fill this from.".to_owned();
    }
    let signed = returns - missing.len();
    let plural = if returns == 1 { "return" } else { "returns" };
    let mut note = format!("From {signed} of {returns} signed {plural}.");
    if !missing.is_empty() {
        note += &format!(" Missing: {}.", shortened(missing));
    }
    note
}

/// The first few, and how many more.
pub(super) fn shortened(names: &[String]) -> String {
    let named = names.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join("; ");
    match names.len().checked_sub(MOST_NAMED) {
        Some(more) if more > 0 => format!("{named}; and {more} more"),
        _ => named,
    }
}

fn named(of: &Beneath) -> String {
    format!("{}, {}", of.provider, of.period.label())
}

fn listed(figures: &[(&Beneath, &BeneathFigure)]) -> String {
    let each: Vec<String> = figures
        .iter()
        .map(|(of, signed)| {
            let value = match signed.figure.value {
                FigureValue::Blank => "blank".to_owned(),
                value => format::approximately(format::figure(&value), signed.figure.approximately),
            };
            format!("{}: {value}", named(of))
        })
        .collect();
    shortened(&each)
}
