//! The services past the pages: what the clock, an officer and the machine do to a return, on both databases.
//!
//! Invariant: each test here once found a way by which somebody was not written to, was written to wrongly, or was
//! left without a way on.

#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "support/outside.rs"]
mod outside;

#[allow(unused, reason = "the systems use more of it")]
#[path = "systems/told.rs"]
mod told;

#[path = "service/access.rs"]
mod access;
#[path = "service/forms.rs"]
mod forms;
#[path = "service/ledger.rs"]
mod ledger;
#[path = "service/mailing.rs"]
mod mailing;
#[path = "service/moving.rs"]
mod moving;
#[path = "service/plan_pages.rs"]
mod plan_pages;
#[path = "service/planning.rs"]
mod planning;
#[path = "service/plans.rs"]
mod plans;
#[path = "service/register.rs"]
mod register;
#[path = "service/register_edit.rs"]
mod register_edit;
#[path = "service/register_owed.rs"]
mod register_owed;
#[path = "service/register_people.rs"]
mod register_people;
#[path = "service/reports.rs"]
mod reports;
#[path = "service/rolled.rs"]
mod rolled;
#[path = "service/rows.rs"]
mod rows;
#[path = "service/samples.rs"]
mod samples;
#[path = "service/schedules.rs"]
mod schedules;
#[path = "service/signed.rs"]
mod signed;
