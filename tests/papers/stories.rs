//! Clearing stories: one by one, by name, for one paper, of one revision; and each time an entry of the ledger.

use countersign::service::verify::verify;
use countersign::store::ledger;
use countersign_domain::ledger::Digest;
use sea_orm::ConnectionTrait;
use serde_json::Value;

use crate::fund::{Fund, HUGH, IRIS, STORY, on_both_funds};

on_both_funds!(
    a_story_is_told_only_while_a_named_person_has_cleared_it,
    the_ledger_tells_who_cleared_which_words_and_who_withdrew_that,
);

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

/// The bodies of the leaves of an event.
async fn told(fund: &Fund, event: &str) -> Vec<Value> {
    let leaves = ledger::leaves(&fund.server.app.deps.store.read(), 0, 1000).await;
    let leaves = leaves.expect("the ledger is read").into_iter();
    let of = leaves.filter(|row| row.leaf.contains(&format!("\"event\":\"{event}\"")));
    of.map(|row| serde_json::from_str(&row.body.expect("a body")).expect("it is JSON"))
        .collect()
}

/// What is wrong, and how many clearances and withdrawals were read.
async fn problems(fund: &Fund) -> (u64, Vec<String>) {
    let found = verify(&fund.server.app.deps).await.expect("the database is read");
    (found.clearances, found.problems)
}

async fn the_ledger_tells_who_cleared_which_words_and_who_withdrew_that(fund: Fund) {
    fund.sign_all().await;
    let ret = fund.ret("letters").await;
    let mut iris = fund.at_the_paper(IRIS).await;
    let paper = iris.path().rsplit('/').next().expect("its id").to_owned();
    iris.follow("Read and clear them").await;
    let mut hugh = fund.at_the_paper(HUGH).await;
    hugh.follow("Read and clear them").await;
    iris.tick("I have read this to its end");
    // Pressed twice, it is cleared once.
    iris.press_at_once("Clear story 1 for this paper", 2).await;
    hugh.visit(&format!("/office/papers/{paper}/stories")).await;
    hugh.press("Withdraw the clearance of story 1").await;

    let digest = Digest::of(STORY.as_bytes()).to_string();
    for (event, who) in [("story-cleared", IRIS), ("clearance-withdrawn", HUGH)] {
        let bodies = told(&fund, event).await;
        let [body] = bodies.as_slice() else {
            panic!("{event}: {bodies:?}")
        };
        let person = fund.server.person(who.address).await;
        assert_eq!(body["digest"], digest.as_str(), "{body}");
        assert_eq!(body["paper"], paper.as_str(), "{body}");
        assert_eq!(
            (&body["return"], &body["revision"]),
            (&ret.id.to_string().into(), &1.into())
        );
        assert_eq!(
            (&body["by"], &body["name"]),
            (&person.id.to_string().into(), &who.name.into())
        );
        assert!(
            !body.to_string().contains("lantern"),
            "the ledger keeps the digest alone: {body}"
        );
    }
    assert_eq!(problems(&fund).await, (2, Vec::new()));

    // Somebody who writes into the tables by hand is noticed, whatever they write.
    let behind = fund.server.database.behind_the_store().await;
    let guard = |name: &str| match behind.get_database_backend() {
        sea_orm::DbBackend::Postgres => format!("drop trigger tr_clearances_{name} on clearances"),
        _ => format!("drop trigger tr_clearances_{name}"),
    };
    let again = "insert into clearances select paper_id, return_id, revision, place, nth + 1, cleared_by, cleared_at, \
                 null, null from clearances";
    for (sql, says) in [
        (again.to_owned(), "the clearance of ‘use/story’ in revision 1"),
        (
            "update clearances set withdrawn_by = withdrawn_by, withdrawn_at = withdrawn_at where nth = 1".to_owned(),
            "",
        ),
        (guard("delete"), "the clearance of"),
        ("delete from clearances".to_owned(), "‘clearance-withdrawn’ "),
    ] {
        let done = behind.execute_unprepared(&sql).await;
        assert_eq!(done.is_err(), says.is_empty(), "{sql}");
        let (_, found) = problems(&fund).await;
        assert!(found.iter().any(|problem| problem.contains(says)), "{sql}: {found:?}");
    }
    let (left, found) = problems(&fund).await;
    assert_eq!((left, found.len()), (0, 2), "{found:?}");
    assert!(
        found
            .iter()
            .all(|problem| problem.ends_with("is in the ledger and nowhere else"))
    );
    let Fund { server } = fund;
    let database = server.stop().await;
    behind.close().await.expect("it lets go");
    database.remove().await;
}
