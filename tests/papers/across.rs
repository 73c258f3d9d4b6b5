//! A paper of several funds: what a figure of all of them comes from, what its calculations wait for, and who is missing.

use std::collections::BTreeMap;

use countersign::service::register;
use countersign::store::register as stored;
use countersign_domain::answers::Typed;
use countersign_domain::answers::types::Mark;
use reqwest::Method;

use crate::fund::{Fund, HUGH, IRIS, OWEN, on_both_funds};
use crate::outside::browser::TestBrowser;
use crate::outside::people::Someone;
use crate::publishing::{FORMATS, file};

on_both_funds!(
    a_figure_of_two_funds_leads_to_every_answer_under_it,
    a_calculation_is_told_by_what_it_waits_for,
    who_has_not_signed_is_named_once_in_every_format,
);

const SECOND: &str = include_str!("second.toml");

async fn id_of(fund: &Fund, key: &str) -> String {
    let read = fund.server.app.deps.store.read();
    let found = stored::fund_by_key(&read, key).await.expect("it is read");
    found.expect("the fund").id.to_string()
}

/// Their browser with the paper of all funds open, begun for the first one.
async fn at_the_paper(fund: &Fund, who: Someone) -> TestBrowser {
    let mut browser = fund.server.at_the_office(who).await;
    let own = id_of(fund, "harbour-2026").await;
    browser.visit(&format!("/office/papers/begin/{own}/every-fund")).await;
    browser
        .choose("Which period is it about?", "April to June 2026")
        .press("Begin paper")
        .await;
    browser.must_see(&["All funds together", "What you write"]);
    browser
}

async fn a_figure_of_two_funds_leads_to_every_answer_under_it(fund: Fund) {
    fund.sign_all().await;
    let second = register::read(SECOND).expect("the register is read");
    register::load(&fund.server.app.deps, &second, fund.server.now())
        .await
        .expect("it is loaded");
    fund.server.tick().await;
    fund.sign("ferry", "12", "1,000.00", "").await;
    let mut hugh = at_the_paper(&fund, HUGH).await;
    let paper = hugh.path().to_owned();
    fund.publish(&mut hugh, HUGH, "Publish for a panel or board").await;
    hugh.must_see(&["Together £6,150.50 was spent.", "4 signed returns"]);
    let of_one = hugh.link("£1,000.00").expect("what one fund spent leads somewhere");
    let of_both = hugh.link("£6,150.50").expect("the sum leads somewhere");
    let (harbour, quayside) = (id_of(&fund, "harbour-2026").await, id_of(&fund, "quayside-2026").await);
    for id in [&harbour, &quayside] {
        assert!(of_both.contains(&format!("fund={id}")), "{of_both}");
    }

    // Down to the answers as they were typed, in both funds, for the edition and for what is signed now.
    let answers = ["“2,500.00”", "“1,750.50”", "“900.00”", "“1,000.00”"];
    let now = of_both.replace(&format!("{paper}/editions/1/figures"), "/office/figures");
    for address in [&of_both, &now] {
        hugh.visit(address).await;
        hugh.must_see(&answers);
        hugh.must_see(&[
            "Harbour communities fund",
            "Quayside fund",
            "Signed figures (4)",
            "Ferry landing",
        ]);
    }
    hugh.visit(&of_one).await;
    hugh.must_see(&["“1,000.00”", "Signed figures (1)"]);
    hugh.must_not_see(&["“900.00”", "Harbour communities fund"]);

    // Who holds an office in one of them reads the paper, and is led to that one's figures alone.
    let mut iris = fund.server.at_the_office(IRIS).await;
    iris.visit(&format!("{paper}/editions/1")).await;
    iris.must_see(&["Together £6,150.50 was spent."]);
    assert_eq!((iris.link("£6,150.50"), iris.link("£1,000.00")), (None, None));
    assert!(iris.link("£5,150.50").is_some(), "what her own fund spent");
    for address in [&of_both, &now, &of_one] {
        let answer = iris.request(Method::GET, address).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 404, "{address}");
    }
    // Nor does she see the other's by asking for her own as widely as she can.
    let own = of_both.replace(&format!("fund={quayside}"), &format!("fund={harbour}"));
    iris.visit(&own).await;
    iris.must_see(&["“2,500.00”", "“900.00”"]);
    iris.must_not_see(&["“1,000.00”", "Ferry landing"]);

    // Who holds none of the commissioner's is led nowhere.
    let mut owen = fund.server.at_the_office(OWEN).await;
    owen.visit(&format!("{paper}/editions/1")).await;
    owen.must_see(&["Together £6,150.50 was spent."]);
    assert!(owen.links().iter().all(|link| !link.contains("/figures")));
    fund.finish().await;
}

