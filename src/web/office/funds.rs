//! The state of a fund, and its projects' money a page at a time.
//!
//! Invariant: see [`super::fund_view`]; this only asks for it.

use countersign_domain::ids::FundId;
use poem::handler;
use poem::web::{Path, Query};

use super::super::{OfficeSession, Reply, Web};
use super::asked::{self, Pairs};
use super::{Part, frame, fund_view, id};
use crate::service::ServiceError;
use crate::service::report::state;

/// The state of a fund in one year.
#[handler]
pub async fn show(web: Web, session: OfficeSession, Path(path): Path<String>, Query(pairs): Query<Pairs>) -> Reply {
    let fund: FundId = id(&path)?;
    let day = asked::day(&pairs, "year")?;
    let state = state::of_fund(&web.deps, &session.officer, fund, day, web.now()).await?;
    let frame = frame(&session, Part::Returns, state.fund.title.clone()).back("/office");
    web.page(frame, "office/fund.html", fund_view::view(&state))
}

/// The money of a fund's projects, as one form tells it.
#[handler]
pub async fn projects(web: Web, session: OfficeSession, Path(path): Path<String>, Query(pairs): Query<Pairs>) -> Reply {
    let fund: FundId = id(&path)?;
    let day = asked::day(&pairs, "year")?;
    let form = asked::text(&pairs, "form").ok_or(ServiceError::NotFound)?;
    let state = state::of_fund(&web.deps, &session.officer, fund, day, web.now()).await?;
    let view = fund_view::projects(&state, form, asked::page(&pairs)).ok_or(ServiceError::NotFound)?;
    let frame = frame(&session, Part::Returns, "Spending by project").back(format!("/office/funds/{fund}"));
    web.page(frame, "office/projects.html", view)
}
