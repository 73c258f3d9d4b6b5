//! The figures of a return that are not money, beside their targets and benchmarks.

use std::collections::HashMap;

use countersign_domain::answers::types::{Figure, FigureValue};
use countersign_domain::answers::{format, target_reached};
use countersign_domain::form::rule::RuleType;
use countersign_domain::form::schema::{Form, Kind};
use countersign_domain::form::{Named, NamedOf};

use super::names::Names;
use super::signed_return::MeasureLine;

/// The figures that are not money, in the order of the form. What was not answered is left out: a question that had to be
/// answered was.
pub(super) fn measures(form: &Form, names: &Names<'_>, figures: &[Figure]) -> Vec<MeasureLine> {
    let known: HashMap<String, Named<'_>> = form.measures_named().map(|named| (named.id.clone(), named)).collect();
    let mut figures: Vec<&Figure> = figures
        .iter()
        .filter(|figure| {
            figure.value != FigureValue::Blank && known.get(&figure.measure).is_some_and(|of| !is_money(of))
        })
        .collect();
    figures.sort_by_key(|figure| names.place(figure));
    figures
        .into_iter()
        .filter_map(|figure| {
            let (named, name) = (known.get(&figure.measure)?, names.get(figure)?);
            Some(MeasureLine {
                subject: name.told.clone(),
                label: name.label.clone(),
                shown: format::figure_of(form, figure),
                value: figure.value,
                target: named.target().map(|target| format::target(target, &figure.value)),
                on_target: named.target().and_then(|target| target_reached(target, &figure.value)),
                benchmark: named
                    .benchmark()
                    .map(|benchmark| format::benchmark(benchmark, &figure.value)),
            })
        })
        .collect()
}

/// Whether its answers are money, given or not.
fn is_money(of: &Named<'_>) -> bool {
    match of.of {
        NamedOf::Question(question) => match &question.kind {
            Kind::Money { .. } | Kind::Split { .. } => true,
            Kind::Calculated { value, .. } => value.kind() == RuleType::Money,
            _ => false,
        },
        NamedOf::Measure(_) => false,
    }
}
