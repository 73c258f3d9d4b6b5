//! The outbox: one duty one notice, one claim one sender.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use countersign::store::notices::{self as stored, mark_failed, mark_retry, mark_sent};
use countersign::store::{Constraint, StoreError};
use countersign_domain::ids::NoticeId;
use countersign_domain::returns::{Notice, NoticeState, Secret};

use crate::fixture::{World, at, id, world};

const NOW: &str = "2018-04-01T09:00:00.000500Z";

fn notice(w: &World, dedupe: &str) -> Notice {
    Notice {
        id: id(),
        kind: "opened".to_owned(),
        dedupe: dedupe.to_owned(),
        person: w.preparer.id,
        return_id: Some(w.owed.id),
        to_name: "Ben Writer".to_owned(),
        to_address: "ben@example.org".to_owned(),
        subject: "Your return is open".to_owned(),
        text: "Dear Ben,\r\n\r\n((link))\r\n.\r\n".to_owned(),
        html: "<p>Dear Ben £</p>".to_owned(),
        message_id: format!("<{dedupe}@example.org>"),
        dated: at(NOW),
        secret: Secret::Link(id()),
        priority: 10,
        state: NoticeState::Queued,
        run_at: at(NOW),
        attempts: 0,
        last_error: None,
        sent_at: None,
        written_at: at(NOW),
    }
}

async fn write(store: &countersign::store::Store, notices: &[Notice]) {
    let tx = store.begin().await.unwrap();
    for notice in notices {
        assert!(stored::insert_notice(&tx, notice).await.unwrap());
    }
    tx.commit().await.unwrap();
}

both!(a_notice_comes_back_and_its_duty_is_done_once, |db| {
    let w = world(&db.store).await;
    let link = notice(&w, "opened:1");
    let code = Notice {
        secret: Secret::Code(id()),
        return_id: None,
        written_at: at("2018-04-02T09:00:00Z"),
        ..notice(&w, "code:1")
    };
    let plain = Notice {
        secret: Secret::None,
        person: w.officer.id,
        written_at: at("2018-04-03T09:00:00Z"),
        ..notice(&w, "plain:1")
    };
    write(&db.store, &[link.clone(), code.clone(), plain.clone()]).await;
    let tx = db.store.begin().await.unwrap();
    let again = Notice {
        id: id(),
        message_id: "<other@example.org>".to_owned(),
        ..link.clone()
    };
    assert!(!stored::insert_notice(&tx, &again).await.unwrap());
    tx.commit().await.unwrap();
    let tx = db.store.begin().await.unwrap();
    let same_message = Notice {
        id: id(),
        dedupe: "opened:2".to_owned(),
        ..link.clone()
    };
    let error = stored::insert_notice(&tx, &same_message).await.unwrap_err();
    assert!(error.is_duplicate_of(Constraint::NoticeMessageId), "{error:?}");
    drop(tx);
    let c = db.store.read();
    assert_eq!(stored::get_notice(&c, link.id).await.unwrap(), link);
    assert!(matches!(
        stored::get_notice(&c, id()).await,
        Err(StoreError::NotFound { .. })
    ));
    let newest_first = vec![plain.clone(), code.clone(), link.clone()];
    assert_eq!(stored::notices(&c, None, 10).await.unwrap(), newest_first);
    assert_eq!(stored::notices(&c, None, 1).await.unwrap(), vec![plain.clone()]);
    assert_eq!(
        stored::notices(&c, Some(w.preparer.id), 10).await.unwrap(),
        vec![code, link.clone()]
    );
    assert_eq!(
        stored::notices_of_return(&c, w.owed.id).await.unwrap(),
        vec![link, plain]
    );
});

