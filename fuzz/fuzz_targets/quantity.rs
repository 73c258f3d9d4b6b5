//! Any text as a typed figure. What is asked of it is in `checks/quantity.rs`.
//!
//! Invariant: text that is not UTF-8 is passed over, as it is refused before it is read.
#![no_main]

#[path = "../checks/quantity.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|text: &str| checks::check(text));
