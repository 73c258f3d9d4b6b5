//! A grant: what is available, what is allocated, and the virements between its allocations.
//!
//! Invariant: the reconciliation names every pound: what is left over, or over-allocated, is a line of its own.

use countersign_domain::answers::format;
use countersign_domain::ids::AllocationId;
use countersign_domain::money::Money;
use countersign_domain::register::{Allocation, Virement};
use serde::Serialize;

use super::forms::{Attempt, Problem, plain_summary};
use super::words::{self, Fact, anchor};
use crate::service::notify;
use crate::service::office::GrantPage;

/// The page.
#[derive(Debug, Serialize)]
pub struct GrantView {
    href: String,
    fund: String,
    title: String,
    problems: Vec<Problem>,
    header: Vec<Fact>,
    verdict: String,
    reconciliation: Vec<Row>,
    allocations: Vec<Row>,
    virements: Vec<VirementView>,
    may_record: bool,
    form: RecordForm,
}

#[derive(Debug, Serialize)]
struct Row {
    cells: Vec<String>,
    total: bool,
}

#[derive(Debug, Serialize)]
struct VirementView {
    id: String,
    href: String,
    amount: String,
    from: String,
    to: String,
    state: &'static str,
    colour: &'static str,
    facts: Vec<Fact>,
    /// Waiting for a decision; `why_not` is empty for whoever may decide.
    waiting: bool,
    why_not: String,
}

#[derive(Debug, Serialize)]
struct RecordForm {
    from: Choice,
    to: Choice,
    amount: Typed,
    reason: Typed,
}

