//! Reads the repository's files, and Rust text without its comments and strings.
//!
//! Invariant: blanking keeps every line where it was, so that a problem has its line.

use std::fs;
use std::path::Path;

/// A file of the repository.
pub struct File {
    /// From the repository's root, with forward slashes.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// What is not ours, or not kept.
const LEFT_OUT: [&str; 5] = ["target", "node_modules", ".git", "demo-data", "proptest-regressions"];

/// Every text file below this folder.
pub fn files(below: &str) -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    collect(root, &root.join(below), &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(root: &Path, at: &Path, found: &mut Vec<File>) {
    if at.is_file() {
        if let Ok(text) = fs::read_to_string(at) {
            let path = at.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            found.push(File { path, text });
        }
        return;
    }
    let Ok(entries) = fs::read_dir(at) else { return };
    for entry in entries {
        let entry = entry.unwrap();
        if !LEFT_OUT.contains(&entry.file_name().to_string_lossy().as_ref()) {
            collect(root, &entry.path(), found);
        }
    }
}

/// Every file of Rust that is ours.
pub fn rust() -> Vec<File> {
    let all = ["src", "migrations", "tests", "fuzz", "build", "build.rs"]
        .into_iter()
        .flat_map(files);
    all.filter(|file| file.path.ends_with(".rs")).collect()
}

/// The text with every comment and the inside of every string made blank.
pub fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = comment(rest)
            .or_else(|| string(rest, out.chars().next_back()))
            .unwrap_or(0);
        if skipped == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            out.extend(rest[..skipped].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            rest = &rest[skipped..];
        }
    }
    out
}

/// How long the comment is that begins here.
fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    rest.starts_with("/*")
        .then(|| rest.find("*/").map_or(rest.len(), |end| end + 2))
}

/// How long the string or character is that begins here.
fn string(rest: &str, before: Option<char>) -> Option<usize> {
    if before.is_some_and(|c| c.is_alphanumeric() || c == '_') && !rest.starts_with(['"', '\'']) {
        return None;
    }
    if let Some(raw) = rest.strip_prefix('r').or_else(|| rest.strip_prefix("br")) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let begun = rest.len() - raw.len() + hashes + 1;
            return Some(
                rest[begun..]
                    .find(&close)
                    .map_or(rest.len(), |end| begun + end + close.len()),
            );
        }
    }
    if rest.starts_with('"') {
        return Some(closed(rest, '"'));
    }
    // A lifetime has no closing mark; a character is one, or an escape.
    let inside = rest.strip_prefix('\'')?;
    let one = inside.chars().next()?;
    (one == '\\' || inside[one.len_utf8()..].starts_with('\'')).then(|| closed(rest, '\''))
}

fn closed(rest: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == mark => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A path in code: its first name, the names that may follow, where it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    /// `crate`, `super::super`, `poem`.
    pub root: String,
    /// What follows: one name, or each of a group.
    pub then: Vec<String>,
    /// From 1.
    pub line: usize,
}

/// Every path of two names or more, from its beginning.
pub fn paths(code: &str) -> Vec<Named> {
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1);
    let mut before = "";
    while at < code.len() {
        let word = name(&code[at..]);
        if word.is_empty() {
            let c = code[at..].chars().next().unwrap();
            line += usize::from(c == '\n');
            if !c.is_whitespace() {
                before = &code[at..at + c.len_utf8()];
            }
            at += c.len_utf8();
            continue;
        }
        let (mut root, mut next) = (word.to_owned(), at + word.len());
        while root.ends_with("super") && code[next..].starts_with("::super") {
            root.push_str("::super");
            next += "::super".len();
        }
        let begins = !matches!(before, ":" | ".");
        if begins && let Some(rest) = code[next..].strip_prefix("::") {
            found.push(Named {
                root,
                then: follow(rest),
                line,
            });
        }
        (before, at) = (word, next);
    }
    found
}

fn name(text: &str) -> &str {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    &text[..end]
}

/// The name after `::`, or each name that begins an item of the group there.
fn follow(rest: &str) -> Vec<String> {
    let Some(group) = rest.strip_prefix('{') else {
        return vec![name(rest).to_owned()];
    };
    let (mut depth, mut fresh, mut found) = (1, true, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => break,
            '}' => depth -= 1,
            ',' if depth == 1 => fresh = true,
            c if fresh && depth == 1 && (c.is_alphanumeric() || c == '_') => {
                found.push(name(&group[at..]).to_owned());
                fresh = false;
            }
            _ => {}
        }
    }
    found
}

#[test]
fn comments_and_strings_are_blank_and_lines_stay() {
    let text = "a // b \"c\"\nd \"e // \\\" f\" g /* h\n i */ j 'k' '\\'' l<'m> r#\"n \" o\"# p";
    let seen = code(text);
    assert_eq!(seen.split_whitespace().collect::<String>(), "adgjl<'m>p");
    assert_eq!(seen.lines().count(), text.lines().count());
}

#[test]
fn paths_are_found_with_what_follows() {
    let found =
        paths("use crate::{store, service::{a, b}, web};\nfn f() { super::super::store::x(); poem::web::Html }");
    let seen: Vec<String> = found
        .iter()
        .map(|named| format!("{} {} {}", named.line, named.root, named.then.join(",")))
        .collect();
    assert_eq!(
        seen,
        [
            "1 crate store,service,web",
            "1 service a,b",
            "2 super::super store",
            "2 poem web"
        ]
    );
}
