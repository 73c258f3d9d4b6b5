//! Step 1: the return opens, its contacts get a mail, and the link in it lets in whoever the mail was for.

use crate::outside::on_both;
use crate::outside::people::{MORWENNA, PIERS};
use crate::outside::server::TestServer;

on_both!(
    each_contact_is_mailed_once_on_the_day,
    a_link_reveals_nothing_until_its_reader_says_who_they_are,
    a_link_works_again_and_on_another_device,
);

async fn each_contact_is_mailed_once_on_the_day(server: TestServer) {
    for who in [MORWENNA, PIERS] {
        let mails = server.mails_to(who.address).await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        let mail = &mails[0];
        assert_eq!(
            mail.subject,
            "Your return is open: Partnership grant: evaluation of the year, due Monday 30 April 2018"
        );
        for told in [
            who.name,
            "Plymouth community safety grant 2017-18",
            "PLY-CSP-1718",
            "Monday 30 April 2018",
        ] {
            assert!(mail.text.contains(told), "{told}: {}", mail.text);
        }
        mail.says_the_same_twice();
        assert!(
            mail.link().starts_with(&format!("{}/r/", server.base)),
            "{}",
            mail.link()
        );
        assert_eq!(mail.html_links().len(), 1);
    }
    let links: Vec<String> = server.mails().iter().map(|mail| mail.link()).collect();
    assert_ne!(links[0], links[1], "each has a link of their own");
    assert_eq!(server.tick().await.opened, 0, "a second tick opens nothing");
    assert_eq!(server.mails().len(), 2);
    server.finish().await;
}

async fn a_link_reveals_nothing_until_its_reader_says_who_they_are(server: TestServer) {
    let link = server.mails_to(MORWENNA.address).await[0].link();
    let mut browser = server.browser();
    browser.visit(&link).await;
    assert_eq!(browser.status, 200);
    browser.must_see(&["Open your return", "Email address"]);
    browser.must_not_see(&["Morwenna", "Plymouth", "PLY-CSP", "evaluation", "2018", "428"]);
    assert!(browser.headers.get("set-cookie").is_none());
    let head = browser.request(reqwest::Method::HEAD, &link).send().await.unwrap();
    assert_eq!(head.status().as_u16(), 200);
    assert!(head.headers().get("set-cookie").is_none());

    browser.press("Continue").await;
    assert_eq!(
        browser.errors(),
        ["Enter the email address that the link was sent to, like name@example.org"]
    );
    browser.fill("Email address", PIERS.address).press("Continue").await;
    assert_eq!(browser.status, 403);
    assert_eq!(browser.errors().len(), 1);
    browser.must_see(&["This link and address do not go together"]);
    assert_eq!(
        browser.value("Email address"),
        PIERS.address,
        "what was typed is still there"
    );
    browser.visit("/return").await;
    browser.must_see(&["Open the link in your email"]);

    browser.visit(&link).await;
    browser
        .fill("Email address", &format!("  {} ", MORWENNA.address.to_uppercase()))
        .press("Continue")
        .await;
    assert_eq!((browser.status, browser.path()), (200, "/return"), "{}", browser.says());
    let token = link.rsplit('/').next().unwrap();
    assert!(
        !browser.source().contains(token),
        "the page does not hold the link's token"
    );
    server.finish().await;
}

async fn a_link_works_again_and_on_another_device(server: TestServer) {
    let mut laptop = server.at_the_return(MORWENNA).await;
    laptop.open_project("prevent").await;
    laptop.answer("spent", "10,000").save().await;
    laptop.visit("/return").await;
    laptop.press("Sign out").await;
    laptop.visit("/return").await;
    laptop.must_see(&["Open the link in your email"]);

    let mut phone = server.at_the_return(MORWENNA).await;
    phone.open_project("prevent").await;
    assert_eq!(phone.value("Amount spent in the year"), "10,000");
    let laptop = server.at_the_return(MORWENNA).await;
    laptop.must_see(&["In progress"]);
    phone.visit("/return").await;
    assert_eq!(phone.status, 200, "the other device is not put out");
    server.finish().await;
}
