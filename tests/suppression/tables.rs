//! Made-up tables of counts, from a seed: what papers tell of people, in all the ways that tables hang together.
//!
//! Invariant: the same seed makes the same table, and about a quarter of its counts is small.

use countersign_domain::measure::suppress::{Decided, Earlier, Fate, Policy, Told, decide};

/// A number that looks drawn by lot, from a seed (splitmix64).
pub struct Lot(pub u64);

impl Lot {
    /// From 0 to `below`, without it.
    pub fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % below
    }

    fn between(&mut self, low: usize, high: usize) -> usize {
        low + usize::try_from(self.below((high - low + 1) as u64)).unwrap()
    }

    pub fn count(&mut self) -> i64 {
        let drawn = self.below(100);
        let count = match drawn {
            0..15 => 0,
            15..40 => 1 + self.below(4),
            40..60 => 5 + self.below(6),
            _ => 5 + self.below(90),
        };
        i64::try_from(count).unwrap()
    }
}

/// What a document tells, what was told before, and what is done about it.
pub struct Table {
    pub policy: Policy,
    pub counts: Vec<i64>,
    pub told: Vec<Told>,
    pub earlier: Vec<Earlier>,
}

impl Table {
    fn new(lot: &mut Lot, counts: usize, told: Vec<Told>) -> Self {
        Self {
            policy: if lot.below(4) == 0 {
                Policy::RoundToFive
            } else {
                Policy::LessThanFive
            },
            counts: (0..counts).map(|_| lot.count()).collect(),
            told,
            earlier: vec![],
        }
    }

    pub fn decide(&self) -> Decided {
        decide(self.policy, &self.counts, &self.told, &self.earlier)
    }

    pub fn value(&self, told: &Told) -> i64 {
        let sum = |atoms: &[usize]| atoms.iter().map(|atom| self.counts[*atom]).sum::<i64>();
        sum(&told.atoms) - sum(&told.less)
    }

    /// What readers of this document remember of it when the next one comes.
    pub fn told_with(&self, fates: &[Fate]) -> Vec<Earlier> {
        let each = self.told.iter().zip(fates).map(|(told, fate)| {
            let (low, high) = if told.shown {
                self.bounds(told, *fate)
            } else {
                (0, i64::MAX)
            };
            Earlier {
                atoms: told.atoms.clone(),
                less: told.less.clone(),
                low,
                high,
            }
        });
        each.collect()
    }

    /// What is told of a figure by its fate, in the words of the policy and not of the code: from so many to so many.
    pub fn bounds(&self, told: &Told, fate: Fate) -> (i64, i64) {
        match fate {
            Fate::Shown => (self.value(told), self.value(told)),
            // What rounds to 10 is 8 to 12, what rounds to 15 is 13 to 17.
            Fate::Rounded(to) => (to - 2, to + 2),
            Fate::Hidden => (1, i64::MAX),
        }
    }
}

/// The sum of these counts, as it stands in a document.
fn told(atoms: impl IntoIterator<Item = usize>) -> Told {
    Told {
        atoms: atoms.into_iter().collect(),
        less: vec![],
        shown: true,
    }
}

/// A column, and its total.
pub fn column(lot: &mut Lot) -> Table {
    let rows = lot.between(2, 12);
    let mut all: Vec<Told> = (0..rows).map(|row| told([row])).collect();
    all.push(told(0..rows));
    // Now and then the document does not tell all rows.
    if lot.below(3) == 0 {
        all.remove(0);
    }
    Table::new(lot, rows, all)
}

/// Rows and columns with both totals, and the whole.
pub fn margins(lot: &mut Lot) -> Table {
    let (rows, columns) = (lot.between(2, 6), lot.between(2, 5));
    let at = |row: usize, column: usize| row * columns + column;
    let mut all: Vec<Told> = (0..rows * columns).map(|cell| told([cell])).collect();
    all.extend((0..rows).map(|row| told((0..columns).map(|column| at(row, column)))));
    all.extend((0..columns).map(|column| told((0..rows).map(|row| at(row, column)))));
    all.push(told(0..rows * columns));
    Table::new(lot, rows * columns, all)
}

