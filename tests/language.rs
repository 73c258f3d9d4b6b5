//! A form that asks in every way that the language knows, filled in through its pages without scripts.
//!
//! Invariant: what was typed comes back in its boxes, read or not; what is wrong with a cell stands beside it and leads
//! to it.

#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "support/outside.rs"]
mod outside;

#[path = "language/kinds.rs"]
mod kinds;
#[path = "language/office.rs"]
mod office;
#[path = "language/place.rs"]
mod place;
#[path = "language/preview.rs"]
mod preview;
#[path = "language/rows.rs"]
mod rows;
#[path = "language/tables.rs"]
mod tables;
#[path = "language/welsh.rs"]
mod welsh;
