//! Links, sessions, codes and attempts.

use countersign::store::{Constraint, StoreError, access as stored};
use countersign_domain::returns::{Link, Session, SessionKind, SignInCode};

use crate::fixture::{World, at, id, world};

fn link(w: &World) -> Link {
    Link {
        id: id(),
        return_id: w.owed.id,
        person: w.preparer.id,
        issued_at: at("2018-04-01T05:00:00Z"),
        expires_at: at("2018-06-29T23:00:00Z"),
        revoked: None,
    }
}

both!(a_link_is_found_by_its_digest_and_revoked_once, |db| {
    let w = world(&db.store).await;
    let mut link = link(&w);
    let tx = db.store.begin().await.unwrap();
    stored::insert_link(&tx, &link, "digest").await.unwrap();
    tx.commit().await.unwrap();
    let c = db.store.read();
    assert_eq!(stored::find_link(&c, "digest").await.unwrap(), Some(link.clone()));
    assert_eq!(stored::find_link(&c, "Digest").await.unwrap(), None);
    let tx = db.store.begin().await.unwrap();
    let again = stored::insert_link(
        &tx,
        &Link {
            id: id(),
            ..link.clone()
        },
        "digest",
    )
    .await
    .unwrap_err();
    assert!(again.is_duplicate_of(Constraint::LinkToken), "{again:?}");
    drop(tx);
    let tx = db.store.begin().await.unwrap();
    let first = at("2018-04-02T05:00:00Z");
    assert!(stored::revoke_link(&tx, link.id, first, "left").await.unwrap());
    assert!(
        !stored::revoke_link(&tx, link.id, at("2018-04-03T05:00:00Z"), "again")
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    link.revoked = Some((first, "left".to_owned()));
    assert_eq!(stored::get_link(&c, link.id).await.unwrap(), link);
    assert_eq!(stored::links_of(&c, w.owed.id).await.unwrap(), vec![link]);
    assert!(matches!(
        stored::get_link(&c, id()).await,
        Err(StoreError::NotFound { .. })
    ));
});

both!(a_session_lives_until_it_is_ended, |db| {
    let w = world(&db.store).await;
    let link = link(&w);
    let session = |digest: &str, kind: SessionKind| Session {
        digest: digest.to_owned(),
        person: w.preparer.id,
        kind,
        csrf: "csrf".to_owned(),
        started_at: at("2018-04-01T09:00:00Z"),
        seen_at: at("2018-04-01T09:00:00Z"),
        expires_at: at("2018-04-01T17:00:00Z"),
    };
    let provider = session("provider", SessionKind::Provider(link.id));
    let mut office = session("office", SessionKind::Office { second_factor: false });
    let tx = db.store.begin().await.unwrap();
    stored::insert_link(&tx, &link, "digest").await.unwrap();
    for session in [&provider, &office] {
        stored::insert_session(&tx, session).await.unwrap();
    }
    tx.commit().await.unwrap();
    let c = db.store.read();
    assert_eq!(
        stored::find_session(&c, "provider").await.unwrap(),
        Some(provider.clone())
    );
    assert_eq!(stored::find_session(&c, "office").await.unwrap(), Some(office.clone()));
    assert_eq!(stored::find_session(&c, "nobody").await.unwrap(), None);
    let tx = db.store.begin().await.unwrap();
    let again = stored::insert_session(&tx, &office).await.unwrap_err();
    assert!(again.is_duplicate_of(Constraint::SessionToken), "{again:?}");
    drop(tx);

    let tx = db.store.begin().await.unwrap();
    office.kind = SessionKind::Office { second_factor: true };
    office.seen_at = at("2018-04-01T09:30:00Z");
    stored::raise_session(&tx, "office", office.kind).await.unwrap();
    stored::touch_session(&tx, "office", office.seen_at).await.unwrap();
    assert_eq!(stored::find_session(&tx, "office").await.unwrap(), Some(office.clone()));
    assert_eq!(stored::end_sessions_of_link(&tx, id()).await.unwrap(), 0);
    assert_eq!(stored::end_sessions_of_link(&tx, link.id).await.unwrap(), 1);
    assert_eq!(stored::find_session(&tx, "provider").await.unwrap(), None);
    stored::end_session(&tx, "office").await.unwrap();
    assert_eq!(stored::find_session(&tx, "office").await.unwrap(), None);
    let ended = stored::raise_session(&tx, "office", office.kind).await;
    assert!(matches!(ended, Err(StoreError::Conflict { what: "session" })));
    for session in [&provider, &office] {
        stored::insert_session(&tx, session).await.unwrap();
    }
    assert_eq!(
        stored::forget_sessions_before(&tx, at("2018-04-01T17:00:00Z"))
            .await
            .unwrap(),
        0
    );
    assert_eq!(stored::end_sessions_of_person(&tx, w.officer.id).await.unwrap(), 0);
    assert_eq!(
        stored::forget_sessions_before(&tx, at("2018-04-01T17:00:01Z"))
            .await
            .unwrap(),
        2
    );
    tx.commit().await.unwrap();
});

both!(a_code_is_used_once_and_in_time, |db| {
    let w = world(&db.store).await;
    let code = |issued: &str, expires: &str| SignInCode {
        id: id(),
        person: w.officer.id,
        issued_at: at(issued),
        expires_at: at(expires),
        tries: 0,
        used_at: None,
    };
    let old = code("2018-04-01T09:00:00Z", "2018-04-01T09:10:00Z");
    let new = code("2018-04-01T09:05:00Z", "2018-04-01T09:15:00Z");
    let tx = db.store.begin().await.unwrap();
    for code in [&old, &new] {
        stored::insert_code(&tx, code).await.unwrap();
    }
    tx.commit().await.unwrap();
    let c = db.store.read();
    let at_ten = at("2018-04-01T09:10:00Z");
    assert_eq!(
        stored::live_codes(&c, w.officer.id, at_ten).await.unwrap(),
        vec![new.clone(), old.clone()]
    );
    let after = at("2018-04-01T09:10:00.000001Z");
    assert_eq!(
        stored::live_codes(&c, w.officer.id, after).await.unwrap(),
        vec![new.clone()]
    );
    assert_eq!(stored::live_codes(&c, w.preparer.id, after).await.unwrap(), vec![]);
    assert_eq!(stored::codes_since(&c, w.officer.id, old.issued_at).await.unwrap(), 2);
    assert_eq!(stored::codes_since(&c, w.officer.id, new.issued_at).await.unwrap(), 1);
    let tx = db.store.begin().await.unwrap();
    assert_eq!(stored::count_try(&tx, new.id).await.unwrap(), 1);
    assert_eq!(stored::count_try(&tx, new.id).await.unwrap(), 2);
    assert!(matches!(
        stored::count_try(&tx, id()).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(!stored::use_code(&tx, old.id, after).await.unwrap(), "past its time");
    assert!(stored::use_code(&tx, new.id, after).await.unwrap());
    assert!(!stored::use_code(&tx, new.id, after).await.unwrap(), "used before");
    tx.commit().await.unwrap();
    assert_eq!(stored::live_codes(&c, w.officer.id, after).await.unwrap(), vec![]);
});

both!(attempts_are_counted_by_kind_and_subject_since_a_moment, |db| {
    let store = &db.store;
    let times = [
        "2018-04-01T09:00:00Z",
        "2018-04-01T09:00:00.000001Z",
        "2018-04-01T10:00:00Z",
    ]
    .map(at);
    let tx = store.begin().await.unwrap();
    for time in times {
        stored::insert_attempt(&tx, "code", "a", time).await.unwrap();
    }
    stored::insert_attempt(&tx, "code", "b", times[0]).await.unwrap();
    stored::insert_attempt(&tx, "link", "a", times[0]).await.unwrap();
    tx.commit().await.unwrap();
    let c = store.read();
    for (since, many) in [(times[0], 3), (times[1], 2), (times[2], 1)] {
        assert_eq!(
            stored::attempts_since(&c, "code", "a", since).await.unwrap(),
            many,
            "{since}"
        );
    }
    let tx = store.begin().await.unwrap();
    assert_eq!(stored::forget_attempts_before(&tx, times[1]).await.unwrap(), 3);
    tx.commit().await.unwrap();
    assert_eq!(stored::attempts_since(&c, "code", "a", times[0]).await.unwrap(), 2);
    assert_eq!(stored::attempts_since(&c, "code", "b", times[0]).await.unwrap(), 0);
});
