//! What becomes of each answer when a form gets another version.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Fate, Moved, Sections, moved, moved_back};
use crate::answers::evaluate;
use crate::answers::types::{
    AllocationFacts, Draft, DraftAnswer, FundFacts, GrantFacts, Mark, ProviderFacts, Register, SectionKey,
};
use crate::form::parse::parse;
use crate::form::schema::Form;
use crate::money::Money;
use crate::period::Period;

const HEAD: &str = r#"
form = "small"
version = 1
title = "Small"
owed_by = "grant"
audience = "panel"
[schedule]
every = "financial-year"
opens = "end + 1d"
due = "end + 20wd"
closes = "due + 60d"
remind = ["opens"]
[[stage]]
id = "sign"
kind = "sign-off"
by = "partnership.chair"
statement = "It is right."
"#;

fn form(body: &str) -> Form {
    parse(&format!("{HEAD}{body}")).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// A section with questions: id, and what else is said of each.
fn section(id: &str, each: &str, questions: &[(&str, &str)]) -> String {
    let mut text = format!("[[section]]\nid = \"{id}\"\ntitle = \"The {id}\"\n{each}\n");
    for (id, rest) in questions {
        text += &format!("[[section.question]]\nid = \"{id}\"\nlabel = \"About {id}\"\n{rest}\n");
    }
    text
}

const TEXT: &str = "type = \"text\"";
const EACH: &str = "each = \"allocation\"";

fn register(allocations: &[&str]) -> Register {
    let day = |text: &str| text.parse().unwrap();
    let allocation = |key: &&str| AllocationFacts {
        key: (*key).to_owned(),
        title: format!("Project {key}"),
        provider: "A provider".to_owned(),
        amount: Money::ZERO,
        uncovered: Money::ZERO,
        contract_total: None,
        priorities: vec![],
        project: (*key).to_owned(),
        project_title: format!("Project {key}"),
        contract_ends_on: None,
        other_funding: None,
        lines: vec![],
    };
    Register {
        fund: FundFacts {
            key: "fund".to_owned(),
            title: "Fund".to_owned(),
            priorities: vec![],
            smallest_award: None,
            largest_award: None,
        },
        grant: GrantFacts {
            reference: "G".to_owned(),
            title: "Grant".to_owned(),
            amount: Money::ZERO,
            carried_forward: Money::ZERO,
            starts_on: day("2017-04-01"),
            ends_on: day("2018-03-31"),
            conditions: None,
            held_back: None,
            held_back_for: None,
        },
        provider: ProviderFacts {
            name: "A provider".to_owned(),
        },
        allocations: allocations.iter().map(allocation).collect(),
        period: Period::new(day("2017-04-01"), day("2018-03-31")).unwrap(),
        previous: None,
        period_label: None,
        beneath: vec![],
    }
}

fn answer(text: &str, version: u32) -> DraftAnswer {
    DraftAnswer {
        fields: BTreeMap::from([("value".to_owned(), text.to_owned())]),
        mark: Mark::Given,
        approximately: false,
        files: vec![],
        by: Uuid::from_u128(1).into(),
        at: DateTime::<Utc>::UNIX_EPOCH,
        version,
    }
}

fn typed(all: &[(&str, &str, &str)]) -> Sections {
    let mut sections = Sections::new();
    for (key, question, text) in all {
        let section = sections.entry(SectionKey((*key).to_owned())).or_default();
        section.answers.insert((*question).to_owned(), answer(text, 1));
    }
    sections
}

fn run(old: &Form, new: &Form, register: &Register, sections: &Sections) -> Moved {
    let draft = Draft {
        sections: sections.clone(),
        ..Draft::default()
    };
    moved(old, new, &evaluate(old, register, &draft), register, &draft)
}

fn fates(moved: &Moved) -> Vec<(&str, &str, Fate)> {
    let told = moved.answers.iter();
    told.map(|one| (one.section.0.as_str(), one.question.as_str(), one.fate))
        .collect()
}

#[test]
fn each_answer_is_kept_moved_or_said_to_be_no_longer_asked() {
    let old = form(
        &(section("a", "", &[("stays", TEXT), ("goes", TEXT), ("dropped", TEXT)])
            + &section("b", "", &[("other", TEXT)])),
    );
    let new = form(
        &(section(
            "a",
            "",
            &[("stays", TEXT), ("fresh", "type = \"text\"\nrequired = true")],
        ) + &section("b", "", &[("other", TEXT), ("goes", TEXT)])),
    );
    let before = typed(&[
        ("a", "stays", "1"),
        ("a", "goes", "2"),
        ("a", "dropped", "3"),
        ("b", "other", " "),
    ]);
    let moved = run(&old, &new, &register(&[]), &before);
    assert_eq!(
        fates(&moved),
        [
            ("a", "fresh", Fate::NeedsAnswer),
            ("b", "goes", Fate::Moved),
            ("a", "dropped", Fate::NotAsked),
            ("a", "stays", Fate::Kept),
        ]
    );
    assert_eq!(moved.answers[0].words, "“About fresh” in “The a” needs an answer.");
    assert_eq!(moved.answers[1].words, "“About goes” moves to “The b” with its answer.");
    assert_eq!(
        (moved.answers[2].shown.as_str(), moved.answers[3].shown.as_str()),
        ("3", "1")
    );
    let expected = typed(&[
        ("a", "stays", "1"),
        ("a", "dropped", "3"),
        ("b", "other", " "),
        ("b", "goes", "2"),
    ]);
    assert_eq!(moved.sections, expected);
}

#[test]
fn what_the_new_version_does_not_take_stays_in_its_box_and_is_said() {
    let choice = |options: &str| format!("type = \"choice\"\noptions = [{options}]");
    let (yes, no) = ("{ id = \"yes\", label = \"Yes\" }", "{ id = \"no\", label = \"No\" }");
    let some = "{ id = \"some\", label = \"Some\" }";
    let old = form(&section(
        "a",
        "",
        &[("which", &choice(&format!("{yes}, {no}, {some}"))), ("short", TEXT)],
    ));
    let new = form(&section(
        "a",
        "",
        &[("which", &choice(&format!("{yes}, {no}"))), ("short", TEXT)],
    ));
    let before = typed(&[("a", "which", "some"), ("a", "short", "x")]);
    let moved = run(&old, &new, &register(&[]), &before);
    assert_eq!(
        fates(&moved),
        [("a", "which", Fate::NotReadable), ("a", "short", Fate::Kept)]
    );
    assert!(
        moved.answers[0].words.contains("Select one of the answers offered"),
        "{:?}",
        moved.answers
    );
    assert_eq!(moved.sections, before);
}

#[test]
fn an_answer_goes_to_the_same_subject_or_stays() {
    let asked = [("story", TEXT)];
    let (whole, each) = (form(&section("a", "", &asked)), form(&section("b", EACH, &asked)));
    let also = form(&section("c", EACH, &asked));
    let (one, two) = (register(&["asb"]), register(&["asb", "drugs"]));
    let once = typed(&[("a", "story", "x")]);
    let in_both = typed(&[("b/asb", "story", "x"), ("b/drugs", "story", "y")]);
    let in_one = typed(&[("b/asb", "story", "x"), ("b/drugs", "story", "")]);
    assert_eq!(
        run(&whole, &each, &one, &once).sections,
        typed(&[("b/asb", "story", "x")])
    );
    let stays = run(&whole, &each, &two, &once);
    assert_eq!(stays.sections, once);
    assert_eq!(
        stays.answers.last().map(|one| one.words.as_str()),
        Some(
            "“About story” is now asked for each allocation, so that it has to be answered again. What was typed is kept."
        )
    );
    let moved = run(&each, &also, &two, &in_both);
    assert_eq!(
        moved.sections,
        typed(&[("c/asb", "story", "x"), ("c/drugs", "story", "y")])
    );
    let stays = run(&each, &whole, &two, &in_both);
    assert_eq!(stays.sections, in_both);
    assert!(stays.answers.iter().all(|one| one.fate == Fate::NotPlaced), "{stays:?}");
    let moved = run(&each, &whole, &two, &in_one);
    assert_eq!(
        moved.sections[&SectionKey("a".to_owned())].answers["story"],
        answer("x", 1)
    );
}

#[test]
fn nothing_is_moved_on_top_of_another_answer() {
    let old = form(&(section("a", "", &[("story", TEXT)]) + &section("b", "", &[("other", TEXT)])));
    let new = form(&section("b", "", &[("other", TEXT), ("story", TEXT)]));
    let before = typed(&[("a", "story", "from a"), ("b", "story", "kept from long ago")]);
    let moved = run(&old, &new, &register(&[]), &before);
    assert_eq!(moved.sections, before);
    assert_eq!(
        fates(&moved),
        [("a", "story", Fate::NotPlaced), ("b", "story", Fate::Kept)]
    );
}

#[test]
fn taken_back_the_draft_is_as_it_was_but_for_what_was_answered_since() {
    let old = form(
        &(section("a", "", &[("stays", TEXT), ("goes", TEXT), ("also", TEXT)]) + &section("b", "", &[("other", TEXT)])),
    );
    let new = form(
        &(section("a", "", &[("stays", TEXT)])
            + &section(
                "b",
                "",
                &[("other", TEXT), ("goes", TEXT), ("also", TEXT), ("fresh", TEXT)],
            )),
    );
    let before = typed(&[("a", "stays", "1"), ("a", "goes", "2"), ("a", "also", "3")]);
    let after = run(&old, &new, &register(&[]), &before).sections;
    let back = moved_back(&old, &new, &register(&[]), &before, &after, &after);
    assert_eq!(back, (before.clone(), vec![]));
    let mut now = after.clone();
    let b = now.get_mut(&SectionKey("b".to_owned())).unwrap();
    b.answers.insert("goes".to_owned(), answer("2 and more", 2));
    b.answers.insert("fresh".to_owned(), answer("new", 1));
    let (sections, told) = moved_back(&old, &new, &register(&[]), &before, &after, &now);
    let mut expected = before;
    let a = expected.get_mut(&SectionKey("a".to_owned())).unwrap();
    a.answers.insert("goes".to_owned(), answer("2 and more", 2));
    expected
        .entry(SectionKey("b".to_owned()))
        .or_default()
        .answers
        .insert("fresh".to_owned(), answer("new", 1));
    assert_eq!(sections, expected);
    let told: Vec<_> = told
        .iter()
        .map(|one| (one.section.0.as_str(), one.question.as_str()))
        .collect();
    assert_eq!(told, [("b", "fresh"), ("a", "goes")]);
}
