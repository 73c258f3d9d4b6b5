//! Somebody who has read a document, all earlier ones and the policy, and works out the least and the most that a count can
//! be, with another library than the code has, another method and all counts apart.
//!
//! Invariant: knows nothing but what is told.

use std::collections::BTreeMap;

use countersign_domain::measure::suppress::{Fate, Told};
use microlp::{ComparisonOp, Error, OptimizationDirection, Problem, Variable};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::tables::Table;

/// What a sum of counts can be: from the one to the other; none for without end.
pub type Can = (i64, Option<i64>);

/// What the reader knows.
pub struct Adversary<'a> {
    pub table: &'a Table,
    /// What became of the figures of the document.
    pub fates: &'a [Fate],
    /// Whether half a person is thought possible: weaker, and what most programs of this kind do.
    pub halves: bool,
}

impl Adversary<'_> {
    /// The least and the most that the sum can be.
    pub fn can_be(&self, told: &Told) -> Can {
        let least = self.solve(told, OptimizationDirection::Minimize);
        let most = self.solve(told, OptimizationDirection::Maximize);
        (
            least
                .expect("a count cannot be less than nought")
                .ceil()
                .to_i64()
                .unwrap(),
            most.map(|most| most.floor().to_i64().unwrap()),
        )
    }

    fn solve(&self, told: &Told, direction: OptimizationDirection) -> Option<Decimal> {
        let mut problem = Problem::new(direction);
        let wanted = times(told);
        let variables: Vec<Variable> = (0..self.table.counts.len())
            .map(|atom| {
                let cost = wanted.get(&atom).copied().unwrap_or(0.0);
                if self.halves {
                    problem.add_var(cost, (0.0, f64::INFINITY))
                } else {
                    problem.add_integer_var(cost, (0, 100_000))
                }
            })
            .collect();
        for (told, fate) in self.table.told.iter().zip(self.fates) {
            let value = self.table.value(told);
            let bounds = if told.shown {
                self.table.bounds(told, *fate)
            } else {
                (0, i64::MAX)
            };
            // What is nought is always shown.
            let bounds = if told.shown && value == 0 { (0, 0) } else { bounds };
            know(&mut problem, &variables, told, bounds);
        }
        for earlier in &self.table.earlier {
            let told = Told {
                atoms: earlier.atoms.clone(),
                less: earlier.less.clone(),
                shown: true,
            };
            know(&mut problem, &variables, &told, (earlier.low, earlier.high));
        }
        match problem.solve() {
            Ok(outcome) => {
                let found = outcome.into_solution().expect("nothing interrupts it").objective();
                let found: Decimal = format!("{found:.4}").parse().expect("a number");
                // Whole numbers only are bounded, at what stands for without end.
                (found < Decimal::from(50_000)).then_some(found)
            }
            Err(Error::Unbounded) => None,
            Err(error) => panic!("the reader cannot work it out: {error}"),
        }
    }
}

/// How many times each count is in a sum.
fn times(told: &Told) -> BTreeMap<usize, f64> {
    let mut times: BTreeMap<usize, i32> = BTreeMap::new();
    told.atoms.iter().for_each(|atom| *times.entry(*atom).or_default() += 1);
    told.less.iter().for_each(|atom| *times.entry(*atom).or_default() -= 1);
    times
        .into_iter()
        .map(|(atom, times)| (atom, f64::from(times)))
        .collect()
}

fn know(problem: &mut Problem, variables: &[Variable], told: &Told, (low, high): (i64, i64)) {
    let sum: Vec<(Variable, f64)> = times(told)
        .into_iter()
        .map(|(atom, by)| (variables[atom], by))
        .collect();
    let number = |number: i64| f64::from(i32::try_from(number).expect("small tables"));
    if low == high {
        problem.add_constraint(&sum, ComparisonOp::Eq, number(low));
        return;
    }
    problem.add_constraint(&sum, ComparisonOp::Ge, number(low));
    if high != i64::MAX {
        problem.add_constraint(&sum, ComparisonOp::Le, number(high));
    }
}
