//! The preview of a form: a server of its own with an invented fund and grant, on the day that its first return opens.
//!
//! Invariant: everything that it keeps is in one folder, which only its owner can read and which goes when it ends.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use chrono::NaiveDate;
use countersign_domain::answers::types::{AllocationFacts, Register};
use countersign_domain::calendar::Nation;
use countersign_domain::form::schema::{Form, OwedBy};
use countersign_domain::period::Period;
use countersign_domain::sample;
use countersign_domain::schedule::timetable::{Asked, timetable};
use countersign_domain::workflow::State;
use uuid::Uuid;

use super::{Folder, morning};
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::scheduler;
use crate::service::{ServiceError, forms, register as registers};
use crate::store::{access, returns};
use crate::web::preview::Preview;

/// What the made-up figures follow from: every preview is of the same grant.
const SEED: u64 = 1;
const ADDRESS: &str = "sam.fernsby@riverside.example.org";

/// The place of one preview.
pub struct Room {
    folder: Folder,
    root: PathBuf,
    clock: Clock,
    grant: Period,
}

impl Drop for Room {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.root) {
            tracing::warn!(%error, folder = %self.root.display(), "the preview's folder could not be taken away");
        }
    }
}

impl Room {
    /// An empty one, on the morning that the first return of this form opens. An error says why there is none.
    pub fn new(form: &Form) -> Result<Room, String> {
        let grant = sample::grant_days(form).ok_or("this form names no period")?;
        let asked = Asked {
            from: grant.start(),
            to: None,
            most: 1,
            grant: Some(grant),
            nation: Nation::EnglandAndWales,
        };
        let table = timetable(form, &asked).map_err(|_| "this form comes to no dates")?;
        let first = table
            .periods
            .first()
            .ok_or("this form has no return in a financial year")?;
        if let Some(why) = first.cannot_be_planned {
            return Err(format!("the return for {} cannot be planned: {why}", first.label));
        }
        let root = std::env::temp_dir().join(format!("countersign-preview-{}", Uuid::new_v4()));
        let made = std::fs::DirBuilder::new().mode(0o700).create(&root);
        let folder = made.and_then(|()| Folder::open(&root));
        let folder = folder.map_err(|error| format!("{} cannot be made: {error}", root.display()))?;
        Ok(Room {
            folder,
            root,
            clock: Clock::moved_to(morning(first.opens.on)),
            grant,
        })
    }

    /// The configuration of its server.
    pub fn config(&self, base_url: &str, listen: SocketAddr) -> std::io::Result<Config> {
        self.folder.config(base_url, listen)
    }

    /// The time in it.
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// Makes the tables, publishes the form, loads the invented register and opens the return; answers its contact.
    pub async fn furnish(&self, app: &App, form: &Form, source: &str) -> Result<Preview, ServiceError> {
        app.deps.store.migrate().await?;
        let now = self.clock.now();
        forms::publish(&app.deps, source, now)
            .await
            .map_err(ServiceError::internal)?;
        let facts = sample::register(form, self.grant, SEED);
        let file = registers::read(&register_text(form, &facts)).map_err(ServiceError::Internal)?;
        registers::load(&app.deps, &file, now).await?;
        let ticked = scheduler::tick_once(&app.deps, &app.mailer, "preview", now).await?;
        let read = app.deps.store.read();
        let all = returns::returns_of_form(&read, &form.id).await?;
        let open = all.iter().find(|ret| ret.state == State::Draft);
        let open =
            open.ok_or_else(|| ServiceError::internal(format!("no return opened: {}", ticked.troubles.join("; "))))?;
        let links = access::links_of(&read, open.id).await?;
        let link = links
            .first()
            .ok_or_else(|| ServiceError::internal("no link was sent"))?;
        Ok(Preview {
            token: app.deps.secrets.link_token(link.id),
            address: ADDRESS.to_owned(),
        })
    }
}

