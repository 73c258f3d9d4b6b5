//! How a letter leaves: by SMTP, or as a file in a folder.
//!
//! Invariant: what went wrong is sorted by whose fault it is. What the server refuses of *this letter* (an address, its
//! content) is for good; everything else (no connection, a wrong password, a sender that it does not know, silence,
//! nonsense) is tried again.

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use std::error::Error as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::compose::Letter;
use super::config::{MailConfig, MailConfigError, Tls, TransportConfig};

/// Why a letter did not leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nobody could be spoken to: it says nothing about this letter.
    Unreachable(String),
    /// Not now.
    Later(String),
    /// Not ever.
    Never(String),
}

/// The way out, ready to open lines.
#[derive(Clone)]
pub(super) enum Post {
    /// To a mail server.
    Smtp(Box<Server>),
    /// To a folder.
    Folder(PathBuf),
}

/// A mail server, and how to speak to it.
#[derive(Clone)]
pub(super) struct Server {
    host: String,
    port: u16,
    tls: Option<(Tls, TlsParameters)>,
    credentials: Option<Credentials>,
    hello: ClientId,
    timeout: Duration,
}

impl Post {
    /// Checks the configuration and reads what it names.
    pub(super) fn new(config: &MailConfig) -> Result<Self, MailConfigError> {
        match &config.transport {
            TransportConfig::Smtp {
                host,
                port,
                tls,
                username,
                password,
                ca_file,
                timeout_seconds,
            } => {
                let name = &config.hello_name;
                if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b".-[]:".contains(&b)) {
                    return Err(MailConfigError::HelloName(name.clone()));
                }
                if *timeout_seconds == 0 {
                    return Err(MailConfigError::Nought("timeout_seconds"));
                }
                let credentials = match (username, password) {
                    (Some(user), Some(password)) => Some(Credentials::new(user.clone(), password.clone())),
                    (None, None) => None,
                    (Some(_), None) | (None, Some(_)) => {
                        return Err(MailConfigError::HalfCredentials);
                    }
                };
                if credentials.is_some() && *tls == Tls::None && !is_this_machine(host) {
                    return Err(MailConfigError::OpenPassword { host: host.clone() });
                }
                let tls = match tls {
                    Tls::None => None,
                    Tls::StartTls | Tls::Implicit => Some((*tls, tls_parameters(host, ca_file.as_deref())?)),
                };
                let (hello, timeout) = (ClientId::Domain(name.clone()), Duration::from_secs(*timeout_seconds));
                Ok(Self::Smtp(Box::new(Server {
                    host: host.clone(),
                    port: *port,
                    tls,
                    credentials,
                    hello,
                    timeout,
                })))
            }
            TransportConfig::File { folder } => {
                std::fs::create_dir_all(folder).map_err(|source| MailConfigError::Folder {
                    path: folder.clone(),
                    source,
                })?;
                Ok(Self::Folder(folder.clone()))
            }
        }
    }

    /// How long one letter may take, the greeting before it included.
    pub(super) fn longest(&self) -> Duration {
        match self {
            Post::Folder(_) => Duration::ZERO,
            Post::Smtp(server) => server.timeout * 2,
        }
    }

    /// Opens a line: connected, encrypted and known to the server, as configured.
    pub(super) async fn open(&self) -> Result<Line, Trouble> {
        match self {
            Post::Folder(folder) => Ok(Line::Folder(folder.clone())),
            Post::Smtp(server) => match tokio::time::timeout(server.timeout, server.greet()).await {
                Ok(Ok(connection)) => Ok(Line::Smtp(Box::new(connection), server.timeout)),
                Ok(Err(error)) => Err(Trouble::Unreachable(words(&error))),
                Err(_) => Err(Trouble::Unreachable(
                    "The mail server did not answer in time.".to_owned(),
                )),
            },
        }
    }
}

impl Server {
    async fn greet(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let from_the_start = self.tls.as_ref().filter(|(when, _)| *when == Tls::Implicit);
        let mut connection = AsyncSmtpConnection::connect_tokio1(
            (self.host.as_str(), self.port),
            Some(self.timeout),
            &self.hello,
            from_the_start.map(|(_, parameters)| parameters.clone()),
            None,
        )
        .await?;
        if let Some((Tls::StartTls, parameters)) = &self.tls {
            connection.starttls(parameters.clone(), &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], credentials)
                .await?;
        }
        Ok(connection)
    }
}

