//! The returns of an officer's funds, in lists by where they stand.
//!
//! Invariant: a return stands in exactly one list, and each count leads to as many returns. One that is past its due date and
//! not handed in stands under overdue, whatever its state.

use countersign_domain::answers::format;
use countersign_domain::returns::Notice;
use countersign_domain::returns::standing::{Standing, Which};
use countersign_domain::workflow::State;
use serde::Serialize;

use super::asked;
use super::words::{self, anchor};
use crate::service::listing::{Asked, ReturnLine};
use crate::service::office::FundPage;
use crate::service::{Officer, notify};

/// A fund.
#[derive(Debug, Serialize)]
pub struct FundView {
    id: String,
    title: String,
    href: String,
    offices: String,
    lists: Vec<List>,
    failed: Vec<FailedView>,
    failed_title: String,
}

#[derive(Debug, Serialize)]
struct List {
    id: String,
    title: &'static str,
    count_words: &'static str,
    count: u64,
    /// The whole list.
    href: String,
    lines: Vec<LineView>,
}

/// A return in a list.
#[derive(Debug, Serialize)]
pub struct LineView {
    href: String,
    title: String,
    provider: String,
    grant: String,
    grant_href: String,
    reference: String,
    stage: &'static str,
    colour: &'static str,
    due: String,
    late: Option<String>,
    next: String,
    last_chase: Option<String>,
    extended: Option<String>,
    excused: Option<String>,
}

#[derive(Debug, Serialize)]
struct FailedView {
    to: String,
    subject: String,
    at: String,
    why: String,
    href: Option<String>,
}

/// The funds of an officer.
pub fn view(funds: &[FundPage], officer: &Officer) -> Vec<FundView> {
    funds.iter().map(|fund| fund_view(fund, officer)).collect()
}

fn fund_view(page: &FundPage, officer: &Officer) -> FundView {
    let id = anchor(&["fund", &page.fund.key]);
    let list = |(standing, lines): &(Standing, Vec<ReturnLine>)| {
        let (title, count_words) = words::place(*standing);
        let which = Which::At(*standing);
        List {
            id: format!("{id}-{}", which.name()),
            title,
            count_words,
            count: page.tally.count(which),
            href: asked::of_returns(&Asked {
                which,
                ..Asked::all(page.fund.id)
            }),
            lines: lines.iter().map(line_view).collect(),
        }
    };
    FundView {
        title: page.fund.title.clone(),
        href: format!("/office/funds/{}", page.fund.id),
        offices: offices(officer, page),
        lists: page.lists.iter().map(list).collect(),
        failed_title: match page.failed {
            1 => "1 mail could not be delivered".to_owned(),
            many if many > page.failed_notices.len() as u64 => {
                format!("{many} mails could not be delivered, the latest of which are these")
            }
            many => format!("{many} mails could not be delivered"),
        },
        failed: page.failed_notices.iter().map(failed_view).collect(),
        id,
    }
}

fn offices(officer: &Officer, page: &FundPage) -> String {
    let held = officer.holders.iter().filter(|holder| holder.fund == page.fund.id);
    let titles: Vec<String> = held
        .map(|holder| {
            if holder.deputy {
                format!("deputy for the {}", holder.office_title)
            } else {
                holder.office_title.clone()
            }
        })
        .collect();
    titles.join(" and ")
}

/// One line of a list.
pub fn line_view(line: &ReturnLine) -> LineView {
    let (stage, colour) = words::standing(&line.ret.state, line.ret.revision);
    LineView {
        href: format!("/office/returns/{}", line.ret.id),
        title: format!("{}, {}", line.form_title, line.period),
        provider: line.provider.clone(),
        grant: line.grant.clone(),
        grant_href: format!("/office/grants/{}", line.ret.grant),
        reference: line.ret.reference.clone(),
        stage,
        colour,
        due: format::date(line.ret.due_on),
        late: line.late_days.map(words::late),
        next: next(line),
        last_chase: line.last_chase.clone(),
        extended: line.extended.clone(),
        excused: line.excused.clone(),
    }
}

/// What is next, and by whom.
fn next(line: &ReturnLine) -> String {
    match (&line.ret.state, line.mine) {
        (State::Scheduled, _) => format!("Opens by itself on {}", format::date(line.ret.opens_on)),
        (State::Draft, _) => format!("{} submits it", line.provider),
        (State::InReview(_), true) => "You review it".to_owned(),
        (State::InReview(_), false) => "A reviewer reads it".to_owned(),
        (State::InSignOff(_), true) => "You sign it".to_owned(),
        (State::InSignOff(_), false) => "A named officer signs it".to_owned(),
        (State::Excused, _) => match &line.excused {
            Some(why) => format!("Nothing more. Excused because: {why}"),
            None => "Nothing more".to_owned(),
        },
        (State::SignedOff, _) => "Nothing more".to_owned(),
    }
}

fn failed_view(notice: &Notice) -> FailedView {
    FailedView {
        to: format!("{} ({})", notice.to_name, notice.to_address),
        subject: notice.subject.clone(),
        at: notify::moment(notice.written_at),
        why: notice
            .last_error
            .clone()
            .unwrap_or_default()
            .trim_end_matches('.')
            .to_owned(),
        href: notice.return_id.map(|id| format!("/office/returns/{id}#links")),
    }
}
