//! The life of a paper from outside, on both databases: begun, written in, cleared, looked at, published, and published
//! again after a correction.
//!
//! Invariant: a paper is only ever touched through its pages and the command line; its returns are signed by the services.

#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "support/outside.rs"]
mod outside;

#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "../src/typeset/tests/read.rs"]
mod pdf;

#[path = "papers/across.rs"]
mod across;
#[path = "papers/editions.rs"]
mod editions;
#[path = "papers/fund.rs"]
mod fund;
#[path = "papers/publishing.rs"]
mod publishing;
#[path = "papers/scope.rs"]
mod scope;
#[path = "papers/stories.rs"]
mod stories;
#[path = "papers/writing.rs"]
mod writing;
