//! Whether a form was sent from a page of ours: by what the browser says of where it came from, and by a token.
//!
//! Invariant: nothing but GET, HEAD and OPTIONS reaches a handler without passing both.

use poem::Request;
use poem::http::{HeaderMap, Method, header};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{Web, WebError};
use crate::service::session::SessionView;

/// The name of the field.
pub const FIELD: &str = "csrf";

/// Whether a method changes nothing.
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses what a browser says was sent from elsewhere.
///
/// `Sec-Fetch-Site` decides where it is sent. Browsers that do not send it send an `Origin`, which must be ours; it is
/// `null` on our own forms, since pages are sent with `Referrer-Policy: no-referrer`, and then the token decides alone,
/// as it does for programs that send neither.
pub fn same_origin(headers: &HeaderMap, base_url: &str) -> Result<(), WebError> {
    let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let allowed = match said("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => said(header::ORIGIN.as_str()).is_none_or(|origin| origin == "null" || origin == origin_of(base_url)),
    };
    if allowed { Ok(()) } else { Err(WebError::CrossSite) }
}

/// Scheme, host and port of an address.
fn origin_of(base_url: &str) -> &str {
    let host = base_url.find("://").map_or(0, |at| at + 3);
    let end = base_url[host..].find('/').map_or(base_url.len(), |at| host + at);
    &base_url[..end]
}

/// Compares two tokens in a time that says nothing of where they differ. An empty token is never right.
pub fn is_token(given: &str, right: &str) -> bool {
    !right.is_empty() && bool::from(given.as_bytes().ct_eq(right.as_bytes()))
}

/// The token of a page that was made in a session. A contact's says of which return the page is, so that what was typed
/// for one return is never sent into another, whose link was opened in the same browser since.
pub fn token_of(view: &SessionView) -> String {
    let csrf = &view.session.csrf;
    match &view.contact {
        Some(contact) => format!("{csrf}{OF}{}", contact.return_id),
        None => csrf.clone(),
    }
}

/// Whether two tokens are of pages of two returns.
pub fn of_two_returns(one: &str, other: &str) -> bool {
    match (one.split_once(OF), other.split_once(OF)) {
        (Some((_, one)), Some((_, other))) => one != other,
        _ => false,
    }
}

/// Between a session's own token and the return.
const OF: char = '.';

/// The token on pages that nobody is signed in to. It is the same for everybody and on every replica: what such a
/// form does, anybody may do, so that it only tells our pages from others' together with [`same_origin`].
pub fn anonymous_token(web: &Web) -> String {
    // No link has the nil id, so that this token opens nothing.
    let keyed = web.deps.secrets.link_token(Uuid::nil().into());
    crate::secrets::token_digest(&keyed)
}

/// Whether the sender wants JSON: a save while typing.
pub fn wants_json(request: &Request) -> bool {
    request
        .header(header::ACCEPT)
        .is_some_and(|accept| accept.starts_with("application/json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| ((*name).parse().unwrap(), (*value).parse().unwrap()))
            .collect();
        same_origin(&headers, "https://returns.example.org/x").is_ok()
    }

    #[test]
    fn what_the_browser_says_decides() {
        assert!(allowed(&[("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(allowed(&[("origin", "https://returns.example.org")]));
        assert!(allowed(&[]));
        for site in ["cross-site", "same-site", "", "Same-Origin", "other"] {
            assert!(!allowed(&[("sec-fetch-site", site)]), "{site}");
        }
        for origin in [
            "https://evil.example",
            "http://returns.example.org",
            "https://returns.example.org:444",
            "",
        ] {
            assert!(!allowed(&[("origin", origin)]), "{origin}");
        }
        assert!(!allowed(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://returns.example.org")
        ]));
    }

    #[test]
    fn an_empty_token_is_never_right() {
        assert!(is_token("abc", "abc"));
        for (given, right) in [("", ""), ("abc", ""), ("", "abc"), ("ab", "abc"), ("abd", "abc")] {
            assert!(!is_token(given, right));
        }
    }

    #[test]
    fn pages_of_two_returns_are_told_apart() {
        assert!(of_two_returns("abc.1", "abd.2"));
        for (one, other) in [("abc.1", "abd.1"), ("abc", "abd.1"), ("", "abd.1"), ("abc", "abd")] {
            assert!(!of_two_returns(one, other), "{one} and {other}");
        }
    }
}
