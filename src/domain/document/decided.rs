//! What of a document's figures of people may be shown.
//!
//! Invariant: all of them are decided on together, with what was published before. What a figure says of people that its
//! counts do not explain is held back.

use std::collections::BTreeMap;

use super::figure::{Atom, People, Raw, Told};
use super::show::{NO_END, Released};
use crate::answers::types::FigureValue;
use crate::measure::suppress::{self, Earlier, Fate, Policy, decide};

/// What becomes of a document's figures.
pub(super) struct Decisions {
    /// The value of each figure as it may be shown, in order; none where it is held back. With whether it was rounded.
    pub shown: Vec<Option<(Told, bool)>>,
    pub released: Vec<Released>,
    pub exposed: usize,
}

/// How a figure depends on what is decided.
enum Depends {
    /// It is not of people, or tells no number.
    Free,
    /// It cannot be told what it says of people.
    Never,
    /// It is shown when all of these sums are, by their places among what is told.
    On(Vec<usize>),
    /// As `On`, but worked out from the sums in some other way.
    Worked(Vec<usize>),
}

/// The counts of a document, and the sums that it tells of them.
struct Counts {
    policy: Policy,
    places: BTreeMap<Atom, usize>,
    counts: Vec<i64>,
    told: Vec<suppress::Told>,
}

/// Decides on all figures of people together.
pub(super) fn decisions(figures: &[Raw], policy: Policy, earlier: &[Released]) -> Decisions {
    let mut counts = Counts {
        policy,
        places: BTreeMap::new(),
        counts: vec![],
        told: vec![],
    };
    let depends: Vec<Depends> = figures.iter().map(|figure| counts.depends(figure)).collect();
    let before: Vec<Earlier> = earlier
        .iter()
        .map(|released| Earlier {
            atoms: counts.places(&released.atoms),
            less: counts.places(&released.less),
            low: released.low,
            high: if released.high >= NO_END {
                i64::MAX
            } else {
                released.high
            },
        })
        .collect();
    let decided = decide(policy, &counts.counts, &counts.told, &before);
    let shown = figures.iter().zip(&depends).map(|(figure, depends)| {
        let fates = |on: &[usize]| -> Vec<Fate> { on.iter().map(|at| decided.fates[*at]).collect() };
        match depends {
            Depends::Free => Some((figure.told.clone(), false)),
            Depends::Never => None,
            Depends::On(on) => rounded(&figure.told, &fates(on)),
            Depends::Worked(on) if fates(on).contains(&Fate::Hidden) => None,
            Depends::Worked(_) => worked(&figure.told, policy),
        }
    });
    Decisions {
        shown: shown.collect(),
        released: counts.released(&decided.fates),
        exposed: decided.exposed,
    }
}

impl Counts {
    fn places(&mut self, atoms: &[Atom]) -> Vec<usize> {
        let mut place = |atom: &Atom| {
            let next = self.counts.len();
            let at = *self.places.entry(atom.clone()).or_insert(next);
            if at == next {
                self.counts.push(atom.count);
            }
            at
        };
        atoms.iter().map(&mut place).collect()
    }

    fn tell(&mut self, atoms: &[Atom]) -> usize {
        let atoms = self.places(atoms);
        self.told.push(suppress::Told {
            atoms,
            less: vec![],
            shown: true,
        });
        self.told.len() - 1
    }

    fn depends(&mut self, figure: &Raw) -> Depends {
        let (Some(people), Told::Value(value)) = (&figure.people, &figure.told) else {
            return Depends::Free;
        };
        match (people, *value) {
            (_, FigureValue::NotKnown | FigureValue::Blank) => Depends::Free,
            (People::Count(atoms), FigureValue::Count { count }) if sum(atoms) == Some(count) => {
                Depends::On(vec![self.tell(atoms)])
            }
            (
                People::Ratio { of, per },
                FigureValue::Ratio {
                    of: top, per: under, ..
                },
            ) if sum(of) == Some(top) && sum(per) == Some(under) => {
                let on = vec![self.tell(of), self.tell(per)];
                let (atoms, less) = (self.places(per), self.places(of));
                self.told.push(suppress::Told {
                    atoms,
                    less,
                    shown: false,
                });
                Depends::On(on)
            }
            (People::Range { low, high }, FigureValue::Range { low: least, high: most })
                if sum(low) == Some(least) && sum(high) == Some(most) =>
            {
                Depends::On(vec![self.tell(low), self.tell(high)])
            }
            // That it is over nobody is all that is told.
            (_, FigureValue::NotApplicable) => Depends::Free,
            (people, value) => self.worked(people, value),
        }
    }

