//! Countersign: a self-hosted server for grant returns.

pub mod mail;
pub mod secrets;
pub mod store;
pub mod wording;
