//! Step 5: the named officer reads the frozen revision and signs it, or declines; nobody else can.

use crate::outside::on_both;
use crate::outside::paper::STORY;
use crate::outside::people::{ANITA, MORWENNA, PIERS, RUTH, TOBIAS};
use crate::outside::server::TestServer;
use crate::outside::stages::{RETURN, WHY};
use countersign::store::{register, signatures};
use countersign_domain::register::Holder;
use countersign_domain::returns::Signature;

on_both!(
    the_chair_signs_what_was_shown,
    the_reviewer_and_the_preparer_are_refused_with_the_reason,
    declining_asks_why,
    a_deputy_signs_only_within_their_dates,
);

async fn signatures(server: &TestServer) -> Vec<Signature> {
    let id = server.the_return().await.id;
    signatures::signatures_of(&server.app.deps.store.read(), id)
        .await
        .unwrap()
}

async fn the_chair_signs_what_was_shown(server: TestServer) {
    server.accepted().await;
    let mail = server.mail_to(TOBIAS.address, "For your signature").await;
    mail.says_the_same_twice();
    let mut chair = server.at_the_office(TOBIAS).await;
    chair.must_see(&["1 awaiting signature", "You sign it"]);
    chair.visit(&mail.link()).await;
    chair.must_see(&["Awaiting signature", "Next, you read it and sign it, or decline."]);
    chair.follow("Read and sign").await;
    chair.must_see(&[
        "The items come to £16,535.00",
        WHY,
        STORY,
        "25.0% (308 of 1,231)",
        "£428,246.00",
        "Prepared by",
        "Morwenna Tregear",
        "Reviewed by",
        "Anita Deshmukh",
        "Chair of Safer Plymouth",
    ]);
    chair.press("Sign revision 1").await;
    assert_eq!(chair.status, 422);
    assert!(chair.errors().len() >= 2, "{:?}", chair.errors());
    let code = server.authenticator(TOBIAS).await;
    chair.sign_as("Tobias Phen", &code).await;
    assert_eq!(chair.errors(), ["Type your name as it is registered: Tobias Fenn"]);
    chair.sign_as("tobias fenn", "000000").await;
    assert_eq!(chair.errors().len(), 1, "{:?}", chair.errors());
    assert_eq!(signatures(&server).await.len(), 0);
    chair.sign_as(TOBIAS.name, &code).await;
    chair.must_see(&["Signed", "Chair of Safer Plymouth", "The return is signed off."]);

    let kept = signatures(&server).await;
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].revision, kept[0].as_deputy, kept[0].typed_name.as_str()),
        (1, false, "Tobias Fenn")
    );
    assert!(chair.text().replace(' ', "").contains(&kept[0].digest.to_string()));
    assert!(kept[0].statement.starts_with("I have read this return."));
    for who in [MORWENNA, PIERS, ANITA] {
        let mail = server.mail_to(who.address, "Signed").await;
        mail.says_the_same_twice();
        assert!(mail.text.contains(&kept[0].digest.to_string()), "{}", mail.text);
    }
    chair.visit("/office").await;
    chair.must_see(&["1 signed off"]);
    server.finish().await;
}

/// Gives somebody the chair's office too, as a small partnership might.
async fn also_chair(server: &TestServer, address: &str) {
    let store = &server.app.deps.store;
    let fund = register::fund_by_key(&store.read(), "community-safety-2017")
        .await
        .unwrap()
        .unwrap();
    let offices = register::offices_of_fund(&store.read(), fund.id).await.unwrap();
    let office = offices
        .into_iter()
        .find(|office| office.key == "partnership.chair")
        .unwrap();
    let person = server.person(address).await.id;
    let tx = store.begin().await.unwrap();
    let holder = Holder {
        office: office.id,
        office_key: office.key,
        office_title: office.title,
        fund: fund.id,
        person,
        from: "2018-01-01".parse().unwrap(),
        to: None,
        deputy: true,
    };
    register::insert_holder(&tx, &holder).await.unwrap();
    register::set_totp_secret(&tx, person, Some(vec![7; 20])).await.unwrap();
    tx.commit().await.unwrap();
}

