//! What is signed at the end of the year, against what the paper printed.
//!
//! Invariant: a figure is looked for by its return, its measure and its row, and is exact to the penny.

use std::collections::BTreeMap;

use countersign::store::{figures, register, returns};
use countersign_domain::answers::types::FigureValue;

use crate::outside::server::TestServer;

/// Pounds and pence, as pence.
const fn pounds(pence: i64) -> FigureValue {
    FigureValue::Money { pence }
}

const fn count(count: i64) -> FigureValue {
    FigureValue::Count { count }
}

/// What is signed in the end, by the end of the return's reference, the measure and the row.
pub async fn signed_figures_are_the_papers(server: &TestServer) {
    let read = server.app.deps.store.read();
    let fund = register::fund_by_key(&read, "crime-reduction-2017")
        .await
        .unwrap()
        .unwrap();
    let grant = register::grants_of_fund(&read, fund.id).await.unwrap().remove(0);
    let returns = returns::returns_of_grant(&read, grant.id).await.unwrap();
    let ends: BTreeMap<_, String> = returns
        .iter()
        .map(|ret| (ret.id, ret.reference.trim_start_matches("SSP-CDR-1718-").to_owned()))
        .collect();
    let signed: BTreeMap<(String, String, String), (FigureValue, bool)> =
        figures::signed_figures(&read, fund.id, grant.id)
            .await
            .unwrap()
            .into_iter()
            .map(|row| {
                let of = row.figure.row.or(row.figure.allocation).unwrap_or_default();
                let key = (ends[&row.return_id].clone(), row.figure.measure, of);
                (key, (row.figure.value, row.figure.approximately))
            })
            .collect();
    let wanted = [
        (
            "offender-management-R3",
            "budget.line_spent",
            "operational-pot",
            pounds(700_000),
            true,
        ),
        (
            "offender-management-R3",
            "budget.line_spent",
            "gps-tracking",
            pounds(640_000),
            false,
        ),
        (
            "offender-management-R3",
            "budget.line_spent",
            "drug-testing",
            pounds(240_000),
            false,
        ),
        (
            "offender-management-R3",
            "budget.line_committed",
            "operational-pot",
            pounds(100_000),
            false,
        ),
        (
            "offender-management-R3",
            "budget.line_committed",
            "gps-tracking",
            pounds(360_000),
            false,
        ),
        (
            "offender-management-R3",
            "budget.line_committed",
            "drug-testing",
            pounds(60_000),
            false,
        ),
        ("offender-management-R3", "spent_in_all", "", pounds(1_580_000), true),
        ("offender-management-R3", "committed_in_all", "", pounds(520_000), false),
        ("offender-management-R3", "left_in_all", "", pounds(0), true),
        ("offender-management-R3", "tags_in_use", "", count(4), false),
        ("offender-management-R3", "tags_charged", "", pounds(640_000), false),
        ("sexual-exploitation-R3", "people_trained", "", count(22), false),
        ("domestic-violence-R2", "places_reached", "", count(214), false),
        ("domestic-violence-R3", "leaflets", "", count(25_000), false),
        ("domestic-violence-R3", "posters", "", count(1_000), false),
        ("domestic-violence-R3", "booklets", "", count(1_000), false),
        ("domestic-violence-R3", "spent_in_all", "", pounds(250_000), false),
        ("R1", "award", "", pounds(4_415_260), false),
        ("R1", "first_round", "", pounds(2_913_000), false),
        ("R1", "left_after_first", "", pounds(1_502_260), false),
        ("R1", "second_round", "", pounds(1_500_000), false),
        ("R1", "unallocated", "", pounds(2_260), false),
        ("R1", "~unallocated", "", pounds(2_260), false),
        (
            "R1",
            "accounts.spent_by",
            "offender-management",
            pounds(1_580_000),
            true,
        ),
        (
            "R1",
            "accounts.committed_by",
            "offender-management",
            pounds(520_000),
            false,
        ),
        ("R1", "accounts.spent_by", "domestic-violence", pounds(250_000), false),
    ];
    for (of, measure, row, value, approximately) in wanted {
        let found = signed.get(&(of.to_owned(), measure.to_owned(), row.to_owned()));
        assert_eq!(
            found,
            Some(&(value, approximately)),
            "{of} {measure} {row} among {signed:#?}"
        );
    }
}
