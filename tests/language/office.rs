//! What an officer reads: tables as tables, what changed in them, and the decisions that are asked of them.

use crate::outside::browser::TestBrowser;
use crate::outside::people::Someone;
use crate::place::{at_the_return, open};

const OMAR: Someone = Someone {
    name: "Omar Haddad",
    address: "omar.haddad@council.example.org",
};

/// Everything that has to be answered.
async fn fill_in(contact: &mut TestBrowser) {
    open(contact, "people").await;
    contact
        .fill("Visits for each person, on average", "2.5")
        .tick("a.reached.leaflet")
        .tick("Priorities that this serves > Safer streets")
        .fill("Name", "Owain Rees")
        .fill("Email address", "owain.rees@alliance.example.org");
    for (row, before, after) in [
        ("under_18", "88", "35"),
        ("adults", "267", "162"),
        ("over_60", "221", "154"),
    ] {
        contact.fill(&format!("a.outcomes.{row}.before"), before);
        contact.fill(&format!("a.outcomes.{row}.after"), after);
    }
    for (row, number) in [("referred", "158"), ("attended", "64"), ("finished", "48")] {
        contact.fill(&format!("a.referrals.{row}.number"), number);
    }
    contact
        .fill("a.events.0.event", "Street party")
        .fill("a.events.0.came", "60")
        .choose("Have your partners seen it?", "Yes")
        .choose("Do the figures agree with your own records?", "Yes")
        .choose("Is there anything that the panel should know?", "No");
    contact.press("Save and come back later").await;
    for (project, spent) in [("lanterns", "9,000"), ("doors", "4,500")] {
        open(contact, &format!("spending/{project}")).await;
        contact.fill("a.spent.value", spent);
        contact.press("Save and come back later").await;
    }
    contact.press("Add one: Ideas for next year").await;
    contact
        .fill("What you would do", "Lights on the towpath")
        .fill("a.risks.0.theme", "Weather")
        .fill("a.risks.0.concern", "It rains and nobody walks.")
        .fill("a.risks.0.budget", "1,200")
        .fill("a.risks.0.recommendation", "Agree to buy umbrellas");
    contact.press("Save and come back later").await;
}

async fn submit(contact: &mut TestBrowser) {
    contact.visit("/return/check").await;
    assert_eq!(contact.errors(), Vec::<String>::new(), "{}", contact.says());
    contact.press("Submit return").await;
    assert_eq!(contact.path(), "/return/submitted", "{}", contact.says());
}

async fn read(officer: &mut TestBrowser) {
    officer.visit("/office").await;
    officer
        .follow("Harrow Vale Alliance: Neighbourhood safety: half-year return, April")
        .await;
    assert_eq!(officer.status, 200, "{}", officer.says());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reviewer_reads_tables_decides_on_rows_and_sees_what_changed() {
    let (server, mut contact) = at_the_return().await;
    fill_in(&mut contact).await;
    submit(&mut contact).await;
    contact.visit("/return/section/people").await;
    assert_eq!(
        contact.table("From referral to the end")[1],
        ["Came at least once", "64", "40.5% (64 of 158)"]
    );

    let mut officer = server.at_the_office(OMAR).await;
    read(&mut officer).await;
    let calls = officer.table("Calls to the police before and after");
    assert_eq!(
        calls[0],
        ["Before", "88", "267", "221", "576"],
        "rows across, as the provider had it"
    );
    assert_eq!(
        officer.table("What could go wrong")[0][1..3],
        ["Weather", "It rains and nobody walks."]
    );
    officer.fill("What needs to change", "Count the patrols of May again.");
    officer.press("Send back").await;

    open(&mut contact, "people").await;
    contact.fill("a.outcomes.adults.after", "160");
    contact.press("Add another row: Events that you held").await;
    contact
        .fill("a.events.1.event", "Open day")
        .fill("a.events.1.came", "25");
    contact.press("Save and come back later").await;
    submit(&mut contact).await;
    read(&mut officer).await;
    let calls = officer.table("Calls to the police before and after");
    assert_eq!(calls[1][2], "160 was 162");
    assert_eq!(
        officer.table("Events that you held")[1][1],
        "Open day not answered before"
    );
    assert_eq!(
        officer.table("From referral to the end")[1][1],
        "64",
        "what did not change says nothing more"
    );

    officer.press("Accept revision 2").await;
    assert_eq!(officer.status, 422, "a row waits for a decision");
    assert_eq!(officer.errors(), ["Select what you decide on “Row 1”"]);
    officer.choose("Row 1: Decision", "Not agreed");
    officer.press("Accept revision 2").await;
    assert_eq!(officer.errors(), ["Say why you do not agree to “Row 1”"]);
    assert!(
        officer.is_ticked("Row 1: Decision > Not agreed"),
        "what was chosen stays"
    );
    officer.fill("Row 1: Words about it", "Umbrellas are not safety.");
    officer.press("Accept revision 2").await;
    assert_eq!(officer.errors(), Vec::<String>::new());
    officer.must_see(&["Not agreed: Row 1", "Umbrellas are not safety."]);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_is_read_with_what_could_not_be_read_as_it_was_typed() {
    let (server, mut contact) = at_the_return().await;
    open(&mut contact, "people").await;
    contact
        .fill("a.outcomes.adults.before", "many")
        .fill("a.average.value", "a few");
    contact.press("Save and continue").await;
    let mut officer = server.at_the_office(OMAR).await;
    read(&mut officer).await;
    officer.must_see(&["“a few”"]);
    assert_eq!(officer.table("Calls to the police before and after")[0][2], "“many”");
    server.finish().await;
}
