//! What stands beneath a table: the single figures of a measure that is not added, and what no sum has.
//!
//! Invariant: nothing that was returned is left out without a word.

use std::collections::BTreeSet;

use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::{Block, Cell, Column, Raw, Row, Table};

use super::super::adding::added;
use super::super::material::Datum;
use super::super::measured::Measured;
use super::options::By;
use super::subjects::{Group, group};
use super::table::{Plan, text, text_column};
use super::{Telling, texts};

impl<'t> Telling<'t> {
    /// The single figures of a measure that is not added.
    pub(super) fn listed(&self, measured: &Measured<'t>, data: &[&'t Datum]) -> Block<Raw> {
        let mut each: Vec<(Group, Group, Group, &&Datum)> = data
            .iter()
            .map(|datum| {
                let of = |by| group(self.material, measured, datum, by);
                (of(By::Return), of(By::Project), of(By::Row), datum)
            })
            .collect();
        each.sort_by(|one, next| (&one.0.key, &one.1.title, one.3.at).cmp(&(&next.0.key, &next.1.title, next.3.at)));
        let has_rows = measured.rows().is_some() || each.iter().any(|(_, _, row, _)| !row.key.is_empty());
        let rows = each.into_iter().map(|(ret, project, row, datum)| {
            let mut cells = vec![text(ret.title), text(project.title)];
            if has_rows {
                cells.push(text(row.title));
            }
            let one = added(self.material, measured, &[datum], datum.row.period, FigureValue::Blank);
            cells.push(Cell::Figure { figure: one.raw });
            Row { cells, total: false }
        });
        let mut columns = vec![text_column("Return"), text_column("Project")];
        if has_rows {
            columns.push(text_column("Row"));
        }
        columns.push(Column {
            title: measured.name.clone(),
            numeric: true,
        });
        Block::Table(Table {
            caption: format!("{}: each figure, since they are not added", measured.name),
            columns,
            rows: rows.collect(),
            coverage: None,
            notes: Vec::new(),
        })
    }

    /// Whether any figure of the table is made of several.
    fn adds(&self, plan: &Plan<'t>, measured: &Measured<'t>, data: &[&'t Datum]) -> bool {
        let mut seen = BTreeSet::new();
        plan.total
            || data
                .iter()
                .any(|datum| !seen.insert(group(self.material, measured, datum, plan.by).key))
    }

    /// What of the figures is in no sum.
    pub(super) fn notes(&self, plan: &Plan<'t>) -> Vec<String> {
        let mut notes = Vec::new();
        if plan.groups.is_empty() {
            let without = plan.measures.iter().filter(|(_, data)| data.is_empty());
            let names: Vec<&str> = without.map(|(measured, _)| measured.name.as_str()).collect();
            match names.as_slice() {
                [] => {}
                [one] => notes.push(format!("{one}: no return of this period has a figure of it.")),
                all if all.len() == plan.measures.len() => {
                    notes.push("No return of this period has any of these figures.".to_owned());
                }
                all => notes.push(format!("No return of this period has a figure of {}.", texts(all))),
            }
        }
        for (measured, data) in &plan.measures {
            if !self.adds(plan, measured, data) {
                continue;
            }
            let Some(sum) = self
                .figure_of(measured, data.clone(), self.material.windows.now, false)
                .added
                .sum
            else {
                continue;
            };
            if data.len() > 1 && sum.not_known + sum.blank > 0 && sum.given > 0 {
                let mut words = Vec::new();
                if sum.not_known > 0 {
                    words.push(format!("{} not known yet", sum.not_known));
                }
                if sum.blank > 0 {
                    words.push(format!("{} not answered", sum.blank));
                }
                notes.push(format!(
                    "{}: of {} figures {}; no sum has them.",
                    measured.name,
                    data.len(),
                    words.join(" and ")
                ));
            }
        }
        notes.extend(self.changes(plan));
        notes
    }
}