#[derive(Debug, Serialize)]
struct Choice {
    items: Vec<Item>,
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct Item {
    value: String,
    text: String,
    selected: bool,
}

#[derive(Debug, Serialize)]
struct Typed {
    value: String,
    error: Option<String>,
}

/// The page of a grant, with what was typed last and could not be taken.
pub fn view(page: &GrantPage, attempt: &Attempt) -> GrantView {
    let typed = |field: &str| Typed {
        value: attempt.value(field).to_owned(),
        error: attempt.error(field),
    };
    GrantView {
        href: format!("/office/grants/{}", page.grant.id),
        fund: page.fund.title.clone(),
        title: page.grant.title.clone(),
        problems: plain_summary(&attempt.problems),
        header: header(page),
        verdict: verdict(page.available, page.allocated),
        reconciliation: reconciliation(page),
        allocations: allocations(page),
        virements: page
            .virements
            .iter()
            .map(|(virement, may)| virement_view(page, virement, may))
            .collect(),
        may_record: page.may_record,
        form: RecordForm {
            from: choice(page, "from", attempt),
            to: choice(page, "to", attempt),
            amount: typed("amount"),
            reason: typed("reason"),
        },
    }
}

fn header(page: &GrantPage) -> Vec<Fact> {
    let grant = &page.grant;
    let mut facts = vec![
        Fact::new("Reference", grant.reference.clone()),
        Fact::new("From", format::date(grant.starts_on)),
        Fact::new("To", format::date(grant.ends_on)),
    ];
    if grant.held_back > Money::ZERO {
        let what = grant.held_back_for.as_ref().map(|what| format!(" for: {what}"));
        let held_back = format!("{}{}", format::money(grant.held_back), what.unwrap_or_default());
        facts.push(Fact::new("Held back", held_back));
    }
    facts
}

/// The reconciliation in one sentence.
fn verdict(available: Money, allocated: Money) -> String {
    let (of, to) = (format::money(available), format::money(allocated));
    match available.checked_sub(allocated) {
        Some(Money::ZERO) => format!("All of the {of} available is allocated."),
        Some(left) if left.is_negative() => {
            let over = left.checked_neg().map(format::money).unwrap_or_default();
            format!("The allocations come to {to} against {of} available: {over} over.")
        }
        Some(left) => format!("Of the {of} available, {} is not allocated.", format::money(left)),
        None => String::new(),
    }
}

fn reconciliation(page: &GrantPage) -> Vec<Row> {
    let line = |name: &str, amount: Money, total: bool| Row {
        cells: vec![name.to_owned(), format::money(amount)],
        total,
    };
    let mut rows = vec![
        line("Grant", page.grant.amount, false),
        line(
            "Carried forward from the year before",
            page.grant.carried_forward,
            false,
        ),
        line("Available", page.available, true),
        line("Allocated", page.allocated, false),
    ];
    if let Some(left) = page.available.checked_sub(page.allocated) {
        rows.push(match left.checked_neg() {
            Some(over) if left.is_negative() => line("Over-allocated", over, true),
            _ => line("Not allocated", left, true),
        });
    }
    rows
}

fn allocations(page: &GrantPage) -> Vec<Row> {
    let comes_to = |allocation: &Allocation| allocation.approved.checked_add(allocation.uncovered);
    let shown = |amount: Option<Money>| amount.map(format::money).unwrap_or_default();
    let sum = |of: fn(&Allocation) -> Money| shown(Money::checked_sum(page.allocations.iter().map(of)));
    let mut rows: Vec<Row> = page
        .allocations
        .iter()
        .map(|allocation| Row {
            cells: vec![
                allocation.title.clone(),
                allocation.provider_name.clone(),
                format::money(allocation.approved),
                format::money(allocation.uncovered),
                shown(comes_to(allocation)),
            ],
            total: false,
        })
        .collect();
    rows.push(Row {
        cells: vec![
            "All projects".to_owned(),
            String::new(),
            sum(|allocation| allocation.approved),
            sum(|allocation| allocation.uncovered),
            format::money(page.allocated),
        ],
        total: true,
    });
    rows
}

fn virement_view(page: &GrantPage, virement: &Virement, may: &Result<(), String>) -> VirementView {
    let recorded = words::name(&page.people, virement.recorded_by);
    let mut facts = vec![
        Fact::new("Reason", virement.reason.clone()),
        Fact::new(
            "Recorded",
            format!("By {recorded}, {}", notify::moment(virement.recorded_at)),
        ),
    ];
    let (state, colour) = match &virement.decision {
        None => ("Waiting for approval", "govuk-tag--yellow"),
        Some(decision) if decision.approved => ("Approved", "govuk-tag--green"),
        Some(_) => ("Refused", "govuk-tag--red"),
    };
    if let Some(decision) = &virement.decision {
        let by = words::name(&page.people, decision.by);
        facts.push(Fact::new(state, format!("By {by}, {}", notify::moment(decision.at))));
    }
    VirementView {
        id: anchor(&["virement", &virement.id.to_string()]),
        href: format!("/office/virements/{}", virement.id),
        amount: format::money(virement.amount),
        from: title(page, virement.from),
        to: title(page, virement.to),
        state,
        colour,
        facts,
        waiting: virement.decision.is_none(),
        why_not: may.as_ref().err().cloned().unwrap_or_default(),
    }
}

fn title(page: &GrantPage, id: AllocationId) -> String {
    let found = page.allocations.iter().find(|allocation| allocation.id == id);
    found.map_or_else(|| "an allocation".to_owned(), |allocation| allocation.title.clone())
}

fn choice(page: &GrantPage, field: &str, attempt: &Attempt) -> Choice {
    let chosen = attempt.value(field);
    let nothing = Item {
        value: String::new(),
        text: "Select a project".to_owned(),
        selected: chosen.is_empty(),
    };
    let items = page.allocations.iter().map(|allocation| {
        let value = allocation.id.to_string();
        let selected = value == chosen;
        Item {
            text: format!("{}, {}", allocation.title, format::money(allocation.approved)),
            selected,
            value,
        }
    });
    Choice {
        items: std::iter::once(nothing).chain(items).collect(),
        error: attempt.error(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_names_the_difference() {
        let pounds = |pounds| Money::pounds(pounds).unwrap();
        assert_eq!(
            verdict(pounds(428_246), pounds(428_686)),
            "The allocations come to £428,686.00 against £428,246.00 available: £440.00 over."
        );
        assert_eq!(
            verdict(pounds(428_246), pounds(428_246)),
            "All of the £428,246.00 available is allocated."
        );
        assert_eq!(
            verdict(pounds(400_568), pounds(377_568)),
            "Of the £400,568.00 available, £23,000.00 is not allocated."
        );
    }
}
