//! Letters on their way, with a server that behaves: by every kind of line, and to a folder.

use crate::outbox::{NOW, Outbox, config, link, named, sent, smtp};
use crate::sink::{Behaviour, PASSWORD, Security, Sink, USER};
use chrono::TimeDelta;
use countersign::mail::{Drained, Tls, TransportConfig};
use countersign_domain::returns::NoticeState;
use mail_parser::MessageParser;

#[tokio::test]
async fn a_notice_arrives_with_its_link_and_the_row_does_not_learn_it() {
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    outbox.owe(&named(1)).await;
    assert_eq!(outbox.drain(&smtp(&sink), NOW).await, sent(1));

    let received = sink.messages().remove(0);
    assert_eq!(
        (received.from.as_str(), received.to.as_slice()),
        ("grants@example.org", &["p1@example.org".to_owned()][..])
    );
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
            let sink = Sink::start(Behaviour {
                security,
                sign_in: Some(mechanism),
            })
            .await;
            let outbox = Outbox::new().await;
            outbox.owe(&named(1)).await;
            let config = outbox.secure(&sink, tls, PASSWORD);
            assert_eq!(
                outbox.drain(&config, NOW).await,
                sent(1),
                "{tls:?} {mechanism}: {:?}",
                outbox.get(1).await.last_error
            );
            assert!(
                sink.messages()
                    .iter()
                    .all(|received| received.encrypted && received.signed_in)
            );
        }
    }
}

#[tokio::test]
async fn a_wrong_password_is_tried_again_and_shown() {
    let sink = Sink::start(Behaviour {
        security: Security::StartTls,
        sign_in: Some("PLAIN"),
    })
    .await;
    let outbox = Outbox::new().await;
    outbox.owe(&named(1)).await;
    let drained = outbox.drain(&outbox.secure(&sink, Tls::StartTls, "wrong"), NOW).await;
    assert_eq!(
        drained,
        Drained {
            retried: 1,
            ..Drained::default()
        }
    );
    let row = outbox.get(1).await;
    assert_eq!(row.state, NoticeState::Queued);
    assert!(row.last_error.unwrap().contains("wrong user name or password"));
    let right = outbox.secure(&sink, Tls::StartTls, PASSWORD);
    assert_eq!(outbox.drain(&right, NOW + TimeDelta::minutes(2)).await, sent(1));
}

#[tokio::test]
async fn nothing_is_said_on_a_line_that_should_be_encrypted_and_is_not() {
    let plain = Sink::start(Behaviour {
        security: Security::Plain,
        sign_in: Some("PLAIN"),
    })
    .await;
    let outbox = Outbox::new().await;
    outbox.owe(&named(1)).await;
    assert_eq!(
        outbox
            .drain(&outbox.secure(&plain, Tls::StartTls, PASSWORD), NOW)
            .await
            .retried,
        1
    );
    assert!(outbox.get(1).await.last_error.unwrap().contains("STARTTLS"));

    let stranger = Sink::start(Behaviour {
        security: Security::StartTls,
        sign_in: None,
    })
    .await;
    let mut config = smtp(&stranger);
    if let TransportConfig::Smtp { tls, .. } = &mut config.transport {
        *tls = Tls::StartTls;
    }
    assert_eq!(outbox.drain(&config, NOW + TimeDelta::hours(1)).await.retried, 1);
    assert!(plain.messages().is_empty() && stranger.messages().is_empty());
}

#[tokio::test]
async fn a_drain_can_run_in_the_background() {
    let (sink, outbox) = (Sink::plain().await, Outbox::new().await);
    outbox.owe(&named(1)).await;
    let (mailer, store, secrets) = (
        outbox.mailer(&smtp(&sink), "one"),
        outbox.store.clone(),
        outbox.secrets.clone(),
    );
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
    let problem = |config| {
        outbox
            .try_mailer(&config)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
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
