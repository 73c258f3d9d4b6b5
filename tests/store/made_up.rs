//! The returns that are made up to measure with: as many as were asked for, of the figures that their numbers give.

use std::sync::Mutex;

use countersign::bench_data::{self, BenchDataError, FORM, LARGE, SMALL};
use countersign::store::{figures, register, returns};
use countersign_domain::answers::types::FigureValue;
use countersign_domain::period::Period;

use crate::fixture::day;
use crate::support::postgres::TestDatabase;

const RETURNS: u64 = 2_700;

/// What the large fund's returns come to in their first measure: pence, and how many are not known.
fn by_the_numbers() -> (i64, usize) {
    let drawn = (321..=RETURNS).map(|number| (number * 7_919 + 104_729) % 99_991);
    let (unknown, known): (Vec<u64>, Vec<u64>) = drawn.partition(|drawn| drawn % 97 == 0);
    (i64::try_from(known.iter().sum::<u64>() * 10).unwrap(), unknown.len())
}

async fn run(empty: TestDatabase) {
    let (store, told) = (&empty.store, Mutex::new(Vec::new()));
    bench_data::make(store, RETURNS, |there| told.lock().unwrap().push(there))
        .await
        .unwrap();
    assert_eq!(told.into_inner().unwrap(), [320, 2_320, 2_700]);
    let c = store.read();
    let fund = async |key| register::fund_by_key(&c, key).await.unwrap().unwrap().id;
    let (small, large) = (fund(SMALL).await, fund(LARGE).await);
    let owed = returns::returns_of_fund(&c, small).await.unwrap();
    assert_eq!(owed.len(), 320);
    assert!(
        owed.iter()
            .all(|ret| ret.signed_revision == Some(1) && ret.first_submitted_at.is_some())
    );
    let year = Period::new(day("2017-04-01"), day("2018-03-31")).unwrap();
    let rows = figures::within(&c, small, &[FORM], year).await.unwrap();
    assert_eq!(rows.len(), 8 * 4 * 25);
    let always = Period::new(day("2000-01-01"), day("2099-12-31")).unwrap();
    let sums = figures::project_sums(&c, large, FORM, &["m01"], always).await.unwrap();
    let (mut pence, mut not_known, mut all) = (0, 0, 0);
    for sum in &sums {
        all += sum.sum.given + sum.sum.not_known;
        not_known += sum.sum.not_known;
        match sum.sum.value {
            Some(FigureValue::Money { pence: some }) => pence += some,
            other => assert_eq!(other, Some(FigureValue::NotKnown)),
        }
    }
    assert_eq!((all, (pence, not_known)), (2_380, by_the_numbers()));
    let again = bench_data::make(store, 1, |_| ()).await;
    assert!(matches!(again, Err(BenchDataError::NotEmpty)), "{again:?}");
    empty.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    run(TestDatabase::empty_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    run(TestDatabase::empty_postgres().await).await;
}
