//! The page behind a mailed link.
//!
//! Invariant: GET and HEAD show the same words for every token, set nothing and read nothing, because mail scanners
//! follow links; only the address that the mail went to opens the return.

use poem::http::StatusCode;
use poem::web::Path;
use poem::{Request, handler};
use serde_json::json;

use super::super::session::begin;
use super::super::view::Frame;
use super::super::{Posted, Reply, Web, address, csrf};
use crate::service::{ServiceError, enter as service};

/// `GET /r/{token}`
#[handler]
pub async fn show(web: Web) -> Reply {
    page(&web, "", None, StatusCode::OK)
}

/// `POST /r/{token}`
#[handler]
pub async fn enter(web: Web, request: &Request, Path(token): Path<String>, posted: Posted) -> Reply {
    posted.only(&["address"])?;
    let typed = posted.get("address");
    let peer = address::counted_as(address::of(request, &web.trusted_proxies)).to_string();
    match service::enter(&web.deps, &token, typed, &peer, web.now()).await {
        Ok(entered) => Ok(begin(&web, &entered.cookie_token, "/return")),
        Err(ServiceError::Invalid(problems)) => {
            let message = problems.into_iter().map(|problem| problem.message).next();
            page(&web, typed, message, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(ServiceError::Refused(words)) => page(&web, typed, Some(words), StatusCode::FORBIDDEN),
        Err(other) => Err(other.into()),
    }
}

fn page(web: &Web, typed: &str, message: Option<String>, status: StatusCode) -> Reply {
    let frame = Frame::new("Open your return", &csrf::anonymous_token(web))
        .has_errors(message.is_some())
        .status(status);
    web.page(
        frame,
        "provider/link.html",
        json!({ "typed": typed, "message": message }),
    )
}
