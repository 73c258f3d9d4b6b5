//! S2's paper on outcomes and performance, in every format.
//!
//! Invariant: its figures are those that the real paper prints, or follow from them by arithmetic.

use countersign_domain::form::schema::Audience;

use crate::outside::server::TestServer;
use crate::printed::{Printed, printed};
use crate::told::year;

const GROUPS: &str = "Convictions before and after, group by group";

/// No count of people is so small that the panel's version is without it.
pub async fn the_paper_is_printed(server: &TestServer) {
    let of = |audience| {
        printed(
            server,
            "s2-performance",
            "community-safety-stockton",
            year(2017),
            audience,
        )
    };
    let (office, panel) = (of(Audience::Internal).await, of(Audience::Panel).await);
    for paper in [&office, &panel] {
        paper.is_fit_to_read();
        money_and_groups(paper);
        funnels(paper);
        decided(paper);
    }
    assert_eq!(panel.held_back(), 0);
    office.prints("Both projects work, and both are stretched.");
    panel.prints("1 story is not cleared for this paper.");
}

fn money_and_groups(paper: &Printed) {
    let contributed = |row| paper.figure("Allocated and contributed", row, "Contributed");
    assert_eq!(
        ["Integrated offender management", "Domestic abuse services", "Total"].map(contributed),
        ["£35,000.00", "£46,397.00", "£81,397.00"]
    );
    let group = |row| ["People", "Fewer", "Reduction"].map(|column| paper.figure(GROUPS, row, column));
    assert_eq!(
        group("Prolific and priority offenders"),
        ["30", "53", "60.2% (53 of 88)"]
    );
    assert_eq!(
        group("Community orders with drug rehabilitation"),
        ["55 to 60 [e]", "105", "39.3% (105 of 267)"]
    );
    assert_eq!(group("High crime causers"), ["30", "67", "30.3% (67 of 221)"]);
    let average = |row| paper.figure(GROUPS, row, "For each person before");
    assert_eq!(average("High crime causers"), "7.6");
    assert_eq!(average("Community orders with alcohol treatment"), "[x]");
    paper.prints("contributed £81,397.00 to two projects and supervised approximately 250 offenders.");
}

fn funnels(paper: &Printed) {
    for (caption, stage, number, share) in [
        (
            "Programme for men who abuse: from referral to assessment",
            "Came to a first appointment",
            "64",
            "40.5% (64 of 158)",
        ),
        (
            "Programme for men who abuse: from referral to assessment",
            "Found suitable for the group",
            "48",
            "75.0% (48 of 64)",
        ),
        (
            "Programme for men who abuse: from joining to completing",
            "Completed the programme",
            "31",
            "72.1% (31 of 43)",
        ),
        ("Outreach for adults", "Supported", "402", "73.2% (402 of 549)"),
        ("Children and young people", "Supported", "70", "86.4% (70 of 81)"),
    ] {
        assert_eq!(paper.table(caption).columns[0], "Stage");
        assert_eq!(paper.figure(caption, stage, "Number"), number);
        assert_eq!(paper.figure(caption, stage, "Of the stage before"), share);
    }
    let after = |row| paper.figure("Six months after the programme", row, "Figure");
    assert_eq!(after("Men with no incident, as a percentage"), "75%");
    assert_eq!(after("Men who completed and could be followed for six months"), "[x]");
}

/// Both recommendations, with what became of them.
fn decided(paper: &Printed) {
    let table = paper.table("Recommendations and decisions");
    let headings = [
        "Recommendation",
        "The board is asked to",
        "Decision",
        "In words",
        "By",
        "On",
    ];
    assert_eq!(table.columns, headings);
    assert_eq!(paper.table("Outcomes and what achieves them").columns[0], "Outcome");
    let rows = &table.rows;
    let decisions: Vec<[&str; 2]> = rows.iter().map(|row| [&*row[2].text, &*row[4].text]).collect();
    assert_eq!(decisions, [["Noted", "Desmond Aske"], ["Agreed", "Desmond Aske"]]);
    paper.prints("It goes to the commissioner with our thanks to both teams.");
}
