//! The process killed at any moment of submitting and of signing: all of it is there afterwards, or none.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use countersign::app::App;
use countersign::demo::Folder;
use countersign::service::verify::verify;
use countersign::store::{figures, ledger, notices, returns, revisions, signatures};
use countersign_domain::workflow::State;
use reqwest::RequestBuilder;

use crate::outside::people::TOBIAS;
use crate::outside::process::{Demo, Snapshot};
use crate::outside::server::{KEY, TestServer};
use crate::outside::stages::RETURN;

/// How often the process is killed for each act.
const ROUNDS: u32 = 14;
/// The most, while every one of them was on the same side of the act.
const MOST_ROUNDS: u32 = ROUNDS + 8;

/// What an act leaves, counted.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    state: State,
    version: i64,
    revisions: usize,
    figures: usize,
    acts: Vec<String>,
    signatures: usize,
    leaves: u64,
    checkpoints: usize,
    notices: Vec<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_submitting_all_of_it_is_there_or_none() {
    let server = TestServer::sqlite().await;
    let contact = server.ready().await;
    let submit = contact.pressed("Submit return");
    all_or_none(Snapshot::of(server).await, &submit).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_signing_all_of_it_is_there_or_none() {
    let server = TestServer::sqlite().await;
    server.accepted().await;
    let mut chair = server.at_the_office(TOBIAS).await;
    chair.follow(RETURN).await;
    chair.follow("Read and sign").await;
    let code = server.authenticator(TOBIAS).await;
    chair.ready_to_sign(TOBIAS.name, &code);
    let sign = chair.pressed("Sign revision");
    all_or_none(Snapshot::of(server).await, &sign).await;
}

async fn all_or_none(snapshot: Snapshot, request: &RequestBuilder) {
    let before = left(snapshot.copy().path(), &snapshot).await;
    let whole = snapshot.copy();
    let demo = Demo::start(whole.path(), snapshot.port());
    let begun = Instant::now();
    let answer = copy(request).send().await.expect("the server answers");
    let takes = begun.elapsed();
    assert_eq!(
        answer.status().as_u16(),
        303,
        "{}",
        answer.text().await.unwrap_or_default()
    );
    demo.kill();
    let after = left(whole.path(), &snapshot).await;
    assert_ne!(before, after);

    let (mut none, mut all) = (0, 0);
    let mut round = 0;
    while round < ROUNDS || (round < MOST_ROUNDS && (none == 0 || all == 0)) {
        let folder = snapshot.copy();
        let demo = Demo::start(folder.path(), snapshot.port());
        // From the very beginning to a little after the end, which comes later than it did when the machine has more to do.
        let most = match round.checked_sub(ROUNDS) {
            None => takes * round / (ROUNDS - 3),
            Some(more) if all == 0 => takes * 2_u32.pow(more + 1),
            Some(_) => Duration::ZERO,
        };
        round += 1;
        let answered = tokio::time::timeout(most, copy(request).send()).await;
        demo.kill();
        let found = left(folder.path(), &snapshot).await;
        if let Ok(Ok(answer)) = answered {
            assert_eq!(answer.status().as_u16(), 303);
            assert_eq!(found, after, "what was answered is there");
        }
        if found == before {
            none += 1;
        } else {
            assert_eq!(found, after, "killed after {most:?}: all or nothing");
            all += 1;
        }
        // It starts again, and what was not done can be done.
        let demo = Demo::start(folder.path(), snapshot.port());
        let again = copy(request).send().await.expect("the server answers");
        assert_eq!(
            again.status().as_u16(),
            303,
            "{}",
            again.text().await.unwrap_or_default()
        );
        demo.kill();
        assert_eq!(
            left(folder.path(), &snapshot).await,
            after,
            "once, however often it was sent"
        );
    }
    verified_by_the_command(whole.path(), &snapshot);
    assert!(none > 0 && all > 0, "the rounds were on both sides: {none} and {all}");
}

/// What `countersign verify` says of a folder.
fn verified_by_the_command(folder: &Path, snapshot: &Snapshot) {
    let config = folder.join("verify.toml");
    let key: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!(
        "base_url = {:?}\ndatabase = \"sqlite://{}\"\nfiles = {:?}\nkey = {key:?}\ncontact = \"Us\"\n\
         [mail]\nfrom = \"Returns <returns@example.org>\"\nfolder = {:?}\n",
        snapshot.base,
        folder.join("countersign.db").display(),
        folder.join("files"),
        folder.join("mail"),
    );
    std::fs::write(&config, text).expect("the configuration is written");
    let verify = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .arg("verify")
        .arg("--config")
        .arg(&config)
        .output();
    let said = verify.expect("the command runs");
    let words = String::from_utf8_lossy(&said.stdout);
    assert!(
        said.status.success() && words.contains("all is as it was written"),
        "{words}{said:?}"
    );
}

fn copy(request: &RequestBuilder) -> RequestBuilder {
    let fresh = request.try_clone().expect("a form can be sent again");
    fresh.timeout(Duration::from_secs(30)).header("connection", "close")
}

/// What is in the database of a folder, which must be sound.
async fn left(folder: &Path, snapshot: &Snapshot) -> Left {
    let listen = format!("127.0.0.1:{}", snapshot.port()).parse().expect("an address");
    let config = Folder::open(folder)
        .expect("a folder")
        .config(&snapshot.base, listen)
        .expect("a configuration");
    let app = App::open(&config).await.expect("the rooms are put together");
    let found = verify(&app.deps).await.expect("the database is read");
    assert_eq!(found.problems, Vec::<String>::new());
    let read = app.deps.store.read();
    let ret = returns::returns_of_form(&read, "partnership-evaluation")
        .await
        .unwrap()
        .remove(0);
    let mut rows = 0;
    for number in 1..=ret.revision {
        rows += figures::figures_of(&read, ret.id, number).await.unwrap().len();
    }
    let mut kinds: Vec<String> = notices::notices_of_return(&read, ret.id)
        .await
        .unwrap()
        .into_iter()
        .map(|notice| notice.dedupe)
        .collect();
    kinds
        .iter_mut()
        .for_each(|key| key.truncate(key.find(':').unwrap_or(key.len())));
    kinds.sort();
    let left = Left {
        revisions: revisions::revisions_of(&read, ret.id).await.unwrap().len(),
        figures: rows,
        acts: returns::acts_of(&read, ret.id)
            .await
            .unwrap()
            .into_iter()
            .map(|act| act.action)
            .collect(),
        signatures: signatures::signatures_of(&read, ret.id).await.unwrap().len(),
        leaves: found.leaves,
        checkpoints: ledger::checkpoints(&read).await.unwrap().len(),
        notices: kinds,
        version: ret.version,
        state: ret.state,
    };
    app.deps.store.close().await;
    left
}
