//! Which room may name which, where each outside library lives, and who reads the time.
//!
//! Invariant: a new room fails here until it has been given its place.

use super::source::{Named, code, paths};

/// The rooms and how high each stands. A room names what stands lower; none of its own height but itself.
const ROOMS: [(&str, u8); 22] = [
    ("main", 9),
    ("commands", 8),
    ("bench_data", 8),
    ("demo", 8),
    ("forms_tools", 8),
    ("register_files", 8),
    ("app", 7),
    ("web", 6),
    ("api", 6),
    ("scheduler", 6),
    ("mail", 5),
    ("document", 5),
    ("files", 5),
    ("service", 4),
    ("store", 3),
    ("sheets", 2),
    ("wording", 2),
    ("secrets", 2),
    ("config", 2),
    ("clock", 2),
    ("log", 2),
    ("domain", 1),
];

/// What may not be named though it stands lower: a page's mail is a row of the outbox.
const NEVER: [(&str, &str); 2] = [("web", "mail"), ("api", "mail")];

/// Libraries with a home, and the homes.
const HOMES: [(&str, &[&str]); 34] = [
    ("sea_orm", &["src/store"]),
    ("sea_orm_migration", &["src/store", "migrations"]),
    ("sqlx", &["src/store"]),
    ("poem", &["src/web", "src/api"]),
    ("poem_openapi", &["src/api"]),
    ("hyper", &["src/web"]),
    ("hyper_util", &["src/web"]),
    ("http_body_util", &["src/web"]),
    ("governor", &["src/web"]),
    ("lettre", &["src/mail"]),
    ("minijinja", &["src/wording"]),
    ("minijinja_contrib", &["src/wording"]),
    ("pulldown_cmark", &["src/wording"]),
    ("rust_embed", &["src/wording", "src/web", "src/demo"]),
    ("object_store", &["src/files"]),
    ("infer", &["src/files"]),
    ("csv", &["src/document", "src/sheets"]),
    ("calamine", &["src/sheets"]),
    ("rust_xlsxwriter", &["src/document", "src/sheets"]),
    ("encoding_rs", &["src/sheets"]),
    ("zip", &["src/sheets"]),
    ("totp_rs", &["src/secrets"]),
    ("hmac", &["src/secrets"]),
    ("rand", &["src/secrets"]),
    ("ed25519_dalek", &["src/secrets", "src/domain/ledger"]),
    ("clap", &["src/main", "src/commands"]),
    ("cron", &["src/config", "src/scheduler"]),
    // The register is loaded from a file, and configuration, forms and the heads of reports are files.
    (
        "toml",
        &[
            "src/config",
            "src/domain/form",
            "src/domain/report",
            "src/service/register",
            "src/demo",
        ],
    ),
    ("tracing_subscriber", &["src/log"]),
    ("countersign_migrations", &["src/store"]),
    ("typst", &["src/typeset"]),
    ("typst_layout", &["src/typeset"]),
    ("typst_pdf", &["src/typeset"]),
    ("countersign_typeset", &["src/document"]),
];

/// Reading the time, and where it may be done. How long something took is not what day it is.
const TIME: [(&str, &[&str]); 4] = [
    ("Utc::now", &["src/clock.rs"]),
    ("Local::now", &[]),
    ("SystemTime::now", &[]),
    // The length of a request, of a slow body, of a drain and of a rest, none of which reaches a decision about a return.
    (
        "Instant::now",
        &[
            "src/web/log.rs",
            "src/web/limits.rs",
            "src/mail/drain.rs",
            "src/scheduler.rs",
        ],
    ),
];

/// The room of a file below src.
fn room(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    let first = inside.split('/').next()?;
    (inside != "lib.rs").then(|| first.strip_suffix(".rs").unwrap_or(first))
}

fn height(room: &str) -> Option<u8> {
    ROOMS
        .iter()
        .find(|(known, _)| *known == room)
        .map(|(_, height)| *height)
}

