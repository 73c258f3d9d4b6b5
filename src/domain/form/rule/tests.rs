//! The rule language: meanings, faults with their places, and properties over random rules.

mod exact;

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::form::schema::Each;

/// A scope for tests: names by their debug text, one list of rows for each section.
#[derive(Default)]
struct Given {
    values: BTreeMap<Name, RuleValue>,
    rows: Vec<Given>,
}

impl Scope for &Given {
    fn value(&self, name: &Name) -> RuleValue {
        self.values.get(name).cloned().unwrap_or(RuleValue::Blank)
    }

    fn rows(&self, _section: &str) -> Vec<Box<dyn Scope + '_>> {
        self.rows.iter().map(|row| Box::new(row) as Box<dyn Scope>).collect()
    }
}

fn known(section: &str, kind: RuleType) -> Known {
    Known {
        section: section.to_owned(),
        kind: Some(kind),
        figure: matches!(kind, RuleType::Number | RuleType::Money),
        ..Known::default()
    }
}

fn names() -> Names {
    let sections = [("money", Each::Whole), ("project", Each::Allocation)].map(|(id, each)| (id.to_owned(), each));
    let mut names = Names {
        sections: sections.into(),
        ..Names::default()
    };
    for (id, section, kind) in [
        ("carried_in", "money", RuleType::Money),
        ("confirmed", "money", RuleType::Truth),
        ("note", "money", RuleType::Text),
        ("people", "money", RuleType::Number),
        ("spent", "project", RuleType::Money),
        ("visits", "project", RuleType::Number),
        ("done", "project", RuleType::Truth),
    ] {
        names.questions.insert(id.to_owned(), known(section, kind));
    }
    let mut ratio = known("money", RuleType::Number);
    ratio.ratio = true;
    names.questions.insert("engaged".to_owned(), ratio);
    let mut choice = known("money", RuleType::Text);
    choice.options = vec!["open".to_owned(), "closed".to_owned()];
    names.questions.insert("status".to_owned(), choice);
    let mut faulty = known("money", RuleType::Text);
    faulty.kind = None;
    names.questions.insert("faulty".to_owned(), faulty);
    let completion = KnownMeasure {
        section: "project".to_owned(),
        table: None,
    };
    names.measures.insert("completion".to_owned(), completion);
    names
}

fn number(text: &str) -> RuleValue {
    RuleValue::Number(text.parse().expect("a number"))
}

fn pence(pence: i64) -> RuleValue {
    RuleValue::Money(Decimal::from(pence))
}

fn question(id: &str) -> Name {
    Name::Question(id.to_owned())
}

/// Eight hundred pounds in two rows, and one row that is what the test says.
fn given(third: RuleValue) -> Given {
    let row = |spent: RuleValue| Given {
        values: [
            (question("spent"), spent),
            (question("done"), RuleValue::Truth(true)),
            (Name::Allocation("amount".to_owned()), pence(40_000)),
        ]
        .into(),
        rows: Vec::new(),
    };
    Given {
        values: [
            (question("carried_in"), pence(2_767_800)),
            (question("people"), number("7")),
            (question("confirmed"), RuleValue::Truth(true)),
            (question("status"), RuleValue::Text("open".to_owned())),
            (Name::Numerator("engaged".to_owned()), number("308")),
            (Name::Denominator("engaged".to_owned()), number("1231")),
            (Name::Grant("amount".to_owned()), pence(40_056_800)),
        ]
        .into(),
        rows: vec![row(pence(50_000)), row(pence(30_000)), row(third)],
    }
}

fn eval(source: &str, given: &Given) -> RuleValue {
    match Rule::parse(source, &names(), Where::Whole) {
        Ok(rule) => rule.eval(&given),
        Err(problems) => panic!("{source}: {problems:?}"),
    }
}

