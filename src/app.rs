//! Wires the rooms together, once. No statics.

use std::sync::Arc;

use crate::config::{Config, Tls, Transport};
use crate::document::Printer;
use crate::files::{Files, FilesError};
use crate::mail::{self, MailConfig, MailConfigError, Mailer, TransportConfig};
use crate::secrets::Secrets;
use crate::service::paper::Press;
use crate::service::{Deps, forms};
use crate::store::{Store, StoreError};
use crate::wording::{Wording, WordingError, report};

/// The rooms, wired.
#[derive(Clone)]
pub struct App {
    /// What services work with.
    pub deps: Deps,
    /// Uploads.
    pub files: Files,
    /// The way out for mail.
    pub mailer: Mailer,
}

/// Why the server could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The database.
    #[error("the database {0}")]
    Store(#[from] StoreError),
    /// The uploads.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// Pages or mails do not parse.
    #[error(transparent)]
    Wording(#[from] WordingError),
    /// Report files.
    #[error("the reports cannot be used:{}", .0.iter().map(|problem| format!("\n  - {problem}")).collect::<String>())]
    Reports(Vec<report::FileProblem>),
    /// The mail settings.
    #[error(transparent)]
    Mail(#[from] MailConfigError),
    /// The schema.
    #[error("{0} migration(s) have not been run: `countersign migrate --config …` runs them")]
    Pending(u32),
}

impl App {
    /// Opens everything that the configuration names. Does not migrate.
    pub async fn open(config: &Config) -> Result<App, AppError> {
        let store = Store::open(&config.database).await?;
        let secrets = Secrets::new(config.key);
        let wording = Wording::new()?;
        let deps = Deps {
            store,
            secrets: secrets.clone(),
            printer: Press::new(Arc::new(Printer::new(wording.clone()))),
            wording,
            forms: forms::Library::default(),
            reports: report::Library::new(config.reports.as_deref()).map_err(AppError::Reports)?,
            base_url: Arc::from(config.base_url.as_str()),
            contact_line: Arc::from(config.contact.as_str()),
            wake: Arc::default(),
        };
        let files = Files::open(&config.files)?;
        let mailer = Mailer::new(
            &mail_config(config),
            config.base_url.clone(),
            uuid::Uuid::new_v4().to_string(),
        )?;
        Ok(App { deps, files, mailer })
    }

    /// Refuses a database whose tables are not this binary's.
    pub async fn ready(&self) -> Result<(), AppError> {
        match self.deps.store.pending_migrations().await? {
            0 => Ok(()),
            pending => Err(AppError::Pending(pending)),
        }
    }
}

fn mail_config(config: &Config) -> MailConfig {
    let hello_name = config
        .base_url
        .split("://")
        .nth(1)
        .and_then(|rest| rest.split(['/', ':']).next());
    MailConfig {
        from: config.mail.from.clone(),
        reply_to: config.mail.reply_to.clone(),
        per_minute: config.mail.per_minute,
        hello_name: hello_name.unwrap_or("localhost").to_owned(),
        transport: match &config.mail.transport {
            Transport::Folder(folder) => TransportConfig::File { folder: folder.clone() },
            Transport::Smtp(smtp) => TransportConfig::Smtp {
                host: smtp.host.clone(),
                port: smtp.port,
                tls: match smtp.tls {
                    Tls::None => mail::Tls::None,
                    Tls::Starttls => mail::Tls::StartTls,
                    Tls::Implicit => mail::Tls::Implicit,
                },
                username: smtp.username.clone(),
                password: smtp.password.clone(),
                ca_file: smtp.ca_file.clone(),
                timeout_seconds: smtp.timeout_seconds,
            },
        },
    }
}
