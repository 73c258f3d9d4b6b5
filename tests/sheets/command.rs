//! `countersign import` and `countersign export`, as they are typed.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::outside::server::TestServer;

/// Runs the command over the database of a server that has stopped.
fn countersign(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let Output {
        status, stdout, stderr, ..
    } = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("it runs");
    let said = [stdout, stderr]
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .concat();
    (status.success(), said)
}

/// A folder with a configuration for this database.
fn configured(url: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let text = format!(
        "base_url = \"http://127.0.0.1:1\"\ndatabase = \"{url}\"\nkey = \"{}\"\ncontact = \"The grants team\"\n\
         [mail]\nfrom = \"returns@example.org\"\nfolder = \"mail\"\n[log]\nlevel = \"error\"\n",
        "0123456789abcdef".repeat(4)
    );
    std::fs::write(folder.path().join("countersign.toml"), text).expect("it is written");
    folder
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_says_everything_and_an_import_does_it() {
    let database = TestServer::sqlite().await.stop().await;
    let folder = configured(&database.url);
    let run = |arguments: &[&str]| countersign(folder.path(), &[arguments, &["--config", "countersign.toml"]].concat());
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("it is written");

    write("people.csv", "key,name,email,organisation\nz,Zoe,zoe at work,opcc\n");
    let (right, said) = run(&["import", "people.csv", "--dry-run"]);
    assert!(!right && said.starts_with("people.csv:2:C (email): "), "{said}");
    let (right, said) = run(&["import", "people.csv"]);
    assert!(!right && said.ends_with("Nothing was imported.\n"), "{said}");

    write("zoe.csv", "name,email,organisation\nZoe Penhale,zoe@example.org,opcc\n");
    let zoe = ["import", "zoe.csv", "--table", "people"];
    let (right, said) = run(&[&zoe[..], &["--dry-run"]].concat());
    assert!(
        right && said.starts_with("would add person zoe@example.org\n1 added, 0 changed"),
        "{said}"
    );
    let (right, said) = run(&zoe);
    assert!(right && said.starts_with("added person zoe@example.org\n"), "{said}");
    let (right, said) = run(&zoe);
    assert!(right && said.starts_with("nothing to change"), "{said}");
    write("zoe.csv", "name,email,organisation\nZoë Penhale,zoe@example.org,opcc\n");
    let (right, said) = run(&zoe);
    assert!(
        right && said.contains("changed person zoe@example.org: name: Zoe Penhale → Zoë Penhale\n"),
        "{said}"
    );

    let (right, said) = run(&["import", "nowhere.csv"]);
    assert!(!right && said.contains("nowhere.csv: No such file"), "{said}");
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_is_written_and_imported_as_nothing() {
    let database = TestServer::sqlite().await.stop().await;
    let folder = configured(&database.url);
    let run = |arguments: &[&str]| countersign(folder.path(), &[arguments, &["--config", "countersign.toml"]].concat());

    let (right, said) = run(&["export", "--out", "register.xlsx"]);
    assert!(right, "{said}");
    let (right, said) = run(&["import", "register.xlsx", "--dry-run"]);
    assert!(right && said.starts_with("nothing to change"), "{said}");
    let (right, said) = run(&["export", "--table", "grants", "--fund", "community-safety-2017"]);
    assert!(
        right && said.starts_with("\u{feff}\"reference\",\"fund\",\"round\",\"title\""),
        "{said}"
    );
    let (right, said) = run(&["export", "--table", "grant", "--out", "grant.csv"]);
    assert!(right && said.is_empty(), "{said}");
    let (right, said) = run(&["import", "grant.csv"]);
    assert!(right && said.starts_with("nothing to change"), "{said}");
    let (right, said) = run(&["export", "--table", "grand"]);
    assert!(!right && said.contains("there is no table “grand”"), "{said}");
    let (right, said) = run(&["export", "--table", "grant", "--fund", "none"]);
    assert!(!right && said.contains("There is no fund “none”"), "{said}");

    // The template needs no configuration.
    let (right, said) = countersign(folder.path(), &["export", "--template", "--out", "template.xlsx"]);
    assert!(right, "{said}");
    let (right, said) = run(&["import", "template.xlsx"]);
    assert!(right && said.starts_with("nothing to change"), "{said}");
    let (right, _) = run(&["export"]);
    assert!(!right);
    database.remove().await;
}
