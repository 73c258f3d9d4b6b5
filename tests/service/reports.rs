//! A report over returns that are signed, submitted, corrected and excused: what it adds up, and what it says is missing.
//!
//! Invariant: everything is signed through the services; a paper is published only so far as the store keeps of it.

use std::collections::BTreeMap;

use countersign::service::report::composed::{ComposeError, Composed};
use countersign::service::{correct, forms, register};
use countersign::store::{papers, returns};
use countersign_domain::document::{Document, Raw};
use countersign_domain::form::schema::Audience;
use countersign_domain::ledger::Digest;
use countersign_domain::paper::{Edition, Paper, PaperState, Publication};
use countersign_domain::period::Period;
use countersign_domain::report::Report;

use crate::outside::on_both;
use crate::outside::server::TestServer;
use crate::planning::{self, Planning, STAGES};
use crate::signed::{at_the_end_of_the_year, owed, signed, submitted};
use crate::told::{Version, composed, find, report, row, table, year};

on_both!(
    a_paper_adds_up_what_is_signed_and_names_what_is_not,
    a_change_asks_for_an_explanation_but_tells_nothing_of_people,
    a_correction_restates_what_an_earlier_paper_told,
    everything_unknown_is_said_at_once_with_its_place,
    a_measure_that_is_not_added_is_listed,
);

const FUND: &str = "safety-2020";

const REPORT: &str = r#"+++
report = "told"
version = 1
title = "{fund.title}: {period}"
covers = "financial-year"
audience = "panel"
suppression = "less-than-5"
forms = ["quarter"]
explain = 10
+++
{{ table(["quarter.reached", "quarter.waiting"], by="period", total=true, title="Quarters") }}

{{ table(["quarter.reached"], compare=["previous", "year-before"], title="Compared") }}

{{ chart("bars", "quarter.reached", by="period", title="Drawn") }}

{{ on_time() }}

{{ restated() }}

{{ findings() }}
"#;

async fn made(plan: &Planning, report: &Report, period: Period, version: Version) -> Document<Raw> {
    whole(plan, report, period, version).await.document
}

async fn whole(plan: &Planning, report: &Report, period: Period, version: Version) -> Composed {
    match composed(&plan.server, report, FUND, period, &[], version).await {
        Ok(composed) => composed,
        Err(ComposeError::Report(problems)) => panic!("{problems:#?}"),
        Err(error) => panic!("{error}"),
    }
}

fn quarter(month: u32) -> Period {
    let day = chrono::NaiveDate::from_ymd_opt(2018, month, 1).unwrap();
    Period::containing(countersign_domain::period::PeriodKind::Quarter, day).unwrap()
}

/// Two quarters are signed, one is submitted, one is excused.
async fn two_of_four(server: TestServer) -> Planning {
    let plan = at_the_end_of_the_year(server).await;
    let quarters = owed(&plan, "quarter").await;
    signed(&plan, &quarters[0], &[("reached", "30"), ("waiting", "5")]).await;
    signed(&plan, &quarters[1], &[("reached", "18"), ("waiting", "7")]).await;
    submitted(&plan, &quarters[2], &[("reached", "1,000"), ("waiting", "0")]).await;
    let officer = plan.officer(STAGES[2]).await;
    let now = plan.server.now();
    correct::excuse(
        &plan.server.app.deps,
        &officer,
        quarters[3].id,
        "The service was closed.",
        now,
    )
    .await
    .unwrap();
    plan
}

