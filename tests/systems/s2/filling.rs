//! What the people of both projects type, and what the pages say to it.
//!
//! Invariant: what is typed is what the paper prints, its mistakes included, in boxes found by their words.

use super::{POOL, TWICE};
use crate::outside::browser::TestBrowser;

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
const NO_INCIDENT: &str = "Men followed who had no incident known to the police";
const SHARE: &str = "Men with no incident, as a percentage";

/// Opens the page of a section.
pub async fn open(browser: &mut TestBrowser, key: &str) {
    browser.visit(&format!("/return/section/{key}")).await;
    assert_eq!(browser.status, 200, "{}", browser.says());
}

/// Saves it, and goes back to the task list.
async fn save(browser: &mut TestBrowser) {
    browser.press("Save and come back later").await;
    assert_eq!(browser.path(), "/return", "{}", browser.says());
}

/// What each project was paid; the second figure twice, and differently.
pub async fn contribute(contact: &mut TestBrowser) {
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

/// The groups of offenders: their sizes, and their convictions before and after.
pub async fn follow_the_offenders(contact: &mut TestBrowser) {
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

/// The funnels and the percentage that the paper gives without its counts.
pub async fn count_who_came(contact: &mut TestBrowser) {
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

/// Which outcome is achieved through what.
pub async fn tie_the_outcomes(contact: &mut TestBrowser) {
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

/// The two recommendations, and the declaration.
pub async fn ask_the_board(contact: &mut TestBrowser) {
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
