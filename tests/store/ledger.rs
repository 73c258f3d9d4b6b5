//! The ledger: no gaps, a frontier that belongs to the leaves, and erasure that the tree does not notice.

use countersign::store::{Constraint, Store, StoreError, ledger as stored};
use countersign_domain::ledger::{Digest, tree};

use crate::fixture::at;

async fn append(store: &Store, leaf: &str) -> u64 {
    let tx = store.begin().await.unwrap();
    let hash = tree::leaf_hash(leaf.as_bytes());
    let index = stored::append(&tx, leaf, &[7; 32], &format!("body of {leaf}"), hash)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    index
}

both!(leaves_come_back_under_the_root_of_the_tree, |db| {
    let empty = stored::head(&db.store.read()).await.unwrap();
    assert_eq!((empty.size(), empty.root()), (0, tree::root(&[])));
    let mut hashes = Vec::new();
    for n in 0..13 {
        let leaf = format!("{{\"n\":{n},\"é\":\"{n}\"}}");
        assert_eq!(append(&db.store, &leaf).await, n);
        hashes.push(tree::leaf_hash(leaf.as_bytes()));
        let head = stored::head(&db.store.read()).await.unwrap();
        assert_eq!((head.size(), head.root()), (n + 1, tree::root(&hashes)));
    }
    let c = db.store.read();
    let some = stored::leaves(&c, 11, 9).await.unwrap();
    assert_eq!(some.iter().map(|row| row.index).collect::<Vec<_>>(), vec![11, 12]);
    assert_eq!(some[0].leaf, "{\"n\":11,\"é\":\"11\"}");
    assert_eq!(some[0].hash, hashes[11]);
    assert_eq!(some[0].salt.as_deref(), Some([7; 32].as_slice()));
    assert_eq!(some[0].body.as_deref(), Some("body of {\"n\":11,\"é\":\"11\"}"));
    assert_eq!(stored::leaves(&c, 0, 2).await.unwrap().len(), 2);
    assert_eq!(stored::leaves(&c, 13, 2).await.unwrap(), vec![]);
});

both!(a_leaf_is_appended_with_the_act_or_not_at_all, |db| {
    append(&db.store, "a").await;
    let tx = db.store.begin().await.unwrap();
    stored::append(&tx, "b", &[1; 32], "b", tree::leaf_hash(b"b"))
        .await
        .unwrap();
    assert_eq!(stored::head(&tx).await.unwrap().size(), 2);
    tx.rollback().await.unwrap();
    assert_eq!(stored::head(&db.store.read()).await.unwrap().size(), 1);
    assert_eq!(append(&db.store, "c").await, 1);
});

both!(appenders_at_once_leave_no_gap, |db| {
    let mut appenders = tokio::task::JoinSet::new();
    for worker in 0..8 {
        let store = db.store.clone();
        appenders.spawn(async move {
            for n in 0..10 {
                append(&store, &format!("{worker}.{n}")).await;
            }
        });
    }
    while let Some(done) = appenders.join_next().await {
        done.unwrap();
    }
    let leaves = stored::leaves(&db.store.read(), 0, 1_000).await.unwrap();
    assert_eq!(
        leaves.iter().map(|row| row.index).collect::<Vec<_>>(),
        (0..80).collect::<Vec<_>>()
    );
    let hashes: Vec<Digest> = leaves.iter().map(|row| tree::leaf_hash(row.leaf.as_bytes())).collect();
    assert_eq!(
        stored::head(&db.store.read()).await.unwrap().root(),
        tree::root(&hashes)
    );
});

both!(an_erased_leaf_keeps_its_place_and_its_hash, |db| {
    for leaf in ["a", "b", "c"] {
        append(&db.store, leaf).await;
    }
    let before = stored::leaves(&db.store.read(), 0, 9).await.unwrap();
    let tx = db.store.begin().await.unwrap();
    stored::erase(&tx, 1).await.unwrap();
    stored::erase(&tx, 1).await.unwrap();
    assert!(matches!(
        stored::erase(&tx, 3).await,
        Err(StoreError::NotFound { what: "leaf" })
    ));
    tx.commit().await.unwrap();
    let after = stored::leaves(&db.store.read(), 0, 9).await.unwrap();
    assert_eq!((&after[0], &after[2]), (&before[0], &before[2]));
    let erased = stored::LeafRow {
        salt: None,
        body: None,
        ..before[1].clone()
    };
    assert_eq!(after[1], erased);
});

both!(checkpoints_are_kept_by_their_size, |db| {
    let c = db.store.read();
    assert_eq!(stored::latest_checkpoint(&c).await.unwrap(), None);
    let made = at("2018-04-01T09:00:00.123456Z");
    let tx = db.store.begin().await.unwrap();
    for size in [10, 9] {
        stored::insert_checkpoint(&tx, size, Digest::of(b"root"), "note\n\n— key sig\n", made)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let tx = db.store.begin().await.unwrap();
    let again = stored::insert_checkpoint(&tx, 10, Digest::of(b"other"), "note", made)
        .await
        .unwrap_err();
    assert!(again.is_duplicate_of(Constraint::CheckpointSize), "{again:?}");
    drop(tx);
    let latest = stored::Checkpoint {
        size: 10,
        root: Digest::of(b"root"),
        note: "note\n\n— key sig\n".to_owned(),
        at: made,
    };
    assert_eq!(stored::latest_checkpoint(&c).await.unwrap(), Some(latest.clone()));
    let all = stored::checkpoints(&c).await.unwrap();
    assert_eq!(
        all,
        vec![
            stored::Checkpoint {
                size: 9,
                ..latest.clone()
            },
            latest
        ]
    );
});
