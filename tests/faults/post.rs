//! A mail server that is down, or refuses somebody.

use crate::outside::on_both;
use crate::outside::people::{ANITA, MORWENNA, PIERS};
use crate::outside::server::TestServer;
use crate::outside::stages::RETURN;
use countersign_domain::returns::NoticeState;

on_both!(
    down_for_an_hour_makes_one_mail_each,
    a_refused_address_is_shown_the_same_day
);

async fn down_for_an_hour_makes_one_mail_each(mut server: TestServer) {
    server.sink.down().await;
    let before = server.mails().len();
    server.advance_to("2018-04-16 09:00").await;
    for _ in 0..6 {
        server.pass(600);
        server.tick().await;
    }
    assert_eq!(server.mails().len(), before);
    let written = server.notices().await;
    let waiting: Vec<_> = written
        .iter()
        .filter(|notice| notice.state == NoticeState::Queued)
        .collect();
    assert_eq!(waiting.len(), 2, "one each is waiting: {waiting:?}");
    assert!(
        waiting
            .iter()
            .all(|notice| notice.attempts > 1 && notice.last_error.is_some())
    );
    server.sink.up().await;
    for _ in 0..6 {
        server.pass(1800);
        server.tick().await;
    }
    let since = server.mails().split_off(before);
    assert_eq!(since.len(), 2, "{since:?}");
    for (who, mail) in [MORWENNA, PIERS]
        .iter()
        .map(|who| (who, since.iter().find(|mail| mail.to == who.address)))
    {
        let mail = mail.unwrap_or_else(|| panic!("{} has theirs", who.name));
        let notice = waiting
            .iter()
            .find(|notice| notice.to_address == who.address)
            .expect("the notice");
        assert_eq!(
            mail.message_id,
            notice.message_id.trim_matches(['<', '>']),
            "the identity given when it was written"
        );
    }
    server.finish().await;
}

async fn a_refused_address_is_shown_the_same_day(mut server: TestServer) {
    server.sink.refuse(MORWENNA.address, "550 5.1.1 no such mailbox");
    server.advance_to("2018-04-16 09:00").await;
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.must_see(&["1 mail could not be delivered", MORWENNA.address, "no such mailbox"]);
    reviewer.follow(RETURN).await;
    reviewer.must_see(&["Could not be delivered."]);
    assert_eq!(
        server.mails_to(PIERS.address).await.len(),
        2,
        "the other contact has theirs"
    );
    server.may_fail = 1;
    server.finish().await;
}
