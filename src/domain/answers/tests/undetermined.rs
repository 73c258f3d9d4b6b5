//! Why a calculation comes to nothing: what it waits for, and what is missing.

use super::paper::{finding, put, register_after_virement as register, say, shown};
use super::rules::small;
use crate::answers::evaluate;
use crate::answers::types::{Draft, Evaluated, FigureValue, Mark, SectionKey};

/// Figures that may be marked, and a calculation over them.
fn of(value: &str, answers: &[(&str, Result<&str, Mark>)]) -> Evaluated {
    let mut body = String::new();
    for id in ["a", "b", "c"] {
        body += &format!(
            "[[section.question]]\nid = \"{id}\"\ntype = \"money\"\nlabel = \"{id}\"\nnot_known = true\nnot_applicable = \
             true\n"
        );
    }
    body += &format!(
        "[[section.question]]\nid = \"both\"\ntype = \"calculated\"\nlabel = \"Both\"\nvalue = \"{value}\"\n\
         [[section.question]]\nid = \"twice\"\ntype = \"calculated\"\nlabel = \"Twice\"\nvalue = \"both * 2\"\n\
         [[section.question]]\nid = \"there\"\ntype = \"calculated\"\nlabel = \"There\"\nvalue = \"not is_blank(both)\"\n\
         [[check]]\nid = \"little\"\nrule = \"both < £1\"\nseverity = \"error\"\nat = [\"both\"]\nmessage = \"Too much.\"\n"
    );
    let mut draft = Draft::default();
    for (id, answer) in answers {
        match answer {
            Ok(text) => say(&mut draft, "s", id, text),
            Err(mark) => {
                put(&mut draft, "s", id, &[]);
                let section = draft.sections.get_mut(&SectionKey("s".to_owned()));
                section.unwrap().answers.get_mut(*id).unwrap().mark = *mark;
            }
        }
    }
    evaluate(&small(&body), &register(), &draft)
}

fn figures(evaluated: &Evaluated) -> [FigureValue; 2] {
    ["both", "twice"].map(|id| {
        let found = evaluated.figures.iter().find(|figure| figure.measure == id);
        found.expect("the figure").value
    })
}

const NOT_KNOWN: Result<&str, Mark> = Err(Mark::NotKnown);
const NOT_APPLICABLE: Result<&str, Mark> = Err(Mark::NotApplicable);

#[test]
fn a_calculation_that_waits_for_what_is_not_known_yet_is_not_known_yet() {
    for (value, answers) in [
        ("a + b", &[("a", NOT_KNOWN), ("b", Ok("5"))][..]),
        ("a + b", &[("a", NOT_KNOWN), ("b", NOT_KNOWN)]),
        ("a + b", &[("a", NOT_KNOWN), ("b", NOT_APPLICABLE)]),
        // Which side counts is not known yet, so that neither is looked at.
        ("if a > £3 then b else c", &[("a", NOT_KNOWN), ("b", Ok("1"))]),
        // What is missing makes no difference to it, whatever the other comes to.
        ("if is_blank(b) then a else a + b", &[("a", NOT_KNOWN)]),
        (
            "if is_blank(previous.a) then a else previous.a + a",
            &[("a", NOT_KNOWN)],
        ),
    ] {
        let evaluated = of(value, answers);
        assert_eq!(figures(&evaluated), [FigureValue::NotKnown; 2], "{value} {answers:?}");
        assert_eq!(shown(&evaluated, "s", "both"), "Not known yet", "{value}");
    }
}

#[test]
fn a_calculation_that_lacks_an_answer_is_blank() {
    for (value, answers) in [
        ("a + b", &[("a", Ok("5"))][..]),
        ("a + b", &[("a", NOT_KNOWN)]),
        // Not applicable is only the one side of it.
        ("if a > b then £1 else £2", &[("a", NOT_APPLICABLE), ("b", Ok("1"))]),
        ("if a > £3 and b > £3 then £1 else £2", &[("a", NOT_APPLICABLE)]),
    ] {
        let evaluated = of(value, answers);
        assert_eq!(figures(&evaluated), [FigureValue::Blank; 2], "{value} {answers:?}");
    }
}

#[test]
fn a_calculation_of_what_is_not_applicable_is_not_applicable() {
    for (value, answers) in [
        ("a + b", &[("a", NOT_APPLICABLE), ("b", Ok("5"))][..]),
        ("if a > £3 then £1 else £2", &[("a", NOT_APPLICABLE)]),
        (
            "if a > b then £1 else £2",
            &[("a", NOT_APPLICABLE), ("b", NOT_APPLICABLE)],
        ),
    ] {
        let evaluated = of(value, answers);
        assert_eq!(
            figures(&evaluated),
            [FigureValue::NotApplicable; 2],
            "{value} {answers:?}"
        );
    }
}

#[test]
fn to_every_rule_it_stays_undetermined() {
    for answers in [&[("a", NOT_KNOWN), ("b", Ok("5"))][..], &[("b", Ok("5"))]] {
        let evaluated = of("a + b", answers);
        assert_eq!(evaluated.findings, [], "no check is broken by what is not there");
        assert_eq!(shown(&evaluated, "s", "there"), "No");
    }
    let known = of("a + b", &[("a", Ok("1")), ("b", Ok("5"))]);
    assert_eq!(finding(&known, "little@return").message, "Too much.");
    assert_eq!(shown(&known, "s", "there"), "Yes");
}
