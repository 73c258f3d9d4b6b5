//! Answers: from raw text to typed answers, findings and figures.

pub mod types;
