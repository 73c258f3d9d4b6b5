//! Holding back as much as it takes that no small count can be worked out, and no more than that.
//!
//! Invariant: for each small count there is kept what else the counts could have been, and nothing is shown again that one of
//! these ways needs held back.

use std::cell::Cell;

use super::Policy;
use super::reach::{Means, Reach, Reached, Way, reach};
use super::shape::{Parts, Shape, State};
use super::simplex::Effort;

/// How much is worked out for one document, in rows of equations that are looked at: a few seconds. It is enough for a hundred
/// tables of 50 rows and 12 columns with totals. What is not done by then is held back with all that has to do with it.
const EFFORT: usize = 20_000_000;

/// What hangs together in more ways than this, in groups within sums, is looked at in parts first.
const LARGE: usize = 2_500;

/// How much of it is looked at: a little, then more.
const NEAR: [Reach; 2] = [Reach::Near(2), Reach::Near(5)];

/// How many times it is tried, for each sum that was held back to protect another, to do without it.
const TRIES: usize = 400;

/// A document on its way to being safe.
pub(super) struct Protection {
    policy: Policy,
    shape: Shape,
    /// What the counts could have been, as far as it was found.
    ways: Vec<Way>,
    needs: Vec<Need>,
    /// How each sum stood when only the small ones were held back.
    first: Vec<State>,
    exposed: usize,
    left: Effort,
}

/// That a sum could be off what it is, by so much at least, up or down; and how.
struct Need {
    parts: Parts,
    by: i64,
    way: usize,
}

impl Protection {
    pub(super) fn new(policy: Policy, shape: Shape) -> Self {
        Self {
            policy,
            first: shape.sums.iter().map(|sum| sum.state).collect(),
            shape,
            ways: vec![],
            needs: vec![],
            exposed: 0,
            left: Effort(Cell::new(EFFORT)),
        }
    }

    /// The sums as they may be told, and how many are given away by earlier publications.
    pub(super) fn run(mut self) -> (Shape, usize) {
        for (parts, count) in self.targets() {
            if self.protect(&parts, count).is_none() {
                self.give_up(&parts);
            }
        }
        self.show_again();
        (self.shape, self.exposed)
    }

    /// As [`Protection::run`], if this small sum had been protected and then could not be worked out.
    #[cfg(test)]
    pub(super) fn run_in_vain(mut self, parts: &Parts, count: i64) -> Shape {
        assert_eq!(self.protect(parts, count), Some(()));
        self.give_up(parts);
        self.show_again();
        self.shape
    }

    /// What must not be worked out: every small sum that is not told, and every small group that is in no sum alone. A larger
    /// one that is made of small ones is safe with them.
    fn targets(&self) -> Vec<(Parts, i64)> {
        let small = |count: i64| count > 0 && self.policy.is_small(count);
        let sums = self.shape.sums.iter().map(|sum| (sum.parts.clone(), sum.count));
        let lone = (0..self.shape.groups.len()).filter(|group| self.shape.alone[*group].is_none());
        let groups = lone.map(|group| (vec![(group, 1)], self.shape.groups[group]));
        sums.chain(groups).filter(|(_, count)| small(*count)).collect()
    }

    /// None when it could not be worked out.
    fn protect(&mut self, parts: &Parts, count: i64) -> Option<()> {
        let (down, up) = (1 - count, self.policy.largest_small() + 1 - count);
        if self.policy.leeway() < up - down {
            let (lower, upper) = (
                self.find(parts, down, Means::AsTold)?,
                self.find(parts, up, Means::AsTold)?,
            );
            if upper.far + lower.far >= self.policy.leeway() {
                self.keep(parts, -lower.far, lower.way);
                self.keep(parts, upper.far, upper.way);
                return Some(());
            }
        }
        let mut exposed = false;
        for by in [down, up] {
            let found = self.find(parts, by, Means::Holding)?;
            if found.far < by.abs() && self.has_earlier(parts) {
                exposed |= self.reach(parts, by, Means::Afresh)?.far > found.far;
            }
            for at in found.hold {
                self.shape.sums[at].state = State::Hidden;
            }
            self.keep(parts, found.far * by.signum(), found.way);
        }
        self.exposed += usize::from(exposed);
        Some(())
    }

    /// A way that is known already, or a new one; one that needs more held back only where there is no other, which is
    /// much sooner found out.
    fn find(&self, parts: &Parts, by: i64, means: Means) -> Option<Reached> {
        let known = self.ways.iter().find(|way| way.moves(parts) * by.signum() >= by.abs());
        match known {
            Some(way) => Some(Reached {
                way: way.clone(),
                far: by.abs(),
                hold: vec![],
            }),
            None => match self.reach(parts, by, Means::AsTold) {
                Some(found) if found.far >= by.abs() || means == Means::AsTold => Some(found),
                Some(_) | None => self.reach(parts, by, means),
            },
        }
    }

