//! The register from workbooks and CSV files and back, as people make them: with all that spreadsheets do to what is typed.
//!
//! Invariant: each wrong file is made here, wrong in one way; a test that writes stands on both databases.

#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "support/outside.rs"]
mod outside;

#[path = "sheets/command.rs"]
mod command;
#[path = "sheets/files.rs"]
mod files;
#[path = "sheets/importing.rs"]
mod importing;
#[path = "sheets/large.rs"]
mod large;
#[path = "sheets/making.rs"]
mod making;
