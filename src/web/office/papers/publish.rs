//! Publishing a paper: what is published is shown, its digest goes with the form, and a fresh code with it.
//!
//! Invariant: the audience is chosen by a link of its own; nothing is published but what stands on the page.

use countersign_domain::form::schema::Audience;
use countersign_domain::ids::PaperId;
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;
use serde_json::json;

use super::super::super::{OfficeSession, Posted, Reply, Web, WebError, session};
use super::super::acts::not_done;
use super::super::forms::{Attempt, plain_summary};
use super::super::words::{Fact, groups};
use super::super::{Part, frame, id};
use super::{audience, for_whom, href, policy_words, standing_facts};
use crate::document;
use crate::service::paper::{self, Confirmation, Publishing};
use crate::service::{FieldProblem, ServiceError};

/// What would be published.
#[handler]
pub async fn show(web: Web, session: OfficeSession, Path((path, word)): Path<(String, String)>) -> Reply {
    page(&web, &session, id(&path)?, audience(&word)?, Vec::new()).await
}

/// Publishes it.
#[handler]
pub async fn publish(
    web: Web,
    session: OfficeSession,
    Path((path, word)): Path<(String, String)>,
    posted: Posted,
) -> Reply {
    posted.only(&["digest", "edition", "totp"])?;
    let (id, audience): (PaperId, _) = (id(&path)?, audience(&word)?);
    let wrong = || WebError::BadRequest("This form does not say which edition it is about.");
    let sent = Publishing {
        audience,
        digest: posted.get("digest").to_owned(),
        edition: posted.get("edition").parse().map_err(|_| wrong())?,
        totp: posted.get("totp").to_owned(),
    };
    match paper::publish(&web.deps, &session.officer, id, &sent, web.now()).await {
        Ok(number) => Ok(session::redirect(&format!(
            "{}/editions/{number}?done=published",
            href(id)
        ))),
        Err(ServiceError::Invalid(problems)) => page(&web, &session, id, audience, problems).await,
        Err(error) => not_done(&web, &session, Part::Papers, &href(id), &Attempt::default(), error),
    }
}

async fn page(
    web: &Web,
    session: &OfficeSession,
    id: PaperId,
    audience: Audience,
    problems: Vec<FieldProblem>,
) -> Reply {
    let found = paper::confirmation(&web.deps, &session.officer, id, audience, web.now()).await?;
    let digest = found.digest.to_string();
    let title = format!("Publish edition {} {}", found.edition, for_whom(audience));
    let context = json!({
        "title": found.opened.title(), "edition": found.edition, "for_whom": for_whom(audience),
        "header": header(&found, audience), "warnings": warnings(&found, audience), "why_not": found.why_not,
        "digest_hex": digest, "digest_groups": groups(&digest), "document": document::view(&found.document),
        "problem": problems.first().map(|problem| problem.message.clone()), "problems": plain_summary(&problems),
    });
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let frame = frame(session, Part::Papers, title)
        .back(href(id))
        .has_errors(!problems.is_empty())
        .status(status);
    web.page(frame, "office/papers/publish.html", context)
}

fn header(found: &Confirmation, audience: Audience) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("For", audience.readers()),
        Fact::new("Counts of people", policy_words(found.policy)),
        Fact::new(
            "Figures held back",
            match found.hidden {
                0 => "None".to_owned(),
                many => many.to_string(),
            },
        ),
    ];
    facts.extend(standing_facts(&found.standing));
    if found.stories.all > 0 {
        facts.push(Fact::new(
            "Stories and words about people",
            format!("{} of {} cleared", found.stories.cleared, found.stories.all),
        ));
    }
    facts
}

fn warnings(found: &Confirmation, audience: Audience) -> Vec<String> {
    let mut warnings = Vec::new();
    match found.standing.missing.len() {
        0 => {}
        1 => warnings.push("1 return is not signed, so its figures are not in it.".to_owned()),
        many => warnings.push(format!(
            "{many} returns are not signed, so their figures are not in it."
        )),
    }
    match found.exposed {
        0 => {}
        1 => {
            warnings.push("What was published earlier gives away 1 small count, whatever is held back here.".to_owned())
        }
        many => warnings.push(format!(
            "What was published earlier gives away {many} small counts, whatever is held back here."
        )),
    }
    if audience > Audience::Internal {
        match found.stories.waiting() {
            0 => {}
            1 => warnings.push("1 story is not cleared, so it is left out.".to_owned()),
            many => warnings.push(format!("{many} stories are not cleared, so they are left out.")),
        }
    }
    warnings
}
