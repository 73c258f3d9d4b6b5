//! What holds of any text typed as a figure: it has an outcome, and what is offered reads as what it stands for.
//!
//! Invariant: asks the same of the same text each time.

use std::fmt::Debug;

use countersign_domain::quantity::{Reading, Sign, read_count, read_decimal, read_money, read_percent};

/// The label that a refusal names.
const LABEL: &str = "Spent";

/// Asks all of it.
pub fn check(text: &str) {
    for sign in [Sign::Any, Sign::NonNegative] {
        one(text, |text| read_money(LABEL, text, sign));
        for places in [0, 3, u32::MAX] {
            one(text, |text| read_decimal(LABEL, text, places, sign));
            one(text, |text| read_percent(LABEL, text, places, sign));
        }
    }
    one(text, |text| read_count(LABEL, text));
}

fn one<T: PartialEq + Debug>(text: &str, read: impl Fn(&str) -> Reading<T>) {
    match read(text) {
        Reading::Ask { question, candidates } => {
            assert!(!question.is_empty() && !candidates.is_empty(), "{text:?}");
            for candidate in candidates {
                assert_eq!(read(&candidate.text).value(), Some(&candidate.value), "{text:?}");
            }
        }
        Reading::Refused { message } => assert!(message.contains(LABEL), "{text:?}: {message}"),
        Reading::Blank => assert!(!text.contains(|c: char| c.is_alphanumeric()), "{text:?} is not blank"),
        Reading::Read { .. } => {}
    }
}
