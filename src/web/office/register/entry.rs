//! Adding an entry of the register, and changing one.
//!
//! Invariant: whatever stands in the way, every box comes back with what was typed into it; when somebody else was
//! quicker, beside it stands what they made of it.

use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;
use serde::Deserialize;
use serde_json::json;

use super::super::super::{OfficeSession, Posted, Reply, Web, WebError, session};
use super::super::{Part, frame, id};
use super::fields::{self, Filled};
use super::services::{Cells, Desk, Place};
use super::specs::{self, Spec};
use crate::service::register::edit::Edited;
use crate::service::register::view::{self, FundRegister};
use crate::service::register::{self as service, Table};
use crate::service::{FieldProblem, ServiceError};

/// The field with what tells whether somebody else has changed the entry since it was shown.
const STAMP: &str = "stamp";

/// The parts of an entry's address.
#[derive(Deserialize)]
pub struct At {
    fund: String,
    table: String,
    #[serde(default)]
    of: String,
    #[serde(default)]
    entry: String,
}

/// What an entry's page has to show beside what is typed.
struct Page {
    place: Place,
    specs: Vec<Spec>,
    register: FundRegister,
    /// The reference of the grant that it belongs to.
    grant: Option<String>,
    /// What stands in the register, with its stamp; nothing for a new entry.
    stands: Option<(Cells, String)>,
}

/// What came of it when somebody tried.
#[derive(Default)]
struct Tried {
    problems: Vec<FieldProblem>,
    words: Option<String>,
    status: Option<StatusCode>,
}

/// The form for a new entry, or for one that is there.
#[handler]
pub async fn show(web: Web, session: OfficeSession, Path(at): Path<At>) -> Reply {
    let page = page(&web, &session, &at).await?;
    render(&web, &session, &page, None, &Tried::default())
}

/// Adds it, or changes it.
#[handler]
pub async fn save(web: Web, session: OfficeSession, Path(at): Path<At>, posted: Posted) -> Reply {
    let shown = page(&web, &session, &at).await?;
    let boxes = boxes(&shown);
    let names = fields::names(&boxes);
    let known: Vec<&str> = names.iter().map(String::as_str).chain([STAMP]).collect();
    posted.only(&known)?;
    let cells = fields::read(&boxes, &posted);
    let desk = desk(&web, &session);
    let done = match shown.stands {
        None => desk.add(&shown.place, &cells).await,
        Some(_) => desk.change(&shown.place, &cells, posted.get(STAMP)).await,
    };
    match done {
        Ok(edited) => after(&web, &session, &shown, &edited),
        Err(WebError::Service(ServiceError::Invalid(problems))) => {
            let mistyped = fields::mistyped(&boxes, shown.place.table, &cells);
            let own = |problem: FieldProblem| {
                let same = mistyped.iter().find(|known| known.field == problem.field);
                same.cloned().unwrap_or(problem)
            };
            let problems = problems.into_iter().map(own).collect();
            let tried = Tried {
                problems,
                status: Some(StatusCode::UNPROCESSABLE_ENTITY),
                words: None,
            };
            render(&web, &session, &shown, Some(&posted), &tried)
        }
        Err(WebError::Service(ServiceError::Conflict(words))) => {
            // What stands by now, so that both can be shown and the next try is about that.
            let shown = page(&web, &session, &at).await?;
            let tried = Tried {
                words: Some(words),
                status: Some(StatusCode::CONFLICT),
                problems: Vec::new(),
            };
            render(&web, &session, &shown, Some(&posted), &tried)
        }
        Err(other) => Err(other),
    }
}

fn desk<'a>(web: &'a Web, session: &'a OfficeSession) -> Desk<'a> {
    Desk {
        deps: &web.deps,
        officer: &session.officer,
        now: web.now(),
    }
}

async fn page(web: &Web, session: &OfficeSession, at: &At) -> Result<Page, WebError> {
    let table: &'static Table = service::table(&at.table)
        .filter(|table| table.name == at.table)
        .ok_or(ServiceError::NotFound)?;
    let specs = specs::specs(table.name);
    let place = Place {
        fund: id(&at.fund)?,
        table,
        of: at.of.clone(),
        entry: at.entry.clone(),
    };
    let register = view::fund(&web.deps, &session.officer, place.fund).await?;
    if specs.is_empty() || (place.entry.is_empty() && !can_be_added(&register, &place)) {
        return Err(ServiceError::NotFound.into());
    }
    let stands = match place.entry.as_str() {
        "" => None,
        _ => {
            let (values, stamp) = desk(web, session).show(&place).await?;
            Some((fields::cells(table, values), stamp))
        }
    };
    Ok(Page {
        grant: grant_of(&register, &place),
        place,
        specs,
        register,
        stands,
    })
}

/// Whether the new entry's grant or allocation is there, where it must belong to one.
fn can_be_added(register: &FundRegister, place: &Place) -> bool {
    match place.table.name {
        "fund" => false,
        "allocation" | "assignment" => register.grants.iter().any(|known| known.id.to_string() == place.of),
        "line" => register
            .allocations
            .iter()
            .any(|known| known.id.to_string() == place.of),
        _ => place.of.is_empty(),
    }
}

