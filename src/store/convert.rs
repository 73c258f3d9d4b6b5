//! Small conversions between columns and the domain.
//!
//! Invariant: nothing is guessed; what cannot be read is an error that names it.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use countersign_domain::period::Period;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;

/// A time as both databases keep it: to the microsecond, cut and not rounded, so that it never lies ahead.
pub fn micros(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

/// A count from its column.
pub fn count(what: &'static str, number: i64) -> Result<u32, StoreError> {
    u32::try_from(number).map_err(|_| unreadable(what, number))
}

/// A size from its column.
pub fn size(what: &'static str, number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| unreadable(what, number))
}

/// A size for its column.
pub fn column(what: &'static str, number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| unreadable(what, number))
}

/// A digest or the like from its text.
pub fn parsed<T: FromStr<Err: Display>>(what: &'static str, text: &str) -> Result<T, StoreError> {
    text.parse().map_err(|why| unreadable(what, why))
}

/// A period from its two dates.
pub fn period(start: NaiveDate, end: NaiveDate) -> Result<Period, StoreError> {
    Period::new(start, end).map_err(|why| unreadable("a period", why))
}

/// A document for its column.
pub fn to_json<T: Serialize>(what: &'static str, document: &T) -> Result<String, StoreError> {
    serde_json::to_string(document).map_err(|why| unreadable(what, why))
}

/// A document from its column.
pub fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|why| unreadable(what, why))
}

/// What a row holds and this version cannot read.
pub fn unreadable(what: &'static str, why: impl Display) -> StoreError {
    StoreError::Unreadable {
        what,
        why: why.to_string(),
    }
}

/// Two columns that are filled together or not at all.
pub fn both<A, B>(what: &'static str, a: Option<A>, b: Option<B>) -> Result<Option<(A, B)>, StoreError> {
    match (a, b) {
        (Some(a), Some(b)) => Ok(Some((a, b))),
        (None, None) => Ok(None),
        _ => Err(unreadable(what, "one half of it is missing")),
    }
}

/// One row was to be changed under a guard: none means that somebody else was first.
pub fn guarded(what: &'static str, rows: u64) -> Result<(), StoreError> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict { what })
    }
}
