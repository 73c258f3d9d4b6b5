//! Drafts: what was typed comes back, and of two savers none overwrites the other.

use std::collections::BTreeMap;

use countersign::store::{StoreError, drafts as stored, uploads};
use countersign_domain::answers::types::{DraftAnswer, DraftSection, Explanation, FileRef, Mark, SectionKey};
use countersign_domain::ids::PersonId;

use crate::fixture::{at, id, world};

fn draft(text: &str, by: PersonId) -> DraftSection {
    let answer = DraftAnswer {
        fields: BTreeMap::from([("value".to_owned(), text.to_owned())]),
        mark: Mark::NotKnown,
        approximately: true,
        files: vec![],
        by,
        at: at("2018-04-05T12:00:00.123456789Z"),
        version: 3,
    };
    DraftSection {
        answers: BTreeMap::from([("spent".to_owned(), answer)]),
        removed: false,
    }
}

both!(a_section_is_saved_over_what_was_read, |db| {
    let w = world(&db.store).await;
    let (money, project) = (SectionKey("money".to_owned()), SectionKey("project/asb".to_owned()));
    let (one, two) = (
        draft(" £1,042,000.50 \u{202e}\n\"", w.preparer.id),
        draft("", w.preparer.id),
    );
    let tx = db.store.begin().await.unwrap();
    assert_eq!(stored::section(&tx, w.owed.id, &money).await.unwrap(), None);
    assert_eq!(
        stored::put_section(&tx, w.owed.id, &money, &one, None).await.unwrap(),
        1
    );
    assert_eq!(
        stored::put_section(&tx, w.owed.id, &project, &two, None).await.unwrap(),
        1
    );
    assert_eq!(
        stored::put_section(&tx, w.owed.id, &project, &one, Some(1))
            .await
            .unwrap(),
        2
    );
    tx.commit().await.unwrap();
    for was in [None, Some(1), Some(3)] {
        let tx = db.store.begin().await.unwrap();
        let late = stored::put_section(&tx, w.owed.id, &project, &two, was).await;
        assert!(
            matches!(late, Err(StoreError::Conflict { what: "section" })),
            "{was:?}: {late:?}"
        );
        tx.commit().await.unwrap();
    }
    assert_eq!(
        stored::section(&db.store.read(), w.owed.id, &project).await.unwrap(),
        Some((2, one.clone()))
    );
    let all = stored::sections(&db.store.read(), w.owed.id).await.unwrap();
    assert_eq!(all, vec![(money, 1, one.clone()), (project, 2, one)]);
    assert_eq!(stored::sections(&db.store.read(), id()).await.unwrap(), vec![]);
});

both!(explanations_are_saved_over_what_was_read, |db| {
    let w = world(&db.store).await;
    let none = BTreeMap::new();
    let explanation = Explanation {
        text: "The rest came from the reserve".to_owned(),
        figures: "1653500,1648600".to_owned(),
        by: w.preparer.id,
        at: at("2018-04-06T12:00:00Z"),
    };
    let some = BTreeMap::from([("items@project/asb".to_owned(), explanation)]);
    let tx = db.store.begin().await.unwrap();
    assert_eq!(stored::explanations(&tx, w.owed.id).await.unwrap(), (0, none.clone()));
    assert_eq!(stored::put_explanations(&tx, w.owed.id, &none, 0).await.unwrap(), 1);
    assert_eq!(stored::put_explanations(&tx, w.owed.id, &some, 1).await.unwrap(), 2);
    tx.commit().await.unwrap();
    for was in [0, 1] {
        let tx = db.store.begin().await.unwrap();
        let late = stored::put_explanations(&tx, w.owed.id, &none, was).await;
        assert!(matches!(late, Err(StoreError::Conflict { .. })), "{was}: {late:?}");
    }
    assert_eq!(
        stored::explanations(&db.store.read(), w.owed.id).await.unwrap(),
        (2, some)
    );
});

both!(a_preparer_is_remembered_once, |db| {
    let w = world(&db.store).await;
    let tx = db.store.begin().await.unwrap();
    for person in [w.preparer.id, w.officer.id, w.preparer.id] {
        stored::preparer(&tx, w.owed.id, person).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut both = vec![w.preparer.id, w.officer.id];
    let mut there = stored::preparers(&db.store.read(), w.owed.id).await.unwrap();
    both.sort();
    there.sort();
    assert_eq!(there, both);
});

both!(documents_are_counted, |db| {
    let w = world(&db.store).await;
    let file = |name: &str, size: u64| FileRef {
        digest: format!("{size:064x}"),
        name: name.to_owned(),
        size,
        media: "application/pdf".to_owned(),
    };
    let tx = db.store.begin().await.unwrap();
    let at = at("2018-04-07T12:00:00Z");
    for file in [
        file("a.pdf", 3_000_000_000),
        file("b.pdf", 20),
        file("a.pdf", 3_000_000_000),
    ] {
        uploads::insert_upload(&tx, w.owed.id, &file, w.preparer.id, at)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(
        uploads::bytes_of_return(&db.store.read(), w.owed.id).await.unwrap(),
        3_000_000_020
    );
    let there = uploads::uploads_of(&db.store.read(), w.owed.id).await.unwrap();
    assert_eq!(there, vec![file("b.pdf", 20), file("a.pdf", 3_000_000_000)]);
    assert_eq!(uploads::bytes_of_return(&db.store.read(), id()).await.unwrap(), 0);
});
