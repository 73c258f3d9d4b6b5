//! The mail room: the only one that names lettre.
//!
//! A notice is a row, written and worded by the transaction that owes it. Here it gets its link or code
//! ([`crate::service::outbox::fill`]), becomes the bytes of a letter, and is handed to the mail server ([`drain`]). Invariant: a notice
//! is never deleted, and never sent twice knowingly; when an answer was lost, what is sent again is the same byte for
//! byte, under the same Message-ID and date.

pub mod compose;
pub mod config;
pub mod drain;
pub mod transport;

pub use compose::ComposeError;
pub use config::{MailConfig, MailConfigError, Tls, TransportConfig};
pub use drain::{Drained, Mailer};