/// The rooms that a path leads into, as seen from this file.
fn leads_to(path: &str, named: &Named) -> Vec<String> {
    let climbed = named.root.split("::").filter(|part| *part == "super").count();
    let own = path
        .trim_start_matches("src/")
        .trim_end_matches(".rs")
        .trim_end_matches("/mod");
    match named.root.as_str() {
        "countersign" | "crate" => named.then.clone(),
        // `super` climbs to the crate's root once for each module above.
        _ if climbed >= own.split('/').count() && named.root.starts_with("super") => named.then.clone(),
        "countersign_domain" => vec!["domain".to_owned()],
        _ => vec![],
    }
}

/// Names of rooms that stand higher, or beside.
pub fn directions(path: &str, text: &str) -> Vec<String> {
    let Some(here) = room(path) else { return vec![] };
    // Crates of their own: `crate::` is themselves, and cargo keeps them from naming anything of ours but the domain.
    if here == "domain" || here == "typeset" {
        return vec![];
    }
    let Some(own) = height(here) else {
        return vec![format!("{path}: `{here}` has no place in tests/tidy/rooms.rs")];
    };
    let mut problems = Vec::new();
    for named in paths(&code(text)) {
        for there in leads_to(path, &named) {
            let Some(other) = height(&there).filter(|_| there != here) else {
                continue;
            };
            let never = NEVER.contains(&(here, &there));
            if other >= own || never {
                problems.push(format!("{path}:{}: `{here}` must not name `{there}`", named.line));
            }
        }
    }
    problems
}

/// Libraries named away from home.
pub fn homes(path: &str, text: &str) -> Vec<String> {
    let ours = path.starts_with("src/") || path.starts_with("migrations/");
    let code = code(text);
    let found = paths(&code).into_iter().filter(|_| ours).filter_map(|named| {
        let (library, homes) = HOMES.iter().find(|(library, _)| *library == named.root)?;
        let home = homes
            .iter()
            .any(|home| path.strip_prefix(home).is_some_and(|rest| rest.starts_with(['/', '.'])));
        let away = !home && !is_ours(&code, library);
        away.then(|| format!("{path}:{}: `{library}` is only for {}", named.line, homes.join(", ")))
    });
    found.collect()
}

/// Whether the name is that of a module of ours in this file, and not of the library.
fn is_ours(code: &str, name: &str) -> bool {
    paths(code).iter().any(|named| {
        matches!(named.root.as_str(), "crate" | "countersign" | "super" | "document")
            && named.then.iter().any(|then| then == name)
    }) || code.contains(&format!("mod {name};"))
        || code.contains(&format!("document::{name};"))
}

/// Readings of the time away from the clock.
pub fn time(path: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let mut problems = Vec::new();
    for (line, words) in code.lines().enumerate().filter(|_| path.starts_with("src/")) {
        for (call, places) in TIME {
            if words.contains(call) && !places.contains(&path) {
                problems.push(format!(
                    "{path}:{}: `{call}` is for src/clock.rs; take `now` as an argument",
                    line + 1
                ));
            }
        }
    }
    problems
}

/// Names of what the domain has no use for: it does no I/O, waits for nothing, and counts exactly.
pub fn purity(path: &str, text: &str) -> Vec<String> {
    // A reader of JSON is handed a float by serde, and refuses it.
    const REFUSES_FLOATS: &str = "src/domain/ledger/canonical.rs";
    let tested = path.contains("/tests") || !path.starts_with("src/domain/");
    let code = code(text);
    let mut problems = Vec::new();
    for (line, words) in code.lines().enumerate().filter(|_| !tested) {
        for word in ["async", "f32", "f64", "println", "eprintln", "tokio", "rand"] {
            let names = words
                .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                .any(|name| name == word);
            if names && !(path == REFUSES_FLOATS && word == "f64") {
                problems.push(format!("{path}:{}: `{word}` is not for the domain", line + 1));
            }
        }
        for room in ["fs", "net", "env", "process", "thread", "io", "time"] {
            if words.contains(&format!("std::{room}")) {
                problems.push(format!("{path}:{}: `std::{room}` is not for the domain", line + 1));
            }
        }
    }
    problems
}

