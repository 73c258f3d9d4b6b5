//! Adding up by hand-worked examples, and in any order.

use proptest::prelude::*;

use super::{Rules, Signed, add_up, contributing, sum};
use crate::answers::types::FigureValue;
use crate::form::schema::AddUp;
use crate::period::Period;

fn quarter(number: u32) -> Period {
    let day = |month, day| chrono::NaiveDate::from_ymd_opt(2017, month, day).unwrap();
    let (start, end) = [
        (day(4, 1), day(6, 30)),
        (day(7, 1), day(9, 30)),
        (day(10, 1), day(12, 31)),
    ][number as usize % 3];
    Period::new(start, end).unwrap()
}

fn signed(provider: &'static str, period: u32, value: FigureValue) -> Signed<'static> {
    Signed {
        provider,
        subject: (None, None),
        period: quarter(period),
        value,
        approximately: false,
    }
}

fn count(count: i64) -> FigureValue {
    FigureValue::Count { count }
}

fn ratio(of: i64, per: i64) -> FigureValue {
    FigureValue::Ratio { of, per, places: 1 }
}

fn rules(over_time: AddUp, over_providers: AddUp) -> Rules {
    Rules {
        over_time: Some(over_time),
        over_providers: Some(over_providers),
    }
}

#[test]
fn three_quarters_of_users_come_to_53_997() {
    let quarters = [30_172, 18_988, 4_837];
    let figures: Vec<Signed<'_>> = (0..)
        .zip(quarters)
        .map(|(at, users)| signed("Harbour", at, count(users)))
        .collect();
    let together = add_up(&figures, rules(AddUp::Sum, AddUp::Sum));
    assert_eq!((together.value, together.given), (Some(count(53_997)), 3));
}

#[test]
fn over_time_comes_before_over_providers() {
    let figures = [
        signed("Harbour", 0, count(40)),
        signed("Harbour", 1, count(35)),
        signed("Quay", 0, count(10)),
        signed("Quay", 1, count(12)),
    ];
    let value = |over_time, over_providers| add_up(&figures, rules(over_time, over_providers)).value;
    assert_eq!(
        value(AddUp::Last, AddUp::Sum),
        Some(count(47)),
        "the caseload at the end"
    );
    assert_eq!(value(AddUp::Sum, AddUp::Max), Some(count(75)), "the busiest provider");
    assert_eq!(value(AddUp::Max, AddUp::Sum), Some(count(52)), "each at its fullest");
    assert_eq!(
        value(AddUp::Last, AddUp::Last),
        None,
        "two providers have the same last quarter"
    );
    assert_eq!(value(AddUp::Sum, AddUp::List), None);
    let unsaid = Rules {
        over_time: Some(AddUp::Sum),
        over_providers: None,
    };
    assert_eq!(add_up(&figures, unsaid).value, None);
    assert_eq!(
        add_up(&figures[..2], unsaid).value,
        Some(count(75)),
        "one provider needs no adding across"
    );
}

#[test]
fn a_ratio_is_added_part_by_part() {
    // 29 of 351 and 3 of 7: 32 of 358, 8.9%; the mean of the percentages would be 25.6%.
    let figures = [signed("Harbour", 0, ratio(29, 351)), signed("Quay", 0, ratio(3, 7))];
    let value = |rule| add_up(&figures, rules(AddUp::Sum, rule)).value;
    assert_eq!(value(AddUp::Sum), Some(ratio(32, 358)));
    assert_eq!(value(AddUp::Max), Some(ratio(3, 7)));
}

#[test]
fn a_range_is_added_end_by_end() {
    let range = |low, high| FigureValue::Range { low, high };
    let figures = [signed("Harbour", 0, range(55, 60)), signed("Quay", 0, range(40, 70))];
    let value = |rule| add_up(&figures, rules(AddUp::Sum, rule)).value;
    assert_eq!(value(AddUp::Sum), Some(range(95, 130)));
    assert_eq!(value(AddUp::Max), Some(range(55, 70)));
}

#[test]
fn numbers_of_several_places_keep_them_all_and_kinds_do_not_mix() {
    let number = |scaled, places, percent| FigureValue::Number {
        scaled,
        places,
        percent,
    };
    assert_eq!(
        sum(&[number(25, 1, false), number(440, 2, false)]),
        Some(number(690, 2, false))
    );
    assert_eq!(sum(&[number(25, 1, false), number(25, 1, true)]), None);
    assert_eq!(sum(&[count(1), FigureValue::Money { pence: 1 }]), None);
    assert_eq!(sum(&[count(i64::MAX), count(1)]), None, "more than can be counted");
}

#[test]
fn what_was_not_said_is_counted_apart_and_is_never_nought() {
    let figures = [
        signed("Harbour", 0, count(4)),
        signed("Harbour", 1, FigureValue::NotKnown),
        signed("Quay", 0, FigureValue::NotApplicable),
        signed("Moor", 0, FigureValue::Blank),
    ];
    let together = add_up(&figures, rules(AddUp::Sum, AddUp::Sum));
    let counts = (
        together.given,
        together.not_known,
        together.not_applicable,
        together.blank,
    );
    assert_eq!((together.value, counts), (Some(count(4)), (1, 1, 1, 1)));
    let last = add_up(&figures, rules(AddUp::Last, AddUp::Sum));
    assert_eq!(last.value, Some(FigureValue::NotKnown), "the latest is not known");
    assert_eq!(sum(&[FigureValue::NotApplicable]), Some(FigureValue::NotApplicable));
    assert_eq!(
        sum(&[FigureValue::NotApplicable, FigureValue::Blank]),
        Some(FigureValue::Blank)
    );
    assert_eq!(add_up(&[], rules(AddUp::Sum, AddUp::Sum)).value, None);
}

#[test]
fn under_a_number_stand_the_figures_that_are_in_it() {
    let figures = [
        signed("Harbour", 0, count(40)),
        signed("Harbour", 1, count(35)),
        signed("Quay", 0, count(10)),
        signed("Quay", 1, count(12)),
    ];
    let under = |over_time, over_providers| {
        let mut at = contributing(&figures, rules(over_time, over_providers));
        at.sort_unstable();
        at
    };
    assert_eq!(under(AddUp::Sum, AddUp::Sum), [0, 1, 2, 3]);
    assert_eq!(under(AddUp::Last, AddUp::Sum), [1, 3], "the last quarter of each");
    assert_eq!(under(AddUp::Max, AddUp::Sum), [0, 3], "each at its fullest");
    assert_eq!(under(AddUp::Sum, AddUp::Max), [0, 1], "the busiest provider");
}

#[test]
fn one_figure_that_is_approximate_makes_the_whole_so() {
    let mut figures = [signed("Harbour", 0, count(4)), signed("Quay", 0, count(5))];
    figures[1].approximately = true;
    assert!(add_up(&figures, rules(AddUp::Sum, AddUp::Sum)).approximately);
}

fn any_value() -> impl Strategy<Value = FigureValue> {
    prop_oneof![
        (-1_000_000_i64..1_000_000).prop_map(count),
        Just(FigureValue::NotKnown),
        Just(FigureValue::NotApplicable),
        Just(FigureValue::Blank),
    ]
}

fn any_rule() -> impl Strategy<Value = Option<AddUp>> {
    prop_oneof![
        Just(Some(AddUp::Sum)),
        Just(Some(AddUp::Last)),
        Just(Some(AddUp::Max)),
        Just(Some(AddUp::List)),
        Just(None)
    ]
}

proptest! {
    #[test]
    fn the_order_of_the_figures_makes_no_difference(
        figures in prop::collection::vec((0_usize..3, 0_u32..3, any_value()), 0..12),
        moved in any::<prop::sample::Index>(),
        over_time in any_rule(),
        over_providers in any_rule(),
    ) {
        let providers = ["Harbour", "Quay", "Moor"];
        let figures: Vec<Signed<'_>> = figures
            .into_iter()
            .map(|(provider, period, value)| signed(providers[provider], period, value))
            .collect();
        let mut turned: Vec<Signed<'_>> = figures.iter().rev().cloned().collect();
        if !turned.is_empty() {
            let by = moved.index(turned.len());
            turned.rotate_left(by);
        }
        let rules = Rules { over_time, over_providers };
        prop_assert_eq!(add_up(&figures, rules), add_up(&turned, rules));
    }

    #[test]
    fn what_is_not_in_a_sum_changes_nothing_of_it(
        figures in prop::collection::vec((0_usize..3, 0_u32..3, any_value()), 1..12),
        over_time in any_rule(),
        over_providers in any_rule(),
    ) {
        let providers = ["Harbour", "Quay", "Moor"];
        let figures: Vec<Signed<'_>> = figures
            .into_iter()
            .map(|(provider, period, value)| signed(providers[provider], period, value))
            .collect();
        let rules = Rules { over_time, over_providers };
        let kept: Vec<Signed<'_>> = contributing(&figures, rules).into_iter().map(|at| figures[at].clone()).collect();
        let whole = add_up(&figures, rules).value;
        if whole.is_some() {
            prop_assert_eq!(add_up(&kept, rules).value, whole);
        }
    }

    #[test]
    fn ratios_of_any_order_have_one_largest(parts in prop::collection::vec((0_i64..50, 1_i64..50), 1..8)) {
        let figures: Vec<Signed<'_>> = parts.iter().map(|(of, per)| signed("Harbour", 0, ratio(*of, *per))).collect();
        let turned: Vec<Signed<'_>> = figures.iter().rev().cloned().collect();
        let rules = rules(AddUp::Max, AddUp::Sum);
        prop_assert_eq!(add_up(&figures, rules), add_up(&turned, rules));
    }
}
