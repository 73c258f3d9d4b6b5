//! Tables, cohorts and funnels, with the figures of a return of three cohorts.

use super::paper::{finding, messages, put, register_after_virement as register, say, shown};
use super::rules::small;
use crate::answers::types::{CellPlace, Draft, Evaluated, Figure, FigureValue, SectionKey, TableView, TaskStatus};
use crate::answers::{RevisionMeta, changes, document, evaluate, figures_of, format};
use crate::form::schema::Form;

const OUTCOMES: &str = r#"
[[section.question]]
id = "outcomes"
type = "matrix"
label = "Contacts before and after"
rows = "cohorts"
over_providers = "sum"
over_time = "sum"
[[section.question.column]]
id = "fewer"
type = "calculated"
label = "Fewer"
value = "before - after"
total = true
[[section.question.column]]
id = "before"
type = "count"
label = "Before"
required = true
total = true
not_known = true
[[section.question.column]]
id = "after"
type = "count"
label = "After"
approximately = true
[[section.question]]
id = "all_fewer"
type = "calculated"
label = "Fewer in all"
value = "sum(outcomes, before) - sum(outcomes, after)"
[[section.question]]
id = "first_before"
type = "calculated"
label = "Of the first"
value = "outcomes.first.before"
[[measure]]
id = "reduction"
title = "Reduction"
in = "outcomes"
of = "fewer"
per = "before"
places = 1
[[check]]
id = "fell"
in = "outcomes"
rule = "after <= before"
severity = "warning"
at = ["after"]
message = "{cohort.title}: {after} is more than {before}."
[[cohort]]
id = "first"
title = "First cohort"
[[cohort]]
id = "second"
title = "Second cohort"
[[cohort]]
id = "third"
title = "Third cohort"
"#;

fn outcomes() -> (Form, Draft) {
    let mut draft = Draft::default();
    put(
        &mut draft,
        "s",
        "outcomes",
        &[
            ("first.before", "88"),
            ("first.after", "35"),
            ("second.before", "267"),
            ("second.after", "162"),
            ("third.before", "221"),
            ("third.after", "154"),
            ("third.after~approximately", "yes"),
        ],
    );
    (small(OUTCOMES), draft)
}

pub fn set(draft: &mut Draft, section: &str, question: &str, field: &str, text: &str) {
    let section = draft.sections.get_mut(&SectionKey(section.into())).unwrap();
    let fields = &mut section.answers.get_mut(question).unwrap().fields;
    fields.insert(field.into(), text.into());
}

pub fn table<'e>(evaluated: &'e Evaluated, section: &str, id: &str) -> &'e TableView {
    let section = evaluated.section(&SectionKey(section.into())).unwrap();
    let view = section.questions.iter().find(|view| view.id == id).unwrap();
    view.table.as_ref().unwrap()
}

pub fn figures<'e>(evaluated: &'e Evaluated, measure: &str) -> Vec<(Option<&'e str>, String)> {
    let figures = evaluated.figures.iter().filter(|figure| figure.measure == measure);
    figures
        .map(|figure| (figure.row.as_deref(), format::figure(&figure.value)))
        .collect()
}

#[test]
fn three_cohorts_are_worked_out_row_by_row() {
    let (form, draft) = outcomes();
    let evaluated = evaluate(&form, &register(), &draft);
    assert_eq!(evaluated.findings, []);
    let view = table(&evaluated, "s", "outcomes");
    let cells: Vec<Vec<&str>> = view
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| cell.shown.as_str()).collect())
        .collect();
    assert_eq!(
        cells,
        [
            ["53", "88", "35"],
            ["105", "267", "162"],
            ["Approximately 67", "221", "Approximately 154"]
        ]
    );
    assert_eq!(
        view.totals,
        [Some("Approximately 225".into()), Some("576".into()), None]
    );
    assert_eq!(shown(&evaluated, "s", "all_fewer"), "Approximately 225");
    assert_eq!(shown(&evaluated, "s", "first_before"), "88");
    let reductions = figures(&evaluated, "reduction");
    let wanted = [
        (Some("first"), "60.2% (53 of 88)".to_owned()),
        (Some("second"), "39.3% (105 of 267)".to_owned()),
        (Some("third"), "30.3% (67 of 221)".to_owned()),
    ];
    assert_eq!(reductions, wanted);
    assert!(evaluated.figures.contains(&Figure {
        measure: "outcomes.after".into(),
        allocation: None,
        row: Some("third".into()),
        value: FigureValue::Count { count: 154 },
        approximately: true,
    }));
}

