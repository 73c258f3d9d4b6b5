//! The signed figures of one measure, as few as its rules allow.
//!
//! Invariant: adding these up by the measure's rules comes to what all of its signed figures come to.

use countersign_domain::answers::types::FigureValue;
use countersign_domain::form::schema::AddUp;
use countersign_domain::ids::{AllocationId, FundId, GrantId, OrganisationId};
use countersign_domain::measure::{Rules, Signed, Sum, add_up};
use countersign_domain::period::Period;

use super::super::super::ServiceError;
use crate::store::Connection;
use crate::store::figures::{self, FigureRow, SumRow};

/// A signed figure, or what several come to.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub(super) grant: GrantId,
    pub(super) allocation: Option<AllocationId>,
    pub(super) provider: OrganisationId,
    pub(super) row: Option<String>,
    pub(super) period: Period,
    /// None for a sum that is more than can be counted.
    pub(super) value: Option<FigureValue>,
    pub(super) approximately: bool,
    /// Whether a figure beneath it is not known yet, or was left blank.
    pub(super) lacks: bool,
}

/// Of which measure, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured<'a> {
    pub(super) fund: FundId,
    pub(super) form: &'a str,
    pub(super) measure: &'a str,
    pub(super) window: Period,
}

/// The figures of a measure that adds up by these rules. With `rows` those of each row of a table are kept apart.
pub(super) async fn given(
    conn: &impl Connection,
    of: Measured<'_>,
    rules: Rules,
    rows: bool,
) -> Result<Vec<Given>, ServiceError> {
    let measures = [of.measure];
    Ok(match (rules.over_time, rules.over_providers) {
        (Some(AddUp::Sum), Some(AddUp::Sum)) if !rows => {
            let sums = figures::sums(conn, of.fund, of.form, &measures, of.window).await?;
            sums.into_iter().map(|row| of_sum(row, of.window)).collect()
        }
        (Some(AddUp::Last), _) => {
            let latest = figures::latest(conn, of.fund, of.form, &measures, of.window).await?;
            latest.into_iter().map(of_row).collect()
        }
        _ => {
            let all = figures::measured(conn, of.fund, of.form, of.measure, of.window).await?;
            all.into_iter().map(of_row).collect()
        }
    })
}

/// Added up over time already, so that it is of the whole window.
fn of_sum(row: SumRow, window: Period) -> Given {
    Given {
        grant: row.grant,
        allocation: row.allocation,
        provider: row.provider,
        row: None,
        period: window,
        value: row.sum.value,
        approximately: row.sum.approximately,
        lacks: row.sum.not_known + row.sum.blank > 0,
    }
}

fn of_row(row: FigureRow) -> Given {
    Given {
        lacks: matches!(row.figure.value, FigureValue::NotKnown | FigureValue::Blank),
        grant: row.grant,
        allocation: row.allocation,
        provider: row.provider,
        row: row.figure.row,
        period: row.period,
        value: Some(row.figure.value),
        approximately: row.figure.approximately,
    }
}

/// What figures of one measure come to by its rules; no value when they are listed or cannot be counted.
pub(super) fn together<'g>(given: impl IntoIterator<Item = &'g Given>, rules: Rules) -> Sum {
    let given: Vec<&Given> = given.into_iter().collect();
    let keys: Vec<(String, Option<String>)> = given
        .iter()
        .map(|one| {
            (
                format!("{}/{}", one.grant, one.provider),
                one.allocation.map(|id| id.to_string()),
            )
        })
        .collect();
    let countable = given.iter().all(|one| one.value.is_some());
    let signed: Vec<Signed<'_>> = given
        .iter()
        .zip(&keys)
        .filter_map(|(one, (provider, allocation))| {
            Some(Signed {
                provider,
                subject: (allocation.as_deref(), one.row.as_deref()),
                period: one.period,
                value: one.value?,
                approximately: one.approximately,
            })
        })
        .collect();
    let sum = add_up(&signed, rules);
    Sum {
        value: sum.value.filter(|_| countable),
        ..sum
    }
}
