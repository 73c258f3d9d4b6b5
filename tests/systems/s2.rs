//! System S2: two projects, their groups and funnels, and what the board decides.
//!
//! Invariant: what is typed is what the paper prints, its mistakes included; what is signed is the paper's figures.

use std::collections::BTreeMap;

use countersign::store::{figures, returns};
use countersign_domain::answers::types::FigureValue;
use countersign_domain::workflow::State;

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

/// Each group: its size, its convictions before, for each person and after, as the paper has them.
const GROUPS: [(&str, &str, &str, &str, &str); 3] = [
    ("Prolific and priority offenders", "30", "88", "2.5", "35"),
    (ON_DRUG_ORDERS, "55-60", "267", "4.4", "162"),
    ("High crime causers", "30", "221", "7.6", "154"),
];
/// The groups of which the paper gives nothing but the size.
const NOT_FOLLOWED: [(&str, &str); 2] = [
    (ON_ALCOHOL_ORDERS, "50-60"),
    ("High crime causers added by the pilot", "80"),
];
const ON_DRUG_ORDERS: &str = "Community orders with drug rehabilitation";
const ON_ALCOHOL_ORDERS: &str = "Community orders with alcohol treatment";
const SIZE: &str = "People in the group";
const BEFORE: &str = "Convictions in the year before";
const AVERAGE: &str = "Convictions for each person, on average";
const AFTER: &str = "Convictions in the year after";
/// What each outcome is achieved through.
const ACHIEVED: [(&str, &[&str]); 6] = [
    ("repeats", &["men", "victims"]),
    ("safety", &["men", "planning", "advisers"]),
    ("wellbeing", &["victims", "groups", "blame"]),
    ("early", &["victims", "men"]),
    ("behaviour", &["victims", "blame"]),
    ("parenting", &["victims", "groups", "blame"]),
];
const FOLLOWED: &str = "Men who completed and could be followed for six months";
const NO_INCIDENT: &str = "Of these, men with no incident";
const SHARE: &str = "The same as a percentage";
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

async fn open(browser: &mut TestBrowser, key: &str) {
    browser.visit(&format!("/return/section/{key}")).await;
    assert_eq!(browser.status, 200, "{}", browser.says());
}

async fn save(browser: &mut TestBrowser) {
    browser.press("Save and come back later").await;
    assert_eq!(browser.path(), "/return", "{}", browser.says());
}

async fn contribute(contact: &mut TestBrowser) {
    open(contact, "project/offender-management").await;
    contact
        .fill("What the partnership contributed", "35,000")
        .fill(
            "What the contribution pays for",
            "The manager's post and an outreach worker.",
        )
        .choose("Is the contribution pooled with money from others?", "No")
        .fill(
            "What would stop, or shrink",
            "Nobody would bring the agencies together.",
        );
    save(contact).await;

    open(contact, "project/abuse-services").await;
    contact
        .fill("What the partnership contributed", "46,397")
        .fill(
            "What the contribution pays for",
            "A part of the programme and of the outreach.",
        )
        .choose("Is the contribution pooled with money from others?", "Yes")
        .fill(
            "What would stop, or shrink",
            "Families would wait longer for every service.",
        );
    save(contact).await;
    open(contact, "project/abuse-services").await;
    contact.fill(POOL, "46,897").fill(
        "What the pool keeps going",
        "The refuge, homes to move on to, and counselling.",
    );
    contact.press("Save and continue").await;
    open(contact, "project/abuse-services").await;
    contact.must_see(&[TWICE]);
    assert_eq!(contact.value(POOL), "46,897", "it is asked about, not taken away");

    open(contact, "money").await;
    contact.must_see(&["£81,397.00", "Left of the award £0.00"]);
}

