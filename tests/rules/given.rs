//! What a generated rule may read: a form's names, and random values behind them, blanks and "not applicable" among them.
//!
//! Invariant: the same seed gives the same values; a percentage is worked out from its two counts and never drawn.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use countersign_domain::form::rule::{Known, KnownMeasure, Name, Names, Rule, RuleType, RuleValue, Scope, Where};
use countersign_domain::form::schema::Each;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::lots::Lots;
use RuleType::{Date, Money, Number, Text, Truth};

/// The options of the one choice.
pub const OPTIONS: [&str; 3] = ["open", "closed", "on-hold"];
/// The sections that repeat; the rows of each are the allocations.
pub const SECTIONS: [&str; 2] = ["project", "visit"];
/// Percentages, and the two counts that each is worked out from.
const PERCENTAGES: [(&str, &str, &str); 4] = [
    ("engaged", "engaged.of", "engaged.per"),
    ("kept", "kept.of", "kept.per"),
    ("share", "carried_in", "claimed"),
    ("completion", "completed", "visits"),
];

/// What stands once for the return.
pub const WHOLE: [(&str, RuleType); 19] = [
    ("carried_in", Money),
    ("claimed", Money),
    ("people", Number),
    ("sessions", Number),
    ("confirmed", Truth),
    ("agreed", Truth),
    ("note", Text),
    ("status", Text),
    ("visited_on", Date),
    ("engaged", Number),
    ("engaged.of", Number),
    ("engaged.per", Number),
    ("share", Number),
    ("grant.amount", Money),
    ("grant.title", Text),
    ("grant.starts_on", Date),
    ("grant.ends_on", Date),
    ("period.end", Date),
    ("provider.name", Text),
];

/// What stands once for each allocation.
pub const REPEATED: [(&str, RuleType); 12] = [
    ("spent", Money),
    ("committed", Money),
    ("visits", Number),
    ("completed", Number),
    ("done", Truth),
    ("remark", Text),
    ("ended_on", Date),
    ("kept", Number),
    ("kept.of", Number),
    ("kept.per", Number),
    ("completion", Number),
    ("allocation.amount", Money),
];

type Values = BTreeMap<&'static str, RuleValue>;

fn name(id: &str) -> Name {
    match id.split_once('.') {
        Some((root, "of")) => Name::Numerator(root.to_owned()),
        Some((root, "per")) => Name::Denominator(root.to_owned()),
        Some(("grant", field)) => Name::Grant(field.to_owned()),
        Some(("period", field)) => Name::Period(field.to_owned()),
        Some(("provider", field)) => Name::Provider(field.to_owned()),
        Some((_, field)) => Name::Allocation(field.to_owned()),
        None if matches!(id, "share" | "completion") => Name::Measure(id.to_owned()),
        None => Name::Question(id.to_owned()),
    }
}

/// The names of the form that the rules are about.
pub fn names() -> Names {
    let mut names = Names::default();
    names.sections.insert("money".to_owned(), Each::Whole);
    for section in SECTIONS {
        names.sections.insert(section.to_owned(), Each::Allocation);
    }
    for (section, known) in [("money", &WHOLE[..]), (SECTIONS[0], &REPEATED[..])] {
        for (id, kind) in known.iter().filter(|(id, _)| !id.contains('.')) {
            if matches!(name(id), Name::Measure(_)) {
                let measure = KnownMeasure {
                    section: section.to_owned(),
                    table: None,
                };
                names.measures.insert((*id).to_owned(), measure);
                continue;
            }
            // One question stands in the other section that repeats: it is read from the same allocation.
            let section = if *id == "committed" { SECTIONS[1] } else { section };
            let known = Known {
                section: section.to_owned(),
                kind: Some(*kind),
                ratio: matches!(*id, "engaged" | "kept"),
                options: if *id == "status" {
                    OPTIONS.map(str::to_owned).to_vec()
                } else {
                    Vec::new()
                },
                ..Known::default()
            };
            names.questions.insert((*id).to_owned(), known);
        }
    }
    names
}

