//! The demo's own pages: who one can be, every mail as its reader sees it, and the clock.
//!
//! Invariant: every handler here asks for [`Demo`] first, which is not found where there is none; a mail is shown as a
//! page only within a frame that runs no script and sends no form.

use std::sync::Arc;

use countersign_domain::ids::NoticeId;
use countersign_domain::returns::{Notice, NoticeState, Secret};
use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{Body, FromRequest, Request, RequestBody, Response, handler};
use serde::Serialize;
use serde_json::json;

use super::super::office::words::{Fact, anchor};
use super::super::{Frame, Posted, Reply, Web, WebError, csrf, session};
use super::{DemoControl, DemoPerson};
use crate::secrets;
use crate::service::{ServiceError, facts, notify, outbox};
use crate::store::{notices, register};

/// The latest mails in which a person's link or code is looked for: more than a demo of a year has.
const MAILS: u64 = 5_000;
/// The latest mails shown.
const SHOWN: usize = 100;

/// The demo, where there is one.
#[derive(Clone)]
pub struct Demo(Arc<dyn DemoControl>);

impl<'a> FromRequest<'a> for Demo {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        let demo = Web::of(request).demo.clone();
        demo.map(Demo)
            .ok_or_else(|| WebError::from(ServiceError::NotFound).into())
    }
}

#[derive(Debug, Serialize)]
struct PersonView {
    id: String,
    name: String,
    role_words: String,
    address: String,
    office: bool,
    mail: Option<MailLine>,
    code: Option<String>,
    code_words: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct MailLine {
    href: String,
    subject: String,
    to: String,
    at: String,
    state: &'static str,
}

/// The people, the clock, what to try, the mailbox.
#[handler]
pub async fn show(web: Web, demo: Demo) -> Reply {
    page(&web, &demo).await
}

/// To the next day.
#[handler]
pub async fn next_day(demo: Demo, posted: Posted) -> Reply {
    posted.only(&[])?;
    demo.0.next_day().await?;
    Ok(session::redirect("/demo#clock"))
}

/// To the next day on which something happens.
#[handler]
pub async fn next_event(demo: Demo, posted: Posted) -> Reply {
    posted.only(&[])?;
    demo.0.next_event().await?;
    Ok(session::redirect("/demo#clock"))
}

/// One mail: who, to whom, when, and both its sides.
#[handler]
pub async fn show_mail(web: Web, _demo: Demo, Path(path): Path<String>) -> Reply {
    let notice = notice(&web, &path).await?;
    let header = vec![
        Fact::new("To", format!("{} <{}>", notice.to_name, notice.to_address)),
        Fact::new("Date", notify::moment(notice.dated)),
        Fact::new("Delivery", state(&notice)),
        Fact::new("Message-ID", notice.message_id.clone()),
    ];
    let href = format!("/demo/mail/{path}");
    let context = json!({
        "subject": notice.subject, "header": header, "href": href, "lines": lines(&notice.text, &web.deps.base_url),
    });
    web.page(frame(&web, "Mail").back("/demo#mail"), "demo/mail.html", context)
}

/// The HTML side of a mail, for the frame on its page: no script, no form, links open the whole window.
#[handler]
pub async fn mail_html(web: Web, _demo: Demo, Path(path): Path<String>) -> Reply {
    let notice = notice(&web, &path).await?;
    let html = notice.html.replacen("<head>", "<head><base target=\"_top\">", 1);
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; \
                  sandbox allow-top-navigation-by-user-activation";
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, policy)
        .body(Body::from_string(html)))
}

/// A mail with its link or code filled in, as it was sent.
async fn notice(web: &Web, path: &str) -> Result<Notice, WebError> {
    let id: NoticeId = path.parse().map_err(|_| ServiceError::NotFound)?;
    let notice = notices::get_notice(&web.deps.store.read(), id)
        .await
        .map_err(ServiceError::from)?;
    let filled = outbox::fill(&notice, &web.deps.secrets, &web.deps.base_url).map_err(ServiceError::internal)?;
    Ok(filled)
}

async fn page(web: &Web, demo: &Demo) -> Reply {
    let mails = notices::notices(&web.deps.store.read(), None, MAILS)
        .await
        .map_err(ServiceError::from)?;
    let mut groups: Vec<(String, Vec<PersonView>)> = Vec::new();
    for person in demo.0.people() {
        let of = person.of.clone();
        let view = person_view(web, person, &mails).await?;
        match groups.last_mut() {
            Some((title, people)) if *title == of => people.push(view),
            _ => groups.push((of, vec![view])),
        }
    }
    let today = facts::today(web.now());
    let context = json!({
        "clock": { "date": today.to_string(), "day_words": notify::day(today), "next_event": demo.0.next_event_words() },
        "happened": demo.0.happened(),
        "steps": steps(),
        "groups": groups,
        "mails": mails.iter().take(SHOWN).map(mail_line).collect::<Vec<_>>(),
        "mails_words": match mails.len() {
            1 => "1 mail".to_owned(),
            many if many > SHOWN => format!("The latest {SHOWN} of {many} mails"),
            many => format!("{many} mails, the latest first"),
        },
    });
    web.page(frame(web, "Demo").status(StatusCode::OK), "demo/index.html", context)
}

