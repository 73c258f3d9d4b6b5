//! What a return is given of what was signed before it and beneath it; and that it stays as it was when it was submitted.

use std::collections::BTreeMap;

use countersign::service::save::{Sent, explain, save};
use countersign::service::submit::submit;
use countersign::service::{Contact, correct, forms, provider, register, review};
use countersign::store::{access, returns};
use countersign_domain::answers::types::{Answer, Beneath, FigureValue, Register, SectionKey, Value};
use countersign_domain::answers::{Typed, base_of};
use countersign_domain::form::schema::AddUp;
use countersign_domain::returns::Return;

use crate::outside::on_both;
use crate::outside::server::TestServer;
use crate::planning::{self, NELL, Planning, STAGES};

on_both!(
    the_year_is_filled_from_the_quarters_that_are_signed,
    a_quarter_is_shown_the_one_that_was_signed_before_it,
    what_was_submitted_keeps_the_figures_that_it_was_filled_from,
);

const QUARTER: &str = include_str!("signed/quarter.toml");
const YEAR: &str = include_str!("signed/year.toml");
/// A server at the end of the year, with four quarters and the year open.
pub async fn at_the_end_of_the_year(server: TestServer) -> Planning {
    let plan = Planning::begin(server).await;
    let deps = &plan.server.app.deps;
    for form in [QUARTER, YEAR] {
        forms::publish(deps, form, plan.server.now()).await.unwrap();
    }
    let file = register::read(&planning::owed(&["quarter", "year"])).unwrap();
    register::load(deps, &file, plan.server.now()).await.unwrap();
    plan.server.advance_to("2019-04-02 09:00").await;
    plan
}

pub async fn owed(plan: &Planning, form: &str) -> Vec<Return> {
    let read = plan.server.app.deps.store.read();
    returns::returns_of_form(&read, form).await.unwrap()
}

async fn contact(plan: &Planning, ret: &Return) -> Contact {
    let person = plan.server.person(NELL).await;
    let links = access::links_of(&plan.server.app.deps.store.read(), ret.id)
        .await
        .unwrap();
    Contact {
        link: links.iter().find(|link| link.person == person.id).expect("a link").id,
        person,
        return_id: ret.id,
    }
}

async fn page(plan: &Planning, ret: &Return) -> provider::ReturnPage {
    let contact = contact(plan, ret).await;
    provider::home(&plan.server.app.deps, &contact, plan.server.now())
        .await
        .unwrap()
}

/// Types figures into a return and submits it.
pub async fn submitted(plan: &Planning, ret: &Return, figures: &[(&str, &str)]) {
    let (deps, contact, now) = (&plan.server.app.deps, contact(plan, ret).await, plan.server.now());
    let key = SectionKey("use".to_owned());
    let before = page(plan, ret).await;
    let sent = Sent {
        base: before.draft.sections.get(&key).map(base_of).unwrap_or_default(),
        answers: figures
            .iter()
            .map(|(id, text)| ((*id).to_owned(), Typed::value(text)))
            .collect::<BTreeMap<_, _>>(),
    };
    let saved = save(deps, &contact, &key, sent, now).await.unwrap();
    let why = |key: &str| (key.to_owned(), "The other quarters are not in yet.".to_owned());
    let warnings = saved.page.evaluated.findings.iter().map(|finding| why(&finding.key));
    explain(deps, &contact, &warnings.collect(), now).await.unwrap();
    let print = page(plan, ret).await.print();
    assert!(submit(deps, &contact, &print, now).await.is_ok());
}

pub async fn accept(plan: &Planning, ret: &Return) {
    let (deps, officer) = (&plan.server.app.deps, plan.officer(STAGES[2]).await);
    let revision = returns::get_return(&deps.store.read(), ret.id).await.unwrap().revision;
    review::accept(deps, &officer, ret.id, revision, &[], plan.server.now())
        .await
        .unwrap();
}

pub async fn signed(plan: &Planning, ret: &Return, figures: &[(&str, &str)]) {
    submitted(plan, ret, figures).await;
    accept(plan, ret).await;
}

fn counts(of: &Beneath) -> Option<Vec<i64>> {
    let figures = of.figures.as_ref()?.iter();
    Some(
        figures
            .filter_map(|one| match one.figure.value {
                FigureValue::Count { count } => Some(count),
                _ => None,
            })
            .collect(),
    )
}

fn in_the_year(page: &provider::ReturnPage) -> Answer {
    page.evaluated.sections[0].questions[0].answer.clone()
}

