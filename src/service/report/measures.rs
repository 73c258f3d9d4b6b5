//! The figures of a paper that are not money, beside their targets and benchmarks.

use countersign_domain::answers::types::{Figure, FigureValue, Register};
use countersign_domain::answers::{format, target_reached};
use countersign_domain::form::schema::{Benchmark, Form, Target};

use super::frozen::Frozen;
use super::paper::MeasureLine;
use super::project_title;

/// The figures that are not money, in the order of the grant and of the form. What was not answered is left out: a
/// question that had to be answered was.
pub(super) fn measures(form: &Form, frozen: &Frozen, figures: &[Figure]) -> Vec<MeasureLine> {
    let register = &frozen.register;
    let mut figures: Vec<&Figure> = figures
        .iter()
        .filter(|figure| !matches!(figure.value, FigureValue::Money { .. } | FigureValue::Blank))
        .collect();
    figures.sort_by_key(|figure| (place_of(register, figure), order_of(form, &figure.measure)));
    figures
        .into_iter()
        .filter_map(|figure| {
            let (label, target, benchmark) = described(form, frozen, figure)?;
            let shown = format::figure(&figure.value);
            Some(MeasureLine {
                project: project_title(register, figure.allocation.as_deref()),
                label,
                shown: if figure.approximately {
                    format!("about {shown}")
                } else {
                    shown
                },
                value: figure.value,
                target: target.map(|target| format::target(target, &figure.value)),
                on_target: target.and_then(|target| target_reached(target, &figure.value)),
                benchmark: benchmark.map(|benchmark| format::benchmark(benchmark, &figure.value)),
            })
        })
        .collect()
}

/// Where a figure's project stands in the grant; the grant as a whole comes last.
fn place_of(register: &Register, figure: &Figure) -> usize {
    let Some(key) = figure.allocation.as_deref() else {
        return usize::MAX;
    };
    register
        .allocations
        .iter()
        .position(|allocation| allocation.key == key)
        .unwrap_or(usize::MAX)
}

/// Where a figure stands in the form: the questions in their order, then the measures.
fn order_of(form: &Form, id: &str) -> usize {
    let ids = form
        .sections
        .iter()
        .flat_map(|section| section.questions.iter().map(|question| &question.id))
        .chain(form.measures.iter().map(|measure| &measure.id));
    ids.into_iter().position(|known| known == id).unwrap_or(usize::MAX)
}

/// The label, target and benchmark of a figure: a question's or a measure's.
fn described<'a>(
    form: &'a Form,
    frozen: &Frozen,
    figure: &Figure,
) -> Option<(String, Option<&'a Target>, Option<&'a Benchmark>)> {
    let id = &figure.measure;
    if let Some((section, question)) = form.question(id) {
        let key = match &figure.allocation {
            Some(allocation) => format!("{}/{allocation}", section.id),
            None => section.id.clone(),
        };
        let label = frozen.labels.get(&(key, id.clone())).unwrap_or(&question.label.en);
        return Some((label.clone(), question.target.as_ref(), question.benchmark.as_ref()));
    }
    let measure = form.measures.iter().find(|measure| measure.id == *id)?;
    Some((
        measure.title.en.clone(),
        measure.target.as_ref(),
        measure.benchmark.as_ref(),
    ))
}
