//! A database that takes no writes: locked by another process, or on a disk that takes no more.

use crate::outside::browser::TestBrowser;
use crate::outside::people::MORWENNA;
use crate::outside::process::{Demo, Snapshot};
use crate::outside::server::TestServer;
use sea_orm::{ConnectionTrait, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use std::process::Command;

const TEXT: &str = "Words that must not be lost.";

async fn not_saved(contact: &mut TestBrowser) {
    contact.press("Save and continue").await;
    assert_eq!(contact.status, 503, "{}", contact.says());
    contact.must_see(&["Not saved", "still on this page"]);
    assert_eq!(contact.value("Amount spent in the year"), "10,000");
    assert!(
        contact.value("What the project achieved").starts_with(TEXT),
        "what was typed is still in its box"
    );
}

async fn saved(contact: &mut TestBrowser) {
    contact.press("Save and continue").await;
    assert_eq!(contact.status, 200, "{}", contact.says());
    contact.open_project("prevent").await;
    assert_eq!(contact.value("Amount spent in the year"), "10,000");
    assert!(contact.value("What the project achieved").starts_with(TEXT));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_locked_nothing_typed_is_lost() {
    let server = TestServer::sqlite().await;
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.open_project("prevent").await;
    contact.answer("spent", "10,000").answer("outcomes", TEXT);
    // Longer than the session's last use is written down for.
    server.pass(120);
    let other = server.database.behind_the_store().await;
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let lock = other.begin_with_options(options).await.unwrap();
    not_saved(&mut contact).await;
    lock.rollback().await.unwrap();
    saved(&mut contact).await;
    other.execute_unprepared("select 1").await.unwrap();
    other.close().await.unwrap();
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_disk_takes_no_more_nothing_typed_is_lost() {
    let server = TestServer::sqlite().await;
    let mut contact = server.at_the_return(MORWENNA).await;
    contact.open_project("prevent").await;
    let snapshot = Snapshot::of(server).await;
    let folder = snapshot.copy();
    let demo = Demo::start(folder.path(), snapshot.port());
    contact
        .answer("spent", "10,000")
        .answer("outcomes", &format!("{TEXT}{}", " More of them.".repeat(4000)));
    let log = folder.path().join("countersign.db-wal");
    let room = std::fs::metadata(&log).expect("the log is there").len() + 8192;
    limit(&demo, &room.to_string());
    not_saved(&mut contact).await;
    not_saved(&mut contact).await;
    limit(&demo, "unlimited");
    saved(&mut contact).await;
    demo.kill();
}

/// How large the files of a running process may become.
fn limit(demo: &Demo, bytes: &str) {
    let done = Command::new("prlimit")
        .args(["--pid", &demo.pid().to_string(), &format!("--fsize={bytes}:unlimited")])
        .status();
    assert!(done.expect("prlimit is part of util-linux").success());
}
