//! The domain of grant returns: forms, answers, figures, workflow, ledger.
//!
//! Invariant: pure. No I/O, no clock, no randomness, no async; whatever a function needs is an argument.

pub mod answers;
pub mod calendar;
pub mod document;
pub mod form;
pub mod ids;
pub mod ledger;
pub mod measure;
pub mod money;
pub mod moving;
pub mod paper;
pub mod period;
pub mod places;
pub mod planned;
pub mod quantity;
pub mod register;
pub mod report;
pub mod returns;
pub mod sample;
pub mod schedule;
pub mod schedule_dates;
pub mod workflow;
