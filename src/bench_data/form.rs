//! The form of the made-up returns, and what they say beside their figures.
//!
//! Invariant: a form that can be published, with a measure of each kind that adds up.

use countersign_domain::answers::types::{FundFacts, GrantFacts, ProviderFacts, Register};
use countersign_domain::money::Money;
use countersign_domain::period::Period;

use super::ALLOCATED;
use crate::store::made_up::MadeUpKind;

/// The form that they all are of.
pub const FORM: &str = "made-up-quarter";

/// The amount that is held against what is allocated, and the count that is held against a target.
const SPENT: &str = "m01";
const WITH_TARGET: &str = "m10";

/// 8 amounts, 10 counts of people, 3 numbers and 4 ratios.
pub(super) fn measures() -> impl Iterator<Item = (String, MadeUpKind)> {
    (1..=25).map(|nth| {
        let kind = match nth {
            1..=8 => MadeUpKind::Money,
            9..=18 => MadeUpKind::Count,
            19..=21 => MadeUpKind::Number,
            _ => MadeUpKind::Ratio,
        };
        (format!("m{nth:02}"), kind)
    })
}

/// The form as its file.
pub(super) fn source() -> String {
    let mut form = format!("form = \"{FORM}\"\n{HEAD}");
    for (measure, kind) in measures() {
        let of_its_kind = match kind {
            MadeUpKind::Money => "type = \"money\"",
            MadeUpKind::Count => "type = \"count\"\ncounts = \"people\"",
            MadeUpKind::Number => "type = \"decimal\"\nplaces = 1",
            MadeUpKind::Ratio => "type = \"ratio\"\nof_label = \"Of these\"\nper_label = \"Asked\"",
        };
        form += &format!(
            "\n[[section.question]]\nid = \"{measure}\"\nlabel = \"Figure {measure}\"\n{of_its_kind}\n\
             not_known = true\napproximately = true\nover_providers = \"sum\"\nover_time = \"sum\"\n"
        );
        form += match measure.as_str() {
            SPENT => "money_is = \"spent\"\n",
            WITH_TARGET => "target = \">= 10\"\n",
            _ => "",
        };
    }
    form
}

/// What each return of a fund says beside its figures: a register with nothing but the fund and its years, and no section. What
/// papers read of answers in words is measured by nothing here.
pub(super) fn document(fund: &str, years: Period) -> String {
    let document = serde_json::json!({
        "revision": 1,
        "register": Register {
            fund: FundFacts {
                key: fund.to_owned(),
                title: fund.replace('-', " "),
                priorities: Vec::new(),
                smallest_award: None,
                largest_award: None,
            },
            grant: GrantFacts {
                reference: "MADE-UP".to_owned(),
                title: "Made-up grant".to_owned(),
                amount: Money::pence(ALLOCATED),
                carried_forward: Money::ZERO,
                starts_on: years.start(),
                ends_on: years.end(),
                conditions: None,
                held_back: None,
                held_back_for: None,
            },
            provider: ProviderFacts {
                name: "Made-up provider".to_owned(),
            },
            allocations: Vec::new(),
            period: years,
            period_label: None,
            previous: None,
            beneath: Vec::new(),
        },
        "sections": [],
        "findings": [],
        "figures": [],
        "attachments": [],
    });
    document.to_string()
}

const HEAD: &str = r#"version = 1
title = "Made-up quarter"
owed_by = "allocation"
audience = "panel"

[schedule]
every = "quarter"
opens = "end"
due = "end + 21d"
closes = "due + 60d"
remind = ["opens"]

[[stage]]
id = "sign"
kind = "sign-off"
by = "made-up.officer"
statement = "I confirm that these figures are made up."

[[section]]
id = "figures"
title = "Figures"
"#;
