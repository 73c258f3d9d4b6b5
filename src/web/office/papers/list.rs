//! The papers of an officer's funds, and the beginning of another.
//!
//! Invariant: only a report that fits the fund and a period that has begun can be chosen.

use countersign_domain::period::Period;
use poem::handler;
use poem::http::StatusCode;
use poem::web::Path;
use serde::Serialize;
use serde_json::json;

use super::super::super::{OfficeSession, Posted, Reply, Web, session};
use super::super::forms::plain_summary;
use super::super::{Part, frame, id};
use super::href;
use crate::service::paper::{self, Shelf, Shelved, read_period};
use crate::service::reviewers::Reviewers;
use crate::service::{FieldProblem, ServiceError, notify};

#[derive(Debug, Serialize)]
struct ShelfView {
    id: String,
    fund: String,
    prepares: bool,
    /// Who prepares its papers, to somebody who does not.
    others: Option<String>,
    nobody: Option<String>,
    papers: Vec<PaperView>,
    offers: Vec<OfferView>,
}

#[derive(Debug, Serialize)]
struct PaperView {
    href: String,
    title: String,
    period: String,
    stands: Vec<String>,
}

#[derive(Debug, Serialize)]
struct OfferView {
    href: String,
    title: String,
}

/// The list.
#[handler]
pub async fn show(web: Web, session: OfficeSession) -> Reply {
    let shelves = paper::list(&web.deps, &session.officer, web.now()).await?;
    let shelves: Vec<ShelfView> = shelves.into_iter().map(shelf).collect();
    let frame = frame(&session, Part::Papers, "Papers");
    web.page(frame, "office/papers/index.html", json!({ "shelves": shelves }))
}

fn shelf(shelf: Shelf) -> ShelfView {
    let own = shelf.fund.id;
    ShelfView {
        id: own.to_string(),
        fund: shelf.fund.title,
        prepares: shelf.prepares,
        nobody: shelf.reviewers.why_nobody(),
        others: match shelf.reviewers {
            Reviewers::These(names) if !shelf.prepares => Some(names.join(", ")),
            _ => None,
        },
        papers: shelf.papers.into_iter().map(paper_view).collect(),
        offers: shelf
            .offers
            .into_iter()
            .map(|offer| OfferView {
                href: format!("/office/papers/begin/{own}/{}", offer.report),
                title: offer.title,
            })
            .collect(),
    }
}

fn paper_view(paper: Shelved) -> PaperView {
    let mut stands = Vec::new();
    if let (1.., Some(at)) = (paper.edition, paper.published_at) {
        stands.push(format!("Edition {} published {}", paper.edition, notify::moment(at)));
    }
    if paper.draft {
        stands.push(match paper.edition {
            0 => "Being prepared".to_owned(),
            _ => "The next edition is being prepared".to_owned(),
        });
    }
    PaperView {
        href: href(paper.id),
        title: paper.title,
        period: paper.period,
        stands,
    }
}

#[derive(Debug, Serialize)]
struct PeriodView {
    value: String,
    text: String,
}

/// The periods for which a paper can be begun.
#[handler]
pub async fn choose(web: Web, session: OfficeSession, Path(path): Path<(String, String)>) -> Reply {
    page(&web, &session, &path, "", Vec::new()).await
}

/// Begins it.
#[handler]
pub async fn begin(web: Web, session: OfficeSession, Path(path): Path<(String, String)>, posted: Posted) -> Reply {
    posted.only(&["period"])?;
    let (fund, report) = (id(&path.0)?, path.1.as_str());
    let typed = posted.get("period");
    let period = read_period(typed).ok();
    match paper::begin(&web.deps, &session.officer, fund, report, period, web.now()).await {
        Ok(id) => Ok(session::redirect(&href(id))),
        Err(ServiceError::Invalid(problems)) => page(&web, &session, &path, typed, problems).await,
        Err(other) => Err(other.into()),
    }
}

async fn page(
    web: &Web,
    session: &OfficeSession,
    (fund, report): &(String, String),
    chosen: &str,
    problems: Vec<FieldProblem>,
) -> Reply {
    let choice = paper::choices(&web.deps, &session.officer, id(fund)?, report, web.now()).await?;
    let periods: Vec<PeriodView> = choice.periods.iter().map(period_view).collect();
    let context = json!({
        "fund": choice.fund.title, "title": choice.title, "periods": periods, "chosen": chosen,
        "problem": problems.first().map(|problem| problem.message.clone()), "problems": plain_summary(&problems),
    });
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let frame = frame(session, Part::Papers, format!("Begin a paper: {}", choice.title))
        .back("/office/papers")
        .has_errors(!problems.is_empty())
        .status(status);
    web.page(frame, "office/papers/begin.html", context)
}

fn period_view(period: &Period) -> PeriodView {
    PeriodView {
        value: format!("{}..{}", period.start(), period.end()),
        text: period.label(),
    }
}
