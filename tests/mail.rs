//! The mail room against a mail server that misbehaves: what is owed arrives, once where that can be known, and what
//! cannot arrive is shown.

#[path = "mail/outbox.rs"]
mod outbox;
#[path = "support/sink.rs"]
mod sink;

use chrono::TimeDelta;
use countersign::mail::{Drained, Tls, TransportConfig};
use countersign_domain::returns::{Notice, NoticeState};
use mail_parser::MessageParser;
use outbox::{NOW, Outbox, config, link, named, smtp};
use sink::{Behaviour, Fault, PASSWORD, Security, Sink, USER};
use std::collections::BTreeMap;

fn sent(sent: u32) -> Drained {
    Drained { sent, ..Drained::default() }
}

#[tokio::test]
async fn a_notice_arrives_with_its_link_and_the_row_does_not_learn_it() {
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    outbox.owe(&named(1)).await;
    assert_eq!(outbox.drain(&smtp(&sink), NOW).await, sent(1));

    let received = sink.messages().remove(0);
    assert_eq!((received.from.as_str(), received.to.as_slice()), ("grants@example.org", &["p1@example.org".to_owned()][..]));
    let mail = MessageParser::default().parse(&received.bytes).unwrap();
    let address = format!("https://grants.example.org/r/{}", outbox.secrets.link_token(link(1)));
    assert!(mail.body_text(0).unwrap().contains(&address));
    assert!(mail.body_html(0).unwrap().contains(&format!("href=\"{address}\"")));

    let row = outbox.get(1).await;
    assert_eq!((row.state, row.attempts, row.last_error), (NoticeState::Sent, 1, None));
    assert_eq!((row.text, row.html), (named(1).text, named(1).html));
    assert_eq!(outbox.drain(&smtp(&sink), NOW + TimeDelta::days(30)).await, sent(0));
}

#[tokio::test]
async fn lines_are_encrypted_and_signed_in_as_configured() {
    for (security, tls) in [(Security::StartTls, Tls::StartTls), (Security::Implicit, Tls::Implicit)] {
        for mechanism in ["PLAIN", "LOGIN"] {
            let sink = Sink::start(Behaviour { security, sign_in: Some(mechanism) }).await;
            let outbox = Outbox::new().await;
            outbox.owe(&named(1)).await;
            let config = outbox.secure(&sink, tls, PASSWORD);
            assert_eq!(outbox.drain(&config, NOW).await, sent(1), "{tls:?} {mechanism}: {:?}", outbox.get(1).await.last_error);
            assert!(sink.messages().iter().all(|received| received.encrypted && received.signed_in));
        }
    }
}

#[tokio::test]
async fn a_wrong_password_is_tried_again_and_shown() {
    let sink = Sink::start(Behaviour { security: Security::StartTls, sign_in: Some("PLAIN") }).await;
    let outbox = Outbox::new().await;
    outbox.owe(&named(1)).await;
    let drained = outbox.drain(&outbox.secure(&sink, Tls::StartTls, "wrong"), NOW).await;
    assert_eq!(drained, Drained { retried: 1, ..Drained::default() });
    let row = outbox.get(1).await;
    assert_eq!(row.state, NoticeState::Queued);
    assert!(row.last_error.unwrap().contains("wrong user name or password"));
    let right = outbox.secure(&sink, Tls::StartTls, PASSWORD);
    assert_eq!(outbox.drain(&right, NOW + TimeDelta::minutes(2)).await, sent(1));
}

#[tokio::test]
async fn nothing_is_said_on_a_line_that_should_be_encrypted_and_is_not() {
    let plain = Sink::start(Behaviour { security: Security::Plain, sign_in: Some("PLAIN") }).await;
    let outbox = Outbox::new().await;
    outbox.owe(&named(1)).await;
    assert_eq!(outbox.drain(&outbox.secure(&plain, Tls::StartTls, PASSWORD), NOW).await.retried, 1);
    assert!(outbox.get(1).await.last_error.unwrap().contains("STARTTLS"));

    let stranger = Sink::start(Behaviour { security: Security::StartTls, sign_in: None }).await;
    let mut config = smtp(&stranger);
    if let TransportConfig::Smtp { tls, .. } = &mut config.transport {
        *tls = Tls::StartTls;
    }
    assert_eq!(outbox.drain(&config, NOW + TimeDelta::hours(1)).await.retried, 1);
    assert!(plain.messages().is_empty() && stranger.messages().is_empty());
}

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
        assert!(!said.is_empty() && said.len() <= 300 && !said.contains(char::is_control), "{fault:?}: {said}");

        outbox.drain(&smtp(&sink), NOW + TimeDelta::minutes(2)).await;
        let settled = outbox.get(1).await.state;
        assert_eq!(settled, if expected == NoticeState::Queued { NoticeState::Sent } else { expected }, "{fault:?}");
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
    assert_eq!(outbox.get(1).await.last_error.as_deref(), Some("The mail server did not answer in time."));
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
        sink.script(std::iter::repeat_n(Fault::None, 4).chain([faults[n as usize % faults.len()]]).take(if n % 5 == 0 { 5 } else { 0 }));
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
        assert_eq!(outbox.drain(&smtp(&sink), NOW + TimeDelta::minutes(minute)).await.sent, 0);
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
    assert_eq!(outbox.drain(&smtp(&sink), week_later + TimeDelta::minutes(2)).await, sent(1));
}

