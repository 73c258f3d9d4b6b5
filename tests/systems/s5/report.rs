//! The figures of S5's paper, added up by a report from the evaluation and from the quarters beneath it.
//!
//! Invariant: what the two forms tell of the same money and the same people comes to the same.

use std::collections::BTreeMap;

use countersign::service::Officer;
use countersign::service::report::composed::{Asking, clearable};
use countersign::service::report::under::under;
use countersign::store::register;
use countersign_domain::document::{Block, Cell, Document, People, Raw};
use countersign_domain::form::schema::Audience;

use countersign_domain::report::Report;

use crate::outside::paper::{PROJECTS, STORY};
use crate::outside::people::ANITA;
use crate::outside::server::TestServer;
use crate::outside::stages::WHY;
use crate::printed::{Printed, printed};
use crate::told::{find, paper, report, row, table, text, year};

const SHIPPED: &str = "s5-evaluation";
const FUND: &str = "community-safety-2017";
const TREATMENT: &str = "Treatment for drugs and alcohol";
/// The twelve ratios, as the paper has them but for nought of nought.
const RATIOS: [(&str, &str); 12] = [
    ("In contact with criminal justice: opiates", "25.0% (308 of 1,231)"),
    ("In contact with criminal justice: other drugs", "14.5% (11 of 76)"),
    ("In contact with criminal justice: alcohol", "8.3% (29 of 351)"),
    (
        "In contact with criminal justice: alcohol and other drugs",
        "5.6% (7 of 125)",
    ),
    (
        "Completed treatment, of those in contact with criminal justice: opiates",
        "4.9% (15 of 308)",
    ),
    (
        "Completed treatment, of those in contact with criminal justice: other drugs",
        "0.0% (0 of 11)",
    ),
    (
        "Completed treatment, of those in contact with criminal justice: alcohol",
        "24.1% (7 of 29)",
    ),
    (
        "Completed treatment, of those in contact with criminal justice: alcohol and other drugs",
        "42.9% (3 of 7)",
    ),
    ("Came back within six months of completing: opiates", "25.0% (3 of 12)"),
    ("Came back within six months of completing: other drugs", "[z]"),
    ("Came back within six months of completing: alcohol", "0.0% (0 of 4)"),
    (
        "Came back within six months of completing: alcohol and other drugs",
        "0.0% (0 of 1)",
    ),
];
/// Those that are of fewer than five people.
const SMALL: [&str; 2] = [
    "Completed treatment, of those in contact with criminal justice: alcohol and other drugs",
    "Came back within six months of completing: opiates",
];
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

Spent in the text: {{ figure("partnership-evaluation.spent") }}.
"#;

pub async fn the_paper_adds_up(server: &TestServer) {
    taken_away(server).await;
    let report = report(REPORT);
    let document = paper(server, &report, "community-safety-2017", year(2017), &[])
        .await
        .document;
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
    let items = table(&document, "Items");
    assert_eq!(
        (items.len(), items[1][2].as_str(), items[1][3].as_str()),
        (9, "Weekly sessions", "£700.00")
    );
    let said = text(&document);
    assert!(said.contains("8 stories are not cleared for this paper."), "{said}");
    assert!(said.contains("Spent in the text: £428,246.00."), "{said}");
    people_are_carried(&document);
    let officer = officer(server).await;
    traced(server, &officer, &document).await;
    one_story_is_cleared(server, &officer, &report).await;
}

/// The shipped paper in its five files, for the office and for the panel.
async fn taken_away(server: &TestServer) {
    let internal = printed(server, SHIPPED, FUND, year(2017), Audience::Internal).await;
    the_money_is_the_papers(&internal);
    the_results_are_the_papers(&internal);
    let ratio = |of: &str| internal.row(TREATMENT, of)[1].to_owned();
    for (of, is) in RATIOS {
        assert_eq!(ratio(of), is, "{of}");
    }
    internal.says(STORY);

    let panel = printed(server, SHIPPED, FUND, year(2017), Audience::Panel).await;
    the_money_is_the_papers(&panel);
    for (of, is) in RATIOS.iter().filter(|(of, _)| SMALL.contains(of)) {
        let shown = panel.row(TREATMENT, of)[1].to_owned();
        assert!(
            shown.contains("[c]"),
            "{of} is of few people and shown as {shown}, {is}"
        );
    }
    panel.never_says(STORY);
    panel.says("8 stories are not cleared for this paper.");
}

