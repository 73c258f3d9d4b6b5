//! What was typed into a form that was turned back, so that the page that says why gives it back.
//!
//! Invariant: it goes back to whoever sent it and nowhere else, and holds no code.

use serde::Serialize;

use super::posted::Posted;
use super::{WebError, csrf};
use crate::service::ServiceError;

/// Codes are good once, so they are never given back.
const CODES: [&str; 2] = ["totp", "code"];
/// What a form says of itself, which nobody typed.
const UNTYPED: [&str; 9] = [
    "revision", "digest", "section", "question", "person", "from", "to", "agreed", "then",
];

/// When what was turned back may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Again {
    /// At once, or in a while.
    Now,
    /// When its sender has signed in again, in another tab.
    SignedIn,
    /// It would be turned back again.
    Never,
}

/// What was typed into a form that was turned back.
#[derive(Debug, Clone, Serialize)]
pub struct Kept {
    /// When it may be sent again.
    pub(super) again: Again,
    /// Where it was sent.
    action: String,
    /// The token that goes with it: of the session that the sender has now, or else the one that it came with.
    csrf: String,
    /// All fields, to be sent again.
    fields: Vec<(String, String)>,
    /// What a person typed of it: what it is about, and the text.
    pub(super) typed: Vec<(String, String)>,
}

impl Kept {
    /// What was posted to an address.
    pub(super) fn of(action: &str, posted: &Posted, csrf: &str, again: Again) -> Kept {
        let fields: Vec<(String, String)> = posted
            .0
            .iter()
            .filter(|(name, _)| name != csrf::FIELD && !CODES.contains(&name.as_str()))
            .cloned()
            .collect();
        let untyped = |name: &str| name.starts_with("seen.") || UNTYPED.contains(&name);
        let typed = fields
            .iter()
            .filter(|(name, value)| !value.trim().is_empty() && !untyped(name))
            .map(|(name, value)| (about(name), value.clone()))
            .collect();
        Kept {
            again,
            action: action.to_owned(),
            csrf: csrf.to_owned(),
            fields,
            typed,
        }
    }
}

/// An error of a handler with what was typed into the form that it was to take.
pub(super) fn with_typed(error: poem::Error, kept: impl FnOnce(Again) -> Kept) -> poem::Error {
    let error = match error.downcast::<WebError>() {
        Ok(error) => error,
        Err(other) => return other,
    };
    let with = match error {
        WebError::SignedOut(door, None) => WebError::SignedOut(door, Some(kept(Again::SignedIn))),
        other @ (WebError::SignedOut(..) | WebError::Stale(_) | WebError::OtherReturn(_) | WebError::Typed(..)) => {
            other
        }
        other => {
            let kept = kept(again(&other));
            WebError::Typed(Box::new(other), kept)
        }
    };
    with.into()
}

/// Whether sending the same once more can do what it did not do now.
fn again(error: &WebError) -> Again {
    match error {
        WebError::Service(ServiceError::TooMany { .. } | ServiceError::Unavailable(_) | ServiceError::Internal(_))
        | WebError::Wording(_)
        | WebError::TooMany { .. } => Again::Now,
        _ => Again::Never,
    }
}

/// `a.items.0.amount` is about `items 0 amount`.
fn about(name: &str) -> String {
    let name = name.strip_prefix("a.").unwrap_or(name);
    let name = name.strip_suffix(".value").unwrap_or(name);
    name.replace(['.', '_', '-'], " ")
}
