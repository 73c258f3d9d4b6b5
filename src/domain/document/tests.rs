//! Documents before and after it was decided what of them may be shown.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::*;
use crate::answers::types::FigureValue;
use crate::measure::suppress::Policy;

fn atom(key: &str, count: i64) -> Atom {
    Atom {
        key: key.to_owned(),
        count,
    }
}

fn raw(value: FigureValue, people: Option<People>) -> Raw {
    Raw {
        told: Told::Value(value),
        approximately: false,
        provisional: false,
        restated: false,
        over_money: false,
        people,
        from: None,
    }
}

/// A count of people that is the sum of these.
fn people(atoms: &[(&str, i64)]) -> Raw {
    let atoms: Vec<Atom> = atoms.iter().map(|(key, count)| atom(key, *count)).collect();
    let count = atoms.iter().map(|atom| atom.count).sum();
    raw(FigureValue::Count { count }, Some(People::Count(atoms)))
}

/// So many of so many; the two have no count in common.
fn ratio(of: i64, per: i64) -> Raw {
    let people = People::Ratio {
        of: vec![atom("achieved", of)],
        per: vec![atom("started", per)],
    };
    raw(FigureValue::Ratio { of, per, places: 1 }, Some(people))
}

fn money(pence: i64) -> Raw {
    raw(FigureValue::Money { pence }, None)
}

fn document(blocks: Vec<Block<Raw>>) -> Document<Raw> {
    Document {
        title: "A paper".to_owned(),
        subtitle: String::new(),
        audience: Audience::Panel,
        watermark: None,
        dated: NaiveDate::from_ymd_opt(2026, 5, 1).unwrap(),
        blocks,
        definitions: vec![],
    }
}

fn table(figures: Vec<Raw>) -> Block<Raw> {
    let row = |figure| Row {
        cells: vec![
            Cell::Text {
                text: "A row".to_owned(),
            },
            Cell::Figure { figure },
        ],
        total: false,
    };
    Block::Table(Table {
        caption: "A table".to_owned(),
        columns: vec![],
        rows: figures.into_iter().map(row).collect(),
        coverage: None,
        notes: vec!["The note that was there.".to_owned()],
    })
}

fn sentence(figure: Raw) -> Block<Raw> {
    Block::Paragraph {
        runs: vec![
            Run::Text {
                text: "It was ".to_owned(),
            },
            Run::Figure { figure },
        ],
    }
}

fn shown(blocks: Vec<Block<Raw>>, policy: Policy) -> Showed {
    show(document(blocks), Audience::Panel, Some(policy), &[], None)
}

/// The words of all figures, in order.
fn words(showed: &Showed) -> Vec<String> {
    let mut words = vec![];
    let _ = showed
        .document
        .clone()
        .map(&mut |figure: Shown, _| words.push(figure.text));
    words
}

fn notes(showed: &Showed) -> Vec<String> {
    let tables = showed.document.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table.notes.clone()),
        _ => None,
    });
    tables.flatten().collect()
}

#[test]
fn counts_are_decided_on_together_wherever_they_stand() {
    let blocks = vec![
        table(vec![people(&[("a", 3)]), people(&[("b", 20)]), people(&[("c", 40)])]),
        sentence(people(&[("a", 3), ("b", 20), ("c", 40)])),
        sentence(people(&[("b", 20)])),
    ];
    let showed = shown(blocks, Policy::LessThanFive);
    assert_eq!(words(&showed), ["[c]", "[c]", "40", "63", "held back"]);
    assert_eq!(showed.hidden, 3);
    let said = serde_json::to_string(&showed.document).unwrap();
    assert!(
        !said.contains("20") || said.matches("20").count() == said.matches("2026").count(),
        "{said}"
    );
}

