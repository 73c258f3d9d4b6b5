//! What a document tells of counts, as sums over the smallest groups of counts that it tells apart.
//!
//! Invariant: two sums are the same one exactly when they add up the same counts, and everything that is known of a sum is
//! kept with it once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};

use super::{Earlier, Policy, Told};

/// A sum of groups: group and how many times, never 0 times.
pub(super) type Parts = Vec<(usize, i64)>;

/// Everything that is told, by the sums that it is told of.
#[derive(Debug)]
pub(super) struct Shape {
    /// What each group comes to.
    pub groups: Vec<i64>,
    /// Each sum that is told or could be worked out, once.
    pub sums: Vec<Sum>,
    /// The sum that each figure of the document is.
    pub of_told: Vec<usize>,
    /// The sums that each group is in.
    pub within: Vec<Vec<usize>>,
    /// The sum that is this group alone.
    pub alone: Vec<Option<usize>>,
}

/// One sum.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    pub parts: Parts,
    /// What it comes to.
    pub count: i64,
    /// What this document does with it.
    pub state: State,
    /// What earlier publications tell of it: at least, and at most. Nobody needs telling that it is not less than nought.
    pub known: (i64, Option<i64>),
    /// Whether an earlier publication bounds it.
    pub earlier: bool,
    /// What a unit of it costs when it is held back in order to protect another.
    pub weight: i64,
}

/// What a document does with a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Not in the document.
    Untold,
    /// Told to be between the two, the ends included.
    Told(i64, i64),
    /// In the document, and held back.
    Hidden,
}

/// How far a sum may be off what it is: down and up; none for without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    pub down: Option<i64>,
    pub up: Option<i64>,
}

impl Shape {
    pub(super) fn new(policy: Policy, counts: &[i64], told: &[Told], earlier: &[Earlier]) -> Self {
        let mut sums: BTreeMap<Parts, usize> = BTreeMap::new();
        let mut number = |parts: Parts| {
            let next = sums.len();
            *sums.entry(parts).or_insert(next)
        };
        let of_told: Vec<usize> = told.iter().map(|told| number(atoms(&told.atoms, &told.less))).collect();
        let of_earlier: Vec<usize> = earlier
            .iter()
            .map(|told| number(atoms(&told.atoms, &told.less)))
            .collect();
        let mut by_number: Vec<Parts> = vec![vec![]; sums.len()];
        for (parts, at) in sums {
            by_number[at] = parts;
        }
        let (groups, parts) = grouped(counts, &by_number);
        let mut shape = Self {
            sums: parts.into_iter().map(|parts| Sum::new(parts, &groups)).collect(),
            within: vec![vec![]; groups.len()],
            alone: vec![None; groups.len()],
            groups,
            of_told,
        };
        shape.tell(policy, told, earlier, &of_earlier);
        for (at, sum) in shape.sums.iter().enumerate() {
            for (group, _) in &sum.parts {
                shape.within[*group].push(at);
            }
            if let [(group, 1)] = sum.parts.as_slice() {
                shape.alone[*group] = Some(at);
            }
        }
        shape
    }

    fn tell(&mut self, policy: Policy, told: &[Told], earlier: &[Earlier], of_earlier: &[usize]) {
        for (told, at) in told.iter().zip(&self.of_told) {
            let sum = &mut self.sums[*at];
            if told.shown {
                sum.state = policy.at_first(sum.count);
            }
        }
        for (told, at) in earlier.iter().zip(of_earlier) {
            let sum = &mut self.sums[*at];
            sum.earlier = true;
            // What does not hold of the counts is of other counts, and tells nothing of these.
            if told.low <= sum.count && sum.count <= told.high {
                sum.known.0 = sum.known.0.max(told.low);
                sum.known.1 = Some(sum.known.1.map_or(told.high, |high| high.min(told.high)));
            }
        }
    }

