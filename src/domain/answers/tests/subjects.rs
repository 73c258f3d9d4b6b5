//! Sections for projects, cohorts and rows that are added; plans; what was signed before and what is beneath.

use super::paper::{finding, messages, put, register_after_virement as register, say, shown};
use super::rules::small;
use crate::answers::types::{Draft, Evaluated, Figure, Register, SectionKey};
use crate::answers::{evaluate, format};
use crate::form::schema::Form;
use crate::money::Money;

pub fn key(text: &str) -> SectionKey {
    SectionKey(text.to_owned())
}

fn keys(evaluated: &Evaluated) -> Vec<&str> {
    evaluated
        .sections
        .iter()
        .map(|section| section.key.0.as_str())
        .collect()
}

fn plan() -> Form {
    small(
        r#"
[[section.question]]
id = "kept_for"
type = "text"
label = "What the rest is held back for"
[[section]]
id = "project"
title = "Project {row.number}"
each = "row"
named_by = "title"
min_rows = 2
max_rows = 4
plan = { title = "title", amount = "proposed", parts = "parts", held_back_for = "kept_for" }
[[section.question]]
id = "title"
type = "text"
label = "Title"
[[section.question]]
id = "proposed"
type = "money"
label = "Amount"
[[section.question]]
id = "share"
type = "calculated"
label = "Share"
value = "proposed / sum(project, proposed) * 100"
percent = true
places = 1
[[section.question]]
id = "parts"
type = "matrix"
label = "Parts"
rows = "added"
[[section.question.column]]
id = "part"
type = "text"
label = "Part"
[[section.question.column]]
id = "amount"
type = "money"
label = "Amount"
"#,
    )
}

const ROWS: [(&str, &str, &str); 6] = [
    ("1", "Refuge", "210,000"),
    ("2", "Counselling", "25,000"),
    ("3", "Treatment", "93,575"),
    ("5", "Youth work", "25,000"),
    ("7", "Prevent", "10,000"),
    ("8", "Support", "13,993"),
];

fn standstill() -> Register {
    let mut register = register();
    register.grant.carried_forward = Money::ZERO;
    register.allocations.clear();
    register
}

fn planned() -> Draft {
    let mut draft = Draft::default();
    for (row, title, amount) in ROWS {
        say(&mut draft, &format!("project/{row}"), "title", title);
        say(&mut draft, &format!("project/{row}"), "proposed", amount);
    }
    say(&mut draft, "project/4", "title", "Withdrawn");
    draft.sections.get_mut(&key("project/4")).unwrap().removed = true;
    draft
}

#[test]
fn the_gap_of_a_plan_is_named_and_must_be_held_back_for_something() {
    let (mut form, mut draft) = (plan(), planned());
    form.sections[1].rows.as_mut().unwrap().max = 10;
    let evaluated = evaluate(&form, &standstill(), &draft);
    assert_eq!(
        keys(&evaluated),
        [
            "s",
            "project/1",
            "project/2",
            "project/3",
            "project/5",
            "project/7",
            "project/8"
        ]
    );
    assert_eq!(evaluated.sections[1].title, "Refuge");
    assert_eq!(evaluated.sections[1].subject.as_deref(), Some("1"));
    assert_eq!(
        finding(&evaluated, "~plan@s/kept_for").message,
        "£23,000.00 is not allocated. Say what it is held back for."
    );
    let left = evaluated
        .figures
        .iter()
        .find(|figure| figure.measure == "~unallocated")
        .unwrap();
    assert_eq!(format::figure(&left.value), "£23,000.00");
    let of_refuge = |figure: &&Figure| figure.measure == "proposed" && figure.row.as_deref() == Some("1");
    assert!(evaluated.figures.iter().any(|figure| of_refuge(&figure)));
    say(&mut draft, "s", "kept_for", "A theme that is under discussion");
    assert_eq!(evaluate(&form, &standstill(), &draft).findings, []);
    say(&mut draft, "project/8", "proposed", "36,993.01");
    assert_eq!(
        finding(&evaluate(&form, &standstill(), &draft), "~plan@return").message,
        "The plan comes to £400,568.01. The grant and what was carried forward come to £400,568.00. That is £0.01 too much."
    );
}

#[test]
fn rows_are_counted_and_one_taken_out_is_out_of_everything() {
    let (form, mut draft) = (plan(), planned());
    let many = evaluate(&form, &standstill(), &draft);
    assert_eq!(
        finding(&many, "~max_rows@project").message,
        "“Project” must have no more than 4 rows. You have 6."
    );
    for (row, ..) in &ROWS[1..] {
        draft.sections.get_mut(&key(&format!("project/{row}"))).unwrap().removed = true;
    }
    let one = evaluate(&form, &standstill(), &draft);
    assert_eq!(shown(&one, "project/1", "share"), "100.0%");
    assert_eq!(
        finding(&one, "~min_rows@project").message,
        "Add at least 2 rows to “Project”. You have 1."
    );
    draft.sections.get_mut(&key("project/2")).unwrap().removed = false;
    say(&mut draft, "project/2", "title", "");
    let two = evaluate(&form, &standstill(), &draft);
    assert_eq!(shown(&two, "project/2", "share"), "10.6%", "what was typed is kept");
    assert_eq!(two.sections[2].title, "Project 2");
}

