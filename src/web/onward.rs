//! Where somebody was going when they were asked to sign in: a mail led them to one return, not to the list of all.
//!
//! Invariant: an address of the office's own pages, in the letters that those are made of, and nothing else; whoever
//! writes the cookie leads nobody elsewhere.

use poem::http::{HeaderValue, header};
use poem::{Request, Response};

/// The cookie, which goes with the office's pages alone.
const COOKIE: &str = "countersign-onward";
/// How long it is kept, in seconds: as long as signing in may take.
const SECONDS: u32 = 900;

/// Notes where they were going, with the answer that asks them to sign in.
pub fn noted(mut response: Response, path: &str) -> Response {
    if is_ours(path) {
        set(&mut response, path, SECONDS);
    }
    response
}

/// Where they were going, or the list of all returns.
pub fn of(request: &Request) -> String {
    let lines = request.headers().get_all(header::COOKIE);
    lines
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, path)| *name == COOKIE && is_ours(path))
        .map_or_else(|| "/office".to_owned(), |(_, path)| path.to_owned())
}

/// Forgets it, once they are there.
pub fn forgotten(mut response: Response) -> Response {
    set(&mut response, "", 0);
    response
}

fn set(response: &mut Response, path: &str, seconds: u32) {
    let cookie = format!("{COOKIE}={path}; Path=/office; HttpOnly; SameSite=Lax; Max-Age={seconds}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

fn is_ours(path: &str) -> bool {
    path.starts_with("/office/")
        && !path.starts_with("/office/sign-")
        && !path.contains("//")
        && path.len() <= 200
        && path
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_office_are_led_to() {
        assert!(is_ours("/office/returns/798807a5-e89e-4101-9701-6ca1cd5ef86b/sign"));
        for elsewhere in [
            "/office",
            "/office/sign-in/code",
            "/office/sign-out",
            "/office//evil.example",
            "//evil.example/office/",
            "https://evil.example/office/",
            "/office/\\evil.example",
            "/office/returns?next=1",
            "/return",
        ] {
            assert!(!is_ours(elsewhere), "{elsewhere}");
        }
    }
}
