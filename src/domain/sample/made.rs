//! A made-up answer of each kind.
//!
//! Invariant: by itself it can be read and breaks nothing that its own question says; what it makes with other answers is
//! for the search to find out.

use std::collections::BTreeMap;

use chrono::{Datelike, Days};
use rust_decimal::Decimal;

use super::lot::Lot;
use crate::answers::types::{FileRef, Mark, Register};
use crate::form::schema::{Kind, Question, Table, TableRows};
use crate::ledger::Digest;

const WORDS: [&str; 24] = [
    "the", "wardens", "walked", "along", "river", "most", "evenings", "and", "people", "came", "back", "to", "room",
    "where", "tea", "was", "made", "because", "it", "stayed", "open", "late", "all", "winter",
];

/// What is typed in one place.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Made {
    pub fields: BTreeMap<String, String>,
    pub mark: Mark,
    pub approximately: bool,
    pub files: Vec<FileRef>,
}

impl Made {
    pub fn value(text: impl Into<String>) -> Self {
        Self::fields([("value", text.into())])
    }

    pub fn fields<const N: usize>(fields: [(&str, String); N]) -> Self {
        Self {
            fields: fields.map(|(name, text)| (name.to_owned(), text)).into(),
            ..Self::default()
        }
    }

    pub fn mark(mark: Mark) -> Self {
        Self {
            mark,
            ..Self::default()
        }
    }
}

/// What answers are made from.
pub(super) struct Stuff<'a> {
    pub register: &'a Register,
    /// Figures that may be what is wanted.
    pub figures: &'a [Decimal],
    /// The most that a count may be.
    pub most: i64,
}

/// An answer to a question, or of a column's cell; nothing when nobody could answer it, as where a plan has no priorities.
pub(super) fn made(question: &Question, stuff: &Stuff<'_>, lot: &mut Lot) -> Made {
    if question.may_be_unknown && lot.chance(6) {
        return Made::mark(Mark::NotKnown);
    }
    if question.may_be_inapplicable && lot.chance(6) {
        return Made::mark(Mark::NotApplicable);
    }
    let mut made = of_kind(&question.kind, stuff, lot);
    made.approximately = question.may_be_approximate && lot.chance(15);
    made
}

fn of_kind(kind: &Kind, stuff: &Stuff<'_>, lot: &mut Lot) -> Made {
    match kind {
        Kind::Text { max_chars } => {
            let text = words(lot.between(1, 4), lot);
            Made::value(text.chars().take(*max_chars as usize).collect::<String>().trim_end())
        }
        Kind::Narrative { max_words, .. } => {
            let most = i64::from(max_words.unwrap_or(60).min(60));
            Made::value(words(lot.between(1, most), lot))
        }
        Kind::Money { negative } => Made::value(money(figure(stuff, 2, *negative, 200_000, lot), lot)),
        Kind::Count { .. } => Made::value(count(stuff, lot).to_string()),
        Kind::Percent { places, negative, .. } => {
            Made::value(figure(stuff, *places, *negative, 10_000, lot).to_string())
        }
        Kind::Decimal { places, negative } => Made::value(figure(stuff, *places, *negative, 5_000, lot).to_string()),
        Kind::Range { .. } => {
            let low = count(stuff, lot);
            let high = low + lot.between(0, 20);
            Made::value(format!("{low} to {high}"))
        }
        Kind::Ratio { .. } => {
            let per = count(stuff, lot);
            let of = lot.between(0, per);
            Made::fields([("of", of.to_string()), ("per", per.to_string())])
        }
        Kind::Date => date(stuff, lot),
        Kind::YesNo => Made::value(if lot.chance(50) { "yes" } else { "no" }),
        Kind::Choice { options } => {
            Made::value(options.get(lot.index(options.len())).map_or("", |(id, _)| id.as_str()))
        }
        Kind::Choices { options, min, max } => {
            let ids: Vec<&str> = options.iter().map(|(id, _)| id.as_str()).collect();
            chosen(&ids, *min, *max, lot)
        }
        Kind::Priority { max } => {
            let keys: Vec<&str> = stuff
                .register
                .fund
                .priorities
                .iter()
                .map(|(key, _)| key.as_str())
                .collect();
            chosen(&keys, 1, *max, lot)
        }
        Kind::Contact => Made::fields([
            ("name", format!("Sam Fernsby {}", lot.between(1, 99))),
            ("email", "sam.fernsby@riverside.example.org".to_owned()),
            ("phone", "01632 960 001".to_owned()),
        ]),
        Kind::Table(table) => rows(table, stuff, lot),
        Kind::Split { max_rows, .. } => split(*max_rows, stuff, lot),
        Kind::File { accept, .. } => file(accept, lot),
        Kind::Declaration { .. } => Made::value("yes"),
        Kind::Calculated { .. } => Made::default(),
    }
}

