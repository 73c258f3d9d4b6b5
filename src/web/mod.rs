//! The one room that names poem: addresses, guards and pages.

pub mod assets;
