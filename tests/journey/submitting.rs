//! Step 3: submitting, once however often it is pressed, and the receipt of it.

use crate::outside::on_both;
use crate::outside::people::{ANITA, MORWENNA, PIERS};
use crate::outside::server::TestServer;
use countersign::store::revisions;

on_both!(
    submitting_gives_a_reference_and_a_receipt,
    pressed_twice_it_is_one_submission
);

async fn submitting_gives_a_reference_and_a_receipt(server: TestServer) {
    let mut contact = server.submitted().await;
    let reference = server.the_return().await.reference;
    contact.must_see(&["Return submitted", &reference, "It is with a reviewer."]);
    let revision = revisions::get_revision(&server.app.deps.store.read(), server.the_return().await.id, 1)
        .await
        .unwrap();
    let digest = revision.digest.to_string();
    for who in [MORWENNA, PIERS] {
        let mail = server.mail_to(who.address, "Received: ").await;
        mail.says_the_same_twice();
        for told in [reference.as_str(), digest.as_str(), "Morwenna Tregear", who.name] {
            assert!(mail.text.contains(told), "{told}: {}", mail.text);
        }
    }
    assert!(
        contact.text().replace(' ', "").contains(&digest),
        "the page shows the same digest"
    );
    let told = server.mail_to(ANITA.address, "").await;
    assert!(told.link().contains("/office"), "{told:?}");
    told.says_the_same_twice();

    contact.visit("/return").await;
    contact.must_see(&["You have submitted this return."]);
    contact.open_project("asb").await;
    assert!(!contact.has_button("Save and continue"), "nothing can be changed now");
    contact.must_see(&["£16,486.00", "Street work"]);
    server.finish().await;
}

async fn pressed_twice_it_is_one_submission(server: TestServer) {
    let mut contact = server.ready().await;
    let answers = contact.press_at_once("Submit return", 5).await;
    assert!(
        answers.iter().all(|(status, _)| *status == 303),
        "each is answered with the receipt: {answers:?}"
    );
    contact.press("Submit return").await;
    assert_eq!(contact.path(), "/return/submitted");
    server.tick().await;
    let ret = server.the_return().await;
    assert_eq!(ret.revision, 1);
    let kept = revisions::revisions_of(&server.app.deps.store.read(), ret.id)
        .await
        .unwrap();
    assert_eq!(kept.len(), 1);
    for who in [MORWENNA, PIERS] {
        let receipts = server
            .mails_to(who.address)
            .await
            .into_iter()
            .filter(|mail| mail.subject.starts_with("Received"));
        assert_eq!(receipts.count(), 1, "{}", who.name);
    }
    server.finish().await;
}
