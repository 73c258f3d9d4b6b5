//! What the page of a fund, and an evaluation of one of its years, cost beside all that they do not show.
//!
//! Invariant: the small fund's are the same whatever the number of returns, so that what they cost should be as well. Run over
//! databases that `countersign bench-data` made: `cargo bench --bench one_fund -- sqlite:///tmp/made-up.db postgres://…`

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use countersign::bench_data::{LARGE, SMALL};
use countersign::document::Printer;
use countersign::secrets::Secrets;
use countersign::service::paper::print::Format;
use countersign::service::paper::{Press, begin, choices, list, sheet};
use countersign::service::report::composed::{Asking, compose};
use countersign::service::report::state;
use countersign::service::{Deps, Officer, forms};
use countersign::store::{Reader, Store, register};
use countersign::wording::{Wording, report};
use countersign_domain::document::{Document, show};
use countersign_domain::form::schema::Audience;
use countersign_domain::ids::FundId;
use countersign_domain::period::Period;
use countersign_domain::report::{Report, parse};
use countersign_domain::workflow::COMMISSIONER;
use timing::{ms, peak, ratio};

mod timing;

/// How often each is done at most; the quickest counts.
const TIMES: usize = 3;

/// What takes longer than this is done once.
const LONG: Duration = Duration::from_secs(5);

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    for url in std::env::args().skip(1).filter(|given| given.contains(':')) {
        println!("{}:", url.split(':').next().unwrap_or_default());
        let deps = deps(Store::open(&url).await?)?;
        let small = measured(&deps, SMALL, Told::of("small", Vec::new())).await?;
        measured(&deps, LARGE, Told::of("large", small)).await?;
        deps.store.close().await;
    }
    Ok(())
}

/// How long each took.
async fn measured(deps: &Deps, key: &str, mut told: Told<'_>) -> Outcome<Vec<Duration>> {
    let name = told.fund;
    let c = deps.store.read();
    let fund = register::fund_by_key(&c, key).await?;
    let fund = fund.ok_or("the database is not one that bench-data made")?.id;
    let (officer, now) = (officer(&c, fund).await?, "2026-06-01T10:00:00Z".parse()?);
    let year = Period::new("2018-04-01".parse()?, "2019-03-31".parse()?)?;
    told.say(&format!("the page of the {name} fund"), async || {
        let page = state::of_fund(deps, &officer, fund, Some(year.start()), now).await?;
        let projects: usize = page.money.iter().map(|told| told.projects.len()).sum();
        Ok(format!("{} signed, {projects} projects", page.tally.signed))
    })
    .await?;
    told.say(&format!("the papers of the {name} fund"), async || {
        let shelves = list(deps, &officer, now).await?;
        Ok(format!("of {} funds", shelves.len()))
    })
    .await?;
    told.say(
        &format!("for which periods a paper of the {name} fund can be begun"),
        async || {
            let choice = choices(deps, &officer, fund, STATE, now).await?;
            Ok(format!("{} periods", choice.periods.len()))
        },
    )
    .await?;
    let periods = choices(deps, &officer, fund, STATE, now).await?.periods;
    let begun = begin(deps, &officer, fund, STATE, periods.first().copied(), now).await?;
    told.say(&format!("how far a paper of the {name} fund is"), async || {
        let sheet = sheet(deps, &officer, begun, now).await?;
        Ok(format!(
            "{} of {} signed",
            sheet.standing.signed, sheet.standing.expected
        ))
    })
    .await?;
    let report = parse(EVALUATION, "made-up-evaluation").map_err(|problems| format!("{problems:?}"))?;
    let document = Mutex::new(None);
    told.say(&format!("an evaluation of a year of the {name} fund"), async || {
        let made = paper(deps, fund, &report, year, now).await?;
        let words = format!("{} blocks", made.blocks.len());
        *document.lock().map_err(|_| "poisoned")? = Some(made);
        Ok(words)
    })
    .await?;
    for (format, file) in [(Format::Html, "a page"), (Format::Json, "JSON")] {
        let document = document.lock().map_err(|_| "poisoned")?.clone().map(Arc::new);
        let document = document.ok_or("no paper was made")?;
        told.say(&format!("the same as {file}"), async || {
            let bytes = deps.printer.print(&document, format).await?;
            Ok(format!("{} kB", bytes.len() / 1_000))
        })
        .await?;
    }
    Ok(told.took)
}

/// The report about nothing but where returns stand, which comes with the program.
const STATE: &str = "returns-state";

