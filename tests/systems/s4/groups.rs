//! The community groups fund: 54 groups, each of which answers one page once.

use std::net::Ipv4Addr;

use super::{SMALL_AWARDS, accept, enter, imported, sign, signed, submit};
use crate::outside::browser::TestBrowser;
use crate::outside::people::Someone;
use crate::outside::server::TestServer;

const FORM: &str = "Community groups fund: how it went";

/// Assesses for her local partnership.
const ROSA: Someone = Someone {
    name: "Rosa Quayle",
    address: "rosa.quayle@upper-marl.example.org",
};
/// Signs.
const JOAN: Someone = Someone {
    name: "Joan Attwell",
    address: "joan.attwell@office.marlshire.example.org",
};

/// A small award, as the files have it.
struct Award {
    grant: &'static str,
    provider: &'static str,
    contact: &'static str,
    amount: &'static str,
}

/// Every award, from the files that are imported.
fn awards() -> Vec<Award> {
    let of = |name: &str| {
        let (_, text) = SMALL_AWARDS.iter().find(|(file, _)| *file == name).expect("a file");
        text.lines().skip(1)
    };
    let awards = of("grants.csv").zip(of("organisations.csv")).zip(of("assignments.csv"));
    awards
        .map(|((grant, organisation), assignment)| {
            let (grant, organisation): (Vec<&str>, Vec<&str>) =
                (grant.split(',').collect(), organisation.split(',').collect());
            assert_eq!(
                (grant.len(), grant[4]),
                (8, organisation[0]),
                "{grant:?} has no commas within"
            );
            Award {
                grant: grant[0],
                provider: organisation[1],
                contact: assignment.rsplit(',').next().expect("a lead"),
                amount: grant[5],
            }
        })
        .collect()
}

/// So many groups say how it went; a partnership assesses and the office signs.
pub async fn reported(server: &TestServer, how_many: usize) {
    imported(server, &SMALL_AWARDS).await.expect("the awards are imported");
    server.tick().await;
    let awards = awards();
    assert_eq!(awards.len(), 54);
    let mut assessor = server.at_the_office(ROSA).await;
    let mut officer = server.at_the_office(JOAN).await;
    for (nth, award) in awards.iter().enumerate().take(how_many) {
        let mut contact = enter(server, a_phone(server, nth), award.contact, award.grant).await;
        contact.must_see(&[FORM, "31 May 2018"]);
        if nth == 0 {
            wrong_at_first(&mut contact).await;
        }
        tell(&mut contact, award.amount, "20", "6").await;
        assert_eq!(contact.errors(), Vec::<String>::new(), "{}", contact.says());
        submit(&mut contact).await;
        accept(server, &mut assessor, ROSA, FORM, award.provider).await;
        sign(server, &mut officer, JOAN, FORM, award.provider).await;
    }
    let people = i64::try_from(how_many).expect("few groups") * 20;
    let told = ("groups-2017", "small-award");
    assert_eq!(signed(server, told, "people", None).await, (how_many, people));
    if how_many == awards.len() {
        assert_eq!(signed(server, told, "spent", None).await, (how_many, 12_345_045));
    }
}

/// Ten groups share an address: one address alone may not try so many links in a minute.
fn a_phone(server: &TestServer, nth: usize) -> TestBrowser {
    let last = 2 + u8::try_from(nth / 10).expect("few groups");
    TestBrowser::at(&server.base, Ipv4Addr::new(127, 0, 0, last))
}

/// The whole of the return: one page.
async fn tell(contact: &mut TestBrowser, spent: &str, people: &str, volunteers: &str) {
    contact.visit("/return/section/went").await;
    contact
        .fill("How much of it have you spent?", spent)
        .fill("How many people took part?", people)
        .fill("How many of them helped as volunteers?", volunteers)
        .fill(
            "What did you do, and what is better now?",
            "We met every week, and people know each other now.",
        )
        .tick("I declare this");
    contact.save().await;
}

/// More than the award, more helpers than people, and less than the award without saying what becomes of the rest.
async fn wrong_at_first(contact: &mut TestBrowser) {
    tell(contact, "2,750.50", "5", "6").await;
    contact.visit("/return/check").await;
    contact.must_see(&["6 volunteers helped, but only 5 people took part.", "£0.50"]);
    contact.press("Submit return").await;
    assert_eq!(contact.errors(), ["Explain each warning below"]);
    tell(contact, "2,700", "20", "6").await;
    contact.visit("/return/check").await;
    contact.press("Submit return").await;
    assert!(
        contact
            .errors()
            .iter()
            .any(|error| error.contains("What happens to the rest?")),
        "{:?}",
        contact.errors()
    );
}