#[test]
fn a_percentage_is_shown_only_when_both_its_counts_are() {
    let words = |of, per, policy| words(&shown(vec![table(vec![ratio(of, per)])], policy)).remove(0);
    assert_eq!(words(30, 40, Policy::LessThanFive), "75.0% (30 of 40)");
    assert_eq!(words(2, 7, Policy::LessThanFive), "[c]");
    assert_eq!(words(10, 12, Policy::LessThanFive), "[c]");
    assert_eq!(words(0, 12, Policy::LessThanFive), "0.0% (0 of 12)");
    assert_eq!(words(0, 0, Policy::LessThanFive), "[z]");
    // Worked out from the rounded counts: 30 of 40, and not 31 of 42.
    assert_eq!(words(31, 42, Policy::RoundToFive), "75.0% (30 of 40)");
}

#[test]
fn a_number_says_what_the_words_say() {
    let showed = shown(
        vec![table(vec![ratio(1_000, 3_000), money(1_648_600)])],
        Policy::LessThanFive,
    );
    let mut exact = vec![];
    let _ = showed.document.map(&mut |figure: Shown, _| exact.extend(figure.exact));
    let expected = [
        (Decimal::new(333, 1), Unit::Percent),
        (Decimal::new(1_648_600, 2), Unit::Pounds),
    ];
    assert_eq!(
        exact.iter().map(|exact| (exact.number, exact.unit)).collect::<Vec<_>>(),
        expected
    );
}

#[test]
fn symbols_stand_in_tables_and_words_in_sentences() {
    let marked = Raw {
        approximately: true,
        provisional: true,
        ..money(700_000)
    };
    let blocks = vec![
        table(vec![
            marked.clone(),
            raw(FigureValue::NotKnown, None),
            raw(FigureValue::Blank, None),
        ]),
        sentence(marked),
        sentence(raw(FigureValue::NotApplicable, None)),
    ];
    let showed = shown(blocks, Policy::LessThanFive);
    let expected = [
        "£7,000.00 [e] [p]",
        "[x]",
        "[w]",
        "approximately £7,000.00 (provisional)",
        "not applicable",
    ];
    assert_eq!(words(&showed), expected);
    let notes = notes(&showed);
    assert_eq!(notes.len(), 5, "{notes:?}");
    assert!(notes[1].starts_with("[x]") && notes[4].starts_with("[p]"), "{notes:?}");
}

#[test]
fn rounding_is_said_once_beneath_the_table() {
    let figures = vec![
        people(&[("a", 12)]),
        people(&[("b", 99)]),
        people(&[("c", 7)]),
        people(&[("d", 0)]),
    ];
    let showed = shown(vec![table(figures)], Policy::RoundToFive);
    assert_eq!(words(&showed), ["10", "100", "[c]", "0"]);
    let notes = notes(&showed);
    assert_eq!(
        notes.iter().filter(|note| note.contains("nearest 5")).count(),
        1,
        "{notes:?}"
    );
    assert_eq!(
        showed.released[0],
        Released {
            atoms: vec![atom("a", 12)],
            less: vec![],
            low: 8,
            high: 12
        }
    );
}

#[test]
fn what_is_internal_holds_nothing_back_and_says_so_on_every_page() {
    let blocks = vec![table(vec![people(&[("a", 3)])])];
    let showed = show(
        document(blocks),
        Audience::Internal,
        Some(Policy::LessThanFive),
        &[],
        None,
    );
    assert_eq!((words(&showed), showed.hidden), (vec!["3".to_owned()], 0));
    assert_eq!(showed.document.watermark.as_deref(), Some(INTERNAL));
    assert_eq!(showed.released, []);
}

#[test]
fn what_was_published_earlier_is_remembered() {
    let first = shown(
        vec![table(vec![
            people(&[("a", 3)]),
            people(&[("b", 20)]),
            people(&[("a", 3), ("b", 20)]),
        ])],
        Policy::LessThanFive,
    );
    assert_eq!(words(&first), ["[c]", "[c]", "23"]);
    let again = serde_json::to_string(&first.released).unwrap();
    let released: Vec<Released> = serde_json::from_str(&again).unwrap();
    let next = |earlier: &[Released]| {
        let blocks = vec![table(vec![people(&[("b", 20)])])];
        words(&show(document(blocks), Audience::Public, None, earlier, None)).remove(0)
    };
    assert_eq!(next(&[]), "20");
    assert_eq!(next(&released), "[c]");
}

