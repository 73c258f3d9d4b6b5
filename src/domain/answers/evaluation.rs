//! A return that stays worked out while answers are saved: after each save only what depends on it is worked out again.
//!
//! Invariant: at every moment it is what [`super::evaluate()`] makes of the same form, register and draft.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::board::{Board, State};
use super::figures::{figures_in, left};
use super::findings::{Raised, in_order, of_check_in, of_question, of_whole};
use super::graph::{Graph, Reader, Unit};
use super::instances::{grid, is_row};
use super::order::{Layout, Node, columns_of};
use super::types::{Draft, DraftSection, Evaluated, Explanation, Finding, Register, SectionKey};
use super::views::{section_view, standings, status};
use super::work_out::work_out;
use crate::form::schema::Form;

/// Findings by what is looked for together: a question of an instance, a check in an instance or once for the return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    Question(usize, usize),
    Whole,
    Check(usize, Option<usize>),
}

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

/// What a save set in motion.
#[derive(Default)]
struct Motion {
    /// Still to be worked out: the place in the order, and the instance.
    waiting: BTreeSet<(usize, usize)>,
    /// Of tables: rows came or went, so that whatever reads them is worked out again.
    rows: HashSet<(Node, usize)>,
    found: BTreeSet<Found>,
    /// The instances whose cells changed.
    instances: BTreeSet<usize>,
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
        evaluation.from_scratch();
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
            _ => self.from_scratch(),
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

    fn from_scratch(&mut self) {
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

fn found_of_check(board: &Board<'_>, check: usize) -> Vec<Found> {
    match section_of_check(board, check) {
        Some(section) => {
            let instances = board.instances_of(section);
            instances.map(|instance| Found::Check(check, Some(instance))).collect()
        }
        None => vec![Found::Check(check, None)],
    }
}

fn section_of_check(board: &Board<'_>, check: usize) -> Option<usize> {
    let id = board.form.checks[check].section.as_ref()?;
    board.form.sections.iter().position(|section| section.id == *id)
}

fn look(board: &Board<'_>, found: Found) -> Vec<Raised> {
    match found {
        Found::Question(instance, question) => of_question(board, instance, question),
        Found::Whole => of_whole(board),
        Found::Check(check, instance) => of_check_in(board, check, instance),
    }
}

/// Finds what was typed differently, and puts the rows of tables in their places.
fn begin(board: &mut Board<'_>, graph: &Graph, instance: usize, before: &DraftSection, motion: &mut Motion) {
    let section = board.instance(instance).section;
    let now = board.draft.sections.get(&board.instance(instance).key);
    for (q, question) in board.form.sections[section].questions.iter().enumerate() {
        let typed = now.and_then(|section| section.answers.get(&question.id));
        if typed == before.answers.get(&question.id) {
            continue;
        }
        let mut wait = |node: Node| {
            motion
                .waiting
                .extend(graph.position.get(&node).map(|at| (*at, instance)))
        };
        wait(Node::of((section, q)));
        let Some(mut grid) = grid(
            board.form,
            board.register,
            board.draft,
            board.instance(instance),
            (section, q),
        ) else {
            continue;
        };
        (0..columns_of(question).len()).for_each(|column| wait(Node::column((section, q), column)));
        let old = board.state.grids.remove(&(instance, q));
        let ids = |grid: &super::instances::Grid| grid.rows.iter().map(|row| row.id.clone()).collect::<Vec<_>>();
        match old.filter(|old| ids(old) == ids(&grid)) {
            Some(old) => grid.cells = old.cells,
            None => {
                motion.rows.insert((Node::of((section, q)), instance));
                let columns =
                    (0..columns_of(question).len()).map(|column| (Node::column((section, q), column), instance));
                motion.rows.extend(columns);
            }
        }
        board.state.grids.insert((instance, q), grid);
    }
}

/// Works out what waits, in the order of the form, and whatever reads what has changed; how many cells that were.
fn settle(board: &mut Board<'_>, graph: &Graph, motion: &mut Motion) -> u64 {
    let mut worked_out = 0;
    while let Some((position, instance)) = motion.waiting.pop_first() {
        let node = board.layout.order[position];
        let mut differs = motion.rows.contains(&(node, instance));
        let mut shown_or_hidden = false;
        for at in board.places_in(instance, node.spot.1, node.column) {
            let cell = work_out(board, at);
            worked_out += 1;
            shown_or_hidden |= board.cell(at).visible != cell.visible;
            differs |= board.put(at, cell);
        }
        if differs {
            motion.instances.insert(instance);
            spread(board, graph, node, instance, motion);
        }
        if shown_or_hidden {
            // A check is shown beside the first question there is when its own are hidden.
            let checks = (0..board.form.checks.len()).filter(|check| {
                let section = section_of_check(board, *check);
                section.is_none_or(|section| section == node.spot.0)
            });
            motion
                .found
                .extend(checks.flat_map(|check| found_of_check(board, check)));
        }
    }
    worked_out
}

/// Whatever reads a node of an instance is to be looked at again.
fn spread(board: &Board<'_>, graph: &Graph, node: Node, instance: usize, motion: &mut Motion) {
    for fed in board.layout.feeds.get(&node).into_iter().flatten() {
        let Some(position) = graph.position.get(fed) else {
            continue;
        };
        let readers = readers(board, graph, Reader::Node(*fed), fed.spot.0, node, instance);
        motion
            .waiting
            .extend(readers.into_iter().map(|reader| (*position, reader)));
    }
    for unit in graph.units(node) {
        let section = match *unit {
            Unit::Question((section, _)) | Unit::Measures(section) => Some(section),
            Unit::Check(check) => section_of_check(board, check),
        };
        let readers = section.map(|section| readers(board, graph, Reader::Unit(*unit), section, node, instance));
        match (*unit, readers) {
            (Unit::Question((_, question)), Some(readers)) => {
                let found = readers.into_iter().map(|instance| Found::Question(instance, question));
                motion.found.extend(found);
            }
            (Unit::Measures(_), Some(readers)) => motion.instances.extend(readers),
            (Unit::Check(check), Some(readers)) => {
                let found = readers.into_iter().map(|instance| Found::Check(check, Some(instance)));
                motion.found.extend(found);
            }
            (Unit::Check(check), None) => {
                motion.found.insert(Found::Check(check, None));
            }
            (Unit::Question(_) | Unit::Measures(_), None) => {}
        }
    }
}

/// The instances of a section from where a node of another instance is seen.
fn readers(
    board: &Board<'_>,
    graph: &Graph,
    reader: Reader,
    section: usize,
    node: Node,
    instance: usize,
) -> Vec<usize> {
    let gathers = graph.gathers(reader, node.spot.0);
    let id = &board.question(instance, node.spot.1).id;
    board
        .instances_of(section)
        .filter(|from| {
            gathers
                || board
                    .place(&board.seat(*from), id)
                    .is_none_or(|place| place.instance == instance)
        })
        .collect()
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
        let old: HashSet<&str> = evaluated.findings.iter().map(|finding| finding.key.as_str()).collect();
        let new: HashSet<&str> = findings.iter().map(|finding| finding.key.as_str()).collect();
        let differing = evaluated
            .findings
            .iter()
            .filter(|finding| !new.contains(finding.key.as_str()));
        let differing = differing.chain(findings.iter().filter(|finding| !old.contains(finding.key.as_str())));
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
