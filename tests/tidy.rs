//! The rules of the house, read off the files themselves.
//!
//! Invariant: a rule is a function of a path and its text, is run over every file it is about, and has a test beside it
//! in which a planted breach is caught.

#[path = "tidy/habits.rs"]
mod habits;
#[path = "tidy/others.rs"]
mod others;
#[path = "tidy/rooms.rs"]
mod rooms;
#[path = "tidy/source.rs"]
mod source;

use source::{File, files, rust};

/// What is wrong with a file, by one rule.
type Rule = fn(&str, &str) -> Vec<String>;

#[track_caller]
fn holds(rule: Rule, files: Vec<File>) {
    assert!(!files.is_empty(), "there is nothing to hold the rule over");
    let problems: Vec<String> = files.iter().flat_map(|file| rule(&file.path, &file.text)).collect();
    assert!(
        problems.is_empty(),
        "{} problems\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[test]
fn imports_point_one_way() {
    holds(rooms::directions, files("src"));
}

#[test]
fn each_outside_library_has_one_home() {
    holds(rooms::homes, rust());
}

#[test]
fn the_time_is_read_in_one_place() {
    holds(rooms::time, rust());
}

#[test]
fn the_domain_is_pure() {
    holds(rooms::purity, rust());
    holds(others::domain_manifest, files("src/domain/Cargo.toml"));
}

#[test]
fn every_file_opens_with_what_it_is() {
    holds(habits::opening, rust());
}

#[test]
fn no_file_is_too_long_to_hold_in_the_head() {
    holds(habits::length, rust());
}

#[test]
fn nothing_is_left_lying_about() {
    let all = [
        "src",
        "migrations",
        "tests",
        "build",
        "build.rs",
        "assets",
        "templates",
        "config",
        "forms",
        "docs",
        "fuzz",
    ];
    let kept = all
        .into_iter()
        .flat_map(files)
        .filter(|file| !file.path.ends_with("package-lock.json"));
    holds(habits::leftovers, kept.collect());
}

#[test]
fn what_is_switched_off_says_why() {
    holds(habits::reasons, rust());
}

#[test]
fn tests_do_not_wait() {
    holds(habits::sleeping, rust());
}

#[test]
fn migrations_name_no_entity() {
    holds(habits::migrations, files("migrations/src"));
}

#[test]
fn pages_hold_no_script_and_no_style() {
    holds(others::pages, files("templates/pages"));
}

#[test]
fn lock_files_name_no_host() {
    let locks = [
        "Cargo.lock",
        "fuzz/Cargo.lock",
        "assets/package-lock.json",
        "src/typeset/fonts/package-lock.json",
        "tests/browser/package-lock.json",
    ];
    holds(others::lock_files, locks.into_iter().flat_map(files).collect());
}

#[test]
fn documents_name_what_is_there() {
    let documents = files("docs")
        .into_iter()
        .chain(files("ARCHITECTURE.md"))
        .chain(files("README.md"));
    holds(others::documents, documents.collect());
}
