//! Writing in a paper: nothing is lost, and nothing that is typed is ever markup.

use crate::fund::{Fund, HUGH, IRIS, on_both_funds};

on_both_funds!(
    two_who_write_in_one_text_are_both_kept,
    two_who_write_in_different_texts_do_not_meet,
    what_is_wrong_is_said_beside_the_text_and_nothing_is_lost,
    hostile_words_stay_words,
);

async fn two_who_write_in_one_text_are_both_kept(fund: Fund) {
    fund.sign_all().await;
    let (mut hugh, mut iris) = (fund.at_the_paper(HUGH).await, fund.at_the_paper(IRIS).await);
    for browser in [&mut hugh, &mut iris] {
        browser.follow("Change Opening").await;
    }
    hugh.fill("Opening", "Hugh’s words.").press("Save").await;
    iris.fill("Opening", "Iris’s words.").press("Save").await;
    assert_eq!(iris.status, 409, "{}", iris.says());
    iris.must_see(&["somebody else saved this text", "Hugh’s words."]);
    assert_eq!(iris.value("Opening"), "Iris’s words.");
    // Having seen both, it can be saved.
    iris.fill("Opening", "Hugh’s words. Iris’s words.").press("Save").await;
    iris.must_see(&["Your text is saved.", "Hugh’s words. Iris’s words."]);
    fund.finish().await;
}

async fn two_who_write_in_different_texts_do_not_meet(fund: Fund) {
    fund.sign_all().await;
    let (mut hugh, mut iris) = (fund.at_the_paper(HUGH).await, fund.at_the_paper(IRIS).await);
    hugh.follow("Change Opening").await;
    iris.follow("Write Closing").await;
    hugh.fill("Opening", "An opening.").press("Save").await;
    iris.fill("Closing", "A closing.").press("Save").await;
    iris.must_see(&["Your text is saved.", "An opening.", "A closing."]);
    fund.finish().await;
}

async fn what_is_wrong_is_said_beside_the_text_and_nothing_is_lost(fund: Fund) {
    fund.sign_all().await;
    let mut browser = fund.at_the_paper(HUGH).await;
    browser.follow("Change Opening").await;
    let typed = "In all ((spend)) was spent.\nAnd ((nothing)).";
    browser.fill("Opening", typed).press("Save").await;
    assert_eq!(browser.status, 422, "{}", browser.says());
    let errors = browser.errors();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(
        errors[0].starts_with("Line 1: ") && errors[0].contains("spent"),
        "{errors:?}"
    );
    assert!(errors[1].starts_with("Line 2: "), "{errors:?}");
    assert_eq!(browser.value("Opening"), typed);
    fund.finish().await;
}

async fn hostile_words_stay_words(fund: Fund) {
    fund.sign_all().await;
    let mut browser = fund.at_the_paper(HUGH).await;
    let paper = browser.path().to_owned();
    browser.follow("Change Opening").await;
    let hostile = "<script>alert(1)</script> {{ fund() }} {% raw %} [click](javascript:alert(1)) ![x](https://evil.example/x.png)\n\n\
                   =cmd|' /C calc'!A0\n\n`code` <img src=x onerror=alert(1)> ŵ £ \u{1f333}";
    browser.fill("Opening", hostile).press("Save").await;
    browser.must_see(&["Your text is saved."]);
    for address in [format!("{paper}/preview/internal"), format!("{paper}/preview/public")] {
        browser.visit(&address).await;
        browser.must_see(&[
            "<script>alert(1)</script>",
            "{{ fund() }}",
            "=cmd|' /C calc'!A0",
            "ŵ £ \u{1f333}",
        ]);
        let source = browser.source();
        for markup in [
            "<script>alert",
            "<img src=x",
            "href=\"javascript:",
            "evil.example/x.png\"",
        ] {
            assert!(!source.contains(markup), "{markup} on {address}");
        }
    }
    fund.finish().await;
}
