//! The demo: a folder with everything in it, a clock of its own, and mail that goes to files.
//!
//! Invariant: the real server with real services; only the clock, the mail's way out and the pages under `/demo` are
//! the demo's. None of it exists outside `demo`.

pub mod preview;

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use countersign_domain::register::Person;
use serde_json::json;

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Mail, Transport};
use crate::scheduler;
use crate::secrets;
use crate::service::{ServiceError, facts, forms, register as registers};
use crate::store::register;
use crate::web::demo::{DemoControl, DemoPerson, Later};

const FORM: &str = include_str!("../forms/s5-partnership/evaluation.toml");
const REGISTER: &str = include_str!("../forms/s5-partnership/register.toml");
/// The key of the demo's fund: what tells a folder that has been set up.
const FUND: &str = "community-safety-2017";

/// Where the demo keeps its things.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Makes the folder if it is not there.
    pub fn open(root: &Path) -> std::io::Result<Folder> {
        std::fs::create_dir_all(root.join("mail"))?;
        Ok(Folder {
            root: root.canonicalize()?,
        })
    }

    fn at(&self, name: &str) -> PathBuf {
        self.root.join(name)
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
    pub fn clock(&self, today: Option<NaiveDate>) -> Result<Clock, String> {
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
            (None, kept) => kept.unwrap_or_else(|| morning(first_day())),
        };
        Ok(Clock::moved_to(start))
    }

    fn keep_clock(&self, now: DateTime<Utc>) {
        if let Err(error) = std::fs::write(self.at("clock"), now.to_rfc3339()) {
            tracing::warn!(%error, "the demo's clock could not be kept");
        }
    }
}

/// The day on which the demo begins: the return opens.
fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2018, 4, 3).unwrap_or_default()
}

/// Nine in the morning in Europe/London, which every day has.
fn morning(day: NaiveDate) -> DateTime<Utc> {
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    chrono_tz::Europe::London
        .from_local_datetime(&day.and_time(nine))
        .earliest()
        .map_or_else(|| day.and_time(nine).and_utc(), |local| local.with_timezone(&Utc))
}

/// The running demo.
pub struct Demo {
    app: App,
    clock: Clock,
    folder: Folder,
    people: Vec<DemoPerson>,
    next: RwLock<Option<String>>,
    happened: RwLock<String>,
}

/// How often the demo looks at what comes next: what is done on its pages changes that.
const LOOK_AHEAD: std::time::Duration = std::time::Duration::from_secs(2);

impl Demo {
    /// Migrates, publishes the form and loads the register where that has not been done, and ticks once.
    pub async fn start(app: App, clock: Clock, folder: Folder) -> Result<Arc<Demo>, ServiceError> {
        app.deps.store.migrate().await?;
        let now = clock.now();
        forms::publish(&app.deps, FORM, now)
            .await
            .map_err(ServiceError::internal)?;
        if register::fund_by_key(&app.deps.store.read(), FUND).await?.is_none() {
            let file = registers::read(REGISTER).map_err(ServiceError::Internal)?;
            registers::load(&app.deps, &file, now).await?;
        }
        let people = people(&app).await?;
        let demo = Demo {
            app,
            clock,
            folder,
            people,
            next: RwLock::new(None),
            happened: RwLock::default(),
        };
        demo.tick().await?;
        let demo = Arc::new(demo);
        tokio::spawn(looking_ahead(Arc::downgrade(&demo)));
        Ok(demo)
    }

    async fn tick(&self) -> Result<scheduler::Ticked, ServiceError> {
        let now = self.clock.now();
        self.folder.keep_clock(now);
        let done = scheduler::tick_once(&self.app.deps, &self.app.mailer, "demo", now).await?;
        self.look_ahead().await?;
        Ok(done)
    }

    /// Keeps the clock as it stands, so that the demo goes on from there.
    pub fn keep(&self) {
        self.folder.keep_clock(self.clock.now());
    }

    async fn look_ahead(&self) -> Result<(), ServiceError> {
        let next = scheduler::next_event(&self.app.deps, self.clock.now()).await?;
        let words = next.map(|(day, what)| format!("{}, {what}", day.format("%-d %B %Y")));
        *self.next.write().unwrap_or_else(PoisonError::into_inner) = words;
        Ok(())
    }

