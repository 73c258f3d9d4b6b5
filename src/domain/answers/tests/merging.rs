//! Two people in one section: nothing that was acknowledged is lost without somebody having seen it.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::paper::{at, person};
use crate::answers::types::{DraftSection, Mark};
use crate::answers::{Base, Merged, Seen, Typed, base_of, merge};

fn typed(answers: &[(&str, &str)]) -> BTreeMap<String, Typed> {
    answers
        .iter()
        .map(|(id, text)| ((*id).to_owned(), Typed::value(text)))
        .collect()
}

fn save(base: &Base, stored: &DraftSection, who: u128, answers: &[(&str, &str)]) -> Merged {
    merge(base, stored, &typed(answers), person(who), at(1))
}

fn text<'a>(section: &'a DraftSection, id: &str) -> &'a str {
    section.answers.get(id).map_or("", |answer| &answer.fields["value"])
}

#[test]
fn different_questions_merge_and_the_same_question_shows_both() {
    let empty = DraftSection::default();
    let first = save(&Base::new(), &empty, 1, &[("spent", "100"), ("story", "")]);
    assert_eq!(first.changed, ["spent"], "an empty box that was empty is not an answer");
    assert_eq!(first.section.answers["spent"].version, 1);

    // Both load the page; each changes one question and sends the other back untouched.
    let page = base_of(&first.section);
    let one = save(&page, &first.section, 1, &[("spent", "150"), ("story", "")]);
    let two = save(&page, &one.section, 2, &[("spent", "100"), ("story", "It went well")]);
    assert_eq!(two.conflicts, []);
    assert_eq!(
        (text(&two.section, "spent"), text(&two.section, "story")),
        ("150", "It went well")
    );
    assert_eq!(two.section.answers["story"].by, person(2));

    // From the page that both loaded, another figure for the same question.
    let late = save(&page, &two.section, 2, &[("spent", "170"), ("story", "It went well")]);
    assert_eq!(late.conflicts.len(), 1);
    assert_eq!(late.conflicts[0].theirs.fields["value"], "150");
    assert_eq!(late.conflicts[0].yours, Typed::value("170"));
    assert_eq!((text(&late.section, "spent"), late.changed.len()), ("150", 0));

    // Sent again from a page that shows what is stored.
    let settled = save(&base_of(&late.section), &late.section, 2, &[("spent", "170")]);
    assert_eq!((text(&settled.section, "spent"), settled.conflicts.len()), ("170", 0));
    assert_eq!(settled.section.answers["spent"].version, 3);
    // And both saying the same is no conflict, from whatever page.
    assert_eq!(save(&page, &settled.section, 1, &[("spent", "170")]).conflicts, []);
}

#[test]
fn a_prefilled_box_is_stored_only_when_it_is_changed() {
    let base = Base::from([("contract".to_owned(), Seen::prefilled(&Typed::value("552500.00")))]);
    let empty = DraftSection::default();
    assert!(
        save(&base, &empty, 1, &[("contract", "552500.00")])
            .section
            .answers
            .is_empty()
    );
    let emptied = save(&base, &empty, 1, &[("contract", "")]);
    assert_eq!(emptied.section.answers["contract"].version, 1);
    assert_eq!(
        text(&save(&base, &empty, 1, &[("contract", "9")]).section, "contract"),
        "9"
    );
}

#[test]
fn a_mark_is_a_change_and_what_a_page_carries_comes_back() {
    let mut unknown = Typed::value("100");
    unknown.mark = Mark::NotKnown;
    let stored = save(&Base::new(), &DraftSection::default(), 1, &[("spent", "100")]).section;
    let changed = BTreeMap::from([("spent".to_owned(), unknown)]);
    let merged = merge(&base_of(&stored), &stored, &changed, person(1), at(2));
    assert_eq!(merged.section.answers["spent"].mark, Mark::NotKnown);

    let seen = Seen::of(stored.answers.get("spent"));
    assert_eq!(seen.to_string().parse::<Seen>().unwrap(), seen);
    for bad in [
        "",
        "1",
        "1.",
        "x.0123456789abcdef",
        "1.0123456789ABCDEF",
        "99999999999.0123456789abcdef",
        "+1.0123456789abcdef",
    ] {
        assert!(bad.parse::<Seen>().is_err(), "{bad}");
    }
}

/// What two people do: load the page, type, save.
#[derive(Debug, Clone)]
enum Step {
    Load(usize),
    Type(usize, usize, u8),
    Save(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..2_usize).prop_map(Step::Load),
        (0..2_usize, 0..3_usize, 0..4_u8).prop_map(|(who, question, text)| Step::Type(who, question, text)),
        (0..2_usize).prop_map(Step::Save),
    ];
    prop::collection::vec(step, 0..60)
}

/// A page as it stands in front of somebody.
#[derive(Clone, Default)]
struct Page {
    base: Base,
    shown: BTreeMap<String, String>,
    boxes: BTreeMap<String, String>,
}

impl Page {
    fn of(section: &DraftSection) -> Self {
        let shown: BTreeMap<String, String> = QUESTIONS
            .iter()
            .map(|id| ((*id).to_owned(), text(section, id).to_owned()))
            .collect();
        Self {
            base: base_of(section),
            boxes: shown.clone(),
            shown,
        }
    }
}

const QUESTIONS: [&str; 3] = ["a", "b", "c"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn nothing_acknowledged_is_lost_unseen(steps in steps()) {
        let mut stored = DraftSection::default();
        let mut pages = [Page::of(&stored), Page::of(&stored)];
        for step in steps {
            match step {
                Step::Load(who) => pages[who] = Page::of(&stored),
                Step::Type(who, question, n) => {
                    let value = if n == 0 { String::new() } else { format!("{who}{n}") };
                    pages[who].boxes.insert(QUESTIONS[question].to_owned(), value);
                }
                Step::Save(who) => {
                    let page = pages[who].clone();
                    let sent = page.boxes.iter().map(|(id, text)| (id.clone(), Typed::value(text))).collect();
                    let merged = merge(&page.base, &stored, &sent, person(who as u128), at(1));
                    for id in QUESTIONS {
                        let (before, after) = (text(&stored, id), text(&merged.section, id));
                        let conflict = merged.conflicts.iter().any(|conflict| conflict.question == id);
                        let changed_by_them = page.boxes[id] != page.shown[id];
                        if after != before {
                            prop_assert_eq!(before, &page.shown[id], "replaced unseen");
                        }
                        if changed_by_them && !conflict {
                            prop_assert_eq!(after, &page.boxes[id], "acknowledged and not there");
                        }
                        if conflict {
                            prop_assert_eq!(after, before);
                        }
                    }
                    stored = merged.section;
                    pages[who] = Page::of(&stored);
                }
            }
        }
    }
}