    /// As [`reach`], in a part of the document where that is large. Nothing is lost by that where the sum is moved as far as
    /// it should be, or as what it is made of can be moved at all; otherwise more has to be looked at, but for what only
    /// saves holding something back.
    fn reach(&self, parts: &Parts, by: i64, means: Means) -> Option<Reached> {
        let (_, sums) = self.shape.around(parts);
        let mut best: Option<Reached> = None;
        if self.shape.links(&sums) > LARGE {
            let enough = by.abs().min(self.shape.most(parts, by.signum()).unwrap_or(by.abs()));
            for near in NEAR {
                let found = reach(&self.shape, parts, by, (means, near), &self.left);
                if let Some(found) = found.filter(|found| best.as_ref().is_none_or(|best| found.far > best.far)) {
                    best = Some(found);
                }
                if best.as_ref().is_some_and(|best| best.far >= enough) {
                    return best;
                }
            }
            if means != Means::Holding && best.is_some() {
                return best;
            }
        }
        reach(&self.shape, parts, by, (means, Reach::Whole), &self.left)
    }

    fn keep(&mut self, parts: &Parts, by: i64, way: Way) {
        if by == 0 {
            return;
        }
        let known = self.ways.iter().position(|known| *known == way);
        let way = known.unwrap_or_else(|| {
            self.ways.push(way);
            self.ways.len() - 1
        });
        self.needs.push(Need {
            parts: parts.clone(),
            by,
            way,
        });
    }

    fn has_earlier(&self, parts: &Parts) -> bool {
        let (_, sums) = self.shape.around(parts);
        sums.iter().any(|at| self.shape.sums[*at].earlier)
    }

    /// Holds back all that has to do with a sum: then nothing is told of it but who counts nobody.
    fn give_up(&mut self, parts: &Parts) {
        self.exposed += usize::from(self.has_earlier(parts));
        let (_, sums) = self.shape.around(parts);
        for at in sums {
            let sum = &mut self.shape.sums[at];
            if sum.state != State::Untold && sum.count != 0 {
                sum.state = State::Hidden;
                self.first[at] = State::Hidden;
            }
        }
    }

    /// Shows again what is not needed after all, the dearest first, until nothing more can be.
    fn show_again(&mut self) {
        let mut held: Vec<usize> = (0..self.first.len())
            .filter(|at| self.shape.sums[*at].state != self.first[*at])
            .collect();
        held.sort_by_key(|at| (std::cmp::Reverse(self.shape.sums[*at].weight), *at));
        let mut tries = TRIES;
        loop {
            let before = held.len();
            held.retain(|at| !self.shows(*at, &mut tries));
            if held.len() == before {
                return;
            }
        }
    }

    /// Whether a sum can be shown after all; then it is.
    fn shows(&mut self, at: usize, tries: &mut usize) -> bool {
        self.shape.sums[at].state = self.first[at];
        let Some(others) = self.other_ways(at, tries) else {
            self.shape.sums[at].state = State::Hidden;
            return false;
        };
        for (need, way) in others {
            self.needs[need].way = self.ways.len();
            self.ways.push(way);
        }
        true
    }

    /// For each need whose way is closed by what is told of a sum, another way; none when there is none for one of them.
    /// Nothing else has closed the way of a need.
    fn other_ways(&self, told: usize, tries: &mut usize) -> Option<Vec<(usize, Way)>> {
        let mut others: Vec<(usize, Way)> = vec![];
        for (at, need) in self.needs.iter().enumerate() {
            if self.lets(&self.ways[need.way], told) {
                continue;
            }
            let enough = |way: &&Way| way.moves(&need.parts) * need.by.signum() >= need.by.abs();
            let known = self.ways.iter().filter(enough).find(|way| self.is_open(way));
            let found = known
                .or_else(|| others.iter().map(|(_, way)| way).find(enough))
                .cloned();
            let way = match found {
                Some(way) => way,
                None => {
                    *tries = tries.checked_sub(1)?;
                    let found = self.reach(&need.parts, need.by, Means::AsTold)?;
                    (found.far >= need.by.abs()).then_some(found.way)?
                }
            };
            others.push((at, way));
        }
        Some(others)
    }

    /// Whether the counts could be so, by what is told now.
    fn is_open(&self, way: &Way) -> bool {
        way.sums(&self.shape).into_iter().all(|at| self.lets(way, at))
    }

    /// Whether the counts could be so, by what is told of this sum.
    fn lets(&self, way: &Way, at: usize) -> bool {
        let moves = way.moves(&self.shape.sums[at].parts);
        let (room, _) = self.shape.room(at);
        room.up.is_none_or(|up| moves <= up) && room.down.is_none_or(|down| -moves <= down)
    }
}
