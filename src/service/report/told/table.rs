//! table: figures by project, provider, period, row or cohort, beside what they are compared with.
//!
//! Invariant: a figure stands where its return says that it belongs; a sum is worked out from all that are under it, never
//! from the sums above it. What must not be added is listed beneath.

use std::collections::BTreeMap;

use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::{Block, Cell, Column, Raw, Role, Row, Table, Told};
use countersign_domain::period::Period;

use super::super::adding::{Added, added};
use super::super::material::{Datum, When};
use super::super::measured::{Measured, meant};
use super::answers::rows_heading;
use super::beside;
use super::options::{Beside, By, Options};
use super::subjects::{Group, ONLY, Only, group, groups};
use super::{Telling, texts};
use crate::wording::report::{Call, Returned};

/// What a table shows, worked out of its arguments.
pub(super) struct Plan<'t> {
    pub(super) measures: Vec<(Measured<'t>, Vec<&'t Datum>)>,
    pub(super) by: By,
    /// Of which of the paper's times.
    pub(super) when: When,
    pub(super) groups: Vec<Group>,
    pub(super) beside: Vec<Beside>,
    /// A column for each of these, or for none in particular.
    pub(super) periods: Vec<Option<Group>>,
    pub(super) total: bool,
    pub(super) title: String,
    /// What the rows are, in the words of the report.
    pub(super) heading: Option<&'t str>,
    pub(super) only: Only<'t>,
    /// Whether a return that may hold some of it is not in.
    pub(super) awaited: bool,
    /// Whether it is drawn, so that goals are figures.
    pub(super) drawn: bool,
}

/// A figure of a table with what it was made of.
pub(super) struct Figure<'t> {
    pub(super) added: Added,
    pub(super) data: Vec<&'t Datum>,
}

const NAMED: [&str; 9] = [
    "by", "across", "total", "title", "heading", "compare", "rows", "names", "period",
];

impl<'t> Telling<'t> {
    pub(super) fn table(&self, call: &'t Call) -> Result<Returned, String> {
        let plan = self.plan(call)?;
        let (table, _, listed) = self.built(&plan);
        let mut blocks = vec![Block::Table(table)];
        blocks.extend(listed);
        Ok(Returned::Blocks(blocks))
    }

    /// The table, what each column but the first is drawn as, and the tables of figures that are not added.
    pub(super) fn built(&self, plan: &Plan<'t>) -> (Table<Raw>, Vec<Role>, Vec<Block<Raw>>) {
        let (mut rows, listed) = self.rows(plan);
        if plan.total {
            rows.push(self.total_row(plan));
        }
        let mut columns = vec![text_column(plan.heading.unwrap_or_else(|| heading(plan)))];
        let mut roles = Vec::new();
        for (measured, _) in self.across(plan) {
            for (column, role) in self.columns(plan, measured) {
                columns.push(column);
                roles.push(role);
            }
        }
        let table = Table {
            caption: plan.title.clone(),
            columns,
            rows,
            coverage: Some(self.coverage_of(&plan.measures, plan.when)),
            notes: self.notes(plan),
        };
        let single = plan.measures.iter();
        let single = single.filter(|(measured, _)| listed.iter().any(|id| id == measured.id()));
        let single = single.map(|(measured, data)| self.listed(measured, data));
        (table, roles, single.collect())
    }

