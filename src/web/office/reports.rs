//! Returns as they were signed: a list of them, each as a page, and the same as a file for a spreadsheet.
//!
//! Invariant: page and file are made from one document, so that they cannot say different things.

use countersign_domain::calendar::local_date;
use countersign_domain::document::Document;
use poem::handler;
use poem::http::header;
use poem::web::Path;
use poem::{Body, Response};
use serde::Serialize;
use serde_json::json;

use super::super::{OfficeSession, Reply, Web};
use super::{Part, frame, id};
use crate::document;
use crate::service::ServiceError;
use crate::service::report::{self, SignedLine, SignedReturn};

#[derive(Debug, Serialize)]
struct LineView {
    href: String,
    title: String,
    grant: String,
    period: String,
    ready: bool,
    signed: String,
}

/// The list.
#[handler]
pub async fn list(web: Web, session: OfficeSession) -> Reply {
    let signed = report::signed_returns(&web.deps, &session.officer, web.now()).await?;
    let lines: Vec<LineView> = signed.into_iter().map(line).collect();
    web.page(
        frame(&session, Part::Papers, "Returns as they were signed").back("/office/papers"),
        "office/reports.html",
        json!({ "papers": lines }),
    )
}

fn line(of: SignedLine) -> LineView {
    LineView {
        href: format!("/office/reports/{}", of.ret.id),
        title: of.form_title,
        grant: match of.project {
            Some(project) => format!("{}: {project}", of.grant),
            None => of.grant,
        },
        period: of.period,
        ready: of.signed,
        signed: match (of.signed, of.signed_words) {
            (true, Some(words)) => format!("Signed {words}"),
            (true, None) => "Signed off".to_owned(),
            (false, _) => "Not signed yet".to_owned(),
        },
    }
}

/// One return: as a page, or as a file where the address ends with `.csv`.
#[handler]
pub async fn show(web: Web, session: OfficeSession, Path(path): Path<String>) -> Reply {
    let (text, as_file) = match path.strip_suffix(".csv") {
        Some(text) => (text, true),
        None => (path.as_str(), false),
    };
    let signed = report::signed_return(&web.deps, &session.officer, id(text)?).await?;
    let document = document::signed_return(&signed, local_date(web.now()));
    if as_file {
        return file(&document, &signed);
    }
    let frame = frame(&session, Part::Papers, document.title.clone()).back("/office/reports");
    web.page(
        frame,
        "report.html",
        json!({ "csv": format!("/office/reports/{text}.csv"), "document": document::view(&document) }),
    )
}

fn file(document: &Document, signed: &SignedReturn) -> Reply {
    let bytes = document::csv(document).map_err(ServiceError::internal)?;
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, "text/csv; charset=utf-8")
        .header(
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", file_name(signed)),
        )
        .body(Body::from_vec(bytes)))
}

/// A name that every system takes: letters, digits and hyphens.
fn file_name(signed: &SignedReturn) -> String {
    let plain = format!(
        "{}-{}-revision-{}",
        signed.grant_reference, signed.period, signed.revision
    );
    let safe: String = plain
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    format!("{safe}.csv")
}
