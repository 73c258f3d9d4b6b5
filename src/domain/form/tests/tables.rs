//! Tables, cohorts, rows and plans as they are read, the figures that a form names, and the largest form.

use super::{EVERYTHING, good, kind};
use crate::form::compare::same_ids_keep_their_type;
use crate::form::named::NamedOf;
use crate::form::parse::{MAX_BYTES, parse, read};
use crate::form::rule::{Name, RuleType};
use crate::form::schema::{AddUp, Each, Kind, MoneyIs, RollUp, Severity, Table, TableKind, TableRows};

fn table<'a>(form: &'a crate::form::schema::Form, id: &str) -> &'a Table {
    match kind(form, id) {
        Kind::Table(table) => table,
        other => panic!("{other:?}"),
    }
}

#[test]
fn reads_rows_and_columns() {
    let form = good(EVERYTHING);
    let outcomes = table(&form, "outcomes");
    assert_eq!((outcomes.rows.clone(), outcomes.turned), (TableRows::Cohorts, true));
    let [before, after, helped, fewer] = outcomes.columns.as_slice() else {
        panic!("{} columns", outcomes.columns.len());
    };
    assert!(before.required && !after.required);
    // What the table says of adding up holds for its columns.
    assert_eq!(
        (helped.over_providers, helped.over_time),
        (Some(AddUp::Sum), Some(AddUp::List))
    );
    let rolled = RollUp {
        form: "visits-monthly".to_owned(),
        measure: "outcomes.before".to_owned(),
    };
    assert_eq!(before.roll_up, Some(rolled));
    let Kind::Calculated { value, .. } = &fewer.kind else {
        panic!("not calculated");
    };
    let column = |column: &str| Name::Column {
        table: "outcomes".to_owned(),
        column: column.to_owned(),
    };
    let helped = Name::Numerator("outcomes.helped".to_owned());
    assert_eq!(value.reads(), [helped, column("before"), column("after")]);
    let lines = table(&form, "lines");
    assert_eq!(lines.rows, TableRows::Lines);
    assert_eq!(lines.columns[0].money_is, Some(MoneyIs::Spent));
    assert!(lines.columns[0].previous && lines.columns[0].total);
    assert_eq!(table(&form, "parts").rows, TableRows::Added { min: 1, max: 5 });
    assert_eq!(table(&form, "parts").part_columns(), Some((0, 1)));
    assert_eq!(outcomes.part_columns(), None);
}

#[test]
fn the_kinds_of_table_bring_their_columns() {
    let form = good(EVERYTHING);
    let columns = |id: &str| -> Vec<String> {
        let columns = table(&form, id).columns.iter();
        columns.map(|column| column.id.clone()).collect()
    };
    assert_eq!(columns("referrals"), ["number", "share"]);
    assert_eq!(columns("checks"), ["answer", "comment"]);
    assert_eq!(columns("risks"), ["theme", "concern", "budget", "recommendation"]);
    let funnel = table(&form, "referrals");
    assert!(funnel.columns[0].required && funnel.columns[1].locked);
    assert!(matches!(funnel.columns[0].kind, Kind::Count { people: true }));
    assert_eq!(funnel.made_as, TableKind::Funnel);
    // Its question is in English alone, so that its columns are; that of the checklist is in both languages.
    assert_eq!(funnel.columns[0].label.cy, None);
    let checks = table(&form, "checks");
    assert_eq!(checks.columns[0].label.cy.as_deref(), Some("Ateb"));
    let TableRows::Fixed(items) = &checks.rows else {
        panic!("{:?}", checks.rows);
    };
    let wanted: Vec<Option<bool>> = items.iter().map(|item| item.comment_when).collect();
    assert_eq!(wanted, [Some(false), None]);
    let decided = form
        .question("risks")
        .and_then(|(_, risks)| risks.decided_in.as_deref());
    assert_eq!(decided, Some("sign-it"));
}

