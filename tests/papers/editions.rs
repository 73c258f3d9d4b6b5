//! Editions: the same bytes for ever, whatever is corrected, restarted or altered.

use std::process::Command;

use countersign::service::verify::verify;
use reqwest::Method;
use reqwest::header::{ETAG, IF_NONE_MATCH};
use sea_orm::ConnectionTrait;

use crate::fund::{Fund, HUGH, on_both_funds};
use crate::outside::browser::TestBrowser;
use crate::outside::postgres::TestDatabase;
use crate::outside::server::KEY;

on_both_funds!(
    an_edition_stays_as_it_was_and_the_next_one_restates,
    an_edition_that_was_altered_is_noticed,
);

const FOR_THE_PUBLIC: &str = "Publish for the public";
const FORMATS: [&str; 4] = ["html", "xlsx", "csv", "json"];

/// Each file of an edition with the tag that names it.
async fn files(browser: &TestBrowser, paper: &str, edition: u32) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for format in FORMATS {
        let address = format!("{paper}/editions/{edition}/paper.{format}");
        let answer = browser.request(Method::GET, &address).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200, "{address}");
        let tag = answer.headers()[ETAG].to_str().expect("a tag").to_owned();
        files.push((tag, answer.bytes().await.expect("its bytes").to_vec()));
    }
    files
}

async fn an_edition_stays_as_it_was_and_the_next_one_restates(fund: Fund) {
    fund.sign_all().await;
    let mut browser = fund.at_the_paper(HUGH).await;
    let paper = browser.path().to_owned();
    fund.publish(&mut browser, HUGH, FOR_THE_PUBLIC).await;
    let before = files(&browser, &paper, 1).await;
    browser.visit(&format!("{paper}/editions/1")).await;
    let page = browser.text();

    // Who has a file already is told that it is still the same.
    let (tag, _) = &before[0];
    let address = format!("{paper}/editions/1/paper.html");
    let again = browser.request(Method::GET, &address).header(IF_NONE_MATCH, tag);
    assert_eq!(again.send().await.expect("an answer").status().as_u16(), 304);

    fund.server.advance_to("2026-07-09 10:00").await;
    fund.correct("walks", "26", "1,800.00", "").await;
    let mut browser = fund.server.at_the_office(HUGH).await;
    browser.visit(&format!("{paper}/editions/1")).await;
    assert_eq!(browser.text(), page, "it says what it said");
    browser.visit(&paper).await;
    fund.publish(&mut browser, HUGH, FOR_THE_PUBLIC).await;
    assert_eq!(browser.path(), format!("{paper}/editions/2"), "{}", browser.says());
    browser.must_see(&[
        "£5,200.00",
        "£1,750.50",
        "£1,800.00",
        "Two invoices came in after the quarter.",
    ]);
    browser.visit(&format!("{paper}/editions/1")).await;
    browser.must_see(&["A later edition has been published: edition 2.", "£5,150.50"]);
    browser.must_not_see(&["£5,200.00"]);
    assert_eq!(files(&browser, &paper, 1).await, before);

    // After a restart too, and from the command line.
    let database = fund.server.stop().await;
    let fund = Fund::over_again(database, "2026-07-10 09:00").await;
    let reader = fund.server.at_the_office(HUGH).await;
    assert_eq!(files(&reader, &paper, 1).await, before);
    let fund = from_the_command_line(fund, &before).await;
    fund.finish().await;
}

/// The bytes of edition 1 as `report make` writes them, and a watermark on what is not published.
async fn from_the_command_line(fund: Fund, before: &[(String, Vec<u8>)]) -> Fund {
    let database = fund.server.stop().await;
    let folder = tempfile::TempDir::new().expect("a folder");
    let key: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = format!(
        "base_url = \"http://127.0.0.1:1\"\ndatabase = \"{}\"\nkey = \"{key}\"\ncontact = \"The grants team\"\n\
         [mail]\nfrom = \"returns@example.org\"\nfolder = \"mail\"\n[log]\nlevel = \"error\"\n[reports]\nfolder = \"{}\"\n",
        database.url,
        concat!(env!("CARGO_MANIFEST_DIR"), "/tests/papers/reports"),
    );
    std::fs::write(folder.path().join("countersign.toml"), text).expect("it is written");
    let make = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
            .args(["report", "make", "quarter-paper", "--config", "countersign.toml"])
            .args(["--fund", "harbour-2026", "--period", "2026-Q1", "--out", "paper"])
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), said)
    };
    let written = || std::fs::read(folder.path().join("paper")).expect("the file");
    for (format, (_, bytes)) in FORMATS.into_iter().zip(before) {
        let (right, said) = make(&["--format", format, "--edition", "1"]);
        assert!(right, "{said}");
        assert!(written() == *bytes, "{format} is byte for byte what was published");
    }
    let (right, said) = make(&["--format", "html"]);
    assert!(right, "{said}");
    assert!(String::from_utf8_lossy(&written()).contains("Internal: not for publication"));
    let (right, said) = make(&["--format", "csv", "--audience", "public"]);
    assert!(right, "{said}");
    let public = String::from_utf8_lossy(&written()).into_owned();
    assert!(
        public.contains("Preview: not published") && !public.contains("quayside lantern"),
        "{public}"
    );
    for (wrong, says) in [
        (&["--format", "csv", "--edition", "3"][..], "there is no edition 3"),
        (&["--format", "doc"][..], "give html, pdf"),
    ] {
        let (right, said) = make(wrong);
        assert!(!right && said.contains(says), "{said}");
    }
    Fund::over_again(database, "2026-07-10 10:00").await
}

async fn an_edition_that_was_altered_is_noticed(fund: Fund) {
    fund.sign_all().await;
    let mut browser = fund.at_the_paper(HUGH).await;
    let paper = browser.path().to_owned();
    fund.publish(&mut browser, HUGH, FOR_THE_PUBLIC).await;
    let found = verify(&fund.server.app.deps).await.expect("the database is read");
    assert_eq!((found.editions, found.problems), (1, vec![]));

    let behind = fund.server.database.behind_the_store().await;
    let (on, other) = match behind.get_database_backend() {
        sea_orm::DbBackend::Postgres => (true, "'other'::bytea"),
        _ => (false, "cast('other' as blob)"),
    };
    let unguarded = |table: &str| match on {
        true => format!("drop trigger tr_{table}_update on {table}"),
        false => format!("drop trigger tr_{table}_update"),
    };
    for sql in [
        unguarded("publication_files"),
        format!("update publication_files set bytes = {other} where format = 'csv'"),
        unguarded("publications"),
        "update publications set document = replace(document, '5,150.50', '5,150.51')".to_owned(),
    ] {
        behind.execute_unprepared(&sql).await.expect("it is altered");
    }
    let found = verify(&fund.server.app.deps).await.expect("the database is read");
    for told in [
        "what edition 1 of the paper",
        "the csv file of edition 1",
        "is not in the ledger as it stands",
    ] {
        assert!(
            found.problems.iter().any(|problem| problem.contains(told)),
            "{told}: {found:?}"
        );
    }
    // What is not what was published is not given out.
    for address in [format!("{paper}/editions/1"), format!("{paper}/editions/1/paper.csv")] {
        let answer = browser.request(Method::GET, &address).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 500, "{address}");
    }
    let Fund { server } = fund;
    let database: TestDatabase = server.stop().await;
    behind.close().await.expect("it lets go");
    database.remove().await;
}