    /// Reads the arguments, and sorts out the figures.
    pub(super) fn plan(&self, call: &'t Call) -> Result<Plan<'t>, String> {
        let names: Vec<&str> = NAMED.into_iter().chain(ONLY).collect();
        let options = Options::of(call, 1, &names)?;
        let literals = options.texts_first("the figures that it shows")?;
        let only = Only::of(&options)?;
        only.check(self.material)?;
        let (by, when, beside) = (options.by()?, options.when()?, options.beside()?);
        if when != When::Now && (!beside.is_empty() || by == By::Row) {
            return Err(
                "A table of an earlier `period` stands alone: it takes no `compare`, and has no rows by \"row\"."
                    .to_owned(),
            );
        }
        let headings = options.texts("names")?;
        if !headings.is_empty() && headings.len() != literals.len() {
            return Err(format!(
                "`names` has {} words for {} figures: give one for each.",
                headings.len(),
                literals.len()
            ));
        }
        let mut measures = Vec::with_capacity(literals.len());
        let mut wrong: Vec<String> = Vec::new();
        for (at, literal) in literals.iter().enumerate() {
            match self.material.measured(literal) {
                Ok(mut measured) => {
                    self.define(&measured);
                    if let Some(heading) = headings.get(at) {
                        measured.name = (*heading).to_owned();
                    }
                    let data = self.material.data_of(&measured.form.id, measured.id(), when);
                    let data = only.keep(self.material, &measured, data);
                    measures.push((measured, data));
                }
                Err(problem) => wrong.push(problem),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong.join(" "));
        }
        let known = groups(self.material, &measures, by, &only, when);
        // Periods have every return that is owed, whatever the rows are.
        let by_period = groups(self.material, &measures, By::Period, &only, when);
        let awaited = by_period.iter().any(|group| group.awaited);
        let chosen = chosen(known, &options.texts("rows")?, &measures)?;
        let periods = match options.across_periods()? {
            true => by_period.into_iter().map(Some).collect(),
            false => vec![None],
        };
        let title = options.text("title")?;
        Ok(Plan {
            title: title.map_or_else(|| named(&measures, by), str::to_owned),
            heading: options.text("heading")?,
            beside,
            total: options.flag("total")? && by != By::Measure,
            measures,
            by,
            when,
            groups: chosen,
            periods,
            only,
            awaited,
            drawn: false,
        })
    }

    /// What stands across: the measures, or one column for the figure where each measure has a row.
    fn across<'p>(&self, plan: &'p Plan<'t>) -> Vec<&'p (Measured<'t>, Vec<&'t Datum>)> {
        match plan.by {
            By::Measure => plan.measures.iter().take(1).collect(),
            _ => plan.measures.iter().collect(),
        }
    }

    fn columns(&self, plan: &Plan<'t>, measured: &Measured<'t>) -> Vec<(Column, Role)> {
        let single = plan.measures.len() == 1;
        let mut columns: Vec<(Column, Role)> = plan
            .periods
            .iter()
            .map(|period| {
                let title = match (plan.by, period, single) {
                    (By::Measure, None, _) => "Figure".to_owned(),
                    (By::Measure, Some(period), _) | (_, Some(period), true) => period.title.clone(),
                    (_, None, _) => measured.name.clone(),
                    (_, Some(period), false) => format!("{}, {}", measured.name, period.title),
                };
                (Column { title, numeric: true }, Role::Figures)
            })
            .collect();
        for beside in &plan.beside {
            let named = match plan.by {
                By::Measure => None,
                _ => Some(measured),
            };
            let title = beside::heading(*beside, named);
            let title = match (plan.by, single) {
                (By::Measure, _) | (_, true) => title,
                (_, false) => format!("{}, {}", measured.name, lower_first(&title)),
            };
            let numeric = plan.drawn || *beside != Beside::Target;
            columns.push((Column { title, numeric }, beside::role(*beside)));
        }
        columns
    }

    /// The rows, and the measures of which one lists its figures.
    fn rows(&self, plan: &Plan<'t>) -> (Vec<Row<Raw>>, Vec<String>) {
        let mut listed = Vec::new();
        let mut rows = Vec::new();
        if plan.by == By::Measure {
            for (measured, data) in &plan.measures {
                let mut cells = vec![text(measured.name.clone())];
                cells.extend(self.cells(plan, measured, data.clone(), None, &mut listed));
                rows.push(Row { cells, total: false });
            }
            return (rows, listed);
        }
        let mut sorted: Vec<BTreeMap<String, Vec<&'t Datum>>> = Vec::with_capacity(plan.measures.len());
        for (measured, data) in &plan.measures {
            let mut of: BTreeMap<String, Vec<&'t Datum>> = BTreeMap::new();
            for datum in data {
                let key = group(self.material, measured, datum, plan.by).key;
                of.entry(key).or_default().push(datum);
            }
            sorted.push(of);
        }
        for group in &plan.groups {
            let mut cells = vec![text(group.title.clone())];
            for ((measured, _), of) in plan.measures.iter().zip(&mut sorted) {
                let data = of.remove(&group.key).unwrap_or_default();
                cells.extend(self.cells(plan, measured, data, Some(group), &mut listed));
            }
            rows.push(Row { cells, total: false });
        }
        (rows, listed)
    }

    fn total_row(&self, plan: &Plan<'t>) -> Row<Raw> {
        let mut cells = vec![text("Total".to_owned())];
        let shown: Vec<&str> = plan.groups.iter().map(|group| group.key.as_str()).collect();
        for (measured, data) in &plan.measures {
            let of = data.iter().copied();
            let data = of.filter(|datum| {
                let key = group(self.material, measured, datum, plan.by).key;
                shown.contains(&key.as_str())
            });
            cells.extend(self.cells(plan, measured, data.collect(), None, &mut Vec::new()));
        }
        Row { cells, total: true }
    }

    /// One figure for each period, then what stands beside it.
    fn cells(
        &self,
        plan: &Plan<'t>,
        measured: &Measured<'t>,
        data: Vec<&'t Datum>,
        of: Option<&Group>,
        listed: &mut Vec<String>,
    ) -> Vec<Cell<Raw>> {
        let awaited = match of {
            Some(group) => group.awaited,
            None => plan.awaited,
        };
        let mut cells = Vec::new();
        for period in &plan.periods {
            let of_period = data.iter().copied();
            let of_period: Vec<&Datum> = match period {
                Some(period) => of_period
                    .filter(|datum| group(self.material, measured, datum, By::Period).key == period.key)
                    .collect(),
                None => of_period.collect(),
            };
            let within = match (period, of_period.first()) {
                (Some(_), Some(first)) => first.row.period,
                _ => self.within(plan.when),
            };
            let awaited = awaited && period.as_ref().is_none_or(|period| period.awaited);
            let figure = self.figure_of(measured, of_period, within, awaited);
            if let Told::Listed(_) = figure.added.raw.told {
                listed.push(measured.id().to_owned());
            }
            cells.push(Cell::Figure {
                figure: figure.added.raw,
            });
        }
        if !plan.beside.is_empty() {
            let now = self.figure_of(measured, data, self.material.windows.now, awaited);
            cells.extend(self.beside(plan, measured, &now, of));
        }
        cells
    }

    fn within(&self, when: When) -> Period {
        let windows = self.material.windows;
        windows.of(when).unwrap_or(windows.now)
    }

    /// Figures together; without any, not known while a return is awaited, and not applicable when none is.
    pub(super) fn figure_of(
        &self,
        measured: &Measured<'t>,
        data: Vec<&'t Datum>,
        within: Period,
        awaited: bool,
    ) -> Figure<'t> {
        let absent = match awaited {
            true => FigureValue::NotKnown,
            false => FigureValue::NotApplicable,
        };
        Figure {
            added: added(self.material, measured, &data, within, absent),
            data,
        }
    }
}

