//! System S4: three funds of one commissioner. Five areas share one by a needs matrix, nine projects and 54 small groups
//! are paid from the others.
//!
//! Invariant: the figures are those of the paper, shared out among areas and groups that are made up; what they come to
//! again is looked up among what was signed.

#[path = "s4/areas.rs"]
mod areas;
#[path = "s4/awards.rs"]
mod awards;
#[path = "s4/groups.rs"]
mod groups;
#[path = "s4/panel.rs"]
mod panel;
#[path = "s4/projects.rs"]
mod projects;

use countersign::service::register::import::{self, ImportError, Imported, Upload};
use countersign::store::{figures, register};
use countersign_domain::answers::types::FigureValue;

use crate::outside::browser::TestBrowser;
use crate::outside::people::Someone;
use crate::outside::postgres::TestDatabase;
use crate::outside::server::TestServer;

const FORMS: [&str; 4] = [
    include_str!("../../forms/s4-several-funds/area-half-year.toml"),
    include_str!("../../forms/s4-several-funds/area-full-year.toml"),
    include_str!("../../forms/s4-several-funds/project-evaluation.toml"),
    include_str!("../../forms/s4-several-funds/small-award.toml"),
];
const REGISTER: &str = include_str!("../../forms/s4-several-funds/register.toml");

/// The small awards, as they come from a spreadsheet: the name of each file and what is in it.
const SMALL_AWARDS: [(&str, &str); 5] = [
    (
        "allocations.csv",
        include_str!("../../forms/s4-several-funds/small-awards/allocations.csv"),
    ),
    (
        "assignments.csv",
        include_str!("../../forms/s4-several-funds/small-awards/assignments.csv"),
    ),
    (
        "grants.csv",
        include_str!("../../forms/s4-several-funds/small-awards/grants.csv"),
    ),
    (
        "organisations.csv",
        include_str!("../../forms/s4-several-funds/small-awards/organisations.csv"),
    ),
    (
        "people.csv",
        include_str!("../../forms/s4-several-funds/small-awards/people.csv"),
    ),
];

/// Reviews the returns of areas and projects.
const MAUREEN: Someone = Someone {
    name: "Maureen Tolley",
    address: "maureen.tolley@office.marlshire.example.org",
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_funds_are_returned_on_and_told_of_in_one_paper_on_sqlite() {
    three_funds(TestDatabase::sqlite().await, 9, 54).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_funds_are_returned_on_and_told_of_in_one_paper_on_postgres() {
    three_funds(TestDatabase::postgres().await, 2, 4).await;
}

/// Five areas return, then so many groups and so many projects; then all is told to the panel.
async fn three_funds(database: TestDatabase, projects: usize, groups: usize) {
    let server = at(database, "2017-10-02 09:00").await;
    areas::signed_off(&server).await;
    server.advance_to("2018-05-01 09:00").await;
    groups::reported(&server, groups).await;
    server.advance_to("2018-10-01 09:00").await;
    projects::evaluated(&server, projects).await;
    panel::the_panel_is_told(&server, projects, groups).await;
    server.finish().await;
}

/// A server with the register of the system, at this time in London.
async fn at(database: TestDatabase, opens: &str) -> TestServer {
    TestServer::of(database, &FORMS, REGISTER, opens).await
}

/// Imports CSV files.
async fn imported(server: &TestServer, files: &[(&str, &str)]) -> Result<Imported, ImportError> {
    let uploads = files
        .iter()
        .map(|(name, text)| Upload {
            name: (*name).to_owned(),
            bytes: text.as_bytes().to_vec(),
            table: None,
        })
        .collect();
    import::apply(&server.app.deps, None, uploads, server.now()).await
}

/// The contact's browser with the return of this grant open, by the latest mail about it that brings a link.
async fn at_the_return(server: &TestServer, address: &str, grant: &str) -> TestBrowser {
    enter(server, server.browser(), address, grant).await
}

/// The same in this browser.
async fn enter(server: &TestServer, mut contact: TestBrowser, address: &str, grant: &str) -> TestBrowser {
    let mails = server.mails_to(address).await;
    let about = mails.iter().rev().filter(|mail| mail.text.contains(grant));
    let link = about.flat_map(|mail| mail.links()).find(|link| link.contains("/r/"));
    contact
        .visit(&link.unwrap_or_else(|| panic!("{address} has a link to {grant}")))
        .await;
    contact.fill("Email address", address).press("Continue").await;
    assert_eq!((contact.status, contact.path()), (200, "/return"), "{}", contact.says());
    contact
}

/// Submits what nothing stands in the way of.
async fn submit(contact: &mut TestBrowser) {
    contact.visit("/return/check").await;
    assert_eq!(contact.errors(), Vec::<String>::new(), "{}", contact.says());
    contact.press("Submit return").await;
    assert_eq!(contact.path(), "/return/submitted", "{}", contact.says());
}

/// The reviewer accepts the return that the latest of these mails tells of.
async fn accept(server: &TestServer, reviewer: &mut TestBrowser, who: Someone, form: &str, provider: &str) {
    let told = server
        .mail_to(who.address, &format!("For your review: {form}, {provider}"))
        .await;
    reviewer.visit(&told.link()).await;
    reviewer.press("Accept revision 1").await;
    reviewer.must_see(&["Awaiting signature"]);
}

/// The officer signs the return that the latest of these mails tells of.
async fn sign(server: &TestServer, officer: &mut TestBrowser, who: Someone, form: &str, provider: &str) {
    let told = server
        .mail_to(who.address, &format!("For your signature: {form}, {provider}"))
        .await;
    officer.visit(&told.link()).await;
    officer.follow("Read and sign").await;
    let code = server.authenticator(who).await;
    officer
        .tick("What you declare > I have read")
        .fill("Your full name", who.name)
        .fill("A fresh code from your authenticator app", &code);
    officer.press("Sign revision 1").await;
    officer.must_see(&["The return is signed off."]);
}

/// The signed figures of one measure of a form in a fund, by row where they are a table's: what they come to, pence or a
/// count.
async fn signed(server: &TestServer, (fund, form): (&str, &str), measure: &str, row: Option<&str>) -> (usize, i64) {
    let read = server.app.deps.store.read();
    let fund = register::fund_by_key(&read, fund).await.unwrap().expect("a fund");
    let rows = figures::signed_measure(&read, fund.id, form, measure).await.unwrap();
    let values: Vec<i64> = rows
        .iter()
        .filter(|found| found.figure.row.as_deref() == row)
        .map(|found| match found.figure.value {
            FigureValue::Money { pence } => pence,
            FigureValue::Count { count } => count,
            FigureValue::Number { scaled, places: 0, .. } => scaled,
            other => panic!("{measure} is {other:?}"),
        })
        .collect();
    (values.len(), values.iter().sum())
}