#[test]
fn a_finding_stands_at_its_cell() {
    let (form, mut draft) = outcomes();
    set(&mut draft, "s", "outcomes", "first.after", "90");
    set(&mut draft, "s", "outcomes", "second.before", "");
    set(&mut draft, "s", "outcomes", "third.before", "many");
    let evaluated = evaluate(&form, &register(), &draft);
    let fell = finding(&evaluated, "fell@s/outcomes/first");
    assert_eq!(fell.message, "First cohort: 90 is more than 88.");
    assert_eq!(fell.figures, "after=90; before=88");
    let cell = |row: &str, column: &str| {
        Some(CellPlace {
            row: row.into(),
            column: Some(column.into()),
        })
    };
    assert_eq!(fell.at[0].cell, cell("first", "after"));
    let missing = finding(&evaluated, "~required@s/outcomes/second/before");
    assert_eq!(missing.message, "Enter before for “Second cohort”");
    assert_eq!(missing.at[0].cell, cell("second", "before"));
    let unread = finding(&evaluated, "~reading@s/outcomes/third/before");
    assert_eq!(
        unread.message,
        "Before for “Third cohort” must be a whole number, like 1,250"
    );
    assert_eq!(evaluated.findings.len(), 3);
    assert_eq!(evaluated.sections[0].status, TaskStatus::HasErrors);
    assert_eq!(shown(&evaluated, "s", "all_fewer"), "", "a row is blank");
    assert_eq!(
        table(&evaluated, "s", "outcomes").totals[1].as_deref(),
        Some("88 (without 2 rows)")
    );
}

#[test]
fn a_mark_of_one_cell_is_an_answer() {
    let (form, mut draft) = outcomes();
    set(&mut draft, "s", "outcomes", "first.before", "");
    set(&mut draft, "s", "outcomes", "first.before~mark", "not-known");
    let evaluated = evaluate(&form, &register(), &draft);
    assert_eq!(evaluated.findings, []);
    assert_eq!(
        table(&evaluated, "s", "outcomes").rows[0].cells[1].shown,
        "Not known yet"
    );
    assert_eq!(figures(&evaluated, "outcomes.before")[0].1, "Not known yet");
}

#[test]
fn a_revision_holds_its_tables_and_says_what_changed_in_them() {
    let (form, mut draft) = outcomes();
    let meta = RevisionMeta {
        return_id: crate::ids::ReturnId::from(uuid::Uuid::from_u128(7)),
        number: 1,
        submitted_by: super::paper::person(1),
        submitted_at: super::paper::at(0),
        reason: None,
    };
    let evaluated = evaluate(&form, &register(), &draft);
    let old = document(&form, &register(), &draft, &evaluated, &meta);
    assert_eq!(figures_of(&old).unwrap(), evaluated.figures);
    assert_eq!(
        old["sections"][0]["answers"][0]["table"]["rows"][1]["cells"][0]["shown"],
        "105"
    );
    set(&mut draft, "s", "outcomes", "second.after", "160");
    let new = document(&form, &register(), &draft, &evaluate(&form, &register(), &draft), &meta);
    let said: Vec<String> = changes(&old, &new)
        .into_iter()
        .map(|change| format!("{}: {} -> {}", change.label, change.before, change.after))
        .collect();
    assert_eq!(
        said,
        [
            "Contacts before and after: Second cohort, fewer: 105 -> 107",
            "Contacts before and after: Second cohort, after: 162 -> 160",
            "Fewer in all: Approximately 225 -> Approximately 227",
        ]
    );
}

#[test]
fn no_field_of_a_table_stops_it() {
    let (form, mut draft) = outcomes();
    for odd in [
        "",
        ".",
        "first",
        "first.",
        ".before",
        "first.before.",
        "first.before~",
        "9.before~mark",
        "é.ß.~",
        "first..~x",
    ] {
        set(&mut draft, "s", "outcomes", odd, "1");
    }
    let evaluated = evaluate(&form, &register(), &draft);
    assert_eq!(shown(&evaluated, "s", "all_fewer"), "Approximately 225");
    say(&mut draft, "s", "outcomes", "12");
    assert_eq!(messages(&evaluate(&form, &register(), &draft), "~required").len(), 3);
}