#[test]
fn parts_leave_a_remainder_and_may_not_be_more() {
    let (form, mut draft) = (plan(), planned());
    let parts = [
        ("0.part", "Boxing"),
        ("0.amount", "5,000"),
        ("1.part", "Music"),
        ("1.amount", "4,000"),
        ("2.part", "Detached work"),
        ("2.amount", "8,000"),
        ("3.part", "To be agreed"),
    ];
    put(&mut draft, "project/5", "parts", &parts);
    let evaluated = evaluate(&form, &standstill(), &draft);
    let youth = evaluated.section(&key("project/5")).unwrap();
    assert_eq!(
        youth.questions[3].note.as_deref(),
        Some("The parts come to £17,000.00 of the £25,000.00 proposed. £8,000.00 is not assigned.")
    );
    say(&mut draft, "project/5", "proposed", "16,999");
    assert_eq!(
        finding(&evaluate(&form, &standstill(), &draft), "~plan@project/5/parts").message,
        "The parts come to £17,000.00, which is £1.00 more than the £16,999.00 proposed."
    );
}

#[test]
fn a_figure_stated_twice_is_caught_when_it_differs() {
    let form = small(
        r#"
[[section.question]]
id = "outreach"
type = "money"
label = "Outreach project"
[[section.question]]
id = "again"
type = "money"
label = "Project two"
same_as = "outreach"
[[section]]
id = "part"
title = "{project.title}"
each = "project"
[[section.question]]
id = "used"
type = "money"
label = "Spent"
same_as = { rule = "project.amount", severity = "error" }
money_is = "spent"
"#,
    );
    let mut register = register();
    for allocation in &mut register.allocations {
        allocation.project = "both".into();
        allocation.project_title = "Both of them".into();
    }
    register.allocations.truncate(2);
    let mut draft = Draft::default();
    say(&mut draft, "s", "outreach", "46,397");
    say(&mut draft, "s", "again", "46,897");
    say(&mut draft, "part/both", "used", "185,201");
    let evaluated = evaluate(&form, &register, &draft);
    assert_eq!(keys(&evaluated), ["s", "part/both"]);
    assert_eq!(evaluated.sections[1].title, "Both of them");
    assert_eq!(
        finding(&evaluated, "~same@s/again").message,
        "You give £46,897.00 here, and £46,397.00 for “Outreach project”."
    );
    assert_eq!(
        finding(&evaluated, "~same@part/both/used").message,
        "You give £185,201.00 here, and £185,200.00 for “the project”."
    );
    assert_eq!(
        finding(&evaluated, "~over_allocation@part/both/used").message,
        "£185,201.00 spent is £1.00 more than the £185,200.00 allocated to “Both of them”."
    );
    let row = evaluated
        .figures
        .iter()
        .find(|figure| figure.measure == "used")
        .unwrap();
    assert_eq!((row.allocation.as_deref(), row.row.as_deref()), (None, Some("both")));
}

#[test]
fn an_award_outside_its_fund_is_an_error() {
    let form = small("[[section.question]]\nid = \"q\"\ntype = \"text\"\nlabel = \"Q\"");
    let mut register = register();
    register.fund.largest_award = Money::pounds(15_000);
    let finding_of = |register: &Register| {
        let evaluated = evaluate(&form, register, &Draft::default());
        messages(&evaluated, "~award").first().map(|text| (*text).to_owned())
    };
    let said = finding_of(&register).unwrap();
    assert!(
        said.contains("£400,568.00") && said.contains("the largest award") && said.contains("£15,000.00"),
        "{said}"
    );
    register.grant.amount = Money::pence(1_500_000);
    register.fund.smallest_award = Money::pounds(3_000);
    assert_eq!(finding_of(&register), None);
    register.grant.amount = Money::pence(299_999);
    assert!(finding_of(&register).unwrap().contains("the smallest award"));
}

#[test]
fn a_figure_that_should_be_one_of_a_ratios_counts_names_the_count() {
    let form = small(
        r#"
[[section.question]]
id = "came"
type = "ratio"
label = "People who came"
of_label = "Came"
per_label = "Were asked"
[[section.question]]
id = "helped"
type = "count"
label = "People helped"
same_as = "came.of"
[[section.question]]
id = "asked"
type = "count"
label = "People asked"
same_as = "came.per"
"#,
    );
    let mut draft = Draft::default();
    put(&mut draft, "s", "came", &[("of", "30"), ("per", "40")]);
    say(&mut draft, "s", "helped", "31");
    say(&mut draft, "s", "asked", "41");
    let evaluated = evaluate(&form, &register(), &draft);
    let said = |at: &str| finding(&evaluated, at).message.clone();
    assert_eq!(
        said("~same@s/helped"),
        "You give 31 here, and 30 for “People who came: Came”."
    );
    assert_eq!(
        said("~same@s/asked"),
        "You give 41 here, and 40 for “People who came: Were asked”."
    );
}