async fn follow_the_offenders(contact: &mut TestBrowser) {
    open(contact, "offenders").await;
    contact
        .fill("a.supervised.value", "250")
        .under(&["People supervised in all"])
        .tick("Approximately")
        .under(&[])
        .fill(
            "What lies behind the change",
            "Agencies meet weekly and act on what each of them knows.",
        );
    for (group, size, before, average, after) in GROUPS {
        contact.under(&[group]);
        for (column, typed) in [(SIZE, size), (BEFORE, before), (AVERAGE, average), (AFTER, after)] {
            contact.fill(column, typed);
        }
    }
    for (group, size) in NOT_FOLLOWED {
        contact.under(&[group]).fill(SIZE, size);
        for column in [BEFORE, AVERAGE, AFTER] {
            contact.under(&[group, column]).tick("Not known yet");
        }
    }
    for group in [ON_DRUG_ORDERS, ON_ALCOHOL_ORDERS] {
        contact.under(&[group, SIZE]).tick("Approximately");
    }
    save(contact).await;
    open(contact, "offenders").await;
    contact.must_see(&["60.2%", "39.3%", "30.3%"]);
    for averages in [
        "An average of 2.5 from 88 convictions is that of about 35 people. The group has 30.",
        "An average of 4.4 from 267 convictions is that of about 61 people. The group has 55 to 60.",
        "An average of 7.6 from 221 convictions is that of about 29 people. The group has 30.",
    ] {
        contact.must_see(&[averages]);
    }
    contact.visit("/return/check").await;
    let table = contact.table("Convictions before and after");
    let row = |label: &str| table.iter().find(|row| row[0] == label).expect("the row").clone();
    assert_eq!(row(SIZE)[2], "Approximately 55-60");
    assert_eq!(row("Fewer")[1..4], ["53", "105", "67"]);
    assert_eq!(row(BEFORE)[4], "Not known yet");
}

async fn count_who_came(contact: &mut TestBrowser) {
    open(contact, "abuse").await;
    // The last two in the wrong order.
    for (stage, number) in [("referred", "158"), ("attended", "48"), ("suitable", "64")] {
        contact.fill(&format!("a.referrals.{stage}.number"), number);
    }
    contact.press("Save and continue").await;
    let errors = contact.errors();
    let grown = errors.iter().any(|error| error.contains("64") && error.contains("48"));
    assert!(grown, "{errors:?}");
    for (cell, number) in [
        ("referrals.attended", "64"),
        ("referrals.suitable", "48"),
        ("programme.joined", "43"),
        ("programme.completed", "31"),
        ("adults.referred", "549"),
        ("adults.supported", "402"),
        ("children.referred", "81"),
        ("children.supported", "70"),
    ] {
        contact.fill(&format!("a.{cell}.number"), number);
    }
    contact
        .under(&[FOLLOWED])
        .tick("Not known yet")
        .under(&[NO_INCIDENT])
        .tick("Not known yet")
        .under(&[])
        .fill(SHARE, "75");
    save(contact).await;
    open(contact, "abuse").await;
    contact
        .fill("How the percentage was come by", "The police gave us the share alone.")
        .fill(
            "Why some who were referred were not supported",
            "More people came than we have time for.",
        );
    save(contact).await;
    open(contact, "abuse").await;
    assert_eq!(contact.errors(), Vec::<String>::new());
    contact.must_see(&[
        "40.5% (64 of 158)",
        "75.0% (48 of 64)",
        "72.1% (31 of 43)",
        "73.2% (402 of 549)",
        "86.4% (70 of 81)",
    ]);
    // Three in four of all who completed would not be whole men: another number of them was followed.
    for (counted, number) in [(FOLLOWED, "31"), (NO_INCIDENT, "23")] {
        contact
            .fill(counted, number)
            .under(&[counted])
            .untick("Not known yet")
            .under(&[]);
    }
    contact.press("Save and continue").await;
    open(contact, "abuse").await;
    let beside = contact.beside(SHARE);
    assert_eq!(beside.as_deref(), Some("You entered 75%. 23 of 31 is 74%."));
    for counted in [FOLLOWED, NO_INCIDENT] {
        contact
            .fill(counted, "")
            .under(&[counted])
            .tick("Not known yet")
            .under(&[]);
    }
    save(contact).await;
}

async fn tie_the_outcomes(contact: &mut TestBrowser) {
    open(contact, "outcomes").await;
    for (outcome, through) in &ACHIEVED[1..] {
        for means in *through {
            contact.tick(&format!("a.achieved.{outcome}.through.{means}"));
        }
        contact.fill(
            &format!("a.achieved.{outcome}.shown_by"),
            "What families and agencies told us.",
        );
    }
    contact.fill("a.achieved.repeats.shown_by", "Fewer calls to the same homes.");
    contact.press("Save and continue").await;
    assert_eq!(
        contact.errors().len(),
        1,
        "an outcome that nothing achieves: {:?}",
        contact.errors()
    );
    for means in ACHIEVED[0].1 {
        contact.tick(&format!("a.achieved.repeats.through.{means}"));
    }
    save(contact).await;
}

