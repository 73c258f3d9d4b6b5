//! A part of a long list.

/// So many rows from one on: what a page shows, however long the list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The first row, from nought.
    pub from: u64,
    /// How many at most.
    pub size: u64,
}