fn chosen(known: Vec<Group>, wanted: &[&str], measures: &[(Measured<'_>, Vec<&Datum>)]) -> Result<Vec<Group>, String> {
    if wanted.is_empty() {
        return Ok(known);
    }
    let is = |group: &Group, wanted: &str| {
        group.key == wanted || group.title == wanted || group.key.split('\u{1f}').next() == Some(wanted)
    };
    let mut groups = Vec::new();
    for wanted in wanted {
        let found: Vec<Group> = known.iter().filter(|group| is(group, wanted)).cloned().collect();
        let empty = measures.iter().all(|(_, data)| data.is_empty());
        if found.is_empty() && !empty && !known.is_empty() {
            let names = known
                .iter()
                .flat_map(|group| [group.key.split('\u{1f}').next().unwrap_or_default(), &group.title]);
            return Err(format!(
                "There is no row ‘{wanted}’ in this table.{}",
                meant(wanted, names, "")
            ));
        }
        groups.extend(found);
    }
    Ok(groups)
}

fn named(measures: &[(Measured<'_>, Vec<&Datum>)], by: By) -> String {
    let names: Vec<&str> = measures.iter().map(|(measured, _)| measured.name.as_str()).collect();
    match by {
        By::Measure => texts(&names),
        by => format!("{} by {}", texts(&names), lower_first(by.heading())),
    }
}

/// What the rows are: of a table of a form, what its rows are there.
fn heading(plan: &Plan<'_>) -> &'static str {
    let mut all = plan
        .measures
        .iter()
        .map(|(measured, _)| measured.rows().map(rows_heading));
    match (plan.by, all.next().flatten()) {
        (By::Row, Some(first)) if all.all(|other| other == Some(first)) => first,
        _ => plan.by.heading(),
    }
}

pub(super) fn lower_first(words: &str) -> String {
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

pub(super) fn text(text: String) -> Cell<Raw> {
    Cell::Text { text }
}

pub(super) fn text_column(title: &str) -> Column {
    Column {
        title: title.to_owned(),
        numeric: false,
    }
}
