//! x

// The exact figures, time and the ledger.
pub mod ids;
pub mod money;
pub mod quantity;
