//! A register of nobody: a fund, a grant and what it pays for, for forms that are tried out.
//!
//! Invariant: the allocations come to no more than the grant, so that a return over it can be submitted.

use chrono::NaiveDate;

use super::lot::Lot;
use crate::answers::types::{AllocationFacts, FundFacts, GrantFacts, LineFacts, ProviderFacts, Register};
use crate::form::schema::{Every, Form, OwedBy};
use crate::money::Money;
use crate::period::Period;
use crate::schedule::periods;

const PROJECTS: [(&str, &str, &str); 3] = [
    ("river-lights", "Lights along the river", "Riverside Trust"),
    ("open-doors", "Open doors", "The Harbour Rooms"),
    ("open-doors-youth", "Open doors for young people", "The Harbour Rooms"),
];
const PRIORITIES: [(&str, &str); 3] = [
    ("safer-streets", "Safer streets"),
    ("young-people", "Young people"),
    ("second-chances", "Second chances"),
];

/// A period that a return of this form could be about: the first of its own dates, or of the days of an invented grant.
#[must_use]
pub fn period(form: &Form) -> Option<Period> {
    let days = grant_days(form)?;
    periods(&form.schedule.every, days.start(), days.end()).first().copied()
}

/// The days of an invented grant: those of the form's own periods, or a financial year.
#[must_use]
pub fn grant_days(form: &Form) -> Option<Period> {
    match &form.schedule.every {
        Every::Dates(periods) => {
            let (first, last) = (periods.first()?, periods.last()?);
            Period::new(first.period.start(), last.period.end()).ok()
        }
        Every::Month | Every::Quarter | Every::FourMonths | Every::HalfYear | Every::FinancialYear | Every::Once => {
            Period::financial_year(2026)
        }
    }
}

/// An invented register that a return of this form could be about.
#[must_use]
pub fn register(form: &Form, period: Period, seed: u64) -> Register {
    let mut lot = Lot::new(seed);
    let days = grant_days(form).unwrap_or(period);
    let many = if form.owed_by == OwedBy::Allocation {
        1
    } else {
        PROJECTS.len()
    };
    let allocations: Vec<AllocationFacts> = (0..many).map(|at| allocation(at, &mut lot)).collect();
    let allocated: i64 = allocations.iter().map(|of| of.amount.in_pence()).sum();
    Register {
        fund: FundFacts {
            key: "invented".to_owned(),
            title: "An invented fund".to_owned(),
            priorities: PRIORITIES
                .map(|(key, title)| (key.to_owned(), title.to_owned()))
                .to_vec(),
            smallest_award: Some(Money::pence(100_000)),
            largest_award: Some(Money::pence(1_000_000_000)),
        },
        grant: GrantFacts {
            reference: "INV-0001".to_owned(),
            title: "An invented grant".to_owned(),
            amount: Money::pence(allocated + lot.between(0, 500_000)),
            carried_forward: Money::pence(lot.between(0, 200_000)),
            starts_on: days.start(),
            ends_on: days.end(),
            conditions: Some("The figures are reported every period.".to_owned()),
            held_back: Some(Money::ZERO),
            held_back_for: Some("Nothing is held back.".to_owned()),
        },
        provider: ProviderFacts {
            name: "The Riverside Partnership".to_owned(),
        },
        allocations,
        period,
        period_label: None,
        previous: None,
        beneath: Vec::new(),
    }
}

fn allocation(at: usize, lot: &mut Lot) -> AllocationFacts {
    let (key, title, provider) = PROJECTS[at];
    let pence = lot.between(10_000, 60_000) * 100;
    // The last two are of one project, so that what is asked of projects differs from what is asked of allocations.
    let (project, project_title, _) = PROJECTS[at.min(1)];
    let half = pence / 2;
    let line = |key: &str, title: &str, pence: i64| LineFacts {
        key: key.to_owned(),
        title: title.to_owned(),
        amount: Some(Money::pence(pence)),
    };
    AllocationFacts {
        key: key.to_owned(),
        title: title.to_owned(),
        provider: provider.to_owned(),
        amount: Money::pence(pence),
        uncovered: Money::ZERO,
        contract_total: Some(Money::pence(pence * lot.between(1, 4))),
        priorities: vec![PRIORITIES[at].0.to_owned()],
        project: project.to_owned(),
        project_title: project_title.to_owned(),
        contract_ends_on: NaiveDate::from_ymd_opt(2028, 3, 31),
        other_funding: Some(Money::pence(lot.between(0, 10_000) * 100)),
        lines: vec![
            line("staff", "Staff", half),
            line("rooms", "Rooms and travel", pence - half),
        ],
    }
}
