//! From a rule to its date.
//!
//! Invariant: one date for the same rule, return and nation; what a count steps over is told with it.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{Anchors, Base, DateRule, DayOfMonth, MonthOf, ResolveError, Side, Unit};
use crate::calendar::bank_holidays::BankHoliday;
use crate::calendar::{Nation, add_working_days, bank_holidays_between, is_known, is_working_day};

/// The date that the rule gives for a return with these dates, in this nation's working days.
///
/// # Errors
/// When the return lacks the date that the rule counts from, or the calendar ends before it.
pub fn resolve(rule: &DateRule, anchors: Anchors, nation: Nation) -> Result<NaiveDate, ResolveError> {
    let base = base(rule, anchors, nation)?.on;
    counted(base, rule, nation).ok_or(ResolveError::OutOfRange { rule: *rule })
}

/// What a rule came to, and on which way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// The date.
    pub on: NaiveDate,
    /// The bank holidays that were stepped over, in order.
    pub stepped_over: Vec<BankHoliday>,
    /// Whether working days were counted in a year whose single bank holidays are not listed.
    pub beyond_known: bool,
}

/// As [`resolve`], with the bank holidays that were stepped over.
///
/// # Errors
/// As [`resolve`].
pub fn trace(rule: &DateRule, anchors: Anchors, nation: Nation) -> Result<Traced, ResolveError> {
    let base = base(rule, anchors, nation)?;
    let on = counted(base.on, rule, nation).ok_or(ResolveError::OutOfRange { rule: *rule })?;
    let mut ways: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    ways.extend(base.back_from.map(|from| (base.on, from)));
    if rule.unit == Unit::WorkingDays && rule.by != 0 {
        // The day that is counted from is no part of the way, though it may be a holiday itself.
        let back = (rule.by < 0).then(|| base.on.pred_opt()).flatten();
        ways.push(back.map_or((base.on, on), |last| (on, last)));
    }
    let mut stepped_over: Vec<BankHoliday> = ways
        .iter()
        .flat_map(|(from, to)| bank_holidays_between(*from, *to, nation))
        .collect();
    stepped_over.sort_unstable();
    stepped_over.dedup();
    Ok(Traced {
        on,
        stepped_over,
        beyond_known: ways.iter().any(|(from, to)| !is_known(*from) || !is_known(*to)),
    })
}

/// The date that a rule begins with.
struct Begun {
    on: NaiveDate,
    /// The last day of the month, when the last working day was looked for from there.
    back_from: Option<NaiveDate>,
}

fn base(rule: &DateRule, anchors: Anchors, nation: Nation) -> Result<Begun, ResolveError> {
    let known = |anchor| anchors.get(anchor).ok_or(ResolveError::Missing { rule: *rule, anchor });
    let plain = |on| Begun { on, back_from: None };
    match rule.base {
        Base::On(on) => Ok(plain(on)),
        Base::Anchor(anchor) => known(anchor).map(plain),
        Base::Beside {
            day,
            month,
            side,
            anchor,
        } => beside(day, month, side, known(anchor)?, nation).ok_or(ResolveError::OutOfRange { rule: *rule }),
    }
}

/// The nearest such day on that side of the anchor. None at the ends of the calendar.
fn beside(day: DayOfMonth, month: MonthOf, side: Side, anchor: NaiveDate, nation: Nation) -> Option<Begun> {
    match month {
        MonthOf::Neighbour => {
            let first = anchor.with_day(1)?;
            let first = match side {
                Side::After => first.checked_add_months(Months::new(1)),
                Side::Before => first.checked_sub_months(Months::new(1)),
            };
            day_in(day, first?, nation)
        }
        MonthOf::Named(month) => {
            let year = anchor.year();
            let years = match side {
                Side::After => [year, year.checked_add(1)?],
                Side::Before => [year, year.checked_sub(1)?],
            };
            years
                .into_iter()
                .filter_map(|year| day_in(day, NaiveDate::from_ymd_opt(year, month, 1)?, nation))
                .find(|begun| match side {
                    Side::After => begun.on > anchor,
                    Side::Before => begun.on < anchor,
                })
        }
    }
}

/// The day in the month that begins on this date.
fn day_in(day: DayOfMonth, first: NaiveDate, nation: Nation) -> Option<Begun> {
    let last = || first.checked_add_months(Months::new(1))?.pred_opt();
    let plain = |on| Begun { on, back_from: None };
    match day {
        DayOfMonth::Numbered(number) => first.with_day(number).map(plain),
        DayOfMonth::Last => last().map(plain),
        DayOfMonth::LastWorking => {
            let last = last()?;
            let mut on = last;
            while !is_working_day(on, nation) && on > first {
                on = on.pred_opt()?;
            }
            Some(Begun {
                on,
                back_from: Some(last),
            })
        }
    }
}

fn counted(from: NaiveDate, rule: &DateRule, nation: Nation) -> Option<NaiveDate> {
    let days = |days: u64| {
        if rule.by < 0 {
            from.checked_sub_days(Days::new(days))
        } else {
            from.checked_add_days(Days::new(days))
        }
    };
    let by = u64::from(rule.by.unsigned_abs());
    match rule.unit {
        Unit::Days => days(by),
        Unit::Weeks => days(by * 7),
        Unit::WorkingDays => add_working_days(from, rule.by, nation),
    }
}
