//! What holds of any text read as a rule: it is a rule or its problems point into it, and a rule's value is of its kind
//! whatever the values it reads.
//!
//! Invariant: asks the same of the same text each time; the values are drawn from the text and from the names in it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use chrono::NaiveDate;
use countersign_domain::form::rule::{
    Foregone, Known, KnownMeasure, KnownRows, KnownTable, Name, Names, Rule, RuleType, RuleValue, Scope, Where,
    foregone, mentions,
};
use countersign_domain::form::schema::Each;
use rust_decimal::Decimal;

/// How many sets of values each rule is worked out over.
const SCOPES: u64 = 4;

static NAMES: LazyLock<Names> = LazyLock::new(names);

/// Where a rule is tried.
const PLACES: [Where<'static>; 7] = [
    Where::Whole,
    Where::Allocation,
    Where::Project,
    Where::Cohort,
    Where::Row("visit"),
    Where::Table("outcomes"),
    Where::Table("lines"),
];

/// A name of each kind in each sort of section and in tables; one whose own fault is reported elsewhere.
fn names() -> Names {
    let mut names = Names::default();
    for (section, each, ids) in [
        (
            "money",
            Each::Whole,
            ["carried_in", "people", "confirmed", "note", "visited_on"],
        ),
        (
            "project",
            Each::Allocation,
            ["spent", "visits", "done", "remark", "ended_on"],
        ),
        ("visit", Each::Row, ["fares", "miles", "safe", "story", "seen_on"]),
        ("group", Each::Cohort, ["cost", "size", "met", "mood", "met_on"]),
    ] {
        names.sections.insert(section.to_owned(), each);
        let mut add = |id: &str, kind, ratio, options: &[&str]| {
            let options = options.iter().map(|option| (*option).to_owned()).collect();
            let section = section.to_owned();
            let known = Known {
                section,
                kind,
                ratio,
                options,
                range: id == "size",
                figure: matches!(kind, Some(RuleType::Money | RuleType::Number)),
                not_negative: matches!(id, "people" | "visits" | "miles"),
            };
            names.questions.insert(id.to_owned(), known);
        };
        let kinds = [
            RuleType::Money,
            RuleType::Number,
            RuleType::Truth,
            RuleType::Text,
            RuleType::Date,
        ];
        for (id, kind) in ids.into_iter().zip(kinds) {
            add(id, Some(kind), false, &[]);
        }
        add(
            &format!("{section}_status"),
            Some(RuleType::Text),
            false,
            &["open", "closed"],
        );
        add(&format!("{section}_engaged"), Some(RuleType::Number), true, &[]);
        add(&format!("{section}_faulty"), None, false, &[]);
        let measure = KnownMeasure {
            section: section.to_owned(),
            table: None,
        };
        names.measures.insert(format!("{section}_share"), measure);
    }
    let ids = ["first", "second"].map(str::to_owned).to_vec();
    names.tables.insert(
        "outcomes".to_owned(),
        table("money", KnownRows::Cohorts(ids), Some("before")),
    );
    names
        .tables
        .insert("lines".to_owned(), table("project", KnownRows::Lines, None));
    names
}

fn table(section: &str, rows: KnownRows, by_row: Option<&'static str>) -> KnownTable {
    let column = |id: &str, kind, ratio| {
        let known = Known {
            section: section.to_owned(),
            kind: Some(kind),
            ratio,
            figure: true,
            ..Known::default()
        };
        (id.to_owned(), known)
    };
    KnownTable {
        section: section.to_owned(),
        rows,
        columns: [
            column("before", RuleType::Number, false),
            column("helped", RuleType::Number, true),
            column("given", RuleType::Money, false),
        ]
        .into(),
        by_row,
    }
}

/// Values drawn from a seed and the name; now and then of another type than the name's.
struct Drawn {
    seed: u64,
    rows: u64,
}

