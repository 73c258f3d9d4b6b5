//! The form language: what a form file may say, and what it means.

pub mod rule;
pub mod schema;
