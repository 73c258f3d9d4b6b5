//! System S1: a grant that is watched every four months, and the paper that tells a panel about it.
//!
//! Invariant: the amounts and counts of the last period are those of a paper of 2014; what it leaves out is made up, and
//! says so here.

use crate::outside::browser::TestBrowser;
use crate::outside::people::Someone;
use crate::outside::postgres::TestDatabase;
use crate::outside::server::TestServer;

#[path = "s1/panel.rs"]
mod panel;
#[path = "s1/printed.rs"]
mod printed;
#[path = "s1/report.rs"]
mod report;
#[path = "s1/signed.rs"]
mod signed;
#[path = "s1/year.rs"]
mod year;

use panel::the_paper_is_put_right;
use printed::the_paper_is_printed;
use report::the_panel_is_told_what_was_signed;
use signed::signed_figures_are_the_papers;
use year::Typed::{self, One, Text, Tick};
use year::{accept_and_sign, add_row, answer, open, submit};

const RETURN: &str = include_str!("../../forms/s1-four-monthly/project-return.toml");
const PAPER: &str = include_str!("../../forms/s1-four-monthly/panel-paper.toml");
const REGISTER: &str = include_str!("../../forms/s1-four-monthly/register.toml");
/// The day on which the returns for April to July 2017 open.
const OPENS: &str = "2017-08-04 09:00";

const fn someone(name: &'static str, address: &'static str) -> Someone {
    Someone { name, address }
}

const JOANNE: Someone = someone("Joanne Keeble", "joanne.keeble@makeachange.example.org");
const MARTIN: Someone = someone("Martin Aldous", "martin.aldous@suffolk180.example.org");
const FRANCES: Someone = someone("Frances Goymour", "frances.goymour@abuseforum.example.org");
const TESS: Someone = someone("Tess Brundish", "tess.brundish@nighttime.example.org");
const RAVI: Someone = someone("Ravi Shankaran", "ravi.shankaran@councilteam.example.org");
const SUNITA: Someone = someone("Sunita Rao", "sunita.rao@safersuffolk.example.org");
const CALLUM: Someone = someone("Callum Rushbrook", "callum.rushbrook@safersuffolk.example.org");
const EDMUND: Someone = someone("Edmund Thurlow", "edmund.thurlow@safersuffolk.example.org");
const HARRIET: Someone = someone("Harriet Moyse", "harriet.moyse@commissioner-suffolk.example.org");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_is_watched_and_told_to_the_panel_on_sqlite() {
    a_year(TestDatabase::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_is_watched_and_told_to_the_panel_on_postgres() {
    a_year(TestDatabase::postgres().await).await;
}

async fn a_year(database: TestDatabase) {
    let server = TestServer::of(database, &[RETURN, PAPER], REGISTER, OPENS).await;
    let by = (CALLUM, EDMUND);
    first_period(&server).await;
    let first = [
        "sexual-exploitation-R1",
        "offender-management-R1",
        "domestic-violence-R1",
    ];
    accept_and_sign(&server, by, 1, &references(&first)).await;

    server.advance_to("2017-12-06 09:00").await;
    second_period(&server).await;
    let second = [
        "sexual-exploitation-R2",
        "offender-management-R2",
        "domestic-violence-R2",
        "alcohol-awareness-R2",
        "hidden-need-R2",
    ];
    accept_and_sign(&server, by, 1, &references(&second)).await;
    places_are_corrected(&server).await;

    server.advance_to("2018-04-06 09:00").await;
    let mut paper = server.at_the_return(SUNITA).await;
    paper.visit("/return/section/spending").await;
    paper.must_see(&["From 2 of 3 signed returns. Missing: Suffolk 180, December 2017 to March 2018."]);
    offender_management_as_the_paper_had_it(&server).await;
    third_period(&server).await;
    let third = [
        "sexual-exploitation-R3",
        "offender-management-R3",
        "domestic-violence-R3",
        "alcohol-awareness-R3",
        "hidden-need-R3",
    ];
    accept_and_sign(&server, by, 1, &references(&third)).await;

    the_paper_is_put_right(&mut paper).await;
    accept_and_sign(&server, (HARRIET, EDMUND), 1, &["SSP-CDR-1718-R1"]).await;
    signed_figures_are_the_papers(&server).await;
    the_panel_is_told_what_was_signed(&server).await;
    the_paper_is_printed(&server).await;
    server.finish().await;
}

/// The references of the projects' returns, for as long as the test runs.
fn references(ends: &[&str]) -> Vec<&'static str> {
    let whole = ends.iter().map(|end| format!("SSP-CDR-1718-{end}"));
    whole.map(|reference| &*reference.leak()).collect()
}

const PURPOSE: &str = "People are reached whom no other service would have reached.";
const DONE: &str = "The work went on as it was planned.";

/// Everything of a return but its money and its counts.
async fn story(contact: &mut TestBrowser, priority: &'static str, parts: &[&'static str]) {
    answer(
        contact,
        "overview",
        &[Text("What the project is for", PURPOSE), Tick(priority)],
    )
    .await;
    for part in parts {
        let row = [
            Text("Which part", part),
            Text("What was done in these four months", DONE),
            One("How this part stands", "On course"),
        ];
        add_row(contact, &row).await;
    }
    let outcome = [
        Text("a.promised.0.outcome", "People take up the help that there is"),
        One("a.promised.0.achieved", "In part"),
        Text("a.promised.0.evidence", "Those who work with them say so."),
    ];
    answer(contact, "outcomes", &outcome).await;
    answer(contact, "declaration", &[Tick("I declare this")]).await;
}

