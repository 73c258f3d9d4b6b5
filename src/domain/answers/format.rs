//! Figures as people read them, on pages and in reports alike.
//!
//! Invariant: exact to the last step. A ratio is divided once, here, and rounded half away from nought;
//! a ratio over nobody is "Not applicable" and never nought.

use chrono::{Datelike, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use super::types::{Figure, FigureValue};
use crate::form::schema::{Benchmark, Form, Kind, Measure, Target, Than};
use crate::money::Money;

/// What stands where a ratio is over nobody, or where a person said so.
pub const NOT_APPLICABLE: &str = "Not applicable";
/// What stands where a person said that a figure is not known yet.
pub const NOT_KNOWN: &str = "Not known yet";

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A label within a sentence: "A case study" becomes "a case study", "IDVA clients" stays.
pub(super) fn mid_sentence(label: &str) -> String {
    let mut chars = label.chars();
    let first = chars.next();
    match (first, chars.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() && !second.is_numeric() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => label.to_owned(),
    }
}

/// A figure; the numbers of a ratio are shown as counts. A blank is the empty text.
#[must_use]
pub fn figure(value: &FigureValue) -> String {
    figure_in(value, count)
}

/// A figure of a form: as [`figure`], but the numbers of a measure over money are shown as money.
#[must_use]
pub fn figure_of(form: &Form, figure_row: &Figure) -> String {
    let over_money = form
        .measures
        .iter()
        .find(|measure| measure.id == figure_row.measure)
        .is_some_and(|measure| is_of_money(form, measure));
    approximately(figure_over(&figure_row.value, over_money), figure_row.approximately)
}

/// As [`figure`]; the numbers of a ratio or range over money are shown as money.
#[must_use]
pub fn figure_over(value: &FigureValue, over_money: bool) -> String {
    figure_in(value, |number| {
        if over_money {
            money(Money::pence(number))
        } else {
            count(number)
        }
    })
}

/// Whether a measure is a part of an amount of money: of a question, or of a column of its table.
fn is_of_money(form: &Form, measure: &Measure) -> bool {
    let table = measure.table.as_ref().and_then(|table| form.question(table));
    let column = table.and_then(|(_, table)| match &table.kind {
        Kind::Table(table) => table.columns.iter().find(|column| column.id == measure.of),
        _ => None,
    });
    column
        .or_else(|| form.question(&measure.of).map(|(_, question)| question))
        .is_some_and(|question| matches!(question.kind, Kind::Money { .. }))
}

fn figure_in(value: &FigureValue, part: impl Fn(i64) -> String) -> String {
    match *value {
        FigureValue::Money { pence } => money(Money::pence(pence)),
        FigureValue::Count { count: number } => count(number),
        FigureValue::Number {
            scaled,
            places,
            percent: true,
        } => percent(from_scaled(scaled, places), places),
        FigureValue::Number { scaled, places, .. } => number(from_scaled(scaled, places)),
        FigureValue::Ratio { of, per, places } => match scaled_percent(of, per, places) {
            Some(scaled) => format!(
                "{} ({} of {})",
                percent(from_scaled(scaled, places), places),
                part(of),
                part(per)
            ),
            None => NOT_APPLICABLE.to_owned(),
        },
        FigureValue::Range { low, high } if low == high => part(low),
        FigureValue::Range { low, high } => format!("{} to {}", part(low), part(high)),
        FigureValue::NotApplicable => NOT_APPLICABLE.to_owned(),
        FigureValue::NotKnown => NOT_KNOWN.to_owned(),
        FigureValue::Blank => String::new(),
    }
}

/// "£16,486.00".
#[must_use]
pub fn money(amount: Money) -> String {
    amount.to_string()
}

/// "1,231".
#[must_use]
pub fn count(number: i64) -> String {
    grouped(&number.to_string())
}

/// "1,234.5": as many places as the number carries.
#[must_use]
pub fn number(value: Decimal) -> String {
    grouped(&value.to_string())
}

/// "25.0%", to so many places, half away from nought.
#[must_use]
pub fn percent(value: Decimal, places: u32) -> String {
    format!("{}%", grouped(&rounded(value, places).to_string()))
}

/// So many of so many as a percentage, "25.0%", or "Not applicable" when there was nobody to be one of.
#[must_use]
pub fn percent_of(of: i64, per: i64, places: u32) -> String {
    match scaled_percent(of, per, places) {
        Some(scaled) => percent(from_scaled(scaled, places), places),
        None => NOT_APPLICABLE.to_owned(),
    }
}

/// "3 April 2018".
#[must_use]
pub fn date(day: NaiveDate) -> String {
    let month = MONTHS[day.month0() as usize % MONTHS.len()];
    format!("{} {month} {}", day.day(), day.year())
}

/// The month, 1 to 12, by its name or the first three letters of it, in any case.
pub(super) fn month_named(typed: &str) -> Option<u32> {
    let typed = typed.to_lowercase();
    let at = MONTHS.iter().position(|month| {
        let month = month.to_lowercase();
        month == typed || (typed.len() == 3 && month.starts_with(&typed))
    })?;
    u32::try_from(at + 1).ok()
}

/// The figure with its flag in front, "Approximately £7,000.00".
#[must_use]
pub fn approximately(shown: String, flag: bool) -> String {
    if flag && !shown.is_empty() {
        format!("Approximately {shown}")
    } else {
        shown
    }
}

/// Rounded half away from nought, with exactly so many places.
#[must_use]
pub fn rounded(value: Decimal, places: u32) -> Decimal {
    let mut out = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    out.rescale(places);
    if out.is_zero() {
        // A rounded -0.04 is nought, and nought has no sign.
        out.set_sign_positive(true);
    }
    out
}

/// The percentage scaled by ten to the power of `places`, divided once; none over nought.
#[must_use]
pub fn scaled_percent(of: i64, per: i64, places: u32) -> Option<i64> {
    if per == 0 {
        return None;
    }
    let scale = 100_i128.checked_mul(10_i128.checked_pow(places)?)?;
    let (top, bottom) = (i128::from(of).checked_mul(scale)?, i128::from(per));
    let twice = top.abs().checked_mul(2)?.checked_add(bottom.abs())?;
    let size = twice / (bottom.abs() * 2);
    let sign = top.signum() * bottom.signum();
    i64::try_from(size * sign).ok()
}

fn from_scaled(scaled: i64, places: u32) -> Decimal {
    Decimal::from_i128_with_scale(i128::from(scaled), places.min(Decimal::MAX_SCALE))
}

/// Commas between the thousands of the whole part; the sign and the places stay.
fn grouped(plain: &str) -> String {
    let (sign, unsigned) = match plain.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", plain),
    };
    let (whole, places) = match unsigned.split_once('.') {
        Some((whole, places)) => (whole, Some(places)),
        None => (unsigned, None),
    };
    let mut out = String::with_capacity(plain.len() + whole.len() / 3 + 1);
    out.push_str(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(places) = places {
        out.push('.');
        out.push_str(places);
    }
    out
}

/// A goal in the unit of its figure: "At least 75%", "Below 20%", "Exactly 12".
#[must_use]
pub fn target(target: &Target, of: &FigureValue) -> String {
    let words = match target.than {
        Than::AtLeast => "At least",
        Than::AtMost => "At most",
        Than::Below => "Below",
        Than::Above => "Above",
        Than::Exactly => "Exactly",
    };
    format!("{words} {}", in_unit_of(target.value, of))
}

/// What others reach, named: "National average 21.9%".
#[must_use]
pub fn benchmark(benchmark: &Benchmark, of: &FigureValue) -> String {
    format!("{} {}", benchmark.name.en, in_unit_of(benchmark.value, of))
}

/// A bare number shown in the unit of a figure. A figure that is not applicable has kept no unit; the forms give such
/// goals for percentages, so that is how they are shown.
fn in_unit_of(value: Decimal, of: &FigureValue) -> String {
    match of {
        FigureValue::Money { .. } => Money::from_decimal(value).map_or_else(|| number(value), money),
        FigureValue::Count { .. } | FigureValue::Range { .. } | FigureValue::Number { percent: false, .. } => {
            number(value)
        }
        FigureValue::Number { percent: true, .. }
        | FigureValue::Ratio { .. }
        | FigureValue::NotApplicable
        | FigureValue::NotKnown
        | FigureValue::Blank => format!("{}%", number(value)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ratio(of: i64, per: i64, places: u32) -> String {
        figure(&FigureValue::Ratio { of, per, places })
    }

    #[test]
    fn a_ratio_shows_its_parts_and_nobody_is_not_nought() {
        assert_eq!(ratio(308, 1_231, 1), "25.0% (308 of 1,231)");
        assert_eq!(ratio(0, 11, 1), "0.0% (0 of 11)");
        assert_eq!(ratio(0, 0, 1), "Not applicable");
        assert_eq!(ratio(5, 7, 0), "71% (5 of 7)");
        assert_eq!(percent_of(1, 8, 2), "12.50%");
        assert_eq!(percent_of(0, 0, 2), "Not applicable");
    }

    #[test]
    fn halves_go_away_from_nought() {
        assert_eq!(scaled_percent(1, 200, 0), Some(1));
        assert_eq!(scaled_percent(-1, 200, 0), Some(-1));
        assert_eq!(scaled_percent(1, -200, 0), Some(-1));
        assert_eq!(scaled_percent(1, 201, 0), Some(0));
        assert_eq!(rounded(Decimal::new(-5, 1), 0), Decimal::new(-1, 0));
        assert_eq!(percent(Decimal::new(-4, 2), 1), "0.0%");
        assert_eq!(percent(Decimal::new(-44, 1), 1), "-4.4%");
    }

    #[test]
    fn other_figures_read_as_people_write_them() {
        assert_eq!(count(-1_234_567), "-1,234,567");
        assert_eq!(number(Decimal::new(12_345, 1)), "1,234.5");
        assert_eq!(date(NaiveDate::from_ymd_opt(2018, 4, 3).unwrap()), "3 April 2018");
        assert_eq!(
            figure(&FigureValue::Number {
                scaled: 52,
                places: 1,
                percent: true
            }),
            "5.2%"
        );
        assert_eq!(figure(&FigureValue::Money { pence: 1_648_600 }), "£16,486.00");
        assert_eq!(figure(&FigureValue::Blank), "");
        assert_eq!(approximately("£7,000.00".into(), true), "Approximately £7,000.00");
        assert_eq!(approximately(String::new(), true), "");
    }

    proptest! {
        #[test]
        fn a_percentage_is_within_half_a_step(of in 0_i64..2_000_000, per in 1_i64..2_000_000, places in 0_u32..4) {
            let scaled = scaled_percent(of, per, places).unwrap();
            let scale = 100 * 10_i128.pow(places);
            let off = (i128::from(scaled) * i128::from(per) - i128::from(of) * scale).abs();
            prop_assert!(off * 2 <= i128::from(per));
        }
    }
}