/// Programmes of projects over periods: cells, programmes by period, and all by period.
pub fn hierarchy(lot: &mut Lot) -> Table {
    let periods = lot.between(1, 3);
    let mut all = vec![];
    let mut projects = 0;
    let mut programmes: Vec<std::ops::Range<usize>> = vec![];
    for _ in 0..lot.between(2, 4) {
        let many = lot.between(1, 4);
        programmes.push(projects..projects + many);
        projects += many;
    }
    let at = |project: usize, period: usize| project * periods + period;
    for period in 0..periods {
        all.extend((0..projects).map(|project| told([at(project, period)])));
        all.extend(
            programmes
                .iter()
                .map(|projects| told(projects.clone().map(|project| at(project, period)))),
        );
        all.push(told((0..projects).map(|project| at(project, period))));
    }
    all.extend(programmes.iter().map(|projects| {
        told(
            projects
                .clone()
                .flat_map(|project| (0..periods).map(move |period| at(project, period))),
        )
    }));
    Table::new(lot, projects * periods, all)
}

/// Months and the year to date after each, for each project and all of them.
pub fn year_to_date(lot: &mut Lot) -> Table {
    let (projects, months) = (lot.between(1, 4), lot.between(2, 7));
    let at = |project: usize, month: usize| project * months + month;
    let mut all = vec![];
    for month in 0..months {
        all.extend((0..projects).map(|project| told([at(project, month)])));
        all.extend((0..projects).map(|project| told((0..=month).map(|month| at(project, month)))));
        all.push(told((0..projects).map(|project| at(project, month))));
        all.push(told(
            (0..projects).flat_map(|project| (0..=month).map(move |month| at(project, month))),
        ));
    }
    Table::new(lot, projects * months, all)
}

/// Two tables over the same people: by project and period, and by project and cohort.
pub fn linked(lot: &mut Lot) -> Table {
    let (projects, periods, cohorts) = (lot.between(2, 4), lot.between(2, 3), lot.between(2, 3));
    let at = |project: usize, period: usize, cohort: usize| (project * periods + period) * cohorts + cohort;
    let of = |kept: &dyn Fn(usize, usize, usize) -> bool| {
        let mut atoms = vec![];
        for project in 0..projects {
            for period in 0..periods {
                atoms.extend(
                    (0..cohorts)
                        .filter(|cohort| kept(project, period, *cohort))
                        .map(|cohort| at(project, period, cohort)),
                );
            }
        }
        told(atoms)
    };
    let mut all = vec![of(&|_, _, _| true)];
    for project in 0..projects {
        all.push(of(&|one, _, _| one == project));
        all.extend((0..periods).map(|period| of(&|one, two, _| one == project && two == period)));
        all.extend((0..cohorts).map(|cohort| of(&|one, _, three| one == project && three == cohort)));
    }
    all.extend((0..periods).map(|period| of(&|_, two, _| two == period)));
    all.extend((0..cohorts).map(|cohort| of(&|_, _, three| three == cohort)));
    Table::new(lot, projects * periods * cohorts, all)
}

/// So many of so many, for each project and all of them; the two counts have nothing in common but that.
pub fn ratios(lot: &mut Lot) -> Table {
    let projects = lot.between(1, 6);
    let mut all = vec![];
    let mut ratio = |of: Vec<usize>| {
        let per: Vec<usize> = of.iter().map(|at| at + projects).collect();
        all.push(Told {
            atoms: per.clone(),
            less: of.clone(),
            shown: false,
        });
        all.extend([told(of), told(per)]);
    };
    (0..projects).for_each(|project| ratio(vec![project]));
    ratio((0..projects).collect());
    let mut table = Table::new(lot, 2 * projects, all);
    for project in 0..projects {
        table.counts[project + projects] += table.counts[project];
    }
    table
}

