//! What must not be worked out, on tables small enough for a person to follow.

use proptest::prelude::*;

use super::protect::Protection;
use super::*;

/// The sum of these counts, as a document tells it.
fn told(atoms: &[usize]) -> Told {
    Told {
        atoms: atoms.to_vec(),
        less: vec![],
        shown: true,
    }
}

/// So many counts, each told, and the sums of these.
fn fates(policy: Policy, counts: &[i64], sums: &[&[usize]]) -> String {
    let mut all: Vec<Told> = (0..counts.len()).map(|at| told(&[at])).collect();
    all.extend(sums.iter().map(|sum| told(sum)));
    let decided = decide(policy, counts, &all, &[]);
    assert_eq!(decided.exposed, 0);
    written(&decided.fates)
}

/// `s` for shown, `-` for held back, the number for rounded.
fn written(fates: &[Fate]) -> String {
    let each = fates.iter().map(|fate| match fate {
        Fate::Shown => "s".to_owned(),
        Fate::Hidden => "-".to_owned(),
        Fate::Rounded(to) => to.to_string(),
    });
    each.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_column_with_its_total_needs_a_second_one() {
    assert_eq!(fates(Policy::LessThanFive, &[2, 30, 12], &[&[0, 1, 2]]), "- s - s");
    assert_eq!(fates(Policy::LessThanFive, &[0, 30, 12], &[&[0, 1, 2]]), "s s s s");
}

#[test]
fn a_table_with_margins_needs_a_square() {
    // Rows of 3 with their totals, and the totals of the columns: the small one takes one along its row, one down its
    // column, and the one where these two meet.
    let rows: [&[usize]; 7] = [
        &[0, 1, 2],
        &[3, 4, 5],
        &[6, 7, 8],
        &[0, 3, 6],
        &[1, 4, 7],
        &[2, 5, 8],
        &[0, 1, 2, 3, 4, 5, 6, 7, 8],
    ];
    let counts = [3, 20, 31, 12, 9, 44, 51, 60, 70];
    assert_eq!(
        fates(Policy::LessThanFive, &counts, &rows),
        "- - s - - s s s s s s s s s s s"
    );
}

#[test]
fn two_small_ones_that_make_another_small_one_need_a_third() {
    // 1 and 1 in a column of 30: that they are 2 together must not be told either.
    assert_eq!(
        fates(Policy::LessThanFive, &[1, 1, 28, 40], &[&[0, 1, 2, 3]]),
        "- - - s s"
    );
    // 2 and 3 could be anything from 1 to 4, so that a third is needed; 4 and 9 could be 1 to 12.
    assert_eq!(fates(Policy::LessThanFive, &[2, 3, 25], &[&[0, 1, 2]]), "- - - s");
    assert_eq!(fates(Policy::LessThanFive, &[4, 9, 25], &[&[0, 1, 2]]), "- - s s");
}

#[test]
fn a_year_to_date_gives_no_month_away() {
    // Four months and the year to date after each; the second month is small.
    let counts = [12, 3, 15, 18];
    let fates = fates(Policy::LessThanFive, &counts, &[&[0, 1], &[0, 1, 2], &[0, 1, 2, 3]]);
    assert_eq!(fates, "- - s s s s s");
}

#[test]
fn what_a_total_tells_beyond_its_rows_is_protected_though_nobody_tells_it() {
    // 12 in all, 10 of them in the one row that is told: the other 2 would be known.
    let both = [told(&[0]), told(&[0, 1])];
    let decided = decide(Policy::LessThanFive, &[10, 2], &both, &[]);
    assert_eq!(written(&decided.fates), "- s");
    assert_eq!(
        written(&decide(Policy::LessThanFive, &[10, 7], &both, &[]).fates),
        "s s"
    );
}

#[test]
fn those_of_a_ratio_who_are_not_in_its_numerator_are_protected() {
    // 10 of 12 achieved it, so 2 did not; the two counts come from different questions.
    let rest = Told {
        atoms: vec![1],
        less: vec![0],
        shown: false,
    };
    let ratio = [told(&[0]), told(&[1]), rest];
    let decide = |counts: &[i64]| written(&decide(Policy::LessThanFive, counts, &ratio, &[]).fates);
    assert_eq!(decide(&[10, 12]), "- s -");
    assert_eq!(decide(&[10, 10]), "s s -");
    assert_eq!(decide(&[10, 15]), "s s -");
    // 2 of 7 clients.
    assert_eq!(decide(&[2, 7]), "- s -");
}

#[test]
fn a_hierarchy_is_protected_on_every_level() {
    // Two areas of two projects each, with both areas and the whole: the small project needs its neighbour, and no more.
    let sums: [&[usize]; 3] = [&[0, 1], &[2, 3], &[0, 1, 2, 3]];
    assert_eq!(fates(Policy::LessThanFive, &[4, 16, 8, 30], &sums), "- - s s s s s");
    // With nobody beside it, its area is as small as it is, so that the other area is held back, and with it a project.
    assert_eq!(fates(Policy::LessThanFive, &[4, 0, 8, 30], &sums), "- s - s - - s");
}

#[test]
fn an_earlier_edition_is_remembered() {
    // The earlier one told the total of two projects and held the small one back, and with it the other one.
    let earlier = [
        Earlier {
            atoms: vec![0, 1],
            less: vec![],
            low: 19,
            high: 19,
        },
        Earlier {
            atoms: vec![0],
            less: vec![],
            low: 1,
            high: i64::MAX,
        },
        Earlier {
            atoms: vec![1],
            less: vec![],
            low: 1,
            high: i64::MAX,
        },
    ];
    // Telling the other one now would give the small one away, though this document does not hold it.
    let decided = decide(Policy::LessThanFive, &[3, 16], &[told(&[1])], &earlier);
    assert_eq!((written(&decided.fates).as_str(), decided.exposed), ("-", 0));
    // The same total again is no news.
    let decided = decide(Policy::LessThanFive, &[3, 16], &[told(&[0, 1])], &earlier);
    assert_eq!((written(&decided.fates).as_str(), decided.exposed), ("s", 0));
}

#[test]
fn what_earlier_editions_give_away_alone_is_said_and_not_repeated() {
    let earlier = [
        Earlier {
            atoms: vec![0, 1],
            less: vec![],
            low: 19,
            high: 19,
        },
        Earlier {
            atoms: vec![1],
            less: vec![],
            low: 16,
            high: 16,
        },
    ];
    let all = [told(&[0]), told(&[1]), told(&[0, 1])];
    let decided = decide(Policy::LessThanFive, &[3, 16], &all, &earlier);
    assert_eq!((written(&decided.fates).as_str(), decided.exposed), ("- s s", 1));
}

#[test]
fn rounding_holds_back_1_to_7_and_tells_the_rest_to_the_nearest_5() {
    let counts = [0, 1, 7, 8, 12, 13, 17, 18, 100];
    assert_eq!(
        fates(Policy::RoundToFive, &counts, &[]),
        "0 - - 10 10 15 15 20 100".replacen('0', "s", 1)
    );
    assert_eq!(Policy::RoundToFive.tells(12), (10, 8, 12));
    assert_eq!(Policy::RoundToFive.tells(13), (15, 13, 17));
    assert_eq!(
        Policy::RoundToFive.tells(i64::MAX),
        (i64::MAX / 5 * 5, i64::MAX / 5 * 5 - 2, i64::MAX)
    );
    // The total says 18 to 22, the other one 8 to 12: the small one could be 6, 7 or 8.
    assert_eq!(fates(Policy::RoundToFive, &[7, 12], &[&[0, 1]]), "- 10 20");
}

#[test]
fn rounding_leaves_no_small_count_fewer_than_three_values() {
    // An earlier edition told the total as it is: 19 less 8 to 12 would be 7 or more.
    let earlier = [Earlier {
        atoms: vec![0, 1],
        less: vec![],
        low: 19,
        high: 19,
    }];
    let decided = decide(Policy::RoundToFive, &[7, 12], &[told(&[0]), told(&[1])], &earlier);
    assert_eq!((written(&decided.fates).as_str(), decided.exposed), ("- -", 0));
}

#[test]
fn what_is_told_twice_shares_its_fate() {
    let all = [told(&[0, 1]), told(&[0]), told(&[1]), told(&[1, 0])];
    assert_eq!(
        written(&decide(Policy::LessThanFive, &[3, 40], &all, &[]).fates),
        "s - - s"
    );
    assert_eq!(
        written(&decide(Policy::LessThanFive, &[3, 0], &all, &[]).fates),
        "- - s -"
    );
}

#[test]
fn nothing_and_everything_small_can_be_decided() {
    assert_eq!(decide(Policy::LessThanFive, &[], &[], &[]).fates, []);
    assert_eq!(written(&decide(Policy::RoundToFive, &[], &[told(&[])], &[]).fates), "s");
    assert_eq!(fates(Policy::LessThanFive, &[1, 2, 3], &[&[0, 1, 2]]), "- - - -");
    // Counts whose sums are more than 64 bits hold.
    let huge = [2, i64::MAX - 1, i64::MAX - 1];
    assert_eq!(fates(Policy::LessThanFive, &huge, &[&[0, 1], &[0, 1, 2]]), "- - s s s");
}

#[test]
fn what_cannot_be_worked_out_is_held_back_with_all_that_has_to_do_with_it() {
    let all = [
        told(&[0]),
        told(&[1]),
        told(&[0, 1]),
        told(&[2]),
        told(&[3]),
        told(&[1, 3]),
    ];
    let shape = Shape::new(Policy::LessThanFive, &[2, 20, 30, 0], &all, &[]);
    let parts = shape.sums[shape.of_told[0]].parts.clone();
    let shape = Protection::new(Policy::LessThanFive, shape).run_in_vain(&parts, 2);
    let hidden = |at: &usize| shape.sums[*at].state == State::Hidden;
    let hidden: Vec<bool> = shape.of_told.iter().map(hidden).collect();
    assert_eq!(hidden, [true, true, true, false, false, true]);
}

proptest! {
    #[test]
    fn nought_is_told_small_is_held_back_and_the_rest_is_near(counts in prop::collection::vec(0_i64..40, 1..8), round in any::<bool>()) {
        let policy = if round { Policy::RoundToFive } else { Policy::LessThanFive };
        let mut all: Vec<Told> = (0..counts.len()).map(|at| told(&[at])).collect();
        all.push(told(&(0..counts.len()).collect::<Vec<_>>()));
        let decided = decide(policy, &counts, &all, &[]);
        for (count, fate) in counts.iter().chain([&counts.iter().sum()]).zip(decided.fates) {
            match fate {
                Fate::Hidden => prop_assert!(*count != 0),
                Fate::Shown => prop_assert!(!policy.is_small(*count)),
                Fate::Rounded(to) => prop_assert!(round && *count > 7 && to % 5 == 0 && (to - count).abs() <= 2),
            }
        }
        prop_assert_eq!(decided.exposed, 0);
    }
}