/// The evaluation of a fund as one of the five systems has it, of the made-up form: money that reconciles, results beside a
/// target, counts, quarters, findings, signatures, coverage. What asks for answers in words is left out; nothing made up has
/// any.
const EVALUATION: &str = r#"+++
report      = "made-up-evaluation"
version     = 1
title       = "{fund.title}: evaluation {period}"
covers      = "financial-year"
audience    = "panel"
suppression = "less-than-5"
forms       = ["made-up-quarter"]
explain     = 10
+++
## Money

{{ reconciliation(title="The grants") }}

{{ chart("bars", ["made-up-quarter.m01", "made-up-quarter.m02"], by="project", names=["Spent", "Promised"], title="Spent and promised") }}

{{ table(["made-up-quarter.m03", "made-up-quarter.m04", "made-up-quarter.m22"], by="project", title="Contracts") }}

{{ virements(title="Money moved between projects") }}

## Results

{{ table(["made-up-quarter.m10", "made-up-quarter.m22", "made-up-quarter.m23", "made-up-quarter.m24"], by="measure", compare=["target"], title="Results beside their targets") }}

{{ table(["made-up-quarter.m09", "made-up-quarter.m10", "made-up-quarter.m11", "made-up-quarter.m12", "made-up-quarter.m13", "made-up-quarter.m14", "made-up-quarter.m15", "made-up-quarter.m16", "made-up-quarter.m17", "made-up-quarter.m18"], by="measure", title="What the projects counted") }}

## Quarter by quarter

{{ table(["made-up-quarter.m01", "made-up-quarter.m09"], by="period", total=true, title="The quarters") }}

{{ chart("lines", ["made-up-quarter.m09"], by="period", title="Counted, quarter by quarter") }}

## What the checks found

{{ findings() }}

## Signatures

{{ signatures() }}

## Returns behind this paper

{{ restated() }}

{{ on_time(chart=true) }}

{{ coverage() }}
"#;

/// A paper as a panel would read it.
async fn paper(deps: &Deps, fund: FundId, report: &Report, period: Period, now: DateTime<Utc>) -> Outcome<Document> {
    let asking = Asking {
        fund,
        report,
        period,
        prose: &BTreeMap::new(),
        cleared: &[],
        provisional: false,
        audience: Audience::Panel,
        today: now.date_naive(),
    };
    let composed = compose(deps, asking).await?;
    Ok(show(composed.document, Audience::Panel, report.policy, &[], None).document)
}

/// What services work with; nothing is mailed, and nobody signs in.
fn deps(store: Store) -> Outcome<Deps> {
    let wording = Wording::new()?;
    Ok(Deps {
        store,
        secrets: Secrets::new([0; 32]),
        printer: Press::new(Arc::new(Printer::new(wording.clone()))),
        wording,
        forms: forms::Library::default(),
        reports: report::Library::new(None).map_err(|problems| format!("{problems:?}"))?,
        base_url: Arc::from("http://localhost"),
        contact_line: Arc::from("nobody"),
        wake: Arc::default(),
    })
}

/// Whoever signs the made-up returns, as if they reviewed them and made papers of them too.
async fn officer(c: &Reader, fund: FundId) -> Outcome<Officer> {
    let mut holders = register::holders_of_fund(c, fund).await?;
    for holder in &mut holders {
        COMMISSIONER.clone_into(&mut holder.office_key);
    }
    let person = holders.first().ok_or("nobody holds an office")?.person;
    Ok(Officer {
        person: register::get_person(c, person).await?,
        holders,
        second_factor: true,
    })
}

/// What is said of one fund beside the other.
struct Told<'a> {
    fund: &'a str,
    other: Vec<Duration>,
    took: Vec<Duration>,
}

impl<'a> Told<'a> {
    fn of(fund: &'a str, other: Vec<Duration>) -> Self {
        let took = Vec::new();
        Told { fund, other, took }
    }

    /// Does it a few times, or once if it takes long, and says what the quickest took and what memory it had.
    async fn say(&mut self, what: &str, mut doing: impl AsyncFnMut() -> Outcome<String>) -> Outcome<()> {
        let (mut best, mut words) = (Duration::MAX, String::new());
        let before = peak(true)?;
        for _ in 0..TIMES {
            let begun = Instant::now();
            words = doing().await?;
            best = best.min(begun.elapsed());
            if best > LONG {
                break;
            }
        }
        let more = peak(false)?.saturating_sub(before) / 1_000;
        let beside = self.other.get(self.took.len());
        let beside = beside.map_or_else(String::new, |other| {
            format!(", {} times the other’s", ratio(best, *other))
        });
        println!("  {what} ({words}): {}{beside}, {more} MB more at most", ms(best));
        self.took.push(best);
        Ok(())
    }
}
