//! The figures of S5's paper, added up by a report from the evaluation and from the quarters beneath it.
//!
//! Invariant: what the two forms tell of the same money and the same people comes to the same.

use countersign::service::Officer;
use countersign::service::report::trace::trace;
use countersign::store::{Page, register};
use countersign_domain::document::{Block, Cell, Document, People, Raw};

use crate::outside::people::ANITA;
use crate::outside::server::TestServer;
use crate::told::{find, paper, report, row, table, text, year};

const REPORT: &str = r#"+++
report = "told"
version = 1
title = "{fund.title}: final evaluation {period}"
covers = "financial-year"
audience = "panel"
suppression = "less-than-5"
forms = ["partnership-evaluation", "provider-quarter"]

[[figure]]
id = "spent"
of = "partnership-evaluation.spent"
+++
{{ reconciliation() }}

{{ table(["partnership-evaluation.spent", "provider-quarter.spent"], names=["Evaluation", "Quarters"], by="project", total=true, title="Spending") }}

{{ table(["provider-quarter.supported_so_far", "provider-quarter.sessions"], by="measure", across="period", title="Quarters") }}

{{ table(["provider-quarter.supported_so_far", "provider-quarter.sessions"], title="The year") }}

{{ table(["partnership-evaluation.contact_alcohol", "partnership-evaluation.returned_non_opiate", "partnership-evaluation.returned_opiate"], compare="benchmark", title="Drugs and alcohol") }}

{{ table("partnership-evaluation.re_referral", compare="target", title="Against target") }}

{{ table(["partnership-evaluation.engagement", "partnership-evaluation.planned_exits"], by="project", title="Listed") }}

{{ answers("partnership-evaluation.items", title="Items") }}

{{ stories("partnership-evaluation.case_study") }}

{{ virements() }}

{{ findings() }}
"#;

pub async fn the_paper_adds_up(server: &TestServer) {
    let report = report(REPORT);
    let document = paper(server, &report, "community-safety-2017", year(2017), &[])
        .await
        .document;
    println!("{}", text(&document));
    let caption = document.blocks.iter().find_map(|block| match block {
        Block::Table(table) => Some(table.caption.clone()),
        _ => None,
    });
    let caption = caption.expect("a first table");
    for (line, amount) in [
        ("Awarded", "£400,568.00"),
        ("Carried forward from the year before", "£27,678.00"),
        ("Available", "£428,246.00"),
        ("Allocated to projects", "£428,246.00"),
        ("Unallocated", "£0.00"),
        ("Spent", "£428,246.00"),
    ] {
        assert_eq!(row(&document, &caption, line), [line, amount]);
    }
    let spending = |of: &str| row(&document, "Spending", of)[1..].to_vec();
    assert_eq!(
        spending("Domestic abuse victim service"),
        ["£160,200.00", "£160,200.00"]
    );
    assert_eq!(spending("Partnership infrastructure"), ["£38,560.00", "Not applicable"]);
    assert_eq!(spending("Total"), ["£428,246.00", "£283,700.00"]);
    let coverage = find(&document, "Spending").coverage.as_ref().expect("its coverage");
    assert_eq!(
        (coverage.signed, coverage.expected, coverage.missing.len()),
        (13, 13, 0)
    );
    assert_eq!(
        table(&document, "Quarters")[1][1..],
        ["540", "1,061", "1,588", "2,067"],
        "people are counted since April"
    );
    assert_eq!(
        row(&document, "The year", "Victims supported since 1 April")[1],
        "2,067"
    );
    assert_eq!(
        row(&document, "The year", "Counselling sessions given in the quarter")[1],
        "935"
    );
    assert_eq!(
        table(&document, "Drugs and alcohol")[1..],
        [
            ["In contact with criminal justice: alcohol", "8.3% (29 of 351)", "6.6%"],
            [
                "Came back within six months of completing: other drugs",
                "Not applicable",
                "5.2%"
            ],
            [
                "Came back within six months of completing: opiates",
                "25.0% (3 of 12)",
                "19.8%"
            ],
        ]
        .map(|row| row.map(str::to_owned).to_vec())
    );
    people_are_carried(&document);
    traced(server, &document).await;
}

/// A ratio of people, and a percentage that is held against one, carry the counts that they are made of.
fn people_are_carried(document: &Document<Raw>) {
    let figure = |caption: &str, at: usize| match &find(document, caption).rows[at].cells[1] {
        Cell::Figure { figure } => figure.people.clone(),
        Cell::Text { text } => panic!("{text}"),
    };
    let Some(People::Ratio { of, per }) = figure("Drugs and alcohol", 0) else {
        panic!("a ratio of people")
    };
    assert_eq!((of[0].count, per[0].count), (29, 351));
    assert_eq!(
        figure("Drugs and alcohol", 1),
        None,
        "of nobody there is nothing to hide"
    );
    let Some(People::Worked(atoms)) = figure("Against target", 0) else {
        panic!("a percentage of people, typed")
    };
    let counts: Vec<i64> = atoms.iter().map(|atom| atom.count).collect();
    assert_eq!(counts, [83, 2067]);
}

/// From a number of the paper to what was typed in each quarter.
async fn traced(server: &TestServer, document: &Document<Raw>) {
    let Cell::Figure { figure } = &find(document, "Spending").rows[0].cells[2] else {
        panic!("a figure")
    };
    let source = figure.from.clone().expect("it comes from somewhere");
    let deps = &server.app.deps;
    let person = server.person(ANITA.address).await;
    let officer = Officer {
        holders: register::holders_of_person(&deps.store.read(), person.id)
            .await
            .unwrap(),
        person,
        second_factor: true,
    };
    let page = Page { from: 1, size: 2 };
    let found = trace(deps, &officer, &source, page, None).await.unwrap();
    assert_eq!((found.total, found.figures.len()), (4, 2));
    assert_eq!(found.figures[0].typed, [("value".to_owned(), "39,800".to_owned())]);
    assert_eq!(found.figures[0].shown, "£39,800.00");
    assert_eq!(found.figures[0].signed[0].0, "Jory Penhale");
}
