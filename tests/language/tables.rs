//! Tables: every cell a box of its own, named by its row and its column.

use reqwest::Method;

use crate::place::{BETHAN, at_the_return, open};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turned_table_is_filled_in_cell_by_cell() {
    let (server, mut contact) = at_the_return().await;
    open(&mut contact, "people").await;
    contact
        .fill("Before, Under 18", "88")
        .fill("After, Under 18", "35")
        .tick("a.outcomes.under_18.after~approximately")
        .fill("Before, Adults", "267")
        .fill("After, Adults", "162")
        .fill("Before, Over 60", "221")
        .tick("a.outcomes.over_60.after~mark");
    contact.press("Save and come back later").await;
    open(&mut contact, "people").await;
    assert_eq!(contact.value("Before, Under 18"), "88");
    assert_eq!(contact.value("After, Adults"), "162");
    assert!(contact.is_ticked("a.outcomes.under_18.after~approximately"));
    assert!(contact.is_ticked("a.outcomes.over_60.after~mark"));
    contact.must_see(&["53", "105", "60.2%", "39.3%", "576"]);
    contact.visit("/return/check").await;
    let table = contact.table("Calls to the police before and after");
    assert_eq!(table[0], ["Before", "88", "267", "221", "576"]);
    assert_eq!(table[1][..3], ["After", "Approximately 35", "162"]);
    assert_eq!(table[2][..3], ["Fewer", "Approximately 53", "105"]);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_with_a_cell_stands_beside_it_and_the_summary_leads_there() {
    let (server, mut contact) = at_the_return().await;
    open(&mut contact, "people").await;
    contact
        .fill("Before, Adults", "two dozen")
        .fill("Before, Under 18", "10")
        .fill("After, Under 18", "12");
    contact.press("Save and continue").await;
    assert_eq!(contact.value("Before, Adults"), "two dozen", "it is still in its box");
    let beside = contact.beside("Before, Adults").expect("it is said beside the cell");
    assert!(contact.errors().contains(&beside), "{:?}", contact.errors());
    assert!(
        contact.links().contains(&"#outcomes.adults.before".to_owned()),
        "{:?}",
        contact.links()
    );
    contact.must_see(&["There were 12 calls after and 10 before."]);
    contact.visit("/return/check").await;
    let there = "/return/section/people#outcomes.adults.before".to_owned();
    assert!(contact.links().contains(&there), "{:?}", contact.links());
    contact.must_see(&["“two dozen”"]);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_funnel_may_not_grow() {
    let (server, mut contact) = at_the_return().await;
    open(&mut contact, "people").await;
    contact
        .fill("a.referrals.referred.number", "158")
        .fill("a.referrals.attended.number", "64")
        .fill("a.referrals.finished.number", "80");
    contact.press("Save and continue").await;
    contact.must_see(&["40.5% (64 of 158)"]);
    let errors = contact.errors();
    assert!(
        errors.iter().any(|error| error.contains("80") && error.contains("64")),
        "{errors:?}"
    );
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_added_and_taken_out_without_scripts() {
    let (server, mut contact) = at_the_return().await;
    open(&mut contact, "people").await;
    contact
        .fill("a.events.0.event", "Street party")
        .fill("a.events.0.came", "60");
    contact.press("Add another row: Events that you held").await;
    assert_eq!(contact.value("a.events.0.event"), "Street party");
    contact
        .fill("a.events.1.event", "Open day")
        .fill("a.events.1.came", "25");
    contact.press("Add another row: Events that you held").await;
    contact
        .fill("a.events.2.event", "Quiz")
        .fill("a.events.2.came", "12")
        .fill("a.events.2.held_on.day", "4");
    contact.press("Take out row 2").await;
    assert_eq!(contact.value("a.events.0.event"), "Street party");
    assert!(!contact.has("a.events.1.event"), "{}", contact.says());
    assert_eq!(
        contact.value("a.events.2.event"),
        "Quiz",
        "what was typed beside it is kept"
    );
    contact.must_see(&["72"]);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_checklist_asks_why_where_the_answer_wants_it() {
    let (server, mut contact) = at_the_return().await;
    open(&mut contact, "people").await;
    contact
        .choose("Have your partners seen it?", "No")
        .choose("Do the figures agree with your own records?", "Yes")
        .choose("Is there anything that the panel should know?", "No");
    contact.untick("Is there anything that the panel should know? > No");
    contact.press("Save and continue").await;
    let asked = "Answer the question “Is there anything that the panel should know?”".to_owned();
    assert!(contact.errors().contains(&asked), "{:?}", contact.errors());
    contact.choose("Is there anything that the panel should know?", "No");
    contact.press("Save and continue").await;
    let beside = contact.beside("Comment: Have your partners seen it?");
    assert!(beside.is_some(), "a comment is asked for: {:?}", contact.errors());
    assert_eq!(
        contact.beside("Comment: Is there anything that the panel should know?"),
        None
    );
    contact.fill("Comment: Have your partners seen it?", "They meet on Friday.");
    contact.press("Save and come back later").await;
    contact.visit("/return/check").await;
    let table = contact.table("Before you send this");
    assert_eq!(table[0], ["Have your partners seen it?", "No", "They meet on Friday."]);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn saving_while_typing_brings_what_follows_from_cells() {
    let (server, mut contact) = at_the_return().await;
    open(&mut contact, "people").await;
    let csrf = contact.hidden("csrf");
    let seen = contact.hidden("seen.outcomes");
    let fields = [
        ("csrf", csrf.as_str()),
        ("seen.outcomes", &seen),
        ("a.outcomes.under_18.before", "10"),
        ("a.outcomes.under_18.after", "12"),
        ("a.outcomes.adults.before", "many"),
    ];
    let answer = contact
        .request(Method::POST, "/return/section/people/autosave")
        .header("sec-fetch-site", "same-origin")
        .form(&fields)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let said: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(said["calculated"]["outcomes.under_18.fewer"], "-2");
    assert_eq!(said["calculated"]["outcomes.~total.after"], "12 (without 2 rows)");
    let at: Vec<&str> = said["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| finding["question"].as_str())
        .collect();
    assert!(at.contains(&"outcomes.under_18.after"), "{at:?}");
    assert!(at.contains(&"outcomes.adults.before"), "{at:?}");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_in_one_table_see_what_the_other_typed_row_by_row() {
    let (server, mut one) = at_the_return().await;
    let mut other = server.at_the_return(BETHAN).await;
    open(&mut one, "people").await;
    open(&mut other, "people").await;
    one.fill("a.outcomes.adults.before", "267")
        .fill("a.outcomes.adults.after", "162");
    one.press("Save and come back later").await;
    other.fill("a.outcomes.under_18.before", "88");
    other.press("Save and continue").await;
    assert_eq!(other.status, 409, "{}", other.says());
    other.must_see(&["Saved by Bethan Pryce meanwhile", "Adults: After 162; Before 267"]);
    assert_eq!(
        other.value("a.outcomes.under_18.before"),
        "88",
        "what was typed is in its box"
    );
    server.finish().await;
}
