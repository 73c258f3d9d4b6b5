//! From a number to a place.
//!
//! Invariant: nought is always on the scale, and what is larger never stands before what is smaller.

use rust_decimal::Decimal;

use super::super::Unit;
use crate::money::group_thousands;

/// Numbers beyond this are made smaller before they are subtracted, so that nothing overflows.
const HUGE: i128 = 1_000_000_000_000_000_000_000_000_000;

/// From the lowest to the highest number, on so many tenths of a pixel.
pub(super) struct Scale {
    low: Decimal,
    high: Decimal,
    divisor: Decimal,
    length: i64,
}

impl Scale {
    /// Just wide enough for the numbers and nought.
    pub fn over(numbers: impl IntoIterator<Item = Decimal>, length: i64) -> Self {
        let (mut low, mut high) = (Decimal::ZERO, Decimal::ZERO);
        for number in numbers {
            low = low.min(number);
            high = high.max(number);
        }
        let huge = Decimal::from_i128_with_scale(HUGE, 0);
        let divisor = if high > huge || low < -huge {
            Decimal::from(8)
        } else {
            Decimal::ONE
        };
        Self {
            low: low / divisor,
            high: high / divisor,
            divisor,
            length,
        }
    }

    /// Widened to a round step at each end; also the numbers at the steps.
    pub fn rounded(mut self, unit: Unit) -> (Self, Vec<Decimal>) {
        let least = if unit == Unit::Count {
            Decimal::ONE
        } else {
            Decimal::ZERO
        };
        if self.low == self.high {
            self.high = Decimal::ONE;
        }
        let Some((low, high, step)) = steps(self.low, self.high, least) else {
            let ends = [self.low, Decimal::ZERO, self.high];
            let mut ticks: Vec<Decimal> = ends
                .into_iter()
                .filter_map(|end| end.checked_mul(self.divisor))
                .collect();
            ticks.dedup();
            return (self, ticks);
        };
        (self.low, self.high) = (low, high);
        let mut ticks = Vec::new();
        let mut at = Some(low);
        while let Some(tick) = at.filter(|tick| *tick <= high && ticks.len() < 20) {
            ticks.extend(tick.checked_mul(self.divisor));
            at = tick.checked_add(step);
        }
        (self, ticks)
    }

    /// How far from the low end, in tenths of a pixel: from 0 to the length.
    pub fn at(&self, number: Decimal) -> i64 {
        let span = self.high - self.low;
        let part = (number / self.divisor - self.low).checked_div(span).unwrap_or_default();
        let place = part.max(Decimal::ZERO).min(Decimal::ONE) * Decimal::from(self.length);
        i64::try_from(place.round().mantissa()).unwrap_or_default()
    }
}

/// The ends and the step: 1, 2 or 5 of a power of ten, at most five of them within the span.
fn steps(low: Decimal, high: Decimal, least: Decimal) -> Option<(Decimal, Decimal, Decimal)> {
    let most = Decimal::from(5);
    let span = high.checked_sub(low)?;
    let mut power = Decimal::ONE;
    while span.checked_div(power)? > most {
        power = power.checked_mul(Decimal::TEN)?;
    }
    while power > Decimal::new(1, 20) && span.checked_div(power)? <= Decimal::new(5, 1) {
        power = power.checked_div(Decimal::TEN)?;
    }
    // The power is now one at which the span has at most five steps; finer ones may do as well.
    let finer = [Decimal::new(1, 1), Decimal::new(2, 1), Decimal::new(5, 1), Decimal::ONE];
    let step = finer
        .into_iter()
        .filter_map(|part| power.checked_mul(part))
        .find(|step| *step >= least && span.checked_div(*step).is_some_and(|count| count <= most))?;
    let down = low.checked_div(step)?.floor().checked_mul(step)?;
    let up = high.checked_div(step)?.ceil().checked_mul(step)?;
    Some((down, up, step))
}

/// A number beside an axis, short: `£1.5m`, `-20`, `75%`.
pub(super) fn axis(number: Decimal, unit: Unit) -> String {
    let (sign, size) = if number.is_sign_negative() && !number.is_zero() {
        ("-", -number)
    } else {
        ("", number)
    };
    let sizes = [(12, "tn"), (9, "bn"), (6, "m"), (3, "k")];
    let large = sizes.into_iter().find_map(|(zeros, word)| {
        let one = Decimal::from(10_i64.pow(zeros));
        (size >= one && size >= Decimal::from(10_000)).then(|| (size / one, word))
    });
    let (size, word) = large.unwrap_or((size, ""));
    let plain = size.normalize().to_string();
    let (whole, places) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut digits = group_thousands(whole);
    if !places.is_empty() {
        digits = format!("{digits}.{places}");
    }
    match unit {
        Unit::Pounds => format!("{sign}£{digits}{word}"),
        Unit::Percent => format!("{sign}{digits}{word}%"),
        Unit::Count | Unit::Number => format!("{sign}{digits}{word}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(texts: &[&str]) -> Vec<Decimal> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn places_lie_between_the_ends_in_order() {
        let scale = Scale::over(numbers(&["-50", "150"]), 2_000);
        let places: Vec<i64> = numbers(&["-50", "0", "75", "150"])
            .into_iter()
            .map(|n| scale.at(n))
            .collect();
        assert_eq!(places, [0, 500, 1_250, 2_000]);
    }

    #[test]
    fn nothing_overflows() {
        let scale = Scale::over([Decimal::MIN, Decimal::MAX], 1_000);
        assert_eq!(
            (scale.at(Decimal::MIN), scale.at(Decimal::ZERO), scale.at(Decimal::MAX)),
            (0, 500, 1_000)
        );
        let (scale, ticks) = scale.rounded(Unit::Number);
        assert!(!ticks.is_empty() && scale.at(Decimal::MAX) <= 1_000);
        let tiny = Scale::over([Decimal::new(1, 28)], 1_000);
        assert_eq!(tiny.at(Decimal::new(1, 28)), 1_000);
    }

    #[test]
    fn steps_are_round() {
        for (ends, unit, expected) in [
            (["0", "97"], Unit::Count, "0 20 40 60 80 100"),
            (["0", "3"], Unit::Count, "0 1 2 3"),
            (["0", "1"], Unit::Count, "0 1"),
            (["0", "0.004"], Unit::Number, "0 0.001 0.002 0.003 0.004"),
            (["-1200", "16486"], Unit::Pounds, "-£5,000 £0 £5,000 £10k £15k £20k"),
            (["0", "100"], Unit::Percent, "0% 20% 40% 60% 80% 100%"),
            (["0", "7200000"], Unit::Pounds, "£0 £2m £4m £6m £8m"),
            (["0", "0"], Unit::Number, "0 0.2 0.4 0.6 0.8 1"),
        ] {
            let (_, ticks) = Scale::over(numbers(&ends), 1_000).rounded(unit);
            let shown: Vec<String> = ticks.into_iter().map(|tick| axis(tick, unit)).collect();
            assert_eq!(shown.join(" "), expected);
        }
    }
}
