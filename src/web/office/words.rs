//! Small words that several office pages share: where a return stands, moments, digests in groups.
//!
//! Invariant: no page says in its own words what another page says of the same thing.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::ids::PersonId;
use countersign_domain::returns::standing::{Standing, Which};
use countersign_domain::workflow::State;
use serde::Serialize;

use crate::service::notify;

/// A name and what it is, as a row of a summary list.
#[derive(Debug, Clone, Serialize)]
pub struct Fact {
    /// What is told.
    pub name: String,
    /// What it is.
    pub value: String,
    /// Where it leads.
    pub href: Option<String>,
}

impl Fact {
    /// A plain fact.
    pub fn new(name: &str, value: impl Into<String>) -> Self {
        Fact {
            name: name.to_owned(),
            value: value.into(),
            href: None,
        }
    }

    /// A fact that leads somewhere.
    pub fn link(name: &str, value: impl Into<String>, href: String) -> Self {
        Fact {
            name: name.to_owned(),
            value: value.into(),
            href: Some(href),
        }
    }
}

/// A person's text with who and when.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    /// The words.
    pub text: String,
    /// Who.
    pub by: String,
    /// When, in words.
    pub at: String,
}

impl Said {
    /// What somebody said at a moment.
    pub fn new(text: &str, by: PersonId, at: DateTime<Utc>, people: &People) -> Self {
        Said {
            text: text.to_owned(),
            by: name(people, by),
            at: notify::moment(at),
        }
    }
}

/// Names of those mentioned.
pub type People = HashMap<PersonId, String>;

/// The name of a person; somebody whose name is not known is said to be somebody.
pub fn name(people: &People, person: PersonId) -> String {
    people.get(&person).cloned().unwrap_or_else(|| "Somebody".to_owned())
}

/// Where a return stands, in a few words and a tag's colour.
pub fn standing(state: &State, revision: u32) -> (&'static str, &'static str) {
    match state {
        State::Scheduled => ("Not open yet", "govuk-tag--grey"),
        State::Draft if revision > 0 => ("Back with the provider", "govuk-tag--orange"),
        State::Draft => ("In draft", "govuk-tag--light-blue"),
        State::InReview(_) => ("In review", "govuk-tag--blue"),
        State::InSignOff(_) => ("Awaiting signature", "govuk-tag--purple"),
        State::SignedOff => ("Signed off", "govuk-tag--green"),
        State::Excused => ("Excused", "govuk-tag--grey"),
    }
}

/// A list by where its returns stand: its heading, and what stands after its count.
pub fn place(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Late => ("Overdue", "overdue"),
        Standing::InReview => ("Submitted, to be reviewed", "submitted, to be reviewed"),
        Standing::AwaitingSignature => ("Awaiting signature", "awaiting signature"),
        Standing::Draft => ("In draft", "in draft"),
        Standing::NotOpen => ("Not open yet", "not open yet"),
        Standing::Signed => ("Signed off", "signed off"),
        Standing::Excused => ("Excused", "excused"),
    }
}

/// A list by what it counts, as a heading.
pub fn which(which: Which) -> &'static str {
    match which {
        Which::At(standing) => place(standing).0,
        Which::Expected => "Expected",
        Which::OnTime => "Handed in on time",
        Which::HandedInLate => "Handed in late",
        Which::Judged => "On time or late, as it turned out",
        Which::Extended => "Given more time",
        Which::InFigures => "With signed figures",
        Which::All => "All returns",
    }
}

/// How late, counted in calendar days.
pub fn late(days: i64) -> String {
    match days {
        1 => "1 day overdue".to_owned(),
        days => format!("{days} days overdue"),
    }
}

/// A day with its weekday: Tuesday 1 May 2018.
pub fn long_day(day: NaiveDate) -> String {
    notify::day(day)
}

/// A digest in groups of eight, which an eye can follow.
pub fn groups(digest: &str) -> Vec<String> {
    let letters: Vec<char> = digest.chars().collect();
    letters.chunks(8).map(|group| group.iter().collect()).collect()
}

/// An office by its key: `partnership.chair` is the partnership’s chair.
pub fn office(key: &str) -> String {
    match key.split_once('.') {
        Some((body, post)) => format!("the {body}’s {}", post.replace(['-', '_'], " ")),
        None => format!("the {key}"),
    }
}

/// A size that people can judge.
pub fn size(bytes: u64) -> String {
    const KB: u64 = 1000;
    const MB: u64 = KB * KB;
    match bytes {
        0..KB => format!("{bytes} bytes"),
        KB..MB => format!("{} KB", bytes.div_ceil(KB)),
        _ => format!("{}.{} MB", bytes / MB, bytes % MB / (MB / 10)),
    }
}

/// A part of an address within a page, made of what may stand in one.
pub fn anchor(parts: &[&str]) -> String {
    parts
        .join("-")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_shown_whole_in_groups() {
        let shown = groups("0123456789abcdef0123");
        assert_eq!(shown, ["01234567", "89abcdef", "0123"]);
        assert_eq!(shown.concat(), "0123456789abcdef0123");
    }

    #[test]
    fn sizes_and_offices_are_in_words() {
        let sizes = [999, 1000, 1001, 999_999, 1_000_000, 20_950_000].map(size);
        let expected = ["999 bytes", "1 KB", "2 KB", "1000 KB", "1.0 MB", "20.9 MB"];
        assert_eq!(sizes, expected);
        assert_eq!(office("partnership.chair"), "the partnership’s chair");
    }

    #[test]
    fn an_anchor_has_nothing_that_an_address_cannot_hold() {
        assert_eq!(anchor(&["q", "project/asb", "spent in"]), "q-project-asb-spent-in");
    }
}