pub(super) fn words(many: i64, lot: &mut Lot) -> String {
    let words: Vec<&str> = (0..many).filter_map(|_| lot.one(&WORDS)).collect();
    let text = words.join(" ");
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A figure with so many places: one that may be wanted, or any from nought.
fn figure(stuff: &Stuff<'_>, places: u32, negative: bool, most: i64, lot: &mut Lot) -> Decimal {
    let fits: Vec<&Decimal> = stuff
        .figures
        .iter()
        .filter(|wanted| wanted.normalize().scale() <= places && (negative || !wanted.is_sign_negative()))
        .collect();
    if !fits.is_empty() && lot.chance(70) {
        return *fits[lot.index(fits.len())];
    }
    let any = Decimal::new(lot.between(0, most), 2);
    if lot.chance(50) {
        any.trunc()
    } else {
        any.round_dp(places)
    }
}

/// A whole number: one that may be wanted, or any up to the most.
fn count(stuff: &Stuff<'_>, lot: &mut Lot) -> i64 {
    let wanted = stuff.figures.iter().filter(|figure| figure.fract().is_zero());
    let wanted: Vec<i64> = wanted
        .filter_map(|figure| i64::try_from(figure.trunc()).ok())
        .filter(|figure| (0..=stuff.most).contains(figure))
        .collect();
    if !wanted.is_empty() && lot.chance(70) {
        return wanted[lot.index(wanted.len())];
    }
    lot.between(0, stuff.most.min(200))
}

/// As people write it, one way or another.
fn money(pounds: Decimal, lot: &mut Lot) -> String {
    let mut pounds = pounds;
    match lot.between(0, 2) {
        0 => format!("£{pounds}"),
        1 => pounds.to_string(),
        _ => {
            pounds.rescale(2);
            pounds.to_string()
        }
    }
}

fn date(stuff: &Stuff<'_>, lot: &mut Lot) -> Made {
    let period = stuff.register.period;
    let days = u64::try_from(lot.between(0, period.days() - 1)).unwrap_or(0);
    let day = period
        .start()
        .checked_add_days(Days::new(days))
        .unwrap_or(period.start());
    Made::fields([
        ("day", day.day().to_string()),
        ("month", day.month().to_string()),
        ("year", format!("{:04}", day.year())),
    ])
}

/// Some of those that are offered.
fn chosen(offered: &[&str], min: u32, max: Option<u32>, lot: &mut Lot) -> Made {
    let there = i64::try_from(offered.len()).unwrap_or(i64::MAX);
    let most = max.map_or(there, i64::from).min(there);
    let many = lot.between(i64::from(min.max(1)), most);
    let mut order: Vec<&str> = offered.to_vec();
    lot.shuffle(&mut order);
    let taken = order.into_iter().take(usize::try_from(many).unwrap_or(0));
    Made {
        fields: taken.map(|id| (id.to_owned(), "yes".to_owned())).collect(),
        ..Made::default()
    }
}

/// Items that come to a figure that may be wanted.
fn split(max_rows: u32, stuff: &Stuff<'_>, lot: &mut Lot) -> Made {
    let most = i64::from(max_rows.min(4));
    let mut left = (figure(stuff, 2, false, 100_000, lot) * Decimal::ONE_HUNDRED).trunc();
    let many = lot.between(1, most);
    let mut made = Made::default();
    for row in 0..many {
        let part = if row + 1 == many {
            left
        } else {
            (left * Decimal::new(lot.between(0, 100), 2)).trunc()
        };
        left -= part;
        made.fields.insert(format!("{row}.item"), words(2, lot));
        made.fields
            .insert(format!("{row}.amount"), (part / Decimal::ONE_HUNDRED).to_string());
    }
    made
}

/// New rows of a table to which rows are added, each with its cells.
fn rows(table: &Table, stuff: &Stuff<'_>, lot: &mut Lot) -> Made {
    let TableRows::Added { min, max } = table.rows else {
        return Made::default();
    };
    let many = lot.between(i64::from(min.max(1)), i64::from(max.min(min + 3).max(1)));
    let mut made = Made::default();
    for row in 0..many {
        for column in table.columns.iter().filter(|column| super::place::is_typed(column)) {
            for (part, text) in of_kind(&column.kind, stuff, lot).fields {
                let name = match part.as_str() {
                    "value" => format!("{row}.{}", column.id),
                    part => format!("{row}.{}.{part}", column.id),
                };
                made.fields.insert(name, text);
            }
        }
    }
    made
}

fn file(accept: &[String], lot: &mut Lot) -> Made {
    let kind = accept.get(lot.index(accept.len())).map_or("pdf", String::as_str);
    let name = format!("evidence-{}.{kind}", lot.between(1, 999));
    Made {
        files: vec![FileRef {
            digest: Digest::of(name.as_bytes()).to_string(),
            name,
            size: 1_000,
            media: "application/octet-stream".to_owned(),
        }],
        ..Made::default()
    }
}
