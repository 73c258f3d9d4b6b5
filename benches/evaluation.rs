//! What it costs to work a return out, whole and after one save, against how many figures it has.
//!
//! Invariant: says ratios beside times, because those hold on any machine: a whole return should cost the same for each
//! figure whatever its size, and a save should cost what depends on it. Run with
//! `cargo bench -p countersign-domain --bench evaluation`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate};
use countersign_domain::answers::types::{
    AllocationFacts, Draft, DraftAnswer, FundFacts, GrantFacts, Mark, ProviderFacts, Register, SectionKey,
};
use countersign_domain::answers::{Evaluation, evaluate};
use countersign_domain::form::parse::parse;
use countersign_domain::form::schema::Form;
use countersign_domain::ids::PersonId;
use countersign_domain::money::Money;
use countersign_domain::period::Period;

/// Questions for each allocation, and allocations.
const SIZES: [(usize, usize); 7] = [(10, 1), (30, 1), (100, 1), (100, 3), (100, 10), (100, 30), (100, 100)];

const HEAD: &str = r#"
form = "cost"
version = 1
title = "Cost"
owed_by = "grant"
audience = "panel"
[schedule]
every = "financial-year"
opens = "end + 1d"
due = "end + 20wd"
closes = "due + 60d"
remind = ["opens"]
[[stage]]
id = "sign"
kind = "sign-off"
by = "partnership.chair"
statement = "It is right."
[[section]]
id = "whole"
title = "Whole"
[[section.question]]
id = "together"
type = "calculated"
label = "Together"
value = "sum(part, n0)"
[[section]]
id = "part"
title = "{allocation.title}"
each = "allocation"
"#;

/// Half are typed; the other half are each calculated from the one before.
fn form(questions: usize) -> Form {
    let mut text = HEAD.to_owned();
    for number in 0..questions {
        let _ = writeln!(
            text,
            "[[section.question]]\nid = \"n{number}\"\nlabel = \"Figure {number}\""
        );
        text += &match number % 2 {
            0 => "type = \"count\"\nrequired = true\nover_providers = \"sum\"\nover_time = \"sum\"\n".to_owned(),
            _ => format!("type = \"calculated\"\nvalue = \"n{} * 2\"\n", number - 1),
        };
    }
    parse(&text).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn register(allocations: usize) -> Register {
    let day = |year| NaiveDate::from_ymd_opt(year, 4, 1).unwrap_or_default();
    let allocation = |number: usize| AllocationFacts {
        key: format!("a{number}"),
        title: format!("Project {number}"),
        provider: "A provider".to_owned(),
        amount: Money::pence(100),
        uncovered: Money::ZERO,
        contract_total: None,
        priorities: vec![],
        project: format!("a{number}"),
        project_title: format!("Project {number}"),
        contract_ends_on: None,
        other_funding: None,
        lines: vec![],
    };
    Register {
        fund: FundFacts {
            key: "fund".to_owned(),
            title: "Fund".to_owned(),
            priorities: vec![],
            smallest_award: None,
            largest_award: None,
        },
        grant: GrantFacts {
            reference: "G".to_owned(),
            title: "Grant".to_owned(),
            amount: Money::pence(1_000_000),
            carried_forward: Money::ZERO,
            starts_on: day(2025),
            ends_on: day(2026),
            conditions: None,
            held_back: None,
            held_back_for: None,
        },
        provider: ProviderFacts {
            name: "The partnership".to_owned(),
        },
        allocations: (0..allocations).map(allocation).collect(),
        period: Period::financial_year(2025).expect("2025-26 is a year"),
        period_label: None,
        previous: None,
        beneath: vec![],
    }
}

fn answer(text: &str, version: u32) -> DraftAnswer {
    DraftAnswer {
        fields: BTreeMap::from([("value".to_owned(), text.to_owned())]),
        mark: Mark::Given,
        approximately: false,
        files: vec![],
        by: PersonId::from(uuid::Uuid::nil()),
        at: DateTime::UNIX_EPOCH,
        version,
    }
}

fn draft(questions: usize, allocations: usize) -> Draft {
    let mut draft = Draft::default();
    for allocation in 0..allocations {
        let section = draft
            .sections
            .entry(SectionKey(format!("part/a{allocation}")))
            .or_default();
        for number in (0..questions).step_by(2) {
            section.answers.insert(format!("n{number}"), answer("12", 1));
        }
    }
    draft
}

/// The shortest of several runs, which is the one least disturbed.
fn shortest(runs: u32, mut run: impl FnMut(u32)) -> Duration {
    let times = (0..runs).map(|number| {
        let begun = Instant::now();
        run(number);
        begun.elapsed()
    });
    times.min().unwrap_or_default()
}

/// One hundredths of how many times the first is of the second.
fn times(one: u128, other: u128) -> String {
    let hundredths = one * 100 / other.max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn main() {
    println!("figures   whole µs   for each ns   ratio   save µs   ratio   cells of a save");
    let (mut first_each, mut first_save) = (None, None);
    for (questions, allocations) in SIZES {
        let (form, register) = (Arc::new(form(questions)), register(allocations));
        let mut draft = draft(questions, allocations);
        let figures = (questions * allocations) as u128;
        let whole = shortest(10, |_| {
            black_box(evaluate(&form, &register, &draft));
        });
        let mut evaluation = Evaluation::new(Arc::clone(&form), register, draft.clone());
        let key = SectionKey("part/a0".to_owned());
        let before = evaluation.worked_out();
        let saves = 40;
        let save = shortest(saves, |number| {
            let section = draft.sections.entry(key.clone()).or_default();
            section
                .answers
                .insert("n2".to_owned(), answer(&number.to_string(), number + 2));
            evaluation.save(&key, section.clone());
        });
        let cells = (evaluation.worked_out() - before) / u64::from(saves);
        let each = whole.as_nanos() / figures;
        let first_each = *first_each.get_or_insert(each);
        let first_save = *first_save.get_or_insert(save.as_nanos());
        println!(
            "{figures:>7} {:>10} {each:>13} {:>7} {:>9} {:>7} {cells:>17}",
            whole.as_micros(),
            times(each, first_each),
            save.as_micros(),
            times(save.as_nanos(), first_save),
        );
    }
}
