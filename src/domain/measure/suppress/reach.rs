//! How far a sum could be off what it is, as far as anybody can tell, and what must be held back to let it.
//!
//! Invariant: a way that is found is whole numbers of people in every group, and breaks nothing that stays told: it is what
//! the counts could have been.

use std::collections::BTreeSet;

use super::shape::{Parts, Room, Shape};
use super::simplex::{Column, Effort, Program};

/// How many times a solution in parts of people is split into two that may not be.
const BRANCHES: usize = 60;

/// What the counts could have been: how far each group is off, by its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    off: Vec<(usize, i64)>,
}

/// A way, and what it takes.
#[derive(Debug)]
pub(super) struct Reached {
    pub way: Way,
    /// How far the sum is moved, up or down.
    pub far: i64,
    /// The sums that are told and would have to be held back.
    pub hold: Vec<usize>,
}

/// What may be done to find a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    /// Nothing more is held back.
    AsTold,
    /// Whatever is told may be held back.
    Holding,
    /// As if nothing had been published before.
    Afresh,
}

impl Way {
    /// How far it moves a sum.
    pub(super) fn moves(&self, parts: &Parts) -> i64 {
        parts.iter().fold(0, |sum: i64, (group, by)| {
            let off = match self.off.binary_search_by_key(group, |(group, _)| *group) {
                Ok(at) => self.off[at].1,
                Err(_) => 0,
            };
            sum.saturating_add(off.saturating_mul(*by))
        })
    }

    /// The sums that have to do with what it moves, each once.
    pub(super) fn sums(&self, shape: &Shape) -> BTreeSet<usize> {
        let groups = self.off.iter().map(|(group, _)| &shape.within[*group]);
        groups.flatten().copied().collect()
    }
}

/// Columns of one program that stand for a sum or a group: what moves it up and what moves it down.
struct Columns {
    moved: Vec<(usize, i64)>,
    /// Those of them that need it held back.
    held: Vec<usize>,
}

impl Columns {
    fn new(program: &mut Program, told: Room, hidden: Room, cost: Option<i64>) -> Self {
        let mut columns = Self {
            moved: vec![],
            held: vec![],
        };
        for (sign, told, hidden) in [(1, told.up, hidden.up), (-1, told.down, hidden.down)] {
            if told != Some(0) {
                let at = program.column(Column { cap: told, cost: 0 });
                columns.moved.push((at, sign));
            }
            let further = match (told, hidden) {
                (None, _) | (_, Some(0)) => continue,
                (Some(told), hidden) => hidden.map(|hidden| hidden.saturating_sub(told)),
            };
            let Some(cost) = cost.filter(|_| further.is_none_or(|further| further > 0)) else {
                continue;
            };
            let at = program.column(Column { cap: further, cost });
            columns.moved.push((at, sign));
            columns.held.push(at);
        }
        columns
    }
}

/// How much of a document may be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// All that has to do with a sum.
    Whole,
    /// A part of it, which grows with the number: less work, and dearer ways. What is outside of it stays as it is, so
    /// that a way in it is a way.
    Near(usize),
}

