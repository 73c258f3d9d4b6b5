//! Where a section and a question are: keys to addresses and back, and words with the register's names in them.
//!
//! Invariant: an address that a page gives leads back to the same section.

use countersign_domain::answers::types::{AllocationFacts, Place, Register, SectionKey, SectionView};
use countersign_domain::form::placeholder;
use countersign_domain::form::schema::{Each, Form, OwedBy};
use countersign_domain::money::Money;

use crate::service::provider::ReturnPage;

/// A section's key from an address: `project` and, for one allocation, `asb`.
pub fn key(section: &str, subject: Option<&str>) -> SectionKey {
    SectionKey(match subject {
        Some(subject) => format!("{section}/{subject}"),
        None => section.to_owned(),
    })
}

/// The address of a section's page.
pub fn address(key: &SectionKey) -> String {
    format!("/return/section/{}", key.0)
}

/// The id of what a finding is about, within its section's page: a question, a row of its table, or a cell.
pub fn anchor(place: &Place) -> String {
    match &place.cell {
        None => place.question.clone(),
        Some(cell) => match &cell.column {
            None => format!("{}.{}", place.question, cell.row),
            Some(column) => format!("{}.{}.{column}", place.question, cell.row),
        },
    }
}

/// The grant and the period, as they stand above a page's title.
pub fn caption(page: &ReturnPage) -> String {
    let (grant, period) = (&page.grant.title, page.form.schedule.period_label(page.ret.period));
    if grant.contains(&period) {
        grant.clone()
    } else {
        format!("{grant}, {period}")
    }
}

/// Fills in the names of the register that a form's words may hold, such as `{allocation.provider}`, as they are for
/// this section.
pub fn filled(words: &str, form: &Form, register: &Register, section: &SectionView) -> String {
    let subject = section.subject.as_deref().unwrap_or_default();
    let only = (form.owed_by == OwedBy::Allocation).then_some(0);
    let allocation = section.allocation.or(only).and_then(|at| register.allocations.get(at));
    let project = allocation.map_or(subject, |found| found.project.as_str());
    let of_project: Vec<&AllocationFacts> = register
        .allocations
        .iter()
        .filter(|found| found.project == project)
        .collect();
    let each = form.sections[section.section].each;
    placeholder::fill(words, |name| {
        let (of, fact) = name.split_once('.').unwrap_or_default();
        match of {
            "allocation" => allocation.and_then(|found| of_allocation(found, fact)),
            "project" => of_projects(&of_project, fact),
            "cohort" => {
                let found = form.cohorts.iter().find(|(id, _)| id == subject);
                found.map(|(id, title)| if fact == "key" { id } else { &title.en }.clone())
            }
            "row" if each == Each::Row => Some(subject.to_owned()),
            "grant" => of_grant(register, fact),
            "fund" => Some(
                if fact == "key" {
                    &register.fund.key
                } else {
                    &register.fund.title
                }
                .clone(),
            ),
            "provider" => Some(register.provider.name.clone()),
            "period" => Some(of_period(register, fact)),
            _ => None,
        }
        .unwrap_or_default()
    })
}

fn of_allocation(allocation: &AllocationFacts, fact: &str) -> Option<String> {
    Some(match fact {
        "key" => allocation.key.clone(),
        "title" => allocation.title.clone(),
        "provider" => allocation.provider.clone(),
        "amount" => allocation.amount.to_string(),
        "project" => allocation.project_title.clone(),
        "contract_total" => allocation.contract_total?.to_string(),
        "other_funding" => allocation.other_funding?.to_string(),
        "contract_ends_on" => countersign_domain::answers::format::date(allocation.contract_ends_on?),
        _ => return None,
    })
}

fn of_projects(allocations: &[&AllocationFacts], fact: &str) -> Option<String> {
    let first = allocations.first()?;
    Some(match fact {
        "key" => first.project.clone(),
        "title" if first.project_title.is_empty() => first.title.clone(),
        "title" => first.project_title.clone(),
        "provider" => {
            let mut providers: Vec<&str> = allocations.iter().map(|found| found.provider.as_str()).collect();
            providers.dedup();
            providers.join(", ")
        }
        "amount" => Money::checked_sum(allocations.iter().map(|found| found.amount))?.to_string(),
        _ => return None,
    })
}

fn of_grant(register: &Register, fact: &str) -> Option<String> {
    let grant = &register.grant;
    Some(match fact {
        "title" => grant.title.clone(),
        "reference" => grant.reference.clone(),
        "amount" => grant.amount.to_string(),
        "carried_forward" => grant.carried_forward.to_string(),
        "conditions" => grant.conditions.clone()?,
        "held_back" => grant.held_back?.to_string(),
        "held_back_for" => grant.held_back_for.clone()?,
        "starts_on" => countersign_domain::answers::format::date(grant.starts_on),
        "ends_on" => countersign_domain::answers::format::date(grant.ends_on),
        _ => return None,
    })
}

fn of_period(register: &Register, fact: &str) -> String {
    let period = &register.period;
    match fact {
        "start" => countersign_domain::answers::format::date(period.start()),
        "end" => countersign_domain::answers::format::date(period.end()),
        _ => register.period_words(),
    }
}
