//! S1's paper for the panel, in every format.
//!
//! Invariant: its figures are those that the real paper prints, and the £22.60 that it never mentions.

use countersign_domain::document::Block;
use countersign_domain::form::schema::Audience;

use crate::outside::server::TestServer;
use crate::printed::{Printed, printed};
use crate::told::year;

const ROUNDS: &str = "The grant, round by round";
const GRANT: &str = "The grant: Safer Suffolk crime and disorder reduction grant 2017-18";
const PROJECTS: &str = "The grant by project: Safer Suffolk crime and disorder reduction grant 2017-18";
const LINES: &str = "Budget lines, where a project has them";
const OUTPUTS: &str = "Outputs, counted since each award";
const LAST: &str = "December 2017 to March 2018";

/// For the office as for the panel: what differs is a small count of people, and stories.
pub async fn the_paper_is_printed(server: &TestServer) {
    let of = |audience| printed(server, "s1-panel-paper", "crime-reduction-2017", year(2017), audience);
    let (office, panel) = (of(Audience::Internal).await, of(Audience::Panel).await);
    for paper in [&office, &panel] {
        paper.is_fit_to_read();
        money(paper);
        outputs(paper);
        told_by_the_originator(paper);
    }
    let first = |paper: &Printed| paper.figure(OUTPUTS, "People trained", "April to July 2017");
    assert_eq!((first(&office), first(&panel)), ("3".to_owned(), "[c]".to_owned()));
    assert_eq!((office.held_back(), panel.held_back()), (0, 1));
    office.prints("Internal: not for publication");
    panel.prints("5 stories are not cleared for this paper.");
}

fn money(paper: &Printed) {
    for (row, amount) in [
        ("Granted for the year", "£44,152.60"),
        ("Awarded in the first round", "£29,130.00"),
        ("Left after the first round", "£15,022.60"),
        ("Awarded in the second round", "£15,000.00"),
        ("Not awarded to any project", "£22.60"),
    ] {
        assert_eq!(paper.figure(ROUNDS, row, "Figure"), amount);
    }
    assert_eq!(paper.figure(GRANT, "Unallocated", "Amount"), "£22.60");
    paper.prints("£22.60 is in no allocation and is not held back. It goes back to the commissioner.");
    let project = |column| paper.figure(PROJECTS, "Integrated offender management", column);
    assert_eq!(
        ["Allocated", "Spent", "Committed", "Unspent"].map(project),
        ["£21,000.00", "£15,800.00 [e]", "£5,200.00", "£0.00 [e]"]
    );
    assert_eq!(paper.figure(PROJECTS, "Total", "Spent"), "£37,430.00 [e]");
    assert_eq!(paper.table(LINES).columns[0], "Budget line");
    let line = |row| ["Budget", "Spent", "Committed"].map(|column| paper.figure(LINES, row, column));
    assert_eq!(line("Operational pot"), ["£8,000.00", "£7,000.00 [e]", "£1,000.00"]);
    assert_eq!(line("Satellite tags"), ["£10,000.00", "£6,400.00", "£3,600.00"]);
    assert_eq!(line("Voluntary drug testing"), ["£3,000.00", "£2,400.00", "£600.00"]);
    paper.prints(
        "has awarded all but £22.60 of it. Its projects spent approximately £37,430.00 and have committed £6,700.00.",
    );
}

fn outputs(paper: &Printed) {
    for (row, count) in [
        ("People trained", "22"),
        ("Satellite tags in use at the end of the period", "4"),
        ("Leaflets printed", "25,000"),
        ("Posters printed", "1,000"),
        ("Booklets printed", "1,000"),
    ] {
        assert_eq!(paper.figure(OUTPUTS, row, LAST), count);
    }
    assert_eq!(
        paper.figure(OUTPUTS, "Places that display them", "August to November 2017"),
        "214"
    );
}

/// What stands above everything else, and the eight questions.
fn told_by_the_originator(paper: &Printed) {
    let Some(Block::Facts { facts }) = paper.document.blocks.first() else {
        panic!("the paper begins with {:?}", paper.document.blocks.first());
    };
    let names: Vec<&str> = facts.iter().map(|fact| fact.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Originator",
            "Paper number",
            "The panel meets on",
            "Subject",
            "Summary",
            "Recommendation"
        ]
    );
    let checklist = paper.table("Before the paper goes to the panel");
    assert_eq!(checklist.rows.len(), 8);
    assert_eq!(checklist.rows.iter().filter(|row| row[1].text == "No").count(), 3);
    paper.prints("What is committed is spent by the end of summer.");
    paper.prints("Two projects end later than planned.");
    paper.prints("Appendices: No document was handed in.");
}