/// The cheapest way to move a sum by `by`, or as far towards it as it goes. None when it cannot be worked out in whole numbers.
pub(super) fn reach(
    shape: &Shape,
    parts: &Parts,
    by: i64,
    (means, reach): (Means, Reach),
    left: &Effort,
) -> Option<Reached> {
    let (groups, sums) = match reach {
        Reach::Whole => shape.around(parts),
        Reach::Near(few) => shape.near(parts, few),
    };
    let mut program = Program::default();
    let mut of_sum: Vec<(usize, Vec<usize>)> = vec![];
    let mut of_group: Vec<Vec<(usize, i64)>> = vec![vec![]; shape.groups.len()];
    for group in &groups {
        let count = shape.groups[*group];
        let free = Room {
            down: Some(count.max(0)),
            up: None,
        };
        let columns = match shape.alone[*group] {
            Some(at) => of_one(&mut program, shape, at, free, means),
            None => Columns::new(&mut program, free, free, None),
        };
        of_group[*group] = columns.moved;
        of_sum.extend(shape.alone[*group].map(|at| (at, columns.held)));
    }
    let over = |parts: &Parts, of_group: &[Vec<(usize, i64)>]| -> Vec<(usize, i64)> {
        let each = parts
            .iter()
            .flat_map(|(group, by)| of_group[*group].iter().map(move |(at, sign)| (*at, sign * by)));
        each.collect()
    };
    for at in sums {
        let sum = &shape.sums[at];
        if matches!(sum.parts.as_slice(), [(_, 1)]) {
            continue;
        }
        let free = Room { down: None, up: None };
        let own = of_one(&mut program, shape, at, free, means);
        program.row(&over(&sum.parts, &of_group), &own.moved);
        of_sum.push((at, own.held));
    }
    let sign = by.signum();
    let mut towards = over(parts, &of_group);
    towards.iter_mut().for_each(|(_, by)| *by *= sign);
    let short = program.ask(&towards, by.abs());
    let columns = of_group.iter().flatten().map(|(at, _)| *at).collect();
    let values = Whole { columns, short }.solve(program, left)?;
    let mut off = vec![];
    for group in groups {
        let moves = of_group[group].iter().map(|(at, sign)| values[*at].0 * sign).sum();
        if moves != 0 {
            off.push((group, moves));
        }
    }
    let used = |held: &[usize]| held.iter().any(|at| values[*at].0 > 0);
    let hold = of_sum
        .into_iter()
        .filter(|(_, held)| used(held))
        .map(|(at, _)| at)
        .collect();
    let far = by.abs() - values[short].0;
    let way = Way { off };
    Some(Reached { way, far, hold })
}

/// Columns that must come to whole numbers, as people do.
struct Whole {
    columns: Vec<usize>,
    /// What is missing of what was asked for.
    short: usize,
}

impl Whole {
    /// Where the columns stand, if a whole solution is found that is as good as the best of any kind, after not too many
    /// tries. A column that is not whole is tried at most at the whole number below it, then at least at the one above.
    fn solve(&self, program: Program, left: &Effort) -> Option<Vec<(i64, i64)>> {
        let mut open = vec![(program, vec![])];
        let mut best: Option<i64> = None;
        for _ in 0..BRANCHES {
            let (program, asked): (Program, Vec<usize>) = open.pop()?;
            let values = program.clone().solve(left)?;
            let (short, over) = values[self.short];
            let missing = short.div_euclid(over) + i64::from(short.rem_euclid(over) != 0);
            if missing > *best.get_or_insert(missing) || asked.iter().any(|at| values[*at].0 > 0) {
                continue;
            }
            let split = self.columns.iter().find(|at| values[**at].0 % values[**at].1 != 0);
            let Some(split) = split else {
                return (over == 1).then_some(values);
            };
            let below = values[*split].0.div_euclid(values[*split].1);
            let mut above = program.clone();
            let mut asked_above = asked.clone();
            asked_above.push(above.ask(&[(*split, 1)], below + 1));
            open.push((above, asked_above));
            let mut under = program;
            under.cap(*split, below);
            open.push((under, asked));
        }
        None
    }
}

/// The columns of a sum, which has no more room than `free`.
fn of_one(program: &mut Program, shape: &Shape, at: usize, free: Room, means: Means) -> Columns {
    let (told, hidden) = match means {
        Means::Afresh => shape.room_afresh(at),
        Means::AsTold | Means::Holding => shape.room(at),
    };
    let least = |one: Option<i64>, other: Option<i64>| match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    let within = |room: Room| Room {
        down: least(room.down, free.down),
        up: least(room.up, free.up),
    };
    let cost = (means != Means::AsTold).then_some(shape.sums[at].weight);
    Columns::new(program, within(told), within(hidden), cost)
}
