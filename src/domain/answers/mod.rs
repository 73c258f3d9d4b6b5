//! Answers: from raw text to typed answers, findings and figures; two people's saves; the revision that is submitted.

mod beneath;
mod board;
mod changes;
mod evaluate;
mod evaluated;
mod evaluation;
mod facts;
mod figures;
mod findings;
pub mod format;
mod graph;
mod instances;
mod merge;
mod motion;
mod order;
mod personal;
mod planned;
mod previous;
mod read;
mod read_choice;
mod reading;
mod revision;
mod scope;
mod shown;
#[cfg(test)]
mod tests;
pub mod types;
mod views;
mod work_out;

pub use beneath::filled_from;
pub use changes::{Change, changes};
pub use evaluate::evaluate;
pub use evaluation::Evaluation;
pub use facts::filled;
pub use figures::{UNALLOCATED, UNASSIGNED, target_reached};
pub use merge::{Base, Conflict, Merged, NotSeen, Seen, Typed, base_of, merge};
pub use revision::{NotARevision, RevisionMeta, document, figures_of};
