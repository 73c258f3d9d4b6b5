//! The state of a fund in one year: what is in, what is missing, what was spent, what was reached, what does not reconcile.
//!
//! Invariant: every number is counted or added up where it is kept, and says which returns or signed figures it is of, so
//! that a list of exactly those can be opened.

mod accounts;
mod given;
mod reconciled;
mod spending;
mod targets;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::document::Source;
use countersign_domain::form::schema::Form;
use countersign_domain::ids::FundId;
use countersign_domain::period::{Period, PeriodKind};
use countersign_domain::register::{Allocation, Fund, Grant};
use countersign_domain::returns::standing::{Standing, Tally, Which};

use super::super::facts::today;
use super::super::listing::{self, Asked, ReturnLine};
use super::super::reviewers::{Reviewers, reviewers};
use super::super::{Deps, Officer, ServiceError};
use super::Stated;
use crate::store::{Connection, register, standing};

pub use accounts::Known;
pub use reconciled::Unreconciled;
pub use spending::{ProjectMoney, Spending};
pub use targets::{Goal, Reached};

/// How many returns are named under a heading.
const NAMED: u64 = 10;

/// The state of a fund.
#[derive(Debug, Clone)]
pub struct FundState {
    /// The fund.
    pub fund: Fund,
    /// Who reviews its returns.
    pub reviewers: Reviewers,
    /// The financial years in which a period of one of its returns ends, the latest first.
    pub years: Vec<Period>,
    /// The year that is shown; none of a fund without returns.
    pub year: Option<Period>,
    /// The forms of which a return's period ends in the year, by title.
    pub forms: Vec<FormState>,
    /// All of those together.
    pub tally: Tally,
    /// How many returns of other years are late.
    pub late_elsewhere: u64,
    /// The first that were excused, with the reason.
    pub excused: Vec<ReturnLine>,
    /// The first that were given more time, with the reason.
    pub extended: Vec<ReturnLine>,
    /// What was spent and committed, as each form tells it.
    pub money: Vec<Spending>,
    /// The measures that have a target.
    pub goals: Vec<Goal>,
    /// What does not reconcile.
    pub unreconciled: Vec<Unreconciled>,
}

/// The returns of one form.
#[derive(Debug, Clone)]
pub struct FormState {
    /// The form's id.
    pub form: String,
    /// Its title.
    pub title: String,
    /// Its periods, by first day.
    pub periods: Vec<PeriodState>,
    /// All of those together.
    pub tally: Tally,
}

/// The returns of one form and period.
#[derive(Debug, Clone)]
pub struct PeriodState {
    /// The period.
    pub period: Period,
    /// The period in words.
    pub label: String,
    /// How many stand where.
    pub tally: Tally,
}

/// What a number of the page is of.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced {
    /// The amount.
    pub stated: Stated,
    /// The signed figures under it, where they are of one measure.
    pub from: Option<Source>,
}

/// All that the parts of the page are worked out from.
struct Facts {
    fund: FundId,
    year: Period,
    grants: Vec<Grant>,
    allocations: Vec<Allocation>,
    forms: Vec<(Arc<Form>, Period)>,
}

