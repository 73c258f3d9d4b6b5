//! The one place that turns what went wrong into a page, or into JSON for a save while typing.
//!
//! Invariant: a page says what to do next in plain words and nothing of how the server is made; a fault of ours is
//! logged once, here, and what was typed goes back with the answer.

use poem::http::{StatusCode, header};
use poem::{Body, IntoResponse, Request, Response};
use serde::Serialize;
use serde_json::json;

use super::kept::{Again, Kept};
use super::session::{Door, redirect};
use super::view::Frame;
use super::{Web, csrf, onward};
use crate::service::ServiceError;
use crate::wording::WordingError;

/// Why a request was not answered with its page.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// What a service said.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// A page could not be put together.
    #[error(transparent)]
    Wording(#[from] WordingError),
    /// Nobody is signed in for this door. Holds what was typed.
    #[error("signed out")]
    SignedOut(Door, Option<Kept>),
    /// Sent from a page that is not ours.
    #[error("sent from another site")]
    CrossSite,
    /// Sent from a page of an earlier session. Holds what was typed.
    #[error("sent from an earlier session")]
    Stale(Option<Kept>),
    /// Sent from a page of another return than the one that is open now. Holds what was typed.
    #[error("sent from a page of another return")]
    OtherReturn(Kept),
    /// Any other, with what was typed.
    #[error("{0}")]
    Typed(Box<WebError>, Kept),
    /// Too many bytes.
    #[error("more than {most} bytes")]
    TooLarge {
        /// The limit in bytes.
        most: usize,
    },
    /// The body did not come in time.
    #[error("too slow")]
    TooSlow,
    /// The connection broke off.
    #[error("broken off")]
    Broken,
    /// Too often.
    #[error("too many tries")]
    TooMany {
        /// When to come back.
        minutes: u32,
    },
    /// Not what our pages send, in words.
    #[error("{0}")]
    BadRequest(&'static str),
}

impl poem::error::ResponseError for WebError {
    fn status(&self) -> StatusCode {
        status_of(self)
    }
}

fn status_of(error: &WebError) -> StatusCode {
    match error {
        WebError::Service(error) => match error {
            ServiceError::Refused(_) => StatusCode::FORBIDDEN,
            ServiceError::NotFound => StatusCode::NOT_FOUND,
            ServiceError::Conflict(_) => StatusCode::CONFLICT,
            ServiceError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            ServiceError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            ServiceError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            ServiceError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        },
        WebError::Wording(_) => StatusCode::INTERNAL_SERVER_ERROR,
        WebError::SignedOut(..) | WebError::CrossSite | WebError::Stale(_) | WebError::OtherReturn(_) => {
            StatusCode::FORBIDDEN
        }
        WebError::Typed(error, _) => status_of(error),
        WebError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        WebError::TooSlow => StatusCode::REQUEST_TIMEOUT,
        WebError::Broken | WebError::BadRequest(_) => StatusCode::BAD_REQUEST,
        WebError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
    }
}

/// What the page says.
#[derive(Debug, Default, Serialize)]
struct Said {
    heading: &'static str,
    lines: Vec<String>,
    kept: Option<Kept>,
    link: Option<(&'static str, &'static str)>,
    /// Where one goes on from a page that leads nowhere else.
    home: Option<(&'static str, &'static str)>,
}

fn said(heading: &'static str, lines: &[&str]) -> Said {
    Said {
        heading,
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        ..Said::default()
    }
}

fn words(error: WebError) -> Said {
    match error {
        WebError::Service(error) => service_words(error),
        WebError::SignedOut(door, kept) => Said {
            kept,
            ..signed_out(door)
        },
        WebError::CrossSite => said(
            "This was not sent from Countersign",
            &[
                "Your browser says that the form came from another website, so nothing was done.",
                "If you were filling in a return, open the link in your email again.",
            ],
        ),
        WebError::Stale(kept) => Said {
            kept,
            ..said(
                "Send this again",
                &["This page was opened before you last signed in, so nothing was done yet."],
            )
        },
        WebError::OtherReturn(kept) => Said {
            kept: Some(kept),
            ..said(
                "This is a page of another return",
                &[
                    "You have opened the link of another return since, so nothing was saved: it would have gone into the wrong one.",
                    "To save this, open the link in the email about the return that it belongs to.",
                ],
            )
        },
        WebError::Typed(error, kept) => Said {
            kept: (kept.again != Again::Never || !kept.typed.is_empty()).then_some(kept),
            ..words(*error)
        },
        WebError::TooLarge { most } => Said {
            lines: vec![
                format!(
                    "Nothing was saved, because what you sent is larger than {}.",
                    size_words(most)
                ),
                "Go back, make it smaller, and send it again. What you typed is still on the page that you came from."
                    .to_owned(),
            ],
            heading: "That is too large",
            ..Said::default()
        },
        WebError::TooSlow | WebError::Broken => said(
            "That did not arrive",
            &[
                "The connection was too slow or broke off, so nothing was saved.",
                "Go back and send it again. What you typed is still on the page that you came from.",
            ],
        ),
        WebError::TooMany { minutes } => too_many(minutes),
        WebError::BadRequest(line) => said(
            "That cannot be read",
            &[line, "Nothing was saved. Go back and try again."],
        ),
        WebError::Wording(_) => fault(),
    }
}

fn service_words(error: ServiceError) -> Said {
    match error {
        ServiceError::Refused(line) => said("You cannot do this", &[&line]),
        ServiceError::NotFound => not_found(),
        ServiceError::Conflict(line) => said("This has changed", &[&line]),
        ServiceError::Invalid(problems) => Said {
            heading: "Something needs to be put right",
            lines: problems.into_iter().map(|problem| problem.message).collect(),
            ..Said::default()
        },
        ServiceError::TooMany { retry_minutes } => too_many(retry_minutes),
        ServiceError::Unavailable(line) => said("Not saved", &[&line]),
        ServiceError::Internal(_) => fault(),
    }
}

fn signed_out(door: Door) -> Said {
    match door {
        Door::Anyone | Door::Provider => said(
            "Open the link in your email",
            &[
                "You are not signed in to a return. This happens after 12 hours, after leaving the return, or when a link is replaced by a newer one.",
                "Open the link in the latest email about the return to continue. Everything that was saved is still there.",
            ],
        ),
        Door::HalfOffice | Door::Office => Said {
            link: Some(("/office/sign-in", "Sign in")),
            ..said(
                "You have been signed out",
                &["You are signed out after an hour without use."],
            )
        },
    }
}

fn too_many(minutes: u32) -> Said {
    let when = match minutes {
        0 | 1 => "Wait a minute, then try again.".to_owned(),
        60 => "Try again in an hour.".to_owned(),
        minutes => format!("Try again in {minutes} minutes."),
    };
    said(
        "Too many tries",
        &["There have been too many tries in a short time.", &when],
    )
}

fn not_found() -> Said {
    said(
        "Page not found",
        &[
            "If you typed the address, check that it is correct.",
            "If you followed a link in an email, check that the whole of it was copied.",
        ],
    )
}

fn fault() -> Said {
    said(
        "Something went wrong",
        &[
            "This is a fault of the server, and what you just did may not have been kept.",
            "Look at it again in a few minutes before you repeat it. What was saved before is still there.",
        ],
    )
}

/// A limit in words.
fn size_words(bytes: usize) -> String {
    match bytes {
        super::limits::UPLOAD | crate::files::LARGEST => "20 MB".to_owned(),
        bytes if bytes >= 1024 * 1024 => format!("{} MB", bytes / 1024 / 1024),
        bytes => format!("{} KB", bytes / 1024),
    }
}

/// What a request was, as far as its error page needs to know.
pub(super) struct Asked {
    json: bool,
    safe: bool,
    path: String,
    home: Option<(&'static str, &'static str)>,
    reference: String,
}

impl Asked {
    pub(super) fn of(request: &Request, reference: &str) -> Asked {
        Asked {
            json: csrf::wants_json(request),
            safe: csrf::is_safe(request.method()),
            path: request.uri().path().to_owned(),
            home: home_of(request.uri().path()),
            reference: reference.to_owned(),
        }
    }
}

/// The page to go on from, for whoever is within a part of the house.
fn home_of(path: &str) -> Option<(&'static str, &'static str)> {
    match path.split('/').nth(1) {
        Some("return") => Some(("/return", "Go to your return")),
        Some("office") if !path.starts_with("/office/sign-in") => Some(("/office", "Go to the returns")),
        _ => None,
    }
}

/// Turns an error into its answer.
pub(super) fn answer(web: &Web, asked: &Asked, error: poem::Error) -> Response {
    if error.is_from_response() {
        return error.into_response();
    }
    let status = error.status();
    let words = match error.downcast::<WebError>() {
        Ok(WebError::SignedOut(Door::Office, None)) if asked.safe => {
            return onward::noted(redirect("/office/sign-in"), &asked.path);
        }
        Ok(WebError::SignedOut(Door::HalfOffice, None)) if asked.safe => {
            return onward::noted(redirect("/office/sign-in/second-factor"), &asked.path);
        }
        Ok(error) => {
            log_fault(&error, asked);
            let home = asked
                .home
                .filter(|_| !matches!(error, WebError::SignedOut(..) | WebError::OtherReturn(_)));
            Said { home, ..words(error) }
        }
        Err(other) => match status {
            StatusCode::NOT_FOUND => Said {
                home: asked.home,
                ..not_found()
            },
            StatusCode::METHOD_NOT_ALLOWED => said("That cannot be done here", &["Go back and try again."]),
            status if status.is_client_error() => {
                said("That cannot be read", &["Nothing was saved. Go back and try again."])
            }
            _ => {
                tracing::error!(request = %asked.reference, error = %other, "a request failed");
                fault()
            }
        },
    };
    page(web, asked, status, words)
}

/// What is answered when a handler panics.
pub(super) fn panicked(web: &Web, asked: &Asked) -> Response {
    page(web, asked, StatusCode::INTERNAL_SERVER_ERROR, fault())
}

fn log_fault(error: &WebError, asked: &Asked) {
    match error {
        WebError::Typed(error, _) => log_fault(error, asked),
        WebError::Service(ServiceError::Internal(_)) | WebError::Wording(_) => {
            tracing::error!(request = %asked.reference, %error, "a request failed");
        }
        WebError::Service(ServiceError::Unavailable(_)) => {
            tracing::warn!(request = %asked.reference, %error, "a request was not served");
        }
        _ => {}
    }
}

fn page(web: &Web, asked: &Asked, status: StatusCode, said: Said) -> Response {
    if asked.json {
        let body = json!({ "error": said.heading, "lines": said.lines }).to_string();
        return Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from_string(body));
    }
    let frame = Frame::new(said.heading, &csrf::anonymous_token(web)).status(status);
    let reference = status.is_server_error().then_some(&asked.reference);
    let context = json!({ "said": said, "reference": reference });
    web.page(frame, "error.html", context).unwrap_or_else(|error| {
        tracing::error!(request = %asked.reference, %error, "the error page failed");
        (status, "Something went wrong. Try again in a few minutes.").into_response()
    })
}
