//! Made-up answers, typed into real returns: the spoilt ones are refused for the reason that they were spoilt for, and
//! then the good ones are submitted.

use std::collections::{BTreeMap, BTreeSet};

use countersign::service::provider::{self, ReturnPage};
use countersign::service::save::{Sent, explain, save};
use countersign::service::submit::{SubmitError, submit};
use countersign::service::{Contact, rows};
use countersign::store::{access, register, returns};
use countersign_domain::answers::types::{Draft, DraftAnswer, SectionKey};
use countersign_domain::answers::{Typed, base_of, evaluate};
use countersign_domain::form::parse::parse;
use countersign_domain::form::schema::{Each, Form};
use countersign_domain::sample::{broken, valid};
use countersign_domain::workflow::State;

use crate::outside::postgres::TestDatabase;
use crate::outside::server::{FORM, OPENS, REGISTER, TestServer};

/// A form, who owes it, and when it opens.
const FORMS: [(&str, &str, &str); 2] = [
    (FORM, REGISTER, OPENS),
    (
        include_str!("../language/form.toml"),
        include_str!("../language/register.toml"),
        "2026-10-01 09:00",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spoilt_answers_are_refused_and_good_ones_are_submitted() {
    for (source, registered, opens) in FORMS {
        for seed in 0..4 {
            try_one(source, registered, opens, seed).await;
        }
    }
}

async fn try_one(source: &str, registered: &str, opens: &str, seed: u64) {
    let form = parse(source).expect("a form");
    // An increase that nothing covers keeps every return from being submitted, whatever is answered.
    let registered = &registered.replace("uncovered = \"440\"\n", "");
    let server = TestServer::of(TestDatabase::sqlite().await, &[source], registered, opens).await;
    let contact = contact(&server, &form).await;
    let (deps, now) = (&server.app.deps, server.now());
    let facts = provider::home(deps, &contact, now).await.expect("a page").register;
    let good = without_documents(valid(&form, &facts, seed, 30).expect("answers"));
    assert!(evaluate(&form, &facts, &good).ready(), "{} {seed}", form.id);
    let spoilt = broken(&form, &facts, &good, seed).expect("spoilt answers");
    let page = typed(&server, &contact, &form, &without_documents(spoilt.draft.clone())).await;
    let refused = submit(deps, &contact, &page.print(), now).await;
    let Err(SubmitError::Blocked(page)) = refused else {
        panic!("{} {seed}: {} was not refused", form.id, spoilt.how);
    };
    let reasons: BTreeSet<&str> = page
        .evaluated
        .blocking()
        .chain(page.evaluated.unexplained())
        .map(|finding| finding.key.as_str())
        .collect();
    assert!(
        reasons.contains(spoilt.finding.key.as_str()),
        "{} {seed}: {reasons:?}",
        spoilt.how
    );

    let page = typed(&server, &contact, &form, &good).await;
    let left: Vec<_> = page.evaluated.blocking().chain(page.evaluated.unexplained()).collect();
    assert!(left.is_empty(), "{} {seed}: {left:#?}", form.id);
    let sent = submit(deps, &contact, &page.print(), now).await;
    assert!(sent.is_ok_and(|sent| sent.first), "{} {seed}", form.id);
    server.tick().await;
    server.finish().await;
}

/// Without documents, which are sent in another way and are not needed here.
fn without_documents(mut draft: Draft) -> Draft {
    for section in draft.sections.values_mut() {
        section.answers.retain(|_, answer| answer.files.is_empty());
    }
    draft
}

async fn contact(server: &TestServer, form: &Form) -> Contact {
    let read = server.app.deps.store.read();
    let all = returns::returns_of_form(&read, &form.id).await.expect("returns");
    let open = all
        .iter()
        .find(|ret| ret.state == State::Draft)
        .expect("an open return");
    let links = access::links_of(&read, open.id).await.expect("links");
    Contact {
        person: register::get_person(&read, links[0].person).await.expect("a person"),
        link: links[0].id,
        return_id: open.id,
    }
}

/// Types all answers of a draft over what stands, rows and explanations too.
async fn typed(server: &TestServer, contact: &Contact, form: &Form, draft: &Draft) -> ReturnPage {
    let (deps, now) = (&server.app.deps, server.now());
    let mut page = provider::home(deps, contact, now).await.expect("a page");
    for section in form.sections.iter().filter(|section| section.each == Each::Row) {
        let begins = format!("{}/", section.id);
        let wanted = draft.sections.keys().filter(|key| key.0.starts_with(&begins)).count();
        let there = page
            .evaluated
            .sections
            .iter()
            .filter(|view| view.key.0.starts_with(&begins))
            .count();
        for _ in there..wanted {
            page = rows::add(deps, contact, &section.id, now).await.expect("a row").1;
        }
    }
    let keys: Vec<SectionKey> = page.evaluated.sections.iter().map(|view| view.key.clone()).collect();
    // Twice, because an answer can bring a question to light in a section that was saved before it.
    for key in keys.iter().chain(&keys) {
        let before = page.draft.sections.get(key).cloned().unwrap_or_default();
        let wanted = draft.sections.get(key).cloned().unwrap_or_default();
        let ids: BTreeSet<&String> = before.answers.keys().chain(wanted.answers.keys()).collect();
        let answers: BTreeMap<String, Typed> = ids
            .into_iter()
            .map(|id| (id.clone(), wanted.answers.get(id).map(as_typed).unwrap_or_default()))
            .collect();
        let sent = Sent {
            base: base_of(&before),
            answers,
        };
        page = save(deps, contact, key, sent, now).await.expect("saved").page;
    }
    let texts: BTreeMap<String, String> = page
        .evaluated
        .findings
        .iter()
        .map(|finding| {
            let text = draft.explanations.get(&finding.key).map(|of| of.text.clone());
            (finding.key.clone(), text.unwrap_or_default())
        })
        .collect();
    explain(deps, contact, &texts, now).await.expect("explained")
}

fn as_typed(answer: &DraftAnswer) -> Typed {
    Typed {
        fields: answer.fields.clone(),
        mark: answer.mark,
        approximately: answer.approximately,
        files: Vec::new(),
    }
}
