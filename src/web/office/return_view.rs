//! One return as its officers see it: where it stands, what was answered, what may be done, what has happened.
//!
//! Invariant: an act is offered only where the workflow allows it; otherwise the page says why not.

use chrono::{DateTime, Duration, Utc};
use countersign_domain::answers::format;
use countersign_domain::ids::PersonId;
use countersign_domain::workflow::{COMMISSIONER, State};
use serde::Serialize;
use std::collections::BTreeMap;

use super::answer_view::{FindingView, SectionView};
use super::answers;
use super::beside::Beside;
use super::contacts::{ContactView, contacts};
use super::deciding::{ToDecideView, waiting};
use super::forms::{self, ActForm, Attempt, Problem};
use super::planned::{self, PlanView};
use super::reading::{REQUIRED, Reading};
use super::timeline::{Event, act_words, timeline};
use super::words::{self, Fact};
use crate::service::office::OfficePage;
use crate::service::{Officer, ServiceError, notify};

/// How long after an act its doer is told that it was done, in minutes.
const JUST_NOW: i64 = 2;

/// The page.
#[derive(Debug, Serialize)]
pub struct ReturnView {
    href: String,
    provider: String,
    title: String,
    problems: Vec<Problem>,
    done: Option<Done>,
    state: Standing,
    header: Vec<Fact>,
    revision: u32,
    digest_groups: Vec<String>,
    findings: Vec<FindingView>,
    shown_words: String,
    changed_words: String,
    sections: Vec<SectionView>,
    may: BTreeMap<&'static str, Permit>,
    refused: Vec<Refused>,
    after_accept: String,
    deciding: Vec<ToDecideView>,
    plan: Option<PlanView>,
    forms: BTreeMap<&'static str, ActForm>,
    timeline: Vec<Event>,
    contacts: Vec<ContactView>,
}

/// What the person who looks has just done.
#[derive(Debug, Serialize)]
pub struct Done {
    text: String,
    detail: String,
}

#[derive(Debug, Serialize)]
struct Standing {
    words: &'static str,
    colour: &'static str,
    late: Option<String>,
    next: String,
}

/// Whether something may be done, or why not.
#[derive(Debug, Serialize)]
pub struct Permit {
    ok: bool,
    why: String,
}

#[derive(Debug, Serialize)]
struct Refused {
    what: &'static str,
    why: String,
}

/// The answers that this page is about: the frozen ones once it was handed in, the draft while it is being filled in.
///
/// # Errors
/// When the revision's document cannot be read.
pub fn reading(page: &OfficePage) -> Result<Reading, ServiceError> {
    match &page.document {
        Some(document) if frozen(page) => Reading::of_document(document).map_err(ServiceError::internal),
        _ => Ok(Reading::of_draft(&page.form, &page.register, &page.evaluated)),
    }
}

/// Whether a revision is being judged, or was.
pub fn frozen(page: &OfficePage) -> bool {
    matches!(
        page.ret.state,
        State::InReview(_) | State::InSignOff(_) | State::SignedOff
    )
}

/// The page of a return, with what was tried last and could not be done.
///
/// # Errors
/// When the revision's document cannot be read.
pub fn view(
    page: &OfficePage,
    officer: &Officer,
    attempt: &Attempt,
    now: DateTime<Utc>,
) -> Result<ReturnView, ServiceError> {
    let href = href(page);
    let reading = reading(page)?;
    let may = permits(page, officer);
    let shown = if frozen(page) { page.ret.revision } else { 0 };
    let asked = attempt.asked();
    let changes = if shown > 1 { page.changes.as_slice() } else { &[] };
    let beside = Beside {
        form: &page.form,
        href: &href,
        queries: &page.queries,
        changes,
        decisions: if shown > 0 { &page.decisions } else { &[] },
        revision: shown,
        asked: asked.as_ref(),
        people: &page.people,
    };
    Ok(ReturnView {
        provider: page.provider.clone(),
        title: page.title(),
        problems: attempt.summary(),
        done: if attempt.problems.is_empty() {
            just_done(page, officer.person.id, now)
        } else {
            None
        },
        state: standing(page, officer),
        header: header(page),
        revision: page.ret.revision,
        digest_groups: page
            .revision
            .as_ref()
            .map(|known| words::groups(&known.digest.to_string()))
            .unwrap_or_default(),
        findings: answers::findings(&reading, &page.people),
        shown_words: shown_words(page, shown),
        changed_words: changed_words(shown, changes.len()),
        sections: answers::sections(&reading, &beside),
        refused: refused(&may, &page.ret.state),
        may,
        after_accept: after_accept(page),
        deciding: waiting(page, attempt, "accept", |name| words::anchor(&["accept", name])),
        plan: planned::view(page),
        forms: act_forms(attempt),
        timeline: timeline(&page.acts, &page.notices, &page.signatures, &page.people),
        contacts: contacts(page, attempt, now),
        href,
    })
}

