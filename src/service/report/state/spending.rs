//! What was spent and committed of each project's allocation, as one form tells it.
//!
//! Invariant: two forms that tell of the same money are never added together; what is not known of one place of a project is
//! not known of the project, and is named beside every sum that is without it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use countersign_domain::document::Source;
use countersign_domain::form::schema::{AddUp, Each, Form, MoneyIs, OwedBy, TableRows};
use countersign_domain::ids::{AllocationId, GrantId, OrganisationId};
use countersign_domain::measure::Rules;
use countersign_domain::money::Money;
use countersign_domain::period::{Period, PeriodKind};
use countersign_domain::register::{Allocation, Assignment};
use countersign_domain::returns::standing::Which;

use super::super::super::ServiceError;
use super::super::Stated;
use super::super::books::{Marked, marked};
use super::Facts;
use super::accounts::{Accounts, Known, Subject, Told, keys};
use super::given::{Measured, given};
use crate::store::standing::{self, Wanted};
use crate::store::{Connection, register};

/// The money of a fund's projects, as one form tells it.
#[derive(Debug, Clone)]
pub struct Spending {
    /// The form's id.
    pub form: String,
    /// Its title.
    pub form_title: String,
    /// Whether it asks what was spent.
    pub asks_spent: bool,
    /// Whether it asks what is committed.
    pub asks_committed: bool,
    /// The projects of the grants that run in the year and owe the form, in the order of the register.
    pub projects: Vec<ProjectMoney>,
    /// How many returns of the form and of these grants are signed, to the end of the year.
    pub signed: u64,
    /// How many of them are owed.
    pub expected: u64,
    /// The year whose grants these are.
    pub year: Period,
}

/// The money of one project of one grant.
#[derive(Debug, Clone)]
pub struct ProjectMoney {
    /// The project; the grant's title of what is told of a grant as a whole.
    pub title: String,
    /// Who delivers it.
    pub providers: Vec<String>,
    /// The grant.
    pub grant: GrantId,
    /// The grant's title.
    pub grant_title: String,
    /// Allocated, virements and increases not yet covered included.
    pub allocated: Money,
    /// Spent to the end of the year.
    pub spent: Known,
    /// Committed and not yet spent.
    pub committed: Known,
}

impl ProjectMoney {
    /// Spent and committed together, as far as they are told; none while one of them is not known.
    #[must_use]
    pub fn used(&self) -> Option<Stated> {
        let parts = match (&self.spent, &self.committed) {
            (Known::NotKnown | Known::Listed, _) | (_, Known::NotKnown | Known::Listed) => return None,
            (Known::Nothing, Known::Nothing) => return None,
            (spent, committed) => [spent.amount(), committed.amount()],
        };
        Stated::sum(parts.into_iter().flatten())
    }

    /// What that leaves of the allocation.
    #[must_use]
    pub fn left(&self) -> Option<Stated> {
        let used = self.used()?;
        Some(Stated {
            amount: self.allocated.checked_sub(used.amount)?,
            ..used
        })
    }
}

/// What every form of the year tells of money, but those that ask for none.
pub(super) async fn of(conn: &impl Connection, facts: &Facts, today: NaiveDate) -> Result<Vec<Spending>, ServiceError> {
    let assignments = register::assignments_of_fund(conn, facts.fund).await?;
    let mut all = Vec::new();
    for (form, _) in &facts.forms {
        let marked = marked(form);
        if marked.is_empty() {
            continue;
        }
        let mut told = Vec::with_capacity(marked.len());
        for one in &marked {
            told.push(one_of(conn, facts, form, one).await?);
        }
        let owed: Vec<&Assignment> = assignments.iter().filter(|known| known.form == form.id).collect();
        let wanted = |which| Wanted {
            form: Some(form.id.clone()),
            running: Some(facts.year),
            ..Wanted::all(which)
        };
        let expected = wanted(Which::Expected);
        all.push(Spending {
            form: form.id.clone(),
            form_title: form.title.en.clone(),
            asks_spent: marked.iter().any(|one| one.is == MoneyIs::Spent),
            asks_committed: marked.iter().any(|one| one.is == MoneyIs::Committed),
            projects: projects(facts, form, &told, &owed),
            signed: standing::count(conn, facts.fund, &wanted(Which::InFigures), today).await?,
            expected: standing::count(conn, facts.fund, &expected, today).await?,
            year: facts.year,
        });
    }
    Ok(all)
}

