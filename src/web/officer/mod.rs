//! The officer's pages: reading one frozen revision, signing it, or declining.
//!
//! Invariant: what is signed is what was shown. The page is made from the revision's document, and its digest goes with
//! the form.

pub mod sign;
pub mod sign_view;