#[test]
fn gives_the_values_it_should() {
    let given = given(pence(100));
    for (source, value) in [
        ("grant.amount + carried_in", pence(42_824_600)),
        ("1 + 2 * 3", number("7")),
        ("(1 + 2) * 3 - -1", number("10")),
        ("10 - 4 - 3", number("3")),
        ("0.1 + 0.2 = 0.3", RuleValue::Truth(true)),
        ("round(engaged.of / engaged.per * 100, 1)", number("25.0")),
        ("round(2.5, 0)", number("3")),
        ("round(-2.5, 0)", number("-3")),
        ("round(£10.50, 0)", pence(1_100)),
        ("round(£10 / 3, 2)", pence(333)),
        ("£440 = £4.40 * 100", RuleValue::Truth(true)),
        ("carried_in / £2", number("13839")),
        ("sum(project, spent)", pence(80_100)),
        ("sum(project, spent - allocation.amount)", pence(-39_900)),
        ("sum(project, if spent > carried_in then £1 else £2)", pence(600)),
        ("count(project)", number("3")),
        ("count(project, spent > £300)", number("1")),
        ("min(project, spent)", pence(100)),
        ("max(project, spent)", pence(50_000)),
        ("any(project, spent = £300)", RuleValue::Truth(true)),
        ("all(project, spent <= £500)", RuleValue::Truth(true)),
        ("people / (people - 7)", RuleValue::NotApplicable),
        ("(people - 7) / (people - 7) + 1", RuleValue::NotApplicable),
        ("people / (people - 7) > 1", RuleValue::Blank),
        ("is_blank(note)", RuleValue::Truth(true)),
        ("is_blank(people)", RuleValue::Truth(false)),
        ("note = 'x'", RuleValue::Blank),
        ("note = 'x' or confirmed", RuleValue::Truth(true)),
        ("note = 'x' and not confirmed", RuleValue::Truth(false)),
        ("note = 'x' and confirmed", RuleValue::Blank),
        ("if confirmed then people else blank", number("7")),
        ("if not confirmed then people else blank", RuleValue::Blank),
        ("status = \"open\"", RuleValue::Truth(true)),
        ("abs(3 - people)", number("4")),
        ("not confirmed or people > 6 and people < 8", RuleValue::Truth(true)),
        ("79228162514264337593543950335 + people", RuleValue::Blank),
        ("79228162514264337593543950335 * people", RuleValue::Blank),
    ] {
        assert_eq!(eval(source, &given), value, "{source}");
    }
}

#[test]
fn a_blank_row_leaves_a_sum_open_and_a_row_that_is_not_applicable_is_left_out() {
    let open = given(RuleValue::Blank);
    assert_eq!(eval("sum(project, spent)", &open), RuleValue::Blank);
    assert_eq!(eval("max(project, spent)", &open), RuleValue::Blank);
    assert_eq!(eval("all(project, spent < £400)", &open), RuleValue::Truth(false));
    assert_eq!(eval("all(project, spent > £0)", &open), RuleValue::Blank);
    assert_eq!(eval("count(project, spent > £0)", &open), RuleValue::Blank);
    let beside = given(RuleValue::NotApplicable);
    assert_eq!(eval("sum(project, spent)", &beside), pence(80_000));
    assert_eq!(eval("min(project, spent)", &beside), pence(30_000));
    let nobody = Given::default();
    assert_eq!(eval("sum(project, spent)", &nobody), pence(0));
    assert_eq!(eval("min(project, spent)", &nobody), RuleValue::NotApplicable);
}

