//! Papers: begun once, written under their version, cleared and withdrawn, published once for each edition and kept.

use std::collections::BTreeMap;

use countersign::store::{Store, StoreError, papers, returns};
use countersign_domain::form::schema::Audience;
use countersign_domain::ids::PaperId;
use countersign_domain::ledger::Digest;
use countersign_domain::paper::{Clearance, Edition, EditionFile, Input, Paper, PaperState, Publication};
use countersign_domain::period::Period;
use countersign_domain::returns::Return;
use sea_orm::ConnectionTrait;

use crate::fixture::{World, another, at, day, id, submitted, world};

fn year(from: i32) -> Period {
    Period::new(day(&format!("{from}-04-01")), day(&format!("{}-03-31", from + 1))).unwrap()
}

fn paper(w: &World, report: &str, from: i32) -> Paper {
    Paper {
        id: id(),
        report: report.to_owned(),
        fund: w.fund.id,
        period: year(from),
        prose: BTreeMap::from([("summary".to_owned(), "£((spent)) «was» spent.\n".to_owned())]),
        begun_by: w.officer.id,
        begun_at: at("2018-07-01T09:00:00.000001Z"),
        state: PaperState::Draft,
        version: 1,
    }
}

async fn begun(store: &Store, new: &Paper) -> Paper {
    let tx = store.begin().await.unwrap();
    let there = papers::begin(&tx, new).await.unwrap();
    tx.commit().await.unwrap();
    there
}

fn edition(of: &Paper, number: u32, inputs: &[Input], w: &World) -> Publication {
    let document = format!("{{\"edition\":{number}}}");
    Publication {
        edition: Edition {
            id: id(),
            paper: of.id,
            number,
            report: of.report.clone(),
            report_version: 3,
            report_digest: Digest::of(b"report"),
            fund: of.fund,
            period: of.period,
            audience: Audience::Panel,
            policy: Some("less-than-5".to_owned()),
            digest: Digest::of(document.as_bytes()),
            published_by: w.officer.id,
            published_at: at(&format!("2018-08-{number:02}T09:00:00Z")),
        },
        prose: of.prose.clone(),
        document,
        released: format!("[{number}]"),
        inputs: inputs.to_vec(),
    }
}

fn files() -> Vec<EditionFile> {
    let file = |format: &str, bytes: &[u8]| EditionFile {
        format: format.to_owned(),
        media: format!("application/{format}"),
        name: format!("paper.{format}"),
        bytes: bytes.to_vec(),
        digest: Digest::of(bytes),
    };
    vec![file("json", b"{}"), file("pdf", &[0, 255, 10, 13])]
}

async fn input(store: &Store, w: &World, of: &Return, number: u32) -> Input {
    let revision = submitted(store, of, number, &w.preparer).await;
    Input {
        return_id: of.id,
        revision: number,
        digest: revision.digest,
    }
}

async fn published(store: &Store, new: &Publication, was: i64) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    papers::publish(&tx, new, &files(), was).await?;
    tx.commit().await
}

both!(a_paper_of_a_report_is_begun_once_for_a_fund_and_period, |db| {
    let w = world(&db.store).await;
    let first = paper(&w, "panel", 2017);
    assert_eq!(begun(&db.store, &first).await, first);
    let again = Paper {
        prose: BTreeMap::new(),
        ..paper(&w, "panel", 2017)
    };
    assert_eq!(begun(&db.store, &again).await, first, "the one that there is");
    let next_year = begun(&db.store, &paper(&w, "panel", 2018)).await;
    let another = begun(&db.store, &paper(&w, "board", 2017)).await;
    let c = db.store.read();
    let all = papers::papers_of(&c, w.fund.id).await.unwrap();
    let ids: Vec<PaperId> = all.iter().map(|line| line.id).collect();
    assert_eq!(ids, [next_year.id, another.id, first.id]);
    assert!(all.iter().all(|line| (line.editions, line.published_at) == (0, None)));
    assert_eq!(papers::papers_of(&c, id()).await.unwrap(), vec![]);
    assert_eq!(papers::get_paper(&c, first.id).await.unwrap(), first);
    let nowhere = papers::get_paper(&c, id()).await;
    assert!(matches!(nowhere, Err(StoreError::NotFound { .. })), "{nowhere:?}");
});

both!(prose_is_saved_over_what_was_read, |db| {
    let w = world(&db.store).await;
    let first = begun(&db.store, &paper(&w, "panel", 2017)).await;
    let prose = BTreeMap::from([("summary".to_owned(), "Nothing was spent.".to_owned())]);
    let tx = db.store.begin().await.unwrap();
    assert_eq!(papers::save_prose(&tx, first.id, &prose, 1).await.unwrap(), 2);
    tx.commit().await.unwrap();
    let tx = db.store.begin().await.unwrap();
    let late = papers::save_prose(&tx, first.id, &first.prose, 1).await;
    assert!(matches!(late, Err(StoreError::Conflict { what: "paper" })), "{late:?}");
    drop(tx);
    let there = papers::get_paper(&db.store.read(), first.id).await.unwrap();
    assert_eq!((there.prose, there.version), (prose, 2));
});

