//! outbox: what is put into the words of a notice only as it is sent, or shown in the demo.
//!
//! Invariant: a token or code stands in no row; it is derived from the server's key and the notice's link or code, and
//! is the same at every attempt.

use countersign_domain::returns::{Notice, Secret};

use crate::secrets::Secrets;

/// Where the address of a return is put.
const LINK: &str = "((link))";
/// Where a sign-in code is put.
const CODE: &str = "((code))";
/// Where the address of the office pages is put.
const OFFICE: &str = "((office))";

/// The row says that it carries a link or a code, and its words have no place for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The {0} has no place for the link or code that it promises.")]
pub struct NoPlace(pub &'static str);

/// Puts the address with the link's token, the sign-in code, and the address of the office into the words of a notice.
///
/// `base_url` comes from the configuration alone. The subject is never filled: it is shown on locked screens.
pub fn fill(notice: &Notice, secrets: &Secrets, base_url: &str) -> Result<Notice, NoPlace> {
    let base_url = base_url.trim_end_matches('/');
    let filling = match notice.secret {
        Secret::None => None,
        Secret::Link(link) => Some((LINK, format!("{base_url}/r/{}", secrets.link_token(link)))),
        Secret::Code(code) => Some((CODE, secrets.code(code))),
    };
    let office = format!("{base_url}/office");
    let mut filled = notice.clone();
    for (part, words) in [("text", &mut filled.text), ("HTML", &mut filled.html)] {
        if let Some((place, secret)) = &filling {
            if !words.contains(place) {
                return Err(NoPlace(part));
            }
            *words = words.replace(place, &escaped(secret));
        }
        *words = words.replace(OFFICE, &escaped(&office));
    }
    Ok(filled)
}

/// An address or code as it may stand in HTML. In an address of ours these characters are written `%…` in any case, so
/// that the text says the same.
fn escaped(address: &str) -> String {
    address
        .replace('&', "%26")
        .replace('"', "%22")
        .replace('<', "%3C")
        .replace('>', "%3E")
}

/// A text that a person typed, so that nothing in it is taken for a place that is filled as the mail is sent.
pub fn without_places(typed: &str) -> String {
    typed.replace("((", "( (")
}
