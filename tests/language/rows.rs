//! Rows that a provider adds to a section of the return.

use crate::place::at_the_return;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_is_added_named_taken_out_and_put_back() {
    let (server, mut contact) = at_the_return().await;
    contact.must_see(&[
        "Ideas for next year",
        "There is nothing here yet.",
        "At least 1 is needed",
    ]);
    contact.press("Add one: Ideas for next year").await;
    assert_eq!(contact.path(), "/return/section/proposal/1", "{}", contact.says());
    contact
        .fill("What you would do", "Lights on the towpath")
        .fill("What it would cost", "4,000");
    contact.press("Save and come back later").await;
    contact.must_see(&["Lights on the towpath"]);
    contact.must_not_see(&["At least 1 is needed"]);

    contact.press("Add another: Ideas for next year").await;
    assert_eq!(contact.path(), "/return/section/proposal/2");
    contact.fill("What you would do", "A second warden");
    contact.press("Save and come back later").await;
    contact.follow("Lights on the towpath").await;
    contact.follow("Take this out of the return").await;
    contact.must_see(&["Take out “Lights on the towpath”?", "What was typed in it is kept"]);
    contact.press("Take it out").await;
    assert_eq!(contact.path(), "/return");
    contact.must_see(&["A second warden", "Taken out (1)"]);
    contact.visit("/return/section/proposal/1").await;
    assert_eq!(contact.status, 404, "it is no part of the return");
    contact.visit("/return/check").await;
    contact.must_not_see(&["Lights on the towpath"]);

    contact.visit("/return").await;
    contact.press("Put back Lights on the towpath").await;
    contact.follow("Lights on the towpath").await;
    assert_eq!(contact.value("What it would cost"), "4,000", "as it was");
    contact.visit("/return").await;
    contact.press("Add another: Ideas for next year").await;
    assert_eq!(contact.path(), "/return/section/proposal/3", "no number is given twice");
    contact.visit("/return").await;
    contact.must_see(&["There are 3 here, which is as many as there may be."]);
    assert!(!contact.has_button("Add another: Ideas for next year"));
    server.finish().await;
}
