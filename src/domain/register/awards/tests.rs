//! Which awards a fund allows, and shares that add up.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::calendar::Nation;

fn money(pounds: i64) -> Money {
    Money::pounds(pounds).unwrap()
}

fn fund(smallest: Option<i64>, largest: Option<i64>) -> Fund {
    Fund {
        id: Uuid::from_u128(1).into(),
        key: "b".to_owned(),
        title: "Fund B".to_owned(),
        commissioner: Uuid::from_u128(2).into(),
        nation: Nation::EnglandAndWales,
        priorities: vec![],
        total: None,
        limits: limits(smallest, largest),
    }
}

fn limits(smallest: Option<i64>, largest: Option<i64>) -> Limits {
    Limits {
        smallest: smallest.map(money),
        largest: largest.map(money),
    }
}

fn round(limits: Limits) -> Round {
    Round {
        id: Uuid::from_u128(3).into(),
        fund: Uuid::from_u128(1).into(),
        key: "1".to_owned(),
        title: "Round 1".to_owned(),
        opens_on: "2015-04-01".parse().unwrap(),
        closes_on: "2015-04-30".parse().unwrap(),
        limits,
    }
}

#[test]
fn an_award_keeps_to_its_rounds_limits_and_else_to_its_funds() {
    let strict = limits(Some(3_000), Some(15_000));
    let half = limits(None, Some(5_000));
    for (amount, of_fund, of_round, said) in [
        (3_000, strict, None, None),
        (15_000, strict, None, None),
        (
            2_500,
            strict,
            None,
            Some("£2,500 is below the £3,000 that ‘Fund B’ gives at least"),
        ),
        (
            15_001,
            strict,
            None,
            Some("£15,001 is above the £15,000 that ‘Fund B’ gives at most"),
        ),
        (
            2_500,
            limits(None, None),
            Some(strict),
            Some("£2,500 is below the £3,000 that ‘Round 1’ of ‘Fund B’ gives at least"),
        ),
        (
            9_000,
            strict,
            Some(half),
            Some("£9,000 is above the £5,000 that ‘Round 1’ of ‘Fund B’ gives at most"),
        ),
        (
            2_500,
            strict,
            Some(half),
            Some("£2,500 is below the £3,000 that ‘Fund B’ gives at least"),
        ),
        (20_000, half, Some(limits(None, Some(30_000))), None),
        (0, limits(None, None), None, None),
    ] {
        let fund = Fund {
            limits: of_fund,
            ..fund(None, None)
        };
        let round = of_round.map(round);
        let found = award_within(money(amount), &fund, round.as_ref());
        assert_eq!(
            found.err().map(|outside| outside.to_string()).as_deref(),
            said,
            "{amount}"
        );
    }
    let pence = award_within(Money::pence(299_999), &fund(Some(3_000), None), None).unwrap_err();
    assert!(
        pence.to_string().starts_with("£2,999.99 is below the £3,000 "),
        "{pence}"
    );
}

#[test]
fn limits_that_no_award_could_keep_are_known() {
    assert!(limits(Some(3), Some(3)).can_be_kept());
    assert!(limits(None, Some(0)).can_be_kept());
    assert!(!limits(Some(4), Some(3)).can_be_kept());
}

#[test]
fn pence_that_are_left_go_to_the_largest_fractions_first_of_the_list_first() {
    let pence = |total: i64, weights: &[Decimal]| {
        shares_of(Money::pence(total), weights)
            .map(|shares| shares.into_iter().map(Money::in_pence).collect::<Vec<_>>())
    };
    let whole = |weights: &[i64]| weights.iter().map(|weight| Decimal::from(*weight)).collect::<Vec<_>>();
    assert_eq!(pence(100, &whole(&[1, 1, 1])), Ok(vec![34, 33, 33]));
    assert_eq!(pence(101, &whole(&[1, 1, 1])), Ok(vec![34, 34, 33]));
    assert_eq!(pence(100, &whole(&[0, 1, 2])), Ok(vec![0, 33, 67]));
    assert_eq!(pence(0, &whole(&[5, 1])), Ok(vec![0, 0]));
    assert_eq!(pence(7, &[Decimal::new(5, 1), Decimal::new(125, 2)]), Ok(vec![2, 5]));
    assert_eq!(pence(100, &whole(&[0, 0])), Err(SharesRefused::NoWeight));
    assert_eq!(pence(100, &[]), Err(SharesRefused::NoWeight));
    assert_eq!(pence(100, &whole(&[1, -1])), Err(SharesRefused::Negative));
    assert_eq!(pence(-1, &whole(&[1])), Err(SharesRefused::Negative));
    assert_eq!(pence(i64::MAX, &[Decimal::MAX]), Err(SharesRefused::TooLarge));
    assert_eq!(
        pence(1, &[Decimal::MAX, Decimal::new(1, 28)]),
        Err(SharesRefused::TooLarge)
    );
}

proptest! {
    #[test]
    fn shares_add_up_to_the_penny_and_the_heavier_never_has_less(
        total in 0_i64..=100_000_000_000_000,
        weights in prop::collection::vec((0_i64..=1_000_000_000_000, 0_u32..=6), 1..40),
    ) {
        let weights: Vec<Decimal> = weights.into_iter().map(|(weight, places)| Decimal::new(weight, places)).collect();
        let shares = shares_of(Money::pence(total), &weights);
        if weights.iter().all(Decimal::is_zero) {
            prop_assert_eq!(shares, Err(SharesRefused::NoWeight));
            return Ok(());
        }
        let shares = shares.unwrap();
        prop_assert_eq!(shares.len(), weights.len());
        prop_assert_eq!(Money::checked_sum(shares.iter().copied()), Some(Money::pence(total)));
        for (share, weight) in shares.iter().zip(&weights) {
            for (other, beside) in shares.iter().zip(&weights) {
                prop_assert!(weight <= beside || share >= other, "{weight} has {share}, {beside} has {other}");
            }
            // Nobody is a whole penny away from what is exactly theirs.
            let (weight, sum) = (weight.to_string(), weights.iter().sum::<Decimal>());
            let exact = weight.parse::<Decimal>().unwrap() / sum * Decimal::from(total);
            let away = (Decimal::from(share.in_pence()) - exact).abs();
            prop_assert!(away < Decimal::new(1_000_001, 6), "{share} is {away} pence away from {exact}");
        }
    }
}

#[test]
fn the_1_042_000_of_2015_16_adds_up_whatever_the_weights() {
    let total = money(1_042_000);
    let weights: Vec<Decimal> = [13, 97, 101, 89, 113, 131, 83, 107, 112].map(Decimal::from).to_vec();
    let shares = shares_of(total, &weights).unwrap();
    assert_eq!(Money::checked_sum(shares), Some(total));
}