async fn the_reviewer_and_the_preparer_are_refused_with_the_reason(server: TestServer) {
    for who in [ANITA, MORWENNA] {
        also_chair(&server, who.address).await;
    }
    server.accepted().await;
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.follow(RETURN).await;
    assert!(reviewer.link("Read and sign").is_none());
    reviewer.must_see(&["Sign it: You acted in an earlier stage of this return, so somebody else must sign it."]);
    let mut preparer = server.at_the_office(MORWENNA).await;
    preparer.follow(RETURN).await;
    preparer.must_see(&["Sign it: You helped to prepare this return, so somebody else must sign it."]);

    // The page that the chair is shown, sent by somebody who may not.
    let mut chair = server.at_the_office(TOBIAS).await;
    chair.follow(RETURN).await;
    chair.follow("Read and sign").await;
    let digest = server.the_return().await;
    let to_sign = chair.path().to_owned();
    for (browser, who) in [(&mut reviewer, ANITA), (&mut preparer, MORWENNA)] {
        browser.visit(&to_sign).await;
        browser.must_see(&["You cannot sign this", "somebody else must sign it."]);
        let code = server.authenticator(who).await;
        let csrf = browser.hidden("csrf");
        let fields = [
            ("csrf", csrf.as_str()),
            ("revision", "1"),
            ("digest", &chair.hidden("digest")),
            ("agreed", "yes"),
            ("typed_name", who.name),
            ("totp", &code),
        ];
        let answer = browser
            .request(reqwest::Method::POST, &to_sign)
            .form(&fields)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), 403, "{}", who.name);
        assert!(answer.text().await.unwrap().contains("somebody else must sign it."));
    }
    assert_eq!(signatures(&server).await.len(), 0);
    assert_eq!(server.the_return().await.state, digest.state);
    server.finish().await;
}

async fn declining_asks_why(server: TestServer) {
    server.accepted().await;
    let mut chair = server.at_the_office(TOBIAS).await;
    chair.follow(RETURN).await;
    chair.follow("Read and sign").await;
    chair.press("Decline").await;
    assert_eq!(chair.errors(), ["Say why you are not signing"]);
    let why = "The account of the year leaves out the project that ended early.";
    chair.fill("Why you do not sign", why).press("Decline").await;
    chair.must_see(&["Back with the provider", why]);
    for who in [MORWENNA, PIERS] {
        let mail = server.mail_to(who.address, "Sent back to you").await;
        assert!(mail.text.contains(why), "{}", mail.text);
    }
    let told = server.mail_to(ANITA.address, "Not signed").await;
    assert!(told.text.contains(why), "{}", told.text);
    told.says_the_same_twice();
    let contact = server.at_the_return(MORWENNA).await;
    contact.must_see(&["This return was sent back to you.", why]);
    assert_eq!(signatures(&server).await.len(), 0);
    server.finish().await;
}

async fn a_deputy_signs_only_within_their_dates(server: TestServer) {
    server.accepted().await;
    let mut early = server.browser();
    early.visit("/office").await;
    early.fill("Email address", RUTH.address).press("Email me a code").await;
    early.must_see(&["Check your email"]);
    assert_eq!(
        server.mails_to(RUTH.address).await.len(),
        0,
        "whoever holds no office today is sent no code"
    );

    server.advance_to("2018-05-14 09:00").await;
    let mut deputy = server.at_the_office(RUTH).await;
    deputy.follow(RETURN).await;
    deputy.follow("Read and sign").await;
    deputy.must_see(&["Deputy for the Chair of Safer Plymouth"]);
    let code = server.authenticator(RUTH).await;
    deputy.sign_as(RUTH.name, &code).await;
    deputy.must_see(&["Deputy for the Chair of Safer Plymouth", "The return is signed off."]);
    let kept = signatures(&server).await;
    assert_eq!((kept.len(), kept[0].as_deputy), (1, true));

    server.advance_to("2018-06-09 09:00").await;
    let mut late = server.browser();
    late.visit("/office").await;
    late.fill("Email address", RUTH.address).press("Email me a code").await;
    let codes = server
        .mails_to(RUTH.address)
        .await
        .into_iter()
        .filter(|mail| mail.subject.starts_with("Your sign-in code"));
    assert_eq!(codes.count(), 1, "the deputy's time is over");
    server.finish().await;
}
