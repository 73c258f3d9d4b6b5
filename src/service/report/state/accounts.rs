//! Every amount that a form tells of a fund's money, by the project that it is of.
//!
//! Invariant: what is told of a project as such is never added to what is told of its parts.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::Source;
use countersign_domain::form::schema::{Each, MoneyIs, TableRows};
use countersign_domain::ids::{AllocationId, GrantId, OrganisationId};
use countersign_domain::measure::{Rules, Sum};
use countersign_domain::money::Money;
use countersign_domain::register::Allocation;

use super::super::Stated;
use super::super::books::Marked;
use super::Sourced;
use super::given::{Given, together};

/// What an amount is of: a project of a grant, or the grant as a whole.
pub(super) type Subject = (GrantId, Option<String>);

/// The figures of one marked question or column.
pub(super) struct Told<'a> {
    pub(super) marked: &'a Marked<'a>,
    pub(super) rules: Rules,
    pub(super) given: Vec<Given>,
    /// All of them, as a question to the register of figures.
    pub(super) source: Source,
}

/// What is known of an amount.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    /// Nothing is signed of it.
    Nothing,
    /// It was asked for, and is not known of every place.
    NotKnown,
    /// It was given several times, and its form does not say how to add it up.
    Listed,
    /// It is known.
    Amount(Box<Sourced>),
}

impl Known {
    /// The amount, where it is known.
    #[must_use]
    pub fn amount(&self) -> Option<Stated> {
        match self {
            Known::Amount(sourced) => Some(sourced.stated),
            Known::Nothing | Known::NotKnown | Known::Listed => None,
        }
    }
}

/// Every amount by what it is of: what is told of it as such, and what is told of its parts.
pub(super) struct Accounts<'a> {
    entries: BTreeMap<(Subject, bool), Vec<(&'a Told<'a>, &'a Given)>>,
}

impl<'a> Accounts<'a> {
    pub(super) fn of(told: &'a [Told<'a>], grants: &BTreeMap<GrantId, Vec<&Allocation>>) -> Self {
        let by_project = told.iter().any(|one| one.marked.each == Each::Project);
        let mut entries: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for one in told {
            for given in &one.given {
                let allocations = grants.get(&given.grant).map(Vec::as_slice).unwrap_or_default();
                let (project, of_allocation) = project_of(one.marked, given, allocations);
                let grouped = matches!(one.marked.each, Each::Cohort | Each::Row);
                let in_table = one.marked.rows.is_some_and(|rows| *rows != TableRows::Allocations);
                let part = grouped || in_table || (by_project && of_allocation);
                let subject = (given.grant, project);
                entries.entry((subject, part)).or_default().push((one, given));
            }
        }
        Accounts { entries }
    }

    /// Whether anything is told of a subject.
    pub(super) fn tells_of(&self, subject: &Subject) -> bool {
        [false, true]
            .iter()
            .any(|part| self.entries.contains_key(&(subject.clone(), *part)))
    }

    /// What is stated of a subject as such, else what is stated of all its parts.
    pub(super) fn known(&self, subject: &Subject, is: MoneyIs) -> Known {
        match self.stated(subject, is, false) {
            known @ Known::Amount(_) => known,
            other => match self.stated(subject, is, true) {
                Known::Nothing => other,
                of_parts => of_parts,
            },
        }
    }

    fn stated(&self, subject: &Subject, is: MoneyIs, part: bool) -> Known {
        let entries = self
            .entries
            .get(&(subject.clone(), part))
            .map(Vec::as_slice)
            .unwrap_or_default();
        let entries: Vec<_> = entries.iter().filter(|(told, _)| told.marked.is == is).collect();
        let mut measures: BTreeMap<&str, (&Told<'_>, Vec<&Given>)> = BTreeMap::new();
        for (told, given) in &entries {
            let of = measures.entry(&told.marked.id).or_insert((told, Vec::new()));
            of.1.push(given);
        }
        let mut sum = None;
        for (told, given) in measures.values() {
            if given.iter().any(|one| one.lacks) {
                return Known::NotKnown;
            }
            match together(given.iter().copied(), told.rules) {
                Sum { value: None, .. } => return Known::Listed,
                Sum {
                    value: Some(FigureValue::Money { pence }),
                    approximately,
                    ..
                } => {
                    let stated = Stated {
                        amount: Money::pence(pence),
                        approximately,
                    };
                    let Some(both) = Stated::plus(sum.unwrap_or(Stated::NOTHING), stated) else {
                        return Known::Listed;
                    };
                    sum = Some(both);
                }
                Sum { .. } => {}
            }
        }
        let only = measures.values().next().filter(|_| measures.len() == 1);
        match sum {
            None => Known::Nothing,
            Some(stated) => Known::Amount(Box::new(Sourced {
                stated,
                from: only.map(|(told, given)| source(told, subject.0, given)),
            })),
        }
    }
}

/// The project of a figure, and whether that is known from an allocation alone. None is of the grant as a whole.
fn project_of(marked: &Marked<'_>, given: &Given, allocations: &[&Allocation]) -> (Option<String>, bool) {
    let of = |known: &dyn Fn(&Allocation) -> bool| {
        allocations
            .iter()
            .find(|of| known(of))
            .map(|of| of.project_key().to_owned())
    };
    let row = given.row.as_deref();
    if marked.each == Each::Project {
        let within = row.map(|row| row.split_once('/').map_or(row, |(within, _)| within));
        return (within.map(str::to_owned), false);
    }
    if marked.rows == Some(&TableRows::Allocations) {
        let cell = row.map(|row| row.rsplit_once('/').map_or(row, |(_, cell)| cell));
        return (of(&|allocation| Some(allocation.key.as_str()) == cell), true);
    }
    if let Some(id) = given.allocation {
        return (of(&|allocation| allocation.id == id), true);
    }
    // A grant of one project is that project, and so is a provider's only one.
    let theirs: Vec<&Allocation> = allocations
        .iter()
        .filter(|of| of.provider == given.provider)
        .copied()
        .collect();
    let only = [keys(allocations), keys(&theirs)]
        .into_iter()
        .find(|keys| keys.len() == 1);
    (only.and_then(|keys| keys.first().map(|key| (*key).to_owned())), true)
}

/// The signed figures of one measure in one subject.
fn source(told: &Told<'_>, grant: GrantId, given: &[&Given]) -> Source {
    let allocations: BTreeSet<AllocationId> = given.iter().filter_map(|one| one.allocation).collect();
    let rows: BTreeSet<&String> = given.iter().filter_map(|one| one.row.as_ref()).collect();
    let providers: BTreeSet<OrganisationId> = given.iter().map(|one| one.provider).collect();
    Source {
        grant: Some(grant),
        // What is asked of each row of an allocation is all of the allocation; what names its project by its row is not.
        row: rows.into_iter().next().filter(|_| allocations.is_empty()).cloned(),
        provider: providers.into_iter().next().filter(|_| allocations.is_empty()),
        allocations: allocations.into_iter().collect(),
        ..told.source.clone()
    }
}

/// The projects of allocations, each once, in their order.
pub(super) fn keys<'a>(allocations: &[&'a Allocation]) -> Vec<&'a str> {
    let mut keys: Vec<&str> = Vec::new();
    for key in allocations.iter().map(|of| of.project_key()) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}