both!(a_story_is_cleared_withdrawn_and_cleared_again, |db| {
    let w = world(&db.store).await;
    let first = begun(&db.store, &paper(&w, "panel", 2017)).await;
    submitted(&db.store, &w.owed, 1, &w.preparer).await;
    let clearance = |by, when| Clearance {
        paper: first.id,
        return_id: w.owed.id,
        revision: 1,
        place: "project/over.story".to_owned(),
        by,
        at: at(when),
        withdrawn: None,
    };
    let once = clearance(w.officer.id, "2018-07-02T09:00:00Z");
    let again = clearance(w.preparer.id, "2018-07-04T09:00:00Z");
    let withdrawn_at = at("2018-07-03T09:00:00Z");
    let tx = db.store.begin().await.unwrap();
    assert!(papers::clear(&tx, &once).await.unwrap());
    assert!(!papers::clear(&tx, &again).await.unwrap(), "it is cleared already");
    papers::withdraw(&tx, &once, w.preparer.id, withdrawn_at).await.unwrap();
    let twice = papers::withdraw(&tx, &once, w.officer.id, withdrawn_at).await;
    assert!(
        matches!(twice, Err(StoreError::Conflict { what: "clearance" })),
        "{twice:?}"
    );
    assert!(papers::clear(&tx, &again).await.unwrap());
    tx.commit().await.unwrap();
    let c = db.store.read();
    let first_one = Clearance {
        withdrawn: Some((w.preparer.id, withdrawn_at)),
        ..once.clone()
    };
    assert_eq!(papers::clearances_of(&c, first.id).await.unwrap(), [first_one, again]);
    assert_eq!(papers::clearances_of(&c, id()).await.unwrap(), vec![]);
    let nothing = Clearance { revision: 2, ..once };
    let tx = db.store.begin().await.unwrap();
    let nothing = papers::clear(&tx, &nothing).await;
    assert!(matches!(nothing, Err(StoreError::Refused { .. })), "{nothing:?}");
});

both!(an_edition_comes_back_as_it_was_published, |db| {
    let w = world(&db.store).await;
    let first = begun(&db.store, &paper(&w, "panel", 2017)).await;
    let from = input(&db.store, &w, &w.owed, 1).await;
    let c = db.store.read();
    assert_eq!(papers::next_edition(&c, first.id).await.unwrap(), 1);
    let one = edition(&first, 1, &[from], &w);
    published(&db.store, &one, 1).await.unwrap();
    let there = papers::get_paper(&c, first.id).await.unwrap();
    assert_eq!((there.state, there.version), (PaperState::Published, 2));
    assert_eq!(papers::next_edition(&c, first.id).await.unwrap(), 2);
    assert_eq!(papers::publication(&c, first.id, 1).await.unwrap(), one);
    let tx = db.store.begin().await.unwrap();
    assert_eq!(papers::save_prose(&tx, first.id, &BTreeMap::new(), 2).await.unwrap(), 3);
    tx.commit().await.unwrap();
    assert_eq!(papers::get_paper(&c, first.id).await.unwrap().state, PaperState::Draft);
    let mut two = edition(&first, 2, &[], &w);
    (two.edition.audience, two.edition.policy) = (Audience::Internal, None);
    published(&db.store, &two, 3).await.unwrap();
    assert_eq!(papers::publication(&c, first.id, 1).await.unwrap(), one, "as it was");
    let editions = papers::editions_of(&c, first.id).await.unwrap();
    assert_eq!(editions, [one.edition.clone(), two.edition.clone()]);
    let line = papers::papers_of(&c, w.fund.id).await.unwrap().remove(0);
    assert_eq!((line.editions, line.published_at), (2, Some(two.edition.published_at)));
    for file in files() {
        assert_eq!(papers::file(&c, one.edition.id, &file.format).await.unwrap(), file);
    }
    let listed = papers::files_of(&c, one.edition.id).await.unwrap();
    let listed: Vec<(&str, u64)> = listed.iter().map(|file| (file.name.as_str(), file.size)).collect();
    assert_eq!(listed, [("paper.json", 2), ("paper.pdf", 4)]);
    for nothing in [
        papers::publication(&c, first.id, 3).await.err(),
        papers::file(&c, id(), "pdf").await.err(),
    ] {
        assert!(matches!(nothing, Some(StoreError::NotFound { .. })), "{nothing:?}");
    }
});

both!(of_two_who_publish_at_once_one_is_told_so, |db| {
    let w = world(&db.store).await;
    let first = begun(&db.store, &paper(&w, "panel", 2017)).await;
    let mut both = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let (store, new) = (db.store.clone(), edition(&first, 1, &[], &w));
        both.spawn(async move { published(&store, &new, 1).await });
    }
    let mut ended = both.join_all().await;
    ended.sort_by_key(Result::is_err);
    assert!(ended[0].is_ok(), "{ended:?}");
    assert!(
        matches!(ended[1], Err(StoreError::Conflict { what: "paper" })),
        "{ended:?}"
    );
    for (number, was) in [(1, 2), (3, 2), (2, 1)] {
        let late = published(&db.store, &edition(&first, number, &[], &w), was).await;
        assert!(
            matches!(late, Err(StoreError::Conflict { what: "paper" })),
            "{number} {was}: {late:?}"
        );
    }
    let there = papers::editions_of(&db.store.read(), first.id).await.unwrap();
    assert_eq!(there.len(), 1, "and nothing is left of those that failed");
});

