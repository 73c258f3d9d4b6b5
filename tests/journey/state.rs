//! The state of a fund: five projects, one of each fate, and every number leads to what it counts.

use std::collections::BTreeSet;

use countersign::service::{Officer, correct};
use countersign::store::{register, returns};
use countersign_domain::returns::Return;

use crate::outside::browser::{TestBrowser, css};
use crate::outside::people::{ANITA, GWEN, Someone};
use crate::outside::postgres::TestDatabase;
use crate::outside::server::TestServer;
use crate::outside::stages::WHY;

const FORM: &str = include_str!("state/quarter.toml");
const REGISTER: &str = include_str!("state/register.toml");
/// The day on which the first quarter's returns open; they are due on 10 July.
const OPENS: &str = "2018-07-01 09:00";

const fn contact(name: &'static str, address: &'static str) -> Someone {
    Someone { name, address }
}

/// On time, and accepted.
const ASH: Someone = contact("Alan Ash", "ash@groups.example.org");
/// The day after.
const BIRCH: Someone = contact("Beth Birch", "birch@groups.example.org");
/// Given more time, and within it.
const CEDAR: Someone = contact("Carl Cedar", "cedar@groups.example.org");

const EXTENDED: &str = "The books are with the auditor.";
const EXCUSED: &str = "The building burnt down.";

macro_rules! both {
    ($($name:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(super::at(super::TestDatabase::sqlite().await).await).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(super::at(super::TestDatabase::postgres().await).await).await;
            })+
        }
    };
}

both!(
    a_number_leads_to_as_many_returns,
    a_figure_leads_to_the_answer_as_typed,
    another_funds_officer_finds_nothing,
);

async fn at(database: TestDatabase) -> TestServer {
    TestServer::of(database, &[FORM], REGISTER, OPENS).await
}

async fn owed(server: &TestServer, project: &str) -> Return {
    let read = server.app.deps.store.read();
    let all = returns::returns_of_form(&read, "small-quarter")
        .await
        .expect("the returns");
    let mut found = all.into_iter().filter(|ret| ret.reference.contains(project));
    found.next().expect("the project's first return")
}

async fn anita(server: &TestServer) -> Officer {
    let person = server.person(ANITA.address).await;
    let held = register::holders_of_person(&server.app.deps.store.read(), person.id).await;
    Officer {
        holders: held.expect("what she holds"),
        person,
        second_factor: true,
    }
}

/// Fills the return in and submits it.
async fn submit(server: &TestServer, who: Someone, spent: &str, sessions: &str) {
    let mut contact = server.at_the_return(who).await;
    contact.visit("/return/section/use").await;
    contact
        .fill("Spent in the quarter", spent)
        .fill("Sessions held", sessions)
        .save()
        .await;
    contact.visit("/return/check").await;
    if contact.has_button("Save explanations") {
        contact.explain_all(WHY).await;
    }
    contact.press("Submit return").await;
    assert_eq!(contact.path(), "/return/submitted", "{}", contact.says());
}

/// On 22 July: Ash on time and accepted, Birch a day late and in review, Cedar within the time that was added, Dale excused,
/// Elm late. Ash has spent more than its £1,000.
async fn on_22_july(server: &TestServer) {
    let (deps, officer) = (&server.app.deps, anita(server).await);
    let (cedar, dale) = (owed(server, "cedar").await, owed(server, "dale").await);
    let until = "2018-07-20".parse().expect("a day");
    correct::extend(deps, &officer, cedar.id, until, EXTENDED, server.now())
        .await
        .expect("more time");
    correct::excuse(deps, &officer, dale.id, EXCUSED, server.now())
        .await
        .expect("excused");
    server.advance_to("2018-07-10 23:30").await;
    submit(server, ASH, "1,250.50", "12").await;
    server.advance_to("2018-07-11 00:30").await;
    submit(server, BIRCH, "900", "25").await;
    server.advance_to("2018-07-15 10:00").await;
    submit(server, CEDAR, "800", "30").await;
    server.advance_to("2018-07-22 09:00").await;
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.follow("Ash Street Club: Small project: the quarter").await;
    reviewer.press("Accept revision 1").await;
    reviewer.must_see(&["Signed off"]);
}

async fn at_the_fund(server: &TestServer) -> TestBrowser {
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.follow("The state of the fund").await;
    assert_eq!(reviewer.status, 200, "{}", reviewer.says());
    reviewer
}

