//! What a figure is for: its project, provider, period, row or cohort; and the rows of a table that follow from it.
//!
//! Invariant: the rows of a table are in the order of the register and of the form, whatever order the figures come in; who
//! owes a figure that is not signed has a row all the same.

use std::collections::BTreeMap;

use countersign_domain::form::schema::{Each, TableRows};

use super::super::material::{Datum, Held, Material, When};
use super::super::measured::{Measured, meant};
use super::options::{By, Options};

/// One row of a table: what its figures are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    /// Tells it from others; also what a report names it by.
    pub(super) key: String,
    /// As it is shown.
    pub(super) title: String,
    /// Its place among the others.
    place: (usize, String),
    /// Whether a return of it is owed and not signed.
    pub(super) awaited: bool,
}

/// Of which figures a table or a sentence tells only.
#[derive(Default)]
pub(super) struct Only<'c> {
    project: Option<&'c str>,
    provider: Option<&'c str>,
    grant: Option<&'c str>,
    row: Option<&'c str>,
    cohort: Option<&'c str>,
}

/// The names of the arguments that [`Only`] reads.
pub(super) const ONLY: [&str; 5] = ["project", "provider", "grant", "row", "cohort"];

impl<'c> Only<'c> {
    pub(super) fn of(options: &Options<'c>) -> Result<Self, String> {
        Ok(Self {
            project: options.text("project")?,
            provider: options.text("provider")?,
            grant: options.text("grant")?,
            row: options.text("row")?,
            cohort: options.text("cohort")?,
        })
    }

    /// Refuses what the register does not know.
    pub(super) fn check(&self, material: &Material) -> Result<(), String> {
        let known = |what: &str, typed: Option<&str>, known: Vec<&str>| match typed {
            Some(typed) if !known.contains(&typed) => Err(format!(
                "There is no {what} ‘{typed}’ in ‘{}’.{}",
                material.fund.title,
                meant(typed, known, "")
            )),
            _ => Ok(()),
        };
        let allocations = material.allocations.iter();
        let projects = allocations.flat_map(|allocation| [allocation.project_key(), allocation.project_words()]);
        known("project", self.project, projects.collect())?;
        let providers = material.providers.values().map(String::as_str);
        known("provider", self.provider, providers.collect())?;
        let grants = material.grants.iter().map(|grant| grant.reference.as_str());
        known("grant", self.grant, grants.collect())
    }

    fn holds(&self, material: &Material, measured: &Measured<'_>, datum: &Datum) -> bool {
        let is = |by: By, wanted: Option<&str>| {
            wanted.is_none_or(|wanted| {
                let group = group(material, measured, datum, by);
                group.key == wanted || group.title == wanted || group.key.split('\u{1f}').next() == Some(wanted)
            })
        };
        is(By::Project, self.project)
            && is(By::Provider, self.provider)
            && is(By::Grant, self.grant)
            && is(By::Row, self.row)
            && is(By::Cohort, self.cohort)
    }

    pub(super) fn keep<'d>(
        &self,
        material: &Material,
        measured: &Measured<'_>,
        data: Vec<&'d Datum>,
    ) -> Vec<&'d Datum> {
        let kept = data.into_iter();
        kept.filter(|datum| self.holds(material, measured, datum)).collect()
    }

    /// Whether a return may hold what is asked for.
    fn owes(&self, material: &Material, held: &Held) -> bool {
        let mut allocations = material.owed_for(held);
        let of_project = self.project.is_none_or(|wanted| {
            allocations.any(|allocation| [allocation.project_key(), allocation.project_words()].contains(&wanted))
        });
        let of_grant = self.grant.is_none_or(|wanted| {
            material
                .grant(held.ret.grant)
                .is_some_and(|grant| grant.reference == wanted)
        });
        let of_provider = self.provider.is_none_or(|wanted| {
            owed(material, held, By::Provider)
                .iter()
                .any(|group| group.key == wanted)
        });
        of_project && of_grant && of_provider
    }
}

/// What one figure is for.
pub(super) fn group(material: &Material, measured: &Measured<'_>, datum: &Datum, by: By) -> Group {
    let held = material.held(datum);
    let figure = &datum.row.figure;
    let (within, cell) = measured.row_parts(figure.row.as_deref());
    match by {
        By::Project => project(material, measured, datum, (within, cell)),
        By::Provider => provider(material, measured, datum, cell),
        By::Grant => grant(material, held),
        By::Period => period(material, held),
        By::Return => returned(material, held),
        By::Cohort => {
            let id = match (measured.each(), measured.rows()) {
                (Each::Cohort, _) => within,
                (_, Some(TableRows::Cohorts)) => cell,
                _ => None,
            };
            let cohorts = &measured.form.cohorts;
            match id.and_then(|id| cohorts.iter().enumerate().find(|(_, (known, _))| known == id)) {
                Some((place, (id, title))) => new(id, title.en.clone(), place),
                None => new("", "All cohorts".to_owned(), usize::MAX),
            }
        }
        By::Row => row(material, measured, datum, (within, cell)),
        By::Measure => new(measured.id(), measured.name.clone(), 0),
    }
}

fn new(key: &str, title: String, place: usize) -> Group {
    Group {
        key: key.to_owned(),
        place: (place, title.clone()),
        title,
        awaited: false,
    }
}

