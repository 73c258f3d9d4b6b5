//! Whose turn it is: the cap, codes before the rest, claims, and what is no longer owed.

use crate::outbox::{NOW, Outbox, named, sent, smtp};
use crate::sink::Sink;
use chrono::TimeDelta;
use countersign::mail::Drained;
use countersign_domain::returns::{Notice, NoticeState};

#[tokio::test]
async fn a_poisoned_row_is_flagged_and_the_others_go() {
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    for n in 1..=20 {
        outbox
            .owe(&if n == 3 {
                Notice {
                    subject: "a\r\nBcc: all@example.org".to_owned(),
                    ..named(3)
                }
            } else {
                named(n)
            })
            .await;
    }
    assert_eq!(
        outbox.drain(&smtp(&sink), NOW).await,
        Drained {
            sent: 19,
            failed: 1,
            ..Drained::default()
        }
    );
    let poisoned = outbox.get(3).await;
    assert_eq!(poisoned.state, NoticeState::Failed);
    assert!(poisoned.last_error.unwrap().contains("subject"));
    assert!(
        sink.connections() <= 4,
        "{} connections for one drain",
        sink.connections()
    );
}

#[tokio::test]
async fn the_minute_has_a_cap_and_codes_go_ahead_of_it() {
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    let mut config = smtp(&sink);
    config.per_minute = 25;
    for n in 1..=60 {
        outbox.owe(&named(n)).await;
    }
    assert_eq!(outbox.drain(&config, NOW).await, sent(25));
    assert_eq!(outbox.drain(&config, NOW + TimeDelta::seconds(10)).await, sent(0));
    outbox
        .owe(&Notice {
            priority: 0,
            written_at: NOW + TimeDelta::seconds(20),
            ..named(61)
        })
        .await;
    assert_eq!(outbox.drain(&config, NOW + TimeDelta::seconds(20)).await, sent(1));
    assert_eq!(outbox.get(61).await.state, NoticeState::Sent);
    assert_eq!(outbox.drain(&config, NOW + TimeDelta::minutes(5)).await, sent(25));
    assert_eq!(outbox.drain(&config, NOW + TimeDelta::minutes(10)).await, sent(10));
}

#[tokio::test]
async fn what_is_no_longer_owed_is_not_sent() {
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    for n in 1..=6 {
        outbox.owe(&named(n)).await;
    }
    let mailer = outbox.mailer(&smtp(&sink), "one");
    let odd = |notice: Notice| async move { Ok(notice.id.uuid().as_u128() % 2 == 1) };
    let drained = mailer.drain(&outbox.store, &outbox.secrets, NOW, odd).await.unwrap();
    assert_eq!(
        drained,
        Drained {
            sent: 3,
            superseded: 3,
            ..Drained::default()
        }
    );
    assert_eq!(outbox.get(2).await.state, NoticeState::Superseded);
    assert_eq!(outbox.drain(&smtp(&sink), NOW + TimeDelta::days(1)).await, sent(0));
    assert_eq!(sink.messages().len(), 3);
}

#[tokio::test]
async fn what_a_dead_replica_claimed_waits_for_its_lease_and_then_goes() {
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    outbox.owe(&named(1)).await;
    let lease = TimeDelta::minutes(2);
    assert_eq!(
        outbox
            .store
            .claim_notices("the dead", NOW, lease, 4)
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(outbox.drain(&smtp(&sink), NOW + TimeDelta::minutes(1)).await, sent(0));
    assert_eq!(outbox.drain(&smtp(&sink), NOW + TimeDelta::minutes(3)).await, sent(1));
}