fn frame(web: &Web, title: &str) -> Frame {
    Frame::new(title, &csrf::anonymous_token(web))
}

async fn person_view(web: &Web, person: DemoPerson, mails: &[Notice]) -> Result<PersonView, WebError> {
    let code = match &person.totp_secret {
        Some(secret) => Some(code(web, &person.address, secret).await?),
        None => None,
    };
    let (code, code_words) = match code {
        Some(Some((code, words))) => (Some(code), words),
        Some(None) => (
            Some("Wait".to_owned()),
            "Both codes that are good now were used. Reload this page in half a minute.",
        ),
        None => (None, ""),
    };
    // A contact begins with a link; an officer needs the latest code.
    let begins = |notice: &&Notice| match notice.secret {
        Secret::Link(_) => !person.office,
        Secret::Code(_) => person.office,
        Secret::None => false,
    };
    let latest = mails
        .iter()
        .filter(begins)
        .find(|notice| notice.to_address == person.address);
    Ok(PersonView {
        id: anchor(&["person", &person.name]),
        mail: latest.map(mail_line),
        name: person.name,
        role_words: person.role_words,
        address: person.address,
        office: person.office,
        code,
        code_words,
    })
}

/// The code that can be used now: the present one, or the next where that one has been used.
async fn code(web: &Web, address: &str, secret: &[u8]) -> Result<Option<(String, &'static str)>, WebError> {
    let person = register::person_by_address(&web.deps.store.read(), address)
        .await
        .map_err(ServiceError::from)?;
    let used = person.and_then(|person| person.totp_last_step);
    let present = secrets::totp_step(web.now());
    Ok(usable(present, used).map(|step| {
        let words = if step == present {
            "Good for about half a minute. Reload this page for another."
        } else {
            "The next one: the one before it has been used."
        };
        (secrets::totp_code_at_step(secret, step), words)
    }))
}

/// The step of the first code that is still good: a used one never is, and one ahead is the furthest.
fn usable(present: i64, used: Option<i64>) -> Option<i64> {
    let first = used.map_or(present, |used| present.max(used + 1));
    (first <= present + 1).then_some(first)
}

fn mail_line(notice: &Notice) -> MailLine {
    MailLine {
        href: format!("/demo/mail/{}", notice.id),
        subject: notice.subject.clone(),
        to: format!("{} <{}>", notice.to_name, notice.to_address),
        at: notify::moment(notice.dated),
        state: state(notice),
    }
}

fn state(notice: &Notice) -> &'static str {
    match notice.state {
        NoticeState::Sent => "Sent",
        NoticeState::Queued => "Waiting to be sent",
        NoticeState::Failed => "Could not be delivered",
        NoticeState::Superseded => "Not sent: no longer needed",
    }
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Line {
    text: String,
    href: Option<String>,
}

/// The lines of a text, one that is an address of this server as a link.
fn lines(text: &str, base_url: &str) -> Vec<Line> {
    let ours = |line: &str| line.starts_with(base_url) && !line.contains(char::is_whitespace);
    text.lines()
        .map(|line| Line {
            text: line.to_owned(),
            href: ours(line.trim()).then(|| line.trim().to_owned()),
        })
        .collect()
}

/// The way of a return, as something to try.
fn steps() -> serde_json::Value {
    json!([
        { "title": "Open.", "text": "Open a contact’s latest mail and follow its link. Type the address that the mail went to.", "href": "#people", "link": "To the people" },
        { "title": "Fill in.", "text": "Answer a few tasks. Type an amount wrongly, or leave something out: it is saved all the same, and the page says what is wrong.", "href": null, "link": null },
        { "title": "Check and submit.", "text": "Put right what stands in the way, and explain each warning.", "href": null, "link": null },
        { "title": "Review.", "text": "Sign in as somebody who reviews. Ask about an answer, send the return back, or accept it. The office’s first page says what is overdue and who was chased.", "href": "/office/sign-in", "link": "To the office" },
        { "title": "Sign.", "text": "Sign in as an officer whose stage has come, or as the deputy of one who is away, read the revision, and sign it with a fresh authenticator code.", "href": "#people", "link": "To the codes" },
        { "title": "Add up.", "text": "Open the report made from the signed figures, and its spreadsheet.", "href": "/office/reports", "link": "To the reports" },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_used_code_is_never_offered_again() {
        assert_eq!(usable(100, None), Some(100));
        assert_eq!(usable(100, Some(99)), Some(100));
        assert_eq!(usable(100, Some(100)), Some(101));
        assert_eq!(usable(100, Some(101)), None);
    }

    #[test]
    fn only_addresses_of_this_server_become_links() {
        let text =
            "Open it:\nhttp://localhost:8080/r/abc\nhttp://elsewhere.example/r/abc\nhttp://localhost:8080 is where";
        let linked: Vec<bool> = lines(text, "http://localhost:8080")
            .iter()
            .map(|line| line.href.is_some())
            .collect();
        assert_eq!(linked, [false, true, false, false]);
    }
}