    /// The room that is left by what is told, and that which there would be if it were held back.
    pub(super) fn room(&self, at: usize) -> (Room, Room) {
        self.sums[at].room(self.sums[at].known)
    }

    /// As [`Shape::room`], if nothing had been published before.
    pub(super) fn room_afresh(&self, at: usize) -> (Room, Room) {
        self.sums[at].room((0, None))
    }

    /// How far a sum could be moved up or down at most, whatever is held back, by what is known of its groups alone; none
    /// for without end.
    pub(super) fn most(&self, parts: &Parts, sign: i64) -> Option<i64> {
        parts.iter().try_fold(0_i64, |sum, (group, by)| {
            let room = match self.alone[*group] {
                Some(at) => self.room(at).1,
                None => Room {
                    down: Some(self.groups[*group].max(0)),
                    up: None,
                },
            };
            let way = if by.signum() == sign { room.up } else { room.down };
            Some(sum.saturating_add(way?.saturating_mul(by.abs())))
        })
    }

    /// The groups and sums that have to do with these, through anything that is told.
    pub(super) fn around(&self, parts: &Parts) -> (Vec<usize>, Vec<usize>) {
        let mut groups = vec![false; self.groups.len()];
        let mut sums = vec![false; self.sums.len()];
        let mut open: Vec<usize> = parts.iter().map(|(group, _)| *group).collect();
        while let Some(group) = open.pop() {
            if std::mem::replace(&mut groups[group], true) {
                continue;
            }
            for at in &self.within[group] {
                if !std::mem::replace(&mut sums[*at], true) {
                    open.extend(self.sums[*at].parts.iter().map(|(group, _)| *group));
                }
            }
        }
        let listed = |marked: &[bool]| (0..marked.len()).filter(|at| marked[*at]).collect();
        (listed(&groups), listed(&sums))
    }
}

/// How many groups a sum may be of to be looked at as a whole, where only a part of a document is.
const WHOLE: usize = 16;

/// A part of a document that grows from some of its groups.
struct Growing<'a> {
    shape: &'a Shape,
    groups: Vec<bool>,
    /// Of each sum, how many of its groups are in it.
    of_sum: Vec<usize>,
    left: VecDeque<usize>,
}

impl Shape {
    /// How much a part of the document hangs together, in groups within sums.
    pub(super) fn links(&self, sums: &[usize]) -> usize {
        sums.iter().map(|at| self.sums[*at].parts.len()).sum()
    }

    /// A part of what has to do with these: short sums as a whole, and of each long one so many other groups, those first
    /// that hang together with what is there already, are held back, or would be cheap to hold back.
    pub(super) fn near(&self, parts: &Parts, few: usize) -> (Vec<usize>, Vec<usize>) {
        let mut growing = Growing {
            shape: self,
            groups: vec![false; self.groups.len()],
            of_sum: vec![0; self.sums.len()],
            left: VecDeque::new(),
        };
        for (group, _) in parts {
            growing.add(*group);
        }
        while let Some(group) = growing.left.pop_front() {
            for at in &self.within[group] {
                while self.sums[*at].parts.len() > WHOLE
                    && growing.of_sum[*at] <= few
                    && let Some(other) = growing.next(*at)
                {
                    growing.add(other);
                }
            }
        }
        let groups = (0..self.groups.len()).filter(|group| growing.groups[*group]);
        let sums = (0..self.sums.len()).filter(|at| growing.of_sum[*at] > 0);
        (groups.collect(), sums.collect())
    }
}