/// The return's address.
pub fn href(page: &OfficePage) -> String {
    format!("/office/returns/{}", page.ret.id)
}

fn act_forms(attempt: &Attempt) -> BTreeMap<&'static str, ActForm> {
    BTreeMap::from([
        ("send-back", forms::send_back(attempt)),
        ("chase", forms::chase(attempt)),
        ("extend", forms::extend(attempt)),
        ("excuse", forms::excuse(attempt)),
        ("reinstate", forms::reinstate(attempt)),
        ("reopen", forms::reopen(attempt)),
    ])
}

/// The latest act, where the person who looks did it a moment ago.
pub fn just_done(page: &OfficePage, viewer: PersonId, now: DateTime<Utc>) -> Option<Done> {
    let latest = page.acts.last().filter(|act| act.person == Some(viewer))?;
    let age = now - latest.at;
    (Duration::zero() <= age && age <= Duration::minutes(JUST_NOW)).then(|| Done {
        text: act_words(&latest.action, latest.revision),
        detail: latest.reason.clone().unwrap_or_default(),
    })
}

fn standing(page: &OfficePage, officer: &Officer) -> Standing {
    let (words, colour) = words::standing(&page.ret.state, page.ret.revision);
    let late = page
        .ret
        .overdue_on(page.today)
        .then(|| words::late((page.today - page.ret.due_on).num_days()));
    let mine = page
        .stage
        .as_ref()
        .is_some_and(|stage| officer.offices_in(page.fund.id).contains(&stage.by));
    // Whoever prepared or reviewed it holds the office perhaps, and may not sign all the same.
    let may = |act: &str| page.may.get(act).is_some_and(Result::is_ok);
    let mine = mine && (may("accept") || may("sign"));
    let by = page
        .stage
        .as_ref()
        .map(|stage| words::office(&stage.by))
        .unwrap_or_default();
    let next = match page.ret.state {
        State::Scheduled => format!("It opens by itself on {}.", format::date(page.ret.opens_on)),
        State::Draft => {
            format!(
                "Next, {} submits it, by {}.",
                page.provider,
                format::date(page.ret.due_on)
            )
        }
        State::InReview(_) if mine => "Next, you read it, then accept it or send it back.".to_owned(),
        State::InReview(_) => format!("Next, {by} reads it, then accepts it or sends it back."),
        State::InSignOff(_) if mine => "Next, you read it and sign it, or decline.".to_owned(),
        State::InSignOff(_) => format!("Next, {by} reads it and signs it, or declines."),
        State::SignedOff => "Nothing more is to be done. Its figures are in the reports.".to_owned(),
        State::Excused => "Nothing more is to be done. It is not owed.".to_owned(),
    };
    Standing {
        words,
        colour,
        late,
        next,
    }
}

/// The facts at the top, which the signing page has too.
pub fn header(page: &OfficePage) -> Vec<Fact> {
    let ret = &page.ret;
    let mut facts = vec![
        Fact::new("Reference", ret.reference.clone()),
        Fact::new("Fund", page.fund.title.clone()),
        Fact::link(
            "Grant",
            page.grant.title.clone(),
            format!("/office/grants/{}", page.grant.id),
        ),
        Fact::new("Period", page.form.schedule.period_label(ret.period)),
        Fact::new("Due", format::date(ret.due_on)),
    ];
    if let Some(revision) = &page.revision {
        let by = words::name(&page.people, revision.submitted_by);
        let at = notify::moment(revision.submitted_at);
        facts.push(Fact::new(
            "Submitted",
            format!("Revision {}, by {by}, {at}", revision.number),
        ));
    } else {
        facts.push(Fact::new("Closes", format::date(ret.closes_on)));
    }
    facts
}