/// Text in the register file: what is quoted as JSON is quoted as TOML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The register file of the invented grant, with every office that the form names.
fn register_text(form: &Form, facts: &Register) -> String {
    let mut text = String::new();
    let priorities = facts.fund.priorities.iter();
    let priorities = priorities.map(|(key, title)| format!("{{ key = {}, title = {} }}", quoted(key), quoted(title)));
    let priorities: Vec<String> = priorities.collect();
    table(
        &mut text,
        "[fund]",
        &[
            ("key", quoted(&facts.fund.key)),
            ("title", quoted(&facts.fund.title)),
            ("commissioner", quoted("commissioner")),
            ("nation", quoted(Nation::EnglandAndWales.key())),
            ("priorities", format!("[{}]", priorities.join(", "))),
        ],
    );
    let providers: BTreeSet<&str> = facts.allocations.iter().map(|of| of.provider.as_str()).collect();
    for name in ["The Commissioner", &facts.provider.name].into_iter().chain(providers) {
        table(
            &mut text,
            "[[organisation]]",
            &[("key", quoted(&key_of(facts, name))), ("name", quoted(name))],
        );
    }
    let owes = match form.owed_by {
        OwedBy::Grant => &facts.provider.name,
        OwedBy::Allocation | OwedBy::Provider => &facts.allocations[0].provider,
    };
    let owes = quoted(&key_of(facts, owes));
    person(&mut text, "sam", "Sam Fernsby", ADDRESS, &owes);
    person(
        &mut text,
        "robin",
        "Robin Ashby",
        "robin.ashby@commissioner.example.org",
        &quoted("commissioner"),
    );
    let (from, to) = (facts.grant.starts_on, facts.grant.ends_on);
    for office in offices(form) {
        table(
            &mut text,
            "[[office]]",
            &[("key", quoted(office)), ("title", quoted(office))],
        );
        let held = [
            ("office", quoted(office)),
            ("person", quoted("robin")),
            ("from", from.to_string()),
        ];
        table(&mut text, "[[holder]]", &held);
    }
    grant(&mut text, facts);
    let mut owed = vec![
        ("form", quoted(&form.id)),
        ("grant", quoted(&facts.grant.reference)),
        ("organisation", owes),
        ("from", from.to_string()),
        ("to", to.to_string()),
        ("contacts", "[\"sam\"]".to_owned()),
        ("lead", quoted("sam")),
    ];
    if form.owed_by == OwedBy::Allocation {
        owed.push(("allocation", quoted(&facts.allocations[0].key)));
    }
    table(&mut text, "[[assignment]]", &owed);
    text
}

fn table(text: &mut String, heading: &str, keys: &[(&str, String)]) {
    let _ = writeln!(text, "{heading}");
    for (key, value) in keys {
        let _ = writeln!(text, "{key} = {value}");
    }
}

fn person(text: &mut String, key: &str, name: &str, email: &str, organisation: &str) {
    table(
        text,
        "[[person]]",
        &[
            ("key", quoted(key)),
            ("name", quoted(name)),
            ("email", quoted(email)),
            ("organisation", organisation.to_owned()),
        ],
    );
}

/// The key of an organisation of the invented register.
fn key_of(facts: &Register, name: &str) -> String {
    if name == facts.provider.name {
        return "partnership".to_owned();
    }
    let of = facts.allocations.iter().find(|of| of.provider == name);
    of.map_or_else(|| "commissioner".to_owned(), |of| format!("provider-{}", of.key))
}

/// Every office that the form names.
fn offices(form: &Form) -> BTreeSet<&str> {
    let told = form.schedule.escalate.iter().map(|step| step.to.as_str());
    let told = told.filter(|to| !["provider.lead", "commissioner"].contains(to));
    form.stages.iter().map(|stage| stage.by.as_str()).chain(told).collect()
}

fn grant(text: &mut String, facts: &Register) {
    let of = &facts.grant;
    table(
        text,
        "[[grant]]",
        &[
            ("reference", quoted(&of.reference)),
            ("title", quoted(&of.title)),
            ("organisation", quoted(&key_of(facts, &facts.provider.name))),
            ("amount", quoted(&of.amount.plain())),
            ("carried_forward", quoted(&of.carried_forward.plain())),
            ("starts_on", of.starts_on.to_string()),
            ("ends_on", of.ends_on.to_string()),
        ],
    );
    for allocation in &facts.allocations {
        self::allocation(text, facts, allocation);
    }
}

fn allocation(text: &mut String, facts: &Register, of: &AllocationFacts) {
    let reference = quoted(&facts.grant.reference);
    let mut keys = vec![
        ("grant", reference.clone()),
        ("key", quoted(&of.key)),
        ("title", quoted(&of.title)),
        ("project", quoted(&of.project)),
        ("project_title", quoted(&of.project_title)),
        ("provider", quoted(&key_of(facts, &of.provider))),
        ("approved", quoted(&of.amount.plain())),
    ];
    keys.extend(
        of.contract_total
            .map(|total| ("contract_total", quoted(&total.plain()))),
    );
    keys.extend(
        of.contract_ends_on
            .map(|day: NaiveDate| ("contract_ends_on", day.to_string())),
    );
    keys.extend(of.other_funding.map(|money| ("other_funding", quoted(&money.plain()))));
    let priorities: Vec<String> = of.priorities.iter().map(|key| quoted(key)).collect();
    keys.push(("priorities", format!("[{}]", priorities.join(", "))));
    table(text, "[[allocation]]", &keys);
    for line in &of.lines {
        let mut keys = vec![
            ("grant", reference.clone()),
            ("allocation", quoted(&of.key)),
            ("key", quoted(&line.key)),
            ("title", quoted(&line.title)),
        ];
        keys.extend(line.amount.map(|amount| ("amount", quoted(&amount.plain()))));
        table(text, "[[line]]", &keys);
    }
}
