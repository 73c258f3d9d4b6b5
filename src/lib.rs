//! x
pub mod web;
pub mod wording;
