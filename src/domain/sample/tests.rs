//! Made-up answers to every form that there is.

use std::collections::{BTreeSet, HashSet};

use super::{broken, period, register, valid};
use crate::answers::evaluate;
use crate::form::parse::parse;
use crate::form::schema::{Form, Kind, Severity};

const FORMS: [(&str, &str); 5] = [
    ("everything", include_str!("../form/tests/everything.toml")),
    ("tables", include_str!("../form/tests/tables.toml")),
    (
        "partnership",
        include_str!("../../../forms/s5-partnership/evaluation.toml"),
    ),
    ("language", include_str!("../../../tests/language/form.toml")),
    ("plan", include_str!("../../../tests/service/plan/form.toml")),
];

fn form(source: &str) -> Form {
    parse(source).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn valid_answers_can_be_submitted_and_broken_ones_are_refused_for_their_reason() {
    let mut ways = BTreeSet::new();
    for (name, source) in FORMS {
        let form = form(source);
        for seed in 0..40 {
            let register = register(&form, period(&form).expect("a period"), seed);
            let draft = valid(&form, &register, seed, 20).unwrap_or_else(|none| panic!("{name} {seed}: {none}"));
            let evaluated = evaluate(&form, &register, &draft);
            assert!(evaluated.ready(), "{name} {seed}");
            let broken =
                broken(&form, &register, &draft, seed).unwrap_or_else(|| panic!("{name} {seed}: nothing breaks"));
            let refused = evaluate(&form, &register, &broken.draft);
            assert!(!refused.ready(), "{name} {seed}: {}", broken.how);
            let reason = refused
                .findings
                .iter()
                .find(|finding| finding.key == broken.finding.key);
            let reason = reason.unwrap_or_else(|| panic!("{name} {seed}: {} is not found", broken.finding.key));
            assert!(
                reason.severity == Severity::Error || reason.explanation.is_none(),
                "{name} {seed}"
            );
            // Before it was spoilt, the same was no reason.
            let before = evaluated
                .findings
                .iter()
                .find(|finding| finding.key == broken.finding.key);
            assert!(
                before.is_none_or(|before| before.explanation.is_some()),
                "{name} {seed}: {}",
                broken.how
            );
            ways.insert(broken.how);
        }
    }
    assert!(ways.len() >= 12, "{ways:#?}");
}

#[test]
fn every_kind_of_question_is_answered() {
    let (mut asked, mut answered) = (HashSet::new(), HashSet::new());
    for (_, source) in FORMS {
        let form = form(source);
        for (_, question) in form.asked() {
            if super::place::is_typed(question) {
                asked.insert(std::mem::discriminant(&question.kind));
            }
        }
        for seed in 0..10 {
            let register = register(&form, period(&form).expect("a period"), seed);
            let draft = valid(&form, &register, seed, 20).expect("answers");
            for answers in draft.sections.values().map(|section| &section.answers) {
                for id in answers.keys() {
                    let Some((_, question)) = form.question(id) else {
                        continue;
                    };
                    answered.insert(std::mem::discriminant(&question.kind));
                    if let Kind::Table(table) = &question.kind {
                        let names = answers[id].fields.keys();
                        let columns: BTreeSet<&str> = names.filter_map(|name| name.split(['.', '~']).nth(1)).collect();
                        let of = table
                            .columns
                            .iter()
                            .filter(|column| columns.contains(column.id.as_str()));
                        answered.extend(of.map(|column| std::mem::discriminant(&column.kind)));
                    }
                }
            }
        }
    }
    assert!(asked.is_subset(&answered), "{} of {}", answered.len(), asked.len());
}

#[test]
fn the_same_seed_gives_the_same_answers() {
    let form = form(FORMS[0].1);
    let register = register(&form, period(&form).expect("a period"), 7);
    let draft = |seed| valid(&form, &register, seed, 20).expect("answers");
    assert_eq!(draft(7), draft(7));
    assert_ne!(draft(7), draft(8));
    let of = |seed| broken(&form, &register, &draft(7), seed).expect("broken");
    assert_eq!(of(3).draft, of(3).draft);
}

#[test]
fn what_cannot_be_answered_is_said() {
    let source = "form = \"f\"\nversion = 1\ntitle = \"F\"\nowed_by = \"grant\"\naudience = \"panel\"\n\
                  [schedule]\nevery = \"month\"\nopens = \"end\"\ndue = \"end + 20d\"\ncloses = \"due + 9d\"\n\
                  [[section]]\nid = \"s\"\ntitle = \"S\"\n\
                  [[section.question]]\nid = \"n\"\ntype = \"count\"\nlabel = \"N\"\nrequired = true\n\
                  [[check]]\nid = \"never\"\nrule = \"n > 5 and n < 3\"\nseverity = \"error\"\nat = [\"n\"]\n\
                  message = \"It cannot be {n}.\"\n";
    let form = form(source);
    let register = register(&form, period(&form).expect("a period"), 1);
    let none = valid(&form, &register, 1, 3).expect_err("nothing fits");
    assert_eq!((none.tries, none.left.len()), (3, 1));
    assert!(none.to_string().contains("It cannot be "), "{none}");
}

#[test]
fn a_monthly_return_is_about_one_month_of_a_grant_that_goes_on() {
    let form = form(include_str!("../../../forms/refuge-occupancy/return.toml"));
    let of = period(&form).expect("a period");
    assert_eq!(of.label(), "April 2026");
    let grant = register(&form, of, 1).grant;
    assert_eq!(
        (grant.starts_on, grant.ends_on.to_string()),
        (of.start(), "2027-03-31".to_owned())
    );
}
