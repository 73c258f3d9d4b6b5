//! Rows that a provider adds to a section: adding one, taking one out, putting it back.
//!
//! Invariant: taking out is asked about first, and says that what was typed is kept.

use countersign_domain::answers::types::SectionKey;
use poem::handler;
use poem::web::Path;
use serde::Deserialize;
use serde_json::json;

use super::super::session::redirect;
use super::super::{Posted, ProviderSession, Reply, Web};
use super::place;
use crate::service::provider as service;
use crate::service::{ServiceError, rows};

/// The parts of a row's address.
#[derive(Deserialize)]
pub struct At {
    section: String,
    row: String,
}

impl At {
    fn key(&self) -> SectionKey {
        place::key(&self.section, Some(&self.row))
    }
}

/// Where a section's rows stand on the task list.
pub fn anchor(section: &str) -> String {
    format!("rows-{section}")
}

/// `POST /return/rows/{section}/add`: leads on to the new row.
#[handler]
pub async fn add(web: Web, session: ProviderSession, Path(section): Path<String>, posted: Posted) -> Reply {
    posted.only(&[])?;
    let (key, _) = rows::add(&web.deps, &session.contact, &section, web.now()).await?;
    Ok(redirect(&place::address(&key)))
}

/// `GET /return/rows/{section}/{row}/take-out`
#[handler]
pub async fn ask(web: Web, session: ProviderSession, Path(at): Path<At>) -> Reply {
    let page = service::home(&web.deps, &session.contact, web.now()).await?;
    let key = at.key();
    let section = page.evaluated.section(&key).ok_or(ServiceError::NotFound)?;
    if !page.editable || page.form.sections[section.section].rows.is_none() {
        return Err(ServiceError::NotFound.into());
    }
    let frame = session
        .frame(format!("Take out {}", section.title))
        .back(place::address(&key));
    let context = json!({
        "title": section.title,
        "caption": place::caption(&page),
        "action": format!("/return/rows/{}/{}/take-out", at.section, at.row),
        "stay": place::address(&key),
    });
    web.page(frame, "provider/take-out.html", context)
}

/// `POST /return/rows/{section}/{row}/take-out`
#[handler]
pub async fn take_out(web: Web, session: ProviderSession, Path(at): Path<At>, posted: Posted) -> Reply {
    posted.only(&[])?;
    rows::remove(&web.deps, &session.contact, &at.key(), web.now()).await?;
    Ok(redirect(&format!("/return#{}", anchor(&at.section))))
}

/// `POST /return/rows/{section}/{row}/put-back`
#[handler]
pub async fn put_back(web: Web, session: ProviderSession, Path(at): Path<At>, posted: Posted) -> Reply {
    posted.only(&[])?;
    rows::restore(&web.deps, &session.contact, &at.key(), web.now()).await?;
    Ok(redirect(&format!("/return#{}", anchor(&at.section))))
}
