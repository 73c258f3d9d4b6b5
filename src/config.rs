//! Configuration: one file, raw, then checked; secrets may come from the environment.
//!
//! Invariant: a server that starts has a configuration that was checked whole: every problem is said at once.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The checked configuration.
#[derive(Clone)]
pub struct Config {
    /// Where people reach the server, without a trailing slash.
    pub base_url: String,
    /// Where it listens.
    pub listen: SocketAddr,
    /// The database's address.
    pub database: String,
    /// The folder of uploads.
    pub files: PathBuf,
    /// The server's key.
    pub key: [u8; 32],
    /// Who people can turn to.
    pub contact: String,
    /// Proxies whose word about a client's address is taken, as addresses or networks.
    pub trusted_proxies: Vec<String>,
    /// Seconds between two ticks.
    pub tick_seconds: u64,
    /// When housekeeping is done, as a cron line in Europe/London.
    pub housekeeping: String,
    /// The folder of this server's own report files.
    pub reports: Option<PathBuf>,
    /// How mail goes out.
    pub mail: Mail,
    /// How much is logged, e.g. `info` or `countersign=debug`.
    pub log_level: String,
    /// JSON lines, or text.
    pub log_json: bool,
}

/// How mail goes out.
#[derive(Clone)]
pub struct Mail {
    /// `Name <address>`.
    pub from: String,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// The most mails a minute.
    pub per_minute: u32,
    /// The way out.
    pub transport: Transport,
}

/// The way out for mail.
#[derive(Clone)]
pub enum Transport {
    /// A mail server.
    Smtp(Smtp),
    /// Files in a folder, one a mail.
    Folder(PathBuf),
}

/// A mail server.
#[derive(Clone)]
pub struct Smtp {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept private.
    pub tls: Tls,
    /// Who we are to it.
    pub username: Option<String>,
    /// The password, from the file or `COUNTERSIGN_SMTP_PASSWORD`.
    pub password: Option<String>,
    /// A further certificate authority, PEM.
    pub ca_file: Option<PathBuf>,
    /// How long to wait for it, in seconds.
    pub timeout_seconds: u64,
}

/// How the connection to the mail server is kept private.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    /// Plain; for a relay on the same machine.
    None,
    /// Plain, then required to turn private.
    Starttls,
    /// Private from the first byte.
    Implicit,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    base_url: String,
    #[serde(default = "default_listen")]
    listen: String,
    #[serde(default = "default_database")]
    database: String,
    #[serde(default = "default_files")]
    files: PathBuf,
    key: Option<String>,
    contact: String,
    #[serde(default)]
    trusted_proxies: Vec<String>,
    #[serde(default)]
    scheduler: RawScheduler,
    #[serde(default)]
    reports: RawReports,
    mail: RawMail,
    #[serde(default)]
    log: RawLog,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawScheduler {
    tick_seconds: u64,
    housekeeping: String,
}

