//! System S3: a plan for next year's grant that five offices agree one after another, and a service that is counted every
//! quarter.
//!
//! Invariant: what is typed is what the paper has, its gaps included; no money is allocated before the last has agreed.

#[path = "s3/agreeing.rs"]
mod agreeing;
#[path = "s3/counting.rs"]
mod counting;
#[path = "s3/filling.rs"]
mod filling;
#[path = "s3/paper.rs"]
mod paper;
#[path = "s3/report.rs"]
mod report;

use countersign::store::figures;
use countersign_domain::answers::types::FigureValue;
use countersign_domain::returns::Return;

use crate::outside::browser::TestBrowser;
use crate::outside::people::Someone;
use crate::outside::postgres::TestDatabase;
use crate::outside::server::TestServer;

const FORMS: [&str; 2] = [
    include_str!("../../forms/s3-spending-plan/spending-plan.toml"),
    include_str!("../../forms/s3-spending-plan/service-users.toml"),
];
const REGISTER: &str = include_str!("../../forms/s3-spending-plan/register.toml");
/// The day on which the first quarter is counted.
const STARTS: &str = "2017-10-02 09:00";
/// The first working day on which the plan is open.
const OPENS: &str = "2018-02-05 09:00";
const PLAN: &str = "Safer Plymouth: Partnership grant: spending plan";
const GRANT: &str = "Plymouth crime prevention grant 2018-19";
const COUNT: &str = "Plymouth Rank Marshals: Use of a service: quarterly count";

const JENIFER: Someone = someone("Jenifer Roskilly", "jenifer.roskilly@partnership.example.org");
const HUGH: Someone = someone("Hugh Penberthy", "hugh.penberthy@partnership.example.org");
/// Acts for Hugh while he is on leave.
const CALLUM: Someone = someone("Callum Voss", "callum.voss@partnership.example.org");
const MARIAN: Someone = someone("Marian Tozer", "marian.tozer@partnership.example.org");
const ISOLDE: Someone = someone("Isolde Brandt", "isolde.brandt@commissioner.example.org");
const ALUN: Someone = someone("Alun Trewin", "alun.trewin@commissioner.example.org");
const BEATRIX: Someone = someone("Beatrix Lomax", "beatrix.lomax@commissioner.example.org");
/// They act in the plan’s five stages, in order.
const STAGES: [Someone; 5] = [CALLUM, MARIAN, ISOLDE, ALUN, BEATRIX];
const DENZIL: Someone = someone("Denzil Uren", "denzil.uren@rank-marshals.example.org");

const fn someone(name: &'static str, address: &'static str) -> Someone {
    Someone { name, address }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_plan_is_allocated_when_all_five_have_agreed_and_told_in_a_paper_on_sqlite() {
    planned(TestDatabase::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_plan_is_allocated_when_all_five_have_agreed_and_told_in_a_paper_on_postgres() {
    planned(TestDatabase::postgres().await).await;
}

/// The service is counted in the year before, and while its last quarter runs the plan is written and agreed.
async fn planned(database: TestDatabase) {
    let server = TestServer::of(database, &FORMS, REGISTER, STARTS).await;
    counting::counted(&server, 0).await;
    counting::counted(&server, 1).await;
    server.advance_to(OPENS).await;
    let mut contact = server.at_the_return(JENIFER).await;
    filling::fill_in(&mut contact).await;
    server.advance_to("2018-02-20 10:00").await;
    let mut treasurer = agreeing::nobody_acts_before_their_turn(&server).await;
    agreeing::what_was_agreed_is_allocated(&server, &mut treasurer).await;
    agreeing::what_is_signed_is_the_papers(&server).await;
    counting::counted(&server, 2).await;
    counting::three_quarters_are_signed(&server).await;
    report::the_paper_tells_of_the_plan(&server).await;
    server.finish().await;
}

async fn open(browser: &mut TestBrowser, key: &str) {
    browser.visit(&format!("/return/section/{key}")).await;
    assert_eq!(browser.status, 200, "{}", browser.says());
}

async fn save(browser: &mut TestBrowser) {
    browser.press("Save and come back later").await;
    assert_eq!(browser.path(), "/return", "{}", browser.says());
}

/// Somebody of the office, signed in a minute after whoever came before.
async fn at_the_office(server: &TestServer, who: Someone) -> TestBrowser {
    server.pass(60);
    server.at_the_office(who).await
}

/// Reads a return, or a grant.
async fn read(officer: &mut TestBrowser, title: &str) {
    officer.visit("/office").await;
    officer.follow(title).await;
    assert_eq!(officer.status, 200, "{}", officer.says());
}

async fn sign(server: &TestServer, officer: &mut TestBrowser, who: Someone, statement: &str) {
    officer.follow("Read and sign").await;
    let code = server.authenticator(who).await;
    sign_with(officer, who, &code, statement).await;
    officer.must_see(&["Signed by", who.name]);
}

async fn sign_with(officer: &mut TestBrowser, who: Someone, code: &str, statement: &str) {
    officer
        .tick(statement)
        .fill("Your full name", who.name)
        .fill("A fresh code from your authenticator app", code);
    officer.press("Sign revision").await;
}

/// The signed figures of a return: what each is for, and what it comes to.
async fn signed(server: &TestServer, of: &Return, wanted: &str) -> Vec<String> {
    let rows = figures::signed_of(&server.app.deps.store.read(), &[of.id], None)
        .await
        .unwrap();
    let figures = rows.iter().map(|row| &row.figure);
    let about = figures.filter(|figure| figure.measure == wanted).map(|figure| {
        let row = figure.row.as_deref().unwrap_or("all");
        format!("{row} {}", words(figure.value))
    });
    about.collect()
}

/// A figure as this test writes it.
fn words(value: FigureValue) -> String {
    match value {
        FigureValue::Money { pence } => format!("{pence}p"),
        FigureValue::Count { count } => count.to_string(),
        FigureValue::Number { scaled, places: 0, .. } => scaled.to_string(),
        other => format!("{other:?}"),
    }
}
