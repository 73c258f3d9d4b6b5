//! A count that is held back must not be worked out from figures that were filled from it, calculated with it, or typed
//! beside it, in the same paper or in an earlier one.

use countersign::service::report::composed::{ComposeError, Composed};
use countersign::service::{correct, forms, register};
use countersign_domain::document::{Document, Mark, Raw, Released, Showed, show};
use countersign_domain::form::schema::Audience;
use countersign_domain::ids::ReturnId;
use countersign_domain::measure::suppress::Policy;
use countersign_domain::returns::Return;

use crate::outside::on_both;
use crate::outside::server::TestServer;
use crate::planning::{self, Planning, STAGES};
use crate::signed::{owed, signed};
use crate::told::{Version, composed, report, year};

on_both!(
    a_year_that_is_filled_from_its_quarters_gives_none_of_them_away,
    a_year_that_was_typed_beside_its_quarters_gives_none_of_them_away,
    a_quarter_that_was_missing_is_not_what_the_year_has_more,
    a_sum_to_date_gives_no_quarter_away,
    a_paper_of_the_quarters_remembers_what_one_of_the_year_told,
    a_correction_that_leaves_a_count_alone_makes_no_other_of_it,
);

const HEAD: &str = r#"
version = 1
owed_by = "grant"
audience = "panel"
[[stage]]
id = "review"
kind = "review"
by = "commissioner.reviewer"
[[section]]
id = "use"
title = "Use"
"#;

/// Calls that a helpline takes each quarter, and a note that may be corrected.
const QUARTER: &str = r#"
[schedule]
every = "quarter"
opens = "end + 1d"
due = "end + 10wd"
closes = "due + 365d"
remind = ["opens"]
[[section.question]]
id = "callers"
type = "count"
counts = "new people"
label = "People who called for the first time"
over_providers = "sum"
over_time = "sum"
[[section.question]]
id = "note"
type = "text"
label = "Note"
[[section.question]]
id = "so_far"
type = "calculated"
label = "Since 1 April"
value = "if is_blank(previous.so_far) then callers else previous.so_far + callers"
over_providers = "sum"
over_time = "last"
"#;

const YEAR: &str = r#"
[schedule]
every = "financial-year"
opens = "start"
due = "end + 20wd"
closes = "due + 365d"
remind = ["opens"]
[[section.question]]
id = "in_the_year"
type = "count"
counts = "new people"
label = "People who called in the year"
from = "returns.calls-quarter.callers"
over_providers = "sum"
over_time = "sum"
"#;

const SMALL: usize = 1;
const CALLERS: [&str; 4] = ["30", "3", "18", "25"];

struct Helpline {
    plan: Planning,
    quarters: Vec<Return>,
    year: Return,
}

impl Helpline {
    async fn open(server: TestServer) -> Self {
        let plan = Planning::begin(server).await;
        let deps = &plan.server.app.deps;
        for (id, body) in [("calls-quarter", QUARTER), ("calls-year", YEAR)] {
            let form = format!("form = \"{id}\"\ntitle = \"{id}\"{HEAD}");
            // What stands in the head of a form comes before its sections.
            let (head, section) = form.split_once("[[section]]").unwrap();
            let (schedule, questions) = body.split_once("[[section.question]]").unwrap();
            let source = format!("{head}{schedule}[[section]]{section}[[section.question]]{questions}");
            forms::publish(deps, &source, plan.server.now()).await.unwrap();
        }
        let file = register::read(&planning::owed(&["calls-quarter", "calls-year"])).unwrap();
        register::load(deps, &file, plan.server.now()).await.unwrap();
        plan.server.advance_to("2019-04-02 09:00").await;
        let quarters = owed(&plan, "calls-quarter").await;
        let year = owed(&plan, "calls-year").await.remove(0);
        Self { plan, quarters, year }
    }

    async fn sign_quarters(&self, which: &[usize]) {
        for at in which {
            signed(&self.plan, &self.quarters[*at], &[("callers", CALLERS[*at])]).await;
        }
    }

    async fn composed(&self, tables: &str) -> Composed {
        let source = format!(
            "+++\nreport = \"told\"\nversion = 1\ntitle = \"Calls\"\ncovers = \"financial-year\"\naudience = \"panel\"\n\
             suppression = \"less-than-5\"\nforms = [\"calls-quarter\", \"calls-year\"]\n+++\n{tables}\n"
        );
        let report = report(&source);
        match composed(
            &self.plan.server,
            &report,
            "safety-2020",
            year(2018),
            &[],
            Version::default(),
        )
        .await
        {
            Ok(composed) => composed,
            Err(ComposeError::Report(problems)) => panic!("{problems:#?}"),
            Err(error) => panic!("{error}"),
        }
    }

    /// Whether each figure of a paper is held back, in reading order.
    async fn held_back(&self, tables: &str, earlier: &[Released]) -> Vec<bool> {
        held_back(&shown(self.composed(tables).await.document, earlier))
    }
}

fn shown(document: Document<Raw>, earlier: &[Released]) -> Showed {
    show(document, Audience::Panel, Some(Policy::LessThanFive), earlier, None)
}

fn held_back(showed: &Showed) -> Vec<bool> {
    let figures = showed.document.figures();
    figures
        .iter()
        .map(|figure| figure.marks.contains(&Mark::Hidden))
        .collect()
}

