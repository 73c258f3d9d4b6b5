//! The register in the browser, for those who review a fund's returns: read, changed entry by entry, imported, exported.
//!
//! Invariant: what a page shows and changes is for a service to allow; another fund's register looks like none.

pub mod contacts;
pub mod download;
pub mod entry;
mod fields;
mod fund_view;
mod grant_view;
pub mod import;
mod lists;
mod options;
mod services;
mod sheet;
mod specs;

use countersign_domain::calendar::local_date;
use countersign_domain::ids::{FundId, GrantId};
use poem::handler;
use poem::web::{Path, Query};
use serde_json::json;

use super::super::{OfficeSession, Reply, Web};
use super::{Part, frame, id};
use crate::service::ServiceError;
use crate::service::register::TABLES;
use crate::service::register::edit::{changes, shares};
use crate::service::register::view;
use sheet::Asked;

/// The funds whose register somebody looks after.
#[handler]
pub async fn show(web: Web, session: OfficeSession) -> Reply {
    let funds = view::funds(&web.deps, &session.officer).await?;
    let one = |fund: countersign_domain::register::Fund| json!({ "href": format!("/office/register/{}", fund.id), "title": fund.title });
    let context = json!({ "funds": funds.into_iter().map(one).collect::<Vec<_>>() });
    let frame = frame(&session, Part::Register, "Register");
    web.page(frame, "office/register/index.html", context)
}

/// A fund at a glance.
#[handler]
pub async fn show_fund(
    web: Web,
    session: OfficeSession,
    Path(path): Path<String>,
    Query(asked): Query<Asked>,
) -> Reply {
    let fund: FundId = id(&path)?;
    let of = view::fund(&web.deps, &session.officer, fund).await?;
    let matrix = shares::show(&web.deps, &session.officer, fund).await?;
    let view = fund_view::view(&of, &matrix, local_date(web.now()));
    let tables: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
    let frame = frame(&session, Part::Register, of.fund.title.clone()).back("/office/register");
    let context = json!({ "fund": view, "done": asked.done(), "tables": tables });
    web.page(frame, "office/register/fund.html", context)
}

/// One of a fund's long lists.
#[handler]
pub async fn show_list(
    web: Web,
    session: OfficeSession,
    Path((path, name)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Reply {
    let fund: FundId = id(&path)?;
    let href = format!("/office/register/{fund}");
    let of = view::fund(&web.deps, &session.officer, fund).await?;
    let list = match name.as_str() {
        "grants" => lists::grants(&of, &href, &asked),
        "organisations" => lists::organisations(&of, &href, &asked),
        "people" => lists::people(&of, &href, &asked),
        "assignments" => lists::assignments(&of, &href, &asked),
        "changes" => lists::changes(
            &changes::changes_of(&web.deps, &session.officer, fund).await?,
            &href,
            &asked,
        ),
        _ => return Err(ServiceError::NotFound.into()),
    };
    let context = json!({
        "fund": of.fund.title, "title": list.title, "lead": list.lead, "done": asked.done(),
        "add": list.add.map(|(text, href)| json!({ "text": text, "href": href })),
        "list": list.paged, "action": format!("{href}/{name}"),
    });
    let frame = frame(&session, Part::Register, list.title).back(href);
    web.page(frame, "office/register/list.html", context)
}

/// A grant.
#[handler]
pub async fn show_grant(
    web: Web,
    session: OfficeSession,
    Path((path, grant)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Reply {
    let (fund, grant): (FundId, GrantId) = (id(&path)?, id(&grant)?);
    let of = view::fund(&web.deps, &session.officer, fund).await?;
    let found = of.grant(grant).ok_or(ServiceError::NotFound)?;
    let context = json!({ "grant": grant_view::view(&of, found), "done": asked.done() });
    let frame = frame(&session, Part::Register, found.title.clone()).back(format!("/office/register/{fund}/grants"));
    web.page(frame, "office/register/grant.html", context)
}
