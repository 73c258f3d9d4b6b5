//! A paper: one instance of a report, of a fund and a period.
//!
//! Invariant: what leaves the server as a file is printed from a document that was looked through first.

pub mod print;
