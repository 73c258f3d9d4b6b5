//! What the tests share.
//!
//! Invariant: a test owns its database and leaves none behind.

pub mod postgres;
