//! Step 2: the task list, saving right or wrong, coming back, and two people in one return.

use crate::outside::browser::TestBrowser;
use crate::outside::on_both;
use crate::outside::paper::{PROJECTS, label};
use crate::outside::people::{MORWENNA, PIERS};
use crate::outside::server::TestServer;

on_both!(
    the_task_list_has_each_project_with_its_name_and_amount,
    what_is_wrong_is_said_beside_it_and_kept,
    two_people_see_both_of_what_they_typed,
    two_people_on_different_questions_are_merged,
    a_second_tab_does_not_overwrite,
    a_colleague_gets_a_link_of_their_own,
);

const SPENT: &str = "Amount spent in the year";

async fn the_task_list_has_each_project_with_its_name_and_amount(server: TestServer) {
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.must_see(&[
        "Partnership grant: evaluation of the year",
        "30 April 2018, in 27 days",
        "PLY-CSP-1718",
    ]);
    for (_, title, allocated, _) in PROJECTS {
        contact.must_see(&[title, allocated]);
    }
    contact.must_see(&["Money", "The year as a whole", "Declaration", "Not started"]);
    for (_, title, allocated, _) in PROJECTS {
        contact.visit("/return").await;
        contact.follow(title).await;
        contact.must_see(&[title, "Allocated", allocated]);
        assert_eq!(
            contact.errors(),
            Vec::<String>::new(),
            "nothing is wrong before anything was saved"
        );
    }
    contact.visit("/return").await;
    contact.follow("Money").await;
    contact.must_see(&["£400,568.00", "£27,678.00", "£428,246.00", "£428,686.00"]);
    server.finish().await;
}

async fn what_is_wrong_is_said_beside_it_and_kept(server: TestServer) {
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.open_project("drug-and-alcohol").await;
    contact
        .answer("spent", "98,5oo")
        .answer_ratio("contact_opiate", "1,231", "308")
        .answer("share", "a twentieth");
    contact.save().await;
    let errors = contact.errors();
    assert!(errors.len() >= 3, "{errors:?}");
    for question in ["spent", "share"] {
        let beside = contact
            .beside(label(question))
            .unwrap_or_else(|| panic!("{question}: {}", contact.says()));
        assert!(errors.contains(&beside), "“{beside}” is in the summary too: {errors:?}");
    }
    contact.must_see(&["You entered 1,231 of 308."]);
    assert_eq!(contact.value(SPENT), "98,5oo");
    assert_eq!(contact.value(label("share")), "a twentieth");
    contact.visit("/return").await;
    contact.must_see(&["To be corrected"]);
    contact.open_project("drug-and-alcohol").await;
    assert_eq!(contact.value(SPENT), "98,5oo", "it was kept, wrong as it is");
    contact.press("Save and come back later").await;
    assert_eq!(contact.path(), "/return");
    server.finish().await;
}

async fn two_people_see_both_of_what_they_typed(server: TestServer) {
    let (mut one, mut other) = (server.at_the_return(MORWENNA).await, server.at_the_return(PIERS).await);
    one.open_project("prevent").await;
    other.open_project("prevent").await;
    one.answer("spent", "9,000").save().await;
    other
        .answer("spent", "9,500")
        .answer("outcomes", "Four schools took part.")
        .press("Save and continue")
        .await;
    assert_eq!(other.status, 409, "{}", other.says());
    assert_eq!(
        other.errors()[0],
        "Amount spent in the year: Morwenna Tregear has changed this answer"
    );
    other.must_see(&["Saved by Morwenna Tregear meanwhile", "9,000"]);
    assert_eq!(other.value(SPENT), "9,500", "what was typed is in the box");
    assert_eq!(kept(&mut one).await, "9,000", "and not saved over the other");
    assert_eq!(
        one.value(label("outcomes")),
        "Four schools took part.",
        "the rest is saved"
    );
    other.save().await;
    assert_eq!(kept(&mut one).await, "9,500", "having seen both, the second decides");
    server.finish().await;
}

async fn kept(browser: &mut TestBrowser) -> String {
    browser.open_project("prevent").await;
    browser.value(SPENT)
}

async fn two_people_on_different_questions_are_merged(server: TestServer) {
    let (mut one, mut other) = (server.at_the_return(MORWENNA).await, server.at_the_return(PIERS).await);
    one.open_project("prevent").await;
    other.open_project("prevent").await;
    one.answer("spent", "10,000").save().await;
    other.answer_ratio("prevent_schools", "4", "12").save().await;
    assert_eq!(kept(&mut other).await, "10,000");
    one.open_project("prevent").await;
    assert_eq!(
        one.value(&format!("{} > Schools that took part", label("prevent_schools"))),
        "4"
    );
    server.finish().await;
}

async fn a_second_tab_does_not_overwrite(server: TestServer) {
    let mut tab = server.at_the_return(MORWENNA).await;
    tab.open_project("prevent").await;
    tab.answer("spent", "9,000");
    let stale = tab.pressed("Save and continue");
    tab.save().await;
    tab.open_project("prevent").await;
    tab.answer("spent", "9,900").save().await;
    let answer = stale.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 409, "the older tab is told");
    assert_eq!(kept(&mut tab).await, "9,900");
    server.finish().await;
}

async fn a_colleague_gets_a_link_of_their_own(server: TestServer) {
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.follow("Ask a colleague to help with this return").await;
    contact.press("Send the link").await;
    assert_eq!(contact.errors().len(), 2);
    contact
        .fill("Their name", "Wenna Pascoe")
        .fill("Their email address", "wenna@partnership.example.org");
    contact.press("Send the link").await;
    contact.must_see(&["A link is on its way to wenna@partnership.example.org."]);
    let mail = server
        .mail_to("wenna@partnership.example.org", "Morwenna Tregear asks you to help")
        .await;
    mail.says_the_same_twice();
    let mut colleague = server.browser();
    colleague.visit(&mail.link()).await;
    colleague
        .fill("Email address", MORWENNA.address)
        .press("Continue")
        .await;
    assert_eq!(colleague.status, 403, "it is not the sender's link");
    colleague
        .fill("Email address", "wenna@partnership.example.org")
        .press("Continue")
        .await;
    assert_eq!(colleague.path(), "/return");
    colleague.must_see(&["Wenna Pascoe"]);
    server.finish().await;
}