async fn a_number_leads_to_as_many_returns(server: TestServer) {
    on_22_july(&server).await;
    let mut reviewer = at_the_fund(&server).await;
    let standing = reviewer.table("Small project: the quarter");
    assert_eq!(
        numbers_of(&standing[0]),
        ["4", "1", "2", "0", "0", "0", "1", "1"],
        "{standing:?}"
    );
    assert!(standing[0][2].ends_with("up to 12 days"), "{standing:?}");
    assert_eq!(
        numbers_of(&standing[1]),
        ["5", "0", "0", "0", "0", "5", "0", "0"],
        "{standing:?}"
    );
    let timing = reviewer.table("On time, by first submission and the due date as planned");
    assert_eq!(numbers_of(&timing[0]), ["4", "1", "25.0%", "2", "1", "1"], "{timing:?}");
    reviewer.must_see(&[
        EXCUSED,
        EXTENDED,
        "Due 20 July 2018 instead of 10 July 2018",
        "the longest 12 days overdue",
    ]);
    reviewer.must_see(&["Town centre grant: Ash evenings", "£1,250.50 is spent of the £1,000.00"]);
    reviewer.must_see(&["1 of 9 returns are signed"]);

    let mut tried = BTreeSet::new();
    for (said, address) in numbers(&reviewer) {
        reviewer.visit(&address).await;
        assert_eq!(reviewer.status, 200, "{address}: {}", reviewer.says());
        let listed = reviewer.table("Returns (").len();
        assert_eq!(listed.to_string(), said, "{address}");
        tried.insert(address);
    }
    assert!(tried.len() > 15, "{tried:?}");
    let mut reviewer = at_the_fund(&server).await;
    reviewer.follow("Search all returns of the fund").await;
    assert_eq!(reviewer.table("Returns (").len(), 10);
    assert!(reviewer.has("Provider, project or reference") && reviewer.has("Which returns"));
    let fund = owed(&server, "ash").await.fund;
    for (asked, found) in [
        ("q=BIRCH%20evenings", 2),
        ("q=BIRCH%20evenings&state=handed-in-late", 1),
    ] {
        reviewer.visit(&format!("/office/returns?fund={fund}&{asked}")).await;
        assert_eq!(reviewer.table("Returns (").len(), found, "{asked}");
    }
    reviewer.visit(&format!("/office/returns?fund={fund}&q=100%25")).await;
    reviewer.must_see(&["No return here has “100%” in it."]);
    server.finish().await;
}

/// Every number on the page that leads to returns, and where.
fn numbers(browser: &TestBrowser) -> Vec<(String, String)> {
    let document = scraper::Html::parse_document(browser.source());
    let selector = css("a[href^='/office/returns?']");
    let links = document.select(&selector);
    let said = links.filter_map(|link| {
        let first = link.text().map(str::trim).find(|text| !text.is_empty())?;
        let number = first.replace(',', "");
        number
            .parse::<u64>()
            .ok()
            .map(|_| (number, link.attr("href").unwrap_or_default().to_owned()))
    });
    said.collect()
}

/// What each cell of a row begins with, but for its name.
fn numbers_of(row: &[String]) -> Vec<&str> {
    let cells = row.iter().skip(1);
    cells
        .map(|cell| cell.split_whitespace().next().unwrap_or_default())
        .collect()
}

async fn a_figure_leads_to_the_answer_as_typed(server: TestServer) {
    on_22_july(&server).await;
    let mut reviewer = at_the_fund(&server).await;
    let money = reviewer.table("Spending by project: Small project: the quarter");
    assert_eq!(
        numbers_of(&money[0]),
        ["£1,000.00", "£1,250.50", "-£250.50"],
        "{money:?}"
    );
    assert_eq!(money[1][2], "Nothing signed", "it is in review: {money:?}");
    assert_eq!(
        money[5][..3],
        ["All projects", "£5,000.00", "£1,250.50 without 4 projects"],
        "{money:?}"
    );
    let targets = reviewer.table("Measures that have a target");
    assert_eq!(targets[0][1..3], ["At least 20", "12 Not met"], "{targets:?}");
    reviewer.follow("£1,250.50").await;
    let figures = reviewer.table("Signed figures (1)");
    assert!(figures[0][0].contains("Ash Street Club"), "{figures:?}");
    assert_eq!(figures[0][3..5], ["£1,250.50", "“1,250.50”"], "{figures:?}");
    server.finish().await;
}

async fn another_funds_officer_finds_nothing(server: TestServer) {
    let fund = owed(&server, "ash").await.fund;
    let mut other = server.at_the_office(GWEN).await;
    let addresses = [
        format!("/office/funds/{fund}"),
        format!("/office/funds/{fund}/projects?form=small-quarter"),
        format!("/office/returns?fund={fund}&state=late"),
        format!("/office/figures?fund={fund}&form=small-quarter&measure=spent&within=2018-04-01..2019-03-31"),
    ];
    for address in addresses {
        other.visit(&address).await;
        assert_eq!(other.status, 404, "{address}: {}", other.says());
        other.must_not_see(&["Town centre", "Ash Street"]);
    }
    other.visit("/office").await;
    other.follow("The state of the fund").await;
    other.must_see(&["Fund without returns", "No return has been planned in this fund yet."]);
    server.finish().await;
}