#[test]
fn says_what_is_wrong_and_where() {
    let mut said = String::new();
    for source in [
        "",
        "spent",
        "allocation.amount",
        "sum(project, spnet)",
        "sum(project, sum(project, spent))",
        "sum(money, carried_in)",
        "sum(projcet, spent)",
        "carried_in * grant.amount",
        "carried_in + 100",
        "people / carried_in",
        "carried_in > 100",
        "status = 'opne'",
        "status > 'open'",
        "note = blank",
        "1 < 2 < 3",
        "people / 0",
        "carried_in / £0.00",
        "people +",
        "people people",
        "foo(1)",
        "round(people)",
        "round(people, 1.5)",
        "grant.amout",
        "grant",
        "engaged.off",
        "people.of",
        "confirmed + 1",
        "if confirmed then 1 else 'a'",
        "not people",
        "people == 1",
        "people ≤ 1",
        "note = ‘x’",
        "note = 'x",
        "people > 16,486",
        "blank",
        "(people",
        "carried_in > £1.234",
        "spnt + carired_in",
        "project",
        "people ; 1",
    ] {
        said += &format!("{source}\n");
        match Rule::parse(source, &names(), Where::Whole) {
            Ok(rule) => said += &format!("  a rule giving {}\n", rule.kind().words()),
            Err(problems) => {
                for problem in problems {
                    let marked = &source[problem.span.clone()];
                    let help = problem.help.map(|help| format!(" {help}")).unwrap_or_default();
                    said += &format!("  [{marked}] {}{help}\n", problem.message);
                }
            }
        }
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_fault_reported_elsewhere_is_not_reported_again() {
    let problems = Rule::parse("faulty + 1 = note", &names(), Where::Whole).expect_err("faulty");
    assert_eq!(problems, vec![]);
}

#[test]
fn knows_what_it_reads() {
    let rule = Rule::parse(
        "sum(project, spent) <= grant.amount + carried_in and carried_in > £0 and engaged.of > 1",
        &names(),
        Where::Whole,
    )
    .expect("a rule");
    let wanted = [
        question("spent"),
        Name::Grant("amount".to_owned()),
        question("carried_in"),
        Name::Numerator("engaged".to_owned()),
    ];
    assert_eq!(rule.reads(), wanted);
    assert_eq!(rule.kind(), RuleType::Truth);
    assert!(!rule.is_constant());
    assert!(
        Rule::parse("1 < 2", &names(), Where::Whole)
            .expect("a rule")
            .is_constant()
    );
    assert!(
        !Rule::parse("count(project)", &names(), Where::Whole)
            .expect("a rule")
            .is_constant()
    );
}

#[test]
fn is_bounded() {
    for (source, message) in [
        (
            ["(".repeat(1_900), "1".to_owned(), ")".repeat(1_900)].concat(),
            "48 deep",
        ),
        (format!("{}1", "-".repeat(3_000)), "48 deep"),
        ("if true then ".repeat(300), "48 deep"),
        (vec!["1"; 202].join("+"), "200 operators"),
        ("1+".repeat(100_000), "4,000 bytes"),
    ] {
        let problems = Rule::parse(&source, &names(), Where::Whole).expect_err("too much");
        assert!(problems[0].message.contains(message), "{:?}", problems[0]);
    }
    let longest = vec!["1"; 201].join("+");
    assert_eq!(eval(&longest, &Given::default()), number("201"));
}

/// An arithmetic rule, and what it comes to when worked out by hand.
fn arithmetic() -> impl Strategy<Value = (String, Option<Decimal>)> {
    let leaf = (0i64..1_000_000, 0u32..4).prop_map(|(digits, places)| {
        let value = Decimal::new(digits, places);
        (value.to_string(), Some(value))
    });
    leaf.prop_recursive(5, 40, 2, |inner| {
        (inner.clone(), inner, 0usize..4).prop_map(|((a, x), (b, y), which)| {
            let sign = ["+", "-", "*", "/"][which];
            let value = match (x, y) {
                (Some(x), Some(y)) => match which {
                    0 => x.checked_add(y),
                    1 => x.checked_sub(y),
                    2 => x.checked_mul(y),
                    _ => x.checked_div(y),
                },
                _ => None,
            };
            (format!("({a} {sign} {b})"), value)
        })
    })
}

proptest! {
    #[test]
    fn agrees_with_decimals((source, value) in arithmetic()) {
        // A division by a nought that is written out is refused; any other has no value.
        if let Ok(rule) = Rule::parse(&source, &names(), Where::Whole) {
            let nothing = Given::default();
            let result = rule.eval(&&nothing);
            match value {
                Some(value) => prop_assert_eq!(result, RuleValue::Number(value)),
                None => prop_assert!(matches!(result, RuleValue::Blank | RuleValue::NotApplicable)),
            }
        }
    }

    #[test]
    fn never_panics_on_any_text(source in "\\PC{0,80}") {
        let _ = Rule::parse(&source, &names(), Where::Whole);
    }

    #[test]
    fn never_panics_on_words_of_the_language(words in proptest::collection::vec(
        prop_oneof![
            Just("("), Just(")"), Just("+"), Just("-"), Just("*"), Just("/"), Just("<="), Just("="), Just(","),
            Just("sum"), Just("round"), Just("project"), Just("spent"), Just("people"), Just("carried_in"),
            Just("grant.amount"), Just("allocation.amount"), Just("if"), Just("then"), Just("else"), Just("and"),
            Just("not"), Just("1"), Just("£2"), Just("'x'"), Just("status"), Just("is_blank"), Just("blank"),
            Just("£"), Just("é"), Just("79228162514264337593543950335"),
        ], 0..24))
    {
        let source = words.join(" ");
        for place in [Where::Whole, Where::Allocation] {
            match Rule::parse(&source, &names(), place) {
                Ok(rule) => {
                    let given = given(RuleValue::NotApplicable);
                    let _ = rule.eval(&&given);
                }
                Err(problems) => {
                    for problem in problems {
                        prop_assert!(source.get(problem.span).is_some());
                    }
                }
            }
        }
    }
}