both!(a_claim_takes_what_is_due_the_most_urgent_first, |db| {
    let w = world(&db.store).await;
    let now = at(NOW);
    let usual = notice(&w, "usual");
    let urgent = Notice {
        priority: 0,
        ..notice(&w, "urgent")
    };
    let earlier = Notice {
        run_at: at("2018-04-01T08:00:00Z"),
        ..notice(&w, "earlier")
    };
    let not_yet = Notice {
        run_at: now + TimeDelta::microseconds(1),
        ..notice(&w, "not-yet")
    };
    write(&db.store, &[usual.clone(), not_yet, earlier.clone(), urgent.clone()]).await;
    let minute = TimeDelta::minutes(1);
    let first = db.store.claim_notices("a", now, minute, 2).await.unwrap();
    let ids = |notices: &[Notice]| notices.iter().map(|notice| notice.id).collect::<Vec<NoticeId>>();
    assert_eq!(ids(&first), vec![urgent.id, earlier.id]);
    assert_eq!(
        first[0],
        Notice {
            attempts: 1,
            ..urgent.clone()
        }
    );
    assert_eq!(
        ids(&db.store.claim_notices("b", now, minute, 9).await.unwrap()),
        vec![usual.id]
    );
    assert_eq!(ids(&db.store.claim_notices("a", now, minute, 9).await.unwrap()), vec![]);
    // The lease of a claim is over only after its last moment.
    let again = db.store.claim_notices("c", now + minute, minute, 1).await.unwrap();
    assert_ne!(ids(&again), vec![urgent.id]);
    let late = db
        .store
        .claim_notices("c", now + minute + TimeDelta::microseconds(1), minute, 1)
        .await
        .unwrap();
    assert_eq!((late[0].id, late[0].attempts), (urgent.id, 2));
    assert!(
        !mark_sent(&db.store, urgent.id, "a", now).await.unwrap(),
        "the claim was lost"
    );
    assert!(mark_sent(&db.store, urgent.id, "c", now).await.unwrap());
});

both!(what_came_of_a_claim_is_recorded, |db| {
    let w = world(&db.store).await;
    let now = at(NOW);
    let [sent, retried, failed, overtaken] = ["sent", "retried", "failed", "overtaken"].map(|name| notice(&w, name));
    write(
        &db.store,
        &[sent.clone(), retried.clone(), failed.clone(), overtaken.clone()],
    )
    .await;
    assert!(!mark_sent(&db.store, sent.id, "a", now).await.unwrap(), "never claimed");
    assert_eq!(
        db.store
            .claim_notices("a", now, TimeDelta::minutes(1), 9)
            .await
            .unwrap()
            .len(),
        4
    );
    let tx = db.store.begin().await.unwrap();
    assert!(stored::supersede(&tx, overtaken.id).await.unwrap());
    assert!(!stored::supersede(&tx, overtaken.id).await.unwrap());
    tx.commit().await.unwrap();
    let later = now + TimeDelta::minutes(5);
    assert!(
        !mark_sent(&db.store, sent.id, "b", now).await.unwrap(),
        "another's claim"
    );
    assert!(mark_sent(&db.store, sent.id, "a", now).await.unwrap());
    assert!(!mark_sent(&db.store, sent.id, "a", later).await.unwrap(), "sent before");
    assert!(
        mark_retry(&db.store, retried.id, "a", later, "451 later")
            .await
            .unwrap()
    );
    assert!(
        mark_failed(&db.store, failed.id, "a", now, "550 no such user")
            .await
            .unwrap()
    );
    assert!(!mark_failed(&db.store, overtaken.id, "a", now, "550").await.unwrap());
    assert!(
        mark_sent(&db.store, overtaken.id, "a", later).await.unwrap(),
        "it was on its way"
    );
    let c = db.store.read();
    let there = stored::get_notice(&c, retried.id).await.unwrap();
    let expected = Notice {
        attempts: 1,
        run_at: later,
        last_error: Some("451 later".to_owned()),
        ..retried.clone()
    };
    assert_eq!(there, expected);
    let there = stored::get_notice(&c, sent.id).await.unwrap();
    assert_eq!(
        there,
        Notice {
            attempts: 1,
            state: NoticeState::Sent,
            sent_at: Some(now),
            ..sent
        }
    );
    assert_eq!(
        stored::get_notice(&c, overtaken.id).await.unwrap().state,
        NoticeState::Sent
    );
    let (chase, many) = stored::failed_notices(&c, w.fund.id, 10).await.unwrap();
    assert_eq!(
        chase.iter().map(|notice| notice.id).collect::<Vec<_>>(),
        vec![failed.id]
    );
    assert_eq!(many, 1);
    assert_eq!(chase[0].last_error.as_deref(), Some("550 no such user"));
    assert_eq!(stored::failed_notices(&c, id(), 10).await.unwrap(), (vec![], 0));
    assert_eq!(stored::sent_since(&c, now).await.unwrap(), 2);
    assert_eq!(stored::sent_since(&c, later).await.unwrap(), 1);
    // Put back, it can be claimed at once by anybody when its time has come.
    assert_eq!(
        db.store
            .claim_notices("b", now, TimeDelta::minutes(1), 9)
            .await
            .unwrap(),
        vec![]
    );
    let again = db
        .store
        .claim_notices("b", later, TimeDelta::minutes(1), 9)
        .await
        .unwrap();
    assert_eq!((again[0].id, again[0].attempts), (retried.id, 2));
});

