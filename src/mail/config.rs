//! What the configuration says of the mail room, and what can be wrong with it.
//!
//! Invariant: it prints itself without the password.

use lettre::message::Mailbox;
use std::fmt;
use std::path::PathBuf;

/// The mail room as configured.
#[derive(Debug, Clone)]
pub struct MailConfig {
    /// The sender, such as `Grants team <grants@example.org>`.
    pub from: String,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<String>,
    /// How letters leave.
    pub transport: TransportConfig,
    /// The most letters in any minute, of all servers together. Sign-in codes go ahead of it.
    pub per_minute: u32,
    /// The name that this server says when it greets a mail server.
    pub hello_name: String,
}

/// How letters leave.
#[derive(Clone)]
pub enum TransportConfig {
    /// To a mail server.
    Smtp {
        /// Its name: the one in its certificate.
        host: String,
        /// Usually 587 with STARTTLS, 465 with implicit TLS, 25 without.
        port: u16,
        /// Whether and when the line is encrypted.
        tls: Tls,
        /// Who this server is to the mail server; none: it does not ask.
        username: Option<String>,
        /// The password that goes with it.
        password: Option<String>,
        /// A certificate authority of one's own, as PEM, besides those that browsers trust.
        ca_file: Option<PathBuf>,
        /// How long one letter, or one greeting, may take.
        timeout_seconds: u64,
    },
    /// To a folder, one `.eml` file each. For trying out: nobody is told anything.
    File {
        /// The folder; made if it is not there.
        folder: PathBuf,
    },
}

impl fmt::Debug for TransportConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TransportConfig::Smtp {
                host,
                port,
                tls,
                username,
                ..
            } => f
                .debug_struct("Smtp")
                .field("host", host)
                .field("port", port)
                .field("tls", tls)
                .field("username", username)
                .finish_non_exhaustive(),
            TransportConfig::File { folder } => f.debug_struct("File").field("folder", folder).finish(),
        }
    }
}

/// Whether and when the line to the mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Never.
    None,
    /// After the greeting. A server that cannot is sent nothing.
    StartTls,
    /// From the first byte.
    Implicit,
}

/// What is wrong with the configuration of the mail room.
#[derive(Debug, thiserror::Error)]
pub enum MailConfigError {
    /// A sender or an address for answers that is none.
    #[error("mail.{key}: ‘{value}’ is not an address such as ‘Grants team <grants@example.org>’")]
    Address {
        /// The key.
        key: &'static str,
        /// What it holds.
        value: String,
    },
    /// A user name without a password, or the other way about.
    #[error("mail.username and mail.password go together: give both or neither")]
    HalfCredentials,
    /// A password would travel in the open.
    #[error("mail.password would be sent unencrypted to {host}: set mail.tls to starttls or implicit")]
    OpenPassword {
        /// To which server.
        host: String,
    },
    /// The certificate authority cannot be read.
    #[error("mail.ca_file: {path}: {reason}", path = path.display())]
    CaFile {
        /// Which file.
        path: PathBuf,
        /// What was wrong.
        reason: String,
    },
    /// TLS cannot be set up for this server.
    #[error("mail.host: {0}")]
    Tls(String),
    /// No time to send anything in, or no letter to send in it.
    #[error("mail.{0} must be 1 or more")]
    Nought(&'static str),
    /// A greeting that would break the conversation.
    #[error("mail.hello_name: ‘{0}’ is not a host name")]
    HelloName(String),
    /// The folder cannot be made.
    #[error("mail.folder: {path}: {source}", path = path.display())]
    Folder {
        /// Which folder.
        path: PathBuf,
        /// What was wrong.
        source: std::io::Error,
    },
}

/// Reads a sender as it is written in the configuration.
pub(super) fn mailbox(key: &'static str, value: &str) -> Result<Mailbox, MailConfigError> {
    value
        .parse()
        .ok()
        .filter(|_| !value.chars().any(char::is_control))
        .ok_or_else(|| MailConfigError::Address {
            key,
            value: value.to_owned(),
        })
}
