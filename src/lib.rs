//! Countersign: a self-hosted server for grant returns.
//!
//! The rooms and their directions are in ARCHITECTURE.md and held by `tests/tidy.rs`.

pub mod app;
pub mod bench_data;
pub mod clock;
pub mod config;
pub mod demo;
pub mod document;
pub mod files;
pub mod forms_tools;
pub mod log;
pub mod mail;
pub mod register_files;
pub mod scheduler;
pub mod secrets;
pub mod service;
pub mod sheets;
pub mod store;
pub mod web;
pub mod wording;
