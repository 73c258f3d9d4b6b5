//! A plan as it was signed: a line for each row, and what is held back.
//!
//! Invariant: every amount is a signed figure of the plan, or what the frozen grant leaves when they are taken off it.

use countersign_domain::answers::UNASSIGNED;
use countersign_domain::answers::types::{Figure, FigureValue};
use countersign_domain::form::schema::Form;
use countersign_domain::money::Money;

use super::frozen::Frozen;
use super::stated::{Amount, Line, Stated};

/// The plan of a revision.
#[derive(Debug, Clone)]
pub struct Planned {
    /// In the order of the plan.
    pub rows: Vec<PlannedLine>,
    /// What the remainder is held back for.
    pub held_back_for: Option<String>,
}

/// One row of a plan.
#[derive(Debug, Clone)]
pub struct PlannedLine {
    /// The project.
    pub title: String,
    /// Who is to deliver it; empty where the plan names nobody.
    pub provider: String,
    /// What it is to have.
    pub amount: Amount,
    /// What its parts leave of that.
    pub unassigned: Option<Money>,
}

/// The plan that a form asks for; none for a form without one.
pub(super) fn planned(form: &Form, frozen: &Frozen, figures: &[Figure]) -> Option<Planned> {
    let (section, plan) = form
        .sections
        .iter()
        .find_map(|section| Some((section, section.plan.as_ref()?)))?;
    let rows = frozen.sections.iter().filter(|row| row.section == section.id);
    let figure = |measure: &str, row: Option<&str>| {
        let mut figures = figures.iter();
        figures.find(|figure| figure.measure == measure && figure.row.as_deref() == row)
    };
    let rows = rows.map(|row| {
        let amount = match figure(&plan.amount, row.subject()).map(|figure| (figure.value, figure.approximately)) {
            Some((FigureValue::Money { pence }, approximately)) => Amount::Given(Stated {
                amount: Money::pence(pence),
                approximately,
            }),
            Some(_) | None => Amount::NotGiven,
        };
        // Parts are a table of the row's section, so that what they leave is a figure of the row.
        let unassigned = figure(UNASSIGNED, row.subject()).and_then(|figure| match figure.value {
            FigureValue::Money { pence } => Some(Money::pence(pence)),
            _ => None,
        });
        let provider = plan.provider.as_ref().and_then(|question| row.shown(question));
        PlannedLine {
            title: row.title.clone(),
            provider: provider.unwrap_or_default().to_owned(),
            amount,
            unassigned: unassigned.filter(|left| *left > Money::ZERO),
        }
    });
    let held_back_for = plan.held_back_for.as_ref().and_then(|question| {
        let mut whole = frozen.sections.iter().filter(|section| section.subject().is_none());
        whole.find_map(|section| section.shown(question).map(str::to_owned))
    });
    Some(Planned {
        rows: rows.collect(),
        held_back_for,
    })
}

impl Planned {
    /// What is planned of what is available, and the remainder; none when they are too large to add up.
    pub(super) fn lines(&self, available: Money) -> Option<Vec<Line>> {
        let given = self.rows.iter().filter_map(|row| row.amount.given());
        let planned = Stated::sum(given)?;
        let missing = self.rows.iter().filter(|row| row.amount == Amount::NotGiven);
        let missing: Vec<String> = missing.map(|row| row.title.clone()).collect();
        let rest = Stated {
            amount: available.checked_sub(planned.amount)?,
            ..planned
        };
        let label = match self.held_back_for {
            Some(_) if rest.amount > Money::ZERO => "Held back",
            _ => "Not planned for any project",
        };
        Some(vec![
            Line::of("Planned for projects", planned, &missing),
            Line::of(label, rest, &missing),
        ])
    }
}
