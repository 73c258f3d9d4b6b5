//! Where returns stand and whether they came on time, case by case, and that tallies agree with lists.

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Due on 1 May, extended to this day where it was, first submitted on this one.
fn known<'a>(state: &'a State, due: &str, submitted: Option<&str>) -> Known<'a> {
    Known {
        state,
        first_submitted_on: submitted.map(day),
        planned_due_on: day("2018-05-01"),
        due_on: day(due),
        signed: *state == State::SignedOff,
    }
}

#[test]
fn the_due_day_itself_is_on_time_and_the_day_after_is_not() {
    let on = |submitted| {
        Timing::of(
            known(&State::InReview(0), "2018-05-01", Some(submitted)),
            day("2018-06-01"),
        )
    };
    assert_eq!(on("2018-05-01"), Timing::OnTime);
    assert_eq!(on("2018-05-02"), Timing::HandedInLate(1));
    assert_eq!(on("2020-05-01"), Timing::HandedInLate(731), "there is no cap");
}

#[test]
fn a_return_that_was_never_submitted_is_late_from_the_day_after() {
    let timing = |today| Timing::of(known(&State::Draft, "2018-05-01", None), day(today));
    assert_eq!(timing("2018-05-01"), Timing::NotDue);
    assert_eq!(timing("2018-05-02"), Timing::Late(1));
    let standing = |state, today| Standing::of(known(state, "2018-05-01", None), day(today));
    assert_eq!(standing(&State::Draft, "2018-05-01"), Standing::Draft);
    assert_eq!(standing(&State::Draft, "2018-05-02"), Standing::Late);
    assert_eq!(standing(&State::Scheduled, "2018-05-02"), Standing::Late);
}

#[test]
fn more_time_moves_the_day_from_which_it_is_late_and_not_the_day_it_is_judged_by() {
    let extended = |submitted| known(&State::Draft, "2018-05-15", submitted);
    assert_eq!(Timing::of(extended(None), day("2018-05-15")), Timing::NotDue);
    assert_eq!(Standing::of(extended(None), day("2018-05-15")), Standing::Draft);
    assert_eq!(Timing::of(extended(None), day("2018-05-16")), Timing::Late(1));
    assert_eq!(
        Timing::of(extended(Some("2018-05-10")), day("2018-05-16")),
        Timing::HandedInLate(9)
    );
}

#[test]
fn one_that_was_sent_back_was_on_time_by_its_first_submission() {
    let back = known(&State::Draft, "2018-05-01", Some("2018-04-20"));
    assert_eq!(Timing::of(back, day("2018-07-01")), Timing::OnTime);
    assert_eq!(Standing::of(back, day("2018-07-01")), Standing::Draft);
}

#[test]
fn excused_returns_are_neither_expected_nor_judged() {
    let (excused, signed, draft) = (State::Excused, State::SignedOff, State::Draft);
    let mut tally = Tally::default();
    tally.add(known(&excused, "2018-05-15", Some("2018-05-09")), day("2018-06-01"));
    tally.add(known(&signed, "2018-05-01", Some("2018-05-01")), day("2018-06-01"));
    tally.add(known(&draft, "2018-05-15", None), day("2018-06-01"));
    tally.add(known(&draft, "2018-05-01", None), day("2018-06-01"));
    assert_eq!((tally.expected(), tally.excused, tally.judged()), (3, 1, 3));
    assert_eq!((tally.on_time, tally.late, tally.extended), (1, 2, 1));
    assert_eq!(tally.longest_late, Some(31));
}

#[test]
fn tallies_together_are_the_tally_of_all() {
    let states = [
        State::Scheduled,
        State::Draft,
        State::InReview(0),
        State::InSignOff(1),
        State::SignedOff,
        State::Excused,
    ];
    let today = day("2018-05-20");
    let (mut all, mut some, mut others) = (Tally::default(), Tally::default(), Tally::default());
    let mut counted = std::collections::BTreeMap::new();
    for (nth, state) in states.iter().cycle().take(48).enumerate() {
        let due = ["2018-05-01", "2018-05-15", "2018-05-25"][nth % 3];
        let handed_in = matches!(state, State::InReview(_) | State::InSignOff(_) | State::SignedOff);
        let submitted = [None, Some("2018-04-30"), Some("2018-05-08"), None][nth % 4];
        let submitted = submitted.or(handed_in.then_some("2018-05-02"));
        all.add(known(state, due, submitted), today);
        if nth % 5 == 0 { &mut some } else { &mut others }.add(known(state, due, submitted), today);
        for which in Which::ALL {
            let held = u64::from(which.holds(known(state, due, submitted), today));
            *counted.entry(which).or_insert(0) += held;
        }
    }
    some.merge(&others);
    assert_eq!(some, all);
    for (which, counted) in counted {
        assert_eq!(all.count(which), counted, "{which:?}");
    }
}

#[test]
fn every_list_has_a_name_of_its_own() {
    for which in Which::ALL {
        assert_eq!(Which::named(which.name()), Some(which));
    }
    assert_eq!(Which::named("overdue"), None);
}