const QUARTERS: &str = "{{ table(\"calls-quarter.callers\", by=\"period\") }}";
const THE_YEAR: &str = "{{ table(\"calls-year.in_the_year\", by=\"measure\") }}";

/// The small quarter is held back, and another figure with it: the year, or a quarter.
#[track_caller]
fn is_safe(held_back: &[bool]) {
    assert_eq!(held_back.len(), CALLERS.len() + 1, "four quarters and the year");
    let others = held_back.iter().filter(|held| **held).count();
    assert!(held_back[SMALL] && others > 1, "{held_back:?}");
}

async fn a_year_that_is_filled_from_its_quarters_gives_none_of_them_away(server: TestServer) {
    let helpline = Helpline::open(server).await;
    helpline.sign_quarters(&[0, 1, 2, 3]).await;
    signed(&helpline.plan, &helpline.year, &[]).await;
    is_safe(&helpline.held_back(&format!("{QUARTERS}\n\n{THE_YEAR}"), &[]).await);
    let alone = helpline.held_back(THE_YEAR, &[]).await;
    assert_eq!(alone, [false], "it is held back for nothing else");
    helpline.plan.finish().await;
}

async fn a_year_that_was_typed_beside_its_quarters_gives_none_of_them_away(server: TestServer) {
    let helpline = Helpline::open(server).await;
    helpline.sign_quarters(&[0, 1, 2, 3]).await;
    signed(&helpline.plan, &helpline.year, &[("in_the_year", "77")]).await;
    is_safe(&helpline.held_back(&format!("{QUARTERS}\n\n{THE_YEAR}"), &[]).await);
    helpline.plan.finish().await;
}

async fn a_quarter_that_was_missing_is_not_what_the_year_has_more(server: TestServer) {
    let helpline = Helpline::open(server).await;
    helpline.sign_quarters(&[0, 2, 3]).await;
    signed(&helpline.plan, &helpline.year, &[("in_the_year", "76")]).await;
    helpline.sign_quarters(&[SMALL]).await;
    is_safe(&helpline.held_back(&format!("{QUARTERS}\n\n{THE_YEAR}"), &[]).await);
    helpline.plan.finish().await;
}

async fn a_sum_to_date_gives_no_quarter_away(server: TestServer) {
    let helpline = Helpline::open(server).await;
    helpline.sign_quarters(&[0, 1, 2, 3]).await;
    let to_date = "{{ table([\"calls-quarter.callers\", \"calls-quarter.so_far\"], by=\"period\") }}";
    let held = helpline.held_back(to_date, &[]).await;
    let (quarters, so_far): (Vec<bool>, Vec<bool>) = held.chunks(2).map(|row| (row[0], row[1])).unzip();
    assert_eq!(quarters.len(), 4);
    assert!(quarters[SMALL]);
    // From the sum to date before it and any after it, less what came in between.
    for from in 0..=SMALL {
        for to in SMALL..4 {
            let ends = (from == 0 || !so_far[from - 1]) && !so_far[to];
            let rest = (from..=to).filter(|at| *at != SMALL).all(|at| !quarters[at]);
            assert!(!(ends && rest), "{from} to {to}: {quarters:?} {so_far:?}");
        }
    }
    helpline.plan.finish().await;
}

async fn a_paper_of_the_quarters_remembers_what_one_of_the_year_told(server: TestServer) {
    let helpline = Helpline::open(server).await;
    helpline.sign_quarters(&[0, 1, 2, 3]).await;
    signed(&helpline.plan, &helpline.year, &[]).await;
    let first = helpline.composed(THE_YEAR).await;
    let kin = |composed: &Composed, ret: ReturnId| composed.kin.contains(&ret);
    assert!(kin(&first, helpline.quarters[0].id) && kin(&first, helpline.year.id));
    let first = shown(first.document, &[]);
    assert_eq!(held_back(&first), [false]);
    let next = helpline.composed(QUARTERS).await;
    assert!(kin(&next, helpline.year.id));
    let next = held_back(&shown(next.document, &first.released));
    is_safe(&[next, vec![false]].concat());
    helpline.plan.finish().await;
}

async fn a_correction_that_leaves_a_count_alone_makes_no_other_of_it(server: TestServer) {
    let helpline = Helpline::open(server).await;
    helpline.sign_quarters(&[0, 1, 2, 3]).await;
    let total = "{{ table(\"calls-quarter.callers\", by=\"period\", total=true) }}";
    let first = shown(helpline.composed(total).await.document, &[]);
    let before = held_back(&first);
    is_safe(&before);
    let (deps, now) = (&helpline.plan.server.app.deps, helpline.plan.server.now());
    let officer = helpline.plan.officer(STAGES[2]).await;
    for (at, quarter) in helpline.quarters.iter().enumerate() {
        correct::reopen(deps, &officer, quarter.id, "The note was wrong.", now)
            .await
            .unwrap();
        let answers = [("callers", CALLERS[at]), ("note", "It was a holiday.")];
        signed(&helpline.plan, quarter, &answers).await;
    }
    let after = helpline.held_back(QUARTERS, &first.released).await;
    assert_eq!(after, before[..4], "what was held back to protect a quarter still is");
    helpline.plan.finish().await;
}
