//! What of counts of people a document may tell.
//!
//! Invariant: a policy is named by whoever wrote the report, and never guessed.

use serde::{Deserialize, Serialize};

/// The rule by which small counts are held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Counts of 1 to 4 are held back, and as many others as it takes so that none can be worked out.
    LessThanFive,
    /// Counts of 1 to 7 are held back, and the others rounded to the nearest 5.
    RoundToFive,
}