/// Two counts for each project, what they come to together, what the one is more than the other, and the sums of all these.
pub fn calculated(lot: &mut Lot) -> Table {
    let projects = lot.between(1, 6);
    let mut table = Table::new(lot, 2 * projects, vec![]);
    let two = |project: usize| [project, project + projects];
    for project in 0..projects {
        // The first is never the smaller one.
        table.counts[project] += table.counts[project + projects];
        table.told.extend(two(project).map(|at| told([at])));
    }
    let more = |of: Vec<usize>| Told {
        less: of.iter().map(|at| at + projects).collect(),
        ..told(of)
    };
    for project in (0..projects).chain([projects]) {
        let of = if project < projects {
            vec![project]
        } else {
            (0..projects).collect()
        };
        if lot.below(3) > 0 {
            table
                .told
                .push(told(of.iter().flat_map(|at| two(*at)).collect::<Vec<_>>()));
        }
        if lot.below(3) > 0 {
            table.told.push(more(of));
        }
    }
    table
}

/// Stages for each project and for all of them, each a part of the one before.
pub fn funnels(lot: &mut Lot) -> Table {
    let (projects, stages) = (lot.between(1, 4), lot.between(2, 4));
    let at = |project: usize, stage: usize| project * stages + stage;
    let mut all = vec![];
    for of in (0..projects)
        .map(|project| vec![project])
        .chain([(0..projects).collect()])
    {
        let stage = |stage: usize| of.iter().map(|project| at(*project, stage)).collect::<Vec<_>>();
        all.extend((0..stages).map(|number| told(stage(number))));
        all.extend((1..stages).map(|number| Told {
            atoms: stage(number - 1),
            less: stage(number),
            shown: false,
        }));
    }
    let mut table = Table::new(lot, projects * stages, all);
    for project in 0..projects {
        for stage in (0..stages - 1).rev() {
            table.counts[at(project, stage)] += table.counts[at(project, stage + 1)];
        }
    }
    table
}

/// A paper that follows another one: the same counts in other tables, after what was told of them before.
pub fn second_edition(lot: &mut Lot) -> Table {
    let mut table = if lot.below(2) == 0 { linked(lot) } else { ratios(lot) };
    // Each figure is in one of the two papers, or in both.
    let drawn: Vec<u64> = table.told.iter().map(|_| lot.below(3)).collect();
    let all = table.told.clone();
    let of = |papers: [u64; 2]| -> Vec<Told> {
        let kept = all.iter().zip(&drawn).filter(|(_, drawn)| papers.contains(drawn));
        kept.map(|(told, _)| told.clone()).collect()
    };
    table.told = of([0, 2]);
    let fates = table.decide().fates;
    table.earlier = table.told_with(&fates);
    table.told = of([1, 2]);
    table
}

/// A table as large as papers have: projects by periods with both totals, and with the year to date if wished.
pub fn large(lot: &mut Lot, rows: usize, columns: usize, to_date: bool) -> Table {
    let at = |row: usize, column: usize| row * columns + column;
    let mut all: Vec<Told> = (0..rows * columns).map(|cell| told([cell])).collect();
    all.extend((0..rows).map(|row| told((0..columns).map(|column| at(row, column)))));
    all.extend((0..columns).map(|column| told((0..rows).map(|row| at(row, column)))));
    all.push(told(0..rows * columns));
    if to_date {
        for last in 0..columns {
            all.extend((0..rows).map(|row| told((0..=last).map(|column| at(row, column)))));
            all.push(told(
                (0..rows).flat_map(|row| (0..=last).map(move |column| at(row, column))),
            ));
        }
    }
    let mut table = Table::new(lot, rows * columns, all);
    table.policy = Policy::LessThanFive;
    table
}
