//! A provider with two refuges: their rooms, households, money and staff, month after month.
//!
//! Invariant: two months are told from the mail that opens the return to its signature; what was signed in the first
//! stands beside what is asked in the second.

#[path = "refuge/filling.rs"]
mod filling;

use countersign::store::{figures, returns};
use countersign_domain::answers::types::FigureValue;
use countersign_domain::workflow::State;

use crate::outside::browser::TestBrowser;
use crate::outside::people::Someone;
use crate::outside::postgres::TestDatabase;
use crate::outside::server::TestServer;
use filling::{APRIL, MAY, Month, fill_in, open};

const FORM: &str = include_str!("../../forms/refuge-occupancy/return.toml");
const REGISTER: &str = include_str!("../../forms/refuge-occupancy/register.toml");
const RETURN: &str = "Lantern House: Refuge occupancy: monthly return";

const IMOGEN: Someone = someone("Imogen Sarr", "imogen.sarr@lantern-house.example.org");
const ROSALIND: Someone = someone("Rosalind Pike", "rosalind.pike@merrowshire.example.org");
const LINUS: Someone = someone("Linus Wren", "linus.wren@merrowshire.example.org");

const fn someone(name: &'static str, address: &'static str) -> Someone {
    Someone { name, address }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_months_of_refuges_are_signed_on_sqlite() {
    walk(TestDatabase::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_months_of_refuges_are_signed_on_postgres() {
    walk(TestDatabase::postgres().await).await;
}

async fn walk(database: TestDatabase) {
    let server = TestServer::of(database, &[FORM], REGISTER, APRIL.opens).await;
    let mut contact = server.at_the_return(IMOGEN).await;
    contact.must_see(&["Tuesday 15 May 2018"]);
    fill_in(&mut contact, &APRIL).await;
    april_is_worked_out(&mut contact).await;
    no_more_nights_than_there_are(&mut contact).await;
    another_month_is_refused(&mut contact, &APRIL, "31 March 2018").await;
    submit(&mut contact, &[]).await;
    accept_and_sign(&server, 1).await;

    server.advance_to(MAY.opens).await;
    let mut contact = server.at_the_return(IMOGEN).await;
    contact.must_see(&["Thursday 14 June 2018"]);
    april_stands_beside_may(&mut contact).await;
    fill_in(&mut contact, &MAY).await;
    may_goes_on_from_april(&mut contact).await;
    another_month_is_refused(&mut contact, &MAY, "30 April 2018").await;
    submit(&mut contact, &["which leaves 6, not 7"]).await;
    accept_and_sign(&server, 2).await;
    what_is_signed(&server).await;
    server.finish().await;
}

async fn april_is_worked_out(contact: &mut TestBrowser) {
    open(contact, "month").await;
    contact.must_see(&["Nights in this month 30"]);
    open(contact, "rooms/quay").await;
    contact.must_see(&["87.2% (157 of 180)", "Target: at least 85%"]);
    contact.must_not_see(&["Last time"]);
    assert!(!contact.has("a.why_low.value"), "nobody is asked about a full house");
    open(contact, "rooms/orchard").await;
    contact.must_see(&["79.2% (95 of 120)"]);
    open(contact, "households/quay").await;
    contact.must_see(&["Average stay in nights 71.5", "75.0% (3 of 4)"]);
    open(contact, "money/quay").await;
    contact.must_see(&["Left of the allocation £103,539.75"]);
    open(contact, "running/quay").await;
    contact.must_see(&["Share of the posts that is filled 84.6%"]);
}

async fn no_more_nights_than_there_are(contact: &mut TestBrowser) {
    open(contact, "rooms/quay").await;
    contact
        .fill("a.beds.single.occupied", "61")
        .press("Save and continue")
        .await;
    refused(
        contact,
        "61 room nights cannot have been occupied when 60 were available.",
    )
    .await;
    open(contact, "rooms/quay").await;
    contact
        .fill("a.beds.single.occupied", "51")
        .press("Save and continue")
        .await;
}

async fn another_month_is_refused(contact: &mut TestBrowser, month: &Month, last_night: &str) {
    filling::last_night(contact, last_night).await;
    let (label, end) = (month.label, month.last_night);
    let said = format!("This is the return for {label}, which ends on {end}. Figures up to {last_night} belong to");
    refused(contact, &said).await;
    filling::last_night(contact, end).await;
}

/// An error stands on the page of the check, and the return cannot be submitted.
async fn refused(contact: &mut TestBrowser, said: &str) {
    contact.visit("/return/check").await;
    let errors = contact.errors();
    assert!(errors.len() == 1 && errors[0].contains(said), "{errors:?}");
    contact.press("Submit return").await;
    assert!(
        contact.status == 422 && contact.errors().contains(&errors[0]),
        "{:?}",
        contact.errors()
    );
}

async fn submit(contact: &mut TestBrowser, warnings: &[&str]) {
    contact.visit("/return/check").await;
    assert_eq!(contact.errors(), Vec::<String>::new(), "{}", contact.says());
    contact.must_see(warnings);
    contact.must_not_see(&["Not answered"]);
    if !warnings.is_empty() {
        contact
            .explain_all("One household moved across from Orchard refuge, and was no referral.")
            .await;
    }
    contact.press("Submit return").await;
    assert_eq!(contact.path(), "/return/submitted", "{}", contact.says());
}

async fn accept_and_sign(server: &TestServer, signed: usize) {
    server.pass(60);
    let mut officer = server.at_the_office(ROSALIND).await;
    officer.follow(RETURN).await;
    officer.must_see(&["Occupancy", "Target: at least 85%"]);
    officer.must_not_see(&["Not answered"]);
    officer.press("Accept revision 1").await;
    server.pass(60);
    let mut officer = server.at_the_office(LINUS).await;
    officer.follow(RETURN).await;
    officer.follow("Read and sign").await;
    let code = server.authenticator(LINUS).await;
    officer
        .tick("I have read this month's return")
        .fill("Your full name", LINUS.name)
        .fill("A fresh code from your authenticator app", &code);
    officer.press("Sign revision").await;
    officer.must_see(&["The return is signed off."]);
    let all = returns::returns_of_form(&server.app.deps.store.read(), "refuge-occupancy")
        .await
        .unwrap();
    let off = all.iter().filter(|ret| ret.state == State::SignedOff).count();
    assert_eq!(off, signed);
}

async fn april_stands_beside_may(contact: &mut TestBrowser) {
    open(contact, "rooms/quay").await;
    contact.must_see(&[
        "Last time: 87.2% (157 of 180) (April 2018)",
        "Vacant rooms carried over from last month 1",
    ]);
    open(contact, "rooms/orchard").await;
    contact.must_see(&["Last time: 79.2% (95 of 120) (April 2018)"]);
    open(contact, "households/quay").await;
    contact.must_see(&["Households there when the month began 5", "Last time: 7 (April 2018)"]);
}

async fn may_goes_on_from_april(contact: &mut TestBrowser) {
    open(contact, "month").await;
    contact.must_see(&["Nights in this month 31"]);
    open(contact, "rooms/quay").await;
    contact.must_see(&["94.6% (176 of 186)", "Last time: 87.2% (157 of 180) (April 2018)"]);
    open(contact, "money/quay").await;
    contact.must_see(&["£14,260.50", "Left of the allocation £94,019.50"]);
}

/// Both months' occupancy, as it is kept.
async fn what_is_signed(server: &TestServer) {
    let read = server.app.deps.store.read();
    let mut all = returns::returns_of_form(&read, "refuge-occupancy").await.unwrap();
    all.retain(|ret| ret.state == State::SignedOff);
    all.sort_by_key(|ret| ret.period.end());
    let mut signed = Vec::new();
    for ret in &all {
        let rows = figures::signed_of(&read, &[ret.id], Some(&["occupancy"]))
            .await
            .unwrap();
        signed.extend(
            rows.into_iter()
                .map(|row| (row.figure.allocation.unwrap(), row.figure.value)),
        );
    }
    let ratio = |key: &str, of, per| (key.to_owned(), FigureValue::Ratio { of, per, places: 1 });
    let kept = [
        ratio("orchard", 95, 120),
        ratio("quay", 157, 180),
        ratio("orchard", 111, 124),
        ratio("quay", 176, 186),
    ];
    assert_eq!(signed, kept);
}
