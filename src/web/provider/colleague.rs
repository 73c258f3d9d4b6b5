//! Asking a colleague to help: they get a link of their own, so that every act carries its person.
//!
//! Invariant: the page says the same whoever the address belongs to.

use poem::handler;
use poem::http::StatusCode;
use serde_json::json;

use super::super::{Posted, ProviderSession, Reply, Web};
use crate::service::{FieldProblem, ServiceError, enter};

/// `GET /return/colleague`
#[handler]
pub async fn show(web: Web, session: ProviderSession) -> Reply {
    page(&web, &session, &Posted::default(), &[], None)
}

/// `POST /return/colleague`
#[handler]
pub async fn invite(web: Web, session: ProviderSession, posted: Posted) -> Reply {
    posted.only(&["name", "address"])?;
    let (name, address) = (posted.get("name"), posted.get("address"));
    match enter::colleague(&web.deps, &session.contact, name, address, web.now()).await {
        Ok(()) => page(&web, &session, &Posted::default(), &[], Some(address)),
        Err(ServiceError::Invalid(problems)) => page(&web, &session, &posted, &problems, None),
        Err(other) => Err(other.into()),
    }
}

fn page(web: &Web, session: &ProviderSession, typed: &Posted, problems: &[FieldProblem], sent: Option<&str>) -> Reply {
    let of = |field: &str| {
        problems
            .iter()
            .find(|problem| problem.field == field)
            .map(|problem| &problem.message)
    };
    let list: Vec<_> = problems
        .iter()
        .map(|problem| json!({ "text": problem.message, "href": format!("#{}", problem.field) }))
        .collect();
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let frame = session
        .frame("Ask a colleague to help")
        .back("/return")
        .has_errors(!problems.is_empty())
        .status(status);
    let context = json!({
        "errors": list,
        "name": typed.get("name"),
        "address": typed.get("address"),
        "name_error": of("name"),
        "address_error": of("address"),
        "sent": sent,
    });
    web.page(frame, "provider/colleague.html", context)
}
