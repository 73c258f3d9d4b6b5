//! Somebody has left: their link is silenced, whoever comes gets their own. And a return that is owed after all.

use crate::at_the_fund;
use crate::outside::on_both;
use crate::outside::people::{ANITA, MORWENNA, PIERS, Someone};
use crate::outside::server::TestServer;
use crate::outside::stages::RETURN;

on_both!(a_contact_who_left_is_replaced, an_excused_return_is_owed_again,);

const JO: Someone = Someone {
    name: "Jo Ellery",
    address: "jo.ellery@partnership.example.org",
};

async fn a_contact_who_left_is_replaced(server: TestServer) {
    let mut leaving = server.at_the_return(MORWENNA).await;
    let old = server.mails_to(MORWENNA.address).await[0].link();
    let (mut officer, fund) = at_the_fund(&server).await;
    officer.visit(&format!("{fund}/assignments")).await;
    officer.must_see(&["Piers Holloway (lead)", "due 30 April 2018"]);
    officer
        .follow("Safer Plymouth: Partnership grant: evaluation of the year")
        .await;
    officer
        .under(&["Replace Morwenna Tregear"])
        .fill("Name", JO.name)
        .fill("Email address", "jo at work");
    officer.press("Replace Morwenna Tregear").await;
    assert_eq!(officer.errors(), ["Enter an email address, like name@example.org"]);
    officer.under(&["Replace Morwenna Tregear"]);
    assert_eq!(officer.value("Name"), JO.name, "what was typed is kept");
    officer
        .fill("Email address", JO.address)
        .press("Replace Morwenna Tregear")
        .await;
    officer.must_see(&["Saved", JO.name]);
    officer.must_not_see(&[MORWENNA.name]);

    leaving.visit("/return").await;
    assert_eq!(leaving.status, 403, "whoever has left is let in no more");
    let mut browser = server.browser();
    browser.visit(&old).await;
    if browser.has("Email address") {
        browser.fill("Email address", MORWENNA.address).press("Continue").await;
    }
    assert_ne!(browser.path(), "/return", "{}", browser.says());
    let mail = server.mail_to(JO.address, "Your return is open").await;
    mail.says_the_same_twice();
    let come = server.at_the_return(JO).await;
    come.must_see(&["Partnership grant: evaluation of the year"]);

    officer.under(&[JO.name]).press("Make lead: Jo Ellery").await;
    officer.must_see(&["Jo Ellery (lead)"]);
    officer.under(&["Add a contact"]).press("Add contact").await;
    assert_eq!(officer.errors().len(), 2, "{:?}", officer.errors());
    officer
        .under(&["Add a contact"])
        .fill("Email address", PIERS.address)
        .press("Add contact")
        .await;
    assert_eq!(officer.errors(), ["They are a contact already"]);
    server.finish().await;
}

async fn an_excused_return_is_owed_again(server: TestServer) {
    let mut officer = server.at_the_office(ANITA).await;
    officer.follow(RETURN).await;
    officer
        .under(&["Excuse the return"])
        .fill("Why it is not owed", "The grant ended.")
        .press("Excuse")
        .await;
    officer.must_see(&["Excused"]);
    officer.under(&["Make it owed after all"]).press("Make it owed").await;
    assert_eq!(officer.errors(), ["Say why this return is owed after all"]);
    officer
        .under(&["Make it owed after all"])
        .fill("Why it is owed after all", "It did not end.")
        .press("Make it owed")
        .await;
    officer.must_see(&["Reinstated", "It did not end."]);
    let contact = server.at_the_return(MORWENNA).await;
    contact.must_see(&["Partnership grant: evaluation of the year"]);
    server.finish().await;
}
