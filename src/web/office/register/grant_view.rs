//! A grant in the register: its award, where its money is, and who owes what for it.
//!
//! Invariant: the reconciliation names every pound; what no line has is a line of its own.

use countersign_domain::answers::format;
use countersign_domain::money::Money;
use countersign_domain::register::{Allocation, BudgetLine, Grant, award_within, reconcile, unassigned};
use serde::Serialize;

use super::super::words::Fact;
use super::lists::assignment_row;
use super::sheet::{Sheet, change, row, text};
use crate::service::register::view::FundRegister;

/// The page.
#[derive(Debug, Serialize)]
pub struct GrantView {
    fund: String,
    title: String,
    facts: Vec<Fact>,
    change: String,
    add_allocation: String,
    add_assignment: String,
    virements: String,
    reconciliation: String,
    balance: Sheet,
    allocations: Vec<AllocationView>,
    assignments: Sheet,
}

#[derive(Debug, Serialize)]
struct AllocationView {
    id: String,
    title: String,
    facts: Vec<Fact>,
    change: String,
    add_line: String,
    lines: Sheet,
    unassigned: String,
}

/// The page of a grant.
pub fn view(of: &FundRegister, grant: &Grant) -> GrantView {
    let href = format!("/office/register/{}", of.fund.id);
    let ours: Vec<Allocation> = of
        .allocations
        .iter()
        .filter(|known| known.grant == grant.id)
        .cloned()
        .collect();
    let assignments = of.assignments.iter().filter(|known| known.grant == grant.id);
    let assignments = assignments.map(|one| assignment_row(of, &href, one)).collect();
    let (reconciliation, balance) = balance(grant, &ours);
    GrantView {
        fund: of.fund.title.clone(),
        title: grant.title.clone(),
        facts: facts(of, grant),
        change: format!("{href}/change/grant/{}", grant.id),
        add_allocation: format!("{href}/add/allocation/{}", grant.id),
        add_assignment: format!("{href}/add/assignment/{}", grant.id),
        virements: format!("/office/grants/{}#virements", grant.id),
        reconciliation,
        balance,
        allocations: ours.iter().map(|one| allocation(of, &href, one)).collect(),
        assignments: Sheet::new(
            "Who owes which form",
            &["Who owes what", "Grant", "Owed", "Contacts", "Next"],
            assignments,
        ),
    }
}

fn facts(of: &FundRegister, grant: &Grant) -> Vec<Fact> {
    let round = of.rounds.iter().find(|round| Some(round.id) == grant.round);
    let within = match award_within(grant.amount, &of.fund, round) {
        Ok(()) => format::money(grant.amount),
        Err(outside) => format!("{}. {outside}.", format::money(grant.amount)),
    };
    let mut facts = vec![
        Fact::new("Reference", grant.reference.clone()),
        Fact::new("Awarded to", of.organisation(grant.organisation)),
        Fact::new("Round", round.map_or("None", |round| &round.title)),
        Fact::new("Award", within),
        Fact::new("Carried forward", format::money(grant.carried_forward)),
        Fact::new(
            "From and until",
            format!("{} to {}", format::date(grant.starts_on), format::date(grant.ends_on)),
        ),
    ];
    facts.extend(
        grant
            .conditions
            .as_ref()
            .map(|text| Fact::new("Conditions", text.clone())),
    );
    if grant.held_back != Money::ZERO {
        let amount = format::money(grant.held_back);
        let what = grant.held_back_for.as_ref();
        facts.push(Fact::new(
            "Held back",
            what.map_or(amount.clone(), |what| format!("{amount}, for {what}")),
        ));
    }
    facts
}

/// The reconciliation in one sentence, and line by line.
fn balance(grant: &Grant, allocations: &[Allocation]) -> (String, Sheet) {
    let Some(sum) = reconcile(grant, allocations) else {
        let nothing = Sheet::new("Where the money is", &["Line", "Amount£"], Vec::new());
        return ("The amounts are too large to be added up.".to_owned(), nothing);
    };
    let words = format!(
        "{} awarded + {} carried in = {} allocated + {} held back + {} unallocated",
        format::money(grant.amount),
        format::money(grant.carried_forward),
        format::money(sum.allocated),
        format::money(sum.held_back),
        format::money(sum.unallocated)
    );
    let line = |name: &str, amount: Money| row([text(name), text(format::money(amount))]);
    let mut lines = vec![
        line("Award and what was carried in", sum.available),
        line("Allocated", sum.allocated),
        line("Held back", sum.held_back),
        line("Unallocated", sum.unallocated),
    ];
    if sum.proposed != Money::ZERO {
        lines.push(line("Proposed and not approved, no part of the sum", sum.proposed));
    }
    (words, Sheet::new("Where the money is", &["Line", "Amount£"], lines))
}

fn allocation(of: &FundRegister, href: &str, one: &Allocation) -> AllocationView {
    let lines: Vec<BudgetLine> = of
        .lines
        .iter()
        .filter(|line| line.allocation == one.id)
        .cloned()
        .collect();
    let mut facts = vec![
        Fact::new("Delivered by", one.provider_name.clone()),
        Fact::new("Approved", format::money(one.approved)),
    ];
    facts.extend(one.proposed.map(|amount| Fact::new("Proposed", format::money(amount))));
    if one.uncovered != Money::ZERO {
        facts.push(Fact::new("Increase without cover", format::money(one.uncovered)));
    }
    facts.extend(
        one.contract_total
            .map(|amount| Fact::new("Whole contract", format::money(amount))),
    );
    facts.extend(
        one.contract_ends_on
            .map(|day| Fact::new("Contract ends", format::date(day))),
    );
    facts.extend(
        one.other_funding
            .map(|amount| Fact::new("Other funding", format::money(amount))),
    );
    if !one.priorities.is_empty() {
        let title = |key: &String| {
            let found = of.fund.priorities.iter().find(|(known, _)| known == key);
            found.map_or(key.clone(), |(_, title)| title.clone())
        };
        let titles: Vec<String> = one.priorities.iter().map(title).collect();
        facts.push(Fact::new("Priorities", titles.join(", ")));
    }
    let line = |line: &BudgetLine| {
        row([
            text(line.title.clone()),
            text(line.amount.map_or_else(|| "No figure yet".to_owned(), format::money)),
            change(format!("{href}/change/line/{}/{}", one.id, line.id), &line.title),
        ])
    };
    let left = unassigned(one, &lines).map_or_else(|| "Too large to be added up".to_owned(), format::money);
    AllocationView {
        id: format!("allocation-{}", one.id),
        title: one.title.clone(),
        facts,
        change: format!("{href}/change/allocation/{}", one.id),
        add_line: format!("{href}/add/line/{}", one.id),
        unassigned: if lines.is_empty() {
            String::new()
        } else {
            format!("In no line: {left}")
        },
        lines: Sheet::new(
            "Budget lines",
            &["Line", "Amount£", ""],
            lines.iter().map(line).collect(),
        ),
    }
}
