//! The store: the only room that names the database library.
//!
//! Invariant: a read takes any connection, a write takes a transaction, and every update is guarded by what was read;
//! nothing outside sees a row, only records of the domain. Times are kept to the microsecond, money as whole pence,
//! documents as the text that was given.

mod connection;
mod convert;
mod error;
pub mod lease;
mod migrate;
pub mod notices;
mod open;
mod rows;

pub use connection::{Connection, Reader, WriteTx};
pub use error::{Constraint, StoreError};
pub use open::Store;