impl Default for RawScheduler {
    fn default() -> Self {
        RawScheduler {
            tick_seconds: 30,
            housekeeping: "0 15 3 * * *".to_owned(),
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawReports {
    folder: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMail {
    from: String,
    reply_to: Option<String>,
    #[serde(default = "default_per_minute")]
    per_minute: u32,
    smtp: Option<RawSmtp>,
    folder: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSmtp {
    host: String,
    port: u16,
    tls: Tls,
    username: Option<String>,
    password: Option<String>,
    ca_file: Option<PathBuf>,
    #[serde(default = "default_timeout")]
    timeout_seconds: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawLog {
    level: String,
    format: String,
}

impl Default for RawLog {
    fn default() -> Self {
        RawLog {
            level: "info".to_owned(),
            format: "json".to_owned(),
        }
    }
}

fn default_listen() -> String {
    "127.0.0.1:8080".to_owned()
}
fn default_database() -> String {
    "sqlite:countersign.db".to_owned()
}
fn default_files() -> PathBuf {
    PathBuf::from("files")
}
fn default_per_minute() -> u32 {
    25
}
fn default_timeout() -> u64 {
    30
}

/// What is wrong with a configuration, all of it.
#[derive(Debug)]
pub struct ConfigError(pub Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the configuration has {} problem(s):", self.0.len())?;
        self.0.iter().try_for_each(|problem| writeln!(f, "  - {problem}"))
    }
}

impl std::error::Error for ConfigError {}

/// The environment's variables that a configuration may use.
pub type Environment = BTreeMap<String, String>;

/// Reads a configuration file.
pub fn read(path: &Path, environment: &Environment) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError(vec![format!("{} cannot be read: {error}", path.display())]))?;
    check(&text, environment)
}

/// Checks a configuration's text.
pub fn check(text: &str, environment: &Environment) -> Result<Config, ConfigError> {
    let raw: Raw = toml::from_str(text).map_err(|error| ConfigError(vec![error.to_string()]))?;
    let mut problems = Vec::new();
    let base_url = raw.base_url.trim_end_matches('/').to_owned();
    if !is_address(&base_url) {
        problems.push(
            "base_url must be where people reach the server: https://returns.example.org, or http:// on this machine alone"
                .to_owned(),
        );
    }
    let listen = raw.listen.parse().unwrap_or_else(|_| {
        problems.push(format!(
            "listen must be an address and a port, like 127.0.0.1:8080, not “{}”",
            raw.listen
        ));
        SocketAddr::from(([127, 0, 0, 1], 0))
    });
    if !raw.database.starts_with("sqlite:") && !raw.database.starts_with("postgres") {
        problems.push("database must begin with sqlite: or postgres://".to_owned());
    }
    let key = match environment.get("COUNTERSIGN_KEY").or(raw.key.as_ref()) {
        Some(text) => key_from(text).unwrap_or_else(|problem| {
            problems.push(problem);
            [0; 32]
        }),
        None => {
            problems.push(
                "key is missing: set COUNTERSIGN_KEY, or key in the file, to 64 hexadecimal digits (`openssl rand -hex 32`)"
                    .to_owned(),
            );
            [0; 32]
        }
    };
    if raw.scheduler.tick_seconds == 0 || raw.scheduler.tick_seconds > 3600 {
        problems.push("scheduler.tick_seconds must be from 1 to 3600".to_owned());
    }
    if let Err(error) = raw.scheduler.housekeeping.parse::<cron::Schedule>() {
        problems.push(format!(
            "scheduler.housekeeping is not a cron line of six fields: {error}"
        ));
    }
    if !matches!(raw.log.format.as_str(), "json" | "text") {
        problems.push("log.format must be json or text".to_owned());
    }
    let transport = transport(raw.mail.smtp, raw.mail.folder, environment, &mut problems);
    let (Some(transport), true) = (transport, problems.is_empty()) else {
        return Err(ConfigError(problems));
    };
    Ok(Config {
        base_url,
        listen,
        database: raw.database,
        files: raw.files,
        key,
        contact: raw.contact,
        trusted_proxies: raw.trusted_proxies,
        tick_seconds: raw.scheduler.tick_seconds,
        housekeeping: raw.scheduler.housekeeping,
        reports: raw.reports.folder,
        mail: Mail {
            from: raw.mail.from,
            reply_to: raw.mail.reply_to,
            per_minute: raw.mail.per_minute.max(1),
            transport,
        },
        log_level: raw.log.level,
        log_json: raw.log.format == "json",
    })
}

/// Plain http only on this machine: elsewhere a cookie and a code would go over the wire readable.
fn is_address(base_url: &str) -> bool {
    let Some((scheme, rest)) = base_url.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    let here = matches!(host, "127.0.0.1" | "localhost");
    // The host is also the end of every Message-ID, which takes no other characters.
    let plain = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    !host.is_empty() && plain && !rest.contains(['?', '#', ' ']) && (scheme == "https" || (scheme == "http" && here))
}

fn key_from(text: &str) -> Result<[u8; 32], String> {
    let text = text.trim();
    let bytes: Option<Vec<u8>> = (text.len() == 64 && text.is_ascii())
        .then(|| {
            (0..64)
                .step_by(2)
                .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
                .collect()
        })
        .flatten();
    let Some(key) = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) else {
        return Err("key must be 64 hexadecimal digits (`openssl rand -hex 32` makes one)".to_owned());
    };
    if key.iter().all(|byte| *byte == key[0]) {
        return Err(
            "key is one byte over and over, which anybody can guess; make one with `openssl rand -hex 32`".to_owned(),
        );
    }
    Ok(key)
}

fn transport(
    smtp: Option<RawSmtp>,
    folder: Option<PathBuf>,
    environment: &Environment,
    problems: &mut Vec<String>,
) -> Option<Transport> {
    match (smtp, folder) {
        (Some(smtp), None) => {
            let password = environment.get("COUNTERSIGN_SMTP_PASSWORD").cloned().or(smtp.password);
            if smtp.username.is_some() != password.is_some() {
                problems.push(
                    "mail.smtp needs both username and password (or COUNTERSIGN_SMTP_PASSWORD), or neither".to_owned(),
                );
            }
            if password.is_some() && smtp.tls == Tls::None && !matches!(smtp.host.as_str(), "127.0.0.1" | "localhost") {
                problems
                    .push("mail.smtp would send its password unprotected: set tls to starttls or implicit".to_owned());
            }
            Some(Transport::Smtp(Smtp {
                host: smtp.host,
                port: smtp.port,
                tls: smtp.tls,
                username: smtp.username,
                password,
                ca_file: smtp.ca_file,
                timeout_seconds: smtp.timeout_seconds.clamp(1, 300),
            }))
        }
        (None, Some(folder)) => Some(Transport::Folder(folder)),
        _ => {
            problems.push("mail needs one of [mail.smtp] and mail.folder".to_owned());
            None
        }
    }
}

impl fmt::Display for Config {
    /// Without secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A password stands before the last @, or in what follows a question mark.
        let database = match self.database.split_once("://") {
            Some((kind, rest)) if kind.starts_with("postgres") => {
                let rest = rest.split('?').next().unwrap_or_default();
                format!("postgres://…@{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host))
            }
            _ => self.database.clone(),
        };
        let mail = match &self.mail.transport {
            Transport::Smtp(smtp) => format!("{}:{} ({:?})", smtp.host, smtp.port, smtp.tls),
            Transport::Folder(folder) => folder.display().to_string(),
        };
        write!(
            f,
            "base_url {} listen {} database {database} files {} mail {mail} as {}, {} a minute; tick every {} s",
            self.base_url,
            self.listen,
            self.files.display(),
            self.mail.from,
            self.mail.per_minute,
            self.tick_seconds
        )
    }
}
