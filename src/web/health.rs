//! Whether the server lives, and whether it can work: for whoever watches it.
//!
//! Invariant: neither answer says more than yes or no; why not is in the log.

use poem::http::StatusCode;
use poem::{IntoResponse, Response, handler};

use super::Web;

/// `GET /healthz`: the process answers.
#[handler]
pub async fn alive() -> Response {
    "ok\n".into_response()
}

/// `GET /readyz`: the database takes writes and has the tables of this version.
#[handler]
pub async fn ready(web: Web) -> Response {
    let store = &web.deps.store;
    let problem = match (store.ping().await, store.pending_migrations().await) {
        (Ok(()), Ok(0)) => return "ready\n".into_response(),
        (Ok(()), Ok(pending)) => format!("{pending} migrations are to be applied"),
        (Err(error), _) | (_, Err(error)) => error.to_string(),
    };
    tracing::warn!(%problem, "not ready");
    (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
}