/// A project without budget lines: what it spent and committed, and what it counts.
async fn plain(
    server: &TestServer,
    who: Someone,
    priority: &'static str,
    spent: &'static str,
    committed: &'static str,
    counts: &[Typed],
) {
    let mut contact = server.at_the_return(who).await;
    story(&mut contact, priority, &["A: the work"]).await;
    let money = [Text("Spent so far", spent), Text("Committed, not yet spent", committed)];
    answer(&mut contact, "expenditure", &money).await;
    contact.must_not_see(&["Each budget line", "Satellite tags"]);
    answer(&mut contact, "outputs", counts).await;
    submit(&mut contact).await;
}

/// The project with three budget lines: spent and committed of each, and for how many months tags were paid.
fn lines(spent: [&'static str; 3], committed: [&'static str; 3], months: &'static str) -> Vec<Typed> {
    vec![
        Text("Operational pot, Spent so far", spent[0]),
        Text("Satellite tags, Spent so far", spent[1]),
        Text("Voluntary drug testing, Spent so far", spent[2]),
        Text("Operational pot, Committed, not yet spent", committed[0]),
        Text("Satellite tags, Committed, not yet spent", committed[1]),
        Text("Voluntary drug testing, Committed, not yet spent", committed[2]),
        Text("Satellite tags: charged each month, without VAT", "800"),
        Text("Satellite tags: months paid for so far", months),
    ]
}

async fn offender_management(server: &TestServer, money: &[Typed], tags: &'static str, tests: &'static str) {
    let mut contact = server.at_the_return(MARTIN).await;
    let parts = ["A: operational pot", "B: satellite tags", "C: voluntary drug testing"];
    story(&mut contact, "Integrated offender management", &parts).await;
    answer(&mut contact, "expenditure", money).await;
    let counts = [
        Text("Satellite tags in use at the end of the period", tags),
        Text("Voluntary drug tests taken", tests),
    ];
    answer(&mut contact, "outputs", &counts).await;
    submit(&mut contact).await;
}

const EXPLOITATION: &str = "Sexual exploitation and prostitution";
const VIOLENCE: &str = "Domestic violence";
const NIGHT: &str = "A safer night-time economy";

fn trained(people: &'static str, workers: &'static str) -> [Typed; 2] {
    [
        Text("People trained", people),
        Text("Front-line workers given the team’s new materials", workers),
    ]
}

fn printed(leaflets: &'static str, posters: &'static str, booklets: &'static str, places: &'static str) -> [Typed; 4] {
    [
        Text("Leaflets printed", leaflets),
        Text("Posters printed", posters),
        Text("Booklets printed", booklets),
        Text("Places that display them", places),
    ]
}

/// Made up: the paper tells of the end of the year only.
async fn first_period(server: &TestServer) {
    plain(server, JOANNE, EXPLOITATION, "1,200", "4,430", &trained("3", "0")).await;
    let money = lines(["1,500", "0", "600"], ["0", "0", "0"], "0");
    offender_management(server, &money, "0", "60").await;
    plain(server, FRANCES, VIOLENCE, "900", "1,600", &printed("0", "0", "0", "0")).await;
}

