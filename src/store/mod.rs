//! The store: the only room that names the database library.
//!
//! Invariant: a read takes any connection, a write takes a transaction, and every update is guarded by what was read;
//! nothing outside sees a row, only records of the domain. Times are kept to the microsecond, money as whole pence,
//! documents as the text that was given.

pub mod access;
mod connection;
mod constraint;
mod convert;
pub mod decisions;
pub mod drafts;
mod error;
pub mod figures;
pub mod forms;
pub mod gathered;
pub mod lease;
pub mod ledger;
pub mod made_up;
mod migrate;
pub mod moves;
pub mod notices;
mod open;
mod page;
pub mod papers;
pub mod planned;
pub mod register;
pub mod returns;
pub mod revisions;
mod rows;
pub mod signatures;
pub mod standing;
pub mod uploads;

pub use connection::{Connection, Reader, WriteTx};
pub use constraint::Constraint;
pub use error::StoreError;
pub use open::Store;
pub use page::Page;
