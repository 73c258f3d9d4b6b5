//! Tables, cohorts and funnels, with the figures of a return of three cohorts.

use super::paper::{finding, messages, put, register_after_virement as register, say, shown};
use super::rules::small;
use crate::answers::types::{
    CellPlace, Draft, Evaluated, Figure, FigureValue, LineFacts, SectionKey, TableView, TaskStatus,
};
use crate::answers::{RevisionMeta, changes, document, evaluate, figures_of, format};
use crate::form::schema::{Form, Severity};
use crate::money::Money;

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

fn set(draft: &mut Draft, section: &str, question: &str, field: &str, text: &str) {
    let section = draft.sections.get_mut(&SectionKey(section.into())).unwrap();
    let fields = &mut section.answers.get_mut(question).unwrap().fields;
    fields.insert(field.into(), text.into());
}

fn table<'e>(evaluated: &'e Evaluated, section: &str, id: &str) -> &'e TableView {
    let section = evaluated.section(&SectionKey(section.into())).unwrap();
    let view = section.questions.iter().find(|view| view.id == id).unwrap();
    view.table.as_ref().unwrap()
}

fn figures<'e>(evaluated: &'e Evaluated, measure: &str) -> Vec<(Option<&'e str>, String)> {
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
            ["67", "221", "Approximately 154"]
        ]
    );
    assert_eq!(view.totals, [Some("225".into()), Some("576".into()), None]);
    assert_eq!(shown(&evaluated, "s", "all_fewer"), "225");
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
            "Fewer in all: 225 -> 227",
        ]
    );
}

#[test]
fn a_later_stage_of_a_funnel_is_never_larger() {
    let form = small(
        r#"
[[section.question]]
id = "referrals"
type = "funnel"
label = "Referrals"
required = true
stages = [{ id = "referred", label = "Referred" }, { id = "attended", label = "Attended first" }, { id = "suitable", label = "Suitable" }]
[[section.question]]
id = "came"
type = "calculated"
label = "Came"
value = "referrals.attended / referrals.referred * 100"
places = 1
percent = true
"#,
    );
    let mut draft = Draft::default();
    let fields = [
        ("referred.number", "158"),
        ("attended.number", "64"),
        ("suitable.number", "48"),
    ];
    put(&mut draft, "s", "referrals", &fields);
    let evaluated = evaluate(&form, &register(), &draft);
    assert_eq!(evaluated.findings, []);
    assert_eq!(shown(&evaluated, "s", "came"), "40.5%");
    let shares = figures(&evaluated, "referrals.share");
    let wanted = [
        (Some("referred"), "Not applicable".to_owned()),
        (Some("attended"), "40.5% (64 of 158)".to_owned()),
        (Some("suitable"), "75.0% (48 of 64)".to_owned()),
    ];
    assert_eq!(shares, wanted);
    set(&mut draft, "s", "referrals", "attended.number", "43");
    let wide = evaluate(&form, &register(), &draft);
    let wide = finding(&wide, "~funnel@s/referrals/suitable/number");
    assert_eq!(
        wide.message,
        "“Suitable” is 48. It cannot be more than “Attended first”, which is 43."
    );
    assert_eq!((wide.severity, wide.at.len()), (Severity::Error, 2));
}

#[test]
fn a_checklist_asks_for_comments_where_the_answer_wants_one() {
    let form = small(
        r#"
[[section.question]]
id = "checks"
type = "checklist"
label = "Checks"
items = [{ id = "legal", label = "Has legal advice been taken?", comment_when = "no" }, { id = "risk", label = "Are there risks?", comment_when = "yes" }]
"#,
    );
    let mut draft = Draft::default();
    put(
        &mut draft,
        "s",
        "checks",
        &[("legal.answer", "no"), ("risk.answer", "no")],
    );
    let evaluated = evaluate(&form, &register(), &draft);
    assert_eq!(evaluated.findings.len(), 1);
    assert_eq!(
        finding(&evaluated, "~comment@s/checks/legal/comment").message,
        "You answered no to “Has legal advice been taken?”. Add a comment."
    );
    assert_eq!(evaluated.sections[0].status, TaskStatus::InProgress);
    set(&mut draft, "s", "checks", "legal.comment", "It is booked for May.");
    assert_eq!(evaluate(&form, &register(), &draft).findings, []);
    let empty = evaluate(&form, &register(), &Draft::default());
    assert_eq!(messages(&empty, "~required").len(), 2);
}

