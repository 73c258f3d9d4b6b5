<<<<<<< HEAD
//! x
pub mod web;
pub mod wording;
=======
//! Countersign: a self-hosted server for grant returns.

pub mod store;
>>>>>>> refs/heads/store
