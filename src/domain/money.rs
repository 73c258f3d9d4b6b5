//! Money as whole pence. Its invariant: no amount is ever rounded, and no sum ever wraps; what does
//! not fit is `None`.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An amount in pence, negative for what is owed back or overspent. In JSON it is the integer
/// number of pence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    /// Nought pounds, which is not the same as an amount left blank.
    pub const ZERO: Self = Self(0);

    /// An amount of so many pence.
    #[must_use]
    pub const fn pence(pence: i64) -> Self {
        Self(pence)
    }

    /// An amount of so many whole pounds, or `None` when it does not fit in 64 bits of pence.
    #[must_use]
    pub const fn pounds(pounds: i64) -> Option<Self> {
        match pounds.checked_mul(100) {
            Some(pence) => Some(Self(pence)),
            None => None,
        }
    }

    /// The amount in pence.
    #[must_use]
    pub const fn in_pence(self) -> i64 {
        self.0
    }

    /// Whether the amount is below nought.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// `self + other`, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(pence) => Some(Self(pence)),
            None => None,
        }
    }

    /// `self - other`, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(pence) => Some(Self(pence)),
            None => None,
        }
    }

    /// The amount with its sign changed, or `None` for the one amount that has no opposite.
    #[must_use]
    pub const fn checked_neg(self) -> Option<Self> {
        match self.0.checked_neg() {
            Some(pence) => Some(Self(pence)),
            None => None,
        }
    }

    /// The sum of all the amounts, nought for none, or `None` when the sum does not fit. The answer
    /// does not depend on the order, because only the total has to fit.
    #[must_use]
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts
            .into_iter()
            .try_fold(0_i128, |sum, amount| sum.checked_add(i128::from(amount.0)))
            .and_then(|sum| i64::try_from(sum).ok())
            .map(Self)
    }

    /// The amount in pounds, exactly, with two decimal places.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// An amount given in pounds, or `None` when it is not a whole number of pence or does not fit.
    #[must_use]
    pub fn from_decimal(pounds: Decimal) -> Option<Self> {
        let pence = pounds.checked_mul(Decimal::ONE_HUNDRED)?;
        if !pence.fract().is_zero() {
            return None;
        }
        let pence = pence.trunc().normalize();
        i64::try_from(pence.mantissa()).ok().map(Self)
    }

    /// The amount in pounds without sign or separators, as CSV carries it: `1042000.50`, `-5.00`.
    #[must_use]
    pub fn plain(self) -> String {
        let pence = self.0.unsigned_abs();
        format!("{}{}.{:02}", self.sign(), pence / 100, pence % 100)
    }

    const fn sign(self) -> &'static str {
        if self.0 < 0 { "-" } else { "" }
    }
}

/// `£1,042,000.50`, `-£5.00`. The minus is the ASCII hyphen, so that a copied amount can be pasted
/// into a spreadsheet or back into a form.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pence = self.0.unsigned_abs();
        let pounds = group_thousands(&(pence / 100).to_string());
        f.pad(&format!("{}£{pounds}.{:02}", self.sign(), pence % 100))
    }
}

/// Digits with a comma before each group of three, from the right.
pub(crate) fn group_thousands(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_pounds_and_pence() {
        for (pence, shown, plain) in [
            (104_200_050, "£1,042,000.50", "1042000.50"),
            (-500, "-£5.00", "-5.00"),
            (-5, "-£0.05", "-0.05"),
            (0, "£0.00", "0.00"),
            (99_999, "£999.99", "999.99"),
            (100_000, "£1,000.00", "1000.00"),
            (i64::MIN, "-£92,233,720,368,547,758.08", "-92233720368547758.08"),
        ] {
            assert_eq!(Money::pence(pence).to_string(), shown);
            assert_eq!(Money::pence(pence).plain(), plain);
        }
        assert_eq!(format!("{:>8}", Money::pence(500)), "   £5.00");
    }

    #[test]
    fn sums_are_checked_and_do_not_depend_on_order() {
        let max = Money::pence(i64::MAX);
        let one = Money::pence(1);
        assert_eq!(max.checked_add(one), None);
        assert_eq!(Money::pence(i64::MIN).checked_sub(one), None);
        assert_eq!(Money::pence(i64::MIN).checked_neg(), None);
        assert_eq!(one.checked_neg(), Some(Money::pence(-1)));
        assert_eq!(Money::checked_sum([max, one]), None);
        assert_eq!(
            Money::checked_sum([max, one, Money::pence(-2)]),
            Some(Money::pence(i64::MAX - 1))
        );
        assert_eq!(Money::checked_sum([]), Some(Money::ZERO));
        assert_eq!(Money::pounds(i64::MAX), None);
    }

    #[test]
    fn plymouth_adds_up() {
        let rows = [160_200, 25_000, 98_500, 43_500, 16_486, 36_000, 10_000, 39_000];
        let stated = Money::checked_sum(rows.map(|p| Money::pounds(p).unwrap())).unwrap();
        let available = Money::checked_sum([400_568, 27_678].map(|p| Money::pounds(p).unwrap())).unwrap();
        assert_eq!(available.to_string(), "£428,246.00");
        assert_eq!(stated.checked_sub(available).unwrap().to_string(), "£440.00");
    }

    #[test]
    fn to_and_from_decimal_is_exact() {
        for pence in [0, 1, -1, 104_200_050, i64::MAX, i64::MIN] {
            let money = Money::pence(pence);
            assert_eq!(Money::from_decimal(money.to_decimal()), Some(money));
        }
        assert_eq!(Money::from_decimal(Decimal::new(12_345, 3)), None);
        assert_eq!(Money::from_decimal(Decimal::new(12_340, 3)), Some(Money::pence(1_234)));
        assert_eq!(Money::from_decimal(Decimal::MAX), None);
        assert_eq!(Money::from_decimal(Decimal::new(i64::MAX, 0)), None);
        assert_eq!(Money::from_decimal(Decimal::new(5, 0)), Some(Money::pence(500)));
    }

    #[test]
    fn json_is_whole_pence() {
        assert_eq!(serde_json::to_string(&Money::pence(-50)).unwrap(), "-50");
        assert!(serde_json::from_str::<Money>("0.5").is_err());
    }
}
