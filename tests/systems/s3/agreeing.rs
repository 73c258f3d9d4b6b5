//! The five stages of the plan, and what becomes of it.
//!
//! Invariant: each acts in their own stage and in no other, and nothing is allocated before the last has signed.

use countersign::store::{register, returns};
use countersign_domain::money::Money;
use countersign_domain::register::Allocation;
use countersign_domain::returns::Return;
use countersign_domain::workflow::State;

use super::paper::{HELD_BACK, NOT_ENOUGH, ROWS, Row, WHY};
use super::{BEATRIX, GRANT, MARIAN, PLAN, STAGES, at_the_office, read, sign, sign_with, signed};
use crate::outside::browser::TestBrowser;
use crate::outside::server::TestServer;

/// The five stages in their order but the last: in each, the others are offered neither to accept nor to sign. Answers
/// the treasurer, whose turn it is.
pub async fn nobody_acts_before_their_turn(server: &TestServer) -> TestBrowser {
    let mut officers = Vec::new();
    for who in STAGES {
        officers.push(at_the_office(server, who).await);
    }
    for (stage, turn) in STAGES.into_iter().enumerate() {
        for (of, officer) in officers.iter_mut().enumerate() {
            read(officer, PLAN).await;
            officer.must_see(&[NOT_ENOUGH, WHY, HELD_BACK]);
            let (accepts, signs) = (
                officer.has_button("Accept revision"),
                officer.link("Read and sign").is_some(),
            );
            let reviews = matches!(stage, 0 | 2);
            let (name, its_turn) = (STAGES[of].name, of == stage);
            assert_eq!(
                (accepts, signs),
                (its_turn && reviews, its_turn && !reviews),
                "{name} in stage {stage}"
            );
        }
        assert_eq!(allocations(server).await, [], "nothing before stage {stage} is done");
        let officer = &mut officers[stage];
        match stage {
            0 | 2 => {
                officer.press("Accept revision 1").await;
                assert_eq!(officer.status, 200, "{}", officer.says());
            }
            1 => the_board_decides(server, officer).await,
            3 => sign(server, officer, turn, "I agree that the grant is used").await,
            _ => {}
        }
    }
    let mut treasurer = officers.remove(4);
    read(&mut treasurer, GRANT).await;
    treasurer.must_see(&["£400,568.00"]);
    treasurer.must_not_see(&["£210,000.00"]);
    treasurer
}

async fn the_board_decides(server: &TestServer, chair: &mut TestBrowser) {
    chair.follow("Read and sign").await;
    let statement = "The board has agreed this plan";
    let code = server.authenticator(MARIAN).await;
    sign_with(chair, MARIAN, &code, statement).await;
    assert_eq!(chair.status, 422, "nothing is signed while a concern waits");
    assert_eq!(chair.errors().len(), 3, "{:?}", chair.errors());
    let code = server.authenticator(MARIAN).await;
    chair
        .choose("Row 1: Decision", "Noted")
        .choose("Row 2: Decision", "Agreed")
        .choose("Row 3: Decision", "Not agreed")
        .fill(
            "Row 3: Words about it",
            "It was paid for once, and others should pay now.",
        );
    sign_with(chair, MARIAN, &code, statement).await;
    chair.follow("See the return").await;
    chair.must_see(&["Not agreed: Row 3", "others should pay now"]);
}

async fn the_plan(server: &TestServer) -> Return {
    let all = returns::returns_of_form(&server.app.deps.store.read(), "partnership-spending-plan").await;
    let mut all = all.unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

async fn allocations(server: &TestServer) -> Vec<Allocation> {
    let grant = the_plan(server).await.grant;
    register::allocations_of(&server.app.deps.store.read(), grant)
        .await
        .unwrap()
}

pub async fn what_was_agreed_is_allocated(server: &TestServer, treasurer: &mut TestBrowser) {
    read(treasurer, PLAN).await;
    sign(server, treasurer, BEATRIX, "I agree that the amounts").await;
    treasurer.must_see(&["The return is signed off."]);
    treasurer.visit("/office").await;
    treasurer.follow(GRANT).await;
    let shown = treasurer.table("Allocations");
    let line = |row: &Row| -> Vec<String> {
        let provider = if row.deliverer.is_empty() {
            "Safer Plymouth"
        } else {
            row.deliverer
        };
        let amount = format!("£{}.00", row.amount);
        vec![row.name.to_owned(), provider.to_owned(), amount]
    };
    let shown: Vec<Vec<String>> = shown.iter().take(6).map(|row| row[..3].to_vec()).collect();
    assert_eq!(shown, ROWS.iter().map(line).collect::<Vec<_>>());
    treasurer.must_see(&[&format!("Held back £23,000.00 for: {HELD_BACK}")]);

    let all = allocations(server).await;
    assert_eq!(all[0].contract_ends_on, "2018-11-30".parse().ok());
    assert_eq!(all[1].other_funding, Money::pounds(44_450).unwrap().into());
    assert_eq!(all[4].priorities, ["connecting", "preventing", "protecting"]);
    let grant = the_plan(server).await.grant;
    let lines = register::lines_of_grant(&server.app.deps.store.read(), grant)
        .await
        .unwrap();
    let lines: Vec<Option<i64>> = lines.iter().map(|line| line.amount.map(Money::in_pence)).collect();
    assert_eq!(lines, [None, Some(500_000), Some(400_000), Some(800_000)]);
}

pub async fn what_is_signed_is_the_papers(server: &TestServer) {
    let plan = the_plan(server).await;
    assert_eq!((&plan.state, plan.signed_revision), (&State::SignedOff, Some(1)));
    for (measure, expected) in [
        ("award", &["all 40056800p"] as &[&str]),
        ("change", &["all 0p"]),
        ("planned", &["all 37756800p"]),
        ("left", &["all 2300000p"]),
        ("~unallocated", &["all 2300000p"]),
        (
            "proposed",
            &[
                "1 21000000p",
                "2 2500000p",
                "3 9357500p",
                "4 2500000p",
                "5 1000000p",
                "6 1399300p",
            ],
        ),
        (
            "parts.amount",
            &["4/0 NotKnown", "4/1 500000p", "4/2 400000p", "4/3 800000p"],
        ),
        ("~unassigned", &["4 800000p"]),
        ("concerns.budget", &["0 2300000p", "1 1000000p", "2 1000000p"]),
    ] {
        assert_eq!(signed(server, &plan, measure).await, expected, "{measure}");
    }
    for (measure, expected) in [
        ("measures.share", &["1/0 100", "1/1 75", "1/2 20", "1/3 90"] as &[&str]),
        ("contract_total", &["1 57330000p", "2 7500000p"]),
        ("other_funding", &["2 4445000p"]),
    ] {
        let all = signed(server, &plan, measure).await;
        let given: Vec<&str> = all
            .iter()
            .map(String::as_str)
            .filter(|of| !of.ends_with("Blank"))
            .collect();
        assert_eq!(given, expected, "{measure}");
    }
}
