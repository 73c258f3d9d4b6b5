//! The files of a document: what they say is read back out of them and held against the document and each other.
//!
//! Invariant: the document has every block and every mark, and words that would be markup, a formula or a template if a
//! renderer let them.

#[path = "formats/agreeing.rs"]
mod agreeing;
#[path = "formats/hostile.rs"]
mod hostile;
#[path = "formats/reading.rs"]
mod reading;
#[path = "formats/sample.rs"]
mod sample;
