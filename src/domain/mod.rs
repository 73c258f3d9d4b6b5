//! The domain of grant returns: forms, answers, figures, workflow, ledger.
//!
//! Invariant: pure. No I/O, no clock, no randomness, no async; whatever a function needs is an argument.

pub mod answers;
pub mod form;
pub mod register;
pub mod returns;
pub mod workflow;
