//! Sign-in codes and second factors, used twice, guessed, or too late.

use crate::outside::browser::TestBrowser;
use crate::outside::on_both;
use crate::outside::people::{ANITA, MORWENNA, Someone};
use crate::outside::server::TestServer;

on_both!(
    a_code_is_good_once,
    after_five_wrong_codes_the_right_one_is_refused,
    a_code_is_good_for_ten_minutes,
    an_authenticator_code_is_good_once,
    after_five_wrong_authenticator_codes_one_waits,
    known_and_unknown_addresses_are_answered_alike,
);

const WRONG: &str = "That code is not right, or it has run out.";

/// Asks for a code; answers the browser on the page that takes it, and the code.
async fn asked(server: &TestServer, who: Someone) -> (TestBrowser, String) {
    let mut browser = server.browser();
    browser.visit("/office/sign-in").await;
    browser
        .fill("Email address", who.address)
        .press("Email me a code")
        .await;
    (browser, server.mail_to(who.address, "Your sign-in code").await.code())
}

async fn a_code_is_good_once(server: TestServer) {
    let (mut browser, code) = asked(&server, ANITA).await;
    let again = browser.fill("Code from the email", &code).pressed("Continue");
    browser.press("Continue").await;
    assert_eq!(browser.path(), "/office/sign-in/second-factor");
    let answer = again.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 422);
    assert!(answer.text().await.unwrap().contains(WRONG));
    server.finish().await;
}

async fn after_five_wrong_codes_the_right_one_is_refused(server: TestServer) {
    let (mut browser, code) = asked(&server, ANITA).await;
    let wrong = if code == "00000000" { "11111111" } else { "00000000" };
    for _ in 0..5 {
        browser.fill("Code from the email", wrong).press("Continue").await;
        assert_eq!(browser.status, 422);
        assert!(browser.errors()[0].starts_with(WRONG), "{:?}", browser.errors());
    }
    browser.fill("Code from the email", &code).press("Continue").await;
    assert_eq!(
        browser.status,
        422,
        "the sixth is refused though it is right: {}",
        browser.says()
    );
    let (mut browser, code) = asked(&server, ANITA).await;
    browser.fill("Code from the email", &code).press("Continue").await;
    assert_eq!(browser.path(), "/office/sign-in/second-factor", "a new code works");
    server.finish().await;
}

async fn a_code_is_good_for_ten_minutes(server: TestServer) {
    let (mut browser, code) = asked(&server, ANITA).await;
    server.pass(601);
    browser.fill("Code from the email", &code).press("Continue").await;
    assert_eq!(browser.status, 422);
    server.finish().await;
}

async fn an_authenticator_code_is_good_once(server: TestServer) {
    let mut one = server.half_way_in(ANITA).await;
    let mut other = server.half_way_in(ANITA).await;
    let code = server.authenticator(ANITA).await;
    one.fill("Authenticator code", &code).press("Sign in").await;
    assert_eq!(one.path(), "/office");
    other.fill("Authenticator code", &code).press("Sign in").await;
    assert_eq!(other.status, 422);
    assert_eq!(
        other.errors(),
        ["That code has been used. Wait for your authenticator to show the next one"]
    );
    other.visit("/office").await;
    assert_eq!(
        other.path(),
        "/office/sign-in/second-factor",
        "and nothing is shown without it"
    );
    server.finish().await;
}

async fn after_five_wrong_authenticator_codes_one_waits(server: TestServer) {
    let mut browser = server.half_way_in(ANITA).await;
    let code = server.authenticator(ANITA).await;
    let wrong = if code == "000000" { "111111" } else { "000000" };
    for _ in 0..5 {
        browser.fill("Authenticator code", wrong).press("Sign in").await;
        assert_eq!(browser.status, 422);
    }
    browser.fill("Authenticator code", &code).press("Sign in").await;
    assert_eq!(browser.status, 429);
    browser.must_see(&["Try again in 10 minutes."]);
    server.finish().await;
}

async fn known_and_unknown_addresses_are_answered_alike(server: TestServer) {
    let mut pages = Vec::new();
    for address in [ANITA.address, MORWENNA.address, "nobody@commissioner.example.org"] {
        let mut browser = server.browser();
        browser.visit("/office/sign-in").await;
        browser.fill("Email address", address).press("Email me a code").await;
        pages.push((browser.status, browser.source().replace(address, "ADDRESS")));
    }
    assert_eq!(pages[0], pages[1]);
    assert_eq!(pages[0], pages[2]);
    server.tick().await;
    let codes = server
        .mails()
        .into_iter()
        .filter(|mail| mail.subject.starts_with("Your sign-in code"));
    assert_eq!(codes.map(|mail| mail.to).collect::<Vec<_>>(), [ANITA.address]);
    server.finish().await;
}