#[tokio::test]
async fn a_poisoned_row_is_flagged_and_the_others_go() {
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    for n in 1..=20 {
        outbox.owe(&if n == 3 { Notice { subject: "a\r\nBcc: all@example.org".to_owned(), ..named(3) } } else { named(n) }).await;
    }
    assert_eq!(outbox.drain(&smtp(&sink), NOW).await, Drained { sent: 19, failed: 1, ..Drained::default() });
    let poisoned = outbox.get(3).await;
    assert_eq!(poisoned.state, NoticeState::Failed);
    assert!(poisoned.last_error.unwrap().contains("subject"));
    assert!(sink.connections() <= 4, "{} connections for one drain", sink.connections());
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
    outbox.owe(&Notice { priority: 0, written_at: NOW + TimeDelta::seconds(20), ..named(61) }).await;
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
    assert_eq!(drained, Drained { sent: 3, superseded: 3, ..Drained::default() });
    assert_eq!(outbox.get(2).await.state, NoticeState::Superseded);
    assert_eq!(outbox.drain(&smtp(&sink), NOW + TimeDelta::days(1)).await, sent(0));
    assert_eq!(sink.messages().len(), 3);
}

#[tokio::test]
async fn what_a_dead_replica_claimed_waits_for_its_lease_and_then_goes() {
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    outbox.owe(&named(1)).await;
    let lease = TimeDelta::minutes(2);
    assert_eq!(outbox.store.claim_notices("the dead", NOW, lease, 4).await.unwrap().len(), 1);
    assert_eq!(outbox.drain(&smtp(&sink), NOW + TimeDelta::minutes(1)).await, sent(0));
    assert_eq!(outbox.drain(&smtp(&sink), NOW + TimeDelta::minutes(3)).await, sent(1));
}

#[tokio::test]
async fn a_drain_can_run_in_the_background() {
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    outbox.owe(&named(1)).await;
    let (mailer, store, secrets) = (outbox.mailer(&smtp(&sink), "one"), outbox.store.clone(), outbox.secrets.clone());
    let drain = tokio::spawn(async move { mailer.drain(&store, &secrets, NOW, |_| async { Ok(true) }).await });
    assert_eq!(drain.await.unwrap().unwrap(), sent(1));
}

#[tokio::test]
async fn a_folder_gets_the_same_letters_as_a_server() {
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    outbox.owe(&named(1)).await;
    let folder = outbox.path("mail");
    let to_folder = config(TransportConfig::File { folder: folder.clone() });
    assert_eq!(outbox.drain(&to_folder, NOW).await, sent(1));
    let written = std::fs::read(folder.join("1.notice.eml")).unwrap();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);

    let other = Outbox::new().await;
    other.owe(&named(1)).await;
    other.drain(&smtp(&sink), NOW).await;
    // SMTP ends a message with an empty line of its own.
    assert_eq!(sink.messages()[0].bytes, [&written[..], b"\r\n"].concat());
}

#[tokio::test]
async fn a_configuration_that_cannot_work_is_refused_in_words() {
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    let problem = |config| outbox.try_mailer(&config).err().map(|error| error.to_string()).unwrap_or_default();
    let mut given = smtp(&sink);
    given.from = "nobody".to_owned();
    assert!(problem(given).contains("mail.from: ‘nobody’"));
    let mut given = smtp(&sink);
    given.per_minute = 0;
    assert_eq!(problem(given), "mail.per_minute must be 1 or more");
    let mut given = smtp(&sink);
    given.hello_name = "a\r\nb".to_owned();
    assert!(problem(given).contains("mail.hello_name"));
    let mut given = outbox.secure(&sink, Tls::None, PASSWORD);
    if let TransportConfig::Smtp { host, .. } = &mut given.transport {
        *host = "mail.example.org".to_owned();
    }
    assert!(!format!("{given:?}").contains(PASSWORD) && format!("{given:?}").contains(USER));
    assert!(problem(given).contains("unencrypted to mail.example.org"));
    let mut given = outbox.secure(&sink, Tls::Implicit, PASSWORD);
    if let TransportConfig::Smtp { ca_file, .. } = &mut given.transport {
        *ca_file = Some(outbox.path("missing.pem"));
    }
    assert!(problem(given).contains("mail.ca_file"));
}
