//! x

pub mod document;
pub mod web;
pub mod wording;
