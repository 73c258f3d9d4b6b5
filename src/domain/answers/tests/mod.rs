//! Tests of whole returns, of two people's saves, and of revisions.

mod beneath;
mod incremental;
mod merging;
mod paper;
mod people;
mod reading;
mod revisions;
mod rules;
mod s5;
mod subjects;
mod table_kinds;
mod tables;
mod undetermined;
