//! System S2: two projects, their groups and funnels, and what the board decides.
//!
//! Invariant: one walk from the mail that opens the return to its last signature, by the people whose each step is.

#[path = "s2/filling.rs"]
mod filling;
#[path = "s2/printed.rs"]
mod printed;
#[path = "s2/signed.rs"]
mod signed;

use filling::{ask_the_board, contribute, count_who_came, follow_the_offenders, open, tie_the_outcomes};
use printed::the_paper_is_printed;
use signed::what_is_signed_is_the_papers;

use crate::outside::browser::TestBrowser;
use crate::outside::people::Someone;
use crate::outside::postgres::TestDatabase;
use crate::outside::server::TestServer;

const FORM: &str = include_str!("../../forms/s2-outcomes/outcomes.toml");
const REGISTER: &str = include_str!("../../forms/s2-outcomes/register.toml");
/// The day on which this year's return opens.
const OPENS: &str = "2018-04-03 09:00";
const REFERENCE: &str = "STK-SSP-1718-R1";
const RETURN: &str = "Safer Stockton Partnership: Outcomes and performance: yearly return, 2017-18";

const NADIA: Someone = someone("Nadia Ferris", "nadia.ferris@safer-stockton.example.org");
const GRAHAM: Someone = someone("Graham Urwin", "graham.urwin@safer-stockton.example.org");
const DESMOND: Someone = someone("Desmond Aske", "desmond.aske@safer-stockton.example.org");
const JUDITH: Someone = someone("Judith Malpass", "judith.malpass@cleveland-commissioner.example.org");

const fn someone(name: &'static str, address: &'static str) -> Someone {
    Someone { name, address }
}

const TWICE: &str = "You give £46,897.00 here, and £46,397.00 for “What the partnership contributed in the year”.";
const POOL: &str = "The partnership's money in the pool";
const WHY: &str = "The figures are as we were given them; the teams are checking theirs.";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_year_is_told_as_the_paper_tells_it_and_signed_on_sqlite() {
    walk(TestDatabase::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_year_is_told_as_the_paper_tells_it_and_signed_on_postgres() {
    walk(TestDatabase::postgres().await).await;
}

async fn walk(database: TestDatabase) {
    let server = TestServer::of(database, &[FORM], REGISTER, OPENS).await;
    let mut contact = at_this_years_return(&server).await;
    contribute(&mut contact).await;
    follow_the_offenders(&mut contact).await;
    count_who_came(&mut contact).await;
    tie_the_outcomes(&mut contact).await;
    ask_the_board(&mut contact).await;
    submit_with_what_is_wrong(&mut contact).await;
    one_figure_twice_is_sent_back(&server, &mut contact).await;
    the_board_decides(&server).await;
    the_commissioner_receives(&server).await;
    what_is_signed_is_the_papers(&server).await;
    the_paper_is_printed(&server).await;
    server.finish().await;
}

/// Both years' returns are open on that day; the link is that of this year's.
async fn at_this_years_return(server: &TestServer) -> TestBrowser {
    let mails = server.mails_to(NADIA.address).await;
    let mail = mails.iter().find(|mail| mail.text.contains("STK-SSP-1718"));
    let mut browser = server.browser();
    browser.visit(&mail.expect("a mail about this year").link()).await;
    browser.fill("Email address", NADIA.address).press("Continue").await;
    assert_eq!((browser.status, browser.path()), (200, "/return"), "{}", browser.says());
    browser.must_see(&[
        "Integrated offender management",
        "Domestic abuse services",
        "31 May 2018",
    ]);
    browser
}

async fn submit_with_what_is_wrong(contact: &mut TestBrowser) {
    contact.visit("/return/check").await;
    assert_eq!(contact.errors(), Vec::<String>::new(), "{}", contact.says());
    contact.press("Submit return").await;
    assert_eq!(contact.status, 422);
    assert_eq!(contact.errors(), ["Explain each warning below"]);
    contact.must_see(&[TWICE]);
    contact.explain_all(WHY).await;
    contact.press("Submit return").await;
    assert_eq!(contact.path(), "/return/submitted", "{}", contact.says());
}

async fn read(server: &TestServer, who: Someone) -> TestBrowser {
    let mut officer = server.at_the_office(who).await;
    officer.follow(RETURN).await;
    officer
}

async fn one_figure_twice_is_sent_back(server: &TestServer, contact: &mut TestBrowser) {
    let mut manager = read(server, GRAHAM).await;
    manager.must_see(&[TWICE, WHY]);
    let under = ["Domestic abuse services", POOL, "Ask about this"];
    manager
        .under(&under)
        .fill("Your query", "Which of the two did we pay?")
        .press("Keep query")
        .await;
    manager
        .under(&["Send it back"])
        .fill("What needs to change", "One contribution is given in two ways.")
        .press("Send back")
        .await;
    manager.must_see(&["Back with the provider"]);

    open(contact, "project/abuse-services").await;
    contact.must_see(&["Which of the two did we pay?"]);
    contact
        .fill(POOL, "46,397")
        .fill(
            "Your answer to the reviewer",
            "The smaller. Two figures had been exchanged.",
        )
        .press("Send this answer")
        .await;
    contact.must_not_see(&[TWICE]);
    contact.visit("/return/check").await;
    contact.press("Submit return").await;
    assert_eq!(contact.path(), "/return/submitted", "{}", contact.says());

    let mut manager = read(server, GRAHAM).await;
    manager.must_see(&["In revision 1 £46,897.00 In revision 2 £46,397.00"]);
    manager.press("Accept revision 2").await;
    manager.must_see(&["Awaiting signature"]);
}

async fn the_board_decides(server: &TestServer) {
    let mut chair = read(server, DESMOND).await;
    chair.follow("Read and sign").await;
    chair.must_see(&["60.2%", "72.1% (31 of 43)", "Chair of the Safer Stockton Partnership"]);
    chair.must_see(&[
        "Row 2 Recommendation: That this return goes to the commissioner The board is asked to: Agree to it",
    ]);
    let code = server.authenticator(DESMOND).await;
    sign(&mut chair, DESMOND, &code, "The board has read").await;
    assert_eq!(chair.status, 422, "nothing is signed while a row waits");
    assert_eq!(chair.errors().len(), 2, "{:?}", chair.errors());
    let code = server.authenticator(DESMOND).await;
    chair
        .choose("Row 1: Decision", "Noted")
        .choose("Row 2: Decision", "Agreed")
        .fill(
            "Row 2: Words about it",
            "It goes to the commissioner with our thanks to both teams.",
        );
    sign(&mut chair, DESMOND, &code, "The board has read").await;
    chair.must_see(&["Signed by Desmond Aske"]);
}

async fn the_commissioner_receives(server: &TestServer) {
    let mut officer = read(server, JUDITH).await;
    officer.follow("Read and sign").await;
    officer.must_see(&["Noted: Row 1", "Agreed: Row 2", "with our thanks to both teams"]);
    let code = server.authenticator(JUDITH).await;
    sign(&mut officer, JUDITH, &code, "The commissioner has received").await;
    officer.must_see(&["The return is signed off."]);
}

async fn sign(officer: &mut TestBrowser, who: Someone, code: &str, statement: &str) {
    officer
        .tick(statement)
        .fill("Your full name", who.name)
        .fill("A fresh code from your authenticator app", code);
    officer.press("Sign revision").await;
}
