//! The figures that a section's answers give: shares, beside what was promised, what others reach and where it started.
//!
//! Invariant: shown as reports show them; a share of nobody is "Not applicable".

use countersign_domain::answers::format;
use countersign_domain::answers::types::{Figure, SectionView};
use countersign_domain::form::schema::{Each, Measure};
use serde::Serialize;

use super::beside::target_words;
use crate::service::provider::ReturnPage;
use crate::web::said::{Language, Said};

/// A measure, ready for its template.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// The key by which a save while typing brings it.
    pub id: String,
    /// What it is called.
    pub title: Said,
    /// Of which row of a table.
    pub row: Option<String>,
    /// For people.
    pub shown: String,
    /// What was promised, what others reach, where it started.
    pub beside: Vec<String>,
}

/// The measures of a section, ready for its template.
pub fn of_section(page: &ReturnPage, section: &SectionView, language: Language) -> Vec<Shown> {
    let id = &page.form.sections[section.section].id;
    let of_here = page.form.measures.iter().filter(|measure| measure.section == *id);
    of_here
        .flat_map(|measure| {
            let figures = page.evaluated.figures.iter();
            let figures = figures.filter(|figure| figure.measure == measure.id && is_of(page, section, figure));
            figures.map(|figure| shown(page, section, measure, figure, language))
        })
        .collect()
}

/// Whether a figure is of this section for this subject.
fn is_of(page: &ReturnPage, section: &SectionView, figure: &Figure) -> bool {
    let allocation = section.allocation.and_then(|at| page.register.allocations.get(at));
    let of_subject = match page.form.sections[section.section].each {
        Each::Whole | Each::Allocation => true,
        Each::Project | Each::Cohort | Each::Row => {
            let row = figure.row.as_deref().unwrap_or_default();
            row.split('/').next() == section.subject.as_deref()
        }
    };
    of_subject && figure.allocation.as_ref() == allocation.map(|found| &found.key)
}

/// What was signed last of the same measure for the same subject, with its period.
fn last_time(page: &ReturnPage, figure: &Figure) -> Option<String> {
    let previous = page.register.previous.as_ref()?;
    let same =
        |old: &&Figure| (&old.measure, &old.allocation, &old.row) == (&figure.measure, &figure.allocation, &figure.row);
    let text = format::figure_of(&page.form, previous.figures.iter().find(same)?);
    (!text.is_empty()).then(|| format!("Last time: {text} ({})", previous.period.label()))
}

fn shown(page: &ReturnPage, section: &SectionView, measure: &Measure, figure: &Figure, language: Language) -> Shown {
    let mut beside: Vec<String> = last_time(page, figure)
        .filter(|_| measure.previous)
        .into_iter()
        .collect();
    if let Some(target) = &measure.target {
        beside.push(format!("Target: {}%", target_words(target, false)));
    }
    for known in measure.benchmark.iter().chain(&measure.baseline) {
        beside.push(format!("{}: {}%", known.name.en, known.value));
    }
    let row = measure.table.as_ref().and_then(|table| {
        let id = figure.row.as_deref()?.rsplit('/').next()?;
        let view = section.questions.iter().find(|view| view.id == *table)?;
        let row = view.table.as_ref()?.rows.iter().find(|row| row.id == id)?;
        Some((id, row.label.clone()))
    });
    Shown {
        id: row
            .as_ref()
            .map_or_else(|| measure.id.clone(), |(id, _)| format!("{}.{id}", measure.id)),
        title: language.say(&measure.title, str::to_owned),
        row: row.map(|(_, label)| label),
        shown: format::figure_of(&page.form, figure),
        beside,
    }
}
