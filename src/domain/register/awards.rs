//! What a fund may award: its rounds, the limits of an award, and its total shared out by weight.
//!
//! Invariant: a limit that is broken is named with whose it is; shares add up to the penny, whatever the weights.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Fund;
use crate::ids::{FundId, OrganisationId, RoundId};
use crate::money::Money;

/// The smallest and the largest that one award may be, pence, both inclusive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// No award is below this.
    pub smallest: Option<Money>,
    /// No award is above this.
    pub largest: Option<Money>,
}

impl Limits {
    /// Whether any award could keep within them.
    pub fn can_be_kept(&self) -> bool {
        match (self.smallest, self.largest) {
            (Some(smallest), Some(largest)) => smallest <= largest,
            _ => true,
        }
    }
}

/// One opening of a fund, with its own dates and, where it has them, its own limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Identity.
    pub id: RoundId,
    /// The fund.
    pub fund: FundId,
    /// Permanent key within the fund.
    pub key: String,
    /// Title.
    pub title: String,
    /// First day.
    pub opens_on: NaiveDate,
    /// Last day.
    pub closes_on: NaiveDate,
    /// What one award of this round may be; the fund's limit stands where one is not given.
    pub limits: Limits,
}

/// An award that its round or its fund does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideLimits {
    /// The award, pence.
    pub amount: Money,
    /// The limit that it breaks, pence.
    pub limit: Money,
    /// Whose limit, by title.
    pub whose: String,
}

impl fmt::Display for OutsideLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (amount, limit, whose) = (pounds(self.amount), pounds(self.limit), &self.whose);
        if self.amount < self.limit {
            write!(f, "{amount} is below the {limit} that {whose} gives at least")
        } else {
            write!(f, "{amount} is above the {limit} that {whose} gives at most")
        }
    }
}

/// Whole pounds without their pence, as limits are spoken of.
fn pounds(amount: Money) -> String {
    let shown = amount.to_string();
    shown.strip_suffix(".00").map_or(shown.clone(), str::to_owned)
}

/// Whether an award keeps to the limits of its round, and to its fund's where the round sets none.
///
/// # Errors
/// With the limit that is broken, and whose it is.
pub fn award_within(amount: Money, fund: &Fund, round: Option<&Round>) -> Result<(), OutsideLimits> {
    let of_round = |limit: fn(&Limits) -> Option<Money>| {
        round.and_then(|round| {
            limit(&round.limits).map(|found| (found, format!("‘{}’ of ‘{}’", round.title, fund.title)))
        })
    };
    let of_fund =
        |limit: fn(&Limits) -> Option<Money>| limit(&fund.limits).map(|found| (found, format!("‘{}’", fund.title)));
    let smallest = of_round(|limits| limits.smallest).or_else(|| of_fund(|limits| limits.smallest));
    let largest = of_round(|limits| limits.largest).or_else(|| of_fund(|limits| limits.largest));
    let broken = smallest
        .filter(|(limit, _)| amount < *limit)
        .or_else(|| largest.filter(|(limit, _)| amount > *limit));
    match broken {
        None => Ok(()),
        Some((limit, whose)) => Err(OutsideLimits { amount, limit, whose }),
    }
}

/// One row of a fund's needs matrix: how much of the fund's total an organisation should have beside the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The fund.
    pub fund: FundId,
    /// Whose share.
    pub organisation: OrganisationId,
    /// Its weight, of no unit, not below nought.
    pub weight: Decimal,
    /// Order in the fund, from 1: who comes first where two have equal claim to a penny.
    pub position: i32,
}

/// Why a total cannot be shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SharesRefused {
    /// Every weight is nought, or there is none.
    #[error("every weight is 0, so nobody has a share; give at least one organisation a weight above 0")]
    NoWeight,
    /// A weight, or the total, is below nought.
    #[error("a weight or the total is below 0")]
    Negative,
    /// The numbers are too large to be multiplied exactly.
    #[error("the weights are too large, or have too many decimal places, to be shared out exactly")]
    TooLarge,
}

/// Shares a total out by weight, in whole pence that add up to it: `total × weight / Σ weights`, rounded down, and the
/// pence that are left one by one to those whose fraction was largest, the first of the list first where they are equal
/// (the largest remainder method, as Hamilton proposed for seats in 1792).
///
/// Whoever has the greater weight never has the smaller share.
///
/// # Errors
/// When there is no weight, one is negative, or the numbers are beyond exact reckoning.
pub fn shares_of(total: Money, weights: &[Decimal]) -> Result<Vec<Money>, SharesRefused> {
    if total.is_negative()
        || weights
            .iter()
            .any(|weight| weight.is_sign_negative() && !weight.is_zero())
    {
        return Err(SharesRefused::Negative);
    }
    let whole = whole_weights(weights).ok_or(SharesRefused::TooLarge)?;
    let sum = whole
        .iter()
        .try_fold(0_i128, |sum, weight| sum.checked_add(*weight))
        .ok_or(SharesRefused::TooLarge)?;
    if sum == 0 {
        return Err(SharesRefused::NoWeight);
    }
    let total = i128::from(total.in_pence());
    let mut pence = Vec::with_capacity(whole.len());
    let mut fractions = Vec::with_capacity(whole.len());
    for (at, weight) in whole.iter().enumerate() {
        let claim = total.checked_mul(*weight).ok_or(SharesRefused::TooLarge)?;
        pence.push(claim / sum);
        fractions.push((claim % sum, at));
    }
    // The largest fraction first; of equal ones, the first of the list.
    fractions.sort_by(|(a, a_at), (b, b_at)| b.cmp(a).then(a_at.cmp(b_at)));
    // Fewer pence are left than there are fractions above nought, since the fractions add up to them.
    let left = usize::try_from(total - pence.iter().sum::<i128>()).map_err(|_| SharesRefused::TooLarge)?;
    for (_, at) in fractions.iter().take(left) {
        pence[*at] += 1;
    }
    pence
        .into_iter()
        .map(|pence| {
            i64::try_from(pence)
                .map(Money::pence)
                .map_err(|_| SharesRefused::TooLarge)
        })
        .collect()
}

/// The weights as whole numbers in proportion, or none when they do not fit.
fn whole_weights(weights: &[Decimal]) -> Option<Vec<i128>> {
    let normal: Vec<Decimal> = weights.iter().map(Decimal::normalize).collect();
    let places = normal.iter().map(Decimal::scale).max().unwrap_or(0);
    normal
        .iter()
        .map(|weight| {
            let by = 10_i128.checked_pow(places - weight.scale())?;
            weight.mantissa().checked_mul(by)
        })
        .collect()
}

#[cfg(test)]
mod tests;
