//! A provider's pages: from the link to the receipt.
//!
//! Invariant: every page but the link's is drawn from one read of the return, as its contact may see it.

pub mod autosave;
pub mod beside;
pub mod boxes;
pub mod cells;
pub mod check;
pub mod colleague;
pub mod files;
pub mod link;
pub mod measures;
pub mod place;
pub mod queries;
pub mod question;
pub mod read_only;
pub mod rows;
pub mod section;
pub mod sheet;
pub mod submit;
pub mod table;
pub mod tasks;
pub mod typed;
pub mod typing;
pub mod words;

use poem::{Response, handler};

use super::session::redirect;
use super::view::Frame;
use super::{Reply, Web, csrf, session};

/// `GET /`: on to where one is signed in, or how to get in.
#[handler]
pub async fn front(web: Web, request: &poem::Request) -> Reply {
    let to = session::look_up(request)
        .await?
        .map(|view| if view.contact.is_some() { "/return" } else { "/office" });
    match to {
        Some(to) => Ok(redirect(to)),
        None => web.page(
            Frame::new("Grant returns", &csrf::anonymous_token(&web)),
            "provider/front.html",
            (),
        ),
    }
}

/// `POST /return/leave`: ends the session; what was saved stays.
#[handler]
pub async fn leave(web: Web, request: &poem::Request) -> Result<Response, super::WebError> {
    if let Some(token) = session::cookie(request, &web.deps.base_url) {
        crate::service::session::end(&web.deps, &token).await?;
    }
    Ok(session::forget(&web, "/"))
}