/// The state of a fund in the financial year that holds this day; in the one of the last period that has ended, or else of
/// the first, when no day is given.
///
/// # Errors
/// [`ServiceError::NotFound`] for whoever holds no office of the fund.
pub async fn of_fund(
    deps: &Deps,
    officer: &Officer,
    id: FundId,
    day: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<FundState, ServiceError> {
    officer.within(id)?;
    let (read, today) = (deps.store.read(), today(now));
    let fund = register::get_fund(&read, id).await?;
    let counts = standing::tallies(&read, id, today).await?;
    let years: BTreeSet<Period> = counts
        .iter()
        .filter_map(|(_, period, _)| year_of(period.end()))
        .collect();
    let ended = counts
        .iter()
        .map(|(_, period, _)| period.end())
        .filter(|end| *end <= today)
        .max();
    let year = day.or(ended).and_then(year_of).or(years.first().copied());
    let mut state = FundState {
        fund,
        reviewers: reviewers(&read, id, today).await?,
        years: years.into_iter().rev().collect(),
        year,
        forms: Vec::new(),
        tally: Tally::default(),
        late_elsewhere: 0,
        excused: Vec::new(),
        extended: Vec::new(),
        money: Vec::new(),
        goals: Vec::new(),
        unreconciled: Vec::new(),
    };
    let Some(year) = year else { return Ok(state) };
    let (here, elsewhere): (Vec<_>, Vec<_>) = counts
        .into_iter()
        .partition(|(_, period, _)| year.contains(period.end()));
    state.late_elsewhere = elsewhere.iter().map(|(_, _, tally)| tally.late).sum();
    let facts = facts(deps, &read, id, year, &here).await?;
    state.forms = forms(&facts, here);
    for form in &state.forms {
        state.tally.merge(&form.tally);
    }
    for (standing, lines) in [
        (Which::At(Standing::Excused), &mut state.excused),
        (Which::Extended, &mut state.extended),
    ] {
        if state.tally.count(standing) > 0 {
            let asked = Asked {
                ends: Some(year),
                which: standing,
                ..Asked::all(id)
            };
            *lines = listing::first(deps, &read, officer, &asked, NAMED, today).await?;
        }
    }
    state.money = spending::of(&read, &facts, today).await?;
    state.goals = targets::of(&read, &facts).await?;
    state.unreconciled = reconciled::of(&facts, &state.money)?;
    Ok(state)
}

/// The financial year of a day.
fn year_of(day: NaiveDate) -> Option<Period> {
    Period::containing(PeriodKind::FinancialYear, day)
}

async fn facts(
    deps: &Deps,
    conn: &impl Connection,
    fund: FundId,
    year: Period,
    counts: &[(String, Period, Tally)],
) -> Result<Facts, ServiceError> {
    let mut begins: BTreeMap<&str, NaiveDate> = BTreeMap::new();
    for (form, period, _) in counts {
        let first = begins.entry(form).or_insert(period.start());
        *first = period.start().min(*first);
    }
    let mut forms = Vec::with_capacity(begins.len());
    for (id, first) in begins {
        let form = deps.forms.latest(conn, id).await?;
        let form = form.ok_or_else(|| ServiceError::internal(format!("form {id} is not published")))?;
        // What was asked of this year, the figures of a period that began before it among it.
        forms.push((form, Period::new(first, year.end()).map_err(ServiceError::internal)?));
    }
    forms.sort_by(|(one, _), (other, _)| one.title.en.cmp(&other.title.en));
    let runs = |grant: &Grant| grant.starts_on <= year.end() && grant.ends_on >= year.start();
    let grants: Vec<Grant> = register::grants_of_fund(conn, fund).await?;
    Ok(Facts {
        fund,
        year,
        grants: grants.into_iter().filter(runs).collect(),
        allocations: register::allocations_of_fund(conn, fund).await?,
        forms,
    })
}

fn forms(facts: &Facts, counts: Vec<(String, Period, Tally)>) -> Vec<FormState> {
    let mut states: Vec<FormState> = facts
        .forms
        .iter()
        .map(|(form, _)| FormState {
            form: form.id.clone(),
            title: form.title.en.clone(),
            periods: Vec::new(),
            tally: Tally::default(),
        })
        .collect();
    for (id, period, tally) in counts {
        let form = facts.forms.iter().position(|(form, _)| form.id == id);
        let Some((state, (form, _))) = form.and_then(|at| Some((states.get_mut(at)?, facts.forms.get(at)?))) else {
            continue;
        };
        state.tally.merge(&tally);
        state.periods.push(PeriodState {
            period,
            label: form.schedule.period_label(period),
            tally,
        });
    }
    for state in &mut states {
        state.periods.sort_by_key(|one| one.period);
    }
    states
}
