//! Signing in: an address, the code that was mailed to it, a code of the authenticator.
//!
//! Invariant: nothing on these pages depends on whether anybody has the address that was typed.

use poem::http::StatusCode;
use poem::{Request, Response, handler};
use serde::Serialize;

use super::super::{Frame, HalfOfficeSession, Posted, Reply, Web, WebError, address, csrf, onward, session};
use super::forms::{Problem, plain_summary};
use crate::service::{FieldProblem, ServiceError, session as sessions, signin};

/// A field as it is shown: never with a code that was typed.
#[derive(Debug, Serialize)]
struct Shown {
    value: String,
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct SignIn {
    problems: Vec<Problem>,
    address: Shown,
    code: Shown,
    totp: Shown,
    asked: bool,
}

impl SignIn {
    fn new(address: &str, asked: bool, problems: &[FieldProblem]) -> Self {
        let error = |field: &str| {
            problems
                .iter()
                .find(|problem| problem.field == field)
                .map(|problem| problem.message.clone())
        };
        let shown = |field: &str, value: &str| Shown {
            value: value.to_owned(),
            error: error(field),
        };
        SignIn {
            problems: plain_summary(problems),
            address: shown("address", address),
            code: shown("code", ""),
            totp: shown("totp", ""),
            asked,
        }
    }
}

/// Asks for the address.
#[handler]
pub async fn show(web: Web) -> Reply {
    address_page(&web, "", &[])
}

/// Mails a code, and asks for it.
#[handler]
pub async fn send_code(request: &Request, web: Web, posted: Posted) -> Reply {
    posted.only(&["address"])?;
    let typed = posted.get("address");
    match signin::request_code(&web.deps, typed, &peer(&web, request), web.now()).await {
        Ok(()) => code_page(&web, typed, true, &[]),
        Err(ServiceError::Invalid(problems)) => address_page(&web, typed, &problems),
        Err(other) => Err(other.into()),
    }
}

/// Asks for the code and, of whoever came here by themselves, for the address.
#[handler]
pub async fn show_code(web: Web) -> Reply {
    code_page(&web, "", false, &[])
}

/// Takes the code.
#[handler]
pub async fn check_code(request: &Request, web: Web, posted: Posted) -> Reply {
    posted.only(&["address", "code"])?;
    let typed = posted.get("address");
    match signin::check_code(&web.deps, typed, posted.get("code"), &peer(&web, request), web.now()).await {
        Ok(cookie_token) => Ok(session::begin(&web, &cookie_token, "/office/sign-in/second-factor")),
        Err(ServiceError::Invalid(problems)) => code_page(&web, typed, !typed.is_empty(), &problems),
        Err(other) => Err(other.into()),
    }
}

/// Asks for a code of the authenticator.
#[handler]
pub async fn show_second_factor(web: Web, half: HalfOfficeSession) -> Reply {
    if half.officer.second_factor {
        return Ok(session::redirect("/office"));
    }
    second_factor_page(&web, &half, &[])
}

/// Takes the code of the authenticator.
#[handler]
pub async fn check_second_factor(request: &Request, web: Web, half: HalfOfficeSession, posted: Posted) -> Reply {
    posted.only(&["totp"])?;
    match signin::second_factor(&web.deps, &half.cookie_token, posted.get("totp"), web.now()).await {
        Ok(cookie_token) => Ok(onward::forgotten(session::begin(
            &web,
            &cookie_token,
            &onward::of(request),
        ))),
        Err(ServiceError::Invalid(problems)) => second_factor_page(&web, &half, &problems),
        Err(other) => Err(other.into()),
    }
}

/// Signs out, whatever was given so far.
#[handler]
pub async fn sign_out(web: Web, half: HalfOfficeSession, posted: Posted) -> Reply {
    posted.only(&[])?;
    sessions::end(&web.deps, &half.cookie_token).await?;
    Ok(session::forget(&web, "/office/sign-in"))
}

fn peer(web: &Web, request: &Request) -> String {
    address::counted_as(address::of(request, &web.trusted_proxies)).to_string()
}

fn address_page(web: &Web, typed: &str, problems: &[FieldProblem]) -> Result<Response, WebError> {
    let frame = anyone(web, "Sign in to the office", problems);
    web.page(frame, "office/sign-in.html", SignIn::new(typed, false, problems))
}

fn code_page(web: &Web, typed: &str, asked: bool, problems: &[FieldProblem]) -> Result<Response, WebError> {
    let frame = anyone(web, "Enter your code", problems).back("/office/sign-in");
    web.page(
        frame,
        "office/sign-in-code.html",
        SignIn::new(typed.trim(), asked, problems),
    )
}

fn second_factor_page(web: &Web, half: &HalfOfficeSession, problems: &[FieldProblem]) -> Result<Response, WebError> {
    let frame = with_problems(half.frame("Enter the code from your authenticator app"), problems);
    web.page(frame, "office/second-factor.html", SignIn::new("", true, problems))
}

fn anyone(web: &Web, title: &str, problems: &[FieldProblem]) -> Frame {
    with_problems(Frame::new(title, &csrf::anonymous_token(web)), problems)
}

/// Says in title and status that something needs to be put right.
pub fn with_problems(frame: Frame, problems: &[FieldProblem]) -> Frame {
    if problems.is_empty() {
        frame
    } else {
        frame.has_errors(true).status(StatusCode::UNPROCESSABLE_ENTITY)
    }
}