impl Scope for Drawn {
    fn value(&self, name: &Name) -> RuleValue {
        let mut hasher = DefaultHasher::new();
        (self.seed, name).hash(&mut hasher);
        let drawn = hasher.finish();
        let figure = Decimal::from_i128_with_scale(i128::from(drawn as i64) >> (drawn % 60), (drawn % 29) as u32);
        match drawn % 11 {
            0 => RuleValue::Blank,
            1 => RuleValue::NotApplicable,
            2 | 3 => RuleValue::Number(figure),
            4 => RuleValue::Number(Decimal::MAX),
            5 | 6 => RuleValue::Money(Decimal::from(drawn as u32)),
            7 => RuleValue::Truth(drawn.is_multiple_of(2)),
            8 => RuleValue::Text("open".to_owned()),
            9 => RuleValue::Date(NaiveDate::MIN),
            _ => RuleValue::Number(Decimal::ZERO),
        }
    }

    fn rows(&self, section: &str) -> Vec<Box<dyn Scope + '_>> {
        let seeds = (0..self.rows).map(|row| self.seed ^ (section.len() as u64) << 8 ^ row << 16);
        seeds
            .map(|seed| Box::new(Self { seed, rows: 0 }) as Box<dyn Scope>)
            .collect()
    }
}

fn fits(value: &RuleValue, kind: RuleType) -> bool {
    match value {
        RuleValue::Blank | RuleValue::NotApplicable => true,
        RuleValue::Number(_) => kind == RuleType::Number,
        RuleValue::Money(_) => kind == RuleType::Money,
        RuleValue::Truth(_) => kind == RuleType::Truth,
        RuleValue::Text(_) => kind == RuleType::Text,
        RuleValue::Date(_) => kind == RuleType::Date,
    }
}

/// Asks all of it.
pub fn check(text: &str) {
    mentions(text);
    for place in PLACES {
        for Foregone { span, .. } in foregone(text, &NAMES, place) {
            assert!(text.get(span.clone()).is_some(), "{span:?} of {text:?}");
        }
        match Rule::parse(text, &NAMES, place) {
            Ok(rule) => sound(text, &rule, place),
            Err(problems) => {
                for problem in problems {
                    assert!(text.get(problem.span.clone()).is_some(), "{problem:?} of {text:?}");
                    assert!(!problem.message.is_empty(), "{problem:?} of {text:?}");
                }
            }
        }
    }
}

/// A rule read again from its own text, and in brackets, is the same rule.
fn sound(text: &str, rule: &Rule, place: Where<'_>) {
    assert_eq!(rule.source(), text);
    let again = Rule::parse(rule.source(), &NAMES, place).unwrap_or_else(|problems| panic!("{problems:?} of {text:?}"));
    assert_eq!((again.kind(), again.reads()), (rule.kind(), rule.reads()), "{text:?}");
    let within = match Rule::parse(&format!("({text})"), &NAMES, place) {
        Ok(within) => Some(within),
        Err(problems) => {
            let bounds = ["48 deep", "4,000 bytes"];
            let bounded = problems
                .iter()
                .all(|problem| bounds.iter().any(|bound| problem.message.contains(bound)));
            assert!(bounded, "{problems:?} of {text:?} in brackets");
            None
        }
    };
    for seed in 0..SCOPES {
        let given = Drawn {
            seed: seed ^ (text.len() as u64) << 8,
            rows: seed,
        };
        let value = rule.eval(&given);
        assert!(fits(&value, rule.kind()), "{text:?} is {value:?}");
        assert_eq!(again.eval(&given), value, "{text:?} again");
        if let Some(within) = &within {
            assert_eq!(within.eval(&given), value, "{text:?} in brackets");
        }
        if let RuleValue::Number(figure) | RuleValue::Money(figure) = value {
            let signed = figure.is_zero() && figure.is_sign_negative();
            assert!(!signed, "{text:?} is a nought with a sign");
        }
    }
}
