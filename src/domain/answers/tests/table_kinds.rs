//! Funnels, checklists, rows that are added, and tables of budget lines.

use super::paper::{finding, messages, put, register_after_virement as register, shown};
use super::rules::small;
use super::tables::{figures, set, table};
use crate::answers::evaluate;
use crate::answers::types::{Draft, LineFacts, SectionKey, TaskStatus};
use crate::form::schema::Severity;
use crate::money::Money;

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
fn an_allocation_says_how_many_budget_lines_it_has() {
    let form = small(
        r#"
[[section.question]]
id = "note"
type = "text"
label = "Note"
[[section]]
id = "project"
title = "{allocation.title}"
each = "allocation"
[[section.question]]
id = "spent"
type = "money"
label = "Spent"
show_if = "allocation.lines = 0"
"#,
    );
    let mut register = register();
    register.allocations.truncate(2);
    register.allocations[0].lines = vec![LineFacts {
        key: "units".into(),
        title: "Units".into(),
        amount: None,
    }];
    let evaluated = evaluate(&form, &register, &Draft::default());
    let asked = |key: &str| evaluated.section(&SectionKey(key.into())).unwrap().questions[0].visible;
    let keys = register.allocations.iter().map(|of| format!("project/{}", of.key));
    let asked: Vec<bool> = keys.map(|key| asked(&key)).collect();
    assert_eq!(asked, [false, true]);
}

#[test]
fn what_is_calculated_from_something_approximate_is_approximate() {
    let form = small(
        r#"
[[section.question]]
id = "bills"
type = "matrix"
label = "Bills"
rows = "added"
[[section.question.column]]
id = "amount"
type = "money"
label = "Amount"
approximately = true
[[section.question]]
id = "other"
type = "money"
label = "Other"
[[section.question]]
id = "in_all"
type = "calculated"
label = "In all"
value = "sum(bills, amount) + other"
[[section.question]]
id = "twice_other"
type = "calculated"
label = "Twice the other"
value = "other * 2"
"#,
    );
    let mut draft = Draft::default();
    let fields = [
        ("0.amount", "7,000"),
        ("1.amount", "6,400"),
        ("0.amount~approximately", "yes"),
    ];
    put(&mut draft, "s", "bills", &fields);
    put(&mut draft, "s", "other", &[("value", "100")]);
    let evaluated = evaluate(&form, &register(), &draft);
    assert_eq!(shown(&evaluated, "s", "in_all"), "Approximately £13,500.00");
    assert_eq!(shown(&evaluated, "s", "twice_other"), "£200.00");
    set(&mut draft, "s", "bills", "0.amount~approximately", "");
    let exact = evaluate(&form, &register(), &draft);
    assert_eq!(shown(&exact, "s", "in_all"), "£13,500.00");
}
