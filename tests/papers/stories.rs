//! Clearing stories: one by one, by name, for one paper, of one revision.

use crate::fund::{Fund, HUGH, IRIS, STORY, on_both_funds};

on_both_funds!(a_story_is_told_only_while_a_named_person_has_cleared_it);

async fn a_story_is_told_only_while_a_named_person_has_cleared_it(fund: Fund) {
    fund.sign_all().await;
    let mut browser = fund.at_the_paper(IRIS).await;
    let paper = browser.path().to_owned();
    browser.must_see(&["0 of 1 cleared."]);
    browser.follow("Read and clear them").await;
    browser.must_see(&["0 of 1 cleared.", STORY]);
    // Without a tick it is not cleared.
    browser.press("Clear story 1 for this paper").await;
    assert_eq!(browser.status, 422, "{}", browser.says());
    assert_eq!(browser.errors(), ["Read it to its end and tick the box first"]);
    browser
        .tick("I have read this to its end")
        .press("Clear story 1 for this paper")
        .await;
    browser.must_see(&["1 of 1 cleared.", "by Iris Bellamy, 1 July 2026"]);
    browser.visit(&format!("{paper}/preview/public")).await;
    browser.must_see(&[STORY, "cleared for this paper"]);

    // Somebody else withdraws it.
    let mut hugh = fund.at_the_paper(HUGH).await;
    hugh.follow("Read and clear them").await;
    hugh.press("Withdraw the clearance of story 1").await;
    hugh.must_see(&["0 of 1 cleared.", "Cleared by Iris Bellamy", "withdrawn by Hugh Calder"]);
    browser.visit(&format!("{paper}/preview/public")).await;
    browser.must_not_see(&[STORY]);

    // Cleared again, it stays so until the return is corrected.
    hugh.tick("I have read this to its end")
        .press("Clear story 1 for this paper")
        .await;
    hugh.must_see(&["by Hugh Calder, 1 July 2026"]);
    let page = hugh.path().to_owned();
    fund.correct("letters", "3", "900.00", "Another story about a lantern maker.")
        .await;
    browser.visit(&format!("{paper}/preview/public")).await;
    browser.must_not_see(&[STORY, "lantern maker"]);
    hugh.visit(&page).await;
    hugh.must_see(&["0 of 1 cleared.", "lantern maker", "It has been corrected since."]);

    // A page that shows the story as it was clears nothing.
    let told = "What somebody saw before the correction";
    fund.correct("letters", "3", "900.00", told).await;
    hugh.tick("I have read this to its end")
        .press("Clear story 1 for this paper")
        .await;
    assert_eq!(hugh.status, 409, "{}", hugh.says());
    browser.visit(&format!("{paper}/preview/public")).await;
    browser.must_not_see(&[told, "lantern maker"]);
    fund.finish().await;
}