#[test]
fn what_earlier_papers_told_of_others_is_left_aside() {
    let told = |atoms: Vec<Atom>, count: i64| Released {
        atoms,
        less: vec![],
        low: count,
        high: count,
    };
    // Together they give 3 away, and nothing that follows can help it.
    let released = [
        told(vec![atom("a", 3), atom("b", 20)], 23),
        told(vec![atom("b", 20)], 20),
    ];
    let next = |figures: Vec<Raw>| {
        let showed = show(document(vec![table(figures)]), Audience::Public, None, &released, None);
        (words(&showed), showed.exposed)
    };
    assert_eq!(next(vec![people(&[("c", 30)])]), (vec!["30".to_owned()], 0));
    assert_eq!(next(vec![people(&[("b", 20)])]), (vec!["20".to_owned()], 1));
}

#[test]
fn a_figure_that_differs_from_others_by_a_little_tells_what_they_come_to() {
    let quarters = || vec![people(&[("a", 3)]), people(&[("b", 20)])];
    let typed = |count: i64| {
        let own = Box::new(People::Count(vec![atom("year", count)]));
        let near = Box::new(People::Count(vec![atom("a", 3), atom("b", 20)]));
        raw(FigureValue::Count { count }, Some(People::Near { own, near }))
    };
    let of = |figures: Vec<Raw>| words(&shown(vec![table(figures)], Policy::LessThanFive));
    assert_eq!(of(vec![typed(25)]), ["25"]);
    assert_eq!(of([quarters(), vec![typed(25)]].concat()), ["[c]", "[c]", "25"]);
    // It is told where the quarters are not, and held back where what they come to is small.
    let few = Raw {
        people: Some(People::Near {
            own: Box::new(People::Count(vec![atom("year", 9)])),
            near: Box::new(People::Count(vec![atom("a", 3)])),
        }),
        ..raw(FigureValue::Count { count: 9 }, None)
    };
    assert_eq!(of(vec![few]), ["[c]"]);
}

#[test]
fn what_its_counts_do_not_explain_is_shown_only_when_none_of_them_is_small() {
    let largest = |counts: &[(&str, i64)], count: i64| {
        let atoms = counts.iter().map(|(key, count)| atom(key, *count)).collect();
        raw(FigureValue::Count { count }, Some(People::Worked(atoms)))
    };
    let figures = vec![
        largest(&[("a", 30), ("b", 20)], 30),
        largest(&[("c", 30), ("d", 2)], 30),
        largest(&[("e", 30), ("f", 26)], 4),
    ];
    assert_eq!(
        words(&shown(vec![table(figures.clone())], Policy::LessThanFive)),
        ["30", "[c]", "[c]"]
    );
    // A sum that does not add up is not taken for one.
    let odd = Raw {
        told: Told::Value(FigureValue::Count { count: 3 }),
        ..people(&[("a", 30)])
    };
    assert_eq!(words(&shown(vec![table(vec![odd])], Policy::LessThanFive)), ["[c]"]);
}

#[test]
fn that_some_are_a_part_of_others_is_remembered() {
    let first = shown(
        vec![table(vec![ratio(10, 12)]), sentence(raw_count("started", 12))],
        Policy::LessThanFive,
    );
    assert_eq!(words(&first), ["[c]", "12"]);
    let next = |earlier: &[Released]| {
        let blocks = vec![table(vec![raw_count("achieved", 10)])];
        words(&show(document(blocks), Audience::Public, None, earlier, None)).remove(0)
    };
    assert_eq!(next(&[]), "10");
    assert_eq!(next(&first.released), "[c]");
}

fn raw_count(key: &str, count: i64) -> Raw {
    people(&[(key, count)])
}
