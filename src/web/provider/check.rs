//! Check your answers: everything that will be submitted, what stands in the way, and what must be explained.
//!
//! Invariant: what is shown here is what is submitted; hidden answers are in neither.

use std::collections::BTreeMap;

use countersign_domain::answers::types::{Finding, SectionView};
use countersign_domain::form::schema::Severity;
use poem::handler;
use poem::http::StatusCode;
use serde_json::{Value, json};

use super::super::session::redirect;
use super::super::{Posted, ProviderSession, Reply, Web, WebError, csrf};
use super::question::REQUIRED;
use super::sheet::Sheet;
use super::typing::Typing;
use super::{measures, place, read_only, tasks, typed, words};
use crate::service::provider::{self as service, ReturnPage};
use crate::service::{ServiceError, save};
use crate::web::said::Language;

/// The field that says which answers the page showed.
pub const SHOWN: &str = "shown";
/// Begins the names of the boxes for explanations: the finding's key follows.
const WHY: &str = "why.";
/// Beside a box whose explanation says too little.
const TOO_SHORT: &str = "Explain it in at least 10 letters";

/// `GET /return/check`
#[handler]
pub async fn show(web: Web, session: ProviderSession) -> Reply {
    let page = service::home(&web.deps, &session.contact, web.now()).await?;
    render(&web, &session, &page, &Unsaved::default(), StatusCode::OK)
}

/// What was typed here and not kept.
#[derive(Default)]
pub struct Unsaved {
    /// Explanations by finding.
    pub texts: BTreeMap<String, String>,
    /// Why not.
    pub words: Option<String>,
    /// Whether submitting was tried: then what stands in the way is said at the top.
    pub tried: bool,
    /// Whether the answers are others than the page showed that was to be submitted.
    pub changed: bool,
}

/// `POST /return/check`: keeps the explanations of warnings.
#[handler]
pub async fn explain(web: Web, session: ProviderSession, posted: Posted) -> Reply {
    let texts = texts(&posted)?;
    match save::explain(&web.deps, &session.contact, &texts, web.now()).await {
        Ok(page) => {
            if let Some(language) = words::chosen(posted.get(typed::THEN)) {
                return Ok(words::keep(&web, language, "/return/check"));
            }
            let to = if page.evaluated.unexplained().next().is_some() {
                "/return/check#warnings"
            } else {
                "/return/check"
            };
            Ok(redirect(to))
        }
        Err(error) => unsaved(&web, &session, texts, error).await,
    }
}

/// The page again with the explanations that were typed, and why they are not saved.
pub async fn unsaved(
    web: &Web,
    session: &ProviderSession,
    texts: BTreeMap<String, String>,
    error: ServiceError,
) -> Reply {
    let status = match error {
        ServiceError::Conflict(_) => StatusCode::CONFLICT,
        ServiceError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        other => return Err(other.into()),
    };
    tracing::warn!(%error, "explanations were not saved");
    let unsaved = Unsaved {
        texts,
        words: Some(format!(
            "{error} Your explanations are still on this page: save them again."
        )),
        ..Unsaved::default()
    };
    let page = service::home(&web.deps, &session.contact, web.now()).await?;
    render(web, session, &page, &unsaved, status)
}

/// The explanations that were posted, by finding.
///
/// # Errors
/// [`WebError::BadRequest`] for what the page does not have.
pub fn texts(posted: &Posted) -> Result<BTreeMap<String, String>, WebError> {
    let of_page = [csrf::FIELD, SHOWN, typed::THEN];
    let pairs = posted.0.iter().filter(|(name, _)| !of_page.contains(&name.as_str()));
    pairs
        .map(|(name, text)| match name.strip_prefix(WHY) {
            Some(key) if text.chars().count() <= 5000 => Ok((key.to_owned(), text.clone())),
            Some(_) => Err(WebError::BadRequest(
                "An explanation must be 5,000 characters or fewer.",
            )),
            None => Err(WebError::BadRequest(
                "This form holds something that its page does not have.",
            )),
        })
        .collect()
}

