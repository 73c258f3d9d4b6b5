//! A return that stays worked out while answers are saved: after each save only what depends on it is worked out again.
//!
//! Invariant: at every moment it is what [`super::evaluate()`] makes of the same form, register and draft.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::board::{Board, State};
use super::figures::{figures_in, left};
use super::findings::{Raised, in_order, of_check_in, of_question, of_whole};
use super::graph::Graph;
use super::instances::is_row;
use super::motion::{Found, Motion, begin, found_of_check, settle};
use super::order::Layout;
use super::types::{Draft, DraftSection, Evaluated, Explanation, Finding, Place, Register, SectionKey};
use super::views::{section_view, standings, status};
use crate::form::schema::Form;

/// A return, worked out and kept so.
#[derive(Debug)]
pub struct Evaluation {
    form: Arc<Form>,
    layout: Layout,
    graph: Graph,
    register: Register,
    draft: Draft,
    state: State,
    by_key: HashMap<SectionKey, usize>,
    found: BTreeMap<Found, Vec<Raised>>,
    /// How many of the figures are each instance's.
    figures_of: Vec<usize>,
    evaluated: Evaluated,
    worked_out: u64,
}

impl Evaluation {
    /// Works everything out.
    #[must_use]
    pub fn new(form: Arc<Form>, register: Register, draft: Draft) -> Self {
        let layout = Layout::new(&form);
        let graph = Graph::new(&form, &layout);
        let mut evaluation = Self {
            form,
            layout,
            graph,
            register,
            draft,
            state: State::default(),
            by_key: HashMap::new(),
            found: BTreeMap::new(),
            figures_of: Vec::new(),
            evaluated: Evaluated {
                sections: Vec::new(),
                findings: Vec::new(),
                figures: Vec::new(),
            },
            worked_out: 0,
        };
        evaluation.work_out_whole();
        evaluation
    }

    /// Everything that follows from the draft as it now is.
    #[must_use]
    pub fn evaluated(&self) -> &Evaluated {
        &self.evaluated
    }

    /// The draft as it now is.
    #[must_use]
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// How many cells have been worked out since it was made.
    #[must_use]
    pub fn worked_out(&self) -> u64 {
        self.worked_out
    }

    /// Puts a section's answers in the place of what stood there. A row that comes or goes is all worked out again.
    pub fn save(&mut self, key: &SectionKey, section: DraftSection) {
        let there = match self.by_key.get(key) {
            Some(_) => !(section.removed && is_row(&self.form, key)),
            None => !section.removed && is_row(&self.form, key),
        };
        let before = self.draft.sections.insert(key.clone(), section).unwrap_or_default();
        match (self.by_key.get(key).copied(), there) {
            (Some(instance), true) => self.edit(instance, &before),
            (None, false) => {}
            _ => self.work_out_whole(),
        }
    }

    /// Puts explanations in the place of those that stood there.
    pub fn explain(&mut self, explanations: BTreeMap<String, Explanation>) {
        self.draft.explanations = explanations;
        let Self {
            form,
            layout,
            register,
            draft,
            state,
            ..
        } = self;
        let board = Board {
            form,
            layout,
            register,
            draft,
            state: std::mem::take(state),
        };
        self.evaluated.findings = in_order(&board, self.found.values().flatten().cloned().collect());
        self.state = board.state;
    }

    fn work_out_whole(&mut self) {
        let Self {
            form,
            layout,
            register,
            draft,
            ..
        } = self;
        let mut board = Board {
            form,
            layout,
            register,
            draft,
            state: State::new(form, register, draft),
        };
        for node in &layout.order {
            self.worked_out += board.work_out_everywhere(*node);
        }
        self.found = all_found(&board);
        let each: Vec<_> = (0..board.len()).map(|at| figures_in(&board, at)).collect();
        self.figures_of = each.iter().map(Vec::len).collect();
        let findings = in_order(&board, self.found.values().flatten().cloned().collect());
        self.evaluated = Evaluated {
            sections: super::views::section_views(&board, &findings),
            figures: each.into_iter().flatten().chain(left(&board)).collect(),
            findings,
        };
        let keys = board.state.instances.iter().enumerate();
        self.by_key = keys.map(|(at, instance)| (instance.key.clone(), at)).collect();
        self.state = board.state;
    }