async fn ask_the_board(contact: &mut TestBrowser) {
    open(contact, "recommendations").await;
    contact
        .fill(
            "What the board should take from this return",
            "Both projects work, and both are stretched.",
        )
        .fill("a.asked.0.recommendation", "The content of this return")
        .choose("a.asked.0.to", "Note it");
    contact.press("Add another row").await;
    contact
        .fill("a.asked.1.recommendation", "That this return goes to the commissioner")
        .choose("a.asked.1.to", "Agree to it");
    save(contact).await;
    open(contact, "declaration").await;
    contact.tick("I declare this");
    save(contact).await;
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

async fn what_is_signed_is_the_papers(server: &TestServer) {
    let read = server.app.deps.store.read();
    let all = returns::returns_of_form(&read, "outcomes-performance").await.unwrap();
    let signed = all.iter().find(|ret| ret.reference == REFERENCE).expect("the return");
    assert_eq!((&signed.state, signed.signed_revision), (&State::SignedOff, Some(2)));
    let rows = figures::signed_of(&read, &[signed.id], None).await.unwrap();
    for (measure, expected) in SIGNED {
        let figures = rows
            .iter()
            .map(|row| &row.figure)
            .filter(|figure| figure.measure == measure);
        let found: BTreeMap<&str, String> = figures
            .map(|figure| {
                let about = figure.allocation.as_deref().or(figure.row.as_deref());
                let approximately = if figure.approximately { "~" } else { "" };
                (
                    about.unwrap_or_default(),
                    format!("{approximately}{}", words(figure.value)),
                )
            })
            .collect();
        let expected: BTreeMap<&str, String> = expected
            .iter()
            .map(|(row, figure)| (*row, (*figure).to_owned()))
            .collect();
        assert_eq!(found, expected, "{measure}");
    }
}

/// The figures that are signed: each measure, and for each of what it is about the figure as [`words`] writes it.
const SIGNED: [(&str, &[(&str, &str)]); 17] = [
    ("award", &[("", "8139700p")]),
    ("contributed_in_all", &[("", "8139700p")]),
    ("left_over", &[("", "0p")]),
    (
        "contribution",
        &[("offender-management", "3500000p"), ("abuse-services", "4639700p")],
    ),
    ("in_the_pool", &[("abuse-services", "4639700p")]),
    ("supervised", &[("", "~250")]),
    (
        "cohorts.size",
        &[
            ("prolific", "30-30"),
            ("drug_orders", "~55-60"),
            ("high_crime", "30-30"),
            ("alcohol_orders", "~50-60"),
            ("pilot", "80-80"),
        ],
    ),
    (
        "cohorts.before",
        &[
            ("prolific", "88"),
            ("drug_orders", "267"),
            ("high_crime", "221"),
            ("alcohol_orders", "not known"),
            ("pilot", "not known"),
        ],
    ),
    (
        "cohorts.average",
        &[
            ("prolific", "25e-1"),
            ("drug_orders", "44e-1"),
            ("high_crime", "76e-1"),
            ("alcohol_orders", "not known"),
            ("pilot", "not known"),
        ],
    ),
    (
        "cohorts.after",
        &[
            ("prolific", "35"),
            ("drug_orders", "162"),
            ("high_crime", "154"),
            ("alcohol_orders", "not known"),
            ("pilot", "not known"),
        ],
    ),
    (
        "cohorts.fewer",
        &[
            ("prolific", "53"),
            ("drug_orders", "105"),
            ("high_crime", "67"),
            ("alcohol_orders", "blank"),
            ("pilot", "blank"),
        ],
    ),
    (
        "reduction",
        &[
            ("prolific", "53/88"),
            ("drug_orders", "105/267"),
            ("high_crime", "67/221"),
            ("alcohol_orders", "blank"),
            ("pilot", "blank"),
        ],
    ),
    (
        "referrals.number",
        &[("referred", "158"), ("attended", "64"), ("suitable", "48")],
    ),
    ("programme.number", &[("joined", "43"), ("completed", "31")]),
    ("without_incident_share", &[("", "75")]),
    ("adults.number", &[("referred", "549"), ("supported", "402")]),
    ("children.number", &[("referred", "81"), ("supported", "70")]),
];

/// A figure as this test writes it.
fn words(value: FigureValue) -> String {
    match value {
        FigureValue::Money { pence } => format!("{pence}p"),
        FigureValue::Count { count } => count.to_string(),
        FigureValue::Number { scaled, places: 0, .. } => scaled.to_string(),
        FigureValue::Number { scaled, places, .. } => format!("{scaled}e-{places}"),
        FigureValue::Ratio { of, per, .. } => format!("{of}/{per}"),
        FigureValue::Range { low, high } => format!("{low}-{high}"),
        FigureValue::NotKnown => "not known".to_owned(),
        FigureValue::NotApplicable => "not applicable".to_owned(),
        FigureValue::Blank => "blank".to_owned(),
    }
}
