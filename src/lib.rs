//! Countersign: a self-hosted server for grant returns.

pub mod store;
pub mod web;
pub mod wording;
