//! The figures of S1's paper, added up from the signed returns by a report.
//!
//! Invariant: the amounts are those that the real paper printed, where it printed any.

use countersign_domain::document::Role;

use crate::outside::server::TestServer;
use crate::told::{self, paper, report, row, table, text, year};

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
    println!("{}", text(document));
    assert_eq!(composed.inputs.len(), 14);
    let _ = (
        row(document, "Spending", "Total"),
        table(document, "Lines"),
        Role::Figures,
        told::figure,
    );
}
