//! Looks through a template before it runs: what stands in its tags, which functions are called and with which words.
//!
//! Invariant: a template that passes has no loop but over a list, adds nothing up, reads no other file and keeps no text
//! aside, so that everything that it prints is printed once and is opaque. Work is in proportion to the text.

use std::collections::BTreeMap;

use countersign_domain::form::rule::did_you_mean;
use countersign_domain::places::Places;
use countersign_domain::report::{At, Report};

use super::called::{Called, Given, Scanned};
use super::tokens::{Placed, Token, arguments, begins, literal, quoted};
use super::{Problem, in_order, with_help};

/// Brackets within brackets; a list in a call is 2.
const MAX_DEPTH: usize = 20;
/// More problems than this help nobody: mending some shows the rest.
const MAX_PROBLEMS: usize = 200;
/// What begins a statement.
const STATEMENTS: [&str; 9] = [
    "if", "elif", "else", "endif", "for", "endfor", "set", "break", "continue",
];
/// What may follow a `|`.
pub(super) const FILTERS: [&str; 4] = ["first", "join", "last", "length"];
/// Words of the template language that are never names.
const WORDS: [&str; 11] = [
    "true", "false", "none", "True", "False", "None", "not", "and", "or", "in", "if",
];

/// Looks through the body of a report.
pub(super) fn scan(report: &Report, functions: &[&str]) -> Scanned {
    let mut scan = Scan {
        body: &report.body,
        places: Places::new(&report.body),
        first: report.body_line,
        functions,
        tangled: false,
        scanned: Scanned {
            calls: Vec::new(),
            problems: Vec::new(),
            forbidden: false,
            unknown: Vec::new(),
        },
    };
    scan.tags();
    scan.scanned.problems = in_order(scan.scanned.problems);
    scan.scanned
}

struct Scan<'r> {
    body: &'r str,
    places: Places<'r>,
    first: usize,
    functions: &'r [&'r str],
    scanned: Scanned,
    /// Whether the brackets of the tag are out of order.
    tangled: bool,
}

