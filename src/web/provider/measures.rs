//! The figures that a section's answers give: shares, beside what was promised and what others reach.
//!
//! Invariant: shown as reports show them; a share of nobody is "Not applicable".

use countersign_domain::answers::format;
use countersign_domain::answers::types::SectionView;
use serde_json::{Value, json};

use super::beside::target_words;
use crate::service::provider::ReturnPage;

/// The measures of a section, ready for its template.
pub fn of_section(page: &ReturnPage, section: &SectionView) -> Vec<Value> {
    let id = &page.form.sections[section.section].id;
    let allocation = section
        .allocation
        .and_then(|at| page.register.allocations.get(at))
        .map(|found| &found.key);
    let of_here = page.form.measures.iter().filter(|measure| measure.section == *id);
    of_here
        .filter_map(|measure| {
            let figures = &page.evaluated.figures;
            let figure = figures
                .iter()
                .find(|figure| figure.measure == measure.id && figure.allocation.as_ref() == allocation)?;
            let mut beside = Vec::new();
            if let Some(target) = &measure.target {
                beside.push(format!("Target: {}%", target_words(target)));
            }
            if let Some(benchmark) = &measure.benchmark {
                beside.push(format!("{}: {}%", benchmark.name.en, benchmark.value));
            }
            let shown = format::figure_of(&page.form, figure);
            Some(json!({ "id": measure.id, "title": measure.title.en, "shown": shown, "beside": beside }))
        })
        .collect()
}
