//! Who sees which papers.

use crate::fund::{Fund, HUGH, IRIS, OWEN, STORY, TITLE, on_both_funds};
use crate::outside::people::Someone;
use countersign::service::register;
use reqwest::Method;

on_both_funds!(
    a_stranger_finds_nothing,
    who_holds_another_office_reads_what_was_published_and_nothing_else,
);

/// Reviews for another fund.
const NORA: Someone = Someone {
    name: "Nora Ellery",
    address: "nora.ellery@elsewhere.example.org",
};
const ELSEWHERE: &str = r#"
[fund]
key = "elsewhere"
title = "Elsewhere fund"
commissioner = "elsewhere"
nation = "england-and-wales"
priorities = []

[[organisation]]
key = "elsewhere"
name = "Elsewhere Council"

[[person]]
key = "nora"
name = "Nora Ellery"
email = "nora.ellery@elsewhere.example.org"
organisation = "elsewhere"

[[office]]
key = "commissioner.reviewer"
title = "Grants officer"

[[holder]]
office = "commissioner.reviewer"
person = "nora"
from = 2026-01-01
"#;

fn addresses(paper: &str) -> Vec<String> {
    [
        "",
        "/words/opening",
        "/stories",
        "/preview/internal",
        "/preview/public",
        "/internal/paper.html",
        "/publish/public",
        "/editions/1",
        "/editions/1/paper.html",
    ]
    .map(|end| format!("{paper}{end}"))
    .to_vec()
}

async fn a_stranger_finds_nothing(fund: Fund) {
    fund.sign_all().await;
    let file = register::read(ELSEWHERE).expect("the register is read");
    register::load(&fund.server.app.deps, &file, fund.server.now())
        .await
        .expect("it is loaded");
    let mut browser = fund.at_the_paper(HUGH).await;
    let paper = browser.path().to_owned();
    fund.publish(&mut browser, HUGH, "Publish for the public").await;
    let mut nora = fund.server.at_the_office(NORA).await;
    nora.follow("Papers").await;
    nora.must_see(&["Elsewhere fund"]);
    nora.must_not_see(&[TITLE, "Harbour"]);
    for address in addresses(&paper) {
        let answer = nora.request(Method::GET, &address).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 404, "{address}");
    }
    // Nor without an office at all.
    let nobody = fund.server.browser_of(NORA);
    for address in addresses(&paper) {
        let answer = nobody.request(Method::GET, &address).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 303, "{address}");
    }
    fund.finish().await;
}

async fn who_holds_another_office_reads_what_was_published_and_nothing_else(fund: Fund) {
    fund.sign_all().await;
    let mut browser = fund.at_the_paper(IRIS).await;
    let paper = browser.path().to_owned();
    let mut owen = fund.server.at_the_office(OWEN).await;
    owen.follow("Papers").await;
    owen.must_see(&["No paper has been published yet."]);
    owen.must_not_see(&[TITLE, "Begin another"]);

    fund.publish(&mut browser, IRIS, "Publish for the commissioner’s own staff")
        .await;
    browser.must_see(&["Edition 1 is published.", "Internal: not for publication", STORY]);
    for address in addresses(&paper) {
        let answer = owen.request(Method::GET, &address).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 404, "{address}");
    }

    browser.visit(&paper).await;
    fund.publish(&mut browser, IRIS, "Publish for the public").await;
    owen.visit("/office/papers").await;
    owen.follow(TITLE).await;
    assert_eq!(owen.path(), format!("{paper}/editions/2"), "{}", owen.says());
    owen.must_not_see(&[STORY, "not for publication"]);
    assert!(owen.links().iter().all(|link| !link.contains("/figures")));
    for address in ["/preview/public", "/internal/paper.html", "/stories", "/editions/1"] {
        let answer = owen.request(Method::GET, &format!("{paper}{address}")).send().await;
        assert_eq!(answer.expect("an answer").status().as_u16(), 404, "{address}");
    }
    fund.finish().await;
}
