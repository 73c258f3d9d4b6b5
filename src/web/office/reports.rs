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
use crate::service::report::{self, PaperLine};
use crate::service::{ServiceError, report::Paper};

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
    let papers = report::papers(&web.deps, &session.officer, web.now()).await?;
    let papers: Vec<LineView> = papers.into_iter().map(line).collect();
    web.page(
        frame(&session, Part::Papers, "Returns as they were signed").back("/office/papers"),
        "office/reports.html",
        json!({ "papers": papers }),
    )
}

fn line(paper: PaperLine) -> LineView {
    LineView {
        href: format!("/office/reports/{}", paper.ret.id),
        title: paper.form_title,
        grant: match paper.project {
            Some(project) => format!("{}: {project}", paper.grant),
            None => paper.grant,
        },
        period: paper.period,
        ready: paper.signed,
        signed: match (paper.signed, paper.signed_words) {
            (true, Some(words)) => format!("Signed {words}"),
            (true, None) => "Signed off".to_owned(),
            (false, _) => "Not signed yet".to_owned(),
        },
    }
}

/// One paper: as a page, or as a file where the address ends with `.csv`.
#[handler]
pub async fn show(web: Web, session: OfficeSession, Path(path): Path<String>) -> Reply {
    let (text, as_file) = match path.strip_suffix(".csv") {
        Some(text) => (text, true),
        None => (path.as_str(), false),
    };
    let paper = report::evaluation(&web.deps, &session.officer, id(text)?, web.now()).await?;
    let document = document::evaluation(&paper, local_date(web.now()));
    if as_file {
        return file(&document, &paper);
    }
    let frame = frame(&session, Part::Papers, document.title.clone()).back("/office/reports");
    web.page(
        frame,
        "report.html",
        json!({ "csv": format!("/office/reports/{text}.csv"), "document": document::view(&document) }),
    )
}

fn file(document: &Document, paper: &Paper) -> Reply {
    let bytes = document::csv(document).map_err(ServiceError::internal)?;
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, "text/csv; charset=utf-8")
        .header(
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", file_name(paper)),
        )
        .body(Body::from_vec(bytes)))
}

/// A name that every system takes: letters, digits and hyphens.
fn file_name(paper: &Paper) -> String {
    let plain = format!("{}-{}-revision-{}", paper.grant_reference, paper.period, paper.revision);
    let safe: String = plain
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    format!("{safe}.csv")
}
