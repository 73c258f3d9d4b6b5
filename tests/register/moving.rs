//! Drafts moved to a newer version of their form, and back.

use countersign::service::forms;

use crate::outside::on_both;
use crate::outside::people::{ANITA, MORWENNA};
use crate::outside::server::{FORM, TestServer};

on_both!(drafts_go_to_the_newer_version_and_back);

async fn drafts_go_to_the_newer_version_and_back(server: TestServer) {
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.open_project("asb").await;
    contact.answer("members_engaged", "120").save().await;
    let newer = FORM.replace("version  = 2", "version  = 3");
    forms::publish(&server.app.deps, &newer, server.now()).await.unwrap();
    let mut officer = server.at_the_office(ANITA).await;
    officer.follow("Forms").await;
    officer.must_see(&["Partnership grant: evaluation of the year", "(latest)"]);
    officer.visit("/office/forms/partnership-evaluation/3").await;
    officer.must_see(&["From version 2 to version 3.", "Safer Plymouth"]);
    contact.open_project("awareness").await;
    contact.fill("Amount spent in the year", "7").save().await;
    officer.press("Move to version 3").await;
    assert_eq!(officer.status, 409, "it would do something else than was shown");
    assert_eq!(server.the_return().await.form_version, 2);
    officer.visit("/office/forms/partnership-evaluation/3").await;
    officer.press("Move to version 3").await;
    officer.must_see(&["1 return was moved.", "Moves that can be undone"]);
    assert_eq!(server.the_return().await.form_version, 3);
    contact.visit("/return").await;
    contact.open_project("asb").await;
    assert_eq!(contact.value(crate::outside::paper::label("members_engaged")), "120");
    let reference = server.the_return().await.reference;
    officer.press(&format!("Move back to version 2: {reference}")).await;
    officer.must_see(&["The move was undone. The draft is as it was before."]);
    assert_eq!(server.the_return().await.form_version, 2);
    officer.visit("/office/forms/partnership-evaluation/9").await;
    assert_eq!(officer.status, 404);
    server.finish().await;
}
