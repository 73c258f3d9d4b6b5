//! The functions of the report language, answered from the material of one paper.
//!
//! Invariant: everything that a function gives comes from the material; an argument that means nothing there is refused in
//! words, with what may have been meant.

mod answers;
mod beneath;
mod beside;
mod chart;
mod coverage;
mod figure;
mod findings;
mod funds;
mod ledger;
mod options;
mod persons;
mod reconciliation;
mod restated;
mod sections;
mod state;
mod stories;
mod subjects;
mod table;
mod virements;

use std::cell::RefCell;
use std::collections::HashSet;

use countersign_domain::document::{Block, Definition, Raw, Run, Table};

use super::material::Material;
use super::measured::{Measured, meant};
use crate::wording::report::{Call, Functions, Returned};
use options::Options;

pub(super) use answers::may_tell_of_people;
pub(super) use findings::{Found, finding_place, needs_clearing};
pub(super) use stories::story_place;

/// Answers what a report asks.
pub(super) struct Telling<'t> {
    material: &'t Material,
    definitions: RefCell<Vec<Definition>>,
    /// What the paper itself found on the way.
    finds: RefCell<Vec<Found>>,
    /// What it found when it was worked out before: findings may be told ahead of the tables that they come from.
    known: Vec<Found>,
}

/// Every function, as reports name them.
const NAMES: [&str; 22] = [
    "figure",
    "table",
    "chart",
    "answers",
    "section",
    "checklist",
    "reconciliation",
    "virements",
    "coverage",
    "findings",
    "signatures",
    "decisions",
    "stories",
    "attachments",
    "restated",
    "returns_state",
    "on_time",
    "has",
    "period",
    "fund",
    "grant_list",
    "project_list",
];

impl<'t> Telling<'t> {
    pub(super) fn new(material: &'t Material, known: Vec<Found>) -> Self {
        Self {
            material,
            definitions: RefCell::default(),
            finds: RefCell::default(),
            known,
        }
    }

    /// What the figures are that were told, in the order in which they came.
    pub(super) fn definitions(self) -> Vec<Definition> {
        self.definitions.into_inner()
    }

    /// What was found on the way.
    pub(super) fn finds(self) -> Vec<Found> {
        self.finds.into_inner()
    }

    fn define(&self, measured: &Measured<'_>) {
        let definition = measured.definition(self.material);
        let mut all = self.definitions.borrow_mut();
        if !all.iter().any(|known| known.from == definition.from) {
            all.push(definition);
        }
    }

    fn find(&self, message: String, explanation: Option<String>) {
        let found = Found { message, explanation };
        let mut finds = self.finds.borrow_mut();
        if !finds.contains(&found) {
            finds.push(found);
        }
    }

    fn answer(&self, call: &'t Call) -> Result<Returned, String> {
        match call.name.as_str() {
            "figure" => self.figure(call),
            "table" => self.table(call),
            "chart" => self.chart(call),
            "answers" => self.answers(call),
            "section" => self.section(call),
            "checklist" => self.checklist(call),
            "reconciliation" => self.reconciliation(call),
            "virements" => self.virements(call),
            "coverage" => self.coverage(call),
            "findings" => self.findings(call),
            "signatures" => self.signatures(call),
            "decisions" => self.decisions(call),
            "stories" => self.stories(call),
            "attachments" => self.attachments(call),
            "restated" => self.restated(call),
            "returns_state" => self.returns_state(call),
            "on_time" => self.on_time(call),
            "has" => self.has(call),
            "period" | "fund" | "grant_list" | "project_list" => self.plain_words(call),
            other => Err(format!(
                "There is no function `{other}`.{}",
                meant(other, NAMES.iter().copied(), "")
            )),
        }
    }

    fn plain_words(&self, call: &Call) -> Result<Returned, String> {
        Options::of(call, 0, &[])?;
        let material = self.material;
        Ok(match call.name.as_str() {
            "period" => Returned::Text(material.windows.now.label()),
            "fund" => Returned::Text(material.fund.title.clone()),
            "grant_list" => Returned::Items(self.grants().map(|grant| grant.reference.clone()).collect()),
            _ => {
                let (mut projects, mut known): (Vec<String>, HashSet<&str>) = Default::default();
                for (_, held) in material.owed_now(&material.brief.forms) {
                    for allocation in material.owed_for(held) {
                        let title = allocation.project_words();
                        if known.insert(title) {
                            projects.push(title.to_owned());
                        }
                    }
                }
                Returned::Items(projects)
            }
        })
    }

    /// The grants that the paper's returns are of, in the order of the register.
    fn grants(&self) -> impl Iterator<Item = &'t countersign_domain::register::Grant> {
        let material = self.material;
        material.grants.iter().filter(move |grant| {
            let mut returns = material.returns_of(grant.id, &material.brief.forms);
            returns.next().is_some()
        })
    }
}

impl Functions for Telling<'_> {
    fn names(&self) -> &[&str] {
        &NAMES
    }

    fn call(&self, call: &Call) -> Result<Returned, String> {
        Ok(match self.answer(call)? {
            Returned::Blocks(blocks) => Returned::Blocks(blocks.into_iter().map(in_a_line).collect()),
            other => other,
        })
    }
}

/// A table without a row is a sentence: what it would have shown, and that there is none of it.
fn in_a_line(block: Block<Raw>) -> Block<Raw> {
    match block {
        Block::Table(Table {
            caption, rows, notes, ..
        }) if rows.is_empty() => {
            let said = match notes.is_empty() {
                true => "no signed return of this period tells of any.".to_owned(),
                false => notes.join(" "),
            };
            let name = Run::Strong {
                text: format!("{caption}:"),
            };
            let runs = vec![
                name,
                Run::Text {
                    text: format!(" {said}"),
                },
            ];
            Block::Paragraph { runs }
        }
        other => other,
    }
}

/// Names one after another: `a, b and c`.
fn texts(all: &[&str]) -> String {
    match all {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