#[test]
fn reads_sections_that_repeat_and_the_plan() {
    let form = good(EVERYTHING);
    let each: Vec<Each> = form.sections.iter().map(|section| section.each).collect();
    let wanted = [
        Each::Whole,
        Each::Allocation,
        Each::Project,
        Each::Cohort,
        Each::Whole,
        Each::Row,
        Each::Whole,
    ];
    assert_eq!(each, wanted);
    let proposal = form.section("proposal").expect("a section");
    let rows = proposal.rows.clone().expect("rows");
    assert_eq!((rows.named_by.as_str(), rows.min, rows.max), ("proposed", 1, 40));
    let plan = proposal.plan.clone().expect("a plan");
    assert_eq!(
        (plan.amount.as_str(), plan.parts.as_deref()),
        ("proposed_amount", Some("parts"))
    );
    assert_eq!(plan.held_back_for.as_deref(), Some("held_for"));
    let same = form
        .question("committed")
        .and_then(|(_, question)| question.same_as.clone());
    let same = same.expect("the same figure");
    assert_eq!((same.severity, same.rule.kind()), (Severity::Error, RuleType::Money));
    let Kind::Calculated { value, .. } = kind(&form, "reduced") else {
        panic!("not calculated");
    };
    assert_eq!(value.gathers(), ["outcomes"]);
    let cell = |table: &str, row: &str, column: &str| Name::Cell {
        table: table.to_owned(),
        row: row.to_owned(),
        column: column.to_owned(),
    };
    assert!(value.reads().contains(&cell("referrals", "attended", "number")));
    assert!(value.reads().contains(&cell("outcomes", "first", "before")));
}

#[test]
fn a_return_for_one_allocation_reads_it_everywhere() {
    let source = EVERYTHING
        .replace("owed_by  = \"grant\"", "owed_by  = \"allocation\"")
        .replace(
            "title = \"Money of {period.label}\"",
            "title = \"Money of {allocation.title}\"",
        );
    let messages: Vec<String> = read(&source)
        .problems
        .into_iter()
        .map(|problem| problem.message)
        .collect();
    assert_eq!(
        messages,
        ["A plan is made for a whole grant, and this return is owed for a part of one."]
    );
}

#[test]
fn every_figure_has_a_name_and_says_how_it_adds_up() {
    let form = good(EVERYTHING);
    let named: Vec<_> = form.measures_named().collect();
    let ids: Vec<&str> = named.iter().map(|named| named.id.as_str()).collect();
    for id in [
        "spent",
        "items",
        "completion",
        "lines.line_share",
        "referrals.share",
        "reduction",
        "size",
    ] {
        assert_eq!(ids.iter().filter(|other| **other == id).count(), 1, "{id}");
    }
    assert!(!ids.contains(&"checks.answer") && !ids.contains(&"kinds") && !ids.contains(&"outcomes"));
    let of = |id: &str| named.iter().find(|named| named.id == id).expect(id);
    assert_eq!(of("completion").over_providers, Some(AddUp::Sum));
    // One of its questions is the last, the other the largest.
    assert_eq!(of("completion").over_time, None);
    let reduction = of("reduction");
    assert!(matches!(reduction.of, NamedOf::Measure(_)));
    assert_eq!(reduction.table.map(|table| table.id.as_str()), Some("outcomes"));
    assert_eq!(reduction.label().en, "Reduction");
    let column = form
        .column("lines.line_spent")
        .map(|(section, table, column)| (section.id.as_str(), table.id.as_str(), column.id.as_str()));
    assert_eq!(column, Some(("project", "lines", "line_spent")));
    assert!(form.column("lines").is_none() && form.column("spent.line_spent").is_none());
}

#[test]
fn columns_tables_and_sections_keep_what_they_are() {
    let old = good(EVERYTHING);
    let text = EVERYTHING
        .replace("each = \"project\"", "each = \"cohort\"")
        .replace("title = \"{project.title}\"", "title = \"{cohort.title}\"")
        .replace("rows = \"cohorts\"\nturned", "rows = \"added\"\nturned")
        .replace("from = \"returns.visits-monthly.outcomes.before\"\n", "")
        .replace(" + outcomes.first.before", "")
        .replace("{cohort.title}: {after}", "{row.number}: {after}")
        .replace(
            "id = \"line_spent\"\ntype = \"money\"",
            "id = \"line_spent\"\ntype = \"decimal\"",
        )
        .replace("hint = \"Of the line.\"\nmoney_is = \"spent\"\n", "")
        .replace("line_spent / line.amount", "line_spent / 7");
    assert_eq!(
        same_ids_keep_their_type(&old, &good(&text)),
        [
            "`lines.line_spent` was a money question and is now a decimal number: give it another id.",
            "`lines.line_change` was a calculated amount and is now a calculated number: give it another id.",
            "`outcomes` was a matrix of cohorts and is now a matrix of added rows: give it another id.",
            "Section `whole_project` came once for each project and now comes once for each cohort: give it another id.",
        ]
    );
}

