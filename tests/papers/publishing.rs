//! Publishing: exactly what was shown, by one person, once.

use crate::fund::{FIGURES, Fund, HUGH, IRIS, STORY, TITLE, on_both_funds, unzipped};
use crate::outside::browser::TestBrowser;
use reqwest::Method;

on_both_funds!(
    a_paper_is_begun_written_looked_at_and_published,
    of_two_who_publish_at_once_one_is_told_who_was_quicker,
    what_was_corrected_meanwhile_is_not_published_unread,
    a_wrong_code_publishes_nothing,
    nothing_is_published_while_nothing_is_signed,
);

const FOR_THE_PUBLIC: &str = "Publish for the public";
pub const FORMATS: [&str; 5] = ["html", "pdf", "xlsx", "csv", "json"];

/// The bytes of a file, as text that can be searched: of a workbook its parts, of a PDF its words in one line.
pub async fn file(browser: &TestBrowser, address: &str) -> String {
    let answer = browser.request(Method::GET, address).send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 200, "{address}");
    let bytes = answer.bytes().await.expect("its bytes");
    match address.rsplit('.').next() {
        Some("xlsx") => unzipped(&bytes),
        Some("pdf") => crate::pdf::text(&bytes)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
        _ => String::from_utf8_lossy(&bytes).into_owned(),
    }
}

async fn a_paper_is_begun_written_looked_at_and_published(fund: Fund) {
    fund.sign_all().await;
    let mut browser = fund.at_the_paper(HUGH).await;
    let paper = browser.path().to_owned();
    browser.must_see(&[
        "3 of 3 signed",
        "So far ((spent)) was spent.",
        "Nothing has been published.",
    ]);
    browser.follow("Write Closing").await;
    browser
        .fill("Closing", "**Thank you** to all.\n\n- Next: July")
        .press("Save")
        .await;
    browser.must_see(&["Your text is saved.", "**Thank you** to all."]);

    // Begun again, it is the same paper.
    let again = fund.at_the_paper(IRIS).await;
    assert_eq!(again.path(), paper);

    browser.follow("As it is for the commissioner’s own staff").await;
    browser.must_see(&["Internal: not for publication", STORY, "£5,150.50", "Thank you"]);
    let own = browser.table("By project");
    assert!(
        own.iter().any(|row| row[0] == "Letters home" && row[1] == "3"),
        "{own:?}"
    );
    for format in FORMATS {
        let text = file(&browser, &format!("{paper}/internal/paper.{format}")).await;
        assert!(text.contains("Internal: not for publication"), "{format}");
        assert!(text.contains("quayside lantern"), "{format}");
        // Only what is internal is to be had before it is published.
        let other = format!("{paper}/preview/paper.{format}");
        let answer = browser.request(Method::GET, &other).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 404, "{other}");
    }

    browser.visit(&paper).await;
    browser.follow("As it is for the public").await;
    browser.must_see(&["Preview: not published", "1 story is not cleared", "held back"]);
    browser.must_not_see(&["quayside lantern", "Internal: not for publication"]);

    browser.visit(&paper).await;
    fund.publish(&mut browser, HUGH, FOR_THE_PUBLIC).await;
    assert_eq!(browser.path(), format!("{paper}/editions/1"), "{}", browser.says());
    browser.must_see(&[
        "Edition 1 is published.",
        "Hugh Calder",
        "£5,150.50",
        "Thank you",
        "3 signed returns",
    ]);
    browser.must_not_see(&["quayside lantern", "Preview: not published", "not for publication"]);
    let shown = browser.table("By project");
    let letters = shown.iter().find(|row| row[0] == "Letters home").expect("the row");
    assert_eq!(letters[1], "[c]", "{shown:?}");
    assert_ne!(
        shown.iter().filter(|row| row[1] == "[c]").count(),
        1,
        "one that is held back alone can be worked out: {shown:?}"
    );
    for format in FORMATS {
        let text = file(&browser, &format!("{paper}/editions/1/paper.{format}")).await;
        assert!(
            !text.contains("quayside lantern") && !text.contains("Preview:"),
            "{format}"
        );
        assert!(text.contains("Letters home"), "{format}");
    }
    let pdf = file(&browser, &format!("{paper}/editions/1/paper.pdf")).await;
    assert!(pdf.contains("Letters home [c]"), "{pdf}");
    let csv = file(&browser, &format!("{paper}/editions/1/paper.csv")).await;
    let line = csv
        .lines()
        .find(|line| line.starts_with("\"Letters home\""))
        .unwrap_or_else(|| panic!("{csv}"));
    assert_eq!(line.split(',').nth(1), Some("\"[c]\""), "{line}");
    assert!(!line.split(',').any(|cell| cell == FIGURES[2].1), "{line}");
    fund.finish().await;
}