    /// Works out what depends on the answers of one section that differ from before.
    fn edit(&mut self, instance: usize, before: &DraftSection) {
        let Self {
            form,
            layout,
            graph,
            register,
            draft,
            state,
            ..
        } = self;
        let mut board = Board {
            form,
            layout,
            register,
            draft,
            state: std::mem::take(state),
        };
        let mut motion = Motion::default();
        motion.instances.insert(instance);
        begin(&mut board, graph, instance, before, &mut motion);
        self.worked_out += settle(&mut board, graph, &mut motion);
        for found in &motion.found {
            let raised = look(&board, *found);
            if raised.is_empty() {
                self.found.remove(found);
            } else {
                self.found.insert(*found, raised);
            }
        }
        self.found.insert(Found::Whole, of_whole(&board));
        let findings = in_order(&board, self.found.values().flatten().cloned().collect());
        replace_figures(&board, &motion.instances, &mut self.figures_of, &mut self.evaluated);
        replace_views(&board, &motion.instances, findings, &self.by_key, &mut self.evaluated);
        self.state = board.state;
    }
}

/// Every finding, by what is looked for together.
fn all_found(board: &Board<'_>) -> BTreeMap<Found, Vec<Raised>> {
    let questions = (0..board.len()).flat_map(|instance| {
        let questions = 0..board.state.cells[instance].len();
        questions.map(move |question| Found::Question(instance, question))
    });
    let checks = (0..board.form.checks.len()).flat_map(|check| found_of_check(board, check));
    questions
        .chain(checks)
        .chain([Found::Whole])
        .map(|found| (found, look(board, found)))
        .filter(|(_, raised)| !raised.is_empty())
        .collect()
}

fn look(board: &Board<'_>, found: Found) -> Vec<Raised> {
    match found {
        Found::Question(instance, question) => of_question(board, instance, question),
        Found::Whole => of_whole(board),
        Found::Check(check, instance) => of_check_in(board, check, instance),
    }
}

/// Puts the figures of these instances in the place of those that stood there.
fn replace_figures(board: &Board<'_>, instances: &BTreeSet<usize>, counts: &mut [usize], evaluated: &mut Evaluated) {
    let all: usize = counts.iter().sum();
    evaluated.figures.truncate(all);
    let mut begins = 0;
    for (instance, count) in counts.iter_mut().enumerate() {
        if instances.contains(&instance) {
            let figures = figures_in(board, instance);
            let there = begins..begins + *count;
            *count = figures.len();
            evaluated.figures.splice(there, figures);
        }
        begins += *count;
    }
    evaluated.figures.extend(left(board));
}

/// Puts these instances' views in place, and says again how far each is whose findings differ.
fn replace_views(
    board: &Board<'_>,
    instances: &BTreeSet<usize>,
    findings: Vec<Finding>,
    by_key: &HashMap<SectionKey, usize>,
    evaluated: &mut Evaluated,
) {
    let mut touched = instances.clone();
    {
        // One that is still found is said elsewhere when the question beside which it stood is hidden or shown.
        let (old, new) = (places_by_key(&evaluated.findings), places_by_key(&findings));
        let gone = evaluated.findings.iter();
        let gone = gone.filter(|was| new.get(was.key.as_str()) != Some(&was.at.as_slice()));
        let come = findings.iter();
        let come = come.filter(|is| old.get(is.key.as_str()) != Some(&is.at.as_slice()));
        let differing = gone.chain(come);
        let places = differing.flat_map(|finding| &finding.at);
        touched.extend(places.filter_map(|place| by_key.get(&place.section)));
    }
    let standings = standings(&findings);
    for at in touched {
        if instances.contains(&at) {
            evaluated.sections[at] = section_view(board, at);
        }
        let view = &mut evaluated.sections[at];
        view.status = status(board, view, standings.get(&view.key));
    }
    evaluated.findings = findings;
}

fn places_by_key(findings: &[Finding]) -> HashMap<&str, &[Place]> {
    findings
        .iter()
        .map(|finding| (finding.key.as_str(), finding.at.as_slice()))
        .collect()
}