#[test]
fn finds_circles_through_columns_tables_and_measures() {
    let circle = |from: &str, to: &str| -> Vec<String> {
        assert!(EVERYTHING.contains(from), "{from}");
        let problems = read(&EVERYTHING.replace(from, to)).problems.into_iter();
        problems.map(|problem| problem.message).collect()
    };
    let fewer = "value = \"if helped.of > 0 then before - after else blank\"";
    assert_eq!(
        circle(fewer, "value = \"before - after + reduced\""),
        ["`outcomes` depends on itself: `outcomes` needs `outcomes.fewer` needs `reduced` needs `outcomes`."]
    );
    assert_eq!(
        circle(fewer, "value = \"before - reduction\""),
        ["`outcomes.fewer` depends on itself: `outcomes.fewer` needs `reduction` needs `outcomes.fewer`."]
    );
    assert_eq!(
        circle("show_if = \"before > 0\"", "show_if = \"before > fewer\""),
        ["`outcomes.after` depends on itself: `outcomes.after` needs `outcomes.fewer` needs `outcomes.after`."]
    );
}

#[test]
fn the_quotes_of_a_word_processor_are_said_once_with_every_line() {
    let source = EVERYTHING
        .replacen("title = \"Second cohort\"", "title = “Second cohort”", 1)
        .replacen("label = \"Budget lines\"", "label = ‘Budget lines’", 1)
        .replacen("hint = \"Of the line.\"", "hint = \"Of “the” line.\" # ‘fine’", 1);
    let problems = read(&source).problems;
    assert_eq!(problems.len(), 1, "{problems:#?}");
    let said = &problems[0].message;
    let line = |words: &str| source[..source.find(words).expect(words)].matches('\n').count() + 1;
    let wanted = format!("on lines {} and {}.", line("“Second cohort”"), line("‘Budget lines’"));
    assert!(said.contains("word processor") && said.ends_with(&wanted), "{said}");
    assert_eq!(&source[problems[0].span.clone()], "“");
}

/// A form with as many questions as a form may have, and tables with as many rows.
fn largest() -> String {
    let start = EVERYTHING.find("[[section]]").expect("a section");
    let mut form = EVERYTHING[..start].to_owned();
    let rows: Vec<String> = (0..200)
        .map(|row| format!("{{ id = \"r{row}\", label = \"R\" }}"))
        .collect();
    for section in 0..5 {
        form += &format!("[[section]]\nid = \"s{section}\"\ntitle = \"S\"\n");
        for table in 0..10 {
            let id = format!("t{section}_{table}");
            form += &format!("[[section.question]]\nid = \"{id}\"\ntype = \"matrix\"\nlabel = \"T\"\n");
            form += &format!("rows = [{}]\nover_time = \"list\"\n", rows.join(", "));
            for column in 0..7 {
                form += &format!("[[section.question.column]]\nid = \"c{column}\"\nlabel = \"C\"\n");
                form += &match column {
                    0 => "type = \"count\"\n".to_owned(),
                    _ => format!("type = \"calculated\"\nvalue = \"c{} + c0 * 2\"\n", column - 1),
                };
            }
            form +=
                &format!("[[section.question]]\nid = \"q{section}_{table}\"\ntype = \"calculated\"\nlabel = \"Q\"\n");
            form += &format!("value = \"sum({id}, c6) + {id}.r199.c3\"\nover_time = \"list\"\n");
        }
        // Nine questions a table make 450 in all, and these fill up.
        for other in 0..10 {
            form += &format!("[[section.question]]\nid = \"x{section}_{other}\"\ntype = \"date\"\nlabel = \"D\"\n");
        }
    }
    form
}

#[test]
fn the_largest_form_is_read_and_one_question_more_is_not() {
    let source = largest().replacen("[[cohort]]\nid = \"second\"\ntitle = \"Second cohort\"\n", "", 1);
    assert!(source.len() < MAX_BYTES);
    let parsed = read(&source);
    let form = parsed.form.unwrap_or_else(|| panic!("{:#?}", parsed.problems));
    let columns = form.measures_named().count();
    assert_eq!(columns, 5 * 10 * 8);
    let one_more = source + "[[section.question]]\nid = \"last\"\ntype = \"date\"\nlabel = \"D\"\n";
    let problems = parse(&one_more).expect_err("one question too many");
    assert_eq!(
        problems[0].message,
        "A form must have 500 questions or fewer, the columns of tables among them."
    );
}

#[test]
fn a_form_of_ten_megabytes_is_refused_in_words() {
    let source = format!("{EVERYTHING}\n# {}", "x".repeat(10_000_000));
    let problems = parse(&source).expect_err("too large");
    assert_eq!(problems[0].message, "A form file must be 1,000,000 bytes or smaller.");
}

#[test]
fn a_rule_of_the_whole_return_goes_through_the_rows_of_every_allocation() {
    let source = EVERYTHING.replace("\"sum(project, spent)\"", "\"sum(lines, line_spent)\"");
    let Kind::Calculated { value, .. } = kind(&good(&source), "total_spent").clone() else {
        panic!("not calculated");
    };
    assert_eq!(value.gathers(), ["lines"]);
}
