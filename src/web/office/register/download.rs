//! The register to take away: the empty template, a workbook of everything, one table as CSV.
//!
//! Invariant: of no fund that the reader does not look after.

use countersign_domain::answers::types::FileRef;
use poem::Response;
use poem::handler;
use poem::web::Path;

use super::super::super::provider::files::as_download;
use super::super::super::{OfficeSession, Reply, Web, WebError};
use super::super::id;
use crate::service::ServiceError;
use crate::service::register::{pages, table, view};

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The template.
#[handler]
pub async fn template(web: Web, session: OfficeSession) -> Reply {
    // Only whoever looks after a fund has anything to import.
    view::funds(&web.deps, &session.officer).await?;
    let bytes = pages::template().map_err(ServiceError::internal)?;
    Ok(file("template.xlsx", bytes))
}

/// Everything of the funds that somebody looks after, as a workbook.
#[handler]
pub async fn everything(web: Web, session: OfficeSession) -> Reply {
    let all = view::exported(&web.deps, &session.officer, None).await?;
    let bytes = pages::workbook(&all).map_err(ServiceError::internal)?;
    Ok(file("register.xlsx", bytes))
}

/// One fund: `register.xlsx`, or a table like `grant.csv`.
#[handler]
pub async fn fund(web: Web, session: OfficeSession, Path((fund, name)): Path<(String, String)>) -> Reply {
    let all = view::exported(&web.deps, &session.officer, Some(id(&fund)?)).await?;
    let bytes = match name.strip_suffix(".csv") {
        Some(stem) => {
            let table = table(stem).filter(|table| table.name == stem);
            pages::csv(&all, table.ok_or(ServiceError::NotFound)?)
        }
        None if name == "register.xlsx" => pages::workbook(&all),
        None => return Err(WebError::from(ServiceError::NotFound)),
    };
    Ok(file(&name, bytes.map_err(ServiceError::internal)?))
}

fn file(name: &str, bytes: Vec<u8>) -> Response {
    let media = if name.ends_with(".csv") {
        "text/csv; charset=utf-8"
    } else {
        WORKBOOK
    };
    let file = FileRef {
        digest: String::new(),
        name: name.to_owned(),
        size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        media: media.to_owned(),
    };
    as_download(&file, bytes)
}