async fn of_two_who_publish_at_once_one_is_told_who_was_quicker(fund: Fund) {
    fund.sign_all().await;
    let (mut hugh, mut iris) = (fund.at_the_paper(HUGH).await, fund.at_the_paper(IRIS).await);
    let paper = hugh.path().to_owned();
    for (browser, who) in [(&mut hugh, HUGH), (&mut iris, IRIS)] {
        browser.follow(FOR_THE_PUBLIC).await;
        let code = fund.server.authenticator(who).await;
        browser.fill("A fresh code from your authenticator app", &code);
    }
    tokio::join!(hugh.press(FOR_THE_PUBLIC), iris.press(FOR_THE_PUBLIC));
    let won = |browser: &TestBrowser| browser.path() == format!("{paper}/editions/1");
    let (winner, loser, name) = match (won(&hugh), won(&iris)) {
        (true, false) => (hugh, iris, HUGH.name),
        (false, true) => (iris, hugh, IRIS.name),
        both => panic!("{both:?}: {} and {}", hugh.says(), iris.says()),
    };
    assert_eq!((winner.status, loser.status), (200, 409), "{}", loser.says());
    loser.must_see(&[
        &format!("{name} published edition 1"),
        "Nothing of yours was published.",
    ]);
    let mut reader = winner;
    reader.visit(&paper).await;
    assert_eq!(
        reader.links().iter().filter(|link| link.contains("/editions/")).count(),
        1,
        "{}",
        reader.says()
    );
    fund.finish().await;
}

async fn what_was_corrected_meanwhile_is_not_published_unread(fund: Fund) {
    fund.sign_all().await;
    let mut browser = fund.at_the_paper(HUGH).await;
    let paper = browser.path().to_owned();
    browser.follow(FOR_THE_PUBLIC).await;
    fund.correct("walks", "26", "1,800.00", "").await;
    let code = fund.server.authenticator(HUGH).await;
    browser.fill("A fresh code from your authenticator app", &code);
    browser.press(FOR_THE_PUBLIC).await;
    assert_eq!(browser.status, 409, "{}", browser.says());
    browser.must_see(&["What you were shown is not what stands now"]);
    browser.visit(&paper).await;
    browser.must_see(&["Nothing has been published."]);
    fund.finish().await;
}

async fn a_wrong_code_publishes_nothing(fund: Fund) {
    fund.sign_all().await;
    let mut browser = fund.at_the_paper(HUGH).await;
    let paper = browser.path().to_owned();
    browser.follow(FOR_THE_PUBLIC).await;
    for (code, says) in [("", "Enter the six-digit code"), ("000000", "That code is not right")] {
        browser.fill("A fresh code from your authenticator app", code);
        browser.press(FOR_THE_PUBLIC).await;
        assert_eq!(browser.status, 422, "{}", browser.says());
        assert!(browser.errors()[0].starts_with(says), "{:?}", browser.errors());
    }
    browser.visit(&paper).await;
    browser.must_see(&[TITLE, "Nothing has been published."]);
    fund.finish().await;
}

async fn nothing_is_published_while_nothing_is_signed(fund: Fund) {
    fund.submit("kitchen", "41", "2,500.00", "").await;
    let mut browser = fund.at_the_paper(HUGH).await;
    let paper = browser.path().to_owned();
    browser.must_see(&["0 of 3 signed", "nothing to publish"]);
    // What is submitted is seen inside the house, and said to be provisional.
    browser.visit(&format!("{paper}/preview/internal")).await;
    browser.must_see(&["£2,500.00", "[p]"]);
    browser.visit(&format!("{paper}/preview/public")).await;
    browser.must_not_see(&["£2,500.00"]);
    browser.visit(&format!("{paper}/publish/public")).await;
    browser.must_see(&["It cannot be published yet:", "has been signed yet"]);
    assert!(!browser.has_button(FOR_THE_PUBLIC));
    fund.finish().await;
}
