//! The sums of a grant, as papers have them.

use uuid::Uuid;

use super::*;

fn money(pounds: i64) -> Money {
    Money::pounds(pounds).unwrap()
}

fn allocation(approved: i64, proposed: Option<i64>) -> Allocation {
    Allocation {
        id: Uuid::from_u128(1).into(),
        grant: Uuid::from_u128(1).into(),
        key: "a".to_owned(),
        title: "A".to_owned(),
        project: None,
        project_title: None,
        provider: Uuid::from_u128(1).into(),
        provider_name: "A provider".to_owned(),
        proposed: proposed.map(money),
        approved: money(approved),
        uncovered: Money::ZERO,
        contract_total: None,
        contract_ends_on: None,
        other_funding: None,
        priorities: vec![],
        position: 1,
    }
}

fn grant(amount: Money, carried_forward: Money, held_back: Money) -> Grant {
    Grant {
        id: Uuid::from_u128(1).into(),
        fund: Uuid::from_u128(1).into(),
        round: None,
        organisation: Uuid::from_u128(1).into(),
        reference: "G".to_owned(),
        title: "G".to_owned(),
        amount,
        carried_forward,
        starts_on: "2020-04-01".parse().unwrap(),
        ends_on: "2021-03-31".parse().unwrap(),
        conditions: None,
        held_back,
        held_back_for: None,
    }
}

fn line(amount: Option<i64>) -> BudgetLine {
    BudgetLine {
        id: Uuid::from_u128(1).into(),
        allocation: Uuid::from_u128(1).into(),
        key: "l".to_owned(),
        title: "L".to_owned(),
        amount: amount.map(money),
        position: 1,
    }
}

#[test]
fn what_no_line_has_is_left_unassigned() {
    let of = |allocation: &Allocation, amounts: &[Option<i64>]| {
        let lines: Vec<BudgetLine> = amounts.iter().map(|amount| line(*amount)).collect();
        unassigned(allocation, &lines)
    };
    let approved = allocation(25_000, None);
    assert_eq!(
        of(&approved, &[Some(5_000), Some(4_000), Some(8_000), None]),
        Some(money(8_000))
    );
    assert_eq!(of(&approved, &[]), Some(money(25_000)));
    assert_eq!(
        of(&allocation(21_000, None), &[Some(8_000), Some(10_000), Some(3_000)]),
        Some(money(0))
    );
    assert_eq!(of(&approved, &[Some(25_001)]), Some(money(-1)));
    assert_eq!(of(&allocation(0, Some(9_000)), &[Some(4_000)]), Some(money(5_000)));
    assert_eq!(of(&allocation(7_000, Some(9_000)), &[Some(4_000)]), Some(money(3_000)));
    let huge = [
        line(None),
        BudgetLine {
            amount: Some(Money::pence(i64::MAX)),
            ..line(None)
        },
        line(Some(1)),
    ];
    assert_eq!(unassigned(&approved, &huge), None);
}

#[test]
fn a_grant_is_allocated_held_back_and_unallocated_and_nothing_else() {
    let rows = [210_000, 25_000, 93_575, 25_000, 10_000, 13_993].map(|amount| allocation(amount, None));
    let found = reconcile(&grant(money(400_568), money(0), money(23_000)), &rows).unwrap();
    assert_eq!((found.allocated, found.unallocated), (money(377_568), money(0)));
    let awards = [5_630, 21_000, 2_500, 5_000, 10_000].map(|amount| allocation(amount, None));
    let found = reconcile(&grant(Money::pence(4_415_260), money(0), money(0)), &awards).unwrap();
    assert_eq!(found.unallocated, Money::pence(2_260));
    let carried = reconcile(
        &grant(money(400_568), money(27_678), money(0)),
        &[allocation(428_686, None)],
    )
    .unwrap();
    assert_eq!((carried.available, carried.unallocated), (money(428_246), money(-440)));
}

#[test]
fn what_is_proposed_counts_for_nothing_until_it_is_approved() {
    let mut rows = vec![allocation(0, Some(5_000)), allocation(2_000, Some(3_000))];
    rows[1].uncovered = money(100);
    let found = reconcile(&grant(money(10_000), money(0), money(0)), &rows).unwrap();
    assert_eq!((found.allocated, found.proposed), (money(2_100), money(5_000)));
    assert_eq!(found.unallocated, money(7_900));
    assert_eq!(
        reconcile(&grant(Money::pence(i64::MAX), money(1), money(0)), &rows),
        None
    );
}

#[test]
fn an_allocation_pays_for_its_own_project_unless_it_says_otherwise() {
    let mut one = allocation(1, None);
    assert_eq!((one.project_key(), one.project_words()), ("a", "A"));
    one.project = Some("p".to_owned());
    one.project_title = Some("P".to_owned());
    assert_eq!((one.project_key(), one.project_words()), ("p", "P"));
}
