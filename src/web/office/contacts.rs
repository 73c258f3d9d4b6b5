//! Who can get at a return: its contacts and their colleagues, each with the links they were given.
//!
//! Invariant: every link that was ever made is shown, with what became of it; only a good one can be revoked.

use chrono::{DateTime, Utc};
use countersign_domain::ids::PersonId;
use countersign_domain::returns::Link;
use countersign_domain::workflow::State;
use serde::Serialize;

use super::forms::{self, ActForm, Attempt};
use super::words;
use crate::service::notify;
use crate::service::office::OfficePage;

/// A person with their links.
#[derive(Debug, Serialize)]
pub struct ContactView {
    person: String,
    name: String,
    address: String,
    lead: bool,
    links: Vec<LinkView>,
    may_resend: bool,
}

#[derive(Debug, Serialize)]
struct LinkView {
    live: bool,
    state: &'static str,
    colour: &'static str,
    words: String,
    form: ActForm,
}

/// The contacts of a return and whoever else has a link to it.
pub fn contacts(page: &OfficePage, attempt: &Attempt, now: DateTime<Utc>) -> Vec<ContactView> {
    let mut views: Vec<ContactView> = page
        .contacts
        .iter()
        .map(|(contact, person)| ContactView {
            person: person.id.to_string(),
            name: person.name.clone(),
            address: person.email.clone(),
            lead: contact.lead,
            links: links_of(page, person.id, attempt, now),
            may_resend: page.ret.state == State::Draft,
        })
        .collect();
    // Colleagues who were given a link by a contact, and contacts who have left.
    let known: Vec<PersonId> = page.contacts.iter().map(|(_, person)| person.id).collect();
    let mut others: Vec<PersonId> = page
        .links
        .iter()
        .map(|link| link.person)
        .filter(|id| !known.contains(id))
        .collect();
    others.sort_unstable();
    others.dedup();
    views.extend(others.into_iter().map(|person| ContactView {
        person: person.to_string(),
        name: words::name(&page.people, person),
        address: "Was given a link by a contact".to_owned(),
        lead: false,
        links: links_of(page, person, attempt, now),
        may_resend: page.ret.state == State::Draft,
    }));
    views
}

fn links_of(page: &OfficePage, person: PersonId, attempt: &Attempt, now: DateTime<Utc>) -> Vec<LinkView> {
    page.links
        .iter()
        .filter(|link| link.person == person)
        .map(|link| link_view(link, attempt, now))
        .collect()
}

fn link_view(link: &Link, attempt: &Attempt, now: DateTime<Utc>) -> LinkView {
    let issued = notify::moment(link.issued_at);
    let (state, colour, words) = match &link.revoked {
        Some((at, why)) => (
            "Revoked",
            "govuk-tag--red",
            format!("Made {issued}, revoked {}: {why}", notify::moment(*at)),
        ),
        None if link.expires_at <= now => (
            "Expired",
            "govuk-tag--grey",
            format!("Made {issued}, good until {}", notify::moment(link.expires_at)),
        ),
        None => (
            "Good",
            "govuk-tag--green",
            format!("Made {issued}, good until {}", notify::moment(link.expires_at)),
        ),
    };
    LinkView {
        live: state == "Good",
        state,
        colour,
        words,
        form: forms::revoke(link.id, attempt),
    }
}
