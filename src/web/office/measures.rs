//! What an officer reads beside answers: measures worked out from them, what was promised, what others reach.
//!
//! Invariant: a measure is worked out, so nobody can be asked about it.

use countersign_domain::answers::format;
use countersign_domain::answers::types::Figure;
use countersign_domain::form::schema::{Benchmark, Form, Kind, Target, Than};
use rust_decimal::Decimal;

use super::answer_view::AnswerView;
use super::beside::{Beside, question_anchor};
use super::reading::{Reading, Section};

/// The measures of a section, after its answers: one, or one for each row of its table.
pub fn of_section<'a>(
    reading: &'a Reading,
    section: &'a Section,
    beside: &'a Beside<'_>,
) -> impl Iterator<Item = AnswerView> + 'a {
    let of_section = beside
        .form
        .measures
        .iter()
        .filter(|measure| measure.section == section.section);
    of_section.flat_map(|measure| {
        let figures = reading
            .figures
            .iter()
            .filter(|figure| figure.measure == measure.id && is_of(figure, section));
        figures.map(|figure| {
            let row = measure
                .table
                .as_ref()
                .and_then(|table| row_label(section, table, figure));
            let name = match &figure.row {
                Some(row) => format!("{}-{}", measure.id, row.replace('/', "-")),
                None => measure.id.clone(),
            };
            let label = match row {
                Some(row) => format!("{}: {row}", measure.title.en),
                None => measure.title.en.clone(),
            };
            let known = [&measure.benchmark, &measure.baseline];
            AnswerView::worked_out(
                question_anchor(&section.key, &name),
                &measure.id,
                label,
                format::figure_of(beside.form, figure),
                promised(measure.target.as_ref(), known, Unit::Percent),
            )
        })
    })
}

/// Whether a figure is of this section, for what the section repeats.
fn is_of(figure: &Figure, section: &Section) -> bool {
    let subject = section.key.split_once('/').map(|(_, subject)| subject);
    let by_row = match (&section.allocation, subject, &figure.row) {
        (None, Some(subject), Some(row)) => row.split('/').next() == Some(subject),
        (None, Some(_), None) => false,
        _ => true,
    };
    by_row && figure.allocation == section.allocation
}

/// What the row of a table is called that a figure is of.
fn row_label<'a>(section: &'a Section, table: &str, figure: &Figure) -> Option<&'a str> {
    let id = figure.row.as_deref()?.rsplit('/').next()?;
    let answer = section.answers.iter().find(|answer| answer.question == table)?;
    let row = answer.table.as_ref()?.rows.iter().find(|row| row.row == id)?;
    Some(&row.label)
}

/// What stands beneath a question's answer.
pub fn notes(form: &Form, question: &str) -> Vec<String> {
    let Some((_, question)) = form.question(question) else {
        return Vec::new();
    };
    let unit = match question.kind {
        Kind::Percent { .. } | Kind::Ratio { .. } | Kind::Calculated { percent: true, .. } => Unit::Percent,
        Kind::Money { .. } => Unit::Pounds,
        _ => Unit::Plain,
    };
    promised(
        question.target.as_ref(),
        [&question.benchmark, &question.baseline],
        unit,
    )
}

#[derive(Clone, Copy)]
enum Unit {
    Plain,
    Percent,
    Pounds,
}

/// What was promised, what others reach and where it started.
fn promised(target: Option<&Target>, known: [&Option<Benchmark>; 2], unit: Unit) -> Vec<String> {
    let number = |value: Decimal| match unit {
        Unit::Plain => format::number(value),
        Unit::Percent => format!("{}%", format::number(value)),
        Unit::Pounds => format!("£{}", format::number(value)),
    };
    let target = target.map(|target| {
        let than = match target.than {
            Than::AtLeast => "at least",
            Than::AtMost => "at most",
            Than::Below => "below",
            Than::Above => "above",
            Than::Exactly => "exactly",
        };
        format!("Target: {than} {}", number(target.value))
    });
    let known = known.into_iter().flatten();
    let known = known.map(|known| format!("{}: {}", known.name.en, number(known.value)));
    target.into_iter().chain(known).collect()
}
