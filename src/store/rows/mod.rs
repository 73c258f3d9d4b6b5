//! The rows of the tables, one module for each table.
//!
//! Invariant: nothing here leaves the store; what a row means is for the module beside it that reads it.

pub mod notices;
