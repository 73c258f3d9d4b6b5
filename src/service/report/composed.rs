//! compose: a paper of a report, a fund and a window, as a document whose figures are still to be looked through.
//!
//! Invariant: what a paper says follows from the report, the prose, the clearances and the figures, and from nothing else.

pub use super::material::{Brief, Cleared};
