//! The demo of all systems: loaded, played, and standing in the states that make its lists worth looking at.
//!
//! Invariant: the demo is set up once for each test, in a folder of its own, by the code that `countersign demo` runs.

#[path = "demo/figures.rs"]
mod figures;
#[path = "demo/papers.rs"]
mod papers;
#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "../src/typeset/tests/read.rs"]
mod pdf;
#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "support/read_back.rs"]
mod read_back;
#[allow(unused, reason = "each binary of tests uses a part of what they share")]
#[path = "formats/reading.rs"]
mod reading;

use std::collections::BTreeSet;
use std::sync::Mutex;

use chrono::NaiveDate;
use countersign::app::App;
use countersign::demo::{Demo, Folder};
use countersign::service::verify::verify;
use countersign::store::{Store, notices, register, returns};
use countersign_domain::returns::{NoticeState, Return};
use countersign_domain::workflow::State;
use tempfile::TempDir;

/// A demo of all systems as it starts in this folder, at the demo's day or another; answers what it said meanwhile.
async fn start(folder: &TempDir, today: Option<NaiveDate>) -> (App, Vec<String>) {
    let folder = Folder::open(folder.path()).expect("the folder is made");
    let config = folder
        .config("http://127.0.0.1:9", "127.0.0.1:9".parse().expect("an address"))
        .expect("the configuration");
    let clock = folder.clock(today, None).expect("the clock");
    let app = App::open(&config).await.expect("the rooms are put together");
    let said = Mutex::new(Vec::new());
    let say = |words: &str| said.lock().expect("nobody else holds it").push(words.to_owned());
    let demo = Demo::start(app.clone(), clock, folder, None, say)
        .await
        .expect("the demo is set up");
    demo.keep();
    drop(demo);
    (app, said.into_inner().expect("nobody else holds it"))
}

