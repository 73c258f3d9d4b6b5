//! The money of a return as it was signed: what was available, what became of it, project by project.
//!
//! Invariant: a column stands only where the form asks for what would be in it.

use countersign_domain::document::{Block, Cell, Mark, Table};
use countersign_domain::money::Money;

use super::lay;
use crate::service::report::{Amount, Line, MoneyLine, Planned, SignedReturn, Spending, Stated};

fn pounds(amount: Money) -> Cell {
    lay::pounds(amount, false)
}

fn stated(stated: Stated) -> Cell {
    lay::pounds(stated.amount, stated.approximately)
}

fn amount(amount: Amount) -> Cell {
    match amount {
        Amount::Given(given) => stated(given),
        Amount::NotGiven => lay::figure("Not given", None, vec![Mark::Blank]),
        Amount::NotAsked => lay::words("Not asked"),
    }
}

/// Adds the money of a return to its document.
pub(super) fn money(blocks: &mut Vec<Block>, signed: &SignedReturn, spending: &Spending) {
    blocks.push(lay::heading("Money"));
    let mut lines = lay::table(
        "What was available and what became of it",
        &[("Line", false), ("Amount", true)],
    );
    for Line { label, stated: amount } in &spending.reconciliation {
        lay::row(&mut lines, vec![lay::words(&**label), stated(*amount)]);
    }
    if spending.reconciliation.iter().any(|line| line.stated.approximately) {
        lines.notes.push(APPROXIMATE.to_owned());
    }
    if spending.only_this_period {
        lines.notes.push(format!(
            "What was spent is of {} alone. What other periods spent comes on top of it.",
            signed.period
        ));
    }
    let held_back_for = signed.planned.as_ref().and_then(|plan| plan.held_back_for.as_ref());
    if let Some(what) = held_back_for {
        lines.notes.push(format!("Held back for: {what}"));
    }
    blocks.push(Block::Table(lines));
    if let Some(plan) = &signed.planned {
        blocks.push(Block::Table(rows_of_plan(plan)));
    }
    if !spending.lines.is_empty() {
        blocks.push(Block::Table(by_line(
            "Spending by project",
            ("Project", Some("Provider")),
            spending,
            &spending.lines,
        )));
    }
    if !spending.parts.is_empty() {
        // Of a return for one project, every part is that project's.
        let of = signed.project.is_none().then_some("Of");
        blocks.push(Block::Table(by_line(
            "Spending part by part",
            ("Part", of),
            spending,
            &spending.parts,
        )));
    }
    if !signed.virements.is_empty() {
        blocks.push(Block::Table(virements(signed)));
    }
}

const APPROXIMATE: &str =
    "“Approximately” marks an amount that was given as approximate, or that such an amount is a part of.";

/// The columns that the form has amounts for.
fn by_line(caption: &str, (title, of): (&str, Option<&str>), spending: &Spending, lines: &[MoneyLine]) -> Table {
    let allocated = lines.iter().any(|line| line.allocated.is_some());
    let left = spending.left && allocated;
    let left_title = match (spending.spent, spending.committed) {
        (true, true) => "Allocated less spent and committed",
        (true, false) => "Allocated less spent",
        (false, _) => "Allocated less committed",
    };
    let columns = [
        (title, false, true),
        (of.unwrap_or_default(), false, of.is_some()),
        ("Allocated", true, allocated),
        ("Spent", true, spending.spent),
        ("Committed", true, spending.committed),
        (left_title, true, left),
    ];
    let shown: Vec<(&str, bool)> = columns
        .into_iter()
        .filter(|(.., shown)| *shown)
        .map(|(title, numeric, _)| (title, numeric))
        .collect();
    let mut table = lay::table(caption, &shown);
    for line in lines {
        let cells = [
            lay::words(&*line.title),
            lay::words(&*line.of),
            line.allocated.map_or_else(|| lay::words("No amount"), pounds),
            amount(line.spent),
            amount(line.committed),
            line.left.map_or_else(|| lay::words("Not known"), stated),
        ];
        let cells = cells.into_iter().zip(columns).filter(|(_, (.., shown))| *shown);
        lay::row(&mut table, cells.map(|(cell, _)| cell).collect());
    }
    let given = |line: &MoneyLine| {
        let about = |amount: Amount| {
            matches!(
                amount,
                Amount::Given(Stated {
                    approximately: true,
                    ..
                })
            )
        };
        about(line.spent) || about(line.committed)
    };
    if lines.iter().any(given) {
        table.notes.push(APPROXIMATE.to_owned());
    }
    if left
        && lines
            .iter()
            .filter_map(|line| line.left)
            .any(|left| left.amount.is_negative())
    {
        table.notes.push(
            "What has more spent and committed than was allocated to it has a minus in the last column.".to_owned(),
        );
    }
    table
}

fn rows_of_plan(plan: &Planned) -> Table {
    let unassigned = plan.rows.iter().any(|row| row.unassigned.is_some());
    let mut columns = vec![("Project", false), ("Provider", false), ("Planned", true)];
    if unassigned {
        columns.push(("Of this, not assigned to a part", true));
    }
    let mut table = lay::table("The plan, project by project", &columns);
    for row in &plan.rows {
        let mut cells = vec![lay::words(&*row.title), lay::words(&*row.provider), amount(row.amount)];
        if unassigned {
            cells.push(row.unassigned.map_or_else(|| lay::words(""), pounds));
        }
        lay::row(&mut table, cells);
    }
    table
}

fn virements(signed: &SignedReturn) -> Table {
    let columns = [
        ("From", false),
        ("To", false),
        ("Amount", true),
        ("Reason", false),
        ("Approved by", false),
    ];
    let mut virements = lay::table("Virements between projects", &columns);
    for virement in &signed.virements {
        lay::row(
            &mut virements,
            vec![
                lay::words(&*virement.from),
                lay::words(&*virement.to),
                pounds(virement.amount),
                lay::words(&*virement.reason),
                lay::words(&*virement.approved_by),
            ],
        );
    }
    virements
}
