//! Step 4: the reviewer signs in, asks, sends back; the provider answers and submits again; the reviewer sees what
//! changed, and accepts.

use crate::outside::on_both;
use crate::outside::paper::{label, title};
use crate::outside::people::{ANITA, MORWENNA, PIERS, TOBIAS};
use crate::outside::server::TestServer;
use crate::outside::stages::RETURN;

on_both!(
    a_return_is_queried_sent_back_changed_and_accepted,
    nobody_reviews_without_the_office
);

const QUESTION: &str = "Were the members counted once each?";
const REASON: &str = "The members of the weekly sessions look too many.";
const ANSWER: &str = "Two came to two groups, so we counted them again.";

async fn a_return_is_queried_sent_back_changed_and_accepted(server: TestServer) {
    server.submitted().await;
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.must_see(&["1 submitted, to be reviewed", "You review it"]);
    reviewer.follow(RETURN).await;
    reviewer.must_see(&[
        "In review",
        "The items come to £16,535.00",
        "Explained by Morwenna Tregear",
    ]);
    let under = [title("asb"), label("members_engaged"), "Ask about this"];
    reviewer.under(&under).press("Keep query").await;
    assert_eq!(reviewer.errors(), ["Enter what you want to ask"]);
    reviewer
        .under(&under)
        .fill("Your query", QUESTION)
        .press("Keep query")
        .await;
    reviewer.must_see(&[QUESTION, "Not answered yet."]);
    reviewer.under(&["Send it back"]).press("Send back").await;
    assert_eq!(reviewer.errors(), ["Say what needs to change"]);
    reviewer
        .under(&["Send it back"])
        .fill("What needs to change", REASON)
        .press("Send back")
        .await;
    reviewer.must_see(&["Back with the provider", REASON]);

    for who in [MORWENNA, PIERS] {
        let mail = server.mail_to(who.address, "Sent back to you").await;
        mail.says_the_same_twice();
        for told in [REASON, QUESTION, "Anita Deshmukh", label("members_engaged")] {
            assert!(mail.text.contains(told), "{told}: {}", mail.text);
        }
    }
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.must_see(&["This return was sent back to you.", REASON, "Query to answer"]);
    contact.open_project("asb").await;
    contact.must_see(&["The reviewer asks", QUESTION]);
    contact.press("Send this answer").await;
    assert!(
        contact
            .errors()
            .contains(&"Enter your answer to the reviewer".to_owned()),
        "{:?}",
        contact.errors()
    );
    contact
        .answer("members_engaged", "120")
        .fill("Your answer to the reviewer", ANSWER)
        .press("Send this answer")
        .await;
    assert_eq!(
        contact.value(label("members_engaged")),
        "120",
        "what else was typed is kept"
    );
    contact.must_see(&[QUESTION, ANSWER]);
    contact.visit("/return/check").await;
    contact.press("Submit return").await;
    contact.must_see(&["Return submitted"]);

    reviewer.visit("/office").await;
    reviewer.follow(RETURN).await;
    reviewer.must_see(&[
        "1 answer or explanation differs from the revision before.",
        "Changed",
        ANSWER,
        "Accept revision 2",
    ]);
    let page = reviewer.text();
    let changed = page.split("Changed").nth(1).expect("a change");
    let (before, after) = (
        changed.find("122").expect("before"),
        changed.find("120").expect("after"),
    );
    assert!(
        before < after && after < 300,
        "before and after stand side by side: {changed}"
    );
    reviewer.press("Accept revision 2").await;
    reviewer.must_see(&["Awaiting signature", "Revision 2 accepted", "Revision 1 sent back"]);
    server
        .mail_to(TOBIAS.address, "For your signature")
        .await
        .says_the_same_twice();
    server.finish().await;
}

async fn nobody_reviews_without_the_office(server: TestServer) {
    let contact = server.submitted().await;
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.follow(RETURN).await;
    let address = reviewer.path().to_owned();
    let mut chair = server.at_the_office(TOBIAS).await;
    chair.visit(&address).await;
    assert!(!chair.has_button("Accept revision 1"));
    chair.must_see(&["Accept it: Only the holder of the office ‘Partnerships and commissioning officer’"]);
    let mut provider = contact;
    provider.visit(&address).await;
    assert_ne!(
        provider.path(),
        address,
        "a provider's session opens nothing at the office"
    );
    let mut half = server.half_way_in(ANITA).await;
    half.visit(&address).await;
    assert_eq!(
        half.path(),
        "/office/sign-in/second-factor",
        "the mailed code alone opens nothing"
    );
    let mut nobody = server.browser();
    nobody.visit(&address).await;
    assert_eq!(nobody.path(), "/office/sign-in");
    nobody
        .fill("Email address", ANITA.address)
        .press("Email me a code")
        .await;
    let code = server.mail_to(ANITA.address, "Your sign-in code").await.code();
    nobody.fill("Code from the email", &code).press("Continue").await;
    let code = server.authenticator(ANITA).await;
    nobody.fill("Authenticator code", &code).press("Sign in").await;
    assert_eq!(nobody.path(), address, "signing in leads on to where the mail had led");
    server.finish().await;
}
