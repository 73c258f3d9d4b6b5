//! Revisions, queries and signatures: written once, and back byte for byte.

use countersign::store::{Constraint, StoreError, revisions as stored, signatures};
use countersign_domain::answers::types::SectionKey;
use countersign_domain::ledger::Digest;
use countersign_domain::returns::{Query, QueryAnswer, Signature};

use crate::fixture::{at, id, revision, submitted, world};

both!(a_revision_comes_back_byte_for_byte_and_once, |db| {
    let w = world(&db.store).await;
    let first = submitted(&db.store, &w.owed, 1, &w.preparer).await;
    let second = submitted(&db.store, &w.owed, 2, &w.officer).await;
    let c = db.store.read();
    let there = stored::get_revision(&c, w.owed.id, 1).await.unwrap();
    assert_eq!(there, first);
    assert_eq!(Digest::of(there.document.as_bytes()), there.digest);
    assert_eq!(stored::revisions_of(&c, w.owed.id).await.unwrap(), vec![first, second]);
    assert!(matches!(
        stored::get_revision(&c, w.owed.id, 3).await,
        Err(StoreError::NotFound { .. })
    ));
    let tx = db.store.begin().await.unwrap();
    let again = stored::insert_revision(&tx, &revision(&w.owed, 1, &w.officer))
        .await
        .unwrap_err();
    assert!(again.is_duplicate_of(Constraint::RevisionNumber), "{again:?}");
});

both!(a_query_is_answered_once_and_of_its_own_return, |db| {
    let w = world(&db.store).await;
    submitted(&db.store, &w.owed, 1, &w.preparer).await;
    let query = Query {
        id: id(),
        return_id: w.owed.id,
        revision: 1,
        section: SectionKey("project/asb".to_owned()),
        question: "spent".to_owned(),
        text: "Does this include VAT?".to_owned(),
        asked_by: w.officer.id,
        asked_at: at("2018-05-01T09:00:00Z"),
        answer: None,
    };
    let answer = QueryAnswer {
        text: "It does.".to_owned(),
        by: w.preparer.id,
        at: at("2018-05-02T09:00:00.5Z"),
    };
    let tx = db.store.begin().await.unwrap();
    stored::insert_query(&tx, &query).await.unwrap();
    assert_eq!(stored::queries_of(&tx, w.owed.id).await.unwrap(), vec![query.clone()]);
    for (of, good) in [(id(), false), (w.owed.id, true), (w.owed.id, false)] {
        let outcome = stored::answer_query(&tx, query.id, of, &answer).await;
        assert_eq!(outcome.is_ok(), good);
        assert!(good || matches!(outcome, Err(StoreError::Conflict { what: "query" })));
    }
    tx.commit().await.unwrap();
    let answered = Query {
        answer: Some(answer),
        ..query.clone()
    };
    assert_eq!(
        stored::queries_of(&db.store.read(), w.owed.id).await.unwrap(),
        vec![answered]
    );
    let tx = db.store.begin().await.unwrap();
    let of_nothing = stored::insert_query(
        &tx,
        &Query {
            id: id(),
            revision: 9,
            ..query
        },
    )
    .await;
    assert!(matches!(of_nothing, Err(StoreError::Refused { .. })), "{of_nothing:?}");
});

both!(a_stage_of_a_revision_is_signed_once_and_voided_once, |db| {
    let w = world(&db.store).await;
    let revision = submitted(&db.store, &w.owed, 1, &w.preparer).await;
    let signature = Signature {
        id: id(),
        return_id: w.owed.id,
        revision: 1,
        stage: "certify".to_owned(),
        person: w.officer.id,
        office: w.office.key.clone(),
        as_deputy: true,
        typed_name: "Ada Chair".to_owned(),
        position: "Chair".to_owned(),
        statement: "I confirm that this return is complete.".to_owned(),
        digest: revision.digest,
        known_by: "emailed code and authenticator".to_owned(),
        signed_at: at("2018-05-03T09:00:00.000999Z"),
        voided: None,
    };
    let tx = db.store.begin().await.unwrap();
    signatures::insert_signature(&tx, &signature).await.unwrap();
    tx.commit().await.unwrap();
    let tx = db.store.begin().await.unwrap();
    let again = Signature {
        id: id(),
        person: w.preparer.id,
        ..signature.clone()
    };
    let error = signatures::insert_signature(&tx, &again).await.unwrap_err();
    assert!(error.is_duplicate_of(Constraint::SignatureOnce), "{error:?}");
    drop(tx);
    assert_eq!(
        signatures::signatures_of(&db.store.read(), w.owed.id).await.unwrap(),
        vec![signature.clone()]
    );

    let (first, later) = (at("2018-06-01T09:00:00Z"), at("2018-06-02T09:00:00Z"));
    let tx = db.store.begin().await.unwrap();
    assert_eq!(
        signatures::void_signatures(&tx, w.owed.id, 2, first, "other")
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        signatures::void_signatures(&tx, w.owed.id, 1, first, "corrected")
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        signatures::void_signatures(&tx, w.owed.id, 1, later, "again")
            .await
            .unwrap(),
        0
    );
    tx.commit().await.unwrap();
    let voided = Signature {
        voided: Some((first, "corrected".to_owned())),
        ..signature
    };
    assert_eq!(
        signatures::signatures_of(&db.store.read(), w.owed.id).await.unwrap(),
        vec![voided]
    );
});
