//! x

// The exact figures, time and the ledger.
pub mod calendar;
pub mod ids;
pub mod ledger;
pub mod money;
pub mod period;
pub mod quantity;
pub mod schedule_dates;
