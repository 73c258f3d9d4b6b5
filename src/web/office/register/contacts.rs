//! An assignment and its contacts: somebody put in the place of who has left, somebody added, the lead chosen.
//!
//! Invariant: what was typed comes back with whatever is wrong with it, beside the contact that it is about.

use countersign_domain::answers::format;
use countersign_domain::ids::{AssignmentId, FundId, PersonId};
use countersign_domain::register::Assignment;
use poem::handler;
use poem::http::StatusCode;
use poem::web::{Path, Query};
use serde_json::{Value, json};

use super::super::super::{OfficeSession, Posted, Reply, Web, WebError, session};
use super::super::forms::Attempt;
use super::super::words::Fact;
use super::super::{Part, attempt, frame, id};
use super::lists;
use super::sheet::Asked;
use crate::service::register::edit::contacts::{self, NewContact};
use crate::service::register::view::{self, FundRegister};
use crate::service::{FieldProblem, ServiceError};

/// The act that adds one.
const ADD: &str = "add";
/// What somebody new is known by.
const FIELDS: [&str; 2] = ["name", "email"];

/// The page of an assignment.
#[handler]
pub async fn show(
    web: Web,
    session: OfficeSession,
    Path((fund, assignment)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Reply {
    let of = register(&web, &session, &fund, &assignment).await?;
    page(&web, &session, &of, &Attempt::default(), asked.done())
}

/// Adds a contact.
#[handler]
pub async fn add(
    web: Web,
    session: OfficeSession,
    Path((fund, assignment)): Path<(String, String)>,
    posted: Posted,
) -> Reply {
    let of = register(&web, &session, &fund, &assignment).await?;
    let tried = attempt(ADD, &posted, &FIELDS)?;
    let done = contacts::add_contact(&web.deps, &session.officer, of.1.id, &new(&tried), web.now()).await;
    reply(&web, &session, &of, tried, done.map(|_| ()))
}

/// Puts somebody in the place of a contact.
#[handler]
pub async fn replace(
    web: Web,
    session: OfficeSession,
    Path((fund, assignment, person)): Path<(String, String, String)>,
    posted: Posted,
) -> Reply {
    let of = register(&web, &session, &fund, &assignment).await?;
    let leaving: PersonId = id(&person)?;
    let tried = attempt(&person, &posted, &FIELDS)?;
    let at = (of.1.id, leaving);
    let done = contacts::replace_contact(&web.deps, &session.officer, at, &new(&tried), web.now()).await;
    reply(&web, &session, &of, tried, done.map(|_| ()))
}

/// Makes a contact the lead.
#[handler]
pub async fn lead(
    web: Web,
    session: OfficeSession,
    Path((fund, assignment, person)): Path<(String, String, String)>,
    posted: Posted,
) -> Reply {
    let of = register(&web, &session, &fund, &assignment).await?;
    posted.only(&[])?;
    let done = contacts::set_lead(&web.deps, &session.officer, of.1.id, id(&person)?, web.now()).await;
    reply(&web, &session, &of, Attempt::default(), done)
}

fn new(tried: &Attempt) -> NewContact {
    NewContact {
        name: tried.value("name").to_owned(),
        email: tried.value("email").to_owned(),
    }
}

async fn register(
    web: &Web,
    session: &OfficeSession,
    fund: &str,
    assignment: &str,
) -> Result<(FundRegister, Assignment), WebError> {
    let (fund, assignment): (FundId, AssignmentId) = (id(fund)?, id(assignment)?);
    let of = view::fund(&web.deps, &session.officer, fund).await?;
    let found = of.assignments.iter().find(|known| known.id == assignment).cloned();
    Ok((of, found.ok_or(ServiceError::NotFound)?))
}

fn href((of, one): &(FundRegister, Assignment)) -> String {
    format!("/office/register/{}/assignments/{}", of.fund.id, one.id)
}

fn reply(
    web: &Web,
    session: &OfficeSession,
    of: &(FundRegister, Assignment),
    mut tried: Attempt,
    done: Result<(), ServiceError>,
) -> Reply {
    match done {
        Ok(()) => Ok(session::redirect(&format!("{}?done=saved", href(of)))),
        Err(ServiceError::Invalid(problems)) => {
            tried.problems = problems;
            page(web, session, of, &tried, None)
        }
        Err(other) => Err(other.into()),
    }
}

/// The two boxes of an act, with what was typed into them where it was this one.
fn boxes(act: &str, tried: &Attempt) -> Value {
    let mine = tried.act == act;
    let one = |field: &str| {
        json!({
            "id": format!("{act}-{field}"),
            "value": if mine { tried.value(field) } else { "" },
            "error": tried.error(field).filter(|_| mine),
        })
    };
    json!({ "name": one("name"), "email": one("email"), "open": mine && !tried.problems.is_empty() })
}

fn page(
    web: &Web,
    session: &OfficeSession,
    whole: &(FundRegister, Assignment),
    tried: &Attempt,
    done: Option<&str>,
) -> Reply {
    let (of, one) = whole;
    let contacts = of.contacts.iter().filter(|contact| contact.assignment == one.id);
    let contact = |contact: &countersign_domain::register::Contact| {
        let person = of.person(contact.person);
        let act = contact.person.to_string();
        json!({
            "name": person.map_or("", |person| &person.name), "email": person.map_or("", |person| &person.email),
            "lead": contact.lead, "id": act, "boxes": boxes(&act, tried),
        })
    };
    let title = format!("{}: {}", of.organisation(one.organisation), of.form(&one.form));
    let problem = |problem: &FieldProblem| json!({ "text": problem.message, "href": format!("#{}-{}", tried.act, problem.field) });
    let status = if tried.problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let context = json!({
        "title": title,
        "fund": of.fund.title,
        "href": href(whole),
        "facts": facts(of, one),
        "change": format!("/office/register/{}/change/assignment/{}", of.fund.id, one.id),
        "contacts": contacts.map(contact).collect::<Vec<_>>(),
        "adding": boxes(ADD, tried),
        "problems": tried.problems.iter().map(problem).collect::<Vec<_>>(),
        "done": done,
    });
    let frame = frame(session, Part::Register, title)
        .back(format!("/office/register/{}/assignments", of.fund.id))
        .has_errors(!tried.problems.is_empty())
        .status(status);
    web.page(frame, "office/register/assignment.html", context)
}

fn facts(of: &FundRegister, one: &Assignment) -> Vec<Fact> {
    let fund = of.fund.id;
    let mut facts = Vec::new();
    if let Some(grant) = of.grant(one.grant) {
        let to = format!("/office/register/{fund}/grants/{}", grant.id);
        facts.push(Fact::link("Grant", format!("{} {}", grant.reference, grant.title), to));
    }
    if let Some(allocation) = one.allocation.and_then(|id| of.allocation(id)) {
        facts.push(Fact::new("Allocation", allocation.title.clone()));
    }
    facts.push(Fact::new("Owed from", format::date(one.from)));
    facts.push(Fact::new("Owed until", format::date(one.to)));
    match of.next_return(one.id) {
        Some(ret) => facts.push(Fact::link(
            "Next",
            lists::next(of, one),
            format!("/office/returns/{}", ret.id),
        )),
        None => facts.push(Fact::new("Next", lists::next(of, one))),
    }
    facts
}