both!(what_earlier_papers_told_of_a_return_is_found, |db| {
    let w = world(&db.store).await;
    let first = begun(&db.store, &paper(&w, "panel", 2017)).await;
    let second = begun(&db.store, &paper(&w, "board", 2017)).await;
    let other = another(
        &w.owed,
        "PLY-2018-R2",
        Period::new(day("2018-05-01"), day("2018-05-31")).unwrap(),
    );
    let tx = db.store.begin().await.unwrap();
    returns::insert_return(&tx, &other).await.unwrap();
    tx.commit().await.unwrap();
    let (one, two) = (
        input(&db.store, &w, &w.owed, 1).await,
        input(&db.store, &w, &w.owed, 2).await,
    );
    let elsewhere = input(&db.store, &w, &other, 1).await;
    let before = edition(&first, 1, &[one, elsewhere], &w);
    published(&db.store, &before, 1).await.unwrap();
    let mut after = edition(&second, 1, &[two], &w);
    after.edition.published_at = at("2018-09-01T09:00:00Z");
    after.released = "[\"board\"]".to_owned();
    published(&db.store, &after, 1).await.unwrap();
    let mut inside = edition(&second, 2, &[elsewhere], &w);
    inside.edition.published_at = at("2018-09-02T09:00:00Z");
    (inside.edition.audience, inside.edition.policy) = (Audience::Internal, None);
    published(&db.store, &inside, 2).await.unwrap();

    let c = db.store.read();
    let both = [w.owed.id, other.id, id()];
    let told = papers::last_told(&c, &both).await.unwrap();
    assert_eq!(told.len(), 2);
    for last in told {
        let expected = if last.return_id == w.owed.id {
            (2, &after)
        } else {
            (1, &inside)
        };
        assert_eq!((last.revision, &last.edition), (expected.0, &expected.1.edition));
    }
    assert_eq!(papers::last_told(&c, &[id()]).await.unwrap(), vec![]);
    let released = async |of: &[_]| {
        let all = papers::earlier_releases(&c, of).await.unwrap();
        all.into_iter().map(|one| one.released).collect::<Vec<_>>()
    };
    assert_eq!(
        released(&both).await,
        ["[1]", "[\"board\"]"],
        "but nothing of what is internal"
    );
    assert_eq!(released(&[other.id]).await, ["[1]"]);
    assert_eq!(released(&[]).await, Vec::<String>::new());
    assert_eq!(papers::earlier_releases(&c, &[id()]).await.unwrap(), vec![]);
});

/// Statements that must be refused, each of a table with a row in it.
const REFUSED: &[&str] = &[
    "update papers set report = 'x'",
    "update papers set period_end = period_end",
    "delete from papers",
    "update clearances set place = 'x'",
    "update clearances set withdrawn_by = null, withdrawn_at = null",
    "delete from clearances",
    "update publications set document = 'x'",
    "update publications set published_at = published_at",
    "delete from publications",
    "update publication_inputs set revision = 2",
    "delete from publication_inputs",
    "update publication_files set bytes = bytes",
    "delete from publication_files",
];

both!(what_was_published_is_kept, |db| {
    let w = world(&db.store).await;
    let first = begun(&db.store, &paper(&w, "panel", 2017)).await;
    let from = input(&db.store, &w, &w.owed, 1).await;
    let one = edition(&first, 1, &[from], &w);
    published(&db.store, &one, 1).await.unwrap();
    let clearance = Clearance {
        paper: first.id,
        return_id: w.owed.id,
        revision: 1,
        place: "story".to_owned(),
        by: w.officer.id,
        at: at("2018-07-02T09:00:00Z"),
        withdrawn: None,
    };
    let tx = db.store.begin().await.unwrap();
    papers::clear(&tx, &clearance).await.unwrap();
    papers::withdraw(&tx, &clearance, w.officer.id, clearance.at)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let behind = db.behind_the_store().await;
    for statement in REFUSED {
        let error = behind
            .execute_unprepared(statement)
            .await
            .expect_err(statement)
            .to_string();
        assert!(error.contains("kept as it was written"), "{statement}: {error}");
    }
    behind.close().await.unwrap();
    let there = papers::publication(&db.store.read(), first.id, 1).await.unwrap();
    assert_eq!(there, one);
});

both!(what_is_published_outside_says_how_small_counts_were_held_back, |db| {
    let w = world(&db.store).await;
    let first = begun(&db.store, &paper(&w, "panel", 2017)).await;
    let mut without = edition(&first, 1, &[], &w);
    without.edition.policy = None;
    let refused = published(&db.store, &without, 1).await.unwrap_err();
    assert!(
        matches!(&refused, StoreError::Refused { rule } if rule.contains("ck_publications_policy")),
        "{refused:?}"
    );
});