/// The reference of the grant that an entry belongs to.
fn grant_of(register: &FundRegister, place: &Place) -> Option<String> {
    let allocation = |text: &str| register.allocations.iter().find(|known| known.id.to_string() == text);
    let grant = match (place.table.name, place.entry.as_str()) {
        ("grant", entry) => entry.to_owned(),
        ("allocation", "") | ("assignment", "") => place.of.clone(),
        ("allocation", entry) => allocation(entry)?.grant.to_string(),
        ("line", _) => allocation(&place.of)?.grant.to_string(),
        ("assignment", entry) => {
            let found = register.assignments.iter().find(|known| known.id.to_string() == entry);
            found?.grant.to_string()
        }
        _ => return None,
    };
    let found = register.grants.iter().find(|known| known.id.to_string() == grant);
    found.map(|grant| grant.reference.clone())
}

/// The boxes that can be filled in: of an entry that is there, not those that stay as they are.
fn boxes(page: &Page) -> Vec<Spec> {
    let open = |spec: &&Spec| page.stands.is_none() || !spec.stays;
    page.specs.iter().filter(open).copied().collect()
}

/// Where an entry is seen among others.
fn home(page: &Page) -> String {
    let fund = format!("/office/register/{}", page.place.fund);
    let of_grant = page.grant.as_ref().and_then(|reference| {
        let found = page.register.grants.iter().find(|known| known.reference == *reference);
        found.map(|grant| format!("{fund}/grants/{}", grant.id))
    });
    match page.place.table.name {
        "organisation" => format!("{fund}/organisations"),
        "person" => format!("{fund}/people"),
        "grant" => of_grant.unwrap_or_else(|| format!("{fund}/grants")),
        "assignment" if !page.place.entry.is_empty() => format!("{fund}/assignments/{}", page.place.entry),
        "allocation" | "line" | "assignment" => of_grant.unwrap_or(fund),
        _ => fund,
    }
}

/// What the table's entries are called.
fn called(table: &str) -> &'static str {
    match table {
        "fund" => "fund",
        "priority" => "priority",
        "office" => "office",
        "organisation" => "organisation",
        "person" => "person",
        "round" => "round",
        "share" => "row of the needs matrix",
        "holder" => "term of an office",
        "allocation" => "allocation",
        "line" => "budget line",
        "assignment" => "assignment",
        _ => "grant",
    }
}

fn after(web: &Web, session: &OfficeSession, page: &Page, edited: &Edited) -> Reply {
    let home = home(page);
    if edited.warnings.is_empty() {
        let done = if edited.changed { "saved" } else { "same" };
        return Ok(session::redirect(&format!("{home}?done={done}")));
    }
    let frame = frame(session, Part::Register, "Saved").back(home.clone());
    let context = json!({ "warnings": edited.warnings, "href": home });
    web.page(frame, "office/register/saved.html", context)
}

fn render(web: &Web, session: &OfficeSession, page: &Page, posted: Option<&Posted>, tried: &Tried) -> Reply {
    let (table, boxes) = (page.place.table.name, boxes(page));
    let title = match page.stands {
        None => format!("Add {}", with_article(called(table))),
        Some(_) => format!("Change {}", with_article(called(table))),
    };
    let stands = page.stands.as_ref().map(|(cells, _)| cells);
    let typed = posted.map(|posted| fields::read(&boxes, posted));
    let nothing = Cells::new();
    let filled = Filled {
        cells: typed.as_ref().or(stands).unwrap_or(&nothing),
        posted,
        problems: &tried.problems,
        now: stands.filter(|_| tried.words.is_some()).map(Vec::as_slice),
    };
    let grant = page.grant.as_deref();
    let kept = stands.map(|cells| fields::facts(&page.specs, cells, &page.register, grant));
    let context = json!({
        "title": title,
        "fund": page.register.fund.title,
        "grant": page.grant,
        "problems": fields::summary(&boxes, &tried.problems),
        "unplaced": unplaced(&boxes, &tried.problems),
        "words": tried.words,
        "kept": kept.unwrap_or_default().into_iter().map(|(name, value)| json!({ "name": name, "value": value, "href": null })).collect::<Vec<_>>(),
        "fields": fields::fields(&boxes, &filled, &page.register, grant),
        "stamp": stamp(page, posted, tried),
        "note": note(page),
    });
    let frame = frame(session, Part::Register, title)
        .back(home(page))
        .has_errors(!tried.problems.is_empty())
        .status(tried.status.unwrap_or(StatusCode::OK));
    web.page(frame, "office/register/entry.html", context)
}

/// The stamp of what was shown to whoever types: after a lost race, of what is shown beside it.
fn stamp(page: &Page, posted: Option<&Posted>, tried: &Tried) -> String {
    let stands = page.stands.as_ref().map(|(_, stamp)| stamp.clone()).unwrap_or_default();
    match posted {
        Some(posted) if tried.words.is_none() => posted.get(STAMP).to_owned(),
        _ => stands,
    }
}

/// Problems that no box of the page has.
fn unplaced(boxes: &[Spec], problems: &[FieldProblem]) -> Vec<String> {
    let elsewhere = problems
        .iter()
        .filter(|problem| boxes.iter().all(|spec| spec.column != problem.field));
    elsewhere.map(|problem| problem.message.clone()).collect()
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}

/// What follows from a change, said before it is made.
fn note(page: &Page) -> &'static str {
    match (page.place.table.name, page.stands.is_some()) {
        ("person", true) => {
            "With another address, they are signed out, and get a new link to each return that is open."
        }
        ("share", true) => "Grants that were awarded already stay as they are.",
        ("assignment", false) => "Its returns are planned within minutes, and each contact gets a link when one opens.",
        ("grant" | "allocation", true) => {
            "A return that has been submitted keeps the amounts that it was submitted with."
        }
        ("holder", false) => {
            "Whoever holds an office signs in with a second factor. If they have none yet, whoever runs the server hands it over."
        }
        _ => "",
    }
}
