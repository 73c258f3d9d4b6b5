//! What a plan comes to, while it is read and signed: the rows that become allocations when its last stage is done.
//!
//! Invariant: read from the same answers from which the allocations are made.

use countersign_domain::answers::format;
use countersign_domain::money::Money;
use countersign_domain::planned::{Proposed, agreed};
use countersign_domain::workflow::State;
use serde::Serialize;

use crate::service::office::OfficePage;

/// A plan.
#[derive(Debug, Serialize)]
pub struct PlanView {
    lead: String,
    rows: Vec<Row>,
    rest: Option<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    cells: Vec<String>,
    total: bool,
}

/// The plan of a return that is being read or signed; none for a form without one.
pub fn view(page: &OfficePage) -> Option<PlanView> {
    if !matches!(page.ret.state, State::InReview(_) | State::InSignOff(_)) {
        return None;
    }
    let plan = agreed(&page.form, &page.evaluated)?;
    let one = |row: &Proposed| Row {
        cells: vec![
            row.title.clone(),
            row.provider.clone().unwrap_or_else(|| page.provider.clone()),
            format::money(row.amount),
        ],
        total: false,
    };
    let mut rows: Vec<Row> = plan.rows.iter().map(one).collect();
    let total = Money::checked_sum(plan.rows.iter().map(|row| row.amount));
    let total = total.map_or_else(|| "Too large to be added up".to_owned(), format::money);
    rows.push(Row {
        cells: vec!["All of it".to_owned(), String::new(), total],
        total: true,
    });
    Some(PlanView {
        lead: format!(
            "When the last stage is done, these become the allocations of {}, with these amounts approved.",
            page.grant.title
        ),
        rows,
        rest: plan
            .held_back_for
            .map(|what| format!("What is left of the grant is held back for: {what}")),
    })
}
