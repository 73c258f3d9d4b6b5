//! What holds of any text read as a form file: there is a form or there are errors, and every problem points into it.
//!
//! Invariant: asks the same of the same text each time.

use countersign_domain::form::parse::{parse, read};
use countersign_domain::form::placeholder;
use countersign_domain::form::schema::Severity;

/// Asks all of it.
pub fn check(text: &str) {
    let read = read(text);
    let errors = read
        .problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .count();
    assert_eq!(read.form.is_none(), errors > 0, "{:?} of {text:?}", read.problems);
    for problem in &read.problems {
        assert!(text.get(problem.span.clone()).is_some(), "{problem:?} of {text:?}");
        assert!(!problem.message.is_empty(), "{problem:?} of {text:?}");
    }
    assert_eq!(parse(text).is_ok(), errors == 0, "{text:?}");
    if let Err(brace) = placeholder::pieces(text) {
        assert!(matches!(text.get(brace), Some("{" | "}")), "{text:?}");
    }
}
