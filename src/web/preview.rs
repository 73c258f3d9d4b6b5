//! The preview's own address: signs whoever comes in as the contact of its invented return.
//!
//! Invariant: exists only in `forms preview`; where [`Web::preview`] is none, the address is not there.

use poem::handler;

use super::{Reply, Web, session};
use crate::service::{ServiceError, enter};

/// The contact of the return that is previewed.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Of the link that they were sent.
    pub token: String,
    /// Where it was sent.
    pub address: String,
}

/// Begins a session, and goes to the task list.
#[handler]
pub async fn show(web: Web) -> Reply {
    let preview = web.preview.clone().ok_or(ServiceError::NotFound)?;
    let entered = enter::enter(&web.deps, &preview.token, &preview.address, "preview", web.now()).await?;
    Ok(session::begin(&web, &entered.cookie_token, "/return"))
}
