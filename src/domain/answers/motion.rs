//! What a save sets in motion: the cells that are worked out again, and what must be looked at again after them.
//!
//! Invariant: each cell is worked out at most once for a save, after all that it reads; where nothing differs, nothing
//! moves on.

use std::collections::{BTreeSet, HashSet};

use super::board::Board;
use super::graph::{Graph, Reader, Unit};
use super::instances::grid;
use super::order::{Node, columns_of};
use super::types::DraftSection;
use super::work_out::work_out;

/// Findings by what is looked for together: a question of an instance, a check in an instance or once for the return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Found {
    Question(usize, usize),
    Whole,
    Check(usize, Option<usize>),
}

/// What a save set in motion.
#[derive(Default)]
pub(super) struct Motion {
    /// Still to be worked out: the place in the order, and the instance.
    waiting: BTreeSet<(usize, usize)>,
    /// Of tables: rows came or went, so that whatever reads them is worked out again.
    rows: HashSet<(Node, usize)>,
    pub found: BTreeSet<Found>,
    /// The instances whose cells changed.
    pub instances: BTreeSet<usize>,
}

/// Finds what was typed differently, and puts the rows of tables in their places.
pub(super) fn begin(board: &mut Board<'_>, graph: &Graph, instance: usize, before: &DraftSection, motion: &mut Motion) {
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
pub(super) fn settle(board: &mut Board<'_>, graph: &Graph, motion: &mut Motion) -> u64 {
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

/// Where a check is looked for.
pub(super) fn found_of_check(board: &Board<'_>, check: usize) -> Vec<Found> {
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
