//! What was signed before, and what the signed returns beneath come to.

use super::paper::{at, finding, messages, person, register_after_virement as register, say, shown};
use super::rules::small;
use super::subjects::key;
use crate::answers::evaluate;
use crate::answers::types::{Beneath, BeneathFigure, Draft, Evaluated, Explanation, Figure, FigureValue, Previous};
use crate::form::schema::AddUp;
use crate::period::Period;

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

#[test]
fn a_sum_to_date_goes_on_from_what_was_signed_last() {
    let form = small(
        r#"
[[section.question]]
id = "before"
type = "calculated"
label = "Until then"
value = "previous.to_date"
[[section.question]]
id = "came"
type = "count"
label = "Came"
[[section.question]]
id = "to_date"
type = "calculated"
label = "Came so far"
value = "if is_blank(previous.to_date) then came else previous.to_date + came"
[[section.question]]
id = "cost"
type = "money"
label = "Cost"
[[section.question]]
id = "cost_to_date"
type = "calculated"
label = "Cost so far"
value = "if is_blank(previous.cost_to_date) then cost else previous.cost_to_date + cost"
[[section.question]]
id = "left"
type = "calculated"
label = "Left"
value = "£10000 - cost_to_date"
[[section.question]]
id = "left_each"
type = "calculated"
label = "Left for each of two"
value = "left / 2"
"#,
    );
    let mut register = register();
    register.previous = None;
    let mut draft = Draft::default();
    say(&mut draft, "s", "came", "18,988");
    say(&mut draft, "s", "cost", "5,000");
    let first = evaluate(&form, &register, &draft);
    assert_eq!(shown(&first, "s", "to_date"), "18,988");
    assert_eq!(shown(&first, "s", "cost_to_date"), "£5,000.00");
    let figure = |measure: &str, value| Figure {
        measure: measure.into(),
        allocation: None,
        row: None,
        value,
        approximately: false,
    };
    register.previous = Some(Previous {
        reference: "R-1".into(),
        period: quarters()[0],
        figures: vec![
            figure("to_date", FigureValue::Count { count: 30_172 }),
            figure("cost_to_date", FigureValue::Money { pence: 250_000 }),
        ],
    });
    let second = evaluate(&form, &register, &draft);
    assert_eq!(shown(&second, "s", "before"), "30,172");
    assert_eq!(shown(&second, "s", "to_date"), "49,160");
    assert_eq!(shown(&second, "s", "cost_to_date"), "£7,500.00");
    assert_eq!(shown(&second, "s", "left_each"), "£1,250.00");
}

const CELLS: &str = r#"
[[cohort]]
id = "young"
title = "Young"
[[cohort]]
id = "old"
title = "Old"
[[section.question]]
id = "reached"
type = "matrix"
label = "Reached"
rows = "cohorts"
over_providers = "sum"
over_time = "sum"
[[section.question.column]]
id = "people"
type = "count"
label = "People"
from = "returns.quarterly.met.people"
previous = "show"
[[section.question.column]]
id = "rise"
type = "calculated"
label = "More than before"
value = "people - previous.people"
"#;

#[test]
fn cells_are_filled_from_the_rows_of_the_same_cohort() {
    let form = small(CELLS);
    let mut register = register();
    let figure = |measure: &str, row: &str, count| Figure {
        measure: measure.into(),
        allocation: None,
        row: Some(row.into()),
        value: FigureValue::Count { count },
        approximately: false,
    };
    let mut first = beneath("domestic-abuse", 0, Some(0));
    first.figures = Some(
        [("young", 3), ("old", 4)]
            .map(|(row, count)| BeneathFigure {
                figure: figure("met.people", row, count),
                over_providers: Some(AddUp::Sum),
                over_time: Some(AddUp::Sum),
            })
            .to_vec(),
    );
    let mut second = first.clone();
    second.period = quarters()[1];
    register.beneath = vec![first, second, beneath("prevent", 0, None)];
    register.previous = Some(Previous {
        reference: "R-1".into(),
        period: quarters()[0],
        figures: vec![figure("reached.people", "young", 5)],
    });
    let evaluated = evaluate(&form, &register, &Draft::default());
    let view = evaluated.sections[0].questions[0].table.as_ref().unwrap();
    let shown: Vec<Vec<&str>> = view
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| cell.shown.as_str()).collect())
        .collect();
    assert_eq!(shown, [["6", "1"], ["8", ""]]);
    assert_eq!(
        view.rows[0].cells[0].previous.as_deref(),
        Some("5 (April to June 2017)")
    );
    assert_eq!(view.rows[1].cells[0].previous, None);
    let messages = messages(&evaluated, "~beneath");
    assert_eq!(
        messages,
        ["These figures are made without returns that are missing: Harbour, April to June 2017."],
        "once for the table"
    );
    let mut draft = Draft::default();
    super::paper::put(&mut draft, "s", "reached", &[("old.people", "9")]);
    let typed = evaluate(&form, &register, &draft);
    assert_eq!(
        finding(&typed, "~beneath@s/reached/old/people").message,
        "You entered 9. The signed returns come to 8."
    );
}

#[test]
fn a_project_has_the_figures_of_its_allocations() {
    let form = small(
        r#"
[[section.question]]
id = "note"
type = "text"
label = "Note"
[[section]]
id = "part"
title = "{project.title}"
each = "project"
[[section.question]]
id = "helped"
type = "count"
label = "People helped"
from = "returns.quarterly.helped"
over_providers = "sum"
over_time = "sum"
"#,
    );
    let mut register = register();
    register.allocations.truncate(3);
    for allocation in &mut register.allocations[..2] {
        allocation.project = "both".into();
    }
    register.beneath = vec![
        beneath("domestic-abuse", 0, Some(40)),
        beneath("sexual-violence", 0, Some(10)),
        beneath("drug-and-alcohol", 0, Some(7)),
    ];
    let evaluated = evaluate(&form, &register, &Draft::default());
    assert_eq!(shown(&evaluated, "part/both", "helped"), "50");
    assert_eq!(shown(&evaluated, "part/drug-and-alcohol", "helped"), "7");
}

#[test]
fn a_box_says_nothing_of_returns_that_nobody_owes() {
    let note = |locked: &str| {
        let locked = format!("from = \"returns.quarterly.helped\"\n{locked}");
        let form = small(&ROLLED.replacen("from = \"returns.quarterly.helped\"\n", &locked, 1));
        let evaluated = evaluate(&form, &register(), &Draft::default());
        evaluated.section(&key("s")).unwrap().questions[0].note.clone()
    };
    assert_eq!(note(""), None);
    assert_eq!(
        note("locked = true\n").as_deref(),
        Some("There is no return beneath to fill this from."),
        "what nobody can type says why it is empty"
    );
}
