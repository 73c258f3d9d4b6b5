//! Hostile text, a bounded share of what `fuzz` looks for: its seeds, the forms of the repository, and changes of both.
//!
//! Invariant: the same texts each time, from a fixed seed; a text that is found wanting is in the message.

#[path = "../fuzz/checks/form.rs"]
mod form;
#[path = "rules/lots.rs"]
mod lots;
#[path = "../fuzz/checks/quantity.rs"]
mod quantity;
#[path = "../fuzz/checks/rule.rs"]
mod rule;

use std::fs;
use std::path::Path;

use lots::Lots;

/// Pieces that texts are changed with: what the languages are made of, and what breaks the careless.
const PIECES: [&str; 44] = [
    "(",
    ")",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "{{",
    "\"",
    "'",
    "\"\"\"",
    "\\",
    "\\u0041",
    "=",
    "<=",
    "+",
    "-",
    "*",
    "/",
    ".",
    ",",
    "#",
    "\n",
    "\r\n",
    "\0",
    "\u{a0}",
    "\u{feff}",
    "£",
    "é",
    "“",
    "−",
    "٣",
    "𝟙",
    "🏳️‍🌈",
    "k",
    "%",
    " if ",
    " not ",
    " else ",
    "sum(project, ",
    "0.0000000000000000000000000001",
    "79228162514264337593543950335",
    "99999999999999999999999999999999",
];

fn texts(below: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(below);
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{below}: {error}"))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(texts(&path.to_string_lossy()));
        } else {
            // What a fuzzer has put there need not be text.
            found.extend(fs::read_to_string(&path));
        }
    }
    found
}

/// A place between two characters.
fn place(text: &str, lots: &mut Lots) -> usize {
    text.floor_char_boundary(lots.below(text.len() + 1))
}

/// The text with a few changes: cut, doubled, and mixed with pieces and with other texts.
fn changed(text: &str, others: &[String], lots: &mut Lots) -> String {
    let mut text = text.to_owned();
    for _ in 0..8 {
        let at = place(&text, lots);
        let to = text.ceil_char_boundary((at + lots.below(12)).min(text.len()));
        match lots.below(6) {
            0 => text.replace_range(at..to, ""),
            1 => text.replace_range(at..to, lots.one(&PIECES)),
            2 => text.insert_str(at, &text[at..to].repeat(1 + lots.below(60))),
            3 => text.insert_str(at, &lots.one(&PIECES).repeat(1 + lots.below(60))),
            4 => {
                let other = &others[lots.below(others.len())];
                let from = place(other, lots);
                let until = other.ceil_char_boundary((from + lots.below(40)).min(other.len()));
                text.insert_str(at, &other[from..until]);
            }
            _ => text.insert_str(at, lots.one(&PIECES)),
        }
        if lots.chance(40) {
            break;
        }
    }
    text
}

fn tried(seeds: &[String], changes: usize, check: impl Fn(&str)) {
    assert!(seeds.len() > 10, "only {} seeds", seeds.len());
    for seed in seeds {
        check(seed);
    }
    let mut lots = Lots::of(7);
    for _ in 0..changes {
        let seed = &seeds[lots.below(seeds.len())];
        check(&changed(seed, seeds, &mut lots));
    }
}

#[test]
fn any_text_is_a_rule_or_is_told_why_not() {
    tried(&texts("fuzz/corpus/rule"), 20_000, rule::check);
}

#[test]
fn any_text_is_a_form_or_is_told_why_not() {
    let seeds = [texts("fuzz/corpus/form"), texts("forms")].concat();
    tried(&seeds, 2_000, form::check);
}

#[test]
fn any_text_is_a_figure_or_is_asked_about_or_is_told_why_not() {
    tried(&texts("fuzz/corpus/quantity"), 20_000, quantity::check);
}
