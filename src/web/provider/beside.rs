//! What stands beside a question's boxes: targets, what others reach, a reviewer's queries, the size of a document.
//!
//! Invariant: words for people; nothing here can be typed into.

use std::collections::BTreeMap;

use countersign_domain::answers::types::SectionView;
use countersign_domain::form::schema::{Benchmark, Kind, Question, Target, Than};
use countersign_domain::money::Money;
use rust_decimal::Decimal;
use serde::Serialize;

use super::typing::Replied;
use crate::service::provider::ReturnPage;

/// A reviewer's query.
#[derive(Debug, Serialize)]
pub struct Asked {
    id: String,
    text: String,
    answer: Option<String>,
    /// What was typed as its answer and is not kept, and what is wrong with it.
    typed: String,
    problem: Option<String>,
}

/// The target, what others reach and where it started, beside the box.
pub fn beside(question: &Question, on_target: Option<bool>) -> Vec<String> {
    let unit = match question.kind {
        Kind::Ratio { .. } | Kind::Percent { .. } | Kind::Calculated { percent: true, .. } => "%",
        _ => "",
    };
    let money = matches!(question.kind, Kind::Money { .. });
    let mut beside = Vec::new();
    if let Some(target) = &question.target {
        let reached = match on_target {
            Some(true) => " (reached)",
            Some(false) => " (not reached)",
            None => "",
        };
        beside.push(format!("Target: {}{unit}{reached}", target_words(target, money)));
    }
    for Benchmark { value, name } in question.benchmark.iter().chain(&question.baseline) {
        beside.push(format!("{}: {}{unit}", name.en, figure(*value, money)));
    }
    beside
}

/// A figure of a form, in the unit of its question.
fn figure(value: Decimal, money: bool) -> String {
    match Money::from_decimal(value).filter(|_| money) {
        Some(pounds) => pounds.to_string(),
        None => value.to_string(),
    }
}

/// `at least 75`; of money, `at least £75.00`.
pub fn target_words(target: &Target, money: bool) -> String {
    let than = match target.than {
        Than::AtLeast => "at least",
        Than::AtMost => "at most",
        Than::Below => "below",
        Than::Above => "above",
        Than::Exactly => "exactly",
    };
    format!("{than} {}", figure(target.value, money))
}

/// The reviewer's queries against a question, the unanswered ones first.
pub fn queries(
    page: &ReturnPage,
    section: &SectionView,
    question: &str,
    replies: &BTreeMap<String, Replied>,
) -> Vec<Asked> {
    let mut queries: Vec<Asked> = page
        .queries
        .iter()
        .filter(|query| query.section == section.key && query.question == question)
        .map(|query| {
            let id = query.id.to_string();
            let replied = replies.get(&id);
            Asked {
                text: query.text.clone(),
                answer: query.answer.as_ref().map(|answer| answer.text.clone()),
                typed: replied.map(|replied| replied.text.clone()).unwrap_or_default(),
                problem: replied.and_then(|replied| replied.problem.clone()),
                id,
            }
        })
        .collect();
    queries.sort_by_key(|query| query.answer.is_some());
    queries
}

/// Bytes in words.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{} MB", bytes / 1_048_576),
    }
}