async fn the_year_is_filled_from_the_quarters_that_are_signed(server: TestServer) {
    let plan = at_the_end_of_the_year(server).await;
    let (quarters, year) = (owed(&plan, "quarter").await, owed(&plan, "year").await.remove(0));
    assert_eq!(quarters.len(), 4);
    signed(&plan, &quarters[0], &[("reached", "30"), ("waiting", "5")]).await;
    signed(&plan, &quarters[1], &[("reached", "18")]).await;
    submitted(&plan, &quarters[2], &[("reached", "1,000")]).await;
    let officer = plan.officer(STAGES[2]).await;
    correct::excuse(
        &plan.server.app.deps,
        &officer,
        quarters[3].id,
        "The service was closed.",
        plan.server.now(),
    )
    .await
    .unwrap();
    let shown = page(&plan, &year).await;
    let beneath = &shown.register.beneath;
    let told: Vec<_> = beneath
        .iter()
        .map(|one| {
            (
                one.form.as_str(),
                one.provider.as_str(),
                one.period.label(),
                counts(one),
            )
        })
        .collect();
    let quarter = |at: usize, counts| {
        (
            "quarter",
            "City Safety Partnership",
            quarters[at].period.label(),
            counts,
        )
    };
    assert_eq!(
        told,
        [quarter(0, Some(vec![30])), quarter(1, Some(vec![18])), quarter(2, None),],
        "what is asked for and no more; one not signed is named; one excused is not owed"
    );
    let first = &beneath[0].figures.as_ref().unwrap()[0];
    assert_eq!(
        (first.over_providers, first.over_time),
        (Some(AddUp::Sum), Some(AddUp::Sum))
    );
    assert_eq!(in_the_year(&shown), Answer::Given(Value::Count(48)));
    plan.finish().await;
}

async fn a_quarter_is_shown_the_one_that_was_signed_before_it(server: TestServer) {
    let plan = at_the_end_of_the_year(server).await;
    let quarters = owed(&plan, "quarter").await;
    let previous = async |at: usize| {
        let Register { previous, .. } = page(&plan, &quarters[at]).await.register;
        previous.map(|previous| (previous.reference, previous.figures.len()))
    };
    assert_eq!(previous(1).await, None);
    signed(&plan, &quarters[0], &[("reached", "30"), ("waiting", "5")]).await;
    let three = 3; // The two that were typed, and what of the grant is not allocated.
    assert_eq!(previous(1).await, Some((quarters[0].reference.clone(), three)));
    assert_eq!(previous(3).await, Some((quarters[0].reference.clone(), three)));
    signed(&plan, &quarters[1], &[("reached", "18")]).await;
    assert_eq!(
        previous(3).await.map(|(reference, _)| reference),
        Some(quarters[1].reference.clone())
    );
    assert_eq!(previous(0).await, None, "nothing was signed before the first");
    let year = owed(&plan, "year").await.remove(0);
    let asked = page(&plan, &year).await.register;
    assert_eq!(asked.previous, None, "a form that does not look back is not told");
    plan.finish().await;
}

async fn what_was_submitted_keeps_the_figures_that_it_was_filled_from(server: TestServer) {
    let plan = at_the_end_of_the_year(server).await;
    let (quarters, year) = (owed(&plan, "quarter").await, owed(&plan, "year").await.remove(0));
    signed(&plan, &quarters[0], &[("reached", "30")]).await;
    submitted(&plan, &year, &[]).await;
    let (deps, officer) = (&plan.server.app.deps, plan.officer(STAGES[2]).await);
    let now = plan.server.now();
    correct::reopen(deps, &officer, quarters[0].id, "Ten were counted twice.", now)
        .await
        .unwrap();
    let while_open = page(&plan, &quarters[0]).await.ret;
    assert_eq!(while_open.signed_revision, Some(1));
    signed(&plan, &quarters[0], &[("reached", "20")]).await;
    assert_eq!(
        in_the_year(&page(&plan, &year).await),
        Answer::Given(Value::Count(30)),
        "as it was submitted"
    );
    review::send_back(
        deps,
        &officer,
        year.id,
        1,
        "A quarter was corrected.",
        plan.server.now(),
    )
    .await
    .unwrap();
    assert_eq!(
        in_the_year(&page(&plan, &year).await),
        Answer::Given(Value::Count(20)),
        "as it now stands"
    );
    plan.finish().await;
}
