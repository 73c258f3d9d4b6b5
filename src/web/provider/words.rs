//! Choosing the language in which a form's words are read.
//!
//! Invariant: choosing changes nothing but the choice, and loses nothing that was typed: on a page with boxes it is a
//! button of their form, which saves first.

use poem::http::{HeaderValue, header};
use poem::web::Path;
use poem::{Response, handler};
use serde::Serialize;

use super::super::session::{is_encrypted, redirect};
use super::super::{Posted, ProviderSession, Reply, Web};
use crate::service::ServiceError;
use crate::service::provider::ReturnPage;
use crate::web::said::{Language, has_welsh};

/// Begins what the button says that chooses: the language's code follows.
const WORDS: &str = "words.";

/// A language that is offered.
#[derive(Debug, Serialize)]
pub struct Offered {
    code: &'static str,
    name: &'static str,
    chosen: bool,
}

/// The languages to choose from; none where the form has no Welsh.
pub fn offered(page: &ReturnPage, now: Language) -> Vec<Offered> {
    if !has_welsh(&page.form) {
        return Vec::new();
    }
    [(Language::Welsh, "Cymraeg"), (Language::English, "English")]
        .into_iter()
        .map(|(language, name)| Offered {
            code: language.code(),
            name,
            chosen: language == now,
        })
        .collect()
}

/// The language that a button chose.
pub fn chosen(then: &str) -> Option<Language> {
    then.strip_prefix(WORDS).and_then(Language::named)
}

/// Leads on, with the choice kept.
pub fn keep(web: &Web, language: Language, to: &str) -> Response {
    let mut response = redirect(to);
    let cookie = language.cookie(is_encrypted(&web.deps.base_url));
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

/// The field that says which page chose.
const BACK: &str = "back";

/// `POST /return/words/{language}`: from pages without boxes; leads back to the page that chose.
#[handler]
pub async fn choose(web: Web, _session: ProviderSession, Path(code): Path<String>, posted: Posted) -> Reply {
    posted.only(&[BACK])?;
    let language = Language::named(&code).ok_or(ServiceError::NotFound)?;
    Ok(keep(&web, language, back(posted.get(BACK))))
}

/// An address of a return's pages, whatever was sent.
fn back(to: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/_-".contains(c);
    let ours = to
        .strip_prefix("/return")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if ours && to.chars().all(plain) { to } else { "/return" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_leads_away() {
        assert_eq!(back("/return/section/project/asb"), "/return/section/project/asb");
        for away in [
            "",
            "//evil.example",
            "/returns.example",
            "https://evil.example/return",
            "/return/../office",
        ] {
            assert_eq!(back(away), "/return", "{away}");
        }
    }

    #[test]
    fn a_button_names_its_language() {
        assert_eq!(chosen("words.cy"), Some(Language::Welsh));
        assert_eq!(chosen("words.de"), None);
        assert_eq!(chosen("continue"), None);
    }
}