async fn a_paper_adds_up_what_is_signed_and_names_what_is_not(server: TestServer) {
    let plan = two_of_four(server).await;
    let report = report(REPORT);
    let composed = whole(&plan, &report, year(2018), Version::default()).await;
    assert_eq!(composed.inputs.len(), 2);
    let document = composed.document;
    assert_eq!(
        table(&document, "Quarters"),
        [
            ["Period", "People reached", "People waiting on the last day"],
            ["April to June 2018", "30", "5"],
            ["July to September 2018", "18", "7"],
            ["October to December 2018", "Not known yet", "Not known yet"],
            ["Total", "48", "7"],
        ]
        .map(|row| row.map(str::to_owned).to_vec())
    );
    let coverage = find(&document, "Quarters").coverage.clone().expect("its coverage");
    assert_eq!((coverage.signed, coverage.expected, coverage.provisional), (2, 3, 0));
    assert_eq!(coverage.missing.len(), 1);
    assert!(
        coverage.missing[0].ends_with("October to December 2018 (submitted, not signed)"),
        "{coverage:?}"
    );
    assert_eq!(coverage.excused.len(), 1);
    assert!(
        !coverage.excused[0].contains("closed"),
        "why is not the panel’s business: {coverage:?}"
    );
    assert_eq!(coverage.money, None, "the quarters are not of money");

    let provisional = Version {
        provisional: true,
        audience: Audience::Internal,
    };
    let document = made(&plan, &report, year(2018), provisional).await;
    assert_eq!(row(&document, "Quarters", "Total")[1..], ["p1,048", "p0"]);
    assert_eq!(row(&document, "Quarters", "April to June 2018")[1..], ["30", "5"]);
    let coverage = find(&document, "Quarters").coverage.clone().expect("its coverage");
    assert_eq!((coverage.signed, coverage.expected, coverage.provisional), (2, 3, 1));
    assert!(
        coverage.excused[0].ends_with(": The service was closed"),
        "{coverage:?}"
    );

    let nothing = made(&plan, &report, year(2031), Version::default()).await;
    assert_eq!(table(&nothing, "Quarters").len(), 2, "a heading and a total of nothing");
    let coverage = find(&nothing, "Quarters").coverage.clone().expect("its coverage");
    assert_eq!((coverage.signed, coverage.expected), (0, 0));
}

async fn a_change_asks_for_an_explanation_but_tells_nothing_of_people(server: TestServer) {
    let plan = two_of_four(server).await;
    let report = report(REPORT);
    let panel = made(&plan, &report, quarter(7), Version::default()).await;
    assert_eq!(
        row(&panel, "Compared", "People reached")[1..],
        ["18", "30", "Not known yet"]
    );
    assert_eq!(
        find(&panel, "Compared").notes,
        Vec::<String>::new(),
        "the change tells of people"
    );
    let internal = Version {
        audience: Audience::Internal,
        ..Version::default()
    };
    let office = made(&plan, &report, quarter(7), internal).await;
    let words = "People reached: over 10% less than in the period before";
    assert_eq!(find(&office, "Compared").notes, [format!("{words}: not explained")]);
    let findings = table(&office, "Findings");
    assert!(
        findings.iter().any(|row| row[2] == words && row[3] == "Unexplained"),
        "{findings:?}"
    );
}

async fn a_correction_restates_what_an_earlier_paper_told(server: TestServer) {
    let plan = two_of_four(server).await;
    let (deps, report) = (&plan.server.app.deps, report(REPORT));
    let first = whole(&plan, &report, year(2018), Version::default()).await;
    published(&plan, &report, &first).await;
    let officer = plan.officer(STAGES[2]).await;
    let quarter = owed(&plan, "quarter").await.remove(0);
    correct::reopen(deps, &officer, quarter.id, "Ten were counted twice.", plan.server.now())
        .await
        .unwrap();
    let open = returns::get_return(&deps.store.read(), quarter.id).await.unwrap();
    signed(&plan, &open, &[("reached", "20")]).await;
    let document = made(&plan, &report, year(2018), Version::default()).await;
    assert_eq!(row(&document, "Quarters", "April to June 2018")[1..], ["r20", "5"]);
    assert_eq!(row(&document, "Quarters", "Total")[1..], ["r38", "7"]);
    let restated = table(&document, "Restated figures");
    assert_eq!(restated.len(), 2, "{restated:?}");
    assert_eq!(
        restated[1][2..],
        [
            "People reached",
            "30",
            "r20",
            "Ten were counted twice.",
            "2018-19, edition 1, published on 2 April 2019"
        ]
    );
}

