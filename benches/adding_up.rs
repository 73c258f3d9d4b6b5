//! What it costs to add figures up where they are kept, against the same SQL written by hand, and what a paper and the state of
//! a fund cost beside all that they do not show.
//!
//! Invariant: says ratios beside times, because those hold on any machine; and what is added up by both comes to the same. Run
//! over databases that `countersign bench-data` made: `cargo bench --bench adding_up -- sqlite:///tmp/made-up.db postgres://…`

use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use countersign::bench_data::{FORM, LARGE, SMALL};
use countersign::store::standing::{self, Wanted};
use countersign::store::{Page, Reader, Store, figures, register};
use countersign_domain::answers::types::FigureValue;
use countersign_domain::document::Source;
use countersign_domain::ids::FundId;
use countersign_domain::period::Period;
use countersign_domain::returns::standing::{Standing, Which};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use timing::{ms, peak, ratio};
use uuid::Uuid;

mod timing;

/// How often each is done; the quickest counts.
const TIMES: usize = 5;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    for url in std::env::args().skip(1).filter(|given| given.contains(':')) {
        measured(&url).await?;
    }
    Ok(())
}

async fn measured(url: &str) -> Outcome<()> {
    let (store, hand) = (Store::open(url).await?, by_hand(url).await?);
    let c = store.read();
    let kind = url.split(':').next().unwrap_or_default();
    let (small, large) = (fund(&c, SMALL).await?, fund(&c, LARGE).await?);
    let always = Period::new(day("2016-04-01")?, day("2026-03-31")?)?;
    let year = Period::new(day("2018-04-01")?, day("2019-03-31")?)?;
    let today = day("2026-06-01")?;
    let many = standing::count(&c, large, &Wanted::all(Which::All), today).await?;
    println!("{kind}: {many} returns in the large fund, {} in the small one", 320);

    for (measure, what) in [("m01", "an amount"), ("m25", "a ratio")] {
        let before = peak(true)?;
        let ours = figures::project_sums(&c, large, FORM, &[measure], always).await?;
        let more = peak(false)?.saturating_sub(before);
        let by_hand = of_hand(&hand, BY_PROJECT, large, measure).await?;
        assert_eq!(total(ours.iter().map(|row| row.sum.value)), by_hand, "the same by hand");
        println!(
            "  {what} by project and period: {} sums, {more} kB at most while they are made",
            ours.len()
        );
        compared(
            "    by project and period",
            async || {
                figures::project_sums(&c, large, FORM, &[measure], always).await?;
                Ok(())
            },
            async || of_hand(&hand, BY_PROJECT, large, measure).await.map(|_| ()),
        )
        .await?;
        compared(
            "    by allocation",
            async || {
                figures::sums(&c, large, FORM, &[measure], always).await?;
                Ok(())
            },
            async || of_hand(&hand, BY_ALLOCATION, large, measure).await.map(|_| ()),
        )
        .await?;
    }

    let rows = figures::within(&c, small, &[FORM], year).await?.len();
    let took = quickest(async || {
        figures::within(&c, small, &[FORM], year).await?;
        Ok(())
    })
    .await?;
    println!("  a year's figures of the small fund: {rows} in {}", ms(took));
    for (fund, name) in [(small, "small"), (large, "large")] {
        let took = quickest(async || {
            standing::tallies(&c, fund, today).await?;
            Ok(())
        })
        .await?;
        println!("  the state of the {name} fund, by form and period: {}", ms(took));
        let late = Wanted::all(Which::At(Standing::Signed));
        let page = Page { from: 0, size: 50 };
        let took = quickest(async || {
            standing::page(&c, fund, &late, today, page).await?;
            Ok(())
        })
        .await?;
        println!(
            "  the first 50 returns of the {name} fund, and how many there are: {}",
            ms(took)
        );
        let source = source(fund, year);
        let took = quickest(async || {
            figures::traced(&c, &source, page).await?;
            Ok(())
        })
        .await?;
        println!(
            "  the first 50 figures under a year's sum of the {name} fund: {}",
            ms(took)
        );
    }
    hand.close().await?;
    store.close().await;
    Ok(())
}

/// A connection of its own, with the same settings.
async fn by_hand(url: &str) -> Outcome<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let hand = Database::connect(options).await?;
    if hand.get_database_backend() == DbBackend::Sqlite {
        hand.execute_unprepared("pragma cache_size = -32000; pragma temp_store = memory")
            .await?;
    }
    Ok(hand)
}

const BY_PROJECT: &[&str] = &["f.period_start", "f.period_end", "coalesce(a.project, a.key)"];
const BY_ALLOCATION: &[&str] = &["f.grant_id", "f.allocation_id", "f.provider_id"];

