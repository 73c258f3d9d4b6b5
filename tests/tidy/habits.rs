//! What every file of Rust keeps to: what it opens with, how long it is, and what is not left lying in it.

use super::source::code;

/// The most lines of a file: what can be held in the head.
pub const MOST_LINES: usize = 400;

/// Longer files, each with its reason. None is best.
const LONGER: [(&str, &str); 0] = [];

/// The first thing said is what the file is.
pub fn opening(path: &str, text: &str) -> Vec<String> {
    if text.starts_with("//! ") {
        vec![]
    } else {
        vec![format!("{path}: must open with `//!` and what it is")]
    }
}

/// Files too long to be held in the head.
pub fn length(path: &str, text: &str) -> Vec<String> {
    let lines = text.lines().count();
    if lines <= MOST_LINES || LONGER.iter().any(|(known, _)| *known == path) {
        return vec![];
    }
    vec![format!(
        "{path}: {lines} lines; split it by what lives in it ({MOST_LINES} at most)"
    )]
}

/// Work left for later, and things that were only for trying out.
pub fn leftovers(path: &str, text: &str) -> Vec<String> {
    // Written in two parts, so that this file does not find itself.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    let macros = ["todo!", "unimplemented!", "dbg!"];
    let mut problems = Vec::new();
    let code = code(text);
    for (number, (whole, code)) in text.lines().zip(code.lines()).enumerate() {
        let at = format!("{path}:{}", number + 1);
        for mark in marks {
            if whole.split(|c: char| !c.is_alphanumeric()).any(|word| word == mark) {
                problems.push(format!("{at}: `{mark}` belongs in an issue"));
            }
        }
        for name in macros {
            if code.contains(name) {
                problems.push(format!("{at}: `{name}` is not for what is kept"));
            }
        }
    }
    problems
}

/// Tests and warnings that are switched off without saying why.
pub fn reasons(path: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let mut problems = Vec::new();
    let (attributes, mut from) = (["#[ignore", "#[allow(", "#![allow(", "#[expect(", "#![expect("], 0);
    while let Some((at, what)) = attributes
        .iter()
        .filter_map(|what| Some((from + code[from..].find(what)?, *what)))
        .min()
    {
        let end = code[at..].find(']').map_or(code.len(), |end| at + end);
        let line = code[..at].matches('\n').count() + 1;
        let words = &code[at..end];
        if words.contains("dead_code") {
            problems.push(format!("{path}:{line}: what nothing uses is removed, not allowed"));
        } else if !words.contains('=') {
            problems.push(format!("{path}:{line}: `{what}` must say why (reason = \"…\")"));
        }
        from = end;
    }
    problems
}

/// Tests that wait for time to pass.
pub fn sleeping(path: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let tested = path.starts_with("tests/") || path.contains("/tests");
    let found = code
        .lines()
        .enumerate()
        .filter(|(_, words)| words.contains("thread::sleep") || (tested && words.contains("time::sleep(")));
    found
        .map(|(line, _)| format!("{path}:{}: waits; move the clock instead", line + 1))
        .collect()
}

/// Migrations are kept for good, so they must not follow entities that change.
pub fn migrations(path: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let mine = path.starts_with("migrations/");
    let found = [
        "countersign::",
        "crate::store",
        "DeriveIden",
        "DeriveEntityModel",
        "EntityTrait",
        "ActiveModel",
    ];
    let named = found.into_iter().filter(|name| mine && code.contains(name));
    named
        .map(|name| format!("{path}: names `{name}`; a migration names tables by their text"))
        .collect()
}

#[test]
fn a_file_without_an_opening_is_caught() {
    assert_eq!(opening("src/a.rs", "use std::fmt;\n").len(), 1);
    assert_eq!(opening("src/a.rs", "// A comment\n//! Late\n").len(), 1);
    assert_eq!(opening("src/a.rs", "//! What it is.\n"), [""; 0]);
}

#[test]
fn a_file_that_is_too_long_is_caught() {
    assert_eq!(length("src/a.rs", &"x\n".repeat(MOST_LINES + 1)).len(), 1);
    assert_eq!(length("src/a.rs", &"x\n".repeat(MOST_LINES)), [""; 0]);
}

#[test]
fn leftovers_are_caught() {
    assert_eq!(leftovers("src/a.rs", concat!("// TO", "DO: later")).len(), 1);
    assert_eq!(leftovers("src/a.rs", concat!("/// FIX", "ME")).len(), 1);
    for text in ["todo!()", "unimplemented!()", "let x = dbg!(x);"] {
        assert_eq!(leftovers("src/a.rs", text).len(), 1, "{text}");
    }
    assert_eq!(leftovers("src/a.rs", "let s = \"dbg!\"; // nothing to do"), [""; 0]);
}

#[test]
fn switching_off_without_a_reason_is_caught() {
    for text in [
        "#[ignore]\nfn f() {}",
        "#[allow(clippy::all)]",
        "#![allow(missing_docs)]",
        "#[allow(dead_code, reason = \"later\")]",
        "#[expect(\n    clippy::x\n)]",
    ] {
        assert_eq!(reasons("src/a.rs", text).len(), 1, "{text}");
    }
    for text in [
        "#[ignore = \"an hour\"]",
        "#[allow(\n    clippy::x,\n    reason = \"why\"\n)]",
        "// #[ignore]",
    ] {
        assert_eq!(reasons("src/a.rs", text), [""; 0], "{text}");
    }
}

#[test]
fn a_sleeping_test_is_caught() {
    assert_eq!(sleeping("tests/a.rs", "tokio::time::sleep(d).await;").len(), 1);
    assert_eq!(sleeping("src/store/tests.rs", "std::thread::sleep(d);").len(), 1);
    assert_eq!(
        sleeping("src/scheduler.rs", "() = tokio::time::sleep(every) => {}"),
        [""; 0]
    );
}

#[test]
fn a_migration_that_names_an_entity_is_caught() {
    assert_eq!(
        migrations("migrations/src/a.rs", "use countersign::store::rows;").len(),
        1
    );
    assert_eq!(
        migrations("migrations/src/a.rs", "#[derive(DeriveIden)] enum Fund { Table }").len(),
        1
    );
    assert_eq!(migrations("src/store/a.rs", "#[derive(DeriveEntityModel)]"), [""; 0]);
}