impl Growing<'_> {
    /// Adds a group, with all that are in a short sum with it.
    fn add(&mut self, group: usize) {
        let mut open = vec![group];
        while let Some(group) = open.pop() {
            if std::mem::replace(&mut self.groups[group], true) {
                continue;
            }
            self.left.push_back(group);
            for at in &self.shape.within[group] {
                self.of_sum[*at] += 1;
                let parts = &self.shape.sums[*at].parts;
                if parts.len() <= WHOLE {
                    open.extend(parts.iter().map(|(group, _)| *group));
                }
            }
        }
    }

    /// The group of a sum that is added next.
    fn next(&self, at: usize) -> Option<usize> {
        let others = self.shape.sums[at].parts.iter().map(|(group, _)| *group);
        others.filter(|group| !self.groups[*group]).min_by_key(|group| {
            let linked = self.shape.within[*group].iter().filter(|at| self.of_sum[**at] > 0);
            let alone = self.shape.alone[*group].map(|at| &self.shape.sums[at]);
            // Nobody at all is always told, and cannot be anything else.
            let fixed = self.shape.groups[*group] == 0;
            let cost = alone.map_or(0, |sum| if sum.state == State::Hidden { 0 } else { sum.weight });
            (fixed, Reverse(linked.count()), cost, *group)
        })
    }
}

impl Sum {
    fn new(parts: Parts, groups: &[i64]) -> Self {
        let count = parts.iter().fold(0_i64, |sum, (group, by)| {
            sum.saturating_add(groups[*group].saturating_mul(*by))
        });
        let bits = |number: u64| i64::from(u64::BITS - number.leading_zeros());
        let many = u64::try_from(parts.len()).unwrap_or(u64::MAX);
        // A total is dear: it says the most, and everything else can be held against it.
        let totals = if many > 1 { 4 * bits(many) } else { 1 };
        Self {
            weight: (4 + bits(count.unsigned_abs())) * totals,
            parts,
            count,
            state: State::Untold,
            known: (0, None),
            earlier: false,
        }
    }

    fn room(&self, (low, high): (i64, Option<i64>)) -> (Room, Room) {
        let off = |low: i64, high: Option<i64>| Room {
            down: Some(self.count.saturating_sub(low).max(0)),
            up: high.map(|high| high.saturating_sub(self.count).max(0)),
        };
        let hidden = off(low.max(1), high);
        match self.state {
            State::Untold => (off(low, high), off(low, high)),
            State::Hidden => (hidden, hidden),
            // Nobody at all is always shown.
            State::Told(..) if self.count == 0 => (off(0, Some(0)), off(0, Some(0))),
            State::Told(least, most) => {
                let most = high.map_or(most, |high| high.min(most));
                (off(low.max(least), Some(most)), hidden)
            }
        }
    }
}

/// Counts that are added, less those that are taken off, each once with how many times.
fn atoms(added: &[usize], taken: &[usize]) -> Parts {
    let mut times: BTreeMap<usize, i64> = BTreeMap::new();
    for atom in added {
        *times.entry(*atom).or_default() += 1;
    }
    for atom in taken {
        *times.entry(*atom).or_default() -= 1;
    }
    times.into_iter().filter(|(_, times)| *times != 0).collect()
}

/// Counts that are in the same sums, as many times, are told apart by nobody: what each group of them comes to, and the sums
/// over groups.
fn grouped(counts: &[i64], sums: &[Parts]) -> (Vec<i64>, Vec<Parts>) {
    let mut signatures: Vec<Parts> = vec![vec![]; counts.len()];
    for (at, parts) in sums.iter().enumerate() {
        for (atom, by) in parts {
            signatures[*atom].push((at, *by));
        }
    }
    let mut known: BTreeMap<&Parts, usize> = BTreeMap::new();
    let mut groups: Vec<i64> = vec![];
    let mut over: Vec<Parts> = vec![vec![]; sums.len()];
    for (signature, count) in signatures
        .iter()
        .zip(counts)
        .filter(|(signature, _)| !signature.is_empty())
    {
        let group = *known.entry(signature).or_insert_with(|| {
            for (sum, by) in signature {
                over[*sum].push((groups.len(), *by));
            }
            groups.push(0);
            groups.len() - 1
        });
        groups[group] = groups[group].saturating_add(*count);
    }
    (groups, over)
}
