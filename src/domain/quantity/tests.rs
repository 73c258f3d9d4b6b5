//! Every form of number in `numbers.tsv`, and what must hold of any text at all.

use proptest::prelude::*;

use super::*;

const LABEL: &str = "Spent in the year";

/// An outcome in the spelling of `numbers.tsv`, with the refusal's whole message.
fn outcome<T>(reading: Reading<T>, show: impl Fn(&T) -> String) -> String {
    match reading {
        Reading::Blank => "blank".to_owned(),
        Reading::Read { value, note: None } => format!("read {}", show(&value)),
        Reading::Read { value, .. } => format!("note {}", show(&value)),
        Reading::Ask { candidates, .. } => {
            let values: Vec<_> = candidates.iter().map(|c| show(&c.value)).collect();
            format!("ask {}", values.join("|"))
        }
        Reading::Refused { message } => format!("refused {message}"),
    }
}

fn read_as(kind: &str, typed: &str) -> String {
    let decimal = |reading| outcome(reading, ToString::to_string);
    match kind {
        "money" => outcome(read_money(LABEL, typed, Sign::Any), |m| m.plain()),
        "spend" => outcome(read_money(LABEL, typed, Sign::NonNegative), |m| m.plain()),
        "count" => outcome(read_count(LABEL, typed), ToString::to_string),
        "decimal0" => decimal(read_decimal(LABEL, typed, 0, Sign::Any)),
        "decimal1" => decimal(read_decimal(LABEL, typed, 1, Sign::Any)),
        "decimal3" => decimal(read_decimal(LABEL, typed, 3, Sign::Any)),
        "percent1" => decimal(read_percent(LABEL, typed, 1, Sign::Any)),
        other => panic!("no kind of figure called {other}"),
    }
}

/// The same number however many noughts end it: a decimal's places are not part of its value.
fn same(kind: &str, expected: &str, found: &str) -> bool {
    if expected == found {
        return true;
    }
    if expected.starts_with("refused") {
        return found.starts_with("refused") && found.contains(&expected["refused ".len()..]);
    }
    let value = |text: &str| -> Option<(String, Decimal)> {
        let (word, value) = text.split_once(' ')?;
        Some((word.to_owned(), value.parse().ok()?))
    };
    !matches!(kind, "money" | "spend") && matches!((value(expected), value(found)), (Some(a), Some(b)) if a == b)
}

#[test]
fn reads_every_form_in_the_table() {
    let mut forms = 0;
    let mut wrong = Vec::new();
    for line in include_str!("numbers.tsv").lines() {
        if line.starts_with('#') {
            continue;
        }
        let mut columns = line.split('\t');
        let (Some(kind), Some(typed), Some(expected), None) =
            (columns.next(), columns.next(), columns.next(), columns.next())
        else {
            panic!("not three columns: {line}");
        };
        let typed: String = serde_json::from_str(typed).unwrap();
        let found = read_as(kind, &typed);
        forms += 1;
        if !same(kind, expected, &found) {
            wrong.push(format!("{kind} {typed:?}: {expected}, but {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(forms >= 400, "only {forms} forms");
}

#[test]
fn says_what_it_means_in_plain_words() {
    let Reading::Ask { question, .. } = read_money(LABEL, " 1,00 ", Sign::Any) else {
        panic!("1,00 was not asked about");
    };
    assert_eq!(question, "You entered “1,00”. Did you mean £1.00 or £100.00?");
    let Reading::Read { note, .. } = read_money(LABEL, "£1.042m", Sign::Any) else {
        panic!("£1.042m was not read");
    };
    assert_eq!(note.unwrap(), "“£1.042m” was read as £1,042,000.00");
    let Reading::Refused { message } = read_money(LABEL, "£", Sign::Any) else {
        panic!("£ was not refused");
    };
    assert_eq!(
        message,
        "Enter an amount for “Spent in the year”, like 1,250 or 1,250.50"
    );
    let Reading::Refused { message } = read_money(LABEL, "-5", Sign::NonNegative) else {
        panic!("-5 was not refused");
    };
    assert_eq!(message, "Spent in the year must be £0 or more");
}

#[test]
fn places_are_capped_where_arithmetic_has_room() {
    let reading = read_decimal(LABEL, "0.123456789", 40, Sign::Any);
    assert_eq!(reading.value(), Some(&Decimal::new(123_456_789, 9)));
    assert!(matches!(
        read_decimal(LABEL, "0.1234567891", 40, Sign::Any),
        Reading::Refused { .. }
    ));
}

/// A million amounts over the whole range, from a fixed start, so that a failure can be repeated.
#[test]
fn a_million_amounts_are_read_back() {
    const MOST_PENCE: i64 = 10_000_000_000_000;
    let mut state = 1_u64;
    for round in 0..1_000_000_u32 {
        // Knuth's MMIX generator; its upper bits are the random ones.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // As many small amounts as large: returns are mostly of thousands.
        let range = MOST_PENCE >> (round % 40);
        let pence = i64::try_from(state >> 2).unwrap() % (range + 1);
        let money = Money::pence(if round % 2 == 0 { pence } else { -pence });
        let typed = if round % 3 == 0 {
            money.plain()
        } else {
            money.to_string()
        };
        let read = read_money(LABEL, &typed, Sign::Any);
        assert_eq!(read.value(), Some(&money), "{typed}");
    }
}

/// Text that is nearly a figure, which finds more than text at large.
const NEARLY: &str = "[-+(]?[£$]?[-(]?[0-9., \u{a0}\u{ff10}-\u{ff19}]{0,34}[)]?( ?(k|m|bn|p|%|pounds|GBP|-))?";

fn check_any<T: PartialEq + std::fmt::Debug>(read: impl Fn(&str) -> Reading<T>, typed: &str) {
    match read(typed) {
        Reading::Ask { candidates, .. } => {
            assert!(!candidates.is_empty(), "{typed:?}");
            for candidate in candidates {
                let again = read(&candidate.text);
                assert_eq!(again.value(), Some(&candidate.value), "{typed:?}");
            }
        }
        Reading::Refused { message } => assert!(message.contains(LABEL), "{typed:?}"),
        Reading::Blank | Reading::Read { .. } => {}
    }
}

fn check_all(typed: &str) {
    check_any(|t| read_money(LABEL, t, Sign::Any), typed);
    check_any(|t| read_money(LABEL, t, Sign::NonNegative), typed);
    check_any(|t| read_count(LABEL, t), typed);
    check_any(|t| read_decimal(LABEL, t, 3, Sign::Any), typed);
    check_any(|t| read_percent(LABEL, t, 1, Sign::NonNegative), typed);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn what_is_shown_is_read_back(pence in -10_000_000_000_000_i64..=10_000_000_000_000) {
        let money = Money::pence(pence);
        for typed in [money.to_string(), money.plain()] {
            let read = Reading::Read { value: money, note: None };
            prop_assert_eq!(read_money(LABEL, &typed, Sign::Any), read);
        }
    }

    #[test]
    fn a_count_is_read_back(count in 0_i64..=1_000_000_000_000) {
        let read = Reading::Read { value: count, note: None };
        prop_assert_eq!(read_count(LABEL, &count.to_string()), read);
    }

    #[test]
    fn any_text_has_an_outcome(typed in any::<String>()) {
        check_all(&typed);
    }

    #[test]
    fn text_that_is_nearly_a_figure_has_an_outcome(typed in NEARLY) {
        check_all(&typed);
    }
}
