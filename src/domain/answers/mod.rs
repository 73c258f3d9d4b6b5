//! Answers: from raw text to typed answers, findings and figures; two people's saves; the revision that is submitted.

mod board;
mod changes;
mod evaluate;
mod evaluated;
mod figures;
mod findings;
pub mod format;
mod merge;
mod order;
mod personal;
mod read;
mod revision;
mod scope;
mod shown;
#[cfg(test)]
mod tests;
pub mod types;

pub use changes::{Change, changes};
pub use evaluate::evaluate;
pub use figures::{UNALLOCATED, target_reached};
pub use merge::{Base, Conflict, Merged, NotSeen, Seen, Typed, base_of, merge};
pub use revision::{NotARevision, RevisionMeta, document, figures_of};
