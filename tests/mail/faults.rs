//! A server that refuses, hangs up, falls silent or is away: nothing is lost, and what cannot arrive is shown.

use crate::outbox::{NOW, Outbox, named, sent, smtp};
use crate::sink::{Fault, Sink};
use chrono::TimeDelta;
use countersign::mail::TransportConfig;
use countersign_domain::returns::NoticeState;
use std::collections::BTreeMap;

#[tokio::test]
async fn refusals_of_a_letter_are_for_good_and_everything_else_is_tried_again() {
    let cases = [
        (Fault::Greeting("421 too busy"), NoticeState::Queued),
        (Fault::Greeting("554 not today"), NoticeState::Queued),
        (Fault::Greeting("what is this"), NoticeState::Queued),
        (Fault::Mail("451 later"), NoticeState::Queued),
        (Fault::Mail("550 5.7.1 not that sender"), NoticeState::Queued),
        (Fault::Mail("\u{7}garbage"), NoticeState::Queued),
        (Fault::Rcpt("450 mailbox busy"), NoticeState::Queued),
        (Fault::Rcpt("452 too many"), NoticeState::Queued),
        (Fault::Rcpt("530 sign in"), NoticeState::Queued),
        (Fault::Rcpt("550 5.1.1 no such user"), NoticeState::Failed),
        (Fault::Data("451 later"), NoticeState::Queued),
        (Fault::Data("554 5.7.1 looks like spam"), NoticeState::Failed),
        (Fault::DropInside, NoticeState::Queued),
        (Fault::DropAfterKeeping, NoticeState::Queued),
    ];
    for (fault, expected) in cases {
        let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
        outbox.owe(&named(1)).await;
        sink.script([fault]);
        outbox.drain(&smtp(&sink), NOW).await;
        let row = outbox.get(1).await;
        assert_eq!(row.state, expected, "{fault:?}");
        let said = row.last_error.unwrap();
        assert!(
            !said.is_empty() && said.len() <= 300 && !said.contains(char::is_control),
            "{fault:?}: {said}"
        );

        outbox.drain(&smtp(&sink), NOW + TimeDelta::minutes(2)).await;
        let settled = outbox.get(1).await.state;
        assert_eq!(
            settled,
            if expected == NoticeState::Queued {
                NoticeState::Sent
            } else {
                expected
            },
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn after_a_lost_answer_the_same_bytes_come_again() {
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    outbox.owe(&named(1)).await;
    sink.script([Fault::DropAfterKeeping]);
    outbox.drain(&smtp(&sink), NOW).await;
    assert_eq!(outbox.drain(&smtp(&sink), NOW + TimeDelta::minutes(2)).await, sent(1));
    let messages = sink.messages();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0].bytes, messages[1].bytes);
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up_in_time() {
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    outbox.owe(&named(1)).await;
    sink.script([Fault::Stall]);
    let mut config = smtp(&sink);
    if let TransportConfig::Smtp { timeout_seconds, .. } = &mut config.transport {
        *timeout_seconds = 1;
    }
    assert_eq!(outbox.drain(&config, NOW).await.retried, 1);
    assert_eq!(
        outbox.get(1).await.last_error.as_deref(),
        Some("The mail server did not answer in time.")
    );
}

#[tokio::test]
async fn among_many_faults_nothing_is_lost_and_copies_are_alike() {
    const NOTICES: u128 = 150;
    let faults = [
        Fault::Rcpt("450 busy"),
        Fault::Greeting("421 too busy"),
        Fault::Data("451 later"),
        Fault::DropInside,
        Fault::DropAfterKeeping,
        Fault::Mail("nonsense"),
    ];
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    sink.refuse("p7@example.org", "550 5.1.1 gone");
    for n in 1..=NOTICES {
        outbox.owe(&named(n)).await;
        // One fault for every five messages.
        sink.script(
            std::iter::repeat_n(Fault::None, 4)
                .chain([faults[n as usize % faults.len()]])
                .take(if n % 5 == 0 { 5 } else { 0 }),
        );
    }
    let mut now = NOW;
    for _ in 0..40 {
        outbox.drain(&smtp(&sink), now).await;
        now += TimeDelta::minutes(20);
    }
    let mut copies: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for received in sink.messages() {
        copies.entry(received.to[0].clone()).or_default().push(received.bytes);
    }
    assert_eq!(copies.len() as u128, NOTICES - 1);
    assert!(copies.values().all(|bytes| bytes.iter().all(|copy| *copy == bytes[0])));
    for n in 1..=NOTICES {
        let expected = if n == 7 { NoticeState::Failed } else { NoticeState::Sent };
        assert_eq!(outbox.get(n).await.state, expected, "notice {n}");
    }
}

#[tokio::test]
async fn an_hour_without_a_server_delays_and_loses_nothing() {
    let (mut sink, outbox) = (Sink::plain().await, Outbox::new().await);
    for n in 1..=10 {
        outbox.owe(&named(n)).await;
    }
    sink.down().await;
    for minute in 0..60 {
        assert_eq!(
            outbox.drain(&smtp(&sink), NOW + TimeDelta::minutes(minute)).await.sent,
            0
        );
    }
    assert!(outbox.get(1).await.last_error.is_some());
    sink.up().await;
    let mut arrived = 0;
    for minute in 60..150 {
        arrived += outbox.drain(&smtp(&sink), NOW + TimeDelta::minutes(minute)).await.sent;
    }
    assert_eq!((arrived, sink.messages().len()), (10, 10));
}

#[tokio::test]
async fn waits_grow_and_after_72_hours_a_notice_is_given_up_for_all_to_see() {
    let (mut sink, outbox) = (Sink::plain().await, Outbox::new().await);
    outbox.owe(&named(1)).await;
    sink.down().await;
    let (mut waits, mut now) = (Vec::new(), NOW);
    while outbox.drain(&smtp(&sink), now).await.failed == 0 {
        let next = outbox.get(1).await.run_at;
        // Rounded: a drain's own time goes on while it runs.
        waits.push((next - now).num_minutes());
        now = next;
    }
    assert_eq!(waits[..9], [1, 2, 5, 15, 30, 60, 120, 240, 240]);
    assert!((68..=72).contains(&(now - NOW).num_hours()), "{}", now - NOW);
    assert_eq!(outbox.get(1).await.state, NoticeState::Failed);
}

#[tokio::test]
async fn a_notice_that_waited_for_days_is_not_given_up_at_its_first_failure() {
    let (mut sink, outbox) = (Sink::plain().await, Outbox::new().await);
    outbox.owe(&named(1)).await;
    sink.down().await;
    let week_later = NOW + TimeDelta::days(7);
    assert_eq!(outbox.drain(&smtp(&sink), week_later).await.retried, 1);
    sink.up().await;
    assert_eq!(
        outbox.drain(&smtp(&sink), week_later + TimeDelta::minutes(2)).await,
        sent(1)
    );
}
