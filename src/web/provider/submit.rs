//! Submitting, and the page that says that it was done.
//!
//! Invariant: the receipt is drawn from what is stored, so that a second press or a reload shows the same one. What is
//! submitted is what the page showed; an explanation that was typed beside the button is kept first.

use poem::handler;
use poem::http::StatusCode;
use serde_json::json;

use super::super::session::redirect;
use super::super::{Posted, ProviderSession, Reply, Web};
use super::check::{SHOWN, Unsaved, render, texts, unsaved};
use super::{place, tasks};
use crate::service::submit::{SubmitError, submit as service_submit};
use crate::service::{provider as service, save};

/// `POST /return/submit`
#[handler]
pub async fn submit(web: Web, session: ProviderSession, posted: Posted) -> Reply {
    let (mut texts, now) = (texts(&posted)?, web.now());
    let shown = posted.get(SHOWN);
    let page = service::home(&web.deps, &session.contact, now).await?;
    // What the boxes held already is not said again by submitting: where its figures have changed, it is asked for.
    texts.retain(|key, text| {
        let before = page.draft.explanations.get(key);
        before.is_none_or(|before| before.text != text.trim().replace("\r\n", "\n"))
    });
    if page.editable {
        // What was typed beside the button is kept, whatever becomes of the rest.
        if let Err(error) = save::explain(&web.deps, &session.contact, &texts, now).await {
            // Another press of the button may have submitted it meanwhile: then that is the answer.
            let repeat = service_submit(&web.deps, &session.contact, shown, now).await.is_ok();
            return if repeat {
                Ok(redirect("/return/submitted"))
            } else {
                unsaved(&web, &session, texts, error).await
            };
        }
    }
    match service_submit(&web.deps, &session.contact, shown, now).await {
        Ok(_) => Ok(redirect("/return/submitted")),
        Err(SubmitError::Blocked(page)) => {
            let tried = Unsaved {
                tried: true,
                ..Unsaved::default()
            };
            render(&web, &session, &page, &tried, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(SubmitError::Changed(page)) => {
            let changed = Unsaved {
                changed: true,
                ..Unsaved::default()
            };
            render(&web, &session, &page, &changed, StatusCode::CONFLICT)
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
        "form_title": place::title(&page, session.language),
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
