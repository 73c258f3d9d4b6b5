//! Where the demo keeps its things, and when its clock begins.
//!
//! Invariant: what a start that was broken off has left is cleared away by the next; what was set up whole is kept.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};

use crate::clock::Clock;
use crate::config::{Config, Mail, Transport};
use crate::secrets;
use crate::service::facts;

/// The day on which the demo of all systems stands.
const TODAY: (i32, u32, u32) = (2018, 5, 17);
/// The day on which the demo of one system begins: the closing return of system S5 opens.
const BEGINS: (i32, u32, u32) = (2018, 4, 3);
/// The file that is there while the demo is being set up.
const UNFINISHED: &str = "unfinished";

/// Where the demo keeps its things.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Makes the folder if it is not there, and clears away what a start that was broken off has left in it.
    pub fn open(root: &Path) -> std::io::Result<Folder> {
        if root.join(UNFINISHED).exists() {
            for made in ["mail", "files"] {
                absent(std::fs::remove_dir_all(root.join(made)))?;
            }
            for made in [
                "countersign.db",
                "countersign.db-wal",
                "countersign.db-shm",
                "clock",
                UNFINISHED,
            ] {
                absent(std::fs::remove_file(root.join(made)))?;
            }
        }
        std::fs::create_dir_all(root.join("mail"))?;
        Ok(Folder {
            root: root.canonicalize()?,
        })
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Says that the demo is being set up, or that it is.
    pub(super) fn unfinished(&self, unfinished: bool) -> std::io::Result<()> {
        match unfinished {
            true => std::fs::write(self.at(UNFINISHED), "The demo was broken off here; it begins anew.\n"),
            false => std::fs::remove_file(self.at(UNFINISHED)),
        }
    }

    /// The demo's key: made once, so that links in its mails keep working.
    fn key(&self) -> std::io::Result<[u8; 32]> {
        let path = self.at("key");
        if let Ok(bytes) = std::fs::read(&path)
            && let Ok(key) = <[u8; 32]>::try_from(bytes)
        {
            return Ok(key);
        }
        let key = secrets::salt();
        std::fs::write(path, key)?;
        Ok(key)
    }

    /// The configuration of a demo in this folder.
    pub fn config(&self, base_url: &str, listen: std::net::SocketAddr) -> std::io::Result<Config> {
        Ok(Config {
            base_url: base_url.to_owned(),
            listen,
            database: format!("sqlite://{}", self.at("countersign.db").display()),
            files: self.at("files"),
            key: self.key()?,
            contact: "the partnerships team, partnerships@commissioner.example.org".to_owned(),
            trusted_proxies: Vec::new(),
            tick_seconds: 5,
            housekeeping: "0 15 3 * * *".to_owned(),
            reports: None,
            mail: Mail {
                from: "Grant returns <returns@commissioner.example.org>".to_owned(),
                reply_to: None,
                per_minute: 100_000,
                transport: Transport::Folder(self.at("mail")),
            },
            log_level: "warn".to_owned(),
            log_json: false,
        })
    }

    /// The clock as it was left, or at nine in the morning of `today`.
    ///
    /// It does not go back: codes of authenticators that were used would be refused, and nothing would open or be sent.
    pub fn clock(&self, today: Option<NaiveDate>, system: Option<&str>) -> Result<Clock, String> {
        let kept: Option<DateTime<Utc>> = std::fs::read_to_string(self.at("clock"))
            .ok()
            .and_then(|text| text.trim().parse().ok());
        let start = match (today, kept) {
            (Some(day), Some(kept)) if day < facts::today(kept) => {
                return Err(format!(
                    "the demo in {} has come to {}, and its clock does not go back: give another folder with --data",
                    self.root.display(),
                    facts::today(kept).format("%-d %B %Y")
                ));
            }
            (Some(day), Some(kept)) => morning(day).max(kept),
            (Some(day), None) => morning(day),
            (None, kept) => kept.unwrap_or_else(|| morning(first_day(system))),
        };
        Ok(Clock::moved_to(start))
    }

    pub(super) fn keep_clock(&self, now: DateTime<Utc>) {
        if let Err(error) = std::fs::write(self.at("clock"), now.to_rfc3339()) {
            tracing::warn!(%error, "the demo's clock could not be kept");
        }
    }
}

/// What is not there need not be removed.
fn absent(removed: std::io::Result<()>) -> std::io::Result<()> {
    match removed {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// The day on which the demo stands at first.
fn first_day(system: Option<&str>) -> NaiveDate {
    let (year, month, day) = if system.is_some() { BEGINS } else { TODAY };
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// Nine in the morning in Europe/London, which every day has.
pub(super) fn morning(day: NaiveDate) -> DateTime<Utc> {
    local(day, NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default())
}

/// A time of the day in Europe/London; of two that are called the same the earlier.
pub(super) fn local(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    chrono_tz::Europe::London
        .from_local_datetime(&day.and_time(time))
        .earliest()
        .map_or_else(|| day.and_time(time).and_utc(), |local| local.with_timezone(&Utc))
}
