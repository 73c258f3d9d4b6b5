//! Countersign: a self-hosted server for grant returns.

pub mod clock;
pub mod document;
pub mod secrets;
pub mod service;
pub mod store;
pub mod web;
pub mod wording;
