//! An edition as it was published, and its files.
//!
//! Invariant: read back and never made again; a file is given out with the digest that it was published with.

use countersign_domain::ids::PaperId;
use poem::http::header;
use poem::web::{Path, Query};
use poem::{Request, handler};
use serde::Serialize;
use serde_json::json;

use super::super::super::{OfficeSession, Reply, Web};
use super::super::words::{Fact, groups, size};
use super::super::{Part, frame, id};
use super::{Done, format, frozen, href, policy_of};
use crate::document;
use crate::service::notify;
use crate::service::paper::print::Format;
use crate::service::paper::{self, EditionPage};

#[derive(Debug, Serialize)]
struct FileView {
    href: String,
    text: &'static str,
    size: String,
    groups: Vec<String>,
}

/// The page.
#[handler]
pub async fn show(
    web: Web,
    session: OfficeSession,
    Path((path, number)): Path<(String, String)>,
    Query(done): Query<Done>,
) -> Reply {
    let (id, number): (PaperId, u32) = (id(&path)?, id(&number)?);
    let found = paper::edition(&web.deps, &session.officer, id, number).await?;
    let own = href(id);
    let later = found
        .later
        .map(|number| json!({ "href": format!("{own}/editions/{number}"), "number": number }));
    // Who reads editions alone is not led to what is beneath them.
    let looks = |fund| paper::may_look(&session.officer, fund);
    let led = found.document.clone().with_sources_of(looks);
    let context = json!({
        "document": document::view(&led), "header": header(&found), "files": files(&own, &found),
        "figures": format!("{own}/editions/{number}/figures"), "later": later,
        "digest_groups": groups(&found.edition.digest.to_string()),
        "done": (done.done == "published").then(|| format!("Edition {number} is published.")),
    });
    let back = match looks(found.edition.fund) {
        true => own,
        false => "/office/papers".to_owned(),
    };
    let frame = frame(&session, Part::Papers, found.document.title.clone()).back(back);
    web.page(frame, "office/papers/edition.html", context)
}

fn header(found: &EditionPage) -> Vec<Fact> {
    let edition = &found.edition;
    vec![
        Fact::new("Edition", edition.number.to_string()),
        Fact::new("For", edition.audience.readers()),
        Fact::new(
            "Published",
            format!("by {}, {}", found.by, notify::moment(edition.published_at)),
        ),
        Fact::new("Counts of people", policy_of(edition.policy.as_deref())),
        Fact::new(
            "Made from",
            match found.inputs {
                1 => "1 signed return".to_owned(),
                many => format!("{many} signed returns"),
            },
        ),
    ]
}

fn files(own: &str, found: &EditionPage) -> Vec<FileView> {
    let known = found
        .files
        .iter()
        .filter_map(|file| Some((Format::parse(&file.format)?, file)));
    let mut files: Vec<_> = known.collect();
    files.sort_by_key(|(format, _)| *format);
    files
        .into_iter()
        .map(|(format, file)| FileView {
            href: format!("{own}/editions/{}/paper.{}", found.edition.number, format.extension()),
            text: format.name(),
            size: size(file.size),
            groups: groups(&file.digest.to_string()),
        })
        .collect()
}

/// One of its files.
#[handler]
pub async fn download(
    web: Web,
    session: OfficeSession,
    request: &Request,
    Path((path, number, file)): Path<(String, String, String)>,
) -> Reply {
    let (id, number): (PaperId, u32) = (id(&path)?, id(&number)?);
    let file = paper::file(&web.deps, &session.officer, id, number, format(&file)?).await?;
    Ok(frozen(file, request.headers().get(header::IF_NONE_MATCH)))
}
