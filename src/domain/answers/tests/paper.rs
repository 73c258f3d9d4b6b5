//! A partnership's closing return, with the figures that one such paper printed in 2018, wrong ones included.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::answers::types::{
    AllocationFacts, Draft, DraftAnswer, Evaluated, Finding, FundFacts, GrantFacts, Mark, ProviderFacts, Register,
    SectionKey,
};
use crate::form::parse::parse;
use crate::form::schema::Form;
use crate::ids::PersonId;
use crate::money::Money;
use crate::period::Period;

pub fn form() -> Form {
    let source = include_str!("../../../../forms/s5-partnership/evaluation.toml");
    parse(source).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

pub fn person(number: u128) -> PersonId {
    PersonId::from(Uuid::from_u128(number))
}

pub fn at(second: u32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2018, 4, 3)
        .unwrap()
        .and_hms_opt(9, 0, second)
        .unwrap()
        .and_utc()
}

fn pounds(amount: i64) -> Money {
    Money::pounds(amount).unwrap()
}

/// Eight allocations that come to £440 more than there is.
pub fn register() -> Register {
    let allocation = |key: &str, title: &str, amount, uncovered, contract: Option<i64>| AllocationFacts {
        key: key.to_owned(),
        title: title.to_owned(),
        provider: "A provider".to_owned(),
        amount: pounds(amount),
        uncovered: pounds(uncovered),
        contract_total: contract.map(pounds),
        priorities: vec![],
        project: key.to_owned(),
        project_title: title.to_owned(),
        contract_ends_on: None,
        other_funding: None,
        lines: vec![],
    };
    Register {
        fund: FundFacts {
            key: "csp".into(),
            title: "Community safety fund".into(),
            priorities: vec![],
            smallest_award: None,
            largest_award: None,
        },
        grant: GrantFacts {
            reference: "PLY-2017".into(),
            title: "Community safety grant".into(),
            amount: pounds(400_568),
            carried_forward: pounds(27_678),
            starts_on: NaiveDate::from_ymd_opt(2017, 4, 1).unwrap(),
            ends_on: NaiveDate::from_ymd_opt(2018, 3, 31).unwrap(),
            conditions: None,
            held_back: None,
            held_back_for: None,
        },
        provider: ProviderFacts {
            name: "The partnership".into(),
        },
        previous: None,
        beneath: vec![],
        allocations: vec![
            allocation("domestic-abuse", "Domestic abuse service", 160_200, 0, Some(552_500)),
            allocation(
                "sexual-violence",
                "Sexual violence counselling",
                25_000,
                0,
                Some(75_000),
            ),
            allocation(
                "drug-and-alcohol",
                "Drug and alcohol treatment",
                98_500,
                0,
                Some(1_905_122),
            ),
            allocation("healthy-relationships", "Healthy relationships", 43_500, 0, None),
            allocation("asb", "Anti-social behaviour", 16_486, 440, None),
            allocation("awareness", "Raising awareness", 36_000, 0, None),
            allocation("prevent", "Prevent", 10_000, 0, None),
            allocation("infrastructure", "Partnership infrastructure", 39_000, 0, None),
        ],
        period: Period::financial_year(2017).unwrap(),
        period_label: None,
    }
}

/// The same once £440 was moved from one project to the other, and approved.
pub fn register_after_virement() -> Register {
    let mut register = register();
    register.allocations[4].uncovered = Money::ZERO;
    register.allocations[7].amount = pounds(38_560);
    register
}

/// Puts an answer of several fields into a draft.
pub fn put(draft: &mut Draft, section: &str, question: &str, fields: &[(&str, &str)]) {
    let fields: BTreeMap<String, String> = fields
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    let answer = DraftAnswer {
        fields,
        mark: Mark::Given,
        approximately: false,
        files: vec![],
        by: person(1),
        at: at(0),
        version: 1,
    };
    let section = draft.sections.entry(SectionKey(section.to_owned())).or_default();
    section.answers.insert(question.to_owned(), answer);
}

/// Puts an answer of one field into a draft.
pub fn say(draft: &mut Draft, section: &str, question: &str, value: &str) {
    put(draft, section, question, &[("value", value)]);
}

/// Takes an answer out.
pub fn unsay(draft: &mut Draft, section: &str, question: &str) {
    draft
        .sections
        .get_mut(&SectionKey(section.to_owned()))
        .unwrap()
        .answers
        .remove(question);
}

const SPENT: [(&str, &str); 8] = [
    ("domestic-abuse", "160,200"),
    ("sexual-violence", "25,000"),
    ("drug-and-alcohol", "98,500"),
    ("healthy-relationships", "43,500"),
    ("asb", "16,486"),
    ("awareness", "36,000"),
    ("prevent", "10,000"),
    ("infrastructure", "38,560"),
];

