//! The figures of S1's paper, added up from the signed returns by a report.
//!
//! Invariant: the amounts are those that the real paper printed, where it printed any.

use countersign_domain::document::{Block, Document, Raw, Role};

use crate::outside::server::TestServer;
use crate::told::{find, paper, report, row, table, text, year};

const REPORT: &str = r#"+++
report = "told"
version = 1
title = "{fund.title}: {period}"
covers = "financial-year"
audience = "panel"
suppression = "less-than-5"
forms = ["project-return", "panel-paper"]
+++
{{ table(["project-return.spent_in_all", "project-return.committed_in_all", "project-return.left_in_all"], by="project", total=true, title="Spending") }}

{{ table(["project-return.people_trained", "project-return.leaflets", "project-return.places_reached"], title="Outputs") }}

{{ table(["project-return.budget.line_spent", "project-return.budget.line_committed"], by="row", project="offender-management", title="Lines") }}

{{ table(["project-return.spent_in_all"], by="project", across="period", title="Over the year") }}

{{ table(["panel-paper.accounts.spent_by"], by="project", total=true, title="As the board told it") }}

{{ chart("lines", ["project-return.places_reached"], by="period", title="Places") }}

{{ reconciliation() }}

{{ checklist("panel-paper.checklist") }}

{{ answers("project-return.promised", by="return", title="Promised") }}

{{ section("panel-paper.paper") }}

{{ stories("panel-paper.progress") }}

{{ coverage() }}

{{ returns_state() }}

{{ on_time(chart=true) }}

{{ signatures() }}

{{ restated() }}

{{ virements() }}

{{ findings() }}

On tags and the rest {{ figure("project-return.spent_in_all", project="offender-management") }} was spent, which is
{{ figure("project-return.spent_in_all", project="offender-management", of_money="project-return.allocated") }} of it.
"#;

pub async fn the_panel_is_told_what_was_signed(server: &TestServer) {
    let report = report(REPORT);
    let composed = paper(server, &report, "crime-reduction-2017", year(2017), &[]).await;
    let document = &composed.document;
    assert_eq!(composed.inputs.len(), 14, "{}", text(document));
    assert_eq!(
        row(document, "Spending", "Integrated offender management")[1..],
        ["~£15,800.00", "£5,200.00", "~£0.00"]
    );
    assert_eq!(
        row(document, "Spending", "Total")[1..],
        ["~£37,430.00", "£6,700.00", "~£0.00"],
        "the last figure of each project, added; an estimate goes into the sum"
    );
    assert_eq!(row(document, "As the board told it", "Total")[1], "~£37,430.00");
    let outputs: Vec<String> = table(document, "Outputs")[1..]
        .iter()
        .map(|row| row[1].clone())
        .collect();
    assert_eq!(outputs, ["22", "25,000", "240"]);
    let lines: Vec<Vec<String>> = table(document, "Lines")[1..].to_vec();
    assert_eq!(
        lines,
        [
            ["Operational pot", "~£7,000.00", "£1,000.00"],
            ["Satellite tags", "£6,400.00", "£3,600.00"],
            ["Voluntary drug testing", "£2,400.00", "£600.00"],
        ]
    );
    assert_eq!(
        row(document, "Over the year", "Alcohol awareness campaign")[1..],
        ["Not applicable", "£2,100.00", "£5,000.00"],
        "it was awarded in the second round"
    );
    the_grant_comes_out(document);
    checked(document);
    let sentence = text(document);
    assert!(
        sentence.contains("On tags and the rest ~£15,800.00 was spent, which is ~75.2%"),
        "{sentence}"
    );
    assert!(
        sentence.contains("5 stories are not cleared for this paper."),
        "{sentence}"
    );
}

/// The £22.60 that the real paper never mentions.
fn the_grant_comes_out(document: &Document<Raw>) {
    let caption = "Reconciliation: Safer Suffolk crime and disorder reduction grant 2017-18";
    let amount = |line: &str| row(document, caption, line)[1].clone();
    assert_eq!(amount("Available"), "£44,152.60");
    assert_eq!(amount("Allocated to projects"), "£44,130.00");
    assert_eq!(amount("Unallocated"), "£22.60");
    assert_eq!(amount("Spent"), "~£37,430.00");
    let notes = &find(document, caption).notes;
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].ends_with("£22.60 is in no allocation and is not held back. It goes back to the commissioner."));
    let found = row(document, "Findings", "This paper");
    assert_eq!(found[3], "It goes back to the commissioner.");
}

/// Eight questions, three of them answered no, each with its reason.
fn checked(document: &Document<Raw>) {
    let answers = table(document, "Before the paper goes to the panel");
    assert_eq!(answers.len(), 9);
    let no: Vec<&Vec<String>> = answers.iter().filter(|row| row[1] == "No").collect();
    assert_eq!(no.len(), 3);
    assert!(no.iter().all(|row| !row[2].is_empty()), "{no:?}");
    let drawn = document.blocks.iter().find_map(|block| match block {
        Block::Chart(chart) if chart.title == "Places" => Some(chart),
        _ => None,
    });
    let drawn = drawn.expect("the chart");
    assert_eq!(
        drawn
            .series
            .iter()
            .map(|one| (one.column, one.role))
            .collect::<Vec<_>>(),
        [(1, Role::Figures)]
    );
    assert_eq!(
        table(document, "Promised")[0][1],
        "Outcome",
        "a row that is added names itself"
    );
}