/// Made up as well.
async fn second_period(server: &TestServer) {
    plain(server, JOANNE, EXPLOITATION, "4,900", "730", &trained("22", "140")).await;
    let money = lines(["4,200", "3,200", "1,500"], ["0", "6,800", "0"], "4");
    offender_management(server, &money, "4", "165").await;
    let counts = printed("25,000", "1,000", "1,000", "198");
    plain(server, FRANCES, VIOLENCE, "2,500", "0", &counts).await;
    let counts = [Text("Announcements broadcast or published", "12")];
    plain(server, TESS, NIGHT, "2,100", "2,900", &counts).await;
    let counts = [Text("Agencies whose records feed the needs assessment", "3")];
    plain(server, RAVI, VIOLENCE, "2,000", "8,000", &counts).await;
}

/// A signed count was too low: the return is reopened, corrected, accepted and signed again.
async fn places_are_corrected(server: &TestServer) {
    let reference = references(&["domestic-violence-R2"])[0];
    let mut reviewer = server.at_the_office(HARRIET).await;
    reviewer
        .follow("Safer Suffolk crime and disorder reduction grant 2017-18")
        .await;
    reviewer.must_see(&["Of the £44,152.60 available, £22.60 is not allocated."]);
    open(&mut reviewer, reference).await;
    let why = "The forum found sixteen pharmacies that it had not counted.";
    reviewer
        .under(&["Reopen it for a correction"])
        .fill("What is to be corrected", why)
        .press("Reopen")
        .await;
    reviewer.must_see(&[why]);
    let mut contact = server.at_the_return(FRANCES).await;
    answer(&mut contact, "outputs", &[Text("Places that display them", "214")]).await;
    submit(&mut contact).await;
    accept_and_sign(server, (CALLUM, EDMUND), 2, &[reference]).await;
}

/// The paper gives £7,000, “approximately”, £6,400 and £2,400, commits £3,600 and £600, and leaves out that
/// the other £1,000 is committed too.
async fn offender_management_as_the_paper_had_it(server: &TestServer) {
    let money = lines(["7,000", "6,400", "2,400"], ["0", "3,700", "600"], "8");
    let mut contact = server.at_the_return(MARTIN).await;
    answer(&mut contact, "expenditure", &money).await;
    contact.must_see(&[
        "Last time: £4,200.00",
        "£6,400.00 spent and £3,700.00 committed come to £10,100.00, which is £100.00 more than the £10,000.00 \
         allocated to “Satellite tags”.",
        "£1,000.00 of the £8,000.00 for Operational pot is neither spent nor committed.",
        "8 months at £800.00 come to £6,400.00, and to £7,680.00 with VAT. You spent £6,400.00 on satellite tags.",
    ]);
    let right = [
        Tick("a.budget.operational-pot.line_spent~approximately"),
        Text("Operational pot, Committed, not yet spent", "1,000"),
        Text("Satellite tags, Committed, not yet spent", "3,600"),
    ];
    answer(&mut contact, "expenditure", &right).await;
    contact.must_not_see(&["neither spent nor committed.", "£10,100.00"]);
    contact.must_see(&[
        "Spent so far, in all Approximately £15,800.00",
        "Committed in all £5,200.00",
        "Neither spent nor committed Approximately £0.00",
    ]);
    a_project_that_does_not_achieve_says_what_it_will_do(&mut contact).await;
}

async fn a_project_that_does_not_achieve_says_what_it_will_do(contact: &mut TestBrowser) {
    const REMEDY: &str = "The board can end a project that does not achieve what it was awarded for.";
    let achieved = |how| [One("a.promised.0.achieved", how)];
    answer(contact, "outcomes", &achieved("Not yet, but expected")).await;
    contact.must_not_see(&[REMEDY]);
    answer(contact, "outcomes", &achieved("Not achieved")).await;
    contact.must_see(&["What will be done about what is not achieved", REMEDY]);
}

async fn third_period(server: &TestServer) {
    offender_management(server, &[], "4", "265").await;
    plain(server, JOANNE, EXPLOITATION, "5,630", "0", &trained("22", "310")).await;
    let counts = printed("25,000", "1,000", "1,000", "240");
    plain(server, FRANCES, VIOLENCE, "2,500", "0", &counts).await;
    let counts = [Text("Announcements broadcast or published", "48")];
    plain(server, TESS, NIGHT, "5,000", "0", &counts).await;
    let counts = [Text("Agencies whose records feed the needs assessment", "7")];
    plain(server, RAVI, VIOLENCE, "8,500", "1,500", &counts).await;
}
