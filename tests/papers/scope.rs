//! Who sees which papers.

use crate::fund::{Fund, HUGH, IRIS, OWEN, STORY, TITLE, on_both_funds};
use crate::outside::people::Someone;
use countersign::service::register;
use countersign::store::register as stored;
use reqwest::Method;

on_both_funds!(
    a_stranger_finds_nothing,
    who_holds_another_office_reads_what_was_published_and_nothing_else,
    a_fund_that_nobody_reviews_says_what_its_register_lacks,
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
    owen.must_not_see(&[TITLE, "Begin a paper"]);

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

const UNSEEN: &str = r#"
[fund]
key = "unseen"
title = "Unseen fund"
commissioner = "council"
nation = "england-and-wales"
priorities = []

[[organisation]]
key = "council"
name = "Harbour Council"

[[person]]
key = "hugh"
name = "Hugh Calder"
email = "hugh.calder@council.example.org"
organisation = "council"

[[person]]
key = "iris"
name = "Iris Bellamy"
email = "iris.bellamy@council.example.org"
organisation = "council"

[[office]]
key = "commissioner.treasurer"
title = "Treasurer"

[[holder]]
office = "commissioner.treasurer"
person = "hugh"
from = 2026-01-01
"#;
const OFFICE: &str = r#"
[[office]]
key = "commissioner.reviewer"
title = "Reader of returns"

[[holder]]
office = "commissioner.reviewer"
person = "iris"
from = 2026-01-01
to = 2026-06-30
"#;
const HOLDER: &str = r#"
[[holder]]
office = "commissioner.reviewer"
person = "iris"
from = 2026-07-01
"#;

async fn page_of(fund: &Fund, key: &str) -> String {
    let read = fund.server.app.deps.store.read();
    let found = stored::fund_by_key(&read, key).await.expect("it is read");
    format!("/office/funds/{}", found.expect("the fund").id)
}

async fn a_fund_that_nobody_reviews_says_what_its_register_lacks(fund: Fund) {
    let load = async |text: &str| {
        let file = register::read(text).expect("the register is read");
        let now = fund.server.now();
        register::load(&fund.server.app.deps, &file, now)
            .await
            .expect("it is loaded");
    };
    let no_office = "This fund has no office ‘commissioner.reviewer’, so nobody can chase its returns, reopen them or \
                     prepare its papers.";
    let vacant = "Nobody holds this fund’s office ‘Reader of returns’ today";
    let who = "Who prepares its papers: Iris Bellamy.";
    load(UNSEEN).await;
    let mut hugh = fund.server.at_the_office(HUGH).await;
    for (more, says, not) in [
        ("", &[no_office, "a row of ‘holder’"][..], &[vacant, who][..]),
        (OFFICE, &[vacant, "a row of ‘holder’"], &[no_office, who]),
        (&format!("{OFFICE}{HOLDER}"), &[who], &[no_office, vacant]),
    ] {
        load(&format!("{UNSEEN}{more}")).await;
        hugh.visit("/office/papers").await;
        hugh.must_see(says);
        hugh.must_not_see(not);
        hugh.visit(&page_of(&fund, "unseen").await).await;
        hugh.must_not_see(not);
        if says[0] != who {
            hugh.must_see(says);
        }
    }
    // In a fund that has both, nobody is told anything of the kind.
    hugh.visit(&page_of(&fund, "harbour-2026").await).await;
    hugh.must_not_see(&["so nobody can"]);
    fund.finish().await;
}
