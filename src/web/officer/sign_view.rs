//! The page on which a named officer signs, and the one that says that they have.
//!
//! Invariant: everything shown comes from the revision's own document; the form carries the digest of that document.

use countersign_domain::answers::types::Finding;
use countersign_domain::ids::PersonId;
use countersign_domain::register::Holder;
use countersign_domain::returns::Signature;
use countersign_domain::workflow::State;
use serde::Serialize;
use std::collections::BTreeMap;

use super::super::office::answer_view::{FindingView, QueryView, SectionView};
use super::super::office::answers;
use super::super::office::beside::Beside;
use super::super::office::deciding::{ToDecideView, waiting};
use super::super::office::forms::{Attempt, Problem, plain_summary};
use super::super::office::planned::{self, PlanView};
use super::super::office::reading::Reading;
use super::super::office::return_view::{Permit, header, href, permits};
use super::super::office::words::{self, Fact, groups};
use crate::service::office::OfficePage;
use crate::service::{Officer, notify, sign};

/// The page.
#[derive(Debug, Serialize)]
pub struct SignView {
    href: String,
    provider: String,
    title: String,
    problems: Vec<Problem>,
    revision: u32,
    header: Vec<Fact>,
    findings: Vec<FindingView>,
    sections: Vec<SectionView>,
    queries: Vec<QueryView>,
    may: BTreeMap<&'static str, Permit>,
    signature: Vec<Fact>,
    statement: String,
    digest_hex: String,
    digest_groups: Vec<String>,
    deciding: Vec<ToDecideView>,
    plan: Option<PlanView>,
    sign: SignForm,
    decline: Typed,
}

#[derive(Debug, Serialize)]
struct SignForm {
    agreed: Typed,
    typed_name: Typed,
    totp: Typed,
}

#[derive(Debug, Default, Serialize)]
struct Typed {
    value: String,
    error: Option<String>,
}

/// The page after signing.
#[derive(Debug, Serialize)]
pub struct SignedView {
    href: String,
    reference: String,
    revision: u32,
    next: String,
    signature: Vec<Fact>,
    digest_groups: Vec<String>,
}

/// The signature that stands of this person over the latest revision.
pub fn standing_signature(page: &OfficePage, person: PersonId) -> Option<&Signature> {
    page.signatures
        .iter()
        .find(|known| known.person == person && known.revision == page.ret.revision && known.voided.is_none())
}

/// The page, with what was tried last and could not be done.
pub fn view(page: &OfficePage, reading: &Reading, officer: &Officer, attempt: &Attempt) -> SignView {
    let href = href(page);
    let beside = Beside {
        form: &page.form,
        href: &href,
        queries: &[],
        changes: &[],
        decisions: &page.decisions,
        revision: page.ret.revision,
        asked: None,
        people: &page.people,
    };
    let digest = page
        .revision
        .as_ref()
        .map(|revision| revision.digest.to_string())
        .unwrap_or_default();
    SignView {
        provider: page.provider.clone(),
        title: page.title(),
        problems: if attempt.act == "sign" {
            plain_summary(&attempt.problems)
        } else {
            attempt.summary()
        },
        revision: page.ret.revision,
        header: facts(page, reading),
        findings: answers::findings(reading, &page.people),
        sections: answers::sections(reading, &beside),
        queries: answers::queries(reading, &page.queries, &page.people),
        may: permits(page, officer),
        signature: own(page, officer),
        statement: statement(page),
        digest_groups: groups(&digest),
        digest_hex: digest,
        plan: planned::view(page),
        deciding: waiting(page, attempt, "sign", str::to_owned),
        sign: SignForm {
            agreed: typed("sign", "agreed", attempt),
            typed_name: typed("sign", "typed_name", attempt),
            totp: Typed {
                value: String::new(),
                ..typed("sign", "totp", attempt)
            },
        },
        decline: typed("decline", "reason", attempt),
        href,
    }
}

fn typed(act: &str, field: &str, attempt: &Attempt) -> Typed {
    if attempt.act == act {
        Typed {
            value: attempt.value(field).to_owned(),
            error: attempt.error(field),
        }
    } else {
        Typed::default()
    }
}

/// The header with whose hands it went through.
fn facts(page: &OfficePage, reading: &Reading) -> Vec<Fact> {
    let mut facts = header(page);
    let prepared: Vec<String> = reading
        .preparers
        .iter()
        .map(|person| words::name(&page.people, *person))
        .collect();
    if !prepared.is_empty() {
        facts.push(Fact::new("Prepared by", prepared.join(", ")));
    }
    let reviewed = page
        .acts
        .iter()
        .filter(|act| act.action == "accept" && act.revision == page.ret.revision);
    for act in reviewed {
        let by = act
            .person
            .map_or_else(String::new, |person| words::name(&page.people, person));
        facts.push(Fact::new("Reviewed by", format!("{by}, {}", notify::moment(act.at))));
    }
    let warnings = reading
        .findings
        .iter()
        .filter(|finding: &&Finding| finding.explanation.is_some())
        .count();
    facts.push(Fact::new(
        "Warnings explained",
        format!("{warnings} of {}", reading.findings.len()),
    ));
    facts
}

/// Under which office the officer signs: their own before one that they are deputy for.
fn held<'a>(page: &OfficePage, officer: &'a Officer) -> Option<&'a Holder> {
    let stage = page.stage.as_ref()?;
    let held = officer
        .holders
        .iter()
        .filter(|holder| holder.fund == page.fund.id && holder.office_key == stage.by);
    held.min_by_key(|holder| holder.deputy)
}

fn own(page: &OfficePage, officer: &Officer) -> Vec<Fact> {
    let mut facts = vec![Fact::new("Name", officer.person.name.clone())];
    if let Some(holder) = held(page, officer) {
        facts.push(Fact::new("Position", sign::position(holder)));
    }
    facts.push(Fact::new("Date", words::long_day(page.today)));
    facts
}

fn statement(page: &OfficePage) -> String {
    let words = page.stage.as_ref().and_then(|stage| stage.statement.as_ref());
    words.map(|words| words.en.clone()).unwrap_or_default()
}

/// The page that says what was signed.
pub fn signed(page: &OfficePage, signature: &Signature) -> SignedView {
    let next = match (&page.ret.state, &page.stage) {
        (State::SignedOff, _) => "The return is signed off. Its figures are now in the reports.".to_owned(),
        (_, Some(stage)) => format!("The return now waits for {}.", words::office(&stage.by)),
        (_, None) => String::new(),
    };
    SignedView {
        href: href(page),
        reference: page.ret.reference.clone(),
        revision: signature.revision,
        next,
        signature: vec![
            Fact::new("Signed by", signature.typed_name.clone()),
            Fact::new("Position", signature.position.clone()),
            Fact::new("When", notify::moment(signature.signed_at)),
            Fact::new("Declared", signature.statement.clone()),
            Fact::new("Known by", signature.known_by.clone()),
        ],
        digest_groups: groups(&signature.digest.to_string()),
    }
}