async fn a_calculation_is_told_by_what_it_waits_for(fund: Fund) {
    let marked = |mark: Mark| Typed {
        mark,
        ..Typed::default()
    };
    for (project, expected) in [
        ("kitchen", Some(marked(Mark::NotKnown))),
        ("walks", Some(marked(Mark::NotApplicable))),
        ("letters", None),
    ] {
        let mut answers = BTreeMap::from(
            [("helped", "20"), ("spent", "500.00")].map(|(id, text)| (id.to_owned(), Typed::value(text))),
        );
        answers.extend(expected.map(|expected| ("expected".to_owned(), expected)));
        fund.sign_with(project, answers).await;
    }
    let mut hugh = at_the_paper(&fund, HUGH).await;
    let paper = hugh.path().to_owned();
    hugh.follow("As it is for a panel or board").await;
    let rows = hugh.table("Set aside by project");
    let mark = |project: &str| rows.iter().find(|row| row[0] == project).map(|row| row[1].as_str());
    assert_eq!(mark("Quay kitchen"), Some("[x]"), "{rows:?}");
    assert_eq!(mark("Evening walks"), Some("[z]"), "{rows:?}");
    assert_eq!(mark("Letters home"), Some("[w]"), "{rows:?}");
    let csv = file(&hugh, &format!("{paper}/internal/paper.csv")).await;
    assert!(csv.contains("\"Quay kitchen\",\"[x]\""), "{csv}");
    // On the return's own page too.
    let ret = fund.ret("kitchen").await;
    hugh.visit(&format!("/office/returns/{}", ret.id)).await;
    hugh.must_see(&["Set aside for the next quarter Not known yet"]);
    fund.finish().await;
}

async fn who_has_not_signed_is_named_once_in_every_format(fund: Fund) {
    fund.sign("kitchen", "41", "2,500.00", "").await;
    let mut hugh = at_the_paper(&fund, HUGH).await;
    let paper = hugh.path().to_owned();
    hugh.follow("As it is for the commissioner’s own staff").await;
    let (said, led) = (
        "Returns signed: 1 of 3. They account for £10,000.00 of the £30,000.00 allocated.",
        "Those not signed are named under “What each fund gave”.",
    );
    let names = ["Evening walks", "Letters home"].map(|name| format!("{name}, April to June 2026 (due 14 July 2026)"));
    let counted = |text: &str, words: &str| text.matches(words).count();
    let page = hugh.text();
    assert_eq!(counted(&page, said), 3, "every table says what it is of: {page}");
    assert_eq!(counted(&page, led), 2, "{page}");
    for name in &names {
        assert_eq!(counted(&page, name), 1, "{page}");
    }
    for format in FORMATS {
        let text = file(&hugh, &format!("{paper}/internal/paper.{format}")).await;
        assert!(names.iter().all(|name| text.contains(name)), "{format}: {text}");
        if format == "json" {
            let under = "\"named_under\":\"What each fund gave\"";
            assert_eq!(
                (counted(&text, under), counted(&text, "\"signed\":1")),
                (2, 3),
                "{text}"
            );
        } else {
            assert!(text.contains(led) && text.contains(said), "{format}: {text}");
        }
    }
    fund.finish().await;
}