/// An open line. Once it gave trouble it must not be used again.
pub(super) enum Line {
    /// To a mail server, with the time that a letter may take.
    Smtp(Box<AsyncSmtpConnection>, Duration),
    /// To a folder.
    Folder(PathBuf),
}

impl Line {
    /// Hands over one letter. Ok: the other side has it.
    pub(super) async fn send(&mut self, letter: &Letter) -> Result<(), Trouble> {
        match self {
            Line::Folder(folder) => {
                let (path, bytes) = (folder.join(format!("{}.eml", letter.name)), letter.bytes.clone());
                tokio::task::spawn_blocking(move || write(&path, &bytes))
                    .await
                    .unwrap_or_else(|error| Err(std::io::Error::other(error)))
                    .map_err(|error| Trouble::Later(format!("The letter could not be written: {error}.")))
            }
            Line::Smtp(connection, timeout) => tokio::time::timeout(*timeout, converse(connection, letter))
                .await
                .unwrap_or_else(|_| Err(Trouble::Later("The mail server did not answer in time.".to_owned()))),
        }
    }

    /// Takes leave. Nothing hangs on the answer.
    pub(super) async fn close(self) {
        if let Line::Smtp(mut connection, timeout) = self {
            let _ = tokio::time::timeout(timeout, connection.quit()).await;
        }
    }
}

/// MAIL, RCPT, DATA, the letter: one by one, so that a refusal is laid at the right door.
async fn converse(connection: &mut AsyncSmtpConnection, letter: &Letter) -> Result<(), Trouble> {
    let mut parameters = Vec::new();
    let (from, to) = (letter.envelope.from(), letter.envelope.to());
    if from
        .into_iter()
        .chain(to)
        .any(|address| !AsRef::<str>::as_ref(address).is_ascii())
    {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(Trouble::Never(
                "The mail server takes no address with letters outside A to Z.".to_owned(),
            ));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    let later = |error: SmtpError| Trouble::Later(words(&error));
    connection
        .command(Mail::new(from.cloned(), parameters))
        .await
        .map_err(later)?;
    for to in to {
        connection
            .command(Rcpt::new(to.clone(), Vec::new()))
            .await
            .map_err(|error| refused(&error))?;
    }
    connection.command(Data).await.map_err(|error| refused(&error))?;
    connection
        .message(&letter.bytes)
        .await
        .map_err(|error| refused(&error))?;
    Ok(())
}

/// A refusal of this letter, unless it is really of this server: 530, 534, 535 and 538 ask for signing in (RFC 4954,
/// section 6), whoever the letter is for.
fn refused(error: &SmtpError) -> Trouble {
    let asks_to_sign_in = error
        .status()
        .is_some_and(|code| [530, 534, 535, 538].contains(&u16::from(code)));
    if error.is_permanent() && !asks_to_sign_in {
        Trouble::Never(words(error))
    } else {
        Trouble::Later(words(error))
    }
}

/// What happened, with its causes, on one line of bounded length: it is shown to officers.
fn words(error: &SmtpError) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        let deeper_words = deeper.to_string();
        if !said.contains(&deeper_words) {
            said.push_str(": ");
            said.push_str(&deeper_words);
        }
        cause = deeper.source();
    }
    let line: Vec<&str> = said
        .split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|w| !w.is_empty())
        .collect();
    line.join(" ").chars().take(300).collect()
}

fn tls_parameters(host: &str, ca_file: Option<&Path>) -> Result<TlsParameters, MailConfigError> {
    let mut parameters = TlsParameters::builder(host.to_owned());
    if let Some(path) = ca_file {
        let problem = |reason: String| MailConfigError::CaFile {
            path: path.to_owned(),
            reason,
        };
        let pem = std::fs::read(path).map_err(|error| problem(error.to_string()))?;
        let authority = Certificate::from_pem(&pem).map_err(|error| problem(error.to_string()))?;
        parameters = parameters.add_root_certificate(authority);
    }
    parameters
        .build()
        .map_err(|error| MailConfigError::Tls(error.to_string()))
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whole or not at all, under a name that the letter decides: writing it again changes nothing.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let unfinished = path.with_extension("eml-part");
    let mut file = std::fs::File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)
}
