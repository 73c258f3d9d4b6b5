//! Signing what changed meanwhile, with a code that was used, and twenty times at once.

use crate::outside::browser::TestBrowser;
use crate::outside::on_both;
use crate::outside::people::{ANITA, MORWENNA, TOBIAS};
use crate::outside::server::TestServer;
use crate::outside::stages::RETURN;
use countersign::store::signatures;
use countersign_domain::workflow::State;

on_both!(
    what_changed_meanwhile_is_not_signed,
    a_code_that_signed_in_does_not_sign,
    twenty_at_once_make_one_signature
);

async fn before_signing(server: &TestServer) -> TestBrowser {
    let mut chair = server.at_the_office(TOBIAS).await;
    chair.follow(RETURN).await;
    chair.follow("Read and sign").await;
    chair
}

async fn kept(server: &TestServer) -> usize {
    let id = server.the_return().await.id;
    signatures::signatures_of(&server.app.deps.store.read(), id)
        .await
        .unwrap()
        .len()
}

async fn what_changed_meanwhile_is_not_signed(server: TestServer) {
    server.accepted().await;
    let mut chair = before_signing(&server).await;
    let mut other = before_signing(&server).await;
    other
        .fill("Why you do not sign", "One figure is to be looked at.")
        .press("Decline")
        .await;
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.open_project("infrastructure").await;
    contact.answer("survey_responses", "465").save().await;
    contact.visit("/return/check").await;
    contact.press("Submit return").await;
    contact.must_see(&["Return submitted"]);
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.follow(RETURN).await;
    reviewer.press("Accept revision 2").await;

    let code = server.authenticator(TOBIAS).await;
    chair.sign_as(TOBIAS.name, &code).await;
    assert_eq!(chair.status, 409, "{}", chair.says());
    chair.must_see(&["Nothing has been done", "revision 2 has come in since"]);
    assert_eq!(kept(&server).await, 0);
    chair.follow("See what stands now").await;
    chair.must_see(&["465"]);
    chair.sign_as(TOBIAS.name, &code).await;
    chair.must_see(&["The return is signed off."]);
    assert_eq!(kept(&server).await, 1, "the code was not used up by what was refused");
    server.finish().await;
}

async fn a_code_that_signed_in_does_not_sign(server: TestServer) {
    server.accepted().await;
    let mut chair = server.half_way_in(TOBIAS).await;
    let code = server.authenticator(TOBIAS).await;
    chair.fill("Authenticator code", &code).press("Sign in").await;
    chair.follow(RETURN).await;
    chair.follow("Read and sign").await;
    chair.sign_as(TOBIAS.name, &code).await;
    assert_eq!(chair.status, 422);
    assert_eq!(
        chair.errors(),
        ["That code has been used. Wait for your authenticator to show the next one"]
    );
    assert_eq!(kept(&server).await, 0);
    server.finish().await;
}

async fn twenty_at_once_make_one_signature(server: TestServer) {
    server.accepted().await;
    let mut chair = before_signing(&server).await;
    let code = server.authenticator(TOBIAS).await;
    chair.ready_to_sign(TOBIAS.name, &code);
    let answers = chair.press_at_once("Sign revision", 20).await;
    let statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [303; 20], "each is answered with the one signature");
    assert_eq!(kept(&server).await, 1);
    assert_eq!(server.the_return().await.state, State::SignedOff);
    for who in [MORWENNA, ANITA] {
        let told = server
            .mails_to(who.address)
            .await
            .into_iter()
            .filter(|mail| mail.subject.starts_with("Signed"));
        assert_eq!(told.count(), 1, "{}", who.name);
    }
    chair.press("Sign revision").await;
    chair.must_see(&["The return is signed off."]);
    assert_eq!(
        kept(&server).await,
        1,
        "a repeat is answered with the signature that stands"
    );
    server.finish().await;
}
