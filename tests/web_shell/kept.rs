//! What was typed outlives whatever turned it back.

use poem::http::Method;

use crate::entry::token_on;
use crate::outside::browser::TestBrowser;
use crate::outside::paper::label;
use crate::outside::people::{ANITA, MORWENNA};
use crate::outside::server::TestServer;
use crate::outside::stages::RETURN;

/// The token of the forms on the page that a browser shows.
fn token(browser: &TestBrowser) -> String {
    token_on(browser.source())
}

#[tokio::test]
async fn an_explanation_typed_beside_the_button_is_submitted_with_it() {
    let server = TestServer::sqlite().await;
    let mut contact = server.ready().await;
    contact.open_project("asb").await;
    contact.fill("Amount of item 2", "135").save().await;
    contact.visit("/return/check").await;
    contact
        .fill("Explanation", "An invoice more has come in.")
        .press("Submit return")
        .await;
    assert_eq!(contact.path(), "/return/submitted", "{}", contact.says());
    contact.visit("/return/check").await;
    contact.must_see(&["An invoice more has come in."]);
    server.finish().await;
}

#[tokio::test]
async fn what_is_submitted_is_what_the_page_showed() {
    let server = TestServer::sqlite().await;
    let (mut contact, mut other) = (server.ready().await, server.at_the_return(MORWENNA).await);
    contact.visit("/return/check").await;
    other.open_project("prevent").await;
    other
        .answer("case_study", "Another story, which nobody has read.")
        .save()
        .await;
    contact.press("Submit return").await;
    assert_eq!(contact.status, 409, "{}", contact.says());
    contact.must_see(&["Nothing was submitted yet", "Another story, which nobody has read."]);
    contact.press("Submit return").await;
    assert_eq!(contact.path(), "/return/submitted", "{}", contact.says());
    server.finish().await;
}

#[tokio::test]
async fn what_was_typed_while_a_colleague_submitted_is_shown() {
    let server = TestServer::sqlite().await;
    let (mut contact, mut other) = (server.ready().await, server.at_the_return(MORWENNA).await);
    other.open_project("prevent").await;
    contact.press("Submit return").await;
    other
        .answer("case_study", "A story that came too late.")
        .press("Save and continue")
        .await;
    assert_eq!(other.status, 409);
    other.must_see(&["What you typed, which is not saved", "A story that came too late."]);
    server.finish().await;
}

#[tokio::test]
async fn a_file_that_was_chosen_and_not_added_is_said() {
    let server = TestServer::sqlite().await;
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.open_project("prevent").await;
    let fields = [
        ("csrf", token(&contact)),
        ("then", "later".to_owned()),
        ("file.evidence", "plan.pdf".to_owned()),
    ];
    let answer = contact.request(Method::POST, "").form(&fields).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 422);
    assert!(answer.text().await.unwrap().contains("“plan.pdf” has not been added."));
    server.finish().await;
}

#[tokio::test]
async fn a_page_of_one_return_never_writes_into_another() {
    let server = TestServer::sqlite().await;
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.open_project("prevent").await;
    let (session, of) = {
        let token = token(&contact);
        let (session, of) = token.split_once('.').expect("a return");
        (session.to_owned(), of.to_owned())
    };
    let other = format!("{session}.{}", uuid::Uuid::from_u128(7));
    let name = format!("a.{}.value", "spent");
    let send = |token: String| {
        let fields = [("csrf", token), (name.as_str(), "7,777".to_owned())];
        contact.request(Method::POST, "").form(&fields).send()
    };
    let page = send(other.clone()).await.unwrap();
    assert_eq!(page.status().as_u16(), 403);
    let page = page.text().await.unwrap();
    assert!(
        page.contains("This is a page of another return") && page.contains("7,777"),
        "{page}"
    );
    assert_eq!(token_on(&page), other, "sent again, it is turned back again");
    let page = send(format!("stale.{of}")).await.unwrap().text().await.unwrap();
    assert!(
        page.contains("Send this again") && token_on(&page) == format!("{session}.{of}"),
        "{page}"
    );
    server.finish().await;
}

#[tokio::test]
async fn a_refused_act_and_a_change_of_session_give_back_what_was_typed() {
    let server = TestServer::sqlite().await;
    server.submitted().await;
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.follow(RETURN).await;
    let fields = [
        ("csrf", token(&reviewer)),
        ("revision", "1".to_owned()),
        ("reason", "Nobody owes this <now>".to_owned()),
    ];
    let excuse = format!("{}/excuse", reviewer.path());
    let answer = reviewer
        .request(Method::POST, &excuse)
        .form(&fields)
        .send()
        .await
        .unwrap();
    let (status, page) = (answer.status().as_u16(), answer.text().await.unwrap());
    assert!(matches!(status, 403 | 409), "{status}");
    assert!(page.contains("Nobody owes this &lt;now&gt;"), "{page}");
    assert!(
        !page.contains("<dt class=\"govuk-summary-list__key\">revision"),
        "{page}"
    );
    // Signing in at the office has ended the session at the return, in the same browser.
    let section = "/return/section/project/prevent";
    let fields = [
        ("csrf", "x.y".to_owned()),
        ("a.case_study.value", "A long story".to_owned()),
    ];
    let answer = reviewer
        .request(Method::POST, section)
        .form(&fields)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 403);
    let page = answer.text().await.unwrap();
    assert!(
        page.contains("Open the link in your email") && page.contains("A long story"),
        "{page}"
    );
    server.finish().await;
}

#[tokio::test]
async fn an_answer_to_a_query_survives_a_conflict_about_something_else() {
    let server = TestServer::sqlite().await;
    server.submitted().await;
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.follow(RETURN).await;
    let under = [
        crate::outside::paper::title("prevent"),
        label("spent"),
        "Ask about this",
    ];
    reviewer
        .under(&under)
        .fill("Your query", "Is that all?")
        .press("Keep query")
        .await;
    reviewer
        .under(&["Send it back"])
        .fill("What needs to change", "One answer.")
        .press("Send back")
        .await;
    let (mut one, mut other) = (
        server.at_the_return(MORWENNA).await,
        server.at_the_return(MORWENNA).await,
    );
    one.open_project("prevent").await;
    other.open_project("prevent").await;
    one.answer("case_study", "The first story.").save().await;
    other.answer("case_study", "The second story.");
    other
        .fill("Your answer to the reviewer", "Yes, it is all.")
        .press("Save and continue")
        .await;
    assert_eq!(other.status, 409);
    other.must_see(&["Your answer", "Yes, it is all."]);
    one.open_project("prevent").await;
    one.must_see(&["Yes, it is all."]);
    server.finish().await;
}
