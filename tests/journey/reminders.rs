//! Reminders by the form's rules, and what follows when a return is late.
//!
//! The return is due on Monday 30 April 2018. Ten working days before is Monday 16 April, two are Thursday 26 April;
//! with the bank holiday of 7 May, one after is Tuesday 1 May, five are Tuesday 8 May and fifteen are Tuesday 22 May.

use crate::outside::on_both;
use crate::outside::people::{ANITA, MORWENNA, PIERS};
use crate::outside::server::TestServer;
use crate::outside::stages::RETURN;

on_both!(
    each_rule_sends_one_mail_on_its_day,
    a_week_without_the_server_makes_one_mail,
    nobody_is_reminded_of_what_is_done,
    an_extension_moves_the_reminders,
    a_link_can_be_sent_again_when_the_return_is_late,
);

async fn subjects(server: &TestServer, address: &str) -> Vec<String> {
    server
        .mails_to(address)
        .await
        .into_iter()
        .map(|mail| mail.subject)
        .collect()
}

async fn each_rule_sends_one_mail_on_its_day(server: TestServer) {
    let mut seen = Vec::new();
    let mut told = Vec::new();
    let first: chrono::NaiveDate = "2018-04-04".parse().unwrap();
    for day in first.iter_days().take(60) {
        let before = (server.mails().len(), subjects(&server, ANITA.address).await.len());
        server.advance_to(&format!("{day} 09:00")).await;
        server.tick().await;
        if server.mails()[before.0..]
            .iter()
            .any(|mail| mail.to == MORWENNA.address)
        {
            seen.push(day.to_string());
        }
        if subjects(&server, ANITA.address).await.len() > before.1 {
            told.push(day.to_string());
        }
    }
    assert_eq!(seen, ["2018-04-16", "2018-04-26", "2018-05-01", "2018-05-08"]);
    assert_eq!(
        told,
        ["2018-05-01", "2018-05-08", "2018-05-22"],
        "each overdue reminder tells the commissioner too"
    );
    let mails = server.mails_to(MORWENNA.address).await;
    assert_eq!(mails.len(), 5, "{:?}", subjects(&server, MORWENNA.address).await);
    mails.iter().for_each(|mail| mail.says_the_same_twice());
    assert!(mails[1].subject.starts_with("Reminder: "), "{}", mails[1].subject);
    assert!(mails[1].text.contains("in 10 working days"), "{}", mails[1].text);
    assert!(mails[3].subject.starts_with("Overdue: "), "{}", mails[3].subject);
    let escalated = server
        .mails_to(PIERS.address)
        .await
        .into_iter()
        .filter(|mail| mail.subject.starts_with("Overdue from"));
    assert_eq!(escalated.count(), 1, "the lead is told after five working days");
    let commissioner = server.mails_to(ANITA.address).await;
    assert!(
        commissioner[0].text.contains("Safer Plymouth"),
        "{}",
        commissioner[0].text
    );
    commissioner.iter().for_each(|mail| mail.says_the_same_twice());
    server.finish().await;
}

async fn a_week_without_the_server_makes_one_mail(server: TestServer) {
    // Asleep from the morning of the 25th of April: the rules of the 26th and of the 1st of May both come up.
    server.advance_to("2018-04-16 09:00").await;
    let before = server.mails().len();
    server.advance_to("2018-05-02 09:00").await;
    for _ in 0..5 {
        server.tick().await;
    }
    let since = server.mails().split_off(before);
    for who in [MORWENNA, PIERS] {
        let mine: Vec<&str> = since
            .iter()
            .filter(|mail| mail.to == who.address)
            .map(|mail| mail.subject.as_str())
            .collect();
        assert_eq!(mine.len(), 1, "{mine:?}");
        assert!(
            mine[0].starts_with("Overdue: "),
            "nothing says that it is still to come: {mine:?}"
        );
    }
    server.finish().await;
}

async fn nobody_is_reminded_of_what_is_done(server: TestServer) {
    server.submitted().await;
    server.tick().await;
    let before = server.mails().len();
    for day in [
        "2018-04-16",
        "2018-04-26",
        "2018-05-01",
        "2018-05-08",
        "2018-05-22",
        "2018-06-29",
    ] {
        server.advance_to(&format!("{day} 09:00")).await;
    }
    let since: Vec<String> = server
        .mails()
        .split_off(before)
        .into_iter()
        .map(|mail| mail.subject)
        .collect();
    assert_eq!(since, Vec::<String>::new());
    server.finish().await;
}

async fn an_extension_moves_the_reminders(server: TestServer) {
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.follow(RETURN).await;
    let under = ["Give more time"];
    reviewer
        .under(&under)
        .fill("Day", "31")
        .fill("Month", "6")
        .fill("Year", "2018")
        .press("Give more time")
        .await;
    assert_eq!(reviewer.status, 422);
    reviewer
        .under(&under)
        .fill("Day", "31")
        .fill("Month", "5")
        .fill("Year", "2018");
    reviewer
        .fill("Why more time is given", "The books are with the auditors.")
        .press("Give more time")
        .await;
    reviewer.must_see(&["31 May 2018", "More time given", "The books are with the auditors."]);
    let before = server.mails().len();
    server.advance_to("2018-05-15 09:00").await;
    let kinds: Vec<String> = server
        .mails()
        .split_off(before)
        .into_iter()
        .map(|mail| mail.subject)
        .collect();
    assert!(kinds.iter().all(|subject| !subject.starts_with("Overdue")), "{kinds:?}");
    let contact = server.at_the_return(MORWENNA).await;
    contact.must_see(&["31 May 2018, in 16 days"]);
    server.finish().await;
}

async fn a_link_can_be_sent_again_when_the_return_is_late(server: TestServer) {
    server.advance_to("2018-05-03 09:00").await;
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.must_see(&["1 overdue", "3 days overdue"]);
    reviewer.follow(RETURN).await;
    let before = server.mails_to(MORWENNA.address).await.len();
    reviewer.press("Send a link to Morwenna Tregear").await;
    assert_eq!(
        server.mails_to(MORWENNA.address).await.len(),
        before + 1,
        "the mail with the new link is sent"
    );
    let contact = server.at_the_return(MORWENNA).await;
    contact.must_see(&["Overdue"]);
    reviewer
        .under(&["Note a chase"])
        .fill("What you did", "Rang: it comes on Friday.")
        .press("Keep note")
        .await;
    reviewer.must_see(&["Chased", "Rang: it comes on Friday."]);
    server.finish().await;
}
