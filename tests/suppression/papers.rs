//! Made-up papers, as documents: quarters, sums to date, those who came back, and years that were filled from the quarters
//! or typed beside them.
//!
//! Invariant: what a reader learns of such a paper is put into a table of sums by the words of the documentation, and not
//! by the code that decides; a reader knows by how much a year that was typed differs from its quarters.

use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::{
    Atom, Block, Cell, Document, Mark, People, Raw, Row, Shown, Table as Shape, Told as Value, show,
};
use countersign_domain::form::schema::Audience;
use countersign_domain::measure::people::together;
use countersign_domain::measure::suppress::{Decided, Fate, Policy, Told};

use super::tables::{Lot, Table};

/// A paper on its way, and what each of its figures tells.
struct Paper {
    policy: Policy,
    atoms: Vec<Atom>,
    figures: Vec<(Raw, Tells)>,
}

/// The sums that a figure tells, by counts.
#[derive(Default)]
struct Tells {
    sum: Vec<usize>,
    /// What it is a part of.
    within: Vec<usize>,
    /// What it differs from by a number that is known.
    near: Vec<usize>,
}

impl Paper {
    fn atom(&mut self, count: i64) -> usize {
        let key = format!("count {}", self.atoms.len());
        self.atoms.push(Atom { key, count });
        self.atoms.len() - 1
    }

    fn made(&self, sum: &[usize]) -> People {
        People::Count(sum.iter().map(|at| self.atoms[*at].clone()).collect())
    }

    fn value(&self, sum: &[usize]) -> i64 {
        sum.iter().map(|at| self.atoms[*at].count).sum()
    }

    fn tell(&mut self, people: People, tells: Tells, calculated: bool) {
        let count = self.value(&tells.sum);
        let value = match calculated {
            true => FigureValue::Number {
                scaled: count,
                places: 0,
                percent: false,
            },
            false => FigureValue::Count { count },
        };
        let raw = Raw {
            told: Value::Value(value),
            approximately: false,
            provisional: false,
            restated: false,
            over_money: false,
            people: Some(people),
            from: None,
        };
        self.figures.push((raw, tells));
    }
}

/// A made-up paper as a table that says what became of it.
pub fn paper(lot: &mut Lot) -> (Table, Decided) {
    let policy = match lot.below(4) {
        0 => Policy::RoundToFive,
        _ => Policy::LessThanFive,
    };
    let mut paper = Paper {
        policy,
        atoms: vec![],
        figures: vec![],
    };
    let (projects, quarters) = (1 + lot.below(3), 2 + lot.below(3));
    let mut years: Vec<(People, Tells)> = vec![];
    for _ in 0..projects {
        let mut so_far: Vec<usize> = vec![];
        for _ in 0..quarters {
            let count = lot.count();
            let here = paper.atom(count);
            so_far.push(here);
            if lot.below(3) > 0 {
                let sum = vec![here];
                paper.tell(
                    paper.made(&sum),
                    Tells {
                        sum,
                        ..Tells::default()
                    },
                    false,
                );
            }
            if lot.below(3) == 0 {
                let sum = so_far.clone();
                paper.tell(
                    paper.made(&sum),
                    Tells {
                        sum,
                        ..Tells::default()
                    },
                    true,
                );
            }
            if lot.below(3) == 0 {
                let came_back = count - lot.count().min(count);
                let sum = vec![paper.atom(came_back)];
                let own = Box::new(paper.made(&sum));
                let People::Count(of) = paper.made(&[here]) else {
                    continue;
                };
                let within = vec![here];
                paper.tell(
                    People::Part { own, of },
                    Tells {
                        sum,
                        within,
                        ..Tells::default()
                    },
                    false,
                );
            }
        }
        years.push(year(lot, &mut paper, so_far));
    }
    let (all, tells): (Vec<People>, Vec<Tells>) = years.into_iter().unzip();
    let differs = tells.iter().any(|tells| !tells.near.is_empty());
    let total = Tells {
        sum: tells.iter().flat_map(|tells| tells.sum.clone()).collect(),
        near: match differs {
            true => tells
                .iter()
                .flat_map(|tells| if tells.near.is_empty() { &tells.sum } else { &tells.near })
                .copied()
                .collect(),
            false => vec![],
        },
        within: vec![],
    };
    for (people, tells) in all.iter().cloned().zip(tells) {
        if lot.below(4) > 0 {
            paper.tell(people, tells, false);
        }
    }
    if let Some(people) = together(all) {
        paper.tell(people, total, false);
    }
    decided(paper)
}

/// A year that is what its quarters come to, or a little more.
fn year(lot: &mut Lot, paper: &mut Paper, quarters: Vec<usize>) -> (People, Tells) {
    let filled = paper.made(&quarters);
    if lot.below(3) > 0 {
        let tells = Tells {
            sum: quarters,
            ..Tells::default()
        };
        return (filled, tells);
    }
    let more = i64::try_from(1 + lot.below(9)).expect("a small number");
    let sum = vec![paper.atom(paper.value(&quarters) + more)];
    let people = People::Near {
        own: Box::new(paper.made(&sum)),
        near: Box::new(filled),
    };
    let tells = Tells {
        sum,
        near: quarters,
        within: vec![],
    };
    (people, tells)
}

fn decided(paper: Paper) -> (Table, Decided) {
    let rows = paper.figures.iter().map(|(raw, _)| Row {
        cells: vec![Cell::Figure { figure: raw.clone() }],
        total: false,
    });
    let document = Document {
        title: "A paper".to_owned(),
        subtitle: String::new(),
        audience: Audience::Panel,
        watermark: None,
        dated: chrono::NaiveDate::default(),
        blocks: vec![Block::Table(Shape {
            caption: "Counts".to_owned(),
            columns: vec![],
            rows: rows.collect(),
            coverage: None,
            notes: vec![],
        })],
        definitions: vec![],
    };
    let showed = show(document, Audience::Panel, Some(paper.policy), &[], None);
    let (mut told, mut fates) = (vec![], vec![]);
    for ((_, tells), shown) in paper.figures.iter().zip(showed.document.figures()) {
        let mut say = |atoms: &[usize], less: &[usize], shown: bool, fate: Fate| {
            let (atoms, less) = (atoms.to_vec(), less.to_vec());
            told.push(Told { atoms, less, shown });
            fates.push(fate);
        };
        let fate = fate(shown, paper.policy);
        say(&tells.sum, &[], true, fate);
        if !tells.within.is_empty() {
            say(&tells.within, &tells.sum, false, Fate::Hidden);
        }
        if !tells.near.is_empty() && fate != Fate::Hidden {
            let sum = paper.value(&tells.near);
            let as_told = match paper.policy {
                Policy::RoundToFive if sum > 0 => Fate::Rounded((sum + 2) / 5 * 5),
                _ => Fate::Shown,
            };
            say(&tells.near, &[], true, as_told);
        }
    }
    let table = Table {
        policy: paper.policy,
        counts: paper.atoms.iter().map(|atom| atom.count).collect(),
        told,
        earlier: vec![],
    };
    let exposed = showed.exposed;
    (table, Decided { fates, exposed })
}

/// What became of a figure, as it can be read.
fn fate(shown: &Shown, policy: Policy) -> Fate {
    if shown.marks.contains(&Mark::Hidden) {
        return Fate::Hidden;
    }
    let number: i64 = shown.text.replace(',', "").parse().expect("a whole number");
    match policy {
        Policy::RoundToFive if number > 0 => Fate::Rounded(number),
        _ => Fate::Shown,
    }
}