/// Keeps a paper as it is kept when it is published.
async fn published(plan: &Planning, report: &Report, composed: &Composed) {
    let (deps, now) = (&plan.server.app.deps, plan.server.now());
    let officer = plan.officer(STAGES[2]).await;
    let fund = countersign::store::register::fund_by_key(&deps.store.read(), FUND).await;
    let fund = fund.unwrap().unwrap();
    let id = || uuid::Uuid::new_v4();
    let paper = Paper {
        id: id().into(),
        report: report.id.clone(),
        fund: fund.id,
        period: year(2018),
        prose: BTreeMap::new(),
        begun_by: officer.person.id,
        begun_at: now,
        state: PaperState::Draft,
        version: 1,
    };
    let publication = Publication {
        edition: Edition {
            id: id().into(),
            paper: paper.id,
            number: 1,
            report: report.id.clone(),
            report_version: report.version,
            report_digest: report.digest,
            fund: fund.id,
            period: paper.period,
            audience: Audience::Panel,
            policy: Some("less-than-5".to_owned()),
            digest: Digest::of(b"{}"),
            published_by: officer.person.id,
            published_at: now,
        },
        prose: BTreeMap::new(),
        document: "{}".to_owned(),
        released: "[]".to_owned(),
        inputs: composed.inputs.clone(),
    };
    let tx = deps.store.begin().await.unwrap();
    papers::begin(&tx, &paper).await.unwrap();
    papers::publish(&tx, &publication, &[], 1).await.unwrap();
    tx.commit().await.unwrap();
}

async fn everything_unknown_is_said_at_once_with_its_place(server: TestServer) {
    let plan = at_the_end_of_the_year(server).await;
    let wrong = REPORT.replace("quarter.waiting", "quarter.waitign").replace(
        "{{ on_time() }}",
        "{{ table(\"quarter.reached\", by=\"project\", project=\"nowhere\") }}",
    );
    let report = report(&wrong);
    let composed = composed(&plan.server, &report, FUND, year(2018), &[], Version::default()).await;
    let Err(ComposeError::Report(problems)) = composed else {
        panic!("it is wrong")
    };
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(
        said.iter()
            .any(|one| one.starts_with("11:") && one.contains("quarter.waiting")),
        "{said:?}"
    );
    assert!(said.iter().any(|one| one.contains("no project ‘nowhere’")), "{said:?}");
}

const LISTED: &str = r#"
form = "visits"
version = 1
title = "Visits of the quarter"
owed_by = "grant"
audience = "panel"
[schedule]
every = "quarter"
opens = "end + 1d"
due = "end + 10wd"
closes = "due + 365d"
remind = ["opens"]
[[stage]]
id = "review"
kind = "review"
by = "commissioner.reviewer"
[[section]]
id = "use"
title = "Use"
[[section.question]]
id = "reached"
type = "count"
label = "Visits"
[[section.question]]
id = "of_all"
type = "ratio"
label = "Came back"
of_label = "Came back"
per_label = "Left"
places = 1
over_providers = "sum"
over_time = "sum"
"#;

async fn a_measure_that_is_not_added_is_listed(server: TestServer) {
    let plan = Planning::begin(server).await;
    let deps = &plan.server.app.deps;
    forms::publish(deps, LISTED, plan.server.now()).await.unwrap();
    let file = register::read(&planning::owed(&["visits"])).unwrap();
    register::load(deps, &file, plan.server.now()).await.unwrap();
    plan.server.advance_to("2019-04-02 09:00").await;
    let all = owed(&plan, "visits").await;
    signed(&plan, &all[0], &[("reached", "3")]).await;
    signed(&plan, &all[1], &[("reached", "4")]).await;
    let report = report(
        &REPORT
            .replace("quarter.waiting", "quarter.of_all")
            .replace("quarter", "visits"),
    );
    let document = made(&plan, &report, year(2018), Version::default()).await;
    assert_eq!(row(&document, "Compared", "Visits")[1], "2 listed");
    let listed = table(&document, "Visits: each figure, since they are not added");
    let figures: Vec<&str> = listed[1..]
        .iter()
        .map(|row| row.last().expect("a figure").as_str())
        .collect();
    assert_eq!(figures, ["3", "4"]);
}
