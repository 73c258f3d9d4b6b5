//! Who is behind a request: the cookie, and the guards that a handler names in its arguments.
//!
//! Invariant: a guard already holds the contact or the officer. A handler that does not name one can reach nobody's
//! return.

use poem::http::{HeaderValue, StatusCode, header};
use poem::{FromRequest, Request, RequestBody, Response};

use super::said::Language;
use super::view::Frame;
use super::{Web, WebError, csrf};
use crate::service::session::SessionView;
use crate::service::{Contact, Officer, session};

/// The cookie where pages travel encrypted. The prefix makes browsers refuse it from anywhere else.
const COOKIE: &str = "__Host-countersign";
/// The cookie on this very machine without encryption, for the demo and tests.
const LOOPBACK_COOKIE: &str = "countersign";

/// To which part of the house a page belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Anyone: the link page, the first step of signing in.
    Anyone,
    /// Contacts, through their link.
    Provider,
    /// Officers who have not given their second factor yet.
    HalfOffice,
    /// Officers.
    Office,
}

impl Door {
    /// Whether whoever has this session is let through.
    pub fn admits(self, view: Option<&SessionView>) -> bool {
        match self {
            Door::Anyone => true,
            Door::Provider => view.is_some_and(|view| view.contact.is_some()),
            Door::HalfOffice => view.is_some_and(|view| view.officer.is_some()),
            Door::Office => view.is_some_and(|view| view.officer.as_ref().is_some_and(|officer| officer.second_factor)),
        }
    }
}

/// Somebody at a provider, come through a link.
#[derive(Debug, Clone)]
pub struct ProviderSession {
    /// Who, and to which return.
    pub contact: Contact,
    /// Goes with every form.
    pub csrf: String,
    /// In which language the form's words are read.
    pub language: Language,
}

/// An officer who has given the second factor.
#[derive(Debug, Clone)]
pub struct OfficeSession {
    /// Who.
    pub officer: Officer,
    /// Goes with every form.
    pub csrf: String,
}

/// An officer who has given the code from their mail; the second factor may be missing yet.
#[derive(Debug, Clone)]
pub struct HalfOfficeSession {
    /// Who.
    pub officer: Officer,
    /// Goes with every form.
    pub csrf: String,
    /// The cookie's token, which is changed with the second factor.
    pub cookie_token: String,
}

impl ProviderSession {
    /// The frame of a page of theirs.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        Frame::new(title, &self.csrf).signed_in(&self.contact.person.name, "/return/leave")
    }
}

impl OfficeSession {
    /// The frame of a page of theirs.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        Frame::new(title, &self.csrf).signed_in(&self.officer.person.name, "/office/sign-out")
    }
}

impl HalfOfficeSession {
    /// The frame of a page of theirs.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        Frame::new(title, &self.csrf)
    }
}

impl<'a> FromRequest<'a> for ProviderSession {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let view = found(request).await?;
        match view.and_then(|view| Some((csrf::token_of(&view), view.contact?))) {
            Some((csrf, contact)) => Ok(Self {
                contact,
                csrf,
                language: Language::of(request),
            }),
            None => Err(WebError::SignedOut(Door::Provider, None).into()),
        }
    }
}

impl<'a> FromRequest<'a> for OfficeSession {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let view = found(request).await?;
        match view.and_then(|view| Some((view.officer?, view.session.csrf))) {
            Some((officer, csrf)) if officer.second_factor => Ok(Self { officer, csrf }),
            Some(_) => Err(WebError::SignedOut(Door::HalfOffice, None).into()),
            None => Err(WebError::SignedOut(Door::Office, None).into()),
        }
    }
}

impl<'a> FromRequest<'a> for HalfOfficeSession {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let web = Web::of(request);
        let token = cookie(request, &web.deps.base_url);
        let view = found(request).await?;
        match (view.and_then(|view| Some((view.officer?, view.session.csrf))), token) {
            (Some((officer, csrf)), Some(cookie_token)) => Ok(Self {
                officer,
                csrf,
                cookie_token,
            }),
            _ => Err(WebError::SignedOut(Door::Office, None).into()),
        }
    }
}

impl<'a> FromRequest<'a> for Web {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        Ok(Web::of(request).clone())
    }
}