#[test]
fn a_room_that_names_one_above_or_beside_is_caught() {
    for (path, text) in [
        ("src/store/open.rs", "use crate::service::Deps;"),
        ("src/store/open.rs", "fn f() { crate::web::x() }"),
        ("src/service/mod.rs", "use crate::{clock::Clock, mail::Drain};"),
        ("src/service/sign.rs", "use super::super::web::Web;"),
        ("src/web/office/home.rs", "use crate::mail;"),
        ("src/web/mod.rs", "use crate::scheduler;"),
        ("src/mail/drain.rs", "use crate::files;"),
        ("src/clock.rs", "use super::store::Store;"),
        ("src/app.rs", "use crate::demo::Demo;"),
        ("src/attic.rs", ""),
    ] {
        assert_eq!(directions(path, text).len(), 1, "{path}: {text}");
    }
}

#[test]
fn a_room_that_names_one_below_is_left_alone() {
    for (path, text) in [
        (
            "src/service/sign.rs",
            "use crate::store::{Store, returns}; use super::submit;",
        ),
        ("src/service/sign.rs", "use countersign_domain::workflow::step;"),
        (
            "src/web/office/home.rs",
            "use super::super::session; use crate::{service, wording}; // crate::mail",
        ),
        (
            "src/main.rs",
            "use countersign::{forms_tools, scheduler}; const S: &str = \"crate::x\";",
        ),
        ("src/lib.rs", "pub mod anything;"),
        ("src/domain/answers/mod.rs", "use crate::form::schema::Form;"),
    ] {
        assert_eq!(directions(path, text), [""; 0], "{path}");
    }
}

#[test]
fn a_library_away_from_home_is_caught() {
    assert_eq!(homes("src/service/save.rs", "use sea_orm::EntityTrait;").len(), 1);
    assert_eq!(
        homes("src/web/office/grants.rs", "fn f() { lettre::Message::builder(); }").len(),
        1
    );
    assert_eq!(homes("src/storehouse.rs", "use sea_orm::EntityTrait;").len(), 1);
    assert_eq!(
        homes("src/web/grants.rs", "fn f() { csv::Writer::from_writer(x) }").len(),
        1
    );
    assert_eq!(homes("src/store/rows/mod.rs", "use sea_orm::EntityTrait;"), [""; 0]);
    assert_eq!(
        homes(
            "src/web/report.rs",
            "use crate::document::csv; fn f() { csv::write(x) }"
        ),
        [""; 0]
    );
    assert_eq!(homes("tests/mail.rs", "use lettre::Message;"), [""; 0]);
}

#[test]
fn a_second_clock_is_caught() {
    assert_eq!(time("src/service/save.rs", "let now = chrono::Utc::now();").len(), 1);
    assert_eq!(time("src/web/mod.rs", "let began = Instant::now();").len(), 1);
    assert_eq!(time("src/domain/schedule.rs", "SystemTime::now()").len(), 1);
    assert_eq!(time("src/clock.rs", "Utc::now()"), [""; 0]);
    assert_eq!(
        time("src/service/save.rs", "// Utc::now() is never called here"),
        [""; 0]
    );
}

#[test]
fn a_domain_that_reads_waits_or_counts_roughly_is_caught() {
    for text in [
        "async fn f() {}",
        "let x: f64 = 1.0;",
        "std::fs::read(path)",
        "println!(\"x\")",
    ] {
        assert_eq!(purity("src/domain/money.rs", text).len(), 1, "{text}");
    }
    assert_eq!(purity("src/service/save.rs", "async fn f() {}"), [""; 0]);
    assert_eq!(purity("src/domain/money.rs", "/// Never an f64."), [""; 0]);
}
