//! The demo: a folder with everything in it, a clock of its own, and mail that goes to files.
//!
//! Invariant: the real server with real services; only the clock, the mail's way out and the pages under `/demo` are
//! the demo's. None of it exists outside `demo`.

mod folder;
mod play;
pub mod preview;
mod story;
mod systems;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;
use countersign_domain::register::Person;
use serde_json::json;

use crate::app::App;
use crate::clock::Clock;
use crate::scheduler;
use crate::secrets;
use crate::service::{ServiceError, facts};
use crate::store::register;
use crate::web::demo::{DemoControl, DemoPerson, Later};

pub use folder::Folder;
use folder::{local, morning};
use story::Step;

/// How long before the first step of a story the clock begins, so that what it is about has been planned and opened.
const WARNING: chrono::Duration = chrono::Duration::days(1);

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
    /// Sets up what is not there yet, and ticks once. With `only`, that system alone and without its story; without,
    /// every system, played up to the day on which the clock stands. `say` is told what takes its time.
    ///
    /// # Errors
    /// When a system of the program's own does not hold together, or the database or a file cannot be written; then
    /// the next start begins anew.
    pub async fn start(
        app: App,
        clock: Clock,
        folder: Folder,
        only: Option<&str>,
        say: impl Fn(&str),
    ) -> Result<Arc<Demo>, ServiceError> {
        app.deps.store.migrate().await?;
        if register::all_funds(&app.deps.store.read()).await?.is_empty() {
            folder.unfinished(true).map_err(ServiceError::internal)?;
            set_up(&app, &clock, only, say).await.map_err(ServiceError::Internal)?;
            folder.unfinished(false).map_err(ServiceError::internal)?;
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

    /// The day on which the stories of all systems end, where the demo's clock has not come to it: a demo that is set up
    /// at that day has played them whole.
    ///
    /// # Errors
    /// When a system of the program's own does not hold together.
    pub fn goes_on_to(&self) -> Result<Option<NaiveDate>, String> {
        let ends = systems::all()?;
        let ends = ends.iter().flat_map(|system| &system.story).map(|step| step.on).max();
        Ok(ends.filter(|end| *end > facts::today(self.clock.now())))
    }

    /// Writes `demo.json`, by which a script can play the demo.
    pub fn write_json(&self, base_url: &str) -> std::io::Result<PathBuf> {
        let people: Vec<_> = self
            .people
            .iter()
            .map(|person| {
                json!({
                    "name": person.name,
                    "of": person.of,
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

    /// One of each kind of person: who fills in, who chases, who signs.
    pub fn cast_in_short(&self) -> impl Iterator<Item = &DemoPerson> {
        let kinds: [fn(&DemoPerson) -> bool; 3] = [
            |person| !person.office,
            |person| person.role_words.contains("chases"),
            |person| person.role_words.contains("signs"),
        ];
        kinds
            .into_iter()
            .filter_map(|kind| self.people.iter().find(|person| kind(person)))
    }

    fn say(&self, happened: String) {
        *self.happened.write().unwrap_or_else(PoisonError::into_inner) = happened;
    }

    async fn go_to(&self, day: NaiveDate) -> Result<scheduler::Ticked, ServiceError> {
        self.clock.go_to(morning(day));
        self.tick().await
    }
}

/// Loads the systems and plays what has happened in them, with the clock going as it went.
async fn set_up(app: &App, clock: &Clock, only: Option<&str>, say: impl Fn(&str)) -> Result<(), String> {
    let stands = clock.now();
    let mut systems = systems::all()?;
    if let Some(only) = only {
        let names: Vec<String> = systems.iter().map(|system| system.name.clone()).collect();
        systems.retain(|system| system.name == only);
        if systems.is_empty() {
            return Err(format!(
                "there is no system called {only}: there are {}",
                names.join(", ")
            ));
        }
    }
    let mut steps: Vec<Step> = Vec::new();
    if only.is_none() {
        steps.extend(systems.iter_mut().flat_map(|system| std::mem::take(&mut system.story)));
        steps.retain(|step| step.on <= facts::today(stands));
        steps.sort_by_key(|step| (step.on, step.at));
    }
    let first = steps.first().map_or(stands, |step| morning(step.on) - WARNING);
    clock.go_to(first.min(stands));
    for system in &systems {
        say(&format!("Loading {}", system.name));
        system.load(&app.deps, only.is_none(), clock.now()).await?;
    }
    if !steps.is_empty() {
        say("Playing what has happened by the demo’s day");
    }
    for step in &steps {
        walk(app, clock, step.on).await?;
        if let Some(at) = step.at {
            clock.go_to(local(step.on, at).max(clock.now()));
        }
        play::step(&app.deps, step, clock.now()).await?;
        // Nobody does two things in one moment, and no code of an authenticator is good twice.
        clock.go_to(clock.now() + chrono::Duration::minutes(2));
    }
    walk(app, clock, facts::today(stands)).await?;
    clock.go_to(stands.max(clock.now()));
    Ok(())
}

/// Ticks on each day up to this one on which something is due, and on one day of each week, when returns are planned.
async fn walk(app: &App, clock: &Clock, until: NaiveDate) -> Result<(), String> {
    loop {
        let now = clock.now();
        scheduler::tick_once(&app.deps, &app.mailer, "demo", now)
            .await
            .map_err(|fault| fault.to_string())?;
        let today = facts::today(now);
        if today >= until {
            return Ok(());
        }
        let next = scheduler::next_event(&app.deps, now)
            .await
            .map_err(|fault| fault.to_string())?;
        let week = today + chrono::Days::new(7);
        let day = next.map_or(week, |(day, _)| day.min(week)).min(until);
        clock.go_to(morning(day));
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

/// Everybody one can be, by commissioner: those who hold an office before the contacts.
async fn people(app: &App) -> Result<Vec<DemoPerson>, ServiceError> {
    let read = app.deps.store.read();
    let mut cast: Vec<DemoPerson> = Vec::new();
    for fund in register::all_funds(&read).await? {
        let of = register::get_organisation(&read, fund.commissioner).await?.name;
        let holders = register::holders_of_fund(&read, fund.id).await?;
        let contacts = register::contacts_of_fund(&read, fund.id).await?;
        let named = holders.iter().map(|holder| holder.person);
        for id in named.chain(contacts.iter().map(|contact| contact.person)) {
            let person = register::get_person(&read, id).await?;
            if cast.iter().any(|known| known.address == person.email) {
                continue;
            }
            let holders = register::holders_of_person(&read, id).await?;
            let organisation = register::get_organisation(&read, person.organisation).await?.name;
            cast.push(demo_person(&person, &of, &holders, &organisation));
        }
    }
    cast.sort_by(|one, next| (&one.of, next.office).cmp(&(&next.of, one.office)));
    Ok(cast)
}

fn demo_person(
    person: &Person,
    of: &str,
    holders: &[countersign_domain::register::Holder],
    organisation: &str,
) -> DemoPerson {
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
        of: of.to_owned(),
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