#[test]
fn added_rows_keep_their_numbers_and_their_most() {
    let form = small(
        r#"
[[section.question]]
id = "risks"
type = "risk"
label = "Risks"
min_rows = 1
max_rows = 2
"#,
    );
    let mut draft = Draft::default();
    assert_eq!(
        finding(&evaluate(&form, &register(), &draft), "~min_rows@s/risks").message,
        "Add at least 1 row to “Risks”. You have 0."
    );
    let row = |number: &str, part: &str| format!("{number}.{part}");
    let mut fields = Vec::new();
    for number in ["0", "2"] {
        for part in ["theme", "concern", "recommendation"] {
            fields.push((row(number, part), "Words"));
        }
    }
    fields.push((row("1", "theme"), "  "));
    fields.push((row("2", "budget"), "1,500"));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    put(&mut draft, "s", "risks", &fields);
    let evaluated = evaluate(&form, &register(), &draft);
    assert_eq!(evaluated.findings, []);
    let view = table(&evaluated, "s", "risks");
    let ids: Vec<&str> = view.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["0", "2"], "a blank row is no row, and no number moves");
    assert_eq!(view.totals[2].as_deref(), Some("£1,500.00 (without 1 row)"));
    set(&mut draft, "s", "risks", "1.theme", "Third");
    let many = evaluate(&form, &register(), &draft);
    assert_eq!(
        finding(&many, "~reading@s/risks").message,
        "Risks must have no more than 2 rows. You have 3."
    );
}

#[test]
fn what_was_spent_of_a_line_is_held_to_it() {
    let form = small(
        r#"
[[section]]
id = "project"
title = "{allocation.title}"
each = "allocation"
[[section.question]]
id = "spending"
type = "matrix"
label = "Spending"
rows = "lines"
[[section.question.column]]
id = "used"
type = "money"
label = "Spent"
money_is = "spent"
[[section.question.column]]
id = "promised"
type = "money"
label = "Committed"
money_is = "committed"
[[section.question.column]]
id = "left"
type = "calculated"
label = "Left"
value = "line.amount - used - promised"
"#
        .replace(
            "[[section]]\nid = \"project\"",
            "[[section.question]]\nid = \"note\"\ntype = \"text\"\nlabel = \"Note\"\n[[section]]\nid = \"project\"",
        )
        .as_str(),
    );
    let mut register = register();
    register.allocations.truncate(1);
    let pounds = |amount| Money::pounds(amount);
    let line = |key: &str, amount| LineFacts {
        key: key.into(),
        title: format!("The {key}"),
        amount,
    };
    register.allocations[0].amount = Money::pence(2_100_000);
    register.allocations[0].lines = vec![
        line("units", pounds(8_000)),
        line("staff", pounds(10_000)),
        line("print", None),
    ];
    let mut draft = Draft::default();
    let fields = [
        ("units.used", "7,000"),
        ("units.promised", "1,000"),
        ("staff.used", "6,400"),
        ("staff.promised", "3,600.50"),
    ];
    put(&mut draft, "project/domestic-abuse", "spending", &fields);
    let evaluated = evaluate(&form, &register, &draft);
    let over = finding(
        &evaluated,
        "~over_allocation@project/domestic-abuse/spending/staff/used",
    );
    assert_eq!(
        over.message,
        "£6,400.00 spent and £3,600.50 committed come to £10,000.50, which is £0.50 more than the £10,000.00 \
         allocated to “The staff”."
    );
    assert_eq!(evaluated.findings.len(), 1);
    let view = evaluated.section(&SectionKey("project/domestic-abuse".into())).unwrap();
    assert_eq!(
        view.questions[0].note.as_deref(),
        Some("The lines come to £18,000.00 of the £21,000.00 allocated. £3,000.00 is not assigned.")
    );
    let left: Vec<&str> = view.questions[0]
        .table
        .as_ref()
        .unwrap()
        .rows
        .iter()
        .map(|row| row.cells[2].shown.as_str())
        .collect();
    assert_eq!(left, ["£0.00", "-£0.50", ""]);
    register.allocations[0].lines[2].amount = pounds(3_001);
    let lines = evaluate(&form, &register, &draft);
    assert_eq!(
        finding(&lines, "~lines@project/domestic-abuse/spending").message,
        "The lines come to £21,001.00, which is £1.00 more than the £21,000.00 allocated."
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
    assert_eq!(shown(&evaluated, "s", "all_fewer"), "225");
    say(&mut draft, "s", "outcomes", "12");
    assert_eq!(messages(&evaluate(&form, &register(), &draft), "~required").len(), 3);
}
