//! S5: a partnership's year. Three providers return each quarter, the evaluation is filled from what they signed, and
//! what the paper got wrong is said before the chair's deputy signs.
//!
//! Invariant: the figures of the year are the paper's; those of the quarters are made so that they come to them.

use countersign::service::register;
use countersign::store::{figures, returns};
use countersign_domain::answers::format;
use countersign_domain::returns::Return;

use crate::outside::browser::TestBrowser;
use crate::outside::paper::{label, title};
use crate::outside::people::{ANITA, MORWENNA, RUTH, Someone};
use crate::outside::postgres::TestDatabase;
use crate::outside::server::{FORM, REGISTER, TestServer};
use crate::outside::stages::{RETURN, WHY};

#[path = "s5/quarters.rs"]
mod quarters;
#[path = "s5/report.rs"]
mod report;

use quarters::{FIRST_LIGHT, HARBOUR, PDAS, Provider};

const QUARTER: &str = include_str!("../../forms/s5-partnership/provider-quarter.toml");
const QUARTERS: &str = include_str!("../../forms/s5-partnership/returns-quarterly.toml");

/// Agrees the quarters for the partnership.
const JORY: Someone = Someone {
    name: "Jory Penhale",
    address: "jory.penhale@partnership.example.org",
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_year_is_filled_from_the_quarters_and_signed_on_sqlite() {
    the_year_is_filled_from_the_quarters_and_signed(TestDatabase::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_year_is_filled_from_the_quarters_and_signed_on_postgres() {
    the_year_is_filled_from_the_quarters_and_signed(TestDatabase::postgres().await).await;
}

async fn the_year_is_filled_from_the_quarters_and_signed(database: TestDatabase) {
    let server = TestServer::of(database, &[FORM, QUARTER], REGISTER, "2017-04-03 09:00").await;
    let file = register::read(QUARTERS).expect("the register is read");
    register::load(&server.app.deps, &file, server.now())
        .await
        .expect("the quarters are loaded");
    three_quarters(&server).await;

    server.advance_to("2018-04-04 09:00").await;
    for provider in [PDAS, FIRST_LIGHT] {
        agreed(&server, provider, 3).await;
    }
    a_missing_quarter_is_named(&server).await;
    agreed(&server, HARBOUR, 3).await;
    let mut contact = what_is_typed_over_the_quarters_is_asked_about(&server).await;
    what_the_paper_got_wrong_is_said(&server, &mut contact).await;

    server.advance_to("2018-04-26 15:00").await;
    contact = server.at_the_return(MORWENNA).await;
    contact.visit("/return/check").await;
    contact.press("Submit return").await;
    assert_eq!(contact.path(), "/return/submitted", "{}", contact.says());
    server.advance_to("2018-05-09 10:00").await;
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.follow(RETURN).await;
    reviewer.press("Accept revision 1").await;
    reviewer.must_see(&["Awaiting signature"]);
    server.advance_to("2018-05-14 09:00").await;
    let mut deputy = server.at_the_office(RUTH).await;
    deputy.follow(RETURN).await;
    deputy.follow("Read and sign").await;
    let code = server.authenticator(RUTH).await;
    deputy.sign_as(RUTH.name, &code).await;
    deputy.must_see(&["Deputy for the Chair of Safer Plymouth", "The return is signed off."]);

    what_was_signed_is_the_papers(&server).await;
    report::the_paper_adds_up(&server).await;
    server.finish().await;
}

/// April to December 2017: a figure that is not since April is noticed, and one that was signed wrong is corrected.
async fn three_quarters(server: &TestServer) {
    server.advance_to("2017-07-03 09:00").await;
    for provider in [PDAS, FIRST_LIGHT, HARBOUR] {
        agreed(server, provider, 0).await;
    }
    server.advance_to("2017-10-02 09:00").await;
    since_april_is_since_april(server).await;
    for provider in [PDAS, HARBOUR] {
        agreed(server, provider, 1).await;
    }
    signed_wrong_and_corrected(server).await;
    server.advance_to("2018-01-02 09:00").await;
    for provider in [PDAS, FIRST_LIGHT, HARBOUR] {
        agreed(server, provider, 2).await;
    }
}

/// Enters a provider's quarter through its pages, submits it, and has it agreed.
async fn agreed(server: &TestServer, provider: Provider, quarter: usize) {
    let mut contact = server.at_the_return(provider.contact).await;
    contact.fill_the_quarter(provider, quarter).await;
    submitted(&mut contact).await;
    sign_the_quarter(server).await;
}

async fn submitted(contact: &mut TestBrowser) {
    contact.visit("/return/check").await;
    assert_eq!(contact.errors(), Vec::<String>::new(), "{}", contact.says());
    contact.must_not_see(&["Explain these"]);
    contact.press("Submit return").await;
    assert_eq!(contact.path(), "/return/submitted", "{}", contact.says());
}

/// Signs what the officer was last written to about.
async fn sign_the_quarter(server: &TestServer) {
    let mut officer = server.at_the_office(JORY).await;
    let mail = server.mail_to(JORY.address, "For your signature").await;
    officer.visit(&mail.link()).await;
    officer.follow("Read and sign").await;
    let code = server.authenticator(JORY).await;
    officer
        .tick("I have held this return against the contract")
        .fill("Your full name", JORY.name)
        .fill("A fresh code from your authenticator app", &code);
    officer.press("Sign revision").await;
    officer.must_see(&["The return is signed off."]);
}

/// The second quarter's own people in place of those since April.
async fn since_april_is_since_april(server: &TestServer) {
    let mut contact = server.at_the_return(PDAS.contact).await;
    contact.visit("/return/section/work").await;
    contact.must_see(&["Last time: 540"]);
    contact.fill("a.supported_so_far.value", "521").save().await;
    contact.visit("/return/section/work").await;
    contact.must_see(&["By the quarter before, 540 people were supported since 1 April. It cannot be 521 now"]);
    contact
        .fill("a.took_up.of", "1,061")
        .fill("a.took_up.per", "1,262")
        .save()
        .await;
    contact.visit("/return/section/work").await;
    let which = "Took up support when they were referred, since 1 April: People who took up support";
    contact.must_see(&[&format!("You give 521 here, and 1,061 for “{which}”.")]);
}

/// £6,520 is signed where £6,250 was spent; the officer who finds it has it corrected, and signed again.
async fn signed_wrong_and_corrected(server: &TestServer) {
    let mut contact = server.at_the_return(FIRST_LIGHT.contact).await;
    contact.fill_the_quarter(FIRST_LIGHT, 1).await;
    contact.visit("/return/section/money").await;
    contact.fill("a.spent.value", "6,520").save().await;
    submitted(&mut contact).await;
    sign_the_quarter(server).await;
    let wrong = quarter_of(server, "PLY-CSP-1718-sexual-violence-R2").await;
    assert_eq!(signed_figure(server, &wrong, "spent", None).await, "£6,520.00");

    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.visit(&format!("/office/returns/{}", wrong.id)).await;
    reviewer.under(&["Reopen it for a correction"]);
    reviewer
        .fill("What is to be corrected", "The bank statement says £6,250.")
        .press("Reopen")
        .await;
    reviewer.must_see(&["Back with the provider"]);
    let mut contact = server.at_the_return(FIRST_LIGHT.contact).await;
    contact.visit("/return/section/money").await;
    contact.fill("a.spent.value", "6,250").save().await;
    assert_eq!(
        signed_figure(server, &wrong, "spent", None).await,
        "£6,520.00",
        "what was signed stands until it is signed again"
    );
    submitted(&mut contact).await;
    sign_the_quarter(server).await;
    assert_eq!(signed_figure(server, &wrong, "spent", None).await, "£6,250.00");
}

/// Without Harbour's last quarter its year is short of £24,625, and the page and the check say whose quarter it is.
async fn a_missing_quarter_is_named(server: &TestServer) {
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.open_project("drug-and-alcohol").await;
    contact.must_see(&["From 3 of 4 signed returns. Missing: Harbour, January to March 2018."]);
    assert_eq!(amount(&contact, "spent"), "73875");
    contact
        .answer("outcomes", "Treatment began sooner after release.")
        .save()
        .await;
    contact.visit("/return/check").await;
    contact.must_see(&["This is made without 1 of 4 returns: Harbour, January to March 2018."]);
    contact.open_project("domestic-abuse").await;
    contact.must_see(&["From 4 of 4 signed returns."]);
    contact.must_not_see(&["Missing:"]);
    assert_eq!(amount(&contact, "spent"), "160200");
    contact.open_project("prevent").await;
    contact.must_not_see(&["signed return", "return beneath"]);
}

/// With all twelve quarters the year stands in the boxes, and a figure that is typed over them is asked about.
async fn what_is_typed_over_the_quarters_is_asked_about(server: &TestServer) -> TestBrowser {
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.open_project("sexual-violence").await;
    for (question, together) in [("spent", "25000"), ("sessions", "935"), ("people_counselled", "197")] {
        assert_eq!(amount(&contact, question), together, "{question}");
    }
    contact.open_project("drug-and-alcohol").await;
    contact.must_see(&[
        "From 4 of 4 signed returns.",
        "25.0% (308 of 1,231)",
        "National average: 21.9%",
    ]);
    assert_eq!(
        amount(&contact, "spent"),
        "98500",
        "its page was saved meanwhile, but nobody typed in this box"
    );
    contact.open_project("domestic-abuse").await;
    for (question, together) in [
        ("victims_supported", "2067"),
        ("idva_clients", "440"),
        ("professionals_trained", "124"),
    ] {
        assert_eq!(amount(&contact, question), together, "{question}");
    }
    contact
        .answer("victims_supported", "2,076")
        .answer("engagement", "48%")
        .save()
        .await;
    contact.visit("/return/check").await;
    contact.must_see(&[
        "You entered 2,076. The signed returns come to 2,067.",
        "You entered 48%. 2,067 of 2,461 is 84%.",
    ]);
    contact
}

/// The shares, the items and the £440, each in its own figures; then they are put right, moved and explained.
async fn what_the_paper_got_wrong_is_said(server: &TestServer, contact: &mut TestBrowser) {
    contact.fill_the_paper().await;
    contact.visit("/return/check").await;
    let errors = contact.errors();
    for wrong in [
        "You entered 28%. 160,200 of 552,500 is 29.0%.",
        "You entered 0.5%. 98,500 of 1,905,122 is 5.2%.",
        "That is £440.00 too much.",
    ] {
        assert!(errors.iter().any(|error| error.contains(wrong)), "{wrong}: {errors:?}");
    }
    assert_eq!(errors.len(), 3, "{errors:?}");
    contact.must_see(&[
        "The allocations come to £428,686.00. The grant and what was carried forward come to £428,246.00.",
        "The items come to £16,535.00, £49.00 more than the £16,486.00",
    ]);
    contact.must_not_see(&["The signed returns come to", "This is made without"]);
    contact.put_the_shares_right().await;
    server.move_440().await;
    contact.explain_all(WHY).await;
    assert_eq!(contact.errors(), Vec::<String>::new());
    contact.must_see(&["Spent on all projects £428,246.00"]);
}

/// The figures that a report is made of, as they were signed.
async fn what_was_signed_is_the_papers(server: &TestServer) {
    let ret = server.the_return().await;
    for (measure, expected) in [
        ("available", "£428,246.00"),
        ("allocated_in_all", "£428,246.00"),
        ("total_spent", "£428,246.00"),
        ("variance", "£0.00"),
    ] {
        assert_eq!(signed_figure(server, &ret, measure, None).await, expected, "{measure}");
    }
    for (allocation, measure, expected) in quarters::SIGNED {
        let signed = signed_figure(server, &ret, measure, Some(allocation)).await;
        assert_eq!(signed, expected, "{}: {}", title(allocation), label(measure));
    }
}

async fn signed_figure(server: &TestServer, ret: &Return, measure: &str, allocation: Option<&str>) -> String {
    let read = server.app.deps.store.read();
    let rows = figures::signed_of(&read, &[ret.id], Some(&[measure])).await.unwrap();
    let mut found = rows.iter().filter(|row| row.figure.allocation.as_deref() == allocation);
    let one = found
        .next()
        .unwrap_or_else(|| panic!("{measure} of {allocation:?} was not signed"));
    assert!(found.next().is_none(), "{measure} was signed twice");
    format::figure(&one.figure.value)
}

async fn quarter_of(server: &TestServer, reference: &str) -> Return {
    let read = server.app.deps.store.read();
    let all = returns::returns_of_form(&read, "provider-quarter").await.unwrap();
    let known: Vec<String> = all.iter().map(|ret| ret.reference.clone()).collect();
    let found = all.into_iter().find(|ret| ret.reference == reference);
    found.unwrap_or_else(|| panic!("no {reference} among {known:?}"))
}

/// What stands in the box of a question, without what is only there to be read.
fn amount(contact: &TestBrowser, question: &str) -> String {
    let typed = contact.value(label(question)).replace(['£', ','], "");
    typed.trim_end_matches(".00").to_owned()
}