fn shown_words(page: &OfficePage, shown: u32) -> String {
    let missing = page
        .evaluated
        .findings
        .iter()
        .filter(|finding| finding.check == REQUIRED)
        .count();
    let still = match missing {
        0 => "Nothing that must be answered is missing.".to_owned(),
        1 => "1 question that must be answered is not answered yet.".to_owned(),
        many => format!("{many} questions that must be answered are not answered yet."),
    };
    match (shown, page.ret.revision) {
        (0, 0) => format!("These are the draft answers as last saved. They can still change. {still}"),
        (0, last) => {
            format!(
                "These are the draft answers as last saved, after revision {last} went back. They can still change. {still}"
            )
        }
        (shown, _) => format!("These are the answers of revision {shown}, as they were submitted."),
    }
}

fn changed_words(shown: u32, changes: usize) -> String {
    match (shown, changes) {
        (0 | 1, _) => String::new(),
        (_, 0) => "No answer and no explanation differs from the revision before.".to_owned(),
        (_, 1) => "1 answer or explanation differs from the revision before.".to_owned(),
        (_, many) => format!("{many} answers or explanations differ from the revision before."),
    }
}

/// Every act with whether this officer may do it now.
pub fn permits(page: &OfficePage, officer: &Officer) -> BTreeMap<&'static str, Permit> {
    let permit = |result: Result<(), String>| match result {
        Ok(()) => Permit {
            ok: true,
            why: String::new(),
        },
        Err(why) => Permit { ok: false, why },
    };
    let mut may: BTreeMap<&'static str, Permit> = page
        .may
        .iter()
        .map(|(act, result)| (*act, permit(result.clone().map_err(|refusal| refusal.to_string()))))
        .collect();
    let commissioner = officer
        .offices_in(page.fund.id)
        .iter()
        .any(|office| office == COMMISSIONER);
    let open = matches!(page.ret.state, State::Scheduled | State::Draft);
    let extend = match (commissioner, open) {
        (false, _) => Err("Only whoever reviews this fund’s returns can give more time.".to_owned()),
        (true, false) => Err("This return has been handed in, so it needs no more time.".to_owned()),
        (true, true) => Ok(()),
    };
    may.insert("extend", permit(extend));
    let owed = page.ret.state == State::Draft;
    may.insert(
        "chase",
        permit(if owed {
            Ok(())
        } else {
            Err("There is nothing to chase just now.".to_owned())
        }),
    );
    may
}

fn refused(may: &BTreeMap<&'static str, Permit>, state: &State) -> Vec<Refused> {
    let named = [
        ("query", "Ask about an answer"),
        ("send-back", "Send it back"),
        ("accept", "Accept it"),
        ("sign", "Sign it"),
        ("decline", "Decline to sign it"),
        ("chase", "Note a chase"),
        ("extend", "Give more time"),
        ("excuse", "Excuse it"),
        ("reinstate", "Make it owed after all"),
        ("reopen", "Reopen it for a correction"),
    ];
    // Of a return that is owed, nobody asks why it cannot be owed again.
    let asked = |(act, _): &(&'static str, &'static str)| *act != "reinstate" || *state == State::Excused;
    let unless = |(act, what): (&'static str, &'static str)| {
        let permit = may.get(act).filter(|permit| !permit.ok)?;
        Some(Refused {
            what,
            why: permit.why.clone(),
        })
    };
    named.into_iter().filter(asked).filter_map(unless).collect()
}

fn after_accept(page: &OfficePage) -> String {
    let next = match page.ret.state {
        State::InReview(at) => page.form.stages.get(at + 1),
        _ => None,
    };
    match next {
        Some(stage) => format!("{} is told by email that it is waiting.", words::office(&stage.by)),
        None => "it is then signed off.".to_owned(),
    }
}
