//! Report files: a good one, wrong ones with one fault each, and a report held against its forms.

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

/// What is replaced in the good report, by what, and what is said of it.
const WRONG: [(&str, &str, &str); 40] = [
    (
        "version = 2",
        "version = 0",
        "3:11: `version` must be a whole number from 1 to 1000000.",
    ),
    (
        "version = 2",
        "version = \"2\"",
        "3:11: `version` must be a whole number, and is text. Write it without quotation marks.",
    ),
    (
        "version = 2\n",
        "",
        "1:1: This report has no `version`. Add version = …",
    ),
    (
        "report = \"yearly\"",
        "report = \"yearli\"",
        "2:10: This report is called `yearli`, and its file `yearly.md.j2`. Name the file yearli.md.j2, or the report yearly.",
    ),
    (
        "report = \"yearly\"",
        "report = \"A Year\"",
        "2:10: An id must be up to 64 lower-case letters, digits and _ or -, beginning with a letter. For example a_year.",
    ),
    (
        "report = \"yearly\"",
        "raport = \"yearly\"",
        "2:1: `raport` is not among the keys of this report. Did you mean `report`?",
    ),
    (
        "title = \"{fund.title}: {period}\"",
        "title = \"{fund.titel}\"",
        "4:11: There is no `fund.titel` that a title could have. Did you mean `fund.title`?",
    ),
    (
        "title = \"{fund.title}: {period}\"",
        "title = \"{x}\"",
        "4:11: There is no `x` that a title could have. A title may have {fund.title} and {period} in it.",
    ),
    (
        "title = \"{fund.title}: {period}\"",
        "title = \"a { b\"",
        "4:12: This brace has no partner. Write {{ or }} for a plain brace.",
    ),
    (
        "title = \"{fund.title}: {period}\"",
        "title = \" \"",
        "4:9: `title` is empty. Say it in words.",
    ),
    (
        "title = \"{fund.title}: {period}\"",
        "title = \"a\\nb\"",
        "4:9: `title` must be one line of plain text. Leave out line breaks and tabs.",
    ),
    (
        "title = \"{fund.title}: {period}\"",
        "title = “Year”",
        "4:9: A word processor has put its curly quotes here: on line 4. Use a plain text editor, and put text in straight quotation marks: \"…\".",
    ),
    (
        "title = \"{fund.title}: {period}\"",
        "title = Year",
        "4:9: Text must be in quotation marks. Write key = \"text\".",
    ),
    (
        "covers = \"financial-year\"",
        "covers = \"finacial-year\"",
        "5:10: `covers` must be `month`, `quarter`, `four-months`, `half-year`, `financial-year` or `once`, and is `finacial-year`. Did you mean `financial-year`?",
    ),
    (
        "covers = \"financial-year\"\n",
        "",
        "1:1: This report has no `covers`. Add covers = …",
    ),
    (
        "audience = \"panel\"",
        "audience = \"panels\"",
        "6:12: `audience` must be `internal`, `panel` or `public`, and is `panels`. Did you mean `panel`?",
    ),
    (
        "suppression = \"less-than-5\"\n",
        "",
        "6:12: This report leaves the commissioner's office and has no `suppression`. Add suppression = \"less-than-5\" or \"round-to-5\": how small counts of people are held back.",
    ),
    (
        "audience = \"panel\"",
        "audience = \"internal\"",
        "7:15: An internal report holds nothing back. Leave `suppression` out.",
    ),
    (
        "suppression = \"less-than-5\"",
        "suppression = \"less-than-10\"",
        "7:15: `suppression` must be `less-than-5` or `round-to-5`, and is `less-than-10`. Did you mean `less-than-5`?",
    ),
    (
        "forms = [\"small\", \"other\"]\n",
        "",
        "1:1: This report does not say which forms it is about. Add forms = [\"…\"] with their ids, or forms = [] for every form of the fund.",
    ),
    (
        "[\"small\", \"other\"]",
        "[\"small\", \"small\"]",
        "8:19: The form `small` is named twice.",
    ),
    (
        "[\"small\", \"other\"]",
        "[\"small\", \"The Other\"]",
        "8:19: `The Other` cannot be the id of a form. Write the id that the form's own file gives, like partnership-evaluation.",
    ),
    (
        "[\"small\", \"other\"]",
        "\"small\"",
        "8:9: `forms` must be a list, and is text. Write [\"…\", \"…\"].",
    ),
    (
        "[\"small\", \"other\"]",
        "[\"small\", 3]",
        "8:19: `forms` must be text, and is a number. Put it in quotation marks.",
    ),
    (
        "explain = 10",
        "explain = 0",
        "9:11: `explain` must be a whole number from 1 to 1000.",
    ),
    (
        "explain = 10",
        "explain = 10\nfond = \"x\"",
        "10:1: `fond` is not among the keys of this report.",
    ),
    ("id = \"summary\"", "", "11:1: This text has no `id`. Add id = …"),
    (
        "label = \"Summary\"\n",
        "",
        "11:1: This text has no `label`. Add label = …",
    ),
    (
        "label = \"Summary\"",
        "label = \"\"",
        "13:9: `label` is empty. Say it in words.",
    ),
    (
        "hint = \"What comes first.\"",
        "hints = \"What comes first.\"",
        "14:1: `hints` is not among the keys of this text. Did you mean `hint`?",
    ),
    (
        "start = \"Of it ((spent)) was spent.\"",
        "start = 3",
        "15:9: `start` must be text, and is a number. Put it in quotation marks.",
    ),
    (
        "[[prose]]\n",
        "[prose]\n",
        "11:1: `prose` must be a list, and is a table. Write [[prose]], with two brackets, for each of them.",
    ),
    (
        "[[figure]]\n",
        "[[figures]]\n",
        "17:3: `figures` is not among the keys of this report. Did you mean `figure`?",
    ),
    (
        "of = \"small.spent\"\n",
        "",
        "17:1: This figure has no `of`. Add of = …",
    ),
    (
        "of = \"small.spent\"",
        "of = \"spent\"",
        "19:6: `spent` does not say which form the figure is of. Write form.measure, like partnership-evaluation.spent.",
    ),
    (
        "of = \"small.spent\"",
        "of = \"smal.spent\"",
        "19:6: The form `smal` is not among `forms`. Did you mean `small`?",
    ),
    (
        "of = \"small.spent\"",
        "of = \"elsewhere.spent\"",
        "19:6: The form `elsewhere` is not among `forms`. Add \"elsewhere\" to forms, or name the figure spent of one that is there.",
    ),
    (
        "id = \"spent\"",
        "id = \"spent!\"",
        "18:6: An id must be up to 64 lower-case letters, digits and _ or -, beginning with a letter.",
    ),
    (
        "## Summary\n{{ prose(\"summary\") }}\n",
        " \n",
        "21:1: This report says nothing. Write what the paper says beneath the second line of +++.",
    ),
    (
        "## Summary",
        "## Sum\u{f0b7}mary",
        "21:7: A character stands here that has no meaning outside of its own font. Write a letter or a sign that every font has.",
    ),
];

#[test]
fn each_fault_is_told_with_its_place_and_what_to_do() {
    for (there, instead, said) in WRONG {
        assert!(GOOD.contains(there), "{there}");
        let found = parse(&GOOD.replacen(there, instead, 1), "yearly.md.j2").expect_err(said);
        let found = told(&found);
        assert!(found.contains(&said.to_owned()), "{instead}:\n{found:#?}\n{said}");
        let beside = found.iter().filter(|other| *other != said).count();
        // A key that is mistyped is also one that is missing.
        assert!(beside <= 1, "{instead}: {found:#?}");
    }
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
