//! What is kept as it was written: the tables refuse, whoever asks.

use countersign::store::{figures, forms, ledger, notices, returns, signatures};
use countersign_domain::ledger::Digest;
use countersign_domain::returns::{Act, Notice, NoticeState, Secret, Signature};
use sea_orm::ConnectionTrait;

use crate::fixture::{at, id, submitted, world};

/// Statements that must be refused, with a table that they would change.
const REFUSED: &[&str] = &[
    "update revisions set document = 'x'",
    "update revisions set submitted_at = submitted_at",
    "delete from revisions",
    "update acts set reason = 'x'",
    "delete from acts",
    "update signatures set typed_name = 'x'",
    "update signatures set voided_at = null, voided_reason = null",
    "delete from signatures",
    "update figures set value = 1, kind = 'count'",
    "update ledger_leaves set leaf = 'x'",
    "update ledger_leaves set hash = 'x'",
    "update ledger_leaves set position = 7",
    "update ledger_leaves set body = 'x'",
    "delete from ledger_leaves",
    "update ledger_head set size = 0, frontier = ''",
    "update ledger_head set frontier = 'x'",
    "delete from ledger_head",
    "update checkpoints set note = 'x'",
    "delete from checkpoints",
    "update forms set source = 'x'",
    "delete from forms",
    "delete from notices",
];

both!(the_tables_refuse_to_change_what_is_kept, |db| {
    let w = world(&db.store).await;
    let now = at("2018-05-01T09:00:00Z");
    let revision = submitted(&db.store, &w.owed, 1, &w.preparer).await;
    let act = Act {
        return_id: w.owed.id,
        action: "submit".to_owned(),
        stage: None,
        revision: 1,
        person: Some(w.preparer.id),
        at: now,
        reason: None,
    };
    let signature = Signature {
        id: id(),
        return_id: w.owed.id,
        revision: 1,
        stage: "certify".to_owned(),
        person: w.officer.id,
        office: w.office.key.clone(),
        as_deputy: false,
        typed_name: "Ada Chair".to_owned(),
        position: "Chair".to_owned(),
        statement: "I confirm.".to_owned(),
        digest: revision.digest,
        known_by: "emailed code and authenticator".to_owned(),
        signed_at: now,
        voided: None,
    };
    let notice = Notice {
        id: id(),
        kind: "receipt".to_owned(),
        dedupe: "receipt".to_owned(),
        person: w.preparer.id,
        return_id: None,
        to_name: "Ben".to_owned(),
        to_address: "ben@example.org".to_owned(),
        subject: "Receipt".to_owned(),
        text: String::new(),
        html: String::new(),
        message_id: "<1@example.org>".to_owned(),
        dated: now,
        secret: Secret::None,
        priority: 10,
        state: NoticeState::Queued,
        run_at: now,
        attempts: 0,
        last_error: None,
        sent_at: None,
        written_at: now,
    };
    let figure = countersign_domain::answers::types::Figure {
        measure: "spent".to_owned(),
        allocation: None,
        row: None,
        value: countersign_domain::answers::types::FigureValue::Money { pence: 5 },
        approximately: false,
    };
    let tx = db.store.begin().await.unwrap();
    returns::insert_act(&tx, &act).await.unwrap();
    signatures::insert_signature(&tx, &signature).await.unwrap();
    signatures::void_signatures(&tx, w.owed.id, 1, now, "corrected")
        .await
        .unwrap();
    figures::insert_figures(&tx, &w.owed, 1, &[figure], &Default::default())
        .await
        .unwrap();
    notices::insert_notice(&tx, &notice).await.unwrap();
    ledger::append(&tx, "leaf", &[0; 32], "body", Digest::of(b"leaf"))
        .await
        .unwrap();
    ledger::insert_checkpoint(&tx, 1, Digest::of(b"root"), "note", now)
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
    if db.url.starts_with("postgres") {
        for table in [
            "revisions",
            "acts",
            "signatures",
            "ledger_leaves",
            "checkpoints",
            "forms",
            "notices",
        ] {
            let truncate = format!("truncate {table} cascade");
            let error = behind.execute_unprepared(&truncate).await.expect_err(table).to_string();
            assert!(error.contains("kept as it was written"), "{table}: {error}");
        }
    }
    behind.close().await.unwrap();

    let c = db.store.read();
    assert_eq!(returns::acts_of(&c, w.owed.id).await.unwrap(), vec![act]);
    let voided = Signature {
        voided: Some((now, "corrected".to_owned())),
        ..signature
    };
    assert_eq!(signatures::signatures_of(&c, w.owed.id).await.unwrap(), vec![voided]);
    assert_eq!(notices::get_notice(&c, notice.id).await.unwrap(), notice);
    assert_eq!(ledger::leaves(&c, 0, 9).await.unwrap()[0].body.as_deref(), Some("body"));
    assert_eq!(forms::all_forms(&c).await.unwrap()[0].source, "one");
});
