//! Made-up answers to a form: a set that can be submitted, and one that cannot and for which reason.
//!
//! Invariant: the same form, register and seed give the same answers, on any machine. What is called valid has been worked
//! out and may be submitted, what is called broken has been worked out and is refused for the reason that it names.

mod broken;
mod invented;
mod lot;
mod made;
mod place;
mod search;
#[cfg(test)]
mod tests;

pub use broken::{Broken, broken};
pub use invented::{grant_days, period, register};
pub use search::{NoneFound, valid};
