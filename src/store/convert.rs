//! Small conversions between columns and the domain.
//!
//! Invariant: nothing is guessed; what cannot be read is an error that names it.

use chrono::{DateTime, SubsecRound, Utc};

use super::StoreError;

/// A time as both databases keep it: to the microsecond, cut and not rounded, so that it never lies ahead.
pub fn micros(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

/// A count from its column.
pub fn count(what: &'static str, number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| unreadable(what, number))
}

/// What a row holds and this version cannot read.
pub fn unreadable(what: &'static str, why: impl std::fmt::Display) -> StoreError {
    StoreError::Unreadable {
        what,
        why: why.to_string(),
    }
}

/// Two columns that are filled together or not at all.
pub fn both<A, B>(
    what: &'static str,
    a: Option<A>,
    b: Option<B>,
) -> Result<Option<(A, B)>, StoreError> {
    match (a, b) {
        (Some(a), Some(b)) => Ok(Some((a, b))),
        (None, None) => Ok(None),
        _ => Err(unreadable(what, "one half of it is missing")),
    }
}
