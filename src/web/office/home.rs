//! The first page of the office: every return of the officer's funds, by where it stands.
//!
//! Invariant: see [`super::home_view`]; this only asks for them.

use poem::handler;
use serde_json::json;

use super::super::{OfficeSession, Reply, Web};
use super::{Part, frame, home_view};
use crate::service::office;

/// The lists.
#[handler]
pub async fn show(web: Web, session: OfficeSession) -> Reply {
    let funds = office::funds(&web.deps, &session.officer, web.now()).await?;
    let context = json!({ "funds": home_view::view(&funds, &session.officer) });
    web.page(frame(&session, Part::Returns, "Returns"), "office/home.html", context)
}