    /// Writes `demo.json`, by which a script can play the demo.
    pub fn write_json(&self, base_url: &str) -> std::io::Result<PathBuf> {
        let people: Vec<_> = self
            .people
            .iter()
            .map(|person| {
                json!({
                    "name": person.name,
                    "role": person.role_words,
                    "address": person.address,
                    "office": person.office,
                    "totp_secret": person.totp_secret.as_deref().map(secrets::totp_base32),
                })
            })
            .collect();
        let document = json!({
            "base_url": base_url,
            "demo_page": format!("{base_url}/demo"),
            "office_page": format!("{base_url}/office"),
            "clock_page": format!("{base_url}/demo/clock"),
            "mail_folder": self.folder.at("mail"),
            "people": people,
        });
        let path = self.folder.at("demo.json");
        std::fs::write(&path, format!("{document:#}\n"))?;
        Ok(path)
    }

    /// Who one can be.
    pub fn cast(&self) -> &[DemoPerson] {
        &self.people
    }

    fn say(&self, happened: String) {
        *self.happened.write().unwrap_or_else(PoisonError::into_inner) = happened;
    }

    async fn go_to(&self, day: NaiveDate) -> Result<scheduler::Ticked, ServiceError> {
        self.clock.go_to(morning(day));
        self.tick().await
    }
}

async fn looking_ahead(demo: std::sync::Weak<Demo>) {
    while let Some(demo) = demo.upgrade() {
        if let Err(error) = demo.look_ahead().await {
            tracing::debug!(%error, "the demo could not look ahead");
        }
        drop(demo);
        tokio::time::sleep(LOOK_AHEAD).await;
    }
}

async fn people(app: &App) -> Result<Vec<DemoPerson>, ServiceError> {
    let read = app.deps.store.read();
    let mut cast = Vec::new();
    for person in register::all_people(&read).await? {
        let holders = register::holders_of_person(&read, person.id).await?;
        let organisation = register::get_organisation(&read, person.organisation).await?.name;
        cast.push(demo_person(&person, &holders, &organisation));
    }
    cast.sort_by_key(|person| person.office);
    Ok(cast)
}

fn demo_person(person: &Person, holders: &[countersign_domain::register::Holder], organisation: &str) -> DemoPerson {
    let role_words = match holders.first() {
        None => format!("Contact at {organisation}: fills in the return"),
        Some(holder) if holder.deputy => format!(
            "Deputy for the {}, {} to {}",
            holder.office_title,
            holder.from.format("%-d %B %Y"),
            holder
                .to
                .map_or("further notice".to_owned(), |to| to.format("%-d %B %Y").to_string())
        ),
        Some(holder) => {
            let does = match holder.office_key.as_str() {
                "commissioner.reviewer" => ": chases, reviews, records virements",
                "commissioner.treasurer" => ": approves virements",
                "partnership.chair" => ": signs",
                _ => "",
            };
            format!("{}{does}", holder.office_title)
        }
    };
    DemoPerson {
        name: person.name.clone(),
        role_words,
        address: person.email.clone(),
        office: !holders.is_empty(),
        totp_secret: person.totp_secret.clone(),
    }
}

impl DemoControl for Demo {
    fn next_day(&self) -> Later<'_, Result<(), ServiceError>> {
        Box::pin(async move {
            let tomorrow = facts::today(self.clock.now()).succ_opt().unwrap_or(NaiveDate::MAX);
            let done = self.go_to(tomorrow).await?;
            self.say(match done.mail.sent {
                0 => "Nothing was due.".to_owned(),
                1 => "1 mail was sent.".to_owned(),
                many => format!("{many} mails were sent."),
            });
            Ok(())
        })
    }

    fn next_event(&self) -> Later<'_, Result<(), ServiceError>> {
        Box::pin(async move {
            let Some((day, what)) = scheduler::next_event(&self.app.deps, self.clock.now()).await? else {
                self.say("Nothing more is planned.".to_owned());
                return Ok(());
            };
            self.go_to(day).await?;
            self.say(format!("{}: {what}.", day.format("%-d %B %Y")));
            Ok(())
        })
    }

    fn happened(&self) -> String {
        self.happened.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn next_event_words(&self) -> Option<String> {
        self.next.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn people(&self) -> Vec<DemoPerson> {
        self.people.clone()
    }
}
