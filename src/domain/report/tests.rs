//! Report files: a good one, wrong ones with one fault each, and a report held against its forms.

mod wrong;

use super::{At, Covers, MAX_BYTES, MAX_FIGURES, MAX_PROSE, Part, Report, ReportProblem, check_against, find, parse};
use crate::form::parse as forms;
use crate::form::schema::{Audience, Form};
use crate::form::tests::EVERYTHING;
use crate::measure::suppress::Policy;

const GOOD: &str = r#"+++
report = "yearly"
version = 2
title = "{fund.title}: {period}"
covers = "financial-year"
audience = "panel"
suppression = "less-than-5"
forms = ["small", "other"]
explain = 10

[[prose]]
id = "summary"
label = "Summary"
hint = "What comes first."
start = "Of it ((spent)) was spent."

[[figure]]
id = "spent"
of = "small.spent"
+++
## Summary
{{ prose("summary") }}
"#;

#[track_caller]
fn good(source: &str) -> Report {
    parse(source, "templates/reports/yearly.md.j2").unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn told(problems: &[ReportProblem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_report_is_read_with_all_that_its_head_says() {
    let report = good(GOOD);
    assert_eq!((report.id.as_str(), report.version), ("yearly", 2));
    assert_eq!(
        (report.covers, report.audience),
        (Covers::FinancialYear, Audience::Panel)
    );
    assert_eq!((report.policy, report.explain), (Some(Policy::LessThanFive), Some(10)));
    assert!(!report.across, "of one fund, unless it says so");
    assert!(good(&GOOD.replace("explain = 10", "across = \"funds\"")).across);
    assert_eq!(report.forms, ["small", "other"]);
    let prose = report.prose("summary").expect("a text");
    assert_eq!(prose.start, "Of it ((spent)) was spent.");
    assert_eq!(prose.start_at, At { line: 15, column: 9 });
    let figure = report.figure("spent").expect("a figure");
    assert_eq!(
        (figure.of.as_str(), figure.at),
        ("small.spent", At { line: 19, column: 6 })
    );
    assert_eq!(report.body_line, 21);
    assert_eq!(report.body, "## Summary\n{{ prose(\"summary\") }}\n");
    assert_eq!(
        report.title_for("Safer {streets}", "2017 to 2018"),
        "Safer {streets}: 2017 to 2018"
    );
    assert!(parse(GOOD, "yearly").is_ok(), "the id alone names the file");
    assert_eq!(good(&GOOD.replace('\n', "\r\n")).figures, report.figures);
    assert_eq!(good(&format!("\u{feff}{GOOD}")).body_line, 21);
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_the_file() {
    let wrong = GOOD
        .replace("version = 2", "version = 0")
        .replace("covers = \"financial-year\"", "covers = \"never\"")
        .replace("of = \"small.spent\"", "of = \"spent\"")
        .replace("## Summary", "## \u{7}");
    let found = parse(&wrong, "yearly").expect_err("four faults");
    let lines: Vec<usize> = found.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [3, 5, 19, 21], "{found:#?}");
}

#[test]
fn a_file_without_its_lines_of_plus_signs_is_told_so() {
    for (source, said) in [
        ("", "1:1: A report file begins with a line of three plus signs: +++"),
        (
            "report = \"yearly\"\n",
            "1:1: A report file begins with a line of three plus signs: +++ Put what",
        ),
        ("++++\n", "1:1: A report file begins with"),
        (
            "+++\nreport = \"yearly\"\n",
            "1:1: The head of this report has no end. Write +++ on a line of its own",
        ),
    ] {
        let found = told(&parse(source, "yearly").expect_err(said));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(said), "{found:?}");
    }
}

#[test]
fn ids_are_each_used_once() {
    let twice = GOOD.replace(
        "\n+++\n##",
        "\n[[figure]]\nid = \"spent\"\nof = \"small.spent\"\n[[prose]]\nid = \"summary\"\nlabel = \"S\"\n+++\n##",
    );
    let found = told(&parse(&twice, "yearly").expect_err("two faults"));
    assert_eq!(
        found,
        [
            "21:6: The id `spent` is used twice.",
            "24:6: The id `summary` is used twice."
        ]
    );
}

#[test]
fn there_is_an_end_to_texts_figures_and_bytes() {
    let many = |count: usize, of: fn(usize) -> String| {
        let more: String = (0..count).map(of).collect();
        GOOD.replace("\n+++\n##", &format!("\n{more}+++\n##"))
    };
    let figure = |number: usize| format!("[[figure]]\nid = \"f{number}\"\nof = \"small.spent\"\n");
    let prose = |number: usize| format!("[[prose]]\nid = \"p{number}\"\nlabel = \"P\"\n");
    assert_eq!(good(&many(MAX_FIGURES - 1, figure)).figures.len(), MAX_FIGURES);
    assert_eq!(good(&many(MAX_PROSE - 1, prose)).prose.len(), MAX_PROSE);
    let found = told(&parse(&many(MAX_FIGURES, figure), "yearly").expect_err("too many"));
    assert!(found[0].ends_with("There are more than 1000 of `figure`."), "{found:?}");
    let found = told(&parse(&many(MAX_PROSE, prose), "yearly").expect_err("too many"));
    assert!(found[0].ends_with("There are more than 200 of `prose`."), "{found:?}");
    let full = format!("{GOOD}{}", "é".repeat((MAX_BYTES - GOOD.len()) / 2));
    assert_eq!(
        good(&full).body.len(),
        full.len() - full.rfind("## S").expect("the body")
    );
    let found = told(&parse(&format!("{full}éé"), "yearly").expect_err("too large"));
    assert_eq!(found, ["1:1: A report file must be 1,000,000 bytes or smaller."]);
    let keys: String = (0..50_000).map(|number| format!("key{number} = 1\n")).collect();
    let found = parse(&GOOD.replace("\n+++\n##", &format!("\n{keys}+++\n##")), "yearly").expect_err("unknown keys");
    assert_eq!(found.len(), 50_000);
}

/// A form that is called so, for this audience.
fn form(id: &str, audience: &str) -> Form {
    let source = crate::form::tests::wrong::GOOD
        .replace("form = \"small\"", &format!("form = \"{id}\""))
        .replace("audience = \"panel\"", &format!("audience = \"{audience}\""));
    forms::parse(&source).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn a_report_is_held_against_its_forms() {
    let report = good(GOOD);
    let (small, other, narrow) = (
        form("small", "panel"),
        form("other", "public"),
        form("other", "internal"),
    );
    assert_eq!(check_against(&report, &[&small, &other]), []);
    let found = told(&check_against(&report, &[&small]));
    assert_eq!(found, ["8:19: There is no form `other`."]);
    let found = told(&check_against(&report, &[&small, &narrow]));
    assert_eq!(
        found,
        [
            "6:12: This report is for a panel, and the figures of `other` are for the commissioner's own staff. \
          Narrow `audience`, or leave the form out."
        ]
    );
    for (of, said) in [
        (
            "small.spnt",
            "The form `small` has no figure `spnt`. Did you mean `small.spent`?",
        ),
        ("small.whole", "The form `small` has no figure `whole`."),
    ] {
        let report = good(&GOOD.replace("of = \"small.spent\"", &format!("of = \"{of}\"")));
        assert_eq!(
            told(&check_against(&report, &[&small, &other])),
            [format!("19:6: {said}")]
        );
    }
}

#[test]
fn where_the_head_names_no_form_a_figure_is_still_held_to_its_own() {
    let report = good(&GOOD.replace("[\"small\", \"other\"]", "[]"));
    let (small, narrow) = (form("small", "panel"), form("small", "internal"));
    assert_eq!(check_against(&report, &[&small]), []);
    let found = told(&check_against(&report, &[&narrow]));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("19:6: The figures of `small` are for the commissioner's own staff"),
        "{found:?}"
    );
    let found = told(&check_against(&report, &[&form("smal", "panel")]));
    assert_eq!(found, ["19:6: There is no form `small`. Did you mean `smal`?"]);
}

#[test]
fn the_parts_of_a_form_are_found_by_their_kind() {
    let everything = forms::parse(EVERYTHING).expect("a form");
    let report = good(&GOOD.replace("[\"small\", \"other\"]", "[]"));
    let mut kinds = 0;
    for section in &everything.sections {
        let name = format!("everything.{}", section.id);
        assert_eq!(
            find(Part::Section, &name, &report, &[&everything]).map(|form| form.is_some()),
            Ok(true)
        );
        for question in &section.questions {
            let name = format!("everything.{}", question.id);
            for part in [Part::Question, Part::Story, Part::Files, Part::Checklist, Part::Decided] {
                kinds += usize::from(find(part, &name, &report, &[&everything]).is_ok());
            }
        }
    }
    assert!(kinds > everything.sections.iter().map(|section| section.questions.len()).sum());
    let wrong = find(Part::Measure, "spent", &report, &[&form("small", "panel")]).expect_err("no form");
    assert_eq!(wrong.help, "Did you mean `small.spent`?");
}