const FIGURES: [(&str, &str, &str); 22] = [
    ("domestic-abuse", "share", "28%"),
    ("domestic-abuse", "victims_supported", "2,067"),
    ("domestic-abuse", "idva_clients", "440"),
    ("domestic-abuse", "professionals_trained", "124"),
    ("domestic-abuse", "engagement", "84%"),
    ("domestic-abuse", "re_referral", "4%"),
    ("domestic-abuse", "planned_exits", "90%"),
    ("sexual-violence", "share", "33%"),
    ("sexual-violence", "sessions", "935"),
    ("sexual-violence", "people_counselled", "197"),
    ("sexual-violence", "capacity_above_target", "19"),
    ("drug-and-alcohol", "share", "0.5%"),
    ("healthy-relationships", "pilot_schools", "2"),
    ("asb", "members_engaged", "122"),
    ("asb", "premises_closed", "10"),
    ("asb", "order_warnings", "35"),
    ("asb", "escalation_rate", "20"),
    ("asb", "escalation_rate_before", "64"),
    ("asb", "asb_change", "-4.4"),
    ("asb", "slavery_operations", "16"),
    ("asb", "slavery_supported", "13"),
    ("infrastructure", "survey_responses", "466"),
];

const RATIOS: [(&str, &str, &str, &str); 16] = [
    ("sexual-violence", "self_harm", "5", "7"),
    ("sexual-violence", "harm_to_others", "6", "7"),
    ("sexual-violence", "harm_from_others", "6", "7"),
    ("drug-and-alcohol", "contact_opiate", "308", "1,231"),
    ("drug-and-alcohol", "contact_non_opiate", "11", "76"),
    ("drug-and-alcohol", "contact_alcohol", "29", "351"),
    ("drug-and-alcohol", "contact_both", "7", "125"),
    ("drug-and-alcohol", "completed_opiate", "15", "308"),
    ("drug-and-alcohol", "completed_non_opiate", "0", "11"),
    ("drug-and-alcohol", "completed_alcohol", "7", "29"),
    ("drug-and-alcohol", "completed_both", "3", "7"),
    ("drug-and-alcohol", "returned_opiate", "3", "12"),
    ("drug-and-alcohol", "returned_non_opiate", "0", "0"),
    ("drug-and-alcohol", "returned_alcohol", "0", "4"),
    ("drug-and-alcohol", "returned_both", "0", "1"),
    ("prevent", "prevent_schools", "4", "12"),
];

/// What the paper said, all of it.
pub fn draft() -> Draft {
    let mut draft = Draft::default();
    for (key, spent) in SPENT {
        let section = format!("project/{key}");
        say(&mut draft, &section, "spent", spent);
        say(
            &mut draft,
            &section,
            "outcomes",
            "The project did what it set out to do.",
        );
        say(
            &mut draft,
            &section,
            "case_study",
            "One family moved on and lives in safety.",
        );
    }
    for (key, question, value) in FIGURES {
        say(&mut draft, &format!("project/{key}"), question, value);
    }
    for (key, question, of, per) in RATIOS {
        put(
            &mut draft,
            &format!("project/{key}"),
            question,
            &[("of", of), ("per", per)],
        );
    }
    say(&mut draft, "project/awareness", "awareness_sessions", "4");
    let note = "Less was needed than planned, and it covers what another project lacked.";
    say(&mut draft, "project/infrastructure", "spending_note", note);
    let items: Vec<(String, String)> = [700, 134, 1_322, 3_500, 5_000, 1_000, 1_879, 3_000]
        .iter()
        .enumerate()
        .flat_map(|(row, amount)| {
            [
                (format!("{row}.item"), format!("Item {row}")),
                (format!("{row}.amount"), amount.to_string()),
            ]
        })
        .collect();
    let items: Vec<(&str, &str)> = items
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    put(&mut draft, "project/asb", "items", &items);
    say(
        &mut draft,
        "whole",
        "overview",
        "Eight projects ran, seven of them as planned.",
    );
    say(&mut draft, "declaration", "prepared", "yes");
    draft
}

/// The messages of a check, in order.
pub fn messages<'e>(evaluated: &'e Evaluated, check: &str) -> Vec<&'e str> {
    evaluated
        .findings
        .iter()
        .filter(|finding| finding.check == check)
        .map(|finding| finding.message.as_str())
        .collect()
}

/// What is shown for a question.
pub fn shown<'e>(evaluated: &'e Evaluated, section: &str, question: &str) -> &'e str {
    let section = evaluated.section(&SectionKey(section.to_owned())).unwrap();
    &section.questions.iter().find(|view| view.id == question).unwrap().shown
}

/// The finding with this key.
pub fn finding<'e>(evaluated: &'e Evaluated, key: &str) -> &'e Finding {
    evaluated
        .findings
        .iter()
        .find(|finding| finding.key == key)
        .unwrap_or_else(|| {
            let keys: Vec<&str> = evaluated.findings.iter().map(|finding| finding.key.as_str()).collect();
            panic!("no {key} among {keys:?}")
        })
}
