//! Welsh words, where the form has them.

use crate::place::{at_the_return, open};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_is_read_in_welsh_and_what_has_no_welsh_in_english() {
    let (server, mut contact) = at_the_return().await;
    contact.press("Cymraeg").await;
    assert_eq!(contact.path(), "/return");
    contact.must_see(&[
        "Diogelwch cymdogaethau: ffurflen hanner blwyddyn",
        "Y bobl y buoch yn gweithio gyda nhw",
        "Syniadau ar gyfer y flwyddyn nesaf",
        "Evening patrols",
    ]);
    assert!(
        contact.source().contains(r#"<span lang="cy">Y bobl y buoch"#),
        "it is read out as Welsh"
    );
    open(&mut contact, "people").await;
    contact.must_see(&[
        "Ymweliadau fesul person",
        "Cyfrifwch bob person unwaith.",
        "People in each group",
    ]);
    assert!(contact.has("Cyn, Dan 18"), "{}", contact.says());
    contact.fill("People in each group", "7 to 9");
    contact.press("English").await;
    assert_eq!(contact.path(), "/return/section/people", "the same page");
    assert_eq!(contact.value("People in each group"), "7 to 9", "nothing typed is lost");
    contact.must_see(&["Visits for each person, on average"]);
    contact.visit("/return/check").await;
    contact.press("Cymraeg").await;
    assert_eq!(contact.path(), "/return/check");
    contact.must_see(&["Ymweliadau fesul person"]);
    server.finish().await;
}