both!(what_is_no_longer_owed_is_not_sent, |db| {
    let w = world(&db.store).await;
    let reminder = Notice {
        kind: "reminder".to_owned(),
        ..notice(&w, "reminder")
    };
    let overdue = Notice {
        kind: "overdue".to_owned(),
        ..notice(&w, "overdue")
    };
    let receipt = Notice {
        kind: "receipt".to_owned(),
        ..notice(&w, "receipt")
    };
    let elsewhere = Notice {
        return_id: None,
        ..reminder.clone()
    };
    let elsewhere = Notice {
        id: id(),
        dedupe: "else".to_owned(),
        message_id: "<else@x>".to_owned(),
        ..elsewhere
    };
    write(
        &db.store,
        &[reminder.clone(), overdue, receipt.clone(), elsewhere.clone()],
    )
    .await;
    let tx = db.store.begin().await.unwrap();
    let kinds = ["reminder", "overdue"];
    assert_eq!(stored::supersede_for_return(&tx, w.owed.id, &kinds).await.unwrap(), 2);
    assert_eq!(stored::supersede_for_return(&tx, w.owed.id, &[]).await.unwrap(), 0);
    tx.commit().await.unwrap();
    let mut claimed: Vec<NoticeId> = db
        .store
        .claim_notices("a", at(NOW), TimeDelta::minutes(1), 9)
        .await
        .unwrap()
        .iter()
        .map(|n| n.id)
        .collect();
    let mut left = vec![receipt.id, elsewhere.id];
    claimed.sort();
    left.sort();
    assert_eq!(claimed, left);
    let there = stored::get_notice(&db.store.read(), reminder.id).await.unwrap();
    assert_eq!(there.state, NoticeState::Superseded);
});

both!(four_workers_send_four_hundred_notices_once_each, |db| {
    let w = world(&db.store).await;
    let notices: Vec<Notice> = (0..400).map(|n| notice(&w, &format!("n{n}"))).collect();
    write(&db.store, &notices).await;
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..4 {
        let store = db.store.clone();
        workers.spawn(async move {
            let (owner, now) = (format!("worker-{worker}"), at(NOW));
            let mut mine = Vec::new();
            loop {
                let claimed = store
                    .claim_notices(&owner, now, TimeDelta::minutes(1), 7)
                    .await
                    .unwrap();
                if claimed.is_empty() {
                    return mine;
                }
                for notice in claimed {
                    assert!(mark_sent(&store, notice.id, &owner, now).await.unwrap());
                    mine.push((notice.id, notice.attempts));
                }
            }
        });
    }
    let mut sent: BTreeMap<NoticeId, u32> = BTreeMap::new();
    while let Some(mine) = workers.join_next().await {
        for (id, attempts) in mine.unwrap() {
            assert_eq!(attempts, 1);
            *sent.entry(id).or_default() += 1;
        }
    }
    assert_eq!(sent.len(), 400);
    assert!(sent.values().all(|times| *times == 1));
    assert_eq!(stored::sent_since(&db.store.read(), at(NOW)).await.unwrap(), 400);
});
