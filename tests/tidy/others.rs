//! What is not Rust: templates, lock files, manifests and the documents.

use std::path::Path;

/// Puts together what other macros have made; everywhere else text is escaped.
const MACROS: &str = "templates/pages/macros.html";

/// What a page must not have: the content security policy would stop it, or it would come from elsewhere.
pub fn pages(path: &str, text: &str) -> Vec<String> {
    if !path.starts_with("templates/pages/") {
        return vec![];
    }
    let mut problems = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let mut problem = |what: &str| problems.push(format!("{path}:{}: {what}", number + 1));
        let lower = line.to_lowercase();
        if lower.contains("<style") || lower.contains(" style=") {
            problem("a style in a page; put it in assets/scss");
        }
        for script in lower.split("<script").skip(1) {
            if !script.split('>').next().unwrap_or_default().contains(" src=") {
                problem("a script in a page; put it in assets/js");
            }
        }
        if attributes(&lower)
            .any(|name| name.starts_with("on") && name.len() > 4 && name[2..].chars().all(char::is_alphabetic))
        {
            problem("a handler in a page; put it in assets/js");
        }
        for outside in ["src=\"http", "src=\"//", "url(http", "@import"] {
            if lower.contains(outside) {
                problem("something fetched from elsewhere");
            }
        }
        if path != MACROS && (lower.contains("| safe") || lower.contains("|safe")) {
            problem("text that is not escaped");
        }
    }
    problems
}

/// Names that are followed by `="`.
fn attributes(line: &str) -> impl Iterator<Item = &str> {
    line.split("=\"")
        .map(|before| before.rsplit([' ', '\t', '<']).next().unwrap_or_default())
}

/// Where packages come from is the reader's own business: no host is kept.
pub fn lock_files(path: &str, text: &str) -> Vec<String> {
    let hosts = |line: &&str| {
        let line = line.trim();
        match path.rsplit('/').next() {
            Some("package-lock.json") => line.starts_with("\"resolved\"") && line.contains("://"),
            Some("Cargo.lock") => {
                line.starts_with("source = ")
                    && line != "source = \"registry+https://github.com/rust-lang/crates.io-index\""
            }
            _ => false,
        }
    };
    let found = text.lines().enumerate().filter(|(_, line)| hosts(line));
    found
        .map(|(number, _)| format!("{path}:{}: names where it was fetched", number + 1))
        .collect()
}

/// What the domain may be made with: nothing that waits, reads, writes or draws lots.
const OF_THE_DOMAIN: [&str; 13] = [
    "base64",
    "chrono",
    "chrono-tz",
    "ed25519-dalek",
    "rust_decimal",
    "serde",
    "serde_json",
    "serde_spanned",
    "sha2",
    "thiserror",
    "toml",
    "unicode-normalization",
    "uuid",
];

/// Dependencies that the domain has no use for.
pub fn domain_manifest(path: &str, text: &str) -> Vec<String> {
    if path != "src/domain/Cargo.toml" {
        return vec![];
    }
    let mut inside = false;
    let mut problems = Vec::new();
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line == "[dependencies]" || line.starts_with("[dependencies.");
        }
        let Some((name, _)) = line.split_once('=').filter(|_| inside) else {
            continue;
        };
        let name = name.trim().trim_end_matches(".workspace");
        if !line.starts_with('#') && !OF_THE_DOMAIN.contains(&name) {
            problems.push(format!("{path}: `{name}` is not for the domain"));
        }
    }
    problems
}

/// The most lines of the page that says how the house is built.
pub const MOST_OF_ARCHITECTURE: usize = 200;

/// Documents that name what is not there, or go on for too long.
pub fn documents(path: &str, text: &str) -> Vec<String> {
    if !path.ends_with(".md") {
        return vec![];
    }
    let mut problems = Vec::new();
    let lines = text.lines().count();
    if path == "ARCHITECTURE.md" && lines >= MOST_OF_ARCHITECTURE {
        problems.push(format!(
            "{path}: {lines} lines; it must stay under {MOST_OF_ARCHITECTURE}"
        ));
    }
    let roots = [
        "src/",
        "tests/",
        "docs/",
        "config/",
        "forms/",
        "templates/",
        "migrations/",
        "assets/",
        "build/",
        ".ci/",
        "fuzz/",
    ];
    for (number, line) in text.lines().enumerate() {
        for named in line.split('`').skip(1).step_by(2) {
            let plain = named.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
            let there = || Path::new(env!("CARGO_MANIFEST_DIR")).join(named).exists();
            if plain && roots.iter().any(|root| named.starts_with(root)) && !there() {
                problems.push(format!("{path}:{}: there is no {named}", number + 1));
            }
        }
    }
    problems
}

#[test]
fn what_a_page_must_not_have_is_caught() {
    for text in [
        "<p style=\"color: red\">",
        "<script>alert(1)</script>",
        "<style>p {}</style>",
        "<button onclick=\"go()\">",
        "<img src=\"https://example.org/a.png\">",
        "{{ answer | safe }}",
    ] {
        assert_eq!(pages("templates/pages/a.html", text).len(), 1, "{text}");
    }
    let fine = "<script type=\"module\" src=\"{{ \"a.mjs\" | asset }}\"></script><p class=\"on\" data-once=\"1\">";
    assert_eq!(pages("templates/pages/a.html", fine), [""; 0]);
    assert_eq!(pages("templates/mails/layout.html", "<p style=\"margin: 0\">"), [""; 0]);
}

#[test]
fn a_host_in_a_lock_file_is_caught() {
    let npm = "  \"resolved\": \"https://registry.example.org/a.tgz\",";
    assert_eq!(lock_files("assets/package-lock.json", npm).len(), 1);
    assert_eq!(
        lock_files("Cargo.lock", "source = \"registry+https://mirror.example.org/index\"").len(),
        1
    );
    let usual = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    assert_eq!(lock_files("Cargo.lock", usual), [""; 0]);
}

#[test]
fn a_dependency_that_the_domain_has_no_use_for_is_caught() {
    let path = "src/domain/Cargo.toml";
    for name in ["tokio", "sea-orm", "poem", "rand"] {
        assert_eq!(
            domain_manifest(path, &format!("[dependencies]\n{name} = \"1\"\n")).len(),
            1,
            "{name}"
        );
    }
    assert_eq!(
        domain_manifest(path, "[dependencies]\ntokio.workspace = true\n").len(),
        1
    );
    assert_eq!(
        domain_manifest(
            path,
            "[dependencies]\nserde = \"1\"\n[dev-dependencies]\ninsta = \"1\"\n"
        ),
        [""; 0]
    );
}

#[test]
fn a_document_that_names_what_is_not_there_is_caught() {
    assert_eq!(documents("ARCHITECTURE.md", "It is in `src/attic.rs`.").len(), 1);
    assert_eq!(
        documents("ARCHITECTURE.md", "It is in `src/lib.rs`, `src/<room>` and `attic`."),
        [""; 0]
    );
    assert_eq!(
        documents("ARCHITECTURE.md", &"line\n".repeat(MOST_OF_ARCHITECTURE)).len(),
        1
    );
}
