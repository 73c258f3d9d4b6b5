//! What the figures of the paper must do: what is wrong in them is said in their own numbers, and what is right adds up.

use crate::outside::browser::{TestBrowser, controls_of};
use crate::outside::on_both;
use crate::outside::paper::{OUTCOME, label, title};
use crate::outside::people::{ANITA, GWEN, MORWENNA};
use crate::outside::server::TestServer;
use crate::outside::stages::{GRANT, WHY};

on_both!(
    four_hundred_and_forty_over_blocks_until_it_is_moved,
    shares_and_items_are_held_against_their_sums,
    ratios_stand_beside_what_others_reach,
    a_project_without_a_case_study_blocks,
    an_explanation_is_asked_for_again_when_its_figures_change,
);

const OVER: &str = "The allocations come to £428,686.00. The grant and what was carried forward come to £428,246.00. \
                    That is £440.00 too much.";

async fn four_hundred_and_forty_over_blocks_until_it_is_moved(server: TestServer) {
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.fill_the_paper().await;
    contact.put_the_shares_right().await;
    contact.explain_all(WHY).await;
    contact.press("Submit return").await;
    assert_eq!(contact.status, 422, "{}", contact.says());
    contact.must_see(&["Nothing was submitted yet", OVER]);
    assert_eq!(
        contact.errors().len(),
        1,
        "nothing else is in the way: {:?}",
        contact.errors()
    );
    contact.follow("Money: The allocations come to").await;
    contact.must_see(&["Allocated to projects", "£428,686.00", "-£440.00"]);

    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.follow(GRANT).await;
    reviewer.must_see(&["The allocations come to £428,686.00 against £428,246.00 available: £440.00 over."]);
    reviewer.press("Record virement").await;
    assert_eq!(reviewer.status, 422);
    assert!(reviewer.errors().len() >= 4, "{:?}", reviewer.errors());
    reviewer.visit("/office").await;
    reviewer.record_the_virement().await;
    reviewer.must_see(&["£440.00 over"]);
    assert!(
        !reviewer.has_button("Approve"),
        "whoever records does not approve: {}",
        reviewer.says()
    );
    still_over(&mut contact).await;

    let mut treasurer = server.at_the_office(GWEN).await;
    treasurer.follow(GRANT).await;
    let approve = controls_of(treasurer.source())
        .into_iter()
        .find(|control| control.label == "Approve");
    let address = approve
        .and_then(|button| button.form)
        .and_then(|form| form.action)
        .expect("a form");
    let fields = [("csrf", reviewer.hidden("csrf"))];
    let own = reviewer
        .request(reqwest::Method::POST, &address)
        .form(&fields)
        .send()
        .await
        .unwrap();
    assert_eq!(own.status().as_u16(), 403, "nor by sending what the treasurer would");
    let twice = treasurer.press_at_once("Approve", 2).await;
    assert!(twice.iter().any(|(status, _)| *status == 303), "{twice:?}");
    treasurer.visit("/office").await;
    treasurer.follow(GRANT).await;
    treasurer.must_see(&["All of the £428,246.00 available is allocated."]);
    let allocations = treasurer.table("Allocations");
    let comes_to = |project: &str| {
        allocations
            .iter()
            .find(|row| row[0] == project)
            .and_then(|row| row.last())
            .cloned()
    };
    assert_eq!(comes_to(title("asb")).as_deref(), Some("£16,486.00"));
    assert_eq!(comes_to(title("infrastructure")).as_deref(), Some("£38,560.00"));

    contact.visit("/return").await;
    contact.follow("Money").await;
    contact.must_see(&[
        "Allocated to projects £428,246.00",
        "Spent on all projects",
        "Left unspent",
    ]);
    contact.must_not_see(&["£440.00", "£428,686.00"]);
    contact.visit("/return/check").await;
    assert_eq!(contact.errors(), Vec::<String>::new());
    contact.must_see(&["Spent on all projects £428,246.00"]);
    server.finish().await;
}

async fn still_over(contact: &mut TestBrowser) {
    contact.visit("/return/check").await;
    contact.must_see(&[OVER]);
}