impl Scan<'_> {
    fn at(&self, byte: usize) -> At {
        let place = self.places.at(byte);
        At {
            line: place.line + self.first - 1,
            column: place.column,
        }
    }

    fn problem(&mut self, byte: usize, message: String, help: &str) {
        if self.scanned.problems.len() == MAX_PROBLEMS {
            return;
        }
        let at = self.at(byte);
        self.scanned.problems.push(Problem::new(at, with_help(&message, help)));
    }

    /// What keeps the template from being run.
    fn forbid(&mut self, byte: usize, message: String, help: &str) {
        self.scanned.forbidden = true;
        self.problem(byte, message, help);
    }

    /// What keeps the calls of a tag from being looked at, too.
    fn tangle(&mut self, byte: usize, message: String) {
        self.tangled = true;
        self.forbid(byte, message, "");
    }

    fn tags(&mut self) {
        let mut from = 0;
        while let Some(open) = self.body[from..].find('{').map(|at| from + at) {
            let rest = &self.body[open..];
            if rest.starts_with("{#") {
                from = rest.find("#}").map_or(self.body.len(), |end| open + end + 2);
            } else if rest.starts_with("{{") || rest.starts_with("{%") {
                let statement = rest.starts_with("{%");
                let (tokens, end) = self.tokens(open + 2, if statement { "%}" } else { "}}" });
                if statement {
                    self.statement(open, &tokens);
                }
                if !std::mem::take(&mut self.tangled) {
                    self.expression(&tokens);
                }
                from = end;
            } else {
                from = open + 1;
            }
        }
    }

    /// The tokens of a tag, and where it ends.
    fn tokens(&mut self, from: usize, end: &str) -> (Vec<Placed>, usize) {
        let mut tokens = Vec::new();
        // `{%-` and `-%}` take away the space around a tag.
        let mut at = from + usize::from(self.body[from..].starts_with(['-', '+']));
        let mut open = Vec::new();
        while let Some(first) = self.body[at..].chars().next() {
            let rest = &self.body[at..];
            if rest.starts_with(end) || (rest.starts_with(['-', '+']) && rest[1..].starts_with(end)) {
                return (tokens, at + end.len() + usize::from(!rest.starts_with(end)));
            }
            let length = if first == '"' || first == '\'' {
                let (text, length) = quoted(rest, first);
                tokens.push((Token::Text(text), at + 1));
                length
            } else if first.is_alphabetic() || first == '_' {
                let length = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                tokens.push((Token::Name(rest[..length].to_owned()), at));
                length
            } else if first.is_ascii_digit() {
                let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                tokens.push((Token::Number(rest[..length].to_owned()), at));
                length
            } else {
                self.sign(first, at, &mut open);
                if !first.is_whitespace() {
                    tokens.push((Token::Sign(first), at));
                }
                first.len_utf8()
            };
            at += length;
        }
        (tokens, self.body.len())
    }

    /// Brackets are followed so that those of a call are found by going over it once.
    fn sign(&mut self, sign: char, at: usize, open: &mut Vec<char>) {
        match sign {
            '(' | '[' => {
                open.push(if sign == '(' { ')' } else { ']' });
                if open.len() == MAX_DEPTH + 1 {
                    let message = format!("Brackets stand in brackets here, more than {MAX_DEPTH} deep.");
                    self.tangle(at, message);
                }
            }
            ')' | ']' if open.pop() != Some(sign) => self.tangle(at, format!("This `{sign}` closes no bracket.")),
            '+' | '-' | '*' | '/' | '%' => {
                let message = format!("A report works nothing out by itself: `{sign}` cannot stand here.");
                self.forbid(
                    at,
                    message,
                    "Ask a function for the figure, which adds up by the measure's own rules.",
                );
            }
            '{' | '}' | ':' | ';' => {
                self.forbid(at, format!("`{sign}` cannot stand in a tag of a report."), "");
            }
            _ => {}
        }
    }

    fn statement(&mut self, open: usize, tokens: &[Placed]) {
        let Some((Token::Name(word), at)) = tokens.first() else {
            return self.forbid(
                open,
                "This tag says nothing.".to_owned(),
                "Write {% for … %}, {% if … %} or {% set … %}.",
            );
        };
        if !STATEMENTS.contains(&word.as_str()) {
            let meant = did_you_mean(word, STATEMENTS);
            let known = "There are for, if, elif, else and set, with endfor and endif.";
            let help = if meant.is_empty() { known } else { meant.as_str() };
            return self.forbid(*at, format!("`{word}` has no place in a report."), help);
        }
        if word == "set" {
            self.set(open, tokens);
        }
        if word == "for" {
            self.listed(tokens);
        }
        let again = tokens
            .iter()
            .find(|(token, _)| *token == Token::Name("recursive".to_owned()));
        if let Some((_, at)) = again.filter(|_| word == "for") {
            self.forbid(*at, "A loop cannot call itself.".to_owned(), "Leave `recursive` out.");
        }
    }

    /// A name is given words, a list of them, or what a function gives: nothing that grows.
    fn set(&mut self, open: usize, tokens: &[Placed]) {
        let help = "Write {% set name = \"…\" %}, a list of texts, or what one function gives.";
        if !matches!(tokens.get(1..3), Some([(Token::Name(_), _), (Token::Sign('='), _)])) {
            return self.forbid(open, "A name can be set here, and nothing else.".to_owned(), help);
        }
        for (number, (token, at)) in tokens.iter().enumerate().skip(3) {
            let next = tokens.get(number + 1).map(|(token, _)| token);
            let fine = match token {
                Token::Name(name) => WORDS.contains(&name.as_str()) || matches!(next, Some(Token::Sign('(' | '='))),
                Token::Sign(sign) => matches!(sign, '(' | ')' | '[' | ']' | ',' | '='),
                Token::Text(_) | Token::Number(_) => true,
            };
            if !fine {
                return self.forbid(*at, "This is more than a name can be set to.".to_owned(), help);
            }
        }
    }

    /// A list that is gone through has no list or text in it that is made of others, which would grow with each loop.
    fn listed(&mut self, tokens: &[Placed]) {
        let mut lists = 0_usize;
        for (number, (token, at)) in tokens.iter().enumerate() {
            let called = tokens
                .get(number + 1)
                .is_some_and(|(next, _)| matches!(next, Token::Sign('(' | '=')));
            match token {
                Token::Sign('[') => lists += 1,
                Token::Sign(']') => lists = lists.saturating_sub(1),
                Token::Name(name) if lists > 0 && !called && !WORDS.contains(&name.as_str()) => {
                    let message = format!("`{name}` cannot stand in a list that is gone through.");
                    self.forbid(*at, message, "Write the texts themselves.");
                }
                _ => {}
            }
        }
    }

    /// The functions and filters that are called.
    fn expression(&mut self, tokens: &[Placed]) {
        for (number, (token, at)) in tokens.iter().enumerate() {
            let Token::Name(name) = token else { continue };
            let before = number
                .checked_sub(1)
                .and_then(|number| tokens.get(number))
                .map(|(token, _)| token);
            let called = matches!(tokens.get(number + 1), Some((Token::Sign('('), _)));
            match before {
                Some(Token::Sign('|')) if !FILTERS.contains(&name.as_str()) => {
                    let meant = did_you_mean(name, FILTERS);
                    let known = "There are first, join, last and length.";
                    let help = if meant.is_empty() { known } else { meant.as_str() };
                    self.forbid(*at, format!("`{name}` cannot stand after |."), help);
                }
                Some(Token::Sign('|')) => {}
                Some(Token::Sign('.')) if called => {
                    self.forbid(
                        *at,
                        format!("`{name}` is no function of its own."),
                        "Leave out what stands before it.",
                    );
                }
                Some(Token::Name(word)) if word == "is" => {
                    self.forbid(
                        *at,
                        "`is` cannot stand in a report.".to_owned(),
                        "Write == or has(\"…\").",
                    );
                }
                _ if called && !WORDS.contains(&name.as_str()) => self.called(name, number, tokens),
                _ => {}
            }
        }
    }

    fn called(&mut self, name: &str, number: usize, tokens: &[Placed]) {
        let at = tokens[number].1;
        let known = || self.functions.iter().copied().chain(["prose"]);
        if !known().any(|known| known == name) {
            let help = did_you_mean(name, known());
            self.problem(at, format!("There is no function `{name}`."), &help);
            if !self.scanned.unknown.iter().any(|known| known == name) {
                self.scanned.unknown.push(name.to_owned());
            }
            return;
        }
        let mut called = Called {
            name: name.to_owned(),
            at: self.at(at),
            positional: Vec::new(),
            named: BTreeMap::new(),
        };
        for part in arguments(&tokens[number + 2..]) {
            let (key, value) = match part {
                [(Token::Name(key), _), (Token::Sign('='), _), rest @ ..] if !begins(rest, '=') => (Some(key), rest),
                part => (None, part),
            };
            let texts = value.iter().filter_map(|(token, at)| match token {
                Token::Text(text) => Some((text.clone(), self.at(*at))),
                _ => None,
            });
            let given = Given {
                value: literal(value),
                texts: texts.collect(),
                at: part.first().map_or(called.at, |(_, at)| self.at(*at)),
            };
            match key {
                Some(key) => drop(called.named.insert(key.clone(), given)),
                None => called.positional.push(given),
            }
        }
        self.scanned.calls.push(called);
    }
}
