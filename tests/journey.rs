//! The way of a return from outside, step by step as people go it, on both databases.
//!
//! Invariant: nothing is done here but through pages, links in mails and the clock.

#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "support/outside.rs"]
mod outside;

#[path = "journey/figures.rs"]
mod figures;
#[path = "journey/filling.rs"]
mod filling;
#[path = "journey/opening.rs"]
mod opening;
#[path = "journey/reminders.rs"]
mod reminders;
#[path = "journey/reporting.rs"]
mod reporting;
#[path = "journey/reviewing.rs"]
mod reviewing;
#[path = "journey/signing.rs"]
mod signing;
#[path = "journey/state.rs"]
mod state;
#[path = "journey/submitting.rs"]
mod submitting;
