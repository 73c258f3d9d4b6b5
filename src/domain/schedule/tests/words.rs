//! How far a due day is, in words.

use super::*;

#[test]
fn how_far_a_due_day_is() {
    // Good Friday 2026 is 3 April, Easter Monday 6 April.
    for (due_on, today, words) in [
        ("2026-04-30", "2026-04-30", "today"),
        ("2026-04-30", "2026-04-29", "tomorrow"),
        ("2026-04-30", "2026-04-28", "in 2 working days"),
        ("2026-04-30", "2026-04-24", "in 4 working days"),
        ("2026-04-27", "2026-04-24", "in 1 working day"),
        ("2026-04-27", "2026-04-26", "tomorrow"),
        ("2026-04-07", "2026-04-02", "in 1 working day"),
        ("2026-04-30", "2026-04-01", "in 19 working days"),
        ("2026-04-25", "2026-04-24", "tomorrow"),
        ("2026-04-26", "2026-04-24", "in 2 days"),
        ("2026-04-25", "2026-04-23", "in 2 days"),
        ("2026-04-06", "2026-04-03", "in 3 days"),
        ("2026-04-30", "2026-05-01", "1 working day late"),
        ("2026-04-24", "2026-04-25", "1 day late"),
        ("2026-04-24", "2026-04-26", "2 days late"),
        ("2026-04-24", "2026-04-27", "1 working day late"),
        ("2026-04-02", "2026-04-06", "4 days late"),
        ("2026-04-02", "2026-04-07", "1 working day late"),
        ("2026-04-24", "2026-05-05", "6 working days late"),
    ] {
        assert_eq!(
            working_days_words(date(due_on), date(today), Nation::EnglandAndWales),
            words,
            "due {due_on}, today {today}"
        );
    }
}

proptest! {
    #[test]
    fn nobody_is_told_of_no_days((due_on, nation) in cases(), apart in -60_i64..60) {
        let words = working_days_words(due_on, due_on + TimeDelta::days(apart), nation);
        prop_assert!(!words.contains(" 0 ") && !words.starts_with("0 "), "{}", words);
        prop_assert_eq!(words.ends_with("late"), apart > 0);
    }
}
