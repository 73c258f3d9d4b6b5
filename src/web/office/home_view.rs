//! The returns of an officer's funds, in lists by where they stand.
//!
//! Invariant: a return stands in exactly one list, and each count is the length of the list that it leads to. One that
//! is past its due date and not handed in stands under overdue, whatever its state.

use countersign_domain::answers::format;
use countersign_domain::returns::Notice;
use countersign_domain::workflow::State;
use serde::Serialize;

use super::words::{self, anchor};
use crate::service::office::{FundPage, ReturnLine};
use crate::service::{Officer, notify};

/// A fund.
#[derive(Debug, Serialize)]
pub struct FundView {
    id: String,
    title: String,
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
    lines: Vec<LineView>,
}

#[derive(Debug, Serialize)]
struct LineView {
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
}

#[derive(Debug, Serialize)]
struct FailedView {
    to: String,
    subject: String,
    at: String,
    why: String,
    href: Option<String>,
}

/// The lists in the order of their urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    Overdue,
    Submitted,
    AwaitingSignature,
    Draft,
    Due,
    Signed,
    Excused,
}

impl Where {
    const ALL: [Where; 7] = [
        Where::Overdue,
        Where::Submitted,
        Where::AwaitingSignature,
        Where::Draft,
        Where::Due,
        Where::Signed,
        Where::Excused,
    ];

    fn of(state: &State, overdue: bool) -> Where {
        match state {
            State::Scheduled | State::Draft if overdue => Where::Overdue,
            State::Scheduled => Where::Due,
            State::Draft => Where::Draft,
            State::InReview(_) => Where::Submitted,
            State::InSignOff(_) => Where::AwaitingSignature,
            State::SignedOff => Where::Signed,
            State::Excused => Where::Excused,
        }
    }

    /// Its key, its heading, and what stands after its count.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Where::Overdue => ("overdue", "Overdue", "overdue"),
            Where::Submitted => ("submitted", "Submitted, to be reviewed", "submitted, to be reviewed"),
            Where::AwaitingSignature => ("signature", "Awaiting signature", "awaiting signature"),
            Where::Draft => ("draft", "In draft", "in draft"),
            Where::Due => ("due", "Not open yet", "not open yet"),
            Where::Signed => ("signed", "Signed off", "signed off"),
            Where::Excused => ("excused", "Excused", "excused"),
        }
    }
}

/// The funds of an officer.
pub fn view(funds: &[FundPage], officer: &Officer) -> Vec<FundView> {
    funds.iter().map(|fund| fund_view(fund, officer)).collect()
}

fn fund_view(page: &FundPage, officer: &Officer) -> FundView {
    let id = anchor(&["fund", &page.fund.key]);
    let list = |place: Where| {
        let (key, title, count_words) = place.words();
        let lines = page.returns.iter();
        let lines = lines.filter(|line| Where::of(&line.ret.state, line.late_days.is_some()) == place);
        List {
            id: format!("{id}-{key}"),
            title,
            count_words,
            lines: lines.map(line_view).collect(),
        }
    };
    let failed: Vec<FailedView> = page.failed_notices.iter().map(failed_view).collect();
    FundView {
        title: page.fund.title.clone(),
        offices: offices(officer, page),
        lists: Where::ALL.map(list).into(),
        failed_title: match failed.len() {
            1 => "1 mail could not be delivered".to_owned(),
            many => format!("{many} mails could not be delivered"),
        },
        failed,
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

fn line_view(line: &ReturnLine) -> LineView {
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
        (State::SignedOff | State::Excused, _) => "Nothing more".to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_is_overdue_only_until_it_is_handed_in() {
        assert_eq!(Where::of(&State::Draft, true), Where::Overdue);
        assert_eq!(Where::of(&State::Draft, false), Where::Draft);
        assert_eq!(Where::of(&State::InReview(0), true), Where::Submitted);
        assert_eq!(Where::of(&State::Excused, true), Where::Excused);
    }

    #[test]
    fn every_list_has_an_address_of_its_own() {
        let mut keys: Vec<&str> = Where::ALL.iter().map(|place| place.words().0).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), Where::ALL.len());
    }
}