/// Values by the names that rules call them by, and those of each row of the sections that repeat.
pub struct Given {
    values: Values,
    rows: Vec<Values>,
    /// The row that a rule inside an allocation stands in.
    place: usize,
}

/// A place in what is given: the return, or a row.
struct Place<'a> {
    given: &'a Given,
    row: Option<usize>,
}

impl Given {
    /// Draws all of it.
    pub fn draw(lots: &mut Lots) -> Self {
        let values = drawn(&WHOLE, lots);
        let rows: Vec<Values> = (0..lots.below(5)).map(|_| drawn(&REPEATED, lots)).collect();
        let place = lots.below(rows.len().max(1));
        Self { values, rows, place }
    }

    /// Whether there is an allocation to stand in.
    pub fn has_rows(&self) -> bool {
        !self.rows.is_empty()
    }

    /// Works a rule out, from the return or from inside an allocation.
    pub fn work_out(&self, rule: &Rule, place: Where) -> RuleValue {
        let row = (place == Where::Allocation).then_some(self.place);
        rule.eval(&Place { given: self, row })
    }

    /// For the other side to read: the names, the row that the rules stand in, all the rows, and the rules.
    pub fn told(&self, rules: &[(String, String)]) -> Value {
        let tell = |values: &Values| -> BTreeMap<&str, String> {
            let kept = values.iter().filter(|(id, _)| percentage(id).is_none());
            kept.map(|(id, value)| (*id, told(value))).collect()
        };
        let kinds: BTreeMap<&str, &str> = WHOLE
            .iter()
            .chain(&REPEATED)
            .map(|(id, kind)| (*id, if *kind == Money { "m" } else { "n" }))
            .collect();
        let percentages: BTreeMap<&str, [&str; 2]> = PERCENTAGES.map(|(id, of, per)| (id, [of, per])).into();
        json!({
            "names": tell(&self.values),
            "place": self.rows.get(self.place).map(tell).unwrap_or_default(),
            "rows": self.rows.iter().map(tell).collect::<Vec<_>>(),
            "sections": SECTIONS,
            "kinds": kinds,
            "percentages": percentages,
            "rules": rules,
        })
    }
}

fn percentage(id: &str) -> Option<(&'static str, &'static str)> {
    let found = PERCENTAGES.iter().find(|(known, ..)| *known == id);
    found.map(|(_, of, per)| (*of, *per))
}

fn drawn(known: &[(&'static str, RuleType)], lots: &mut Lots) -> Values {
    known.iter().map(|(id, kind)| (*id, value(lots, *kind))).collect()
}

/// A value, as the other side reads it.
pub fn told(value: &RuleValue) -> String {
    match value {
        RuleValue::Blank => "b".to_owned(),
        RuleValue::NotApplicable => "x".to_owned(),
        RuleValue::Number(number) => format!("n:{number}"),
        RuleValue::Money(pence) => format!("m:{pence}"),
        RuleValue::Truth(yes) => format!("y:{yes}"),
        RuleValue::Text(text) => format!("t:{text}"),
        RuleValue::Date(date) => format!("d:{date}"),
    }
}

impl Place<'_> {
    fn look(&self, id: &str) -> RuleValue {
        if let Some((of, per)) = percentage(id) {
            return share(self.look(of), self.look(per));
        }
        let row = self.row.and_then(|row| self.given.rows.get(row));
        let found = row.and_then(|row| row.get(id)).or_else(|| self.given.values.get(id));
        found.cloned().unwrap_or(RuleValue::Blank)
    }
}

impl Scope for Place<'_> {
    fn value(&self, wanted: &Name) -> RuleValue {
        let id = WHOLE.iter().chain(&REPEATED).find(|(id, _)| name(id) == *wanted);
        id.map_or(RuleValue::Blank, |(id, _)| self.look(id))
    }

    fn rows(&self, _section: &str) -> Vec<Box<dyn Scope + '_>> {
        let at = |row| Place {
            given: self.given,
            row: Some(row),
        };
        (0..self.given.rows.len())
            .map(|row| Box::new(at(row)) as Box<dyn Scope>)
            .collect()
    }
}