async fn shares_and_items_are_held_against_their_sums(server: TestServer) {
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.fill_the_paper().await;
    contact.visit("/return/check").await;
    let errors = contact.errors();
    for wrong in [
        "You entered 28%. 160,200 of 552,500 is 29.0%.",
        "You entered 0.5%. 98,500 of 1,905,122 is 5.2%.",
    ] {
        assert!(errors.iter().any(|error| error.ends_with(wrong)), "{wrong}: {errors:?}");
    }
    assert_eq!(errors.len(), 3, "33% of 75,000 is right: {errors:?}");
    let items = "The items come to £16,535.00, £49.00 more than the £16,486.00 entered for “Amount spent in the year”.";
    contact.must_see(&[items, "Explain these"]);

    let asked = format!("Explanation: {}", title("asb"));
    contact.fill(&asked, "ok").press("Save explanations").await;
    assert_eq!(
        contact.beside(&asked).as_deref(),
        Some("Explain it in at least 10 letters")
    );
    contact.fill(&asked, WHY).press("Save explanations").await;
    assert_eq!(contact.beside(&asked), None);
    assert_eq!(contact.value(&asked), WHY);
    contact.must_see(&["Explained"]);
    contact.put_the_shares_right().await;
    contact.visit("/return/check").await;
    assert_eq!(
        contact.errors().len(),
        1,
        "only the £440 are left: {:?}",
        contact.errors()
    );
    server.finish().await;
}

async fn ratios_stand_beside_what_others_reach(server: TestServer) {
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.fill_project("drug-and-alcohol").await;
    contact.open_project("drug-and-alcohol").await;
    contact.must_see(&[
        "25.0% (308 of 1,231)",
        "National average: 21.9%",
        "42.9% (3 of 7)",
        "0.0% (0 of 4)",
    ]);
    let page = contact.text();
    let asked = page.split(label("returned_non_opiate")).nth(1).expect("the question");
    let until = asked
        .split(label("returned_alcohol"))
        .next()
        .expect("the next question");
    assert!(
        until.contains("Not applicable"),
        "nobody completed, so nobody came back: {until}"
    );
    assert!(!until.contains("0.0%"), "{until}");
    contact.visit("/return/check").await;
    contact.must_see(&[
        "25.0% (308 of 1,231)",
        &format!("{} Not applicable", label("returned_non_opiate")),
    ]);
    server.finish().await;
}

async fn a_project_without_a_case_study_blocks(server: TestServer) {
    let mut contact = server.ready().await;
    contact.open_project("prevent").await;
    contact.answer("case_study", "  ").save().await;
    assert_eq!(
        contact.beside(label("case_study")).as_deref(),
        Some("Enter a case study")
    );
    assert_eq!(contact.value(label("outcomes")), OUTCOME);
    contact.visit("/return/check").await;
    contact.press("Submit return").await;
    assert_eq!(contact.status, 422);
    assert_eq!(contact.errors(), [format!("{}: Enter a case study", title("prevent"))]);
    contact
        .follow(&format!("{}: Enter a case study", title("prevent")))
        .await;
    contact
        .answer("case_study", "A school held an evening for its neighbours.")
        .save()
        .await;
    contact.visit("/return/check").await;
    contact.press("Submit return").await;
    assert_eq!(contact.path(), "/return/submitted", "{}", contact.says());
    server.finish().await;
}

async fn an_explanation_is_asked_for_again_when_its_figures_change(server: TestServer) {
    let mut contact = server.ready().await;
    contact.open_project("asb").await;
    contact.fill("Amount of item 2", "135").save().await;
    contact.visit("/return/check").await;
    contact.must_see(&[
        "£16,536.00, £50.00 more",
        "Your earlier explanation was of other figures.",
    ]);
    contact.press("Submit return").await;
    assert_eq!(contact.status, 422);
    assert_eq!(contact.errors(), ["Explain each warning below"]);
    contact.press("Save explanations").await;
    contact.press("Submit return").await;
    assert_eq!(
        contact.path(),
        "/return/submitted",
        "saying the same again is an explanation: {}",
        contact.says()
    );
    server.finish().await;
}
