//! Decisions on rows, moves of drafts, and rows of plans: written once, and kept.

use std::collections::BTreeMap;

use countersign::store::decisions::{decisions_of, insert_decisions};
use countersign::store::moves::{Move, Sections, insert_move, moves_of, undo_move};
use countersign::store::planned::{PlannedRow, insert_planned_row, planned_rows_of};
use countersign::store::{Constraint, StoreError, drafts, register};
use countersign_domain::answers::types::{DraftAnswer, DraftSection, Mark, SectionKey};
use countersign_domain::returns::{Decision, RowDecision};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::fixture::{World, at, submitted, world};

fn key(text: &str) -> SectionKey {
    SectionKey(text.to_owned())
}

fn decision(w: &World, row: &str, decision: Decision) -> RowDecision {
    RowDecision {
        return_id: w.owed.id,
        revision: 1,
        stage: "board".to_owned(),
        section: key("whole"),
        question: "risks".to_owned(),
        row: row.to_owned(),
        decision,
        words: format!("About {row}"),
        by: w.officer.id,
        at: at("2018-05-01T10:00:00.000001Z"),
    }
}

both!(a_decision_is_written_once_for_a_revision_that_is_there, |db| {
    let w = world(&db.store).await;
    let all: Vec<RowDecision> = Decision::ALL
        .into_iter()
        .enumerate()
        .map(|(row, of)| decision(&w, &row.to_string(), of))
        .collect();
    let tx = db.store.begin().await.unwrap();
    let error = insert_decisions(&tx, &all).await.unwrap_err();
    assert!(matches!(error, StoreError::Refused { .. }), "{error:?}");
    drop(tx);
    submitted(&db.store, &w.owed, 1, &w.preparer).await;
    let tx = db.store.begin().await.unwrap();
    insert_decisions(&tx, &all).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(decisions_of(&db.store.read(), w.owed.id).await.unwrap(), all);
    let tx = db.store.begin().await.unwrap();
    let error = insert_decisions(&tx, &all[1..2]).await.unwrap_err();
    assert!(error.is_duplicate_of(Constraint::DecisionOnce), "{error:?}");
    drop(tx);
    let behind = db.behind_the_store().await;
    for sql in ["update decisions set words = ''", "delete from decisions"] {
        assert!(behind.execute_unprepared(sql).await.is_err(), "{sql}");
    }
    behind.close().await.unwrap();
});

fn draft(w: &World, text: &str) -> Sections {
    let answer = DraftAnswer {
        fields: BTreeMap::from([("value".to_owned(), text.to_owned())]),
        mark: Mark::Given,
        approximately: true,
        files: vec![],
        by: w.preparer.id,
        at: at("2018-04-10T08:00:00Z"),
        version: 3,
    };
    let section = DraftSection {
        answers: BTreeMap::from([("spent".to_owned(), answer)]),
        removed: text == "2",
    };
    Sections::from([(key("project/1"), section)])
}

both!(a_move_is_kept_and_undone_once, |db| {
    let w = world(&db.store).await;
    let kept = |from_version: u32, day: &str| Move {
        id: Uuid::new_v4(),
        return_id: w.owed.id,
        from_version,
        to_version: from_version + 1,
        before: draft(&w, "1"),
        after: draft(&w, "2"),
        moved_by: w.officer.id,
        moved_at: at(day),
        undone: None,
    };
    let (first, second) = (kept(1, "2018-05-01T10:00:00Z"), kept(2, "2018-05-02T10:00:00Z"));
    let tx = db.store.begin().await.unwrap();
    insert_move(&tx, &second).await.unwrap();
    insert_move(&tx, &first).await.unwrap();
    let undone_at = at("2018-05-03T10:00:00Z");
    undo_move(&tx, second.id, w.preparer.id, undone_at).await.unwrap();
    tx.commit().await.unwrap();
    let second = Move {
        undone: Some((w.preparer.id, undone_at)),
        ..second
    };
    assert_eq!(
        moves_of(&db.store.read(), w.owed.id).await.unwrap(),
        [first, second.clone()]
    );
    let tx = db.store.begin().await.unwrap();
    let again = undo_move(&tx, second.id, w.officer.id, undone_at).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    drop(tx);
    let behind = db.behind_the_store().await;
    for sql in [
        "update draft_moves set before = '{}'",
        "update draft_moves set undone_at = null, undone_by = null where undone_at is not null",
        "delete from draft_moves",
    ] {
        assert!(behind.execute_unprepared(sql).await.is_err(), "{sql}");
    }
    behind.close().await.unwrap();
});

both!(a_section_is_dropped_only_as_it_was_read, |db| {
    let w = world(&db.store).await;
    let (of, section) = (w.owed.id, DraftSection::default());
    let tx = db.store.begin().await.unwrap();
    drafts::put_section(&tx, of, &key("rest"), &section, None)
        .await
        .unwrap();
    drafts::put_section(&tx, of, &key("rest"), &section, Some(1))
        .await
        .unwrap();
    let stale = drafts::drop_section(&tx, of, &key("rest"), 1).await;
    assert!(matches!(stale, Err(StoreError::Conflict { .. })), "{stale:?}");
    drafts::drop_section(&tx, of, &key("rest"), 2).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(drafts::section(&db.store.read(), of, &key("rest")).await.unwrap(), None);
});

both!(a_row_of_a_plan_has_one_allocation_for_ever, |db| {
    let w = world(&db.store).await;
    let planned = |row: &str, allocation| PlannedRow {
        return_id: w.owed.id,
        section: "project".to_owned(),
        row: row.to_owned(),
        allocation,
    };
    let tx = db.store.begin().await.unwrap();
    insert_planned_row(&tx, &planned("1", w.over.id)).await.unwrap();
    tx.commit().await.unwrap();
    for (row, allocation, refused) in [
        ("1", w.under.id, Constraint::PlannedRow),
        ("2", w.over.id, Constraint::PlannedAllocation),
    ] {
        let tx = db.store.begin().await.unwrap();
        let error = insert_planned_row(&tx, &planned(row, allocation)).await.unwrap_err();
        assert!(error.is_duplicate_of(refused), "{error:?}");
    }
    let kept = planned_rows_of(&db.store.read(), w.owed.id).await.unwrap();
    assert_eq!(kept, [planned("1", w.over.id)]);
});

both!(
    a_provider_that_the_register_does_not_have_keeps_its_name_until_another_delivers,
    |db| {
        let w = world(&db.store).await;
        let mut named = w.over.clone();
        named.provider_name = "The Corner Project".to_owned();
        let tx = db.store.begin().await.unwrap();
        register::name_provider(&tx, &named).await.unwrap();
        tx.commit().await.unwrap();
        let read = async || register::get_allocation(&db.store.read(), w.over.id).await.unwrap();
        assert_eq!(read().await, named);
        let mut retitled = named.clone();
        retitled.title = "Another title".to_owned();
        let tx = db.store.begin().await.unwrap();
        register::update_allocation(&tx, &retitled, &named).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(read().await, retitled, "the name stays");
        let mut delivered = retitled.clone();
        delivered.provider = w.commissioner.id;
        let tx = db.store.begin().await.unwrap();
        register::update_allocation(&tx, &delivered, &retitled).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(read().await.provider_name, w.commissioner.name);
    }
);