fn project(
    material: &Material,
    measured: &Measured<'_>,
    datum: &Datum,
    (within, cell): (Option<&str>, Option<&str>),
) -> Group {
    let held = material.held(datum);
    let by_key = |key: Option<&str>| key.and_then(|key| material.allocation_keyed(held.ret.grant, key));
    let of_row = match (measured.each(), measured.rows()) {
        (_, Some(TableRows::Allocations)) => by_key(cell),
        (Each::Project, _) => material
            .allocations_of(held.ret.grant)
            .find(|allocation| Some(allocation.project_key()) == within),
        _ => None,
    };
    let own = of_row.or_else(|| datum.row.allocation.and_then(|id| material.allocation(id)));
    match own {
        Some(allocation) => of_project(material, allocation),
        None => {
            let grant = material.grant(held.ret.grant);
            let title = grant.map_or_else(String::new, |grant| grant.title.clone());
            new(&held.ret.grant.to_string(), format!("{title}, as a whole"), usize::MAX)
        }
    }
}

/// A project: several grants may pay for one, and two projects of two grants may have one key.
fn of_project(material: &Material, allocation: &countersign_domain::register::Allocation) -> Group {
    let (key, title) = (allocation.project_key(), allocation.project_words());
    let place = material.project_place(allocation);
    new(&format!("{key}\u{1f}{title}"), title.to_owned(), place)
}

fn provider(material: &Material, measured: &Measured<'_>, datum: &Datum, cell: Option<&str>) -> Group {
    let held = material.held(datum);
    let of_row = match measured.rows() {
        Some(TableRows::Allocations) => cell.and_then(|key| material.allocation_keyed(held.ret.grant, key)),
        _ => None,
    };
    let id = of_row.map_or(datum.row.provider, |allocation| allocation.provider);
    let name = material.provider(id);
    new(name, name.to_owned(), 0)
}

fn grant(material: &Material, held: &Held) -> Group {
    let known = material.grant(held.ret.grant);
    let reference = known.map_or("", |grant| grant.reference.as_str());
    let title = known.map_or_else(String::new, |grant| format!("{}, {}", grant.reference, grant.title));
    new(reference, title, material.grant_place(held.ret.grant))
}

fn period(material: &Material, held: &Held) -> Group {
    let (start, end) = (held.ret.period.start(), held.ret.period.end());
    Group {
        key: format!("{start}/{end}"),
        title: material.period(held),
        place: (0, format!("{start}/{end}")),
        awaited: false,
    }
}

fn returned(material: &Material, held: &Held) -> Group {
    let (subject, period) = (material.subject(held), material.period(held));
    Group {
        key: held.ret.reference.clone(),
        title: format!("{subject}, {period}"),
        place: (0, format!("{}/{subject}/{}", held.ret.form, held.ret.period.start())),
        awaited: false,
    }
}

/// A row of a table or of a section that repeats, in the words that its return froze.
fn row(
    material: &Material,
    measured: &Measured<'_>,
    datum: &Datum,
    (within, cell): (Option<&str>, Option<&str>),
) -> Group {
    let key = cell.or(within).unwrap_or_default();
    if let Some(TableRows::Fixed(rows)) = measured.rows()
        && let Some((place, row)) = rows.iter().enumerate().find(|(_, row)| row.id == key)
    {
        return new(key, material.words(&row.label), place);
    }
    match material.row_words(datum) {
        Some((title, place)) => new(key, title.clone(), *place),
        None if key.is_empty() => new("", material.words(&measured.form.title), usize::MAX),
        None => new(key, key.to_owned(), usize::MAX),
    }
}

/// What a return is owed for.
fn owed(material: &Material, held: &Held, by: By) -> Vec<Group> {
    match by {
        By::Project => material
            .owed_for(held)
            .map(|allocation| of_project(material, allocation))
            .collect(),
        By::Provider => match held.ret.allocation {
            Some(_) => material
                .owed_for(held)
                .map(|allocation| new(&allocation.provider_name, allocation.provider_name.clone(), 0))
                .collect(),
            None => {
                let name = material.provider(held.ret.organisation);
                vec![new(name, name.to_owned(), 0)]
            }
        },
        By::Grant => vec![grant(material, held)],
        By::Period => vec![period(material, held)],
        By::Return => vec![returned(material, held)],
        By::Row | By::Cohort | By::Measure => Vec::new(),
    }
}

/// The rows of a table: what its figures are for, and who is awaited.
pub(super) fn groups(
    material: &Material,
    measures: &[(Measured<'_>, Vec<&Datum>)],
    by: By,
    only: &Only<'_>,
    when: When,
) -> Vec<Group> {
    let mut all: BTreeMap<String, Group> = BTreeMap::new();
    for (measured, data) in measures {
        for datum in data {
            let group = group(material, measured, datum, by);
            let known = all.entry(group.key.clone()).or_insert_with(|| group.clone());
            known.place = known.place.clone().min(group.place);
        }
    }
    let forms: Vec<String> = measures.iter().map(|(measured, _)| measured.form.id.clone()).collect();
    for (_, held) in material.owed_in(&forms, when) {
        if held.told.is_some() || !only.owes(material, held) {
            continue;
        }
        for group in owed(material, held, by) {
            all.entry(group.key.clone()).or_insert(group).awaited = true;
        }
    }
    let mut all: Vec<Group> = all.into_values().collect();
    all.sort_by(|one, next| one.place.cmp(&next.place));
    all
}
