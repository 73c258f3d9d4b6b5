//! Transactions: nothing is lost to a race, and nothing stays of what was not committed.

use countersign::store::{Store, StoreError, access, register, returns};
use countersign_domain::returns::Return;

use crate::fixture::{at, day, organisation, world};

both!(no_guarded_update_is_lost, |db| {
    let w = world(&db.store).await;
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (store, id) = (db.store.clone(), w.owed.id);
        writers.spawn(async move {
            let mut conflicts = 0_u32;
            for _ in 0..50 {
                loop {
                    let tx = store.begin().await.unwrap();
                    let read = returns::get_return(&tx, id).await.unwrap();
                    let next = Return {
                        revision: read.revision + 1,
                        ..read.clone()
                    };
                    match returns::update_return(&tx, &next, read.version).await {
                        Ok(()) => {
                            tx.commit().await.unwrap();
                            break;
                        }
                        Err(StoreError::Conflict { .. }) => conflicts += 1,
                        Err(other) => panic!("{other:?}"),
                    }
                }
            }
            conflicts
        });
    }
    let conflicts: u32 = writers.join_all().await.into_iter().sum();
    let there = returns::get_return(&db.store.read(), w.owed.id).await.unwrap();
    assert_eq!((there.revision, there.version), (400, 401));
    if db.url.starts_with("sqlite") {
        assert_eq!(conflicts, 0, "writers take turns before they read");
    }
});

both!(nothing_stays_of_what_was_not_committed, |db| {
    let new = organisation("new", "New");
    let tx = db.store.begin().await.unwrap();
    register::insert_organisation(&tx, &new).await.unwrap();
    assert_eq!(
        register::organisation_by_key(&tx, "new").await.unwrap(),
        Some(new.clone())
    );
    assert_eq!(
        register::organisation_by_key(&db.store.read(), "new").await.unwrap(),
        None
    );
    drop(tx);
    let tx = db.store.begin().await.unwrap();
    assert_eq!(register::organisation_by_key(&tx, "new").await.unwrap(), None);
    register::insert_organisation(&tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        register::organisation_by_key(&db.store.read(), "new").await.unwrap(),
        Some(new)
    );
});

both!(times_are_cut_to_the_microsecond, |db| {
    let w = world(&db.store).await;
    let late = Return {
        first_submitted_at: Some(at("2018-04-30T23:59:59.999999999Z")),
        ..w.owed.clone()
    };
    let tx = db.store.begin().await.unwrap();
    returns::update_return(&tx, &late, 1).await.unwrap();
    tx.commit().await.unwrap();
    let there = returns::get_return(&db.store.read(), w.owed.id).await.unwrap();
    assert_eq!(there.first_submitted_at, Some(at("2018-04-30T23:59:59.999999Z")));
});

both!(a_ping_writes_and_leaves_nothing, |db| {
    db.store.ping().await.unwrap();
    db.store.ping().await.unwrap();
    db.store.undo_migrations().await.unwrap();
    assert!(db.store.ping().await.is_err(), "without tables it takes no writes");
    db.store.migrate().await.unwrap();
    let long_ago = at("1970-01-01T00:00:00Z");
    let taken = countersign::store::lease::take(&db.store, "~ping", "a", long_ago, chrono::TimeDelta::zero()).await;
    assert!(taken.unwrap(), "no lease is left behind");
});

both!(a_reader_sees_what_was_committed_before_it_asks, |db| {
    let c = db.store.read();
    for n in 0..20_i64 {
        let moment = at("2018-04-01T00:00:00Z") + chrono::TimeDelta::seconds(n);
        let tx = db.store.begin().await.unwrap();
        access::insert_attempt(&tx, "read", "me", moment).await.unwrap();
        tx.commit().await.unwrap();
        let seen = access::attempts_since(&c, "read", "me", at("2018-04-01T00:00:00Z"))
            .await
            .unwrap();
        assert_eq!(i64::try_from(seen).unwrap(), n + 1);
    }
    assert!(
        register::assignments_on(&c, day("2018-04-01"))
            .await
            .unwrap()
            .is_empty()
    );
});

#[tokio::test]
async fn an_address_that_cannot_be_opened_is_refused() {
    for url in [
        "mysql://localhost/x",
        "countersign.db",
        "",
        "sqlite::memory:",
        "sqlite://x?mode=memory",
    ] {
        let refused = Store::open(url).await;
        assert!(matches!(refused, Err(StoreError::Unusable(_))), "{url}: {refused:?}");
    }
    let nobody = Store::open("postgres://nobody@127.0.0.1:1/none").await;
    assert!(matches!(nobody, Err(StoreError::Unavailable(_))), "{nobody:?}");
    let folder = tempfile::TempDir::new().unwrap();
    let nowhere = format!("sqlite://{}/no/such/folder/x.db", folder.path().display());
    assert!(Store::open(&nowhere).await.is_err());
}
