//! What was changed in the register, kept for good, and whose register it is.

use countersign::store::{StoreError, register as stored};
use countersign_domain::register::Change;
use sea_orm::ConnectionTrait;

use crate::fixture::{at, id, organisation, person, world};
use crate::rounds::refused;

both!(what_was_changed_is_kept_for_good, |db| {
    let w = world(&db.store).await;
    let change = |key: &str, person| Change {
        fund: Some(w.fund.id),
        person,
        at: at("2018-05-01T10:00:00.000001Z"),
        entity: "grant".to_owned(),
        key: key.to_owned(),
        was: None,
        became: Some("amount: £1.00".to_owned()),
    };
    let (first, second) = (change("A", None), change("B", Some(w.officer.id)));
    let tx = db.store.begin().await.unwrap();
    for change in [
        &first,
        &second,
        &Change {
            fund: None,
            ..first.clone()
        },
    ] {
        stored::insert_change(&tx, change).await.unwrap();
    }
    let nothing = Change {
        became: None,
        ..first.clone()
    };
    refused(
        db,
        "ck_register_changes_something",
        stored::insert_change(&tx, &nothing).await,
    )
    .await;
    drop(tx);
    let tx = db.store.begin().await.unwrap();
    for change in [&first, &second] {
        stored::insert_change(&tx, change).await.unwrap();
    }
    tx.commit().await.unwrap();
    let c = db.store.read();
    assert_eq!(
        stored::changes_of_fund(&c, w.fund.id, 10).await.unwrap(),
        vec![second.clone(), first]
    );
    assert_eq!(stored::changes_of_fund(&c, w.fund.id, 1).await.unwrap(), vec![second]);
    assert_eq!(stored::changes_of_fund(&c, id(), 10).await.unwrap(), vec![]);
    let behind = db.behind_the_store().await;
    for sql in [
        "update register_changes set became = 'x'",
        "delete from register_changes",
    ] {
        assert!(behind.execute_unprepared(sql).await.is_err(), "{sql}");
    }
    behind.close().await.unwrap();
});

both!(an_organisation_and_a_person_are_of_the_funds_that_name_them, |db| {
    let w = world(&db.store).await;
    let c = db.store.read();
    for of in [w.commissioner.id, w.provider.id] {
        assert_eq!(stored::funds_of_organisation(&c, of).await.unwrap(), vec![w.fund.id]);
    }
    for of in [w.officer.id, w.preparer.id] {
        assert_eq!(stored::funds_of_person(&c, of).await.unwrap(), vec![w.fund.id]);
    }
    let (stranger, elsewhere) = (
        person("S", "s@example.org", &w.provider),
        organisation("else", "Elsewhere"),
    );
    let tx = db.store.begin().await.unwrap();
    stored::insert_person(&tx, &stranger).await.unwrap();
    stored::insert_organisation(&tx, &elsewhere).await.unwrap();
    stored::lock_fund(&tx, w.fund.id).await.unwrap();
    assert!(matches!(
        stored::lock_fund(&tx, id()).await,
        Err(StoreError::NotFound { what: "fund" })
    ));
    tx.commit().await.unwrap();
    assert_eq!(stored::funds_of_person(&c, stranger.id).await.unwrap(), vec![]);
    assert_eq!(stored::funds_of_organisation(&c, elsewhere.id).await.unwrap(), vec![]);
    let names: Vec<String> = stored::all_organisations(&c)
        .await
        .unwrap()
        .into_iter()
        .map(|known| known.key)
        .collect();
    assert_eq!(names, ["partnership", "else", "commissioner"]);
});