    /// A figure that is not a sum tells no more of its counts than they would themselves, so they are taken as told.
    fn worked(&mut self, people: &People, value: FigureValue) -> Depends {
        let atoms: Vec<&Atom> = match people {
            People::Count(atoms) | People::Worked(atoms) => atoms.iter().collect(),
            People::Ratio { of: one, per: other } | People::Range { low: one, high: other } => {
                one.iter().chain(other).collect()
            }
        };
        let small = |count: i64| self.policy.is_small(count);
        let is_small = matches!(value, FigureValue::Count { count } if small(count));
        if is_small || atoms.is_empty() || atoms.iter().any(|atom| small(atom.count)) {
            return Depends::Never;
        }
        Depends::Worked(
            atoms
                .into_iter()
                .map(|atom| self.tell(std::slice::from_ref(atom)))
                .collect(),
        )
    }

    /// What readers know of each sum from now on.
    fn released(&self, fates: &[Fate]) -> Vec<Released> {
        let mut atoms: Vec<Atom> = vec![
            Atom {
                key: String::new(),
                count: 0
            };
            self.counts.len()
        ];
        for (atom, at) in &self.places {
            atoms[*at].clone_from(atom);
        }
        let mut known: BTreeMap<(Vec<usize>, Vec<usize>), (i64, i64)> = BTreeMap::new();
        for (told, fate) in self.told.iter().zip(fates) {
            let count = told
                .atoms
                .iter()
                .fold(0_i64, |sum, at| sum.saturating_add(self.counts[*at]));
            let bounds = match fate {
                Fate::Hidden if !told.shown => (0, NO_END),
                Fate::Hidden => (1, NO_END),
                Fate::Shown | Fate::Rounded(_) => {
                    let (_, low, high) = self.policy.tells(count);
                    (low, high)
                }
            };
            let sorted = |places: &[usize]| {
                let mut places = places.to_vec();
                places.sort_unstable();
                places
            };
            known.insert((sorted(&told.atoms), sorted(&told.less)), bounds);
        }
        let list = |places: Vec<usize>| places.into_iter().map(|at| atoms[at].clone()).collect();
        let released = known.into_iter().filter(|((places, _), _)| !places.is_empty());
        released
            .map(|((added, taken), (low, high))| Released {
                atoms: list(added),
                less: list(taken),
                low,
                high,
            })
            .collect()
    }
}

/// The sum; none when a count is less than nobody, or there are more than can be counted.
fn sum(atoms: &[Atom]) -> Option<i64> {
    atoms.iter().try_fold(0_i64, |sum, atom| match atom.count {
        0.. => sum.checked_add(atom.count),
        _ => None,
    })
}

/// The figure as its sums are told; none when one of them is held back.
fn rounded(told: &Told, fates: &[Fate]) -> Option<(Told, bool)> {
    if fates.contains(&Fate::Hidden) {
        return None;
    }
    let to = |at: usize, exact: i64| match fates.get(at) {
        Some(Fate::Rounded(to)) => *to,
        _ => exact,
    };
    let any = fates.iter().any(|fate| matches!(fate, Fate::Rounded(_)));
    let value = match *told {
        Told::Value(FigureValue::Count { count }) => FigureValue::Count { count: to(0, count) },
        Told::Value(FigureValue::Ratio { of, per, places }) => FigureValue::Ratio {
            of: to(0, of),
            per: to(1, per),
            places,
        },
        Told::Value(FigureValue::Range { low, high }) => FigureValue::Range {
            low: to(0, low),
            high: to(1, high),
        },
        _ => return Some((told.clone(), false)),
    };
    Some((Told::Value(value), any))
}

/// A figure that is worked out from counts of which all are told. What cannot be rounded is not told by a policy that rounds.
fn worked(told: &Told, policy: Policy) -> Option<(Told, bool)> {
    match (policy, told) {
        (Policy::LessThanFive, _) => Some((told.clone(), false)),
        (Policy::RoundToFive, Told::Value(FigureValue::Count { count })) => {
            let count = policy.tells(*count).0;
            Some((Told::Value(FigureValue::Count { count }), count > 0))
        }
        (Policy::RoundToFive, _) => None,
    }
}
