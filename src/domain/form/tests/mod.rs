//! Whole form files: a good one with everything in it, wrong ones with one fault each, and mutilated ones.

mod differences;
mod schedules;
mod tables;
pub(crate) mod wrong;
pub(super) mod wrong_tables;

use proptest::prelude::*;

use super::compare::same_ids_keep_their_type;
use super::parse::{parse, read};
use super::rule::{Name, RuleType};
use super::schema::{AddUp, Each, Form, Kind, MessagePart, Party, Than};

/// A good form with one of everything.
pub(crate) const EVERYTHING: &str = include_str!("everything.toml");

fn good(source: &str) -> Form {
    match parse(source) {
        Ok(form) => form,
        Err(problems) => panic!("{problems:#?}"),
    }
}

fn kind<'a>(form: &'a Form, id: &str) -> &'a Kind {
    &form.question(id).expect("a question").1.kind
}

#[test]
fn reads_one_of_everything() {
    let parsed = read(EVERYTHING);
    assert_eq!(parsed.problems, []);
    let form = parsed.form.expect("a form");
    assert_eq!((form.id.as_str(), form.version), ("everything", 3));
    assert_eq!(form.title.cy.as_deref(), Some("Ffurflen {grant.title}"));
    assert_eq!(form.schedule.remind.len(), 3);
    assert_eq!(form.schedule.escalate[0].to, "provider.lead");
    let sign_off = form.stage("sign-it").expect("a stage");
    assert_eq!(sign_off.not_also, [Party::Preparer, Party::Stage("review".to_owned())]);
    let project = form.section("project").expect("a section");
    assert_eq!(project.each, Each::Allocation);
    let spent = &project.questions[0];
    assert!(spent.required && spent.may_be_approximate && spent.may_be_unknown && !spent.may_be_inapplicable);
    assert_eq!(
        (spent.over_providers, spent.over_time),
        (Some(AddUp::Sum), Some(AddUp::Sum))
    );
    assert!(matches!(
        kind(&form, "share"),
        Kind::Percent {
            places: 1,
            negative: true,
            check: Some(_),
            ..
        }
    ));
    let benchmark = form.question("share").and_then(|(_, share)| share.benchmark.clone());
    assert_eq!(
        benchmark.map(|benchmark| benchmark.value.to_string()).as_deref(),
        Some("34.4")
    );
    // Named before the question that it is calculated from.
    let Kind::Calculated { value, .. } = kind(&form, "left_over") else {
        panic!("not calculated");
    };
    assert_eq!(value.kind(), RuleType::Money);
    assert_eq!(
        value.reads(),
        ["available", "total_spent"].map(|id| Name::Question(id.to_owned()))
    );
    let target = form.measure("completion").and_then(|measure| measure.target.clone());
    let target = target.expect("a target");
    assert_eq!((target.than, target.value.to_string().as_str()), (Than::AtLeast, "75"));
    let within = form.checks.iter().find(|check| check.id == "within_allocation");
    let parts = &within.expect("a check").message.parts;
    let rules: Vec<&str> = parts
        .iter()
        .filter_map(|part| match part {
            MessagePart::Value(rule) => Some(rule.source()),
            MessagePart::Text(_) => None,
        })
        .collect();
    assert_eq!(rules, ["spent", "spent - allocation.amount", "allocation.amount"]);
    assert_eq!(form.digest, crate::ledger::Digest::of(EVERYTHING.as_bytes()));
}

#[test]
fn an_id_never_changes_its_type() {
    let old = good(EVERYTHING);
    assert_eq!(same_ids_keep_their_type(&old, &old), Vec::<String>::new());
    let text = EVERYTHING.replace("type = \"yes_no\"", "type = \"text\"").replace(
        "value = \"available - total_spent\"",
        "value = \"total_spent / available\"",
    );
    assert_eq!(
        same_ids_keep_their_type(&old, &good(&text)),
        [
            "`left_over` was a calculated amount and is now a calculated number: give it another id.",
            "`by_priority.served` was a yes or no question and is now a text question: give it another id.",
            "`conflict` was a yes or no question and is now a text question: give it another id.",
        ]
    );
}

#[test]
fn an_error_in_every_line_is_said_of_the_first_twenty() {
    // Many errors of one line count as one, wherever they stand in it.
    for source in [
        "a = 1\n".repeat(150_000),
        "=\n".repeat(400_000),
        "= = =\n".repeat(150_000),
    ] {
        let problems = read(&source).problems;
        assert_eq!(problems.len(), 20, "{:?}", problems.first());
        let lines = problems
            .iter()
            .map(|problem| source[..problem.span.start].lines().count());
        assert!(lines.max() < Some(30), "{:?}", problems.last());
    }
    assert_eq!(read(&"= ".repeat(400_000)).problems.len(), 1);
}

