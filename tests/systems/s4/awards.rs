//! What a fund refuses: awards outside its limits, more than it has, and a needs matrix by which nothing can be shared.

use countersign::service::register::import::ImportError;
use countersign::service::register::{LoadError, load, read};

use super::{MAUREEN, REGISTER, SMALL_AWARDS, at, imported};
use crate::outside::postgres::TestDatabase;
use crate::outside::server::TestServer;

const GRANTS: &str = "reference,fund,round,title,organisation,amount,starts_on,ends_on\n";

/// Everything that is said of these grants.
async fn said_of(server: &TestServer, rows: &str) -> Vec<String> {
    let text = format!("{GRANTS}{rows}");
    match imported(server, &[("grants.csv", &text)]).await {
        Err(ImportError::Problems(problems)) => problems.iter().map(ToString::to_string).collect(),
        other => panic!("{rows} is taken: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_award_outside_its_limits_is_refused_with_the_limit() {
    let server = at(TestDatabase::sqlite().await, "2018-05-01 09:00").await;
    let said = said_of(
        &server,
        "X-1,proceeds-2017,april,Too little,kingsbridge,2999.99,2017-05-01,2018-03-31\n\
         X-2,proceeds-2017,september,Too much,kingsbridge,15000.01,2017-10-01,2018-03-31\n\
         X-3,groups-2017,april,Far too little,kingsbridge,99.99,2017-05-01,2018-04-30\n\
         X-4,groups-2017,september,Too much again,kingsbridge,\"3,000.01\",2017-10-01,2018-04-30\n\
         X-5,locality-2017,,A penny more than there is,kingsbridge,0.01,2017-04-01,2018-03-31\n",
    )
    .await;
    let limits = [
        (
            "grants.csv:2:F",
            "£2,999.99 is below the £3,000 that ‘Proceeds of crime fund 2017-18’ gives at least",
        ),
        (
            "grants.csv:3:F",
            "£15,000.01 is above the £15,000 that ‘Proceeds of crime fund 2017-18’ gives at most",
        ),
        (
            "grants.csv:4:F",
            "£99.99 is below the £100 that ‘Community groups fund 2017-18’ gives at least",
        ),
        (
            "grants.csv:5:F",
            "£3,000.01 is above the £3,000 that ‘Community groups fund 2017-18’ gives at most",
        ),
        (
            "grants.csv:6:F",
            "The awards of the fund “locality-2017” come to £1,042,000.01, £0.01 more than its total of £1,042,000.00.",
        ),
    ];
    assert_eq!(said.len(), limits.len(), "{said:#?}");
    for ((place, limit), problem) in limits.iter().zip(&said) {
        assert!(
            problem.starts_with(place) && problem.contains(limit),
            "{limit}: {problem}"
        );
    }
    let small = SMALL_AWARDS.map(|(name, text)| {
        (
            name,
            text.replace("CG-17-1-15,groups-2017,april,", "CG-17-1-15,proceeds-2017,april,"),
        )
    });
    let small: Vec<(&str, &str)> = small.iter().map(|(name, text)| (*name, text.as_str())).collect();
    assert!(
        imported(&server, &small).await.is_err(),
        "one award of the wrong fund, and none is taken"
    );
    imported(&server, &SMALL_AWARDS)
        .await
        .expect("the limits themselves are allowed");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_needs_matrix_of_noughts_shares_nothing() {
    let server = at(TestDatabase::sqlite().await, "2018-05-01 09:00").await;
    let noughts = ["upper-marl", "kingsbridge", "stourwick", "heathfold", "marl-city"]
        .map(|area| format!("locality-2017,{area},0\n"))
        .concat();
    let text = format!("fund,organisation,weight\n{noughts}");
    match imported(&server, &[("shares.csv", &text)]).await {
        Err(ImportError::Problems(problems)) => {
            let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
            assert!(
                said.iter().any(|problem| problem.starts_with("shares.csv:")
                    && problem.contains("Every weight of the fund “locality-2017” is 0, so nobody has a share.")),
                "{said:#?}"
            );
        }
        other => panic!("it is taken: {other:?}"),
    }
    let mut register = read(REGISTER).expect("it is read");
    register.share.iter_mut().for_each(|row| row.weight = "0".to_owned());
    match load(&server.app.deps, &register, server.now()).await {
        Err(LoadError::Problems(problems)) => {
            assert!(problems.iter().any(|problem| problem.table == "share"), "{problems:#?}");
        }
        other => panic!("it is loaded: {other:?}"),
    }
    let mut officer = server.at_the_office(MAUREEN).await;
    officer.follow("Marl City: safer places 2017-18").await;
    officer.must_see(&["£111,950.41"]);
    server.finish().await;
}