/// Every column of a sum written by hand, but those that it is grouped by.
type Columns = (Option<i64>, Option<i64>, Option<i64>, Option<i64>, i64, i64, i64);

/// Of what a sum is: a period and a key of the register, or a grant, an allocation and a provider.
type Of = (
    Option<(NaiveDate, NaiveDate, Option<String>)>,
    Option<(Uuid, Option<Uuid>, Uuid)>,
);

/// Reads every column, and gives what the values and the ratios come to.
async fn of_hand(hand: &DatabaseConnection, by: &[&str], fund: FundId, measure: &str) -> Outcome<(i128, i128)> {
    let backend = hand.get_database_backend();
    let by_project = by == BY_PROJECT;
    let join = match by_project {
        true => "left join allocations a on a.id = f.allocation_id",
        false => "",
    };
    let [one, two, three] = match backend {
        DbBackend::Postgres => ["$1", "$2", "$3"],
        _ => ["?"; 3],
    };
    let of = by.join(", ");
    let sql = format!(
        "select cast(sum(f.value) as bigint), cast(sum(f.upper) as bigint), cast(sum(f.numerator) as bigint), \
         cast(sum(f.denominator) as bigint), count(*), cast(sum(case when f.approximately then 1 else 0 end) as bigint), \
         cast(sum(case when f.kind = 'not-known' then 1 else 0 end) as bigint), {of} \
         from figures f {join} where f.fund_id = {one} and f.form = {two} and f.measure = {three} and f.standing = 'signed' \
         group by {of} order by {of}"
    );
    let values = [fund.uuid().into(), FORM.into(), measure.into()];
    let rows = hand
        .query_all_raw(Statement::from_sql_and_values(backend, sql, values))
        .await?;
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        let columns: Columns = (
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
            row.try_get_by_index(3)?,
            row.try_get_by_index(4)?,
            row.try_get_by_index(5)?,
            row.try_get_by_index(6)?,
        );
        let of: Of = match by_project {
            true => {
                let of = (
                    row.try_get_by_index(7)?,
                    row.try_get_by_index(8)?,
                    row.try_get_by_index(9)?,
                );
                (Some(of), None)
            }
            false => {
                let of = (
                    row.try_get_by_index(7)?,
                    row.try_get_by_index(8)?,
                    row.try_get_by_index(9)?,
                );
                (None, Some(of))
            }
        };
        kept.push((columns, of));
    }
    let sum = |one: Option<i64>, other: Option<i64>| i128::from(one.unwrap_or(0)) + i128::from(other.unwrap_or(0));
    Ok(black_box(&kept).iter().fold((0, 0), |(a, b), (columns, _)| {
        (a + sum(columns.0, columns.2), b + sum(columns.1, columns.3))
    }))
}

/// Values, or numerators and denominators, of all sums.
fn total(sums: impl Iterator<Item = Option<FigureValue>>) -> (i128, i128) {
    sums.fold((0, 0), |(a, b), sum| match sum {
        Some(FigureValue::Money { pence }) => (a + i128::from(pence), b),
        Some(FigureValue::Ratio { of, per, .. }) => (a + i128::from(of), b + i128::from(per)),
        _ => (a, b),
    })
}

fn source(fund: FundId, within: Period) -> Source {
    Source {
        fund,
        other_funds: Vec::new(),
        form: FORM.to_owned(),
        measure: "m01".to_owned(),
        within,
        ret: None,
        grant: None,
        allocations: Vec::new(),
        provider: None,
        row: None,
    }
}

async fn fund(c: &Reader, key: &str) -> Outcome<FundId> {
    let fund = register::fund_by_key(c, key).await?;
    Ok(fund.ok_or("the database is not one that bench-data made")?.id)
}

fn day(text: &str) -> Outcome<NaiveDate> {
    Ok(text.parse()?)
}

async fn quickest(mut what: impl AsyncFnMut() -> Outcome<()>) -> Outcome<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..TIMES {
        best = best.min(once(&mut what).await?);
    }
    Ok(best)
}

/// Both in turn, so that whatever else the machine does is done beside both.
async fn compared(
    what: &str,
    mut ours: impl AsyncFnMut() -> Outcome<()>,
    mut hand: impl AsyncFnMut() -> Outcome<()>,
) -> Outcome<()> {
    let (mut one, mut other) = (Duration::MAX, Duration::MAX);
    for _ in 0..TIMES {
        one = one.min(once(&mut ours).await?);
        other = other.min(once(&mut hand).await?);
    }
    let times = ratio(one, other);
    println!("{what}: {}, by hand {}: {times} times", ms(one), ms(other));
    Ok(())
}

async fn once(what: &mut impl AsyncFnMut() -> Outcome<()>) -> Outcome<Duration> {
    let begun = Instant::now();
    what().await?;
    Ok(begun.elapsed())
}