/// So many of so many, as the percentage of a ratio and of a measure is.
fn share(of: RuleValue, per: RuleValue) -> RuleValue {
    match (of, per) {
        (RuleValue::Blank, _) | (_, RuleValue::Blank) => RuleValue::Blank,
        (RuleValue::Number(of) | RuleValue::Money(of), RuleValue::Number(per) | RuleValue::Money(per)) => {
            if per.is_zero() {
                return RuleValue::NotApplicable;
            }
            let share = of.checked_mul(Decimal::ONE_HUNDRED).and_then(|of| of.checked_div(per));
            share.map_or(RuleValue::Blank, RuleValue::Number)
        }
        _ => RuleValue::NotApplicable,
    }
}

/// A day near the others, so that days are often equal.
pub fn day(number: usize) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2026, 2, 26).expect("a day");
    first + chrono::Days::new(number as u64)
}

/// A figure: mostly what a return holds, now and then at the edges of what can be held.
pub fn figure(lots: &mut Lots) -> Decimal {
    let mut figure = match lots.below(20) {
        0 => Decimal::ZERO,
        1..=6 => Decimal::from(lots.below(20)),
        7..=10 => Decimal::from(lots.below(500_000)),
        11 | 12 => Decimal::from(lots.below(100_000_000_000)),
        13..=16 => Decimal::new(lots.below(10_000_000) as i64, lots.below(5) as u32),
        17 => Decimal::new((lots.next() >> 1) as i64, lots.below(20) as u32),
        18 => {
            let wide = (i128::from(lots.next()) << 32) | i128::from(lots.next() >> 32);
            Decimal::from_i128_with_scale(wide, lots.below(29) as u32)
        }
        _ => lots.one(&[
            Decimal::MAX,
            Decimal::ONE,
            Decimal::from_i128_with_scale(1, 28),
            Decimal::from_i128_with_scale(5, 28),
            Decimal::from_i128_with_scale(79_228_162_514_264_337_593_543_950_335, 28),
            Decimal::from_i128_with_scale(25, 1),
            Decimal::from_i128_with_scale(12_345_678_901_234_567_890_123_456_785, 27),
        ]),
    };
    figure.set_sign_negative(lots.chance(20) && !figure.is_zero());
    figure
}

/// A value of a kind; now and then blank, or not applicable.
fn value(lots: &mut Lots, kind: RuleType) -> RuleValue {
    match lots.below(100) {
        0..10 => return RuleValue::Blank,
        10..17 => return RuleValue::NotApplicable,
        _ => {}
    }
    match kind {
        RuleType::Number => RuleValue::Number(figure(lots)),
        // Whole pence: what is typed and what the register holds.
        RuleType::Money => {
            let pence = lots.below(40_000_000) as i64;
            let whole = if lots.chance(50) { pence / 10_000 * 100 } else { pence };
            RuleValue::Money(Decimal::from(if lots.chance(10) { -whole } else { whole }))
        }
        RuleType::Truth => RuleValue::Truth(lots.chance(50)),
        RuleType::Text => RuleValue::Text(text(lots).to_owned()),
        RuleType::Date => RuleValue::Date(day(lots.below(6))),
    }
}

/// A text, often an option of the choice.
pub fn text(lots: &mut Lots) -> &'static str {
    if lots.chance(50) {
        return lots.one(&OPTIONS);
    }
    lots.one(&[
        "",
        "Open",
        "open ",
        "Gwasanaeth ieuenctid",
        "£100",
        "and",
        "it's",
        "Ω≈ç",
        "1 < 2",
    ])
}