/// Draws the page.
pub fn render(web: &Web, session: &ProviderSession, page: &ReturnPage, unsaved: &Unsaved, status: StatusCode) -> Reply {
    let warnings: Vec<Value> = page
        .evaluated
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Warning)
        .map(|finding| warning(page, finding, unsaved))
        .collect();
    let errors = errors(page);
    let too_short = too_short(&warnings);
    let to_explain = page.evaluated.unexplained().count();
    let refused = unsaved.tried && !page.evaluated.ready();
    let has_errors = unsaved.changed
        || unsaved.words.is_some()
        || refused
        || (page.editable && !(errors.is_empty() && too_short.is_empty()));
    let frame = session
        .frame("Check your answers")
        .back("/return")
        .has_errors(has_errors)
        .status(status);
    let context = json!({
        "caption": place::caption(page),
        "reference": page.ret.reference,
        "editable": page.editable,
        "standing": tasks::standing(page),
        "ready": page.evaluated.ready(),
        "tried": unsaved.tried,
        "not_saved": unsaved.words,
        "changed": unsaved.changed,
        "errors": errors,
        "warnings": warnings,
        "too_short": too_short,
        "shown": page.print(),
        "to_explain": to_explain,
        "sections": page.evaluated.sections.iter().map(|section| answers(page, section, session.language)).collect::<Vec<_>>(),
        "words": words::offered(page, session.language),
    });
    web.page(frame, "provider/check.html", context)
}

/// Explanations that say too little, each with its box.
fn too_short(warnings: &[Value]) -> Vec<Value> {
    let numbered = warnings.iter().zip(1..);
    numbered
        .filter(|(warning, _)| warning["too_short"].is_string())
        .map(|(warning, number)| {
            let within = warning["within"].as_str().unwrap_or("The return");
            let text = format!("{within}: {TOO_SHORT}");
            json!({ "text": text, "href": format!("#why-{number}") })
        })
        .collect()
}

/// What stands in the way, with where to put it right. A part that nobody has begun is one entry and not thirty.
fn errors(page: &ReturnPage) -> Vec<Value> {
    let untouched = |finding: &Finding| {
        let section = finding.at.first().and_then(|at| page.evaluated.section(&at.section))?;
        let begun = page
            .draft
            .sections
            .get(&section.key)
            .is_some_and(|draft| !draft.answers.is_empty());
        (finding.check == REQUIRED && !begun).then_some(section)
    };
    let mut listed: Vec<Value> = Vec::new();
    for finding in page.evaluated.blocking() {
        let entry = match untouched(finding) {
            Some(section) => {
                let text = format!("{}: nothing has been entered yet", section.title);
                json!({ "text": text, "href": place::address(&section.key) })
            }
            None => error(page, finding),
        };
        if listed.last() != Some(&entry) {
            listed.push(entry);
        }
    }
    listed
}

/// An error, with where to put it right.
fn error(page: &ReturnPage, finding: &Finding) -> Value {
    let (href, within) = link(page, finding);
    let text = match within {
        Some(within) => format!("{within}: {}", finding.message),
        None => finding.message.clone(),
    };
    json!({ "text": text, "href": href })
}

fn warning(page: &ReturnPage, finding: &Finding, unsaved: &Unsaved) -> Value {
    let (href, within) = link(page, finding);
    let kept = finding.explanation.as_ref().map(|explanation| explanation.text.clone());
    let draft = page
        .draft
        .explanations
        .get(&finding.key)
        .map(|explanation| explanation.text.clone());
    let short = kept.is_none() && finding.earlier.is_none() && draft.as_ref().is_some_and(|text| !text.is_empty());
    json!({
        "name": format!("{WHY}{}", finding.key),
        "message": finding.message,
        "within": within,
        "href": href,
        "explained": kept.is_some(),
        "too_short": short.then_some(TOO_SHORT),
        "changed": finding.earlier.is_some(),
        "text": unsaved.texts.get(&finding.key).cloned().or(draft).unwrap_or_default(),
    })
}

/// Where a finding is put right, and the title of the section that it is in.
fn link(page: &ReturnPage, finding: &Finding) -> (String, Option<String>) {
    match finding.at.first() {
        Some(at) => {
            let title = page.evaluated.section(&at.section).map(|section| section.title.clone());
            (format!("{}#{}", place::address(&at.section), place::anchor(at)), title)
        }
        None => ("/return".to_owned(), None),
    }
}

/// A section's answers, and what is worked out from them.
fn answers(page: &ReturnPage, section: &SectionView, language: Language) -> Value {
    let typing = Typing::default();
    let sheet = Sheet::new(page, section, &typing, language);
    let title = sheet.say_filled(&sheet.form_section().title, &section.title);
    json!({
        "title": title,
        "href": place::address(&section.key),
        "answers": read_only::of_section(&sheet),
        "measures": measures::of_section(page, section, language),
    })
}
