//! What stops a story that tells of a paper wrongly.
//!
//! Invariant: it stops with words that say what is not there, and who was to do what.

use chrono::{DateTime, Utc};
use tempfile::TempDir;

use super::super::super::folder::Folder;
use super::super::super::{story, systems};
use super::super::{fresh_code, officer, step};
use crate::app::App;
use crate::scheduler;

const JUDITH: &str = "judith.malpass@cleveland-commissioner.example.org";
const OWEN: &str = "owen.sladdin@cleveland-commissioner.example.org";
const PAPER: &str = r#"{ report = "s2-performance", fund = "community-safety-stockton", period = "2016-17" }"#;

fn now() -> DateTime<Utc> {
    "2017-04-10T09:00:00Z".parse().unwrap()
}

/// System S2 on a day on which the return of its first year is open, and nobody has written in it.
async fn system(folder: &TempDir) -> App {
    let folder = Folder::open(folder.path()).unwrap();
    let config = folder.config("http://127.0.0.1:9", "127.0.0.1:9".parse().unwrap());
    let app = App::open(&config.unwrap()).await.unwrap();
    app.deps.store.migrate().await.unwrap();
    let all = systems::all().unwrap();
    let of = all.iter().find(|system| system.name == "s2-outcomes").unwrap();
    of.load(&app.deps, true, now()).await.unwrap();
    scheduler::tick_once(&app.deps, &app.mailer, "test", now())
        .await
        .unwrap();
    app
}

/// What stops a step that does this to a paper; nothing when it is done.
async fn stops(app: &App, by: &str, paper: &str, rest: &str) -> String {
    let text = format!("[[step]]\non = 2017-04-10\nby = \"{by}\"\npaper = {paper}\n{rest}\n");
    let steps = story::read(&text).unwrap();
    match step(&app.deps, &steps[0], now()).await {
        Ok(()) => String::new(),
        Err(words) => words,
    }
}

#[tokio::test]
async fn a_step_that_names_what_is_not_there_stops_in_words() {
    let folder = TempDir::new().unwrap();
    let app = system(&folder).await;
    for (report, fund, period, words) in [
        (
            "s2-performence",
            "community-safety-stockton",
            "2016-17",
            "community-safety-stockton has no report s2-performence",
        ),
        (
            "s2-performance",
            "community-safety",
            "2016-17",
            "there is no fund community-safety",
        ),
        (
            "s2-performance",
            "community-safety-stockton",
            "last year",
            "‘last year’ is not a period",
        ),
        (
            "s2-performance",
            "community-safety-stockton",
            "2014-15",
            "Select the period that the paper is about",
        ),
    ] {
        let paper = format!("{{ report = \"{report}\", fund = \"{fund}\", period = \"{period}\" }}");
        let stopped = stops(&app, JUDITH, &paper, "do = \"begin\"").await;
        assert!(
            stopped.starts_with("2017-04-10: Begin by judith") && stopped.contains(words),
            "{stopped}"
        );
    }
    let stopped = stops(&app, OWEN, PAPER, "do = \"begin\"").await;
    assert!(!stopped.is_empty(), "a treasurer begins no paper");
    let stopped = stops(
        &app,
        JUDITH,
        PAPER,
        "do = \"write\"\nprose = { introduction = \"Words.\" }",
    )
    .await;
    assert!(
        stopped.ends_with("no paper by s2-performance of community-safety-stockton was begun for 2016-17"),
        "{stopped}"
    );
    app.deps.store.close().await;
}

#[tokio::test]
async fn a_paper_that_was_begun_is_not_written_cleared_or_published_wrongly() {
    let folder = TempDir::new().unwrap();
    let app = system(&folder).await;
    assert_eq!(stops(&app, JUDITH, PAPER, "do = \"begin\"").await, "");
    for (rest, words) in [
        ("do = \"write\"", "nothing is written"),
        (
            "do = \"write\"\nprose = { opening = \"Words.\" }",
            "the paper has no text opening",
        ),
        (
            "do = \"write\"\nprose = { introduction = \"((spend)) was spent.\" }",
            "introduction: text: Line 1",
        ),
        ("do = \"clear\"", "the step names no return"),
        ("do = \"clear\"\nreturn = \"STK-SSP-1617-R1\"", "nothing is cleared"),
        (
            "do = \"clear\"\nreturn = \"STK-SSP-1617-R1\"\nclear = [\"a/b\"]",
            "STK-SSP-1617-R1 tells nothing at a/b",
        ),
        ("do = \"publish\"", "nobody is named to publish for"),
        (
            "do = \"publish\"\naudience = \"public\"",
            "the report is not for this audience",
        ),
        (
            "do = \"publish\"\naudience = \"panel\"",
            "No return that it is made from has been signed yet.",
        ),
    ] {
        let stopped = stops(&app, JUDITH, PAPER, rest).await;
        assert!(stopped.contains(words), "{rest}: {stopped}");
    }
    assert_eq!(
        stops(
            &app,
            JUDITH,
            PAPER,
            "do = \"write\"\nprose = { introduction = \"Words.\" }"
        )
        .await,
        ""
    );
    app.deps.store.close().await;
}

#[tokio::test]
async fn nobody_publishes_without_an_authenticator() {
    let folder = TempDir::new().unwrap();
    let app = system(&folder).await;
    let mut judith = officer(&app.deps, JUDITH, now()).await.unwrap();
    assert_eq!(fresh_code(&judith, now()).map(|code| code.len()), Ok(6));
    judith.person.totp_secret = None;
    assert_eq!(
        fresh_code(&judith, now()),
        Err(format!("{JUDITH} has no authenticator"))
    );
    app.deps.store.close().await;
}