/// From the first day on which a return of these grants may begin to the end of the year.
fn to_date(facts: &Facts) -> Result<Period, ServiceError> {
    let first = facts.grants.iter().map(|grant| grant.starts_on).min();
    let first = first.and_then(|day| Period::containing(PeriodKind::FinancialYear, day));
    let start = first.map_or(facts.year.start(), |year| year.start().min(facts.year.start()));
    Period::new(start, facts.year.end()).map_err(ServiceError::internal)
}

async fn one_of<'a>(
    conn: &impl Connection,
    facts: &Facts,
    form: &Form,
    marked: &'a Marked<'a>,
) -> Result<Told<'a>, ServiceError> {
    let window = to_date(facts)?;
    let measured = Measured {
        fund: facts.fund,
        form: &form.id,
        measure: &marked.id,
        window,
    };
    let rules = Rules {
        over_time: over_time(form, marked),
        // Of one project, what stands in several places of it is one amount.
        over_providers: Some(AddUp::Sum),
    };
    let by_row = marked.each == Each::Project || marked.rows == Some(&TableRows::Allocations);
    let given = given(conn, measured, rules, by_row).await?;
    Ok(Told {
        marked,
        rules,
        given,
        source: Source {
            fund: facts.fund,
            other_funds: Vec::new(),
            form: form.id.clone(),
            measure: marked.id.clone(),
            within: window,
            ret: None,
            grant: None,
            allocations: Vec::new(),
            provider: None,
            row: None,
        },
    })
}

/// How an amount adds up over time: a column that does not say goes as its table does.
fn over_time(form: &Form, marked: &Marked<'_>) -> Option<AddUp> {
    let table = marked.id.split_once('.').map(|(table, _)| form.adds_up(table).1);
    marked.over_time.or(table.flatten())
}

/// The projects of every grant for which the form is owed.
fn projects(facts: &Facts, form: &Form, told: &[Told<'_>], owed: &[&Assignment]) -> Vec<ProjectMoney> {
    let grants: BTreeSet<GrantId> = owed.iter().map(|owed| owed.grant).collect();
    let allocations: BTreeSet<AllocationId> = owed.iter().filter_map(|owed| owed.allocation).collect();
    let theirs: BTreeSet<(GrantId, OrganisationId)> = owed.iter().map(|owed| (owed.grant, owed.organisation)).collect();
    let is_owed_for = |of: &Allocation| match form.owed_by {
        OwedBy::Grant => true,
        OwedBy::Allocation => allocations.contains(&of.id),
        OwedBy::Provider => theirs.contains(&(of.grant, of.provider)),
    };
    let mut of_grants: BTreeMap<GrantId, Vec<&Allocation>> = BTreeMap::new();
    for of in &facts.allocations {
        of_grants.entry(of.grant).or_default().push(of);
    }
    let accounts = Accounts::of(told, &of_grants);
    let by_project = form.owed_by != OwedBy::Grant || told.iter().any(|one| of_projects(one.marked));
    let mut out = Vec::new();
    for grant in facts.grants.iter().filter(|grant| grants.contains(&grant.id)) {
        let mut allocations = of_grants.remove(&grant.id).unwrap_or_default();
        allocations.retain(|of| is_owed_for(of));
        let line = |subject: Subject, title: &str, of: &[&Allocation]| ProjectMoney {
            title: title.to_owned(),
            providers: of
                .iter()
                .map(|of| of.provider_name.clone())
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
            grant: grant.id,
            grant_title: grant.title.clone(),
            allocated: Money::checked_sum(of.iter().flat_map(|of| [of.approved, of.uncovered])).unwrap_or(Money::ZERO),
            spent: accounts.known(&subject, MoneyIs::Spent),
            committed: accounts.known(&subject, MoneyIs::Committed),
        };
        let whole = (grant.id, None);
        let keys = keys(&allocations);
        if accounts.tells_of(&whole) || !by_project && keys.len() != 1 {
            out.push(line(whole, &grant.title, &allocations));
        }
        for key in keys.iter().filter(|_| by_project || keys.len() == 1) {
            let of_project: Vec<&Allocation> = allocations
                .iter()
                .filter(|of| of.project_key() == *key)
                .copied()
                .collect();
            let title = of_project.first().map_or(*key, |of| of.project_words());
            out.push(line((grant.id, Some((*key).to_owned())), title, &of_project));
        }
    }
    out
}

/// Whether an amount is asked of each allocation or project.
fn of_projects(marked: &Marked<'_>) -> bool {
    matches!(marked.each, Each::Allocation | Each::Project) || marked.rows == Some(&TableRows::Allocations)
}
