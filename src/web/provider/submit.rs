//! Submitting, and the page that says that it was done.
//!
//! Invariant: the receipt is drawn from what is stored, so that a second press or a reload shows the same one.

use poem::handler;
use poem::http::StatusCode;
use serde_json::json;

use super::super::session::redirect;
use super::super::{Posted, ProviderSession, Reply, Web};
use super::check::{Unsaved, render};
use super::{place, tasks};
use crate::service::provider as service;
use crate::service::submit::{SubmitError, submit as service_submit};

/// `POST /return/submit`
#[handler]
pub async fn submit(web: Web, session: ProviderSession, posted: Posted) -> Reply {
    posted.only(&[])?;
    match service_submit(&web.deps, &session.contact, web.now()).await {
        Ok(_) => Ok(redirect("/return/submitted")),
        Err(SubmitError::Blocked(page)) => {
            let tried = Unsaved {
                tried: true,
                ..Unsaved::default()
            };
            render(&web, &session, &page, &tried, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(SubmitError::Service(error)) => Err(error.into()),
    }
}

/// `GET /return/submitted`
#[handler]
pub async fn submitted(web: Web, session: ProviderSession) -> Reply {
    let page = service::home(&web.deps, &session.contact, web.now()).await?;
    let Some(receipt) = &page.receipt else {
        return Ok(redirect("/return"));
    };
    let digest = receipt.digest.to_string();
    let groups: Vec<&str> = (0..digest.len())
        .step_by(8)
        .filter_map(|at| digest.get(at..at + 8))
        .collect();
    let context = json!({
        "form_title": page.form.title.en,
        "caption": place::caption(&page),
        "reference": page.ret.reference,
        "revision": receipt.number,
        "digest": groups.join(" "),
        "submitted_at": receipt.submitted_at.to_rfc3339(),
        "standing": tasks::standing(&page),
        "editable": page.editable,
        "commissioner": page.commissioner,
        "contact_line": &*web.deps.contact_line,
        "address": session.contact.person.email,
    });
    web.page(session.frame("Return submitted"), "provider/submitted.html", context)
}
