//! What a text was read as: an answer, or why there is none.
//!
//! Invariant: with a problem the answer is blank.

use super::types::{Answer, Value};
use crate::quantity::Reading;

/// The check of what cannot be read.
pub(super) const READING: &str = "~reading";
/// The check of a range that ends below where it begins.
pub(super) const RANGE: &str = "~range";

/// What an answer was read as.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Read {
    /// The answer; blank when there is a problem.
    pub answer: Answer,
    /// How something unusual was read.
    pub note: Option<String>,
    /// Why it cannot be read, or what is asked.
    pub problem: Option<String>,
    /// The check that the problem belongs to.
    pub check: &'static str,
}

impl Read {
    /// Nothing was typed.
    pub fn blank() -> Self {
        Self::of(Answer::Blank)
    }

    /// An answer without any trouble.
    pub fn of(answer: Answer) -> Self {
        Self {
            answer,
            note: None,
            problem: None,
            check: READING,
        }
    }

    /// A value.
    pub fn given(value: Value) -> Self {
        Self::of(Answer::Given(value))
    }

    /// What cannot be read, and why.
    pub fn problem(message: String) -> Self {
        Self::of_check(READING, message)
    }

    /// A problem of a check with a name of its own.
    pub fn of_check(check: &'static str, message: String) -> Self {
        Self {
            problem: Some(message),
            check,
            ..Self::blank()
        }
    }

    /// What a figure was read as.
    pub fn figure<T>(reading: Reading<T>, value: impl FnOnce(T) -> Value) -> Self {
        match reading {
            Reading::Blank => Self::blank(),
            Reading::Read { value: read, note } => Self {
                note,
                ..Self::given(value(read))
            },
            Reading::Ask { question, .. } => Self::problem(question),
            Reading::Refused { message } => Self::problem(message),
        }
    }
}
