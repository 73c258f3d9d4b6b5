//! Sections for projects, cohorts and rows that are added; plans; what was signed before and what is beneath.

use super::paper::{at, finding, messages, person, put, register_after_virement as register, say, shown};
use super::rules::small;
use crate::answers::types::{
    Beneath, BeneathFigure, Draft, Evaluated, Explanation, Figure, FigureValue, Previous, Register, SectionKey,
};
use crate::answers::{evaluate, format};
use crate::form::schema::{AddUp, Form};
use crate::money::Money;
use crate::period::Period;

fn key(text: &str) -> SectionKey {
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

fn quarters() -> [Period; 2] {
    let day = |month, day| chrono::NaiveDate::from_ymd_opt(2017, month, day).unwrap();
    [
        Period::new(day(4, 1), day(6, 30)).unwrap(),
        Period::new(day(7, 1), day(9, 30)).unwrap(),
    ]
}

fn beneath(allocation: &str, quarter: usize, helped: Option<i64>) -> Beneath {
    let figure = |count| BeneathFigure {
        figure: Figure {
            measure: "helped".into(),
            allocation: None,
            row: None,
            value: FigureValue::Count { count },
            approximately: false,
        },
        over_providers: Some(AddUp::Sum),
        over_time: Some(AddUp::Sum),
    };
    Beneath {
        form: "quarterly".into(),
        reference: format!("{allocation}-{quarter}"),
        provider: "Harbour".into(),
        allocation: Some(allocation.into()),
        period: quarters()[quarter],
        figures: helped.map(|count| vec![figure(count)]),
    }
}

const ROLLED: &str = r#"
[[section.question]]
id = "all_helped"
type = "count"
label = "People helped"
from = "returns.quarterly.helped"
previous = "show"
required = true
[[section.question]]
id = "more"
type = "calculated"
label = "More than before"
value = "all_helped - previous.all_helped"
[[section]]
id = "part"
title = "{allocation.title}"
each = "allocation"
[[section.question]]
id = "part_helped"
type = "count"
label = "People helped here"
from = "returns.quarterly.helped"
"#;

#[test]
fn signed_returns_beneath_are_added_up_and_the_missing_named() {
    let form = small(ROLLED);
    let mut register = register();
    register.allocations.truncate(2);
    register.beneath = vec![
        beneath("domestic-abuse", 0, Some(40)),
        beneath("domestic-abuse", 1, Some(35)),
        beneath("sexual-violence", 0, Some(10)),
        beneath("sexual-violence", 1, None),
    ];
    let mut draft = Draft::default();
    let evaluated = evaluate(&form, &register, &draft);
    assert_eq!(shown(&evaluated, "s", "all_helped"), "85");
    assert_eq!(shown(&evaluated, "part/domestic-abuse", "part_helped"), "75");
    assert_eq!(shown(&evaluated, "part/sexual-violence", "part_helped"), "10");
    let note = |evaluated: &Evaluated, section: &str| {
        evaluated.section(&key(section)).unwrap().questions[0]
            .note
            .clone()
            .unwrap_or_default()
    };
    assert_eq!(
        note(&evaluated, "s"),
        "From 3 of 4 signed returns. Missing: Harbour, July to September 2017."
    );
    assert_eq!(note(&evaluated, "part/domestic-abuse"), "From 2 of 2 signed returns.");
    assert_eq!(
        messages(&evaluated, "~beneath").len(),
        2,
        "the whole and one part lack a return"
    );

    let warning = finding(&evaluated, "~beneath@s/all_helped");
    assert_eq!(
        warning.message,
        "This is made without 1 of 4 returns: Harbour, July to September 2017."
    );
    draft.explanations.insert(
        warning.key.clone(),
        Explanation {
            text: "It is promised for next month.".into(),
            figures: warning.figures.clone(),
            by: person(1),
            at: at(1),
        },
    );
    let explained = evaluate(&form, &register, &draft);
    assert!(finding(&explained, "~beneath@s/all_helped").explanation.is_some());

    register.beneath[3] = beneath("sexual-violence", 1, Some(12));
    say(&mut draft, "s", "all_helped", "98");
    let typed = evaluate(&form, &register, &draft);
    let differs = finding(&typed, "~beneath@s/all_helped");
    assert_eq!(differs.message, "You entered 98. The signed returns come to 97.");
    assert!(differs.explanation.is_none() && differs.earlier.is_some());
    assert_eq!(messages(&typed, "~beneath").len(), 1);

    for beneath in register.beneath.iter_mut().flat_map(|beneath| &mut beneath.figures) {
        beneath[0].over_time = None;
    }
    let listed = evaluate(&form, &register, &Draft::default());
    assert_eq!(shown(&listed, "s", "all_helped"), "");
    assert!(note(&listed, "s").contains("Not added together: Harbour, April to June 2017: 40; "));
    assert_eq!(messages(&listed, "~required").len(), 1);
}

#[test]
fn what_was_signed_last_stands_beside_the_box_and_in_rules() {
    let form = small(ROLLED);
    let mut register = register();
    register.previous = Some(Previous {
        reference: "R-1".into(),
        period: quarters()[0],
        figures: vec![Figure {
            measure: "all_helped".into(),
            allocation: None,
            row: None,
            value: FigureValue::Count { count: 214 },
            approximately: true,
        }],
    });
    let mut draft = Draft::default();
    say(&mut draft, "s", "all_helped", "220");
    let evaluated = evaluate(&form, &register, &draft);
    assert_eq!(shown(&evaluated, "s", "more"), "6");
    assert_eq!(
        evaluated.sections[0].questions[0].previous.as_deref(),
        Some("Approximately 214 (April to June 2017)")
    );
    register.previous = None;
    let first = evaluate(&form, &register, &draft);
    assert_eq!(
        (shown(&first, "s", "more"), &first.sections[0].questions[0].previous),
        ("", &None)
    );
}