fn the_money_is_the_papers(paper: &Printed) {
    paper.is_fit_to_read();
    let opening = "£428,246.00 was available for the year, and £428,246.00 of it was spent.";
    assert!(paper.sentences().contains(opening), "{}", paper.sentences());
    let grant = "The grant by project: Plymouth community safety grant 2017-18";
    for (_, title, allocated, spent) in PROJECTS {
        let of = paper.row(grant, title);
        assert_eq!(of[2], format!("£{spent}.00"), "{title}");
        if !["infrastructure"].contains(&title) && of[1] != of[2] {
            panic!("{title}: {allocated} became {} and {} was spent", of[1], of[2]);
        }
    }
    assert_eq!(paper.row(grant, "Total")[1..], ["£428,246.00", "£428,246.00", "£0.00"]);
    for (of, share) in [
        ("Domestic abuse victim service", "29.0%"),
        ("Sexual violence therapeutic services", "33.3%"),
        ("Drug and alcohol contract", "5.2%"),
    ] {
        assert_eq!(paper.row("Contracts that the grant pays into", of)[3], share);
    }
    let moved = paper.rows("Money moved between projects");
    assert!(moved[0].contains(&"£440.00"), "{moved:?}");
    let items = paper.rows("What the money was spent on");
    assert_eq!(
        (items.len(), items[0][2], items[0][3]),
        (8, "Weekly sessions", "£700.00")
    );
    let found = paper.rows("Findings");
    let more = found
        .iter()
        .find(|row| row[2].contains("The items come to £16,535.00, £49.00 more than the £16,486.00"));
    assert_eq!(more.expect("the items are a finding")[3], WHY);
}

fn the_results_are_the_papers(paper: &Printed) {
    let target = |of: &str| paper.row("Results beside their targets", of)[1..].to_vec();
    assert_eq!(
        target("Referred people who took up support"),
        ["84%", "At least 75%: met"]
    );
    assert_eq!(target("People referred again"), ["4%", "Below 20%: met"]);
    assert_eq!(
        target("People whose support ended as planned"),
        ["90%", "At least 90%: met"]
    );
    for (of, is) in [
        ("Victims of domestic abuse supported", "2,067"),
        ("Clients of independent advisers discussed at a risk conference", "440"),
        ("Professionals trained to recognise and assess abuse", "124"),
        ("Counselling sessions given", "935"),
        ("People counselled", "197"),
        ("Members who came to weekly sessions", "122"),
        ("Responses to the workforce survey", "466"),
    ] {
        assert_eq!(paper.row("What the projects counted", of)[1], is, "{of}");
    }
    assert_eq!(
        paper.row(TREATMENT, "In contact with criminal justice: opiates")[2],
        "21.9%"
    );
    let quarters = paper.row("The quarters of the three contracts", "Total");
    assert_eq!(quarters[1..], ["£283,700.00", "935"]);
}

async fn officer(server: &TestServer) -> Officer {
    let person = server.person(ANITA.address).await;
    let read = server.app.deps.store.read();
    Officer {
        holders: register::holders_of_person(&read, person.id).await.unwrap(),
        person,
        second_factor: true,
    }
}

/// Of eight stories the one is told that somebody has cleared.
async fn one_story_is_cleared(server: &TestServer, officer: &Officer, report: &Report) {
    let prose = BTreeMap::new();
    let asking = Asking {
        fund: officer.holders[0].fund,
        report,
        period: year(2017),
        prose: &prose,
        cleared: &[],
        provisional: false,
        audience: report.audience,
        today: server.now().date_naive(),
    };
    let found = clearable(&server.app.deps, officer, asking).await.unwrap();
    let stories: Vec<_> = found
        .iter()
        .filter(|one| one.at.place.ends_with("/case_study"))
        .collect();
    assert_eq!(stories.len(), 8, "{found:#?}");
    let cleared = [stories[0].at.clone()];
    let document = paper(server, report, "community-safety-2017", year(2017), &cleared)
        .await
        .document;
    let told: Vec<&str> = document
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Story { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(told, [STORY]);
    assert!(text(&document).contains("7 stories are not cleared for this paper."));
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
async fn traced(server: &TestServer, officer: &Officer, document: &Document<Raw>) {
    let Cell::Figure { figure } = &find(document, "Spending").rows[0].cells[2] else {
        panic!("a figure")
    };
    let source = figure.from.clone().expect("it comes from somewhere");
    let found = under(&server.app.deps, officer, &source, 1, None).await.unwrap();
    assert_eq!((found.total, found.lines.len()), (4, 4));
    let second = &found.lines[1];
    assert_eq!(second.typed.as_deref(), Some("39,800"));
    assert_eq!(second.shown, "£39,800.00");
    assert_eq!(second.signed[0].typed_name, "Jory Penhale");
}
