//! The pages of papers: the list, one paper, what is written in it, its stories, what it would say, and its editions.
//!
//! Invariant: one address gives one version of one paper, for ever the same kind: what is internal and what may leave the
//! house never come from the same one.

pub mod editions;
pub mod list;
pub mod look;
pub mod prose;
pub mod publish;
pub mod sheet;
pub mod stories;

use countersign_domain::form::schema::Audience;
use countersign_domain::ids::PaperId;
use countersign_domain::measure::suppress::Policy;
use countersign_domain::paper::Edition;
use poem::Response;
use poem::http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};

use super::super::provider::files::as_download;
use super::words::Fact;
use crate::service::ServiceError;
use crate::service::notify;
use crate::service::paper::Standing;
use crate::service::paper::print::Format;
use countersign_domain::answers::types::FileRef;
use countersign_domain::paper::EditionFile;

/// At most so many returns are named one by one.
const NAMED: usize = 10;

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    /// One word.
    #[serde(default)]
    done: String,
}

/// Where a paper is.
fn href(id: PaperId) -> String {
    format!("/office/papers/{id}")
}

/// How an audience is called in addresses.
const fn word(audience: Audience) -> &'static str {
    match audience {
        Audience::Internal => "internal",
        Audience::Panel => "panel",
        Audience::Public => "public",
    }
}

/// The audience of an address.
fn audience(word_of: &str) -> Result<Audience, ServiceError> {
    [Audience::Internal, Audience::Panel, Audience::Public]
        .into_iter()
        .find(|audience| word(*audience) == word_of)
        .ok_or(ServiceError::NotFound)
}

/// For whom, as the end of a sentence.
const fn for_whom(audience: Audience) -> &'static str {
    match audience {
        Audience::Internal => "for the commissioner’s own staff",
        Audience::Panel => "for a panel or board",
        Audience::Public => "for the public",
    }
}

/// How small counts of people are held back, in a sentence.
const fn policy_words(policy: Option<Policy>) -> &'static str {
    match policy {
        None => "Nothing is held back",
        Some(Policy::LessThanFive) => {
            "Counts of 1 to 4 people are held back, and as many others as it takes so that none can be worked out"
        }
        Some(Policy::RoundToFive) => {
            "Counts of 1 to 7 people are held back, and the others are rounded to the nearest 5"
        }
    }
}

/// The same for a word that was kept with an edition.
fn policy_of(policy: Option<&str>) -> &'static str {
    policy_words(match policy {
        Some("less-than-5") => Some(Policy::LessThanFive),
        Some("round-to-5") => Some(Policy::RoundToFive),
        _ => None,
    })
}

/// How far a paper's returns are; those that are named have a line each.
fn standing_facts(standing: &Standing) -> Vec<Fact> {
    let signed = format!("{} of {} signed", standing.signed, standing.expected);
    let mut facts = vec![Fact::new("Returns", signed)];
    let named = |what: &str, all: &[String]| {
        let mut words: Vec<&str> = all.iter().take(NAMED).map(String::as_str).collect();
        let rest = all.len().saturating_sub(NAMED);
        let more = format!("{rest} more");
        if rest > 0 {
            words.push(&more);
        }
        (!all.is_empty()).then(|| Fact::new(what, words.join("\n")))
    };
    facts.extend(named("Not signed", &standing.missing));
    facts.extend(named("Excused", &standing.excused));
    facts
}

/// An edition in a list.
#[derive(Debug, Serialize)]
pub struct EditionView {
    href: String,
    title: String,
    audience: &'static str,
    by: String,
    at: String,
}

impl EditionView {
    fn new(edition: &Edition, by: &str) -> Self {
        EditionView {
            href: format!("{}/editions/{}", href(edition.paper), edition.number),
            title: format!("Edition {}", edition.number),
            audience: edition.audience.readers(),
            by: by.to_owned(),
            at: notify::moment(edition.published_at),
        }
    }
}

/// A file that can be had.
#[derive(Debug, Serialize)]
pub struct FileView {
    href: String,
    text: &'static str,
}

/// The format of the last part of an address: `paper.pdf`.
fn format(file: &str) -> Result<Format, ServiceError> {
    file.strip_prefix("paper.")
        .and_then(Format::parse)
        .ok_or(ServiceError::NotFound)
}

/// A file that is made as it is asked for, and kept by nobody.
fn made(file: EditionFile) -> Response {
    let told = FileRef {
        digest: file.digest.to_string(),
        name: file.name,
        size: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
        media: file.media,
    };
    as_download(&told, file.bytes)
}

/// A file that never changes: who has it already is told so.
fn frozen(file: EditionFile, known: Option<&HeaderValue>) -> Response {
    let tag = format!("\"{}\"", file.digest);
    let same = known
        .and_then(|known| known.to_str().ok())
        .is_some_and(|known| known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    let mut response = match same {
        true => Response::builder().status(StatusCode::NOT_MODIFIED).finish(),
        false => made(file),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_found_by_its_own_word_alone() {
        for one in [Audience::Internal, Audience::Panel, Audience::Public] {
            assert_eq!(audience(word(one)).unwrap(), one);
        }
        assert!(audience("Panel").is_err() && audience("").is_err());
    }

    #[test]
    fn a_file_is_asked_for_by_its_ending_and_nothing_else() {
        assert_eq!(format("paper.pdf").unwrap(), Format::Pdf);
        for wrong in ["paper.exe", "pdf", "other.pdf", "paper.pdf.exe", "paper."] {
            assert!(format(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_so_many_returns_are_named_and_the_rest_counted() {
        let standing = Standing {
            signed: 1,
            expected: 13,
            missing: (0..12).map(|at| format!("Return {at}")).collect(),
            excused: vec!["Quay Centre".to_owned()],
        };
        let facts = standing_facts(&standing);
        let told: Vec<[&str; 2]> = facts.iter().map(|fact| [&*fact.name, &*fact.value]).collect();
        assert_eq!(told[0], ["Returns", "1 of 13 signed"]);
        assert!(told[1][1].ends_with("Return 9\n2 more"), "{told:?}");
        assert_eq!(told[2], ["Excused", "Quay Centre"]);
    }
}
