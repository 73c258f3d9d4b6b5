//! Links that are revoked, expired, guessed, followed by machines, or tried by somebody else.

use crate::outside::browser::TestBrowser;
use crate::outside::on_both;
use crate::outside::people::{ANITA, MORWENNA, PIERS, Someone};
use crate::outside::server::TestServer;
use crate::outside::stages::RETURN;
use reqwest::Method;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

on_both!(
    a_revoked_link_stops_at_the_next_request,
    an_expired_link_opens_nothing,
    a_guessed_link_looks_like_any_other,
    two_hundred_prefetches_change_nothing,
    wrong_addresses_are_counted,
);

async fn link_of(server: &TestServer, who: Someone) -> String {
    server.mails_to(who.address).await[0].link()
}

async fn knock(browser: &mut TestBrowser, link: &str, who: Someone) {
    browser.visit(link).await;
    browser.fill("Email address", who.address).press("Continue").await;
}

async fn a_revoked_link_stops_at_the_next_request(server: TestServer) {
    let link = link_of(&server, MORWENNA).await;
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.open_project("prevent").await;
    contact.answer("spent", "10,000").save().await;
    contact.open_project("prevent").await;
    contact.answer("outcomes", "Words that must not be lost.");
    let mut reviewer = server.at_the_office(ANITA).await;
    reviewer.follow(RETURN).await;
    reviewer
        .under(&["Links and contacts", MORWENNA.name])
        .press("Revoke link")
        .await;
    assert_eq!(reviewer.errors(), ["Say why the link is taken back"]);
    reviewer.under(&["Links and contacts", MORWENNA.name]);
    reviewer
        .fill("Why the link is taken back", "She has left.")
        .press("Revoke link")
        .await;
    reviewer.must_see(&["Revoked", "She has left."]);

    contact.press("Save and continue").await;
    assert_eq!(contact.status, 403);
    contact.must_see(&["Open the link in your email", "Words that must not be lost."]);
    let mut again = server.browser();
    knock(&mut again, &link, MORWENNA).await;
    assert_eq!(again.status, 403);
    let mut other = server.at_the_return(PIERS).await;
    other.open_project("prevent").await;
    assert_eq!(
        other.value("Amount spent in the year"),
        "10,000",
        "what was saved is there for the others"
    );
    server.finish().await;
}

async fn an_expired_link_opens_nothing(server: TestServer) {
    let link = link_of(&server, MORWENNA).await;
    let mut contact = server.at_the_return(MORWENNA).await;
    let closes = server.the_return().await.closes_on;
    server
        .advance_to(&format!("{} 12:00", closes + chrono::Days::new(32)))
        .await;
    contact.visit("/return").await;
    contact.must_see(&["Open the link in your email"]);
    let mut again = server.browser();
    knock(&mut again, &link, MORWENNA).await;
    assert_eq!(again.status, 403);
    again.must_see(&["This link and address do not go together, or the link has run out."]);
    server.finish().await;
}

async fn a_guessed_link_looks_like_any_other(server: TestServer) {
    let good = link_of(&server, MORWENNA).await;
    let mut pages = Vec::new();
    let guessed = format!("{}/r/{}", server.base, "A".repeat(43));
    for link in [&good, &guessed, &format!("{}/r/x", server.base)] {
        let mut browser = server.browser();
        browser.visit(link).await;
        pages.push((browser.status, browser.source().to_owned()));
    }
    assert!(
        pages.iter().all(|page| *page == pages[0]),
        "a GET says nothing of whether a link is good"
    );
    let mut refused = Vec::new();
    for (link, who) in [(&good, PIERS), (&guessed, PIERS)] {
        let mut browser = server.browser();
        knock(&mut browser, link, who).await;
        assert!(browser.headers.get("set-cookie").is_none());
        refused.push((browser.status, browser.source().to_owned()));
    }
    assert_eq!(refused[0], refused[1], "nor does a POST with the wrong address");
    server.finish().await;
}

async fn two_hundred_prefetches_change_nothing(server: TestServer) {
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.open_project("prevent").await;
    contact.answer("outcomes", "A canary sang in the mine.").save().await;
    let link = link_of(&server, MORWENNA).await;
    let before = everything(&server).await;
    let scanner = server.browser();
    for at in 0..200 {
        let method = if at % 2 == 0 { Method::GET } else { Method::HEAD };
        let answer = scanner
            .request(method, &link)
            .header("user-agent", "LinkScanner/1.0")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        assert!(answer.headers().get("set-cookie").is_none());
        let body = answer.text().await.unwrap();
        for planted in ["canary", "Morwenna", "Plymouth", "10,000"] {
            assert!(!body.contains(planted), "{planted}");
        }
    }
    assert_eq!(
        everything(&server).await,
        before,
        "not a byte of the database is another"
    );
    server
        .at_the_return(MORWENNA)
        .await
        .must_see(&["Prevent and welcoming city"]);
    server.finish().await;
}

/// Every row of every table.
async fn everything(server: &TestServer) -> Vec<String> {
    let connection = server.database.behind_the_store().await;
    let backend = connection.get_database_backend();
    let tables = match backend {
        DbBackend::Postgres => "select tablename as name from pg_tables where schemaname = 'public' order by 1",
        _ => "select name from sqlite_master where type = 'table' order by 1",
    };
    let mut rows = Vec::new();
    for table in connection
        .query_all_raw(Statement::from_string(backend, tables))
        .await
        .unwrap()
    {
        let name: String = table.try_get("", "name").unwrap();
        let all = Statement::from_string(backend, format!("select * from \"{name}\" order by 1, 2"));
        for row in connection.query_all_raw(all).await.unwrap() {
            rows.push(format!("{name}: {row:?}"));
        }
    }
    assert!(rows.len() > 20, "{rows:?}");
    connection.close().await.unwrap();
    rows
}

async fn wrong_addresses_are_counted(server: TestServer) {
    let link = link_of(&server, MORWENNA).await;
    let mut browser = server.browser();
    for _ in 0..5 {
        knock(&mut browser, &link, PIERS).await;
        assert_eq!(browser.status, 403);
    }
    knock(&mut browser, &link, MORWENNA).await;
    assert_eq!(browser.status, 429, "after five wrong ones the right one waits too");
    browser.must_see(&["Too many tries", "Try again in an hour."]);
    server.pass(3601);
    knock(&mut browser, &link, MORWENNA).await;
    assert_eq!(browser.path(), "/return");
    server.finish().await;
}