#[test]
fn is_not_brought_down_by_depth_or_size() {
    for source in [
        format!("a = {}", "[".repeat(10_000)),
        format!("a = {}{}", "[".repeat(10_000), "]".repeat(10_000)),
        format!("a = {}", "{a=".repeat(10_000)),
        format!("[{}a]", "a.".repeat(10_000)),
        format!("{}a = 1", "a.".repeat(10_000)),
        "x".repeat(1_000_001),
        "[[section]]\n".repeat(20_000),
    ] {
        assert!(parse(&source).is_err());
    }
    let chain = |length: usize| -> String {
        let question = |number: usize| {
            let head = format!("[[section.question]]\nid = \"q{number}\"\ntype = \"calculated\"\nlabel = \"Q\"\n");
            format!("{head}value = \"q{} + 1\"\n", number + 1)
        };
        let questions: String = (0..length).map(question).collect();
        format!("[[section]]\nid = \"s\"\ntitle = \"S\"\n{questions}")
    };
    // The last of a chain that is just short enough names a question that is not there, and only that is said of it.
    let unknown = "There is no question, measure or fact called `q500`.";
    let said = |source: &str, words: &str| {
        read(source)
            .problems
            .iter()
            .filter(|problem| problem.message.contains(words))
            .count()
    };
    assert_eq!(said(&chain(500), unknown), 1);
    assert_eq!(said(&chain(500), "There is no"), 1);
    for length in [501, 10_000] {
        assert_eq!(said(&chain(length), "500 questions or fewer"), 1);
    }
    let measure = |number: usize| {
        format!(
            "[[measure]]\nid = \"m{number}\"\nof = \"m{}\"\nper = \"m{}\"\n",
            number + 1,
            number + 1
        )
    };
    assert!(parse(&(0..15_000).map(measure).collect::<String>()).is_err());
}

#[test]
fn finds_circles_through_conditions_and_none_through_a_section_of_the_same_name() {
    let source = EVERYTHING.replace("label = \"Award\"", "label = \"Award\"\nshow_if = \"left_over > £0\"");
    let messages: Vec<String> = read(&source)
        .problems
        .into_iter()
        .map(|problem| problem.message)
        .collect();
    let circle = "`available` depends on itself: `available` needs `award` needs `left_over` needs `available`.";
    assert_eq!(messages, [circle]);
    let source = EVERYTHING
        .replace("id = \"total_spent\"", "id = \"project\"")
        .replace("total_spent", "project");
    assert_eq!(read(&source).problems, []);
}

#[test]
fn many_unknown_names_do_not_take_for_ever() {
    let known: String = (0..400)
        .map(|number| {
            let id = format!("{}{number}", "a".repeat(50));
            format!("[[section.question]]\nid = \"{id}\"\ntype = \"date\"\nlabel = \"D\"\n")
        })
        .collect();
    let rule = vec![format!("{}b", "a".repeat(50)); 70].join("+");
    let check = format!("[[check]]\nrule = \"{rule}\"\n");
    let source = format!("[[section]]\nid = \"s\"\ntitle = \"S\"\n{known}{}", check.repeat(200));
    let unknown = read(&source)
        .problems
        .iter()
        .filter(|problem| problem.message.contains("no question"))
        .count();
    assert!((70..=270).contains(&unknown), "{unknown}");
}

#[test]
fn points_into_strings_however_they_are_written() {
    for (written, marked) in [
        ("\"sum(project, spnet)\"", "spnet"),
        ("'sum(project, spnet)'", "spnet"),
        ("\"sum(project, sp\\u006Eet)\"", "sp\\u006Eet"),
        ("\"\"\"\r\nsum(project,\r\n  spnet)\"\"\"", "spnet"),
        ("\"\"\"sum(project, \\\n  \\\"é\\\" = spnet)\"\"\"", "spnet"),
        ("'''\nsum(project, spnet)'''", "spnet"),
    ] {
        let source = EVERYTHING.replace("\"sum(project, spent)\"", written);
        assert_ne!(source, EVERYTHING);
        let problems = read(&source).problems;
        let found = problems
            .iter()
            .find(|problem| problem.message.contains("spnet"))
            .expect(written);
        assert_eq!(&source[found.span.clone()], marked, "{written}");
    }
}

/// The good form with bytes cut out, put in or moved.
fn mutilated() -> impl Strategy<Value = String> {
    let cut = (
        any::<prop::sample::Index>(),
        0usize..40,
        "[\\[\\]{}\"'=.,# \n£é“a-z0-9]{0,6}",
    );
    prop::collection::vec(cut, 1..6).prop_map(|cuts| {
        let mut text: Vec<char> = EVERYTHING.chars().collect();
        for (at, length, put) in cuts {
            let at = at.index(text.len());
            let end = (at + length).min(text.len());
            text.splice(at..end, put.chars());
        }
        text.into_iter().collect()
    })
}

/// The good form with a word taken from elsewhere in it.
fn reworded() -> impl Strategy<Value = String> {
    let words: Vec<&str> = EVERYTHING
        .split(['"', ' ', '\n'])
        .filter(|word| word.len() > 1)
        .collect();
    (prop::sample::select(words.clone()), prop::sample::select(words))
        .prop_map(|(from, to)| EVERYTHING.replace(from, to))
}

proptest! {
    #[test]
    fn never_panics_and_points_into_the_file(source in prop_oneof![mutilated(), reworded(), "\\PC{0,200}"]) {
        let parsed = read(&source);
        for problem in &parsed.problems {
            prop_assert!(source.get(problem.span.clone()).is_some(), "{problem:?}");
            prop_assert!(!problem.message.is_empty());
        }
        prop_assert!(parsed.form.is_some() || !parsed.problems.is_empty());
    }
}