impl Web {
    /// The room that a request came into.
    pub(super) fn of(request: &Request) -> &Web {
        request
            .data::<Web>()
            .expect("every route is entered through the gate, which brings the room")
    }
}

/// The session of a request: the one that the gate has found already, or that of the cookie.
async fn found(request: &Request) -> Result<Option<SessionView>, WebError> {
    match request.data::<SessionView>() {
        Some(view) => Ok(Some(view.clone())),
        None => look_up(request).await,
    }
}

/// The session of a request's cookie.
pub(super) async fn look_up(request: &Request) -> Result<Option<SessionView>, WebError> {
    let web = Web::of(request);
    match cookie(request, &web.deps.base_url) {
        Some(token) => Ok(session::find(&web.deps, &token, web.now()).await?),
        None => Ok(None),
    }
}

/// The token in a request's cookie.
pub fn cookie(request: &Request, base_url: &str) -> Option<String> {
    let wanted = cookie_name(base_url);
    let lines = request.headers().get_all(header::COOKIE);
    let mut pairs = lines
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    pairs.find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == wanted && !value.is_empty() && value.len() <= 200).then(|| value.to_owned())
    })
}

/// Answers with a redirect that starts a session.
pub fn begin(web: &Web, cookie_token: &str, to: &str) -> Response {
    set_cookie(&web.deps.base_url, cookie_token, to, "")
}

/// Answers with a redirect that forgets the cookie.
pub fn forget(web: &Web, to: &str) -> Response {
    set_cookie(&web.deps.base_url, "", to, "; Max-Age=0")
}

fn set_cookie(base_url: &str, token: &str, to: &str, more: &str) -> Response {
    let secure = if is_encrypted(base_url) { "; Secure" } else { "" };
    let cookie = format!(
        "{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{more}",
        cookie_name(base_url)
    );
    let mut response = redirect(to);
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

/// Sends a browser on after a form: it will GET the address.
pub fn redirect(to: &str) -> Response {
    Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, to)
        .finish()
}

/// Whether pages travel encrypted, so that cookies may insist on it.
pub fn is_encrypted(base_url: &str) -> bool {
    cookie_name(base_url) == COOKIE
}

/// Without encryption a `__Host-` cookie is refused by browsers; that is allowed on this machine alone.
fn cookie_name(base_url: &str) -> &'static str {
    let host = base_url
        .strip_prefix("http://")
        .map(|rest| rest.split('/').next().unwrap_or_default());
    let name = host.map(|host| match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    });
    match name {
        Some("localhost" | "127.0.0.1" | "[::1]") => LOOPBACK_COOKIE,
        _ => COOKIE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_does_without_encryption() {
        for base in [
            "http://localhost",
            "http://127.0.0.1:8080",
            "http://[::1]:80",
            "http://localhost:1/x",
        ] {
            assert_eq!(cookie_name(base), LOOPBACK_COOKIE, "{base}");
        }
        for base in [
            "https://localhost",
            "http://localhost.evil.example",
            "http://10.0.0.1",
            "http://127.0.0.1.example:80",
        ] {
            assert_eq!(cookie_name(base), COOKIE, "{base}");
        }
    }

    #[test]
    fn a_cookie_cannot_be_read_by_scripts_or_sent_unencrypted() {
        let cookie = |base| {
            let response = set_cookie(base, "token", "/return", "");
            response.header(header::SET_COOKIE).map(str::to_owned).unwrap()
        };
        let host = "__Host-countersign=token; Path=/; HttpOnly; SameSite=Lax; Secure";
        assert_eq!(cookie("https://returns.example.org"), host);
        assert_eq!(
            cookie("http://localhost:8080"),
            "countersign=token; Path=/; HttpOnly; SameSite=Lax"
        );
    }

    #[test]
    fn the_cookie_is_found_among_others_and_by_its_whole_name() {
        let found = |line: &str| cookie(&Request::builder().header("cookie", line).finish(), "https://x.example");
        assert_eq!(found("a=b; __Host-countersign=t0k; c=d").as_deref(), Some("t0k"));
        for none in [
            "countersign=t0k",
            "x__Host-countersign=t0k",
            "__Host-countersign=",
            "__host-countersign=t",
        ] {
            assert_eq!(found(none), None, "{none}");
        }
    }
}
