//! What of a document's figures of people may be shown.
//!
//! Invariant: all of them are decided on together, with what was published before. What a figure says of people that its
//! counts do not explain is held back.

use std::collections::BTreeMap;

use super::figure::{Atom, People, Raw, Told};
use super::show::{NO_END, Released};
use crate::answers::types::FigureValue;
use crate::measure::people::{all_of, says, whole};
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
    let before: Vec<Earlier> = counts
        .linked(earlier)
        .into_iter()
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
    /// Of what earlier papers told, that which has to do with the counts of this one, if only through other sums.
    fn linked<'e>(&self, earlier: &'e [Released]) -> Vec<&'e Released> {
        let mut within: BTreeMap<&Atom, Vec<usize>> = BTreeMap::new();
        for (at, released) in earlier.iter().enumerate() {
            for atom in released.atoms.iter().chain(&released.less) {
                within.entry(atom).or_default().push(at);
            }
        }
        let mut linked = vec![false; earlier.len()];
        let mut left: Vec<&Atom> = self.places.keys().collect();
        while let Some(atom) = left.pop() {
            for at in within.remove(atom).unwrap_or_default() {
                if !std::mem::replace(&mut linked[at], true) {
                    left.extend(earlier[at].atoms.iter().chain(&earlier[at].less));
                }
            }
        }
        let marked = earlier.iter().zip(linked).filter(|(_, linked)| *linked);
        marked.map(|(released, _)| released).collect()
    }

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
        self.tell_less(atoms, &[], true)
    }

    fn tell_less(&mut self, atoms: &[Atom], less: &[Atom], shown: bool) -> usize {
        let (atoms, less) = (self.places(atoms), self.places(less));
        self.told.push(suppress::Told { atoms, less, shown });
        self.told.len() - 1
    }

    fn depends(&mut self, figure: &Raw) -> Depends {
        match (&figure.people, &figure.told) {
            (Some(people), Told::Value(value)) => self.depends_on(people, *value),
            _ => Depends::Free,
        }
    }

    fn depends_on(&mut self, people: &People, value: FigureValue) -> Depends {
        match (people, value) {
            // That it is over nobody is all that is told.
            (_, FigureValue::NotKnown | FigureValue::Blank | FigureValue::NotApplicable) => Depends::Free,
            (People::Part { own, of }, value) => {
                let depends = self.depends_on(own, value);
                if let People::Count(own) = own.as_ref() {
                    self.tell_less(of, own, false);
                }
                depends
            }
            (People::Near { own, near }, value) => {
                let mut depends = self.depends_on(own, value);
                if let Depends::On(sums) | Depends::Worked(sums) = &mut depends {
                    sums.extend(self.tell_all(near));
                }
                depends
            }
            (people, value) if says(people, value) => Depends::On(self.tell_all(people)),
            (people, value) => self.worked(people, value),
        }
    }

    /// Tells every sum that a figure is made of; those that it is made of, by their places among what is told.
    fn tell_all(&mut self, people: &People) -> Vec<usize> {
        match people {
            People::Count(atoms) => vec![self.tell(atoms)],
            People::Less { of, less } => vec![self.tell_less(of, less, true)],
            People::Ratio { of, per } => {
                let on = vec![self.tell(of), self.tell(per)];
                self.tell_less(per, of, false);
                on
            }
            People::Range { low, high } => vec![self.tell(low), self.tell(high)],
            People::Worked(atoms) => {
                let each = atoms.iter().map(|atom| self.tell(std::slice::from_ref(atom)));
                each.collect()
            }
            People::Part { own, .. } => self.tell_all(own),
            People::Near { own, near } => [self.tell_all(own), self.tell_all(near)].concat(),
        }
    }

    /// A figure that is not a sum tells no more of its counts than they would themselves, so they are taken as told.
    fn worked(&mut self, people: &People, value: FigureValue) -> Depends {
        let atoms = all_of(people.clone());
        let small = |count: i64| self.policy.is_small(count);
        if whole(value).is_some_and(small) || atoms.is_empty() || atoms.iter().any(|atom| small(atom.count)) {
            return Depends::Never;
        }
        Depends::Worked(self.tell_all(&People::Worked(atoms)))
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
            let sum = |places: &[usize]| {
                let counts = places.iter().map(|at| self.counts[*at]);
                counts.fold(0_i64, i64::saturating_add)
            };
            let count = sum(&told.atoms).saturating_sub(sum(&told.less));
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
            let both = |(low, high): (i64, i64)| (low.max(bounds.0), high.min(bounds.1));
            known
                .entry((sorted(&told.atoms), sorted(&told.less)))
                .and_modify(|before| *before = both(*before))
                .or_insert(bounds);
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
        Told::Value(FigureValue::Number {
            scaled,
            places: 0,
            percent: false,
        }) => FigureValue::Number {
            scaled: to(0, scaled),
            places: 0,
            percent: false,
        },
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
