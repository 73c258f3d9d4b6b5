//! What is under a number: the signed figures that it adds up, down to the answers as they were typed.
//!
//! Invariant: a link to this page is of exactly the figures that the number was added up from.

use countersign_domain::answers::format;
use countersign_domain::document::Source;
use countersign_domain::ids::PaperId;
use poem::handler;
use poem::web::{Path, Query};
use serde::Serialize;
use serde_json::json;

use super::super::{OfficeSession, Reply, Web};
use super::asked::{self, Pairs};
use super::{Part, frame, id};
use crate::service::report::under::{self, Under, UnderLine};
use crate::service::{notify, paper};

#[derive(Debug, Serialize)]
struct LineView {
    href: String,
    reference: String,
    provider: String,
    grant: String,
    fund: Option<String>,
    of: String,
    period: String,
    revision: u32,
    shown: String,
    typed: Option<String>,
    signed: Vec<String>,
}

/// The signed figures.
#[handler]
pub async fn show(web: Web, session: OfficeSession, Query(pairs): Query<Pairs>) -> Reply {
    let (source, page) = asked::figures(&pairs)?;
    let under = under::under(&web.deps, &session.officer, &source, page, None).await?;
    let back = format!("/office/funds/{}", source.fund);
    page_of(&web, &session, &source, &under, (&back, asked::FIGURES))
}

/// Those that an edition of a paper was made from, as they were signed when it was published.
#[handler]
pub async fn show_published(
    web: Web,
    session: OfficeSession,
    Path((paper, number)): Path<(String, String)>,
    Query(pairs): Query<Pairs>,
) -> Reply {
    let (source, page) = asked::figures(&pairs)?;
    let (own, number): (PaperId, u32) = (id(&paper)?, id(&number)?);
    let made_from = paper::made_from(&web.deps, &session.officer, own, number).await?;
    let under = under::under(&web.deps, &session.officer, &source, page, Some(&made_from)).await?;
    let edition = format!("/office/papers/{own}/editions/{number}");
    let here = format!("{edition}/figures");
    page_of(&web, &session, &source, &under, (&edition, &here))
}

fn page_of(web: &Web, session: &OfficeSession, source: &Source, under: &Under, (back, here): (&str, &str)) -> Reply {
    let title = under.label.clone().unwrap_or_else(|| source.measure.clone());
    let at = |page: u64| asked::of_figures(here, source, page);
    let context = json!({
        "fund": under.funds.join(", "),
        "title": title,
        "form": under.form_title,
        "from": format::date(source.within.start()),
        "to": format::date(source.within.end()),
        "adds_up": under.adds_up,
        "total": format::count(i64::try_from(under.total).unwrap_or(i64::MAX)),
        "lines": under.lines.iter().map(line).collect::<Vec<_>>(),
        "page_number": under.page,
        "pages": under.pages,
        "before": (under.page > 1).then(|| at(under.page - 1)),
        "after": (under.page < under.pages).then(|| at(under.page + 1)),
    });
    let frame = frame(session, Part::Papers, format!("Signed figures: {title}")).back(back);
    web.page(frame, "office/figures.html", context)
}

fn line(line: &UnderLine) -> LineView {
    let signed = line.signed.iter().map(|signature| {
        let when = notify::moment(signature.signed_at);
        format!("{}, {}, {when}", signature.typed_name, signature.position)
    });
    LineView {
        href: format!("/office/returns/{}", line.return_id),
        reference: line.reference.clone(),
        provider: line.provider.clone(),
        grant: line.grant.clone(),
        fund: line.fund.clone(),
        of: line.of.clone(),
        period: line.period.clone(),
        revision: line.revision,
        shown: match line.shown.as_str() {
            "" => "Not answered".to_owned(),
            shown => shown.to_owned(),
        },
        typed: line.typed.clone(),
        signed: signed.collect(),
    }
}
