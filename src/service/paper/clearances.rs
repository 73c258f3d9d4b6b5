//! What the ledger says of clearances: who cleared which words for which paper and when, and who withdrew that.
//!
//! Invariant: the words are named by the digest of their text. When they are verified that is worked out afresh from the
//! revision in which they stand; each clearance and each withdrawal has one leaf, and each leaf one of them.

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, Utc};
use countersign_domain::ids::{PersonId, ReturnId};
use countersign_domain::ledger::Digest;
use countersign_domain::ledger::canonical::canonical;
use countersign_domain::paper::{Clearance, PaperLine};
use serde_json::{Value, json};

use super::Opened;
use crate::service::report::composed::words_at;
use crate::service::{Officer, ServiceError, record};
use crate::store::{Connection, WriteTx, papers, returns, revisions};

/// The event of the ledger when words are cleared.
const CLEARED: &str = "story-cleared";
/// The event when that is withdrawn.
const WITHDRAWN: &str = "clearance-withdrawn";

/// What a leaf says that its row says too.
const SAID: [&str; 7] = ["paper", "return", "revision", "place", "digest", "by", "at"];

/// Whether words were cleared, or that was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Event {
    Cleared,
    Withdrawn,
}

impl Event {
    const fn name(self) -> &'static str {
        match self {
            Event::Cleared => CLEARED,
            Event::Withdrawn => WITHDRAWN,
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Event::Cleared, Event::Withdrawn]
            .into_iter()
            .find(|event| event.name() == name)
    }
}

/// The event as the ledger and the row tell it alike.
fn told(of: &Clearance, words: Option<Digest>, by: PersonId, at: DateTime<Utc>) -> Value {
    json!({
        "paper": of.paper.to_string(), "return": of.return_id.to_string(), "revision": of.revision, "place": of.place,
        "digest": words.map(|digest| digest.to_string()), "by": by.to_string(),
        "at": at.to_rfc3339_opts(SecondsFormat::Micros, true),
    })
}

/// The digest of the words that a clearance is of; none when its revision has none there.
async fn digest(conn: &impl Connection, of: &Clearance) -> Result<Option<Digest>, ServiceError> {
    let revision = revisions::get_revision(conn, of.return_id, of.revision).await?;
    let words = words_at(&revision, &of.place)?;
    Ok(words.map(|words| Digest::of(words.as_bytes())))
}

/// Writes into the ledger that an officer has just cleared these words, or withdrawn their clearance.
pub(super) async fn write(
    tx: &WriteTx,
    event: Event,
    (officer, opened): (&Officer, &Opened),
    of: &Clearance,
    now: DateTime<Utc>,
) -> Result<(), ServiceError> {
    let ret = returns::get_return(tx, of.return_id).await?;
    let mut body = told(of, digest(tx, of).await?, officer.person.id, now);
    body["name"] = json!(officer.person.name);
    body["fund"] = json!(opened.fund.key);
    body["report"] = json!(opened.paper.report);
    record::event(tx, event.name(), Some((&ret, of.revision)), body, now).await?;
    Ok(())
}

/// Of which revision a leaf is, as it says itself: that stays when its body is erased on request.
type About = (String, u32);

/// What the ledger tells of clearances.
#[derive(Default)]
pub(super) struct Told {
    /// The event and what is said of it to the places of its leaves.
    said: HashMap<(Event, String), Vec<u64>>,
    /// How many leaves had their body erased on request, by what they are about.
    erased: HashMap<(Event, About), usize>,
}

impl Told {
    /// Notes a leaf, where it is about a clearance.
    pub(super) fn note(&mut self, event: &str, about: Option<&About>, index: u64, body: Option<&Value>) {
        let Some(event) = Event::named(event) else { return };
        match (body, about) {
            (Some(body), _) => {
                let said: serde_json::Map<String, Value> = SAID
                    .into_iter()
                    .map(|key| (key.to_owned(), body[key].clone()))
                    .collect();
                let said = canonical(&Value::Object(said)).unwrap_or_default();
                self.said.entry((event, said)).or_default().push(index);
            }
            (None, Some(about)) => *self.erased.entry((event, about.clone())).or_default() += 1,
            (None, None) => {}
        }
    }

    /// Whether the ledger tells of an event; each leaf answers once.
    fn holds(&mut self, one: &Held) -> bool {
        if let Some(places) = self.said.get_mut(&(one.event, one.said.clone()))
            && places.pop().is_some()
        {
            return true;
        }
        match self.erased.get_mut(&(one.event, one.about.clone())) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }
}

/// A clearance, or its withdrawal, as its row says now.
pub(super) struct Held {
    event: Event,
    said: String,
    about: About,
    name: String,
}

/// What the rows say of a paper's clearances, the words as they stand in their revisions.
pub(super) async fn hold(conn: &impl Connection, paper: &PaperLine) -> Result<Vec<Held>, ServiceError> {
    let mut held = Vec::new();
    for one in papers::clearances_of(conn, paper.id).await? {
        let words = digest(conn, &one).await?;
        let given = (Event::Cleared, one.by, one.at);
        let withdrawn = one.withdrawn.map(|(by, at)| (Event::Withdrawn, by, at));
        for (event, by, at) in [given].into_iter().chain(withdrawn) {
            held.push(Held {
                event,
                said: canonical(&told(&one, words, by, at)).map_err(ServiceError::internal)?,
                about: about(one.return_id, one.revision),
                name: name(event, &one),
            });
        }
    }
    Ok(held)
}

fn about(ret: ReturnId, revision: u32) -> About {
    (ret.to_string(), revision)
}

fn name(event: Event, of: &Clearance) -> String {
    let what = match event {
        Event::Cleared => "the clearance",
        Event::Withdrawn => "the withdrawal of the clearance",
    };
    format!(
        "{what} of ‘{}’ in revision {} of the return {} for the paper {}",
        of.place, of.revision, of.return_id, of.paper
    )
}

/// Whether the rows and the ledger tell the same, both ways.
pub(super) fn same_story(held: &[Held], mut told: Told, head: u64, problems: &mut Vec<String>) {
    for one in held {
        if !told.holds(one) {
            problems.push(format!("{} is not in the ledger as it stands", one.name));
        }
    }
    let left = told.said.into_iter().flat_map(|((event, said), places)| {
        let places = places.into_iter().filter(|index| *index < head);
        places.map(move |_| format!("‘{}’ {said} is in the ledger and nowhere else", event.name()))
    });
    problems.extend(left);
}
