//! The paper that tells the panel of all three funds.
//!
//! Invariant: a fund's figures are its own; what is not signed is in no sum, and named.

use countersign::service::paper::begin;
use countersign::service::{Officer, ServiceError};
use countersign::store::register;
use countersign_domain::document::Block;
use countersign_domain::form::schema::Audience;
use countersign_domain::period::Period;

use super::MAUREEN;
use super::areas::AREAS;
use crate::outside::server::TestServer;
use crate::printed::{Printed, printed};

const FUND: &str = "locality-2017";
const REPORT: &str = "s4-by-programme";

pub async fn the_panel_is_told(server: &TestServer, projects: usize, groups: usize) {
    let all = Period::new("2017-04-01".parse().unwrap(), "2018-04-30".parse().unwrap()).unwrap();
    for audience in [Audience::Internal, Audience::Panel] {
        let paper = printed(server, REPORT, FUND, all, audience).await;
        paper.is_fit_to_read();
        the_locality_fund_is_the_papers(&paper);
        the_other_funds_stand_beside_it(&paper, projects, groups);
        let mut asked = AREAS.map(|area| vec![format!("{}, 2017-18", area.name), "Note the report".to_owned()]);
        asked.sort();
        assert_eq!(paper.rows("What each area asks of the panel"), asked);
        assert_eq!(paper.table("What the areas counted").columns[0], "Programme and count");
        let mut programmes: Vec<&str> = told_of(&paper).collect();
        let told = programmes.len();
        programmes.dedup();
        match audience {
            // Programme by programme, and what the areas say of the year as a whole.
            Audience::Internal => assert_eq!((told, programmes.len()), (6 * AREAS.len(), 6), "{programmes:?}"),
            _ => assert_eq!(told, 0, "nothing was cleared"),
        }
        if audience == Audience::Panel {
            let findings = paper.rows("Findings");
            assert_eq!(findings.len(), AREAS.len(), "one line for each return: {findings:#?}");
            let waits = |row: &Vec<&str>| row[2].ends_with(" findings") && row[3] == "Not cleared for this paper";
            assert!(findings.iter().all(waits), "{findings:#?}");
        }
    }
    it_is_begun_by_whoever_may_see_all_three(server, all).await;
}

/// What the stories of a paper are about, in their order.
fn told_of(paper: &Printed) -> impl Iterator<Item = &str> {
    paper.document.blocks.iter().filter_map(|block| match block {
        Block::Story { title, .. } => Some(title.as_str()),
        _ => None,
    })
}

fn the_locality_fund_is_the_papers(paper: &Printed) {
    let opening = "The areas had £1,042,000.00 of the locality fund between them and spent £1,040,880.17 of it.";
    assert!(paper.sentences().contains(opening), "{}", paper.sentences());
    let funds = "What each fund gave, and what was spent of it";
    assert_eq!(
        paper.row(funds, "Locality fund 2017-18")[1..],
        ["5", "£1,042,000.00", "£1,040,880.17"]
    );
    for area in &AREAS {
        assert_eq!(paper.row("Spending by area", area.name)[1], area.share);
    }
    assert_eq!(
        paper.row("Spending by area", "Total")[1..],
        ["£1,042,000.00", "£1,040,880.17", "£1,119.83"]
    );
    assert_eq!(
        paper.rows("Spending by programme").len(),
        6,
        "five programmes and the total"
    );
    let counts = paper.rows("What the areas counted");
    let counts: Vec<&str> = counts.iter().map(|row| row[1]).collect();
    assert_eq!(counts, ["124", "11,413", "84", "86", "55"]);
    assert_eq!(
        paper.row("Referrals by the police and by people themselves", "Total")[1],
        "11,497"
    );
}

fn the_other_funds_stand_beside_it(paper: &Printed, projects: usize, groups: usize) {
    let funds = "What each fund gave, and what was spent of it";
    let proceeds = paper.row(funds, "Proceeds of crime fund 2017-18");
    assert_eq!(proceeds[1..3], ["9", "£117,282.58"]);
    let small = paper.row(funds, "Community groups fund 2017-18");
    assert_eq!(small[1..3], ["54", "£123,450.45"]);
    if (projects, groups) == (9, 54) {
        assert_eq!((proceeds[3], small[3]), ("£117,282.58", "£123,450.45"));
        assert_eq!(paper.row("Small awards", "Total")[1..], ["£123,450.45", "1,080", "324"]);
        assert_eq!(
            paper.row("Projects of the proceeds of crime fund", "Total")[1..],
            ["£117,282.58", "£117,282.58", "£0.00"]
        );
    } else {
        paper.says("what 7 awards spent is not known, and in no sum");
        paper.says("what 50 awards spent is not known, and in no sum");
    }
}

/// An officer of all three funds begins it. One of two of them is told of the third by name.
async fn it_is_begun_by_whoever_may_see_all_three(server: &TestServer, all: Period) {
    let deps = &server.app.deps;
    let person = server.person(MAUREEN.address).await;
    let read = deps.store.read();
    let fund = register::fund_by_key(&read, FUND).await.unwrap().unwrap();
    let officer = Officer {
        holders: register::holders_of_person(&read, person.id).await.unwrap(),
        person,
        second_factor: true,
    };
    let begun = begin(deps, &officer, fund.id, REPORT, Some(all), server.now()).await;
    assert!(begun.is_ok(), "{begun:?}");
    let groups = register::fund_by_key(&read, "groups-2017").await.unwrap().unwrap();
    let mut of_two = officer;
    of_two.holders.retain(|holder| holder.fund != groups.id);
    let refused = begin(deps, &of_two, fund.id, REPORT, Some(all), server.now()).await;
    match refused {
        Err(ServiceError::Refused(words)) => {
            assert!(words.contains("‘Community groups fund 2017-18’"), "{words}");
        }
        other => panic!("{other:?}"),
    }
}
