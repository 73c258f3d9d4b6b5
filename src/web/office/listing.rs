//! The list of returns that every number about returns leads to: filtered, searched, a page at a time.
//!
//! Invariant: the list has as many returns as the number said that led to it.

use poem::handler;
use poem::web::Query;
use serde_json::json;

use super::super::{OfficeSession, Reply, Web, session};
use super::asked::{self, Pairs};
use super::home_view::line_view;
use super::{Part, frame, words};
use crate::service::listing::{self, Asked};
use countersign_domain::answers::format;
use countersign_domain::period::Period;
use countersign_domain::returns::standing::Which;

/// The list. Without a fund there is nothing to list: the first page has the funds.
#[handler]
pub async fn show(web: Web, session: OfficeSession, Query(pairs): Query<Pairs>) -> Reply {
    let Some(asked) = asked::returns(&pairs)? else {
        return Ok(session::redirect("/office"));
    };
    let list = listing::list(&web.deps, &session.officer, &asked, web.now()).await?;
    let title = match &list.form_title {
        Some(form) => format!("{}: {form}", words::which(asked.which)),
        None => words::which(asked.which).to_owned(),
    };
    let at = |page: u64| asked::of_returns(&Asked { page, ..asked.clone() });
    let context = json!({
        "fund": { "title": list.fund.title, "href": format!("/office/funds/{}", list.fund.id) },
        "title": title,
        "lead": lead(&asked, list.period_words.as_deref()),
        "found": format::count(i64::try_from(list.total).unwrap_or(i64::MAX)),
        "lines": list.lines.iter().map(line_view).collect::<Vec<_>>(),
        "q": asked.words,
        "kept": kept(&asked),
        "states": states(&asked),
        "all": asked::of_returns(&Asked { words: String::new(), page: 1, ..asked.clone() }),
        "page_number": list.page,
        "pages": list.pages,
        "before": (list.page > 1).then(|| at(list.page - 1)),
        "after": (list.page < list.pages).then(|| at(list.page + 1)),
    });
    let frame = frame(&session, Part::Returns, title).back(format!("/office/funds/{}", list.fund.id));
    web.page(frame, "office/returns.html", context)
}

/// What the list is limited to, in words.
fn lead(asked: &Asked, period: Option<&str>) -> Option<String> {
    let days = |period: Period| format!("{} to {}", format::date(period.start()), format::date(period.end()));
    match (period, asked.ends, asked.running) {
        (Some(period), ..) => Some(format!("For {period}.")),
        (None, Some(ends), _) => Some(format!("For periods that end in {}.", ends.label())),
        (None, None, Some(running)) => Some(format!(
            "Of grants that run in {}, for periods that end by {}.",
            days(running),
            format::date(running.end())
        )),
        (None, None, None) => None,
    }
}

/// What a search keeps of the address.
fn kept(asked: &Asked) -> Vec<(&'static str, String)> {
    let mut kept = vec![("fund", asked.fund.to_string())];
    kept.extend(asked.form.clone().map(|form| ("form", form)));
    for (name, period) in [
        ("period", asked.period),
        ("ends", asked.ends),
        ("running", asked.running),
    ] {
        kept.extend(period.map(|period| (name, asked::dates(period))));
    }
    kept
}

/// The lists that can be chosen between.
fn states(asked: &Asked) -> Vec<serde_json::Value> {
    let one =
        |which: Which| json!({ "value": which.name(), "text": words::which(which), "selected": which == asked.which });
    let mut all: Vec<Which> = Which::ALL.into_iter().rev().collect();
    all.sort_by_key(|which| *which != Which::All);
    all.into_iter().map(one).collect()
}
