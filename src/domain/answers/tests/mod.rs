//! Tests of whole returns, of two people's saves, and of revisions.

mod incremental;
mod merging;
mod paper;
mod reading;
mod revisions;
mod rules;
mod s5;
mod subjects;
mod tables;
