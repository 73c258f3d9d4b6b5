//! How a year of returns goes through the pages: an answer typed by its words, a return submitted, accepted and signed.
//!
//! Invariant: nothing here knows what a form asks; a return is found on the office's list by its reference.

use scraper::Html;

use crate::outside::browser::{TestBrowser, css};
use crate::outside::people::Someone;
use crate::outside::server::TestServer;

/// How a warning is explained.
pub const WHY: &str = "The records were read again, and the figure is right as it stands.";

/// What is done to a box, found by its label or its name.
#[derive(Debug, Clone, Copy)]
pub enum Typed {
    /// Words or a figure.
    Text(&'static str, &'static str),
    /// One of several.
    One(&'static str, &'static str),
    /// A tick.
    Tick(&'static str),
}

/// Fills in a page of the return, saves it and comes back to it.
pub async fn answer(browser: &mut TestBrowser, section: &str, answers: &[Typed]) {
    let page = format!("/return/section/{section}");
    browser.visit(&page).await;
    assert_eq!(browser.status, 200, "{}", browser.says());
    for typed in answers {
        match typed {
            Typed::Text(label, text) => browser.fill(label, text),
            Typed::One(label, option) => browser.choose(label, option),
            Typed::Tick(label) => browser.tick(label),
        };
    }
    browser.press("Save and continue").await;
    browser.visit(&page).await;
}

/// Adds a row to the section that has rows, and fills it in.
pub async fn add_row(browser: &mut TestBrowser, answers: &[Typed]) {
    browser.visit("/return").await;
    browser.press("Add ").await;
    let section = browser.path().trim_start_matches("/return/section/").to_owned();
    answer(browser, &section, answers).await;
}

/// Explains what has to be explained, and submits.
pub async fn submit(browser: &mut TestBrowser) {
    browser.visit("/return/check").await;
    assert_eq!(browser.errors(), Vec::<String>::new(), "{}", browser.says());
    if browser.has_button("Save explanations") {
        browser.explain_all(WHY).await;
    }
    browser.press("Submit return").await;
    assert_eq!(browser.path(), "/return/submitted", "{}", browser.says());
}

/// Opens the return with this reference from the office's list.
pub async fn open(browser: &mut TestBrowser, reference: &str) {
    browser.visit("/office").await;
    let mut found = listed(browser, reference);
    if found.is_none() {
        // The first page has the first of each list; the rest is found by its reference.
        let fund = browser
            .links()
            .into_iter()
            .find_map(|link| link.strip_prefix("/office/funds/").map(str::to_owned));
        let fund = fund.expect("the officer's fund");
        browser
            .visit(&format!("/office/returns?fund={fund}&q={reference}"))
            .await;
        found = listed(browser, reference);
    }
    let address = found.unwrap_or_else(|| panic!("{reference} is not on {}", browser.says()));
    browser.visit(&address).await;
    browser.must_see(&[reference]);
}

fn listed(browser: &TestBrowser, reference: &str) -> Option<String> {
    let document = Html::parse_document(browser.source());
    let row = document
        .select(&css("tr"))
        .find(|row| row.text().any(|text| text.trim() == reference))?;
    let link = row.select(&css("a[href]")).next()?;
    link.attr("href").map(str::to_owned)
}

/// The reviewer accepts this revision of each of these, and the officer signs it.
pub async fn accept_and_sign(
    server: &TestServer,
    (reviewer, officer): (Someone, Someone),
    revision: u32,
    references: &[&str],
) {
    let mut accepts = server.at_the_office(reviewer).await;
    for reference in references {
        open(&mut accepts, reference).await;
        accepts.press(&format!("Accept revision {revision}")).await;
        accepts.must_see(&["Awaiting signature"]);
    }
    let mut signs = server.at_the_office(officer).await;
    for reference in references {
        open(&mut signs, reference).await;
        signs.follow("Read and sign").await;
        let code = server.authenticator(officer).await;
        signs.tick("agreed").fill("Your full name", officer.name);
        signs.fill("A fresh code from your authenticator app", &code);
        signs.press(&format!("Sign revision {revision}")).await;
        signs.must_see(&["Signed by", officer.name]);
    }
}