async fn all_returns(store: &Store) -> Vec<Return> {
    let read = store.read();
    let mut all = Vec::new();
    for fund in register::all_funds(&read).await.expect("the funds") {
        all.extend(returns::returns_of_fund(&read, fund.id).await.expect("the returns"));
    }
    all
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_system_stands_where_its_story_leads() {
    let folder = TempDir::new().expect("a folder");
    let (app, said) = start(&folder, None).await;
    for system in ["refuge-", "s1-", "s2-", "s3-", "s4-", "s5-"] {
        let loaded = format!("Loading {system}");
        assert!(said.iter().any(|words| words.starts_with(&loaded)), "{said:?}");
    }
    let (store, today) = (&app.deps.store, day("2018-05-17"));
    let read = store.read();
    let all = all_returns(store).await;
    let tomorrow = day("2018-05-18");
    assert!(
        all.iter()
            .any(|ret| ret.state == State::Draft && ret.due_on == tomorrow),
        "something is due tomorrow"
    );
    let (mut chased, mut sent_back, mut on_leave) = (false, false, false);
    for ret in &all {
        let mails = notices::notices_of_return(&read, ret.id).await.expect("its mails");
        let reminders: BTreeSet<_> = mails
            .iter()
            .filter(|mail| matches!(mail.kind.as_str(), "reminder" | "overdue"))
            .map(|mail| mail.dated.date_naive())
            .collect();
        chased |= ret.state == State::Draft
            && ret.due_on < today
            && reminders.len() >= 3
            && mails.iter().any(|mail| mail.kind == "escalation");
        let acts = returns::acts_of(&read, ret.id).await.expect("its history");
        sent_back |= ret.state == State::Draft && acts.last().is_some_and(|act| act.action == "send-back");
        if matches!(ret.state, State::InSignOff(_)) && ret.form == "partnership-evaluation" {
            let holders = register::holders_of_office(&read, ret.fund, "partnership.chair")
                .await
                .expect("who holds it");
            on_leave |= holders.iter().any(|holder| holder.deputy && holder.holds_on(today));
        }
    }
    let refuges: Vec<_> = all.iter().filter(|ret| ret.form == "refuge-occupancy").collect();
    let opened = refuges.iter().filter(|ret| ret.state != State::Scheduled);
    let opened: Vec<_> = opened.map(|ret| (ret.period.label(), ret.state.clone())).collect();
    assert_eq!(opened, [("April 2018".to_owned(), State::InSignOff(1))]);
    assert!(chased, "something is overdue, with three reminders and an escalation");
    assert!(sent_back, "something was sent back");
    assert!(on_leave, "something waits for an officer who has a deputy today");
    assert!(
        all.iter()
            .any(|ret| ret.state == State::SignedOff && ret.signed_revision >= Some(2)),
        "something was signed, corrected and signed again"
    );
    for ret in all.iter().filter(|ret| ret.state == State::Excused) {
        let acts = returns::acts_of(&read, ret.id).await.expect("its history");
        assert!(
            acts.iter().any(|act| act.action == "excuse" && act.reason.is_some()),
            "{} was excused by somebody, for a reason",
            ret.reference
        );
    }
    let mails = notices::notices(&read, None, 100_000).await.expect("the mails");
    let left: Vec<_> = mails
        .iter()
        .filter(|mail| matches!(mail.state, NoticeState::Queued | NoticeState::Failed))
        .map(|mail| &mail.subject)
        .collect();
    assert!(left.is_empty(), "still to be sent: {left:?}");
    let begun = papers::begun(&app).await;
    let begun: Vec<_> = begun
        .iter()
        .map(|(_, report, year, editions)| (report.as_str(), *year, *editions))
        .collect();
    let waiting = [
        ("s5-evaluation", 2017, 0),
        ("s3-spending-plan", 2018, 0),
        ("s1-panel-paper", 2017, 0),
    ];
    let published = [("s2-performance", 2016, 1), ("s4-by-programme", 2017, 1)];
    assert_eq!(begun.len(), waiting.len() + published.len(), "{begun:?}");
    assert!(
        waiting.iter().chain(&published).all(|paper| begun.contains(paper)),
        "{begun:?}"
    );
    assert!(
        papers::are_written_in(&app).await,
        "a paper that waits has more than the words it starts with"
    );
    let found = verify(&app.deps).await.expect("the database is read");
    assert_eq!(found.problems, Vec::<String>::new());
    drop(read);
    app.deps.store.clone().close().await;

    let (again, said) = start(&folder, None).await;
    assert_eq!(said, Vec::<String>::new(), "nothing is played twice");
    let later = all_returns(&again.deps.store).await;
    assert_eq!(later.len(), all.len());
    again.deps.store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_a_later_day_every_paper_is_published_with_the_figures_of_the_real_one() {
    let folder = TempDir::new().expect("a folder");
    let (app, _) = start(&folder, Some(day("2018-07-31"))).await;
    let begun = papers::begun(&app).await;
    assert_eq!(
        begun.iter().map(|(_, _, _, editions)| editions).sum::<u32>(),
        7,
        "{begun:?}"
    );
    figures::are_the_papers(&app).await;
    let found = verify(&app.deps).await.expect("the database is read");
    assert_eq!(found.problems, Vec::<String>::new());
    app.deps.store.clone().close().await;
}

#[tokio::test]
async fn a_start_that_was_broken_off_begins_anew() {
    let folder = TempDir::new().expect("a folder");
    for (name, content) in [
        ("unfinished", ""),
        ("countersign.db", "half a database"),
        ("clock", "2018-01-01T00:00:00Z"),
        ("key", "kept"),
    ] {
        std::fs::write(folder.path().join(name), content).expect("a file");
    }
    Folder::open(folder.path()).expect("the folder is cleared");
    let mut left: Vec<String> = std::fs::read_dir(folder.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    left.sort();
    assert_eq!(left, ["key", "mail"]);
}
